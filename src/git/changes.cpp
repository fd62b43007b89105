// Which commits between two change what stands below some folders.
//
// Many folders are asked for at once, each with a commit of its own: two thousand roots and a thousand commits make two million pairs. So
// each commit is compared with its parents once, in all folders that anybody asks for, and what differs is kept as paths, in which a
// question finds its own.

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "git/shared.hpp"
#include "git/source.hpp"

namespace trueup::git {
namespace {

/// Commits between two.
constexpr std::size_t kMostCommits = 20'000;
/// Entries of trees that are read, of which a tree has kLeastEntries at least, and paths that are kept.
constexpr std::size_t kMostEntries = 100'000'000, kLeastEntries = 32, kMostPaths = 1'000'000;
/// Trees that are kept, since the next comparison is likely one with them.
constexpr std::size_t kKeptTrees = 256;
constexpr int kDeepest = 64;

using Counts = std::function<bool(std::string_view path)>;

/// The folders that a comparison goes into.
class Folders {
 public:
  explicit Folders(std::span<const ChangesWanted> wanted) {
    for (const ChangesWanted& one : wanted)
      for (const std::string& folder : one.in)
        if (folders_.insert(folder).second)
          for (std::size_t slash = folder.find('/'); slash != folder.npos; slash = folder.find('/', slash + 1)) ways_.insert(folder.substr(0, slash));
  }
  bool contain(const std::string& folder) const { return folders_.contains(folder); }
  bool lead_through(const std::string& folder) const { return ways_.contains(folder); }

 private:
  std::unordered_set<std::string> folders_, ways_;
};

/// A path that differs between two trees.
struct Difference {
  std::string path;
  bool removed = false;
};

/// Compares trees of one repository.
class TreeComparer {
 public:
  TreeComparer(git_repository* repository, const Folders& folders, const Counts& counts) : repository_(repository), folders_(folders), counts_(counts) {}

  bool exhausted() const { return exhausted_; }

  /// The tree of a folder; zero where there is none. Nothing: an object is lacking.
  std::optional<TreeId> find(TreeId tree, std::string_view folder) {
    while (!folder.empty() && !tree.is_zero()) {
      const git_tree* const here = look_up(tree);
      if (here == nullptr) return std::nullopt;
      const std::string name(folder.substr(0, folder.find('/')));
      folder.remove_prefix(std::min(folder.size(), name.size() + 1));
      const git_tree_entry* const entry = git_tree_entry_byname(here, name.c_str());
      const bool is_tree = entry != nullptr && git_tree_entry_filemode(entry) == GIT_FILEMODE_TREE;
      tree = is_tree ? to_id<TreeId>(*git_tree_entry_id(entry)) : TreeId{};
    }
    return tree;
  }

  /// How far a comparison of a folder goes.
  enum class Reach : std::uint8_t {
    itself,  ///< files that stand in it
    below,   ///< all files below it
    wanted,  ///< those of the folders that are asked for
  };
  /// The files of a folder that differ. Either tree may be zero: nothing is there. False: an object is lacking, or there is too much.
  bool compare(const TreeId& before, const TreeId& after, const std::string& folder, Reach reach, std::vector<Difference>& differences, int depth = 0) {
    if (before == after) return true;
    if (depth > kDeepest) exhausted_ = true;
    // Held, since those that are kept may be forgotten further down.
    const TreeHandle left = hold(before), right = hold(after);
    if (exhausted_ || (!left && !before.is_zero()) || (!right && !after.is_zero())) return false;
    const std::size_t left_count = left ? git_tree_entrycount(left.get()) : 0, right_count = right ? git_tree_entrycount(right.get()) : 0;
    for (std::size_t i = 0, j = 0; i < left_count || j < right_count;) {
      const git_tree_entry* old_entry = i < left_count ? git_tree_entry_byindex(left.get(), i) : nullptr;
      const git_tree_entry* new_entry = j < right_count ? git_tree_entry_byindex(right.get(), j) : nullptr;
      const int order = old_entry == nullptr ? 1 : new_entry == nullptr ? -1 : git_tree_entry_cmp(old_entry, new_entry);
      if (order > 0) old_entry = nullptr;
      if (order < 0) new_entry = nullptr;
      i += old_entry != nullptr ? 1 : 0;
      j += new_entry != nullptr ? 1 : 0;
      if (order == 0 && git_oid_equal(git_tree_entry_id(old_entry), git_tree_entry_id(new_entry)) != 0) continue;
      if (!compare_entries(old_entry, new_entry, folder, reach, differences, depth)) return false;
    }
    return true;
  }

 private:
  /// Two of one name and kind; one of both may be null.
  bool compare_entries(const git_tree_entry* before, const git_tree_entry* after, const std::string& folder, Reach reach,
                       std::vector<Difference>& differences, int depth) {
    const git_tree_entry* const either = after != nullptr ? after : before;
    const std::string path = (folder.empty() ? "" : folder + "/") + git_tree_entry_name(either);
    if (git_tree_entry_filemode(either) != GIT_FILEMODE_TREE) {
      if ((reach != Reach::wanted || folders_.contain(folder)) && counts_(path)) differences.push_back({path, after == nullptr});
      if (differences.size() > kMostPaths) exhausted_ = true;
      return !exhausted_;
    }
    if (reach == Reach::itself) return true;
    if (reach == Reach::wanted && folders_.contain(path)) reach = Reach::below;
    if (reach == Reach::wanted && !folders_.lead_through(path)) return true;
    const auto id = [](const git_tree_entry* entry) { return entry == nullptr ? TreeId{} : to_id<TreeId>(*git_tree_entry_id(entry)); };
    return compare(id(before), id(after), path, reach, differences, depth + 1);
  }

  TreeHandle hold(const TreeId& id) {
    git_tree* copy = nullptr;
    if (git_tree* const tree = id.is_zero() ? nullptr : look_up(id)) git_tree_dup(&copy, tree);
    return TreeHandle(copy);
  }

  /// Null where it is lacking.
  git_tree* look_up(const TreeId& id) {
    if (const auto kept = kept_.find(id); kept != kept_.end()) return kept->second.get();
    git_tree* raw = nullptr;
    const git_oid oid = to_oid(id);
    if (git_tree_lookup(&raw, repository_, &oid) < 0) return nullptr;
    entries_read_ += std::max(kLeastEntries, git_tree_entrycount(raw));
    if (entries_read_ > kMostEntries) exhausted_ = true;
    if (kept_.size() >= kKeptTrees) kept_.clear();
    kept_.emplace(id, raw);
    return raw;
  }

  git_repository* const repository_;
  const Folders& folders_;
  const Counts& counts_;
  std::unordered_map<TreeId, TreeHandle> kept_;
  std::size_t entries_read_ = 0;
  bool exhausted_ = false;
};

/// A commit with its time, its tree, and its parents with the paths that differ from them.
struct Step {
  std::int64_t time = 0;
  TreeId tree;
  std::vector<CommitId> parents;
  std::vector<std::vector<std::string>> touched;  ///< sorted; of each parent, once they are compared
};

/// The files that a question is about.
class Choice {
 public:
  explicit Choice(const ChangesWanted& wanted) : in_(wanted.in), out_(wanted.out.begin(), wanted.out.end()) {}

  bool has(std::string_view path, const std::string& folder) const {
    if (folder.empty()) return path.find('/') == path.npos;
    if (path.size() <= folder.size() || !path.starts_with(folder) || path[folder.size()] != '/') return false;
    for (std::size_t slash = path.find('/', folder.size() + 1); slash != path.npos && !out_.empty(); slash = path.find('/', slash + 1))
      if (out_.contains(std::string(path.substr(0, slash)))) return false;
    return true;
  }

  /// Whether any of these is one, which are sorted.
  bool has_any(const std::vector<std::string>& paths) const {
    if (paths.empty()) return false;
    return std::any_of(in_.begin(), in_.end(), [&](const std::string& folder) {
      auto path = folder.empty() ? paths.begin() : std::lower_bound(paths.begin(), paths.end(), folder + '/');
      for (; path != paths.end() && (folder.empty() || path->starts_with(folder)); ++path)
        if (has(*path, folder)) return true;
      return false;
    });
  }

 private:
  const std::vector<std::string>& in_;
  const std::unordered_set<std::string> out_;
};

/// Answers questions about one repository; quick where those of the same commits stand together.
class ChangeReader {
 public:
  ChangeReader(git_repository* repository, std::span<const ChangesWanted> wanted, const Counts& counts)
      : repository_(repository), folders_(wanted), comparer_(repository, folders_, counts) {}

  Result<Changes> answer(const ChangesWanted& wanted) {
    const Step* const first = step(wanted.from);
    const Step* const last = step(wanted.to);
    if (first == nullptr) return lacking(wanted.from);
    if (last == nullptr) return lacking(wanted.to);
    const Choice choice(wanted);
    const auto path = first_difference(*first, *last, wanted, choice);
    if (!path) return failed(wanted.to);
    Changes result;
    if (path->empty()) return result;
    result.path = *path;
    if (git_repository_is_shallow(repository_) != 0)
      return Error{Fault::not_found, fmt::format("the history of this clone is cut off (shallow); {}", kCompleteHistory)};
    if (range_of_ != std::pair(wanted.from, wanted.to)) {
      range_of_ = {wanted.from, wanted.to};
      range_fault_ = read_range(wanted.from, wanted.to);
    }
    if (range_fault_) return *range_fault_;
    for (const CommitId& id : range_) {
      const Step* const here = compared_step(id);
      if (here == nullptr) return failed(id);
      // A merge changes what none of its parents has.
      if (!std::all_of(here->touched.begin(), here->touched.end(), [&](const auto& paths) { return choice.has_any(paths); })) continue;
      ++result.commits;
      if (result.oldest && here->time >= result.oldest_at) continue;
      result.oldest = id;
      result.oldest_at = here->time;
    }
    return result;
  }

 private:
  static Error lacking(const CommitId& commit) {
    return {Fault::not_found, fmt::format("commit {} or what it holds is not in this clone (shallow, partial, or force-pushed); {}", commit.short_hex(), kCompleteHistory)};
  }
  Error failed(const CommitId& commit) const {
    return comparer_.exhausted() || paths_kept_ > kMostPaths ? Error{Fault::over_limit, "too many folders lie between them"} : lacking(commit);
  }

  /// Null: the clone lacks it.
  Step* step(const CommitId& id) {
    if (const auto known = steps_.find(id); known != steps_.end()) return &known->second;
    git_commit* raw = nullptr;
    const git_oid oid = to_oid(id);
    if (git_commit_lookup(&raw, repository_, &oid) < 0) return nullptr;
    const CommitHandle commit(raw);
    Step& step = steps_[id];
    step.time = git_commit_time(commit.get());
    step.tree = to_id<TreeId>(*git_commit_tree_id(commit.get()));
    for (unsigned i = 0; i < git_commit_parentcount(commit.get()); ++i) step.parents.push_back(to_id<CommitId>(*git_commit_parent_id(commit.get(), i)));
    return &step;
  }

  /// The same with what it touched. Null: something is lacking, or there is too much.
  const Step* compared_step(const CommitId& id) {
    Step* const here = step(id);
    if (here == nullptr) return nullptr;
    while (here->touched.size() < here->parents.size()) {
      const Step* const parent = step(here->parents[here->touched.size()]);
      std::vector<Difference> differences;
      if (parent == nullptr || !comparer_.compare(parent->tree, here->tree, "", TreeComparer::Reach::wanted, differences)) return nullptr;
      if ((paths_kept_ += differences.size()) > kMostPaths) return nullptr;
      auto& paths = here->touched.emplace_back();
      for (Difference& difference : differences) paths.push_back(std::move(difference.path));
      std::sort(paths.begin(), paths.end());
    }
    return here;
  }

  /// The first path that is new or other in the end, else one that is gone; empty where nothing differs.
  std::optional<std::string> first_difference(const Step& first, const Step& last, const ChangesWanted& wanted, const Choice& choice) {
    for (const std::string& folder : wanted.in) {
      const auto before = comparer_.find(first.tree, folder), after = comparer_.find(last.tree, folder);
      std::vector<Difference> differences;
      const auto reach = folder.empty() ? TreeComparer::Reach::itself : TreeComparer::Reach::below;
      if (!before || !after || !comparer_.compare(*before, *after, folder, reach, differences)) return std::nullopt;
      std::erase_if(differences, [&](const Difference& one) { return !choice.has(one.path, folder); });
      if (differences.empty()) continue;
      return std::min_element(differences.begin(), differences.end(), [](const Difference& a, const Difference& b) {
               return std::pair(a.removed, std::string_view(a.path)) < std::pair(b.removed, std::string_view(b.path));
             })->path;
    }
    return "";
  }

  std::optional<Error> read_range(const CommitId& from, const CommitId& to) {
    range_.clear();
    if (walk_) {
      git_revwalk_reset(walk_.get());  // which forgets no commit that it has read
    } else {
      git_revwalk* raw = nullptr;
      if (const int code = git_revwalk_new(&raw, repository_); code < 0) return libgit2_error(code, "walk");
      walk_.reset(raw);
    }
    const git_oid from_oid = to_oid(from), last_oid = to_oid(to);
    if (git_revwalk_push(walk_.get(), &last_oid) < 0 || git_revwalk_hide(walk_.get(), &from_oid) < 0) return lacking(to);
    for (git_oid at; git_revwalk_next(&at, walk_.get()) == 0;) {
      if (range_.size() == kMostCommits) return Error{Fault::over_limit, fmt::format("more than {} commits lie between them", kMostCommits)};
      range_.push_back(to_id<CommitId>(at));
    }
    return std::nullopt;
  }

  git_repository* const repository_;
  const Folders folders_;
  TreeComparer comparer_;
  std::unordered_map<CommitId, Step> steps_;
  std::size_t paths_kept_ = 0;
  std::unique_ptr<git_revwalk, FreeWith<git_revwalk_free>> walk_;
  std::pair<CommitId, CommitId> range_of_;
  std::vector<CommitId> range_;
  std::optional<Error> range_fault_;
};

}  // namespace

std::vector<Result<Changes>> Source::changes(std::span<const ChangesWanted> wanted, const Counts& counts) const {
  std::vector<Result<Changes>> answers;
  auto lease = shared_->borrow();
  if (!lease) {
    const Error error = std::move(lease).error();
    for (std::size_t i = 0; i < wanted.size(); ++i) answers.emplace_back(error);
    return answers;
  }
  ChangeReader reader(lease->get(), wanted, counts);
  for (const ChangesWanted& one : wanted) answers.push_back(reader.answer(one));
  return answers;
}

}  // namespace trueup::git
