// The history between two commits.

#include <fmt/format.h>

#include <limits>
#include <unordered_set>
#include <vector>

#include "git/shared.hpp"
#include "git/source.hpp"

namespace trueup::git {
namespace {

std::string not_here(const CommitId& commit) {
  return fmt::format("commit {} is not in this clone (shallow, partial, or force-pushed); {}", commit.short_hex(),
                     kCompleteHistory);
}

bool holds_commit(git_repository* repository, const CommitId& commit) {
  git_commit* raw = nullptr;
  const git_oid oid = to_oid(commit);
  if (git_commit_lookup(&raw, repository, &oid) < 0) return false;
  git_commit_free(raw);
  return true;
}

constexpr std::size_t kMostShallow = 10'000;

/// Calls `visit` with each commit once that can be reached in this clone, the nearest first, and goes on to the parents where it says so.
/// For histories with holes, where libgit2 gives up (and loses memory).
template <typename Visit>
void walk_what_is_there(git_repository* repository, const CommitId& from, std::size_t most, const Visit& visit) {
  std::unordered_set<CommitId> seen = {from};
  std::vector<CommitId> open = {from};
  for (std::size_t next = 0; next < open.size() && next < most; ++next) {
    git_commit* raw = nullptr;
    const git_oid oid = to_oid(open[next]);
    if (git_commit_lookup(&raw, repository, &oid) < 0) continue;
    const CommitHandle commit(raw);
    if (!visit(open[next], commit.get())) continue;
    for (unsigned i = 0; i < git_commit_parentcount(commit.get()); ++i) {
      const CommitId parent = to_id<CommitId>(*git_commit_parent_id(commit.get(), i));
      if (seen.insert(parent).second) open.push_back(parent);
    }
  }
}

bool reaches(git_repository* repository, const CommitId& from, const CommitId& wanted) {
  bool found = false;
  walk_what_is_there(repository, from, std::numeric_limits<std::size_t>::max(), [&](const CommitId& at, const git_commit*) {
    found = found || at == wanted;
    return !found;
  });
  return found;
}

}  // namespace

std::int64_t Source::commit_time(const CommitId& commit) const {
  auto lease = shared_->borrow();
  if (!lease) return 0;
  git_commit* raw = nullptr;
  const git_oid oid = to_oid(commit);
  if (git_commit_lookup(&raw, lease->get(), &oid) < 0) return 0;
  return git_commit_time(CommitHandle(raw).get());
}

AncestryAnswer Source::ancestry(const CommitId& ancestor, const CommitId& descendant) const {
  auto lease = shared_->borrow();
  if (!lease) return {Ancestry::unknown, lease.error().message};
  git_repository* const repository = lease->get();
  for (const CommitId& commit : {ancestor, descendant}) {
    if (!holds_commit(repository, commit)) return {Ancestry::unknown, not_here(commit)};
  }
  if (ancestor == descendant) return {Ancestry::yes, ""};
  const git_oid old_oid = to_oid(ancestor), new_oid = to_oid(descendant);
  const int code = git_graph_descendant_of(repository, &new_oid, &old_oid);
  if (code == 1) return {Ancestry::yes, ""};
  const bool shallow = git_repository_is_shallow(repository) != 0;
  if (code == 0 && !shallow) return {Ancestry::no, ""};
  if (reaches(repository, descendant, ancestor)) return {Ancestry::yes, ""};
  return {Ancestry::unknown,
          shallow ? fmt::format("the history of this clone is cut off (shallow); {}", kCompleteHistory)
                  : std::string("the history of this clone has holes (partial, or damaged)")};
}

Result<FirstParents> Source::first_parents(const CommitId& from, std::size_t most) const {
  auto lease = shared_->borrow();
  if (!lease) return std::move(lease).error();
  FirstParents line;
  for (CommitId at = from; line.steps.size() < most;) {
    git_commit* raw = nullptr;
    const git_oid oid = to_oid(at);
    if (git_commit_lookup(&raw, lease->get(), &oid) < 0) {
      if (line.steps.empty()) return Error{Fault::not_found, not_here(at)};
      return line;
    }
    const CommitHandle commit(raw);
    line.steps.push_back({at, git_commit_time(commit.get())});
    if (git_commit_parentcount(commit.get()) == 0) {
      // Where a shallow clone ends, libgit2 hides the parents.
      line.to_the_root = git_repository_is_shallow(lease->get()) == 0;
      return line;
    }
    at = to_id<CommitId>(*git_commit_parent_id(commit.get(), 0));
  }
  return line;
}

Result<Distance> Source::distance(const CommitId& base, const CommitId& tip) const {
  auto lease = shared_->borrow();
  if (!lease) return std::move(lease).error();
  git_repository* const repository = lease->get();
  for (const CommitId& commit : {base, tip}) {
    if (!holds_commit(repository, commit)) return Error{Fault::not_found, not_here(commit)};
  }
  if (git_repository_is_shallow(repository) != 0)
    return Error{Fault::not_found, fmt::format("the history of this clone is cut off (shallow); {}", kCompleteHistory)};
  const git_oid base_oid = to_oid(base), tip_oid = to_oid(tip);
  Distance result;
  std::size_t ahead = 0, behind = 0;
  if (const int code = git_graph_ahead_behind(&ahead, &behind, repository, &tip_oid, &base_oid); code < 0) return libgit2_error(code, "ahead and behind");
  result.ahead = static_cast<std::int64_t>(ahead);
  result.behind = static_cast<std::int64_t>(behind);
  if (git_oid common; git_merge_base(&common, repository, &base_oid, &tip_oid) == 0) result.merge_base = to_id<CommitId>(common);
  if (behind == 0) return result;
  git_revwalk* raw = nullptr;
  if (const int code = git_revwalk_new(&raw, repository); code < 0) return libgit2_error(code, "walk");
  const std::unique_ptr<git_revwalk, FreeWith<git_revwalk_free>> walk(raw);
  if (git_revwalk_push(raw, &base_oid) < 0 || git_revwalk_hide(raw, &tip_oid) < 0) return Error{Fault::not_found, "its history cannot be walked"};
  for (git_oid at; git_revwalk_next(&at, raw) == 0;) {
    git_commit* commit = nullptr;
    if (git_commit_lookup(&commit, repository, &at) < 0) continue;
    const std::int64_t time = git_commit_time(CommitHandle(commit).get());
    if (result.behind_since == 0 || time < result.behind_since) result.behind_since = time;
  }
  return result;
}

Result<std::vector<std::pair<CommitId, std::string>>> Source::commits_between(const CommitId& base, const CommitId& tip, std::size_t most) const {
  auto lease = shared_->borrow();
  if (!lease) return std::move(lease).error();
  git_repository* const repository = lease->get();
  for (const CommitId& commit : {base, tip}) {
    if (!holds_commit(repository, commit)) return Error{Fault::not_found, not_here(commit)};
  }
  std::vector<std::pair<CommitId, std::string>> commits;
  const auto add = [&](const CommitId& id, const git_commit* commit) {
    const char* message = git_commit_message(commit);
    commits.emplace_back(id, message == nullptr ? "" : message);
  };
  if (git_repository_is_shallow(repository) != 0) {
    // libgit2's walk gives up where a parent is not there, and loses what it held. Such a clone is small: what it has is walked as it is.
    std::unordered_set<CommitId> before;
    walk_what_is_there(repository, base, kMostShallow, [&](const CommitId& at, const git_commit*) { return before.insert(at).second; });
    walk_what_is_there(repository, tip, kMostShallow, [&](const CommitId& at, const git_commit* commit) {
      if (before.contains(at) || commits.size() == most) return false;
      add(at, commit);
      return true;
    });
    return commits;
  }
  git_revwalk* raw = nullptr;
  if (const int code = git_revwalk_new(&raw, repository); code < 0) return libgit2_error(code, "walk");
  const std::unique_ptr<git_revwalk, FreeWith<git_revwalk_free>> walk(raw);
  const git_oid base_oid = to_oid(base), tip_oid = to_oid(tip);
  git_revwalk_sorting(raw, GIT_SORT_TIME);
  if (git_revwalk_push(raw, &tip_oid) < 0 || git_revwalk_hide(raw, &base_oid) < 0) return Error{Fault::not_found, "its history cannot be walked"};
  for (git_oid at; commits.size() < most && git_revwalk_next(&at, raw) == 0;) {
    git_commit* commit = nullptr;
    if (git_commit_lookup(&commit, repository, &at) < 0) continue;
    const CommitHandle held(commit);
    add(to_id<CommitId>(at), held.get());
  }
  return commits;
}

Result<CommitId> Source::merge_base(const CommitId& a, const CommitId& b) const {
  auto lease = shared_->borrow();
  if (!lease) return std::move(lease).error();
  git_repository* const repository = lease->get();
  for (const CommitId& commit : {a, b}) {
    if (!holds_commit(repository, commit)) return Error{Fault::not_found, not_here(commit)};
  }
  const git_oid first = to_oid(a), second = to_oid(b);
  git_oid base;
  const int code = git_merge_base(&base, repository, &first, &second);
  if (code == 0) return to_id<CommitId>(base);
  if (git_repository_is_shallow(repository) != 0) {
    return Error{Fault::not_found,
                 fmt::format("where {} and {} part lies before the history of this shallow clone; {}", a.short_hex(),
                             b.short_hex(), kCompleteHistory)};
  }
  if (code == GIT_ENOTFOUND)
    return Error{Fault::not_found, fmt::format("{} and {} have no common history", a.short_hex(), b.short_hex())};
  return libgit2_error(code, "merge base");
}

}  // namespace trueup::git
