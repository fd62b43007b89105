#include "facts/file_groups.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "facts/statement.hpp"
#include "formats/path_join.hpp"

namespace trueup::facts {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

/// Numbers that are found to be the same, by union and find.
class Unions {
 public:
  explicit Unions(std::size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }
  std::size_t find(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void join(std::size_t a, std::size_t b) { parent_[find(b)] = find(a); }

 private:
  std::vector<std::size_t> parent_;
};

/// The number of the topmost of the folders that a path lies in.
std::size_t topmost_folder(const std::map<std::string, std::size_t, std::less<>>& folders, std::string_view path) {
  if (const auto root = folders.find(std::string_view{}); root != folders.end()) return root->second;
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', slash + 1))
    if (const auto folder = folders.find(path.substr(0, slash)); folder != folders.end()) return folder->second;
  return kNone;
}

}  // namespace

ChartFolders::ChartFolders(Store& store) : store_(store) {
  if (!store.has_rows("blob_chart_dependency")) return;
  Statement links(store.database(), "SELECT blob, substr(repository_url, 8) FROM blob_chart_dependency WHERE repository_url GLOB 'file://*'");
  while (links.row()) links_[links.number(0)].push_back(links.text(1));
}

const std::vector<std::uint32_t>& ChartFolders::of(FileSetId set) {
  const std::lock_guard lock(guard_);
  const auto [known, added] = known_.try_emplace(set);
  if (added) known->second = find(set);
  return known->second;
}

std::vector<std::uint32_t> ChartFolders::find(FileSetId set) const {
  std::vector<std::uint32_t> result;
  std::map<std::string, std::size_t, std::less<>> folders;
  const auto [first, last] = store_.files_of(set);
  for (FileId file = first; file < last; ++file)
    if (store_.file(file).kind == "chart") folders.try_emplace(std::string(formats::folder_of(store_.file(file).path)), folders.size());
  std::vector<std::size_t> folder_of(static_cast<std::size_t>(last - first));
  for (FileId file = first; file < last; ++file) folder_of[static_cast<std::size_t>(file - first)] = topmost_folder(folders, store_.file(file).path);
  Unions unions(folders.size());
  for (FileId file = first; file < last; ++file) {
    const auto links = links_.find(store_.file(file).blob);
    const std::size_t own = folder_of[static_cast<std::size_t>(file - first)];
    if (links == links_.end() || own == kNone) continue;
    for (const std::string& link : links->second) {
      const auto target = formats::join_path(formats::folder_of(store_.file(file).path), link);
      const std::size_t other = target ? topmost_folder(folders, *target + "/") : kNone;
      if (other != kNone) unions.join(own, other);
    }
  }
  for (const std::size_t folder : folder_of) result.push_back(folder == kNone ? 0 : 1 + static_cast<std::uint32_t>(unions.find(folder)));
  return result;
}

FileGroups::FileGroups(const Store& store, ChartFolders& charts, Sight sight) : store_(store), charts_(charts), sight_(std::move(sight)) {}

std::vector<FileId> FileGroups::in_sight(FileSetId set) const {
  const auto [first, last] = store_.files_of(set);
  std::vector<FileId> files;
  files.reserve(static_cast<std::size_t>(last - first));
  for (FileId file = first; file < last; ++file)
    if (sight_.sees(store_.file(file).kind)) files.push_back(file);
  return files;
}

std::vector<std::size_t> FileGroups::sort_by_chart(FileSetId set, std::vector<FileId>& files) {
  if (!sight_.within_chart) return {files.size()};
  const std::vector<std::uint32_t>& chart_of = charts_.of(set);
  const FileId first = store_.files_of(set).first;
  const auto chart = [&](FileId file) { return chart_of[static_cast<std::size_t>(file - first)]; };
  std::stable_sort(files.begin(), files.end(), [&](FileId a, FileId b) { return chart(a) < chart(b); });
  std::vector<std::size_t> sizes{0};
  std::uint32_t last = 0;
  for (const FileId file : files) {
    if (chart(file) != last) sizes.push_back(0);
    last = chart(file);
    ++sizes.back();
  }
  return sizes;
}

std::uint64_t FileGroups::hash_of(Part part) const {
  std::uint64_t hash = part.size();
  for (const FileId id : part) {
    const Store::File& file = store_.file(id);
    const auto content = sight_.reads(file.kind) ? static_cast<std::uint64_t>(file.blob) : 0;
    hash = (hash ^ std::hash<std::string_view>{}(file.path) ^ content) * 0x9E3779B97F4A7C15ull;
    hash ^= hash >> 29;
  }
  return hash;
}

bool FileGroups::same(Part left, Part right) const {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [&](FileId a, FileId b) {
    const Store::File& one = store_.file(a);
    const Store::File& other = store_.file(b);
    return one.kind == other.kind && (one.blob == other.blob || !sight_.reads(one.kind)) && one.path == other.path;
  });
}

std::pair<std::size_t, bool> FileGroups::find_or_add(Part part, std::size_t beside) {
  const std::uint64_t hash = hash_of(part) ^ beside;
  const auto [begin, end] = by_hash_.equal_range(hash);
  for (auto known = begin; known != end; ++known) {
    const Group& group = groups_[known->second];
    if (group.beside == beside && same(group.files, part)) return {known->second, false};
  }
  by_hash_.emplace(hash, groups_.size());
  groups_.push_back({{part.begin(), part.end()}, beside, {}});
  return {groups_.size() - 1, true};
}

void FileGroups::add(FileSetId set) {
  std::vector<FileId> files = in_sight(set);
  const std::vector<std::size_t> sizes = sort_by_chart(set, files);
  const Part outside_charts(files.data(), sizes.front());
  // Repositories are never mixed: to a verdict it matters whose file it is.
  const auto whose = static_cast<std::size_t>(store_.repository_of(set));
  const auto [outside, outside_is_new] = find_or_add(outside_charts, kNone - whose);
  groups_[outside].holders.push_back(set);
  outside_of_[set] = outside;
  std::vector<std::pair<FileId, std::size_t>> judged;
  std::size_t at = sizes.front();
  for (std::size_t i = 1; i < sizes.size(); at += sizes[i++]) {
    const Part part(files.data() + at, sizes[i]);
    const auto [group, is_new] = find_or_add(part, outside);
    groups_[group].holders.push_back(set);
    if (is_new)
      for (const FileId file : part) judged.emplace_back(file, group);
  }
  if (!outside_is_new && judged.empty()) return;
  sets_.push_back(set);
  for (const FileId file : outside_charts) judged.emplace_back(file, outside);
  const std::size_t before = files_.size();
  for (const auto& [file, group] : judged) {
    group_of_.emplace(file, group);
    files_.push_back(file);
  }
  std::sort(files_.begin() + static_cast<std::ptrdiff_t>(before), files_.end());
}

std::span<const FileSetId> FileGroups::holders(FileId file) const {
  const auto group = group_of_.find(file);
  return group == group_of_.end() ? std::span<const FileSetId>{} : std::span<const FileSetId>(groups_[group->second].holders);
}

}  // namespace trueup::facts
