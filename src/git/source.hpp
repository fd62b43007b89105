#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "git/ids.hpp"
#include "git/remote_url.hpp"

namespace trueup::git {

struct Entry;

enum class SourceKind : std::uint8_t { working_tree, bare, plain };
enum class RefKind : std::uint8_t { branch, tag };
std::string_view to_string(SourceKind kind);
std::string_view to_string(RefKind kind);

/// A branch or tag of the repository that a source stands for.
struct Ref {
  RefKind kind = RefKind::branch;
  /// Short: "ring-dev", "v1.0.0". Not always UTF-8.
  std::string name;
  /// As it stands in the clone: "refs/heads/ring-dev", "refs/remotes/origin/ring-dev", "refs/tags/v1.0.0".
  std::string full_name;
  /// Annotated tags are peeled.
  CommitId commit;
  /// The committer's time, in seconds since 1970 UTC; 0 where the clone lacks the commit.
  std::int64_t commit_time = 0;
  /// What the server last had, where a local branch differs from it.
  std::optional<CommitId> remote_commit = {};
};

/// The branches and tags of the *repository*, as far as this clone knows them.
///
/// Branches are refs/heads/* and, in a clone with remotes, refs/remotes/<R>/* of its primary remote R (upstream, else
/// origin, else the only one), counted under the branch's own name. Where both have a branch, the local one is taken:
/// it is what the repository at hand will push; `remote_commit` says what the server last had.
struct RefList {
  /// Branches before tags, each in byte order of name.
  std::vector<Ref> refs;
  /// The list is known to hold every branch (tag) that the server had at the last fetch. Without remotes it is; with a
  /// fetch refspec for some branches only, in a shallow clone (its other branches may never have been fetched), with
  /// tagOpt=--no-tags, or with a remote that was never fetched it is not.
  bool heads_complete = true;
  bool tags_complete = true;
  /// Not a shallow clone.
  bool history_complete = true;
  /// For each of the three that is false: why, and how to complete it.
  std::vector<std::string> incomplete_because;
  /// Refs that name no commit (a tag on a tree or a blob, a broken ref), with the reason. They are not in `refs`.
  std::vector<std::string> skipped;
};

/// A tag, with what git keeps of it beside the commit.
struct Tag {
  std::string name;  ///< short
  CommitId commit;   ///< peeled
  std::int64_t commit_time = 0;
  bool annotated = false;
  std::string message;         ///< of an annotated one, at most 4 KiB
  std::int64_t tagged_at = 0;  ///< the tagger's time; of a light one the commit's; 0: not known
};

/// The tags of the repository by name; completeness as in RefList.
struct TagList {
  std::vector<Tag> tags;
  bool complete = true;
  std::vector<std::string> incomplete_because;
};

struct DefaultBranch {
  /// Nothing where it is unknown.
  std::optional<std::string> name;
  /// To be said aloud: "HEAD of remote origin", "no HEAD of a remote is known; the only branch".
  std::string reason;
};

/// Where HEAD stands.
struct Head {
  /// Nothing when detached.
  std::optional<std::string> branch;
  /// Nothing when the branch has no commit yet (unborn).
  std::optional<CommitId> commit;
};

enum class RevisionKind : std::uint8_t { branch, tag, commit };

/// What a revision text stands for.
struct Revision {
  RevisionKind kind = RevisionKind::commit;
  /// The short name of a branch or tag; otherwise the text as it was given.
  std::string name;
  CommitId commit;
};

struct Remote {
  std::string name;
  std::string url;
  /// Nothing for a path on this machine.
  std::optional<RemoteAddress> address;
};

/// A line of first parents.
struct FirstParents {
  struct Step {
    CommitId commit;
    std::int64_t time = 0;  ///< the committer's, in seconds since 1970 UTC
  };
  /// Each the first parent of the one before it.
  std::vector<Step> steps;
  /// The last one has no parent: no bound was hit, and the clone is whole there.
  bool to_the_root = false;
};

enum class Ancestry : std::uint8_t { yes, no, unknown };

/// How far one commit is from another one.
struct Distance {
  std::int64_t ahead = 0, behind = 0;   ///< commits that only `tip` has, and that only `base` has
  std::int64_t behind_since = 0;        ///< committer's time of the oldest of the latter, in seconds since 1970; 0: there is none
  std::optional<CommitId> merge_base;   ///< nothing: they have no common history
};

struct AncestryAnswer {
  Ancestry state = Ancestry::unknown;
  /// For unknown: why, and the way out.
  std::string because;
};

/// A question for Source::changes().
struct ChangesWanted {
  CommitId from, to;
  std::vector<std::string> in, out;  ///< folders
};

/// What commits between two change below some folders.
struct Changes {
  std::int64_t commits = 0;        ///< those that change something there; 0 too where nothing differs in the end
  std::optional<CommitId> oldest;  ///< by time, in seconds since 1970
  std::int64_t oldest_at = 0;
  std::string path;                ///< a file that differs in the end
};

enum class Discover : std::uint8_t {
  /// The folder itself is a work tree's root, a bare repository or a plain folder, whatever lies above it. For paths in
  /// a config: fixtures inside another repository are repositories of their own.
  here,
  /// A folder inside a work tree stands for the whole of it, as with git itself; unless that repository ignores the
  /// folder (a build folder, a vendored tree): then it is a plain one.
  upwards,
};

/// Something that snapshots can be taken of. A cheap handle: copies share the open repository. All functions may be
/// called from several threads (each call borrows its own libgit2 handle). Reads only; never runs git, hooks or
/// filters.
class Source {
 public:
  /// Errors: not_found (no such path, or not a folder), denied (not readable; or owned by somebody else: git's
  /// safe.directory), malformed (a repository that is damaged, or in a format that libgit2 does not read).
  static Result<Source> open(const std::filesystem::path& path, Discover discover = Discover::upwards);

  SourceKind kind() const;
  /// Absolute: the work tree's root, the bare repository, the plain folder.
  const std::filesystem::path& root() const;
  /// The folder that was given, from the root, without slashes at the ends: "" when it is the root.
  const std::string& subfolder() const;

  /// All refs, or those of one kind, with their commits' times. Costs about 10 us a distinct commit.
  Result<RefList> list_refs(std::optional<RefKind> only = std::nullopt) const;
  /// The same by kind and name alone, without reading an object: the other members of each Ref are empty, and a ref that leads to
  /// no commit is among them.
  Result<RefList> list_ref_names() const;
  Result<TagList> list_tags() const;
  /// The files that stand at these paths in a commit, in their order; a path with anything else is left out. Reads only the
  /// folders on the way.
  Result<std::vector<std::pair<std::string, BlobId>>> find_files(const CommitId& commit, const std::vector<std::string>& paths) const;
  /// By the HEAD of the primary remote; in a bare repository its own HEAD. Where that is not there or unborn: main,
  /// else master, else the only branch, else unknown.
  Result<DefaultBranch> default_branch() const;
  /// Errors: not_found for a plain folder.
  Result<Head> head() const;
  /// upstream, origin, then the others by name. Empty for a plain folder.
  Result<std::vector<Remote>> remotes() const;

  /// One revision: a full or abbreviated commit id, a branch (as in list_refs()), a tag, "refs/…", HEAD, and git's
  /// suffixes ("HEAD~1", "v1^2"). An unborn HEAD stands for the default branch.
  /// Errors: not_found (with the nearest name), malformed (ambiguous; or no commit).
  Result<Revision> resolve_revision(std::string_view text) const;
  /// The same, or every branch and tag whose short name matches a pattern with `*`, `?` or `[…]` (git/glob.hpp). A
  /// pattern may start with refs/heads/ or refs/tags/ to mean one kind only. Branches before tags, by name. A pattern
  /// that matches nothing is not_found.
  Result<std::vector<Revision>> resolve_revisions(std::string_view pattern) const;

  /// The bytes of a blob. Errors: not_found (the clone is partial or pruned: names the object), over_limit (more than
  /// limits::kMaxBlobBytes), malformed (no blob, or damaged).
  Result<std::string> read_blob(const BlobId& id) const;
  /// The bytes of an entry, from the object database or from disk, as its origin says; of a symlink the link's text. A
  /// file on disk is opened without following any link. Errors: as read_blob(), and denied, and malformed for a
  /// submodule.
  Result<std::string> read(const Entry& entry) const;

  /// The committer's time, in seconds since 1970 UTC; 0 where the clone lacks the commit.
  std::int64_t commit_time(const CommitId& commit) const;
  /// Is `ancestor` reachable from `descendant`? A commit reaches itself. A shallow clone proves yes, never no.
  AncestryAnswer ancestry(const CommitId& ancestor, const CommitId& descendant) const;
  /// The commit and its first parents, at most so many. Errors: not_found (the clone lacks the commit itself).
  Result<FirstParents> first_parents(const CommitId& from, std::size_t most) const;
  /// How far `tip` is from `base`. Errors: not_found (a commit that this clone lacks, or a history that is cut off), over_limit.
  /// The commits that `tip` has and `base` lacks, newest first, at most so many, each with its message.
  Result<std::vector<std::pair<CommitId, std::string>>> commits_between(const CommitId& base, const CommitId& tip, std::size_t most) const;
  Result<Distance> distance(const CommitId& base, const CommitId& tip) const;
  /// For each question what the commits that lead to `to` and not to `from` change in files below the folders `in` (of "" those that stand
  /// at the root themselves) that are not below `out` too, as far as `counts` says that their path does. A merge that took one side as it
  /// is changes nothing. Asked together, many questions cost little more than one where those of the same two commits stand together.
  /// Errors: not_found (the clone lacks a commit, or its history is cut off), over_limit.
  std::vector<Result<Changes>> changes(std::span<const ChangesWanted> wanted, const std::function<bool(std::string_view path)>& counts) const;
  /// The best common ancestor. Errors: not_found (unrelated, or not within what this clone holds, with the way out).
  Result<CommitId> merge_base(const CommitId& a, const CommitId& b) const;

  class Shared;
  explicit Source(std::shared_ptr<Shared> shared);
  const std::shared_ptr<Shared>& shared() const { return shared_; }

 private:
  std::shared_ptr<Shared> shared_;
};

}  // namespace trueup::git
