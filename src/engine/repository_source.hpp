#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "facts/file_kind.hpp"

namespace trueup::engine {

/// A file of a snapshot that is worth reading.
struct SnapshotFile {
  std::string path;
  std::string object_id;  ///< git's id of the bytes, hex
  bool on_disk = false;   ///< bytes are those of the working tree
  bool executable = false;
};

/// A repository at one point, as the engine needs it.
class RepositorySnapshot {
 public:
  virtual ~RepositorySnapshot() = default;
  /// Files whose path is wanted, sorted by path; symlinks and submodules left out.
  virtual std::vector<SnapshotFile> files() const = 0;
  /// Whether a file or folder stands at `path`, wanted or not.
  virtual bool exists(std::string_view path) const = 0;
  /// Every file, link and submodule, wanted or not.
  virtual void for_each_path(const std::function<void(std::string_view path)>& visit) const = 0;
  /// Whether `path` is a symlink or a submodule, or lies behind one: what is there is not read.
  virtual bool leads_elsewhere(std::string_view /*path*/) const { return false; }
  /// Paths that could not be listed or are over a limit, with the reason.
  virtual std::vector<std::pair<std::string, Error>> problems() const { return {}; }
};

enum class PointKind : std::uint8_t { worktree, branch, tag, commit };
std::string_view to_string(PointKind kind);

/// Something that a snapshot can be taken of: the working tree, a branch, a tag, a commit.
struct Point {
  PointKind kind = PointKind::worktree;
  std::string name;                ///< short name, or the revision as asked for; empty for the working tree
  std::string commit_id;           ///< hex; empty for the working tree
  std::int64_t committed_at = 0;   ///< seconds since 1970; 0 where unknown
  friend bool operator==(const Point&, const Point&) = default;
};
/// A revision as people read it, and places name it: a short commit id, or the name of a ref.
std::string shown_name(const Point& point);

/// What is known of a repository without reading a file of it.
struct RepositoryFacts {
  std::optional<std::string> default_branch;
  bool heads_complete = true, tags_complete = true, history_complete = true;  ///< known once refs were listed in one of the three ways
  std::vector<std::string> notes;  ///< to be said aloud
};

/// A tag, with what git keeps of it beside the commit.
struct TagPoint {
  Point point;
  bool annotated = false;
  std::string message;         ///< of an annotated one
  std::int64_t tagged_at = 0;  ///< seconds since 1970; 0 where unknown
};

/// The tags of a repository.
struct TagPoints {
  std::vector<TagPoint> tags;  ///< by name
  bool complete = true;        ///< these are all
  std::string because;         ///< why not, and the way out
};

/// Whether one commit is an ancestor of another one.
struct AncestryReading {
  std::string state = "unknown";  ///< yes | no | unknown
  std::string because;            ///< why unknown, and the way out
};

/// Commits, each the first parent of the one before it.
struct FirstParentLine {
  std::vector<Point> commits;
  bool to_the_root = false;  ///< the last one has no parent
};

/// A commit with what its author says of it.
struct CommitText {
  std::string commit_id;  ///< hex
  std::string message;
};

/// How far one commit is from another one.
struct DistanceReading {
  std::string state = "unknown";  ///< known | unknown
  std::string because;            ///< why unknown, and the way out
  std::int64_t ahead = 0, behind = 0;
  std::int64_t behind_since = 0;  ///< time of the oldest commit that is lacking; 0: none is
  std::string merge_base;         ///< hex; empty where there is none
};

/// Files of a repository: all below `in` that is not below `out`; of the root itself ("") the Terraform that stands there.
struct FolderChoice {
  std::vector<std::string> in, out;
};

/// A question for changes(): two commits in hex, and folders.
struct ChangeQuery {
  std::string from, to;
  FolderChoice folders;
};

/// What commits between two change in such folders.
struct ChangeReading {
  std::string state = "unknown";  ///< known | unknown
  std::string because;            ///< why unknown, and the way out
  std::int64_t commits = 0;
  std::string oldest;             ///< hex; empty where there is none
  std::int64_t oldest_at = 0;     ///< seconds since 1970
  std::string path;               ///< a file that differs in the end
};

/// Files of a commit, by path, with git's id of their bytes.
using PathIds = std::map<std::string, std::string>;

/// A repository that snapshots are taken of. Implementations: GitSource (git_source.hpp), MemorySource below.
/// read() may be called from several threads; the rest from one at a time.
class RepositorySource {
 public:
  virtual ~RepositorySource() = default;
  virtual const RepositoryFacts& facts() = 0;
  /// Branches, then tags, by name.
  virtual const std::vector<Point>& refs() = 0;
  /// The branches alone.
  virtual std::vector<Point> branches() {
    std::vector<Point> points = refs();
    std::erase_if(points, [](const Point& point) { return point.kind != PointKind::branch; });
    return points;
  }
  /// All, where only kind and name are wanted.
  virtual std::vector<Point> ref_names() { return refs(); }
  /// The points that a revision or a pattern over branches and tags stands for.
  virtual Result<std::vector<Point>> resolve(std::string_view revision) = 0;
  /// What stands for the repository where nothing else was asked: the working tree; in a bare repository the default branch.
  virtual Result<Point> present() = 0;
  virtual Result<std::shared_ptr<const RepositorySnapshot>> snapshot(const Point& point) = 0;
  virtual Result<std::string> read(const SnapshotFile& file) = 0;
  /// The tags, with their messages and times.
  virtual Result<TagPoints> tags();
  /// The files at these paths of a point, of those that are there.
  virtual Result<std::vector<SnapshotFile>> files_at(const Point& point, const std::vector<std::string>& paths);
  /// A commit and its first parents, at most so many. Errors: it has no history, or lacks the commit.
  virtual Result<FirstParentLine> first_parents(const std::string& commit_id, std::size_t most);
  /// The commits that `tip` has and `base` lacks, newest first, at most so many. Errors: it has no history, or lacks one of both.
  virtual Result<std::vector<CommitText>> commits_between(const std::string& base, const std::string& tip, std::size_t most);
  virtual AncestryReading ancestry(const std::string& /*ancestor*/, const std::string& /*descendant*/) { return {"unknown", "it has no history"}; }
  /// How far `tip` is from `base`, commits of which none reach the other counted.
  virtual DistanceReading distance(const std::string& /*base*/, const std::string& /*tip*/) { return {"unknown", "it has no history", 0, 0, 0, ""}; }
  /// For each query what the commits that lead to `to` and not to `from` change in those folders. Documents (*.md) do not count.
  virtual std::vector<ChangeReading> changes(const std::vector<ChangeQuery>& queries) {
    return std::vector<ChangeReading>(queries.size(), {"unknown", "it has no history", 0, "", 0, ""});
  }
  /// Every regular file of a commit whose path is wanted, read as a kind or not. Files of snapshot() are a part of these.
  virtual Result<PathIds> paths_at(const std::string& /*commit*/, const std::function<bool(std::string_view path)>& /*wanted*/) { return PathIds{}; }
  /// The absolute folder of its working tree; empty where it has none.
  virtual std::string folder() const { return {}; }
};

/// A repository whose files are given as text: cases of rules, and tests. Branch -> path -> bytes; a tag is refs/tags/<name>.
class MemorySource final : public RepositorySource {
 public:
  using Files = std::map<std::string, std::string>;
  /// `branches` must hold `default_branch`.
  MemorySource(std::string default_branch, std::map<std::string, Files> branches, facts::KindRules kinds);

  const RepositoryFacts& facts() override { return facts_; }
  RepositoryFacts& mutable_facts() { return facts_; }
  const std::vector<Point>& refs() override { return refs_; }
  Result<std::vector<Point>> resolve(std::string_view revision) override;
  Result<Point> present() override;
  Result<std::shared_ptr<const RepositorySnapshot>> snapshot(const Point& point) override;
  Result<std::string> read(const SnapshotFile& file) override;
  Result<TagPoints> tags() override;
  AncestryReading ancestry(const std::string& ancestor, const std::string& descendant) override;
  /// What git would keep of its tags, oldest first: each descends from those before it, unless it stands aside. Tags that are
  /// among the branches need not be named.
  struct ToldTag {
    std::string name, message, tagged_at;  ///< without a message: a light tag
    std::string commit;                    ///< the same text: the same commit; empty: one of its own
    bool aside = false;                    ///< no descendant of those before it
  };
  /// A commit that a case speaks of, oldest first: a descendant of those before it on the same branch, whose head descends from all.
  struct ToldCommit {
    std::string id;  ///< 40 hex digits
    std::int64_t committed_at = 0;
    std::vector<std::string> branches;
    std::vector<std::string> touches = {};  ///< paths
    Files files = {};  ///< what stood there then
  };
  void tell_commits(std::vector<ToldCommit> commits);
  void tell_tags(std::vector<ToldTag> tags) { told_tags_ = std::move(tags); }
  /// What git would say of a branch.
  struct ToldBranch {
    std::string commit;        ///< hex; empty: one of its own
    std::string committed_at, behind_since;
    std::int64_t ahead = 1, behind = 0;
    std::string base;          ///< the branch that holds what stood where it parted from the default one; empty: that one
    bool known = true;         ///< false: its history is cut off
  };
  /// What stood there before the change at hand, and what the commits of the change say.
  struct ToldChange {
    Files before;
    std::vector<std::string> messages;
  };
  void tell_change(ToldChange change);
  Point base() const;
  Result<std::vector<CommitText>> commits_between(const std::string& base, const std::string& tip, std::size_t most) override;
  void tell_branches(const std::map<std::string, ToldBranch>& branches);
  DistanceReading distance(const std::string& base, const std::string& tip) override;
  Result<PathIds> paths_at(const std::string& commit, const std::function<bool(std::string_view path)>& wanted) override;
  std::vector<ChangeReading> changes(const std::vector<ChangeQuery>& queries) override;

 private:
  ChangeReading changes_of(const ChangeQuery& query);
  std::string commit_of_tag(const ToldTag& tag) const;
  RepositoryFacts facts_;
  std::vector<ToldTag> told_tags_;
  std::vector<ToldCommit> told_commits_;
  std::optional<ToldChange> told_change_;
  std::map<std::string, ToldBranch> told_branches_;
  std::map<std::string, Files> branches_;
  std::map<std::string, std::string> bytes_;  ///< by object id
  std::vector<Point> refs_;
  facts::KindRules kinds_;
};

}  // namespace trueup::engine
