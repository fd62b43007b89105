// Which commits between two change what stands below some folders.

#include <fmt/format.h>

#include <map>
#include <unordered_map>
#include <unordered_set>

#include "git/shared.hpp"
#include "git/source.hpp"

namespace trueup::git {
namespace {

/// Commits that are looked at, and folders that are read for it.
constexpr std::size_t kMostCommits = 20'000, kMostTrees = 200'000;

/// Files by path, with what stands there.
using Listing = std::map<std::string, std::string>;

class Comparer {
 public:
  Comparer(git_repository* repository, const std::vector<std::string>& in, const std::vector<std::string>& out,
           const std::function<bool(std::string_view path)>& counts)
      : repository_(repository), in_(in), out_(out.begin(), out.end()), counts_(counts) {}

  bool exhausted() const { return trees_read_ > kMostTrees; }

  /// Whether both trees hold the same below the folders. Nothing: an object is lacking.
  std::optional<bool> same(const git_oid& before, const git_oid& after) {
    for (const std::string& folder : in_) {
      const auto a = find(before, folder), b = find(after, folder);
      if (!a || !b) return std::nullopt;
      if (a->is_zero() && b->is_zero()) continue;
      if (*a == *b) continue;
      const Listing* const left = listing(*a, folder);
      const Listing* const right = listing(*b, folder);
      if (left == nullptr || right == nullptr) return std::nullopt;
      if (*left != *right) return false;
    }
    return true;
  }

  /// The first path that differs.
  std::string first_difference(const git_oid& before, const git_oid& after) {
    for (const std::string& folder : in_) {
      const auto a = find(before, folder), b = find(after, folder);
      const Listing* const left = a ? listing(*a, folder) : nullptr;
      const Listing* const right = b ? listing(*b, folder) : nullptr;
      if (left == nullptr || right == nullptr) continue;
      for (const auto& [path, id] : *right)
        if (const auto other = left->find(path); other == left->end() || other->second != id) return path;
      for (const auto& [path, id] : *left)
        if (!right->contains(path)) return path;
    }
    return "";
  }

 private:
  /// The tree of a folder; zero where there is none. Nothing: an object is lacking.
  std::optional<TreeId> find(const git_oid& tree_id, const std::string& folder) {
    if (folder.empty()) return to_id<TreeId>(tree_id);
    git_tree* raw = nullptr;
    if (git_tree_lookup(&raw, repository_, &tree_id) < 0) return std::nullopt;
    const TreeHandle tree(raw);
    git_tree_entry* raw_entry = nullptr;
    const int code = git_tree_entry_bypath(&raw_entry, tree.get(), folder.c_str());
    if (code == GIT_ENOTFOUND) return TreeId{};
    if (code < 0) return std::nullopt;
    const std::unique_ptr<git_tree_entry, FreeWith<git_tree_entry_free>> entry(raw_entry);
    return git_tree_entry_filemode(entry.get()) == GIT_FILEMODE_TREE ? to_id<TreeId>(*git_tree_entry_id(entry.get())) : TreeId{};
  }

  /// Null: an object is lacking, or there are too many.
  const Listing* listing(const TreeId& tree, const std::string& folder) {
    const auto [place, fresh] = listings_.try_emplace(tree.hex() + ' ' + folder);
    if (fresh && !tree.is_zero() && !list(to_oid(tree), folder, place->second, 0)) broken_.insert(place->first);
    return broken_.contains(place->first) ? nullptr : &place->second;
  }

  bool list(const git_oid& id, const std::string& folder, Listing& listing, int depth) {
    constexpr int kDeepest = 64;
    git_tree* raw = nullptr;
    if (depth > kDeepest || ++trees_read_ > kMostTrees || git_tree_lookup(&raw, repository_, &id) < 0) return false;
    const TreeHandle tree(raw);
    for (std::size_t i = 0; i < git_tree_entrycount(tree.get()); ++i) {
      const git_tree_entry* const entry = git_tree_entry_byindex(tree.get(), i);
      const std::string path = (folder.empty() ? "" : folder + "/") + git_tree_entry_name(entry);
      if (git_tree_entry_filemode(entry) == GIT_FILEMODE_TREE) {
        if (!folder.empty() && !out_.contains(path) && !this->list(*git_tree_entry_id(entry), path, listing, depth + 1)) return false;
      } else if (counts_(path)) {
        listing.emplace(path, to_id<BlobId>(*git_tree_entry_id(entry)).hex());
      }
    }
    return true;
  }

  git_repository* const repository_;
  const std::vector<std::string>& in_;
  const std::unordered_set<std::string> out_;
  const std::function<bool(std::string_view path)>& counts_;
  std::unordered_map<std::string, Listing> listings_;
  std::unordered_set<std::string> broken_;
  std::size_t trees_read_ = 0;
};

/// A commit with its time, its tree and those of its parents.
struct Step {
  std::int64_t time = 0;
  git_oid tree{};
  std::vector<git_oid> parents;  ///< commits
};

std::optional<Step> look_up(git_repository* repository, const git_oid& id) {
  git_commit* raw = nullptr;
  if (git_commit_lookup(&raw, repository, &id) < 0) return std::nullopt;
  const CommitHandle commit(raw);
  Step step;
  step.time = git_commit_time(commit.get());
  git_oid_cpy(&step.tree, git_commit_tree_id(commit.get()));
  for (unsigned i = 0; i < git_commit_parentcount(commit.get()); ++i) step.parents.push_back(*git_commit_parent_id(commit.get(), i));
  return step;
}

}  // namespace

Result<Changes> Source::changes(const CommitId& from, const CommitId& to, const std::vector<std::string>& in, const std::vector<std::string>& out,
                                const std::function<bool(std::string_view path)>& counts) const {
  auto lease = shared_->borrow();
  if (!lease) return std::move(lease).error();
  git_repository* const repository = lease->get();
  const auto lacking = [](const CommitId& commit) {
    return Error{Fault::not_found, fmt::format("commit {} or what it holds is not in this clone (shallow, partial, or force-pushed); {}", commit.short_hex(), kCompleteHistory)};
  };
  const git_oid from_oid = to_oid(from), to_oid_ = to_oid(to);
  const auto first = look_up(repository, from_oid), last = look_up(repository, to_oid_);
  if (!first) return lacking(from);
  if (!last) return lacking(to);
  Changes result;
  Comparer comparer(repository, in, out, counts);
  const auto equal = comparer.same(first->tree, last->tree);
  if (!equal) return lacking(to);
  if (*equal) return result;
  result.path = comparer.first_difference(first->tree, last->tree);
  if (git_repository_is_shallow(repository) != 0)
    return Error{Fault::not_found, fmt::format("the history of this clone is cut off (shallow); {}", kCompleteHistory)};

  git_revwalk* raw = nullptr;
  if (const int code = git_revwalk_new(&raw, repository); code < 0) return libgit2_error(code, "walk");
  const std::unique_ptr<git_revwalk, FreeWith<git_revwalk_free>> walk(raw);
  if (git_revwalk_push(raw, &to_oid_) < 0 || git_revwalk_hide(raw, &from_oid) < 0) return lacking(to);
  std::size_t seen = 0;
  for (git_oid at; git_revwalk_next(&at, raw) == 0;) {
    if (++seen > kMostCommits) return Error{Fault::over_limit, fmt::format("more than {} commits lie between them", kMostCommits)};
    const auto step = look_up(repository, at);
    if (!step) return lacking(to_id<CommitId>(at));
    bool changed = true;  // a merge changes what none of its parents has
    for (const git_oid& parent : step->parents) {
      const auto before = look_up(repository, parent);
      const auto same = before ? comparer.same(before->tree, step->tree) : std::nullopt;
      if (!same) return comparer.exhausted() ? Error{Fault::over_limit, "too many folders lie between them"} : lacking(to_id<CommitId>(at));
      changed = changed && !*same;
    }
    if (!changed) continue;
    ++result.commits;
    if (result.oldest && step->time >= result.oldest_at) continue;
    result.oldest = to_id<CommitId>(at);
    result.oldest_at = step->time;
  }
  return result;
}

}  // namespace trueup::git
