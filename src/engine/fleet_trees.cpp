#include "engine/fleet_trees.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "formats/remote_url.hpp"

namespace trueup::engine {
namespace {

constexpr std::size_t kMaxTrees = 100;

std::optional<std::string> default_branch_of(const FleetRepository& repository) {
  return repository.default_branch ? repository.default_branch : repository.source->facts().default_branch;
}

/// "refs/heads/main" as "main".
std::string short_name_of(std::string_view revision) {
  constexpr std::string_view kHeads = "refs/heads/";
  if (revision.starts_with(kHeads)) revision.remove_prefix(kHeads.size());
  return std::string(revision);
}

}  // namespace

void FleetTrees::stand_in(const std::string& slug, RepositorySource& source, std::shared_ptr<const RepositorySnapshot> snapshot, const Point& point) {
  own_ = {slug, &source, std::move(snapshot), {}, {}, false};
  own_branch_ = point.kind == PointKind::branch ? point.name : "";
}

void FleetTrees::list(Tree& tree) {
  if (tree.listed) return;
  tree.listed = true;
  tree.snapshot->for_each_path([&](std::string_view path) { tree.paths.emplace_back(path); });
  std::ranges::sort(tree.paths);
  for (SnapshotFile& file : tree.snapshot->files()) tree.files.emplace(file.path, file);
}

Result<FleetTrees::Tree> FleetTrees::open(const FleetRepository& repository, const std::string& revision) const {
  RepositorySource& source = *repository.source;
  std::optional<Point> point;
  const std::string wanted = revision.empty() ? default_branch_of(repository).value_or("") : revision;
  // What holds a wildcard would be taken for a pattern, and no ref has one in its name.
  if (!wanted.empty() && wanted.find_first_of("*?[\\") == wanted.npos && !withheld_.heads.contains({repository.slug, wanted})) {
    for (const std::string& name : {"refs/heads/" + wanted, "refs/tags/" + wanted, wanted}) {
      auto points = source.resolve(name);
      if (!points || points->empty()) continue;
      point = points->front();
      break;
    }
  }
  if (!point && revision.empty())
    if (auto present = source.present()) point = *present;
  if (!point) return Error{Fault::not_found, repository.slug + " has no " + wanted};
  auto snapshot = source.snapshot(*point);
  if (!snapshot) return std::move(snapshot).error();
  return Tree{repository.slug, &source, *std::move(snapshot), {}, {}, false};
}

Result<FleetTrees::Tree*> FleetTrees::tree(std::string_view repo_url, std::string_view revision) {
  const auto address = formats::parse_remote_url(repo_url);
  if (!address) return Error{Fault::not_found, "its git generator names no repository on a host"};
  const auto named = [&](const FleetRepository& repository) { return equal_ignoring_ascii_case(repository.slug, address->slug); };
  const auto known = std::ranges::find_if(repositories_, named);
  if (known == repositories_.end() || known->source == nullptr) return Error{Fault::not_found, address->slug + " is not loaded"};
  std::string branch = short_name_of(revision);
  if (branch == "HEAD" || (!branch.empty() && branch == default_branch_of(*known))) branch.clear();
  if (known->slug == own_.slug && (branch.empty() || branch == own_branch_)) {
    list(own_);
    return &own_;
  }
  const auto key = std::pair(known->slug, branch);
  auto other = others_.find(key);
  if (other == others_.end()) {
    if (others_.size() >= kMaxTrees) return Error{Fault::over_limit, "its git generator looks into more trees than trueup opens"};
    auto opened = open(*known, branch);
    if (!opened) return std::move(opened).error();
    other = others_.emplace(key, *std::move(opened)).first;
  }
  list(other->second);
  return &other->second;
}

Result<const std::vector<std::string>*> FleetTrees::paths(std::string_view repo_url, std::string_view revision) {
  auto found = tree(repo_url, revision);
  if (!found) return std::move(found).error();
  return &(*found)->paths;
}

Result<std::string> FleetTrees::read(std::string_view repo_url, std::string_view revision, const std::string& path) {
  auto found = tree(repo_url, revision);
  if (!found) return std::move(found).error();
  const auto file = (*found)->files.find(path);
  if (file == (*found)->files.end()) return Error{Fault::not_found, "a file of a kind that is not read"};
  if (withheld_.unreadable.contains({(*found)->slug, path})) return Error{Fault::malformed, "withheld"};
  return (*found)->source->read(file->second);
}

}  // namespace trueup::engine
