#pragma once

// Private to git/: what the copies of one Source share.

#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "git/libgit.hpp"
#include "git/source.hpp"

namespace trueup::git {

class Source::Shared {
 public:
  Shared(SourceKind kind, std::filesystem::path root, std::string subfolder, RepositoryHandle first);

  /// A handle that is this thread's own for as long as it lives: libgit2's objects are for one thread at a time.
  class Lease {
   public:
    Lease(Shared& owner, RepositoryHandle handle) : owner_(&owner), handle_(std::move(handle)) {}
    Lease(Lease&&) = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();
    git_repository* get() const { return handle_.get(); }

   private:
    Shared* owner_;
    RepositoryHandle handle_;
  };
  /// Errors: not_found for a plain folder; those of opening the repository once more.
  Result<Lease> borrow();

  const SourceKind kind;
  const std::filesystem::path root;
  const std::string subfolder;

 private:
  std::mutex mutex_;
  std::vector<RepositoryHandle> idle_;
};

/// Opens without searching upwards. Errors as Source::open().
Result<RepositoryHandle> open_repository(const std::filesystem::path& path, unsigned flags);

/// Null where there is no such ref.
ReferenceHandle open_ref(git_repository* repository, const std::string& full_name);

/// The remote whose branches count as the repository's: upstream, else origin, else the only one. Empty: none.
std::string primary_remote(git_repository* repository);
/// "refs/remotes/origin/"; "" of "".
std::string prefix_of_remote(const std::string& remote);
/// Fills the completeness fields of `list`; see RefList.
void judge_completeness(git_repository* repository, RefList& list);

/// What a shallow or partial clone must do to have more.
inline constexpr std::string_view kCompleteHistory =
    "`git fetch --unshallow` completes it; with actions/checkout: `fetch-depth: 0`";

/// A ref by name and the commit that it stands for.
struct FoundRef {
  RefKind kind;
  std::string name, full_name;
  CommitId commit;
  std::optional<CommitId> remote_commit;
};
/// Branches before tags, or one of them, by name; the local branch wins over the remote's. What names no commit goes to `skipped`.
Result<std::vector<FoundRef>> find_refs(git_repository* repository, std::vector<std::string>* skipped,
                                        std::optional<RefKind> only = std::nullopt);
/// Only the short names, sorted, each once: quick.
std::vector<std::string> ref_names(git_repository* repository, std::optional<RefKind> only = std::nullopt);
Result<DefaultBranch> find_default_branch(git_repository* repository);
/// The commit that an object id stands for: itself, or what a tag points to at last.
/// Errors: not_found (the clone lacks it), malformed (a tree or a blob).
Result<CommitId> peel_to_commit(git_repository* repository, const git_oid& id);
/// The commit of a ref by full name, or nothing where there is no such ref.
Result<std::optional<CommitId>> commit_of_ref(git_repository* repository, const std::string& full_name);

}  // namespace trueup::git
