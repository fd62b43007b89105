#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "git/ids.hpp"
#include "git/source.hpp"

namespace trueup::git {

// What a repository holds at one commit, or a folder on disk, as paths and blob ids. Nothing is checked out.
//
// The refs of a fleet's repository share nearly everything: 3,397 release tags of one chart repository differ from
// their neighbours in one folder each. So a SnapshotReader remembers every folder (tree) that it has read by its id,
// and every (folder path, tree id) whose files it has selected; the next ref costs only the folders that are new.
// Selected files are kept as a tree of shared lists, and lists with equal content are one object: two snapshots whose
// selected files are the same have the same FileSet pointer, however much else differs.

enum class EntryMode : std::uint8_t { file, executable, symlink, submodule };
std::string_view to_string(EntryMode mode);

/// Where the bytes of an entry are: in git's object database under its id, or in a file under the folder.
enum class EntryOrigin : std::uint8_t { object, disk };

/// A selected file of a snapshot.
struct Entry {
  /// From the root, with '/', any bytes but NUL; not always UTF-8. The bytes belong to the reader's tables, which every
  /// Snapshot and every FileSet of that reader keeps alive.
  std::string_view path;
  /// Numbers the distinct paths of one reader from 0, in order of first sight: equal path, equal number.
  std::uint32_t path_number = 0;
  /// Of the content; of a symlink: of the link's text; of a submodule: the commit that is asked for (zero where
  /// unknown). On disk it is the id of the bytes as they are there: a file that a filter changes on checkout (autocrlf,
  /// LFS) has another id than in its commit, since places are byte-exact.
  BlobId id;
  EntryMode mode = EntryMode::file;
  EntryOrigin origin = EntryOrigin::object;
};

/// A path that exists but is not among the files, with the reason: unreadable (denied), over limits::kMaxBlobBytes
/// (over_limit, with `size`), too long or nested too deep (over_limit), a name that git does not write (malformed).
/// A damaged index is one too, as ".git/index": tracked files are then not told from untracked ones.
struct Problem {
  std::string path;
  Error error;
  std::uint64_t size = 0;
};

/// The selected files of one snapshot in byte order of path. Immutable. Equal sets of one reader are one object:
/// compare pointers.
class FileSet {
 public:
  std::size_t size() const;
  void for_each(const std::function<void(const Entry&)>& visit) const;
  /// A copy as one list.
  std::vector<Entry> entries() const;

  class Node;
  explicit FileSet(std::shared_ptr<const Node> root);
  ~FileSet();

 private:
  std::shared_ptr<const Node> root_;
};

enum class PathKind : std::uint8_t { absent, file, directory, symlink, submodule };

/// One commit, or one folder on disk. Cheap to copy; immutable; may be asked from several threads.
class Snapshot {
 public:
  /// Nothing for a folder on disk.
  std::optional<CommitId> commit() const;
  /// Of the root; equal ids mean equal content. Zero for a folder on disk.
  TreeId tree() const;
  /// The files that the selector accepted.
  const std::shared_ptr<const FileSet>& files() const;
  /// In order of path. Of a commit only names that git does not write: sizes are found when a blob is read.
  const std::vector<Problem>& problems() const;

  /// What stands at `path` (no leading '/'; "" and "." are the root; a trailing '/' or "./" parts are allowed, ".." is
  /// absent), selected or not. Symlinks are not followed.
  PathKind find(std::string_view path) const;
  bool exists(std::string_view path) const { return find(path) != PathKind::absent; }
  /// Files, links and submodules, selected or not.
  std::size_t path_count() const;
  /// Every one of them, in byte order of path. `path` is good during the call only.
  void for_each_path(const std::function<void(std::string_view path, EntryMode mode)>& visit) const;

  struct Content;
  explicit Snapshot(std::shared_ptr<const Content> content);
  ~Snapshot();
  Snapshot(const Snapshot&);
  Snapshot& operator=(const Snapshot&);
  Snapshot(Snapshot&&) noexcept;
  Snapshot& operator=(Snapshot&&) noexcept;

 private:
  std::shared_ptr<const Content> content_;
};

/// Which files are wanted. Must answer the same for the same path every time: answers are remembered.
struct PathSelector {
  std::function<bool(std::string_view path)> file;
  /// Asked for folders ("charts/atlas", without a trailing '/'); false passes over all below it. Unset: all are
  /// entered.
  std::function<bool(std::string_view path)> directory = {};
};

/// Reads snapshots of one source. Use it from one thread at a time; what it returns outlives it.
class SnapshotReader {
 public:
  SnapshotReader(Source source, PathSelector wanted);
  ~SnapshotReader();
  SnapshotReader(SnapshotReader&&) noexcept;
  SnapshotReader& operator=(SnapshotReader&&) noexcept;

  /// Submodules are entries, not entered; symlinks are entries, not followed. A commit whose tree was read before costs
  /// one look-up.
  /// Errors: not_found (no such commit, or a tree that this clone lacks: partial or damaged), malformed (not a commit;
  /// a damaged tree), over_limit (more than limits::kMaxFilesPerSnapshot paths, or folders nested too deep).
  Result<Snapshot> read(const CommitId& commit);

  /// What is on disk under the source's root: tracked or not, without what git's ignore rules leave out (a tracked file
  /// counts even if a rule would ignore it). Without .git, empty folders, pipes and sockets; other repositories inside
  /// are submodule entries. Tracked files that a sparse checkout leaves out are there, with origin object. Symlinks are
  /// never followed. The id of a wanted file comes from the index where size and times prove it unchanged, else from
  /// hashing; a file with the bytes of its index entry has origin object, so a clean tree has the FileSet of its HEAD.
  /// In a plain folder: everything, without ignore rules. In a bare repository: not_found.
  /// Errors: not_found, denied (the root), over_limit. A file or folder that cannot be read is a Problem instead.
  Result<Snapshot> read_working_tree();

  struct Tables;

 private:
  std::unique_ptr<Tables> tables_;
};

}  // namespace trueup::git
