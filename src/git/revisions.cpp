// What a revision text stands for.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "git/glob.hpp"
#include "git/shared.hpp"
#include "git/source.hpp"

namespace trueup::git {
namespace {

constexpr std::string_view kHeads = "refs/heads/", kTags = "refs/tags/", kRemotes = "refs/remotes/";

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

std::string in_quotes(std::string_view text) { return fmt::format("\"{}\"", printable(text)); }

/// All commits and tags whose id starts with `digits`; libgit2 takes blobs and trees into account too, and then calls
/// ambiguous what git resolves. Looks through all objects, so only after an ambiguity.
std::vector<CommitId> commits_with_prefix(git_repository* repository, std::string_view digits) {
  struct Search {
    git_odb* odb;
    std::string digits;
    std::vector<CommitId> found;
  };
  git_odb* raw = nullptr;
  if (git_repository_odb(&raw, repository) < 0) return {};
  const OdbHandle odb(raw);
  Search search{odb.get(), ascii_lower(digits), {}};
  git_odb_foreach(
      odb.get(),
      [](const git_oid* oid, void* payload) {
        Search& wanted = *static_cast<Search*>(payload);
        const CommitId id = to_id<CommitId>(*oid);
        if (!id.hex().starts_with(wanted.digits)) return 0;
        std::size_t size = 0;
        git_object_t type = GIT_OBJECT_INVALID;
        if (git_odb_read_header(&size, &type, wanted.odb, oid) == 0 &&
            (type == GIT_OBJECT_COMMIT || type == GIT_OBJECT_TAG))
          wanted.found.push_back(id);
        return 0;
      },
      &search);
  std::sort(search.found.begin(), search.found.end());
  search.found.erase(std::unique(search.found.begin(), search.found.end()), search.found.end());
  return search.found;
}

Result<CommitId> resolve_abbreviation(git_repository* repository, const std::string& digits) {
  git_oid prefix;
  if (git_oid_fromstrn(&prefix, digits.c_str(), digits.size()) < 0)
    return Error{Fault::not_found, in_quotes(digits) + " is no object id"};
  git_object* raw = nullptr;
  const int code = git_object_lookup_prefix(&raw, repository, &prefix, digits.size(), GIT_OBJECT_ANY);
  const ObjectHandle object(raw);
  if (code == 0) return peel_to_commit(repository, *git_object_id(object.get()));
  if (code != GIT_EAMBIGUOUS) {
    return Error{Fault::not_found, fmt::format("no commit {} in this clone (shallow, force-pushed, or mistyped); {}",
                                               in_quotes(digits), kCompleteHistory)};
  }
  const std::vector<CommitId> candidates = commits_with_prefix(repository, digits);
  if (candidates.size() == 1) return peel_to_commit(repository, to_oid(candidates.front()));
  std::string named;
  for (std::size_t i = 0; i < std::min<std::size_t>(candidates.size(), 3); ++i)
    named += (i == 0 ? ": " : ", ") + candidates[i].hex();
  return Error{Fault::malformed, fmt::format("{} is ambiguous: {} commits start with it{}; give more digits",
                                             in_quotes(digits), candidates.size(), named)};
}

/// The full names under which a short name of a branch may stand, best first.
std::vector<std::string> branch_places(git_repository* repository, std::string_view name) {
  std::vector<std::string> places = {fmt::format("{}{}", kHeads, name)};
  if (const std::string remote = primary_remote(repository); !remote.empty())
    places.push_back(fmt::format("{}{}/{}", kRemotes, remote, name));
  return places;
}

Result<std::optional<CommitId>> find_branch(git_repository* repository, std::string_view name) {
  for (const std::string& place : branch_places(repository, name)) {
    auto commit = commit_of_ref(repository, place);
    if (!commit || *commit) return commit;
  }
  return std::optional<CommitId>();
}

Error no_such_revision(git_repository* repository, std::string_view text) {
  const std::vector<std::string> names = ref_names(repository);
  if (names.empty()) return Error{Fault::not_found, in_quotes(text) + " is unknown: the repository has no commits yet"};
  std::string message = fmt::format("no branch, tag or commit {}", in_quotes(text));
  if (const auto nearest = nearest_name(text, names)) message += fmt::format("; did you mean {}?", in_quotes(*nearest));
  return Error{Fault::not_found, std::move(message)};
}

Result<Revision> resolve_head(git_repository* repository, std::string_view text) {
  auto commit = commit_of_ref(repository, "HEAD");
  if (!commit) return std::move(commit).error();
  if (*commit) return Revision{RevisionKind::commit, std::string(text), **commit};
  auto branch = find_default_branch(repository);
  if (!branch) return std::move(branch).error();
  if (!branch->name) return Error{Fault::not_found, fmt::format("HEAD has no commit, and {}", branch->reason)};
  auto tip = find_branch(repository, *branch->name);
  if (!tip) return std::move(tip).error();
  if (!*tip) return no_such_revision(repository, *branch->name);
  return Revision{RevisionKind::branch, *branch->name, **tip};
}

/// A revision without suffix.
Result<Revision> resolve_base(git_repository* repository, std::string_view text) {
  if (text == "HEAD" || text == "@") return resolve_head(repository, text);
  const auto as = [&](RevisionKind kind, std::string_view name, const CommitId& commit) {
    return Revision{kind, std::string(name), commit};
  };
  if (text.starts_with("refs/")) {
    const bool head = text.starts_with(kHeads), tag = text.starts_with(kTags);
    const std::string_view name = head ? text.substr(kHeads.size()) : tag ? text.substr(kTags.size()) : text;
    auto commit = head ? find_branch(repository, name) : commit_of_ref(repository, std::string(text));
    if (!commit) return std::move(commit).error();
    if (!*commit) return no_such_revision(repository, text);
    return as(head ? RevisionKind::branch : tag ? RevisionKind::tag : RevisionKind::commit, name, **commit);
  }
  auto branch = find_branch(repository, text);
  if (!branch) return std::move(branch).error();
  auto tag = commit_of_ref(repository, fmt::format("{}{}", kTags, text));
  if (!tag) return std::move(tag).error();
  if (*branch && *tag && **branch != **tag) {
    return Error{Fault::malformed, fmt::format("{} is both a branch and a tag; write refs/heads/{} or refs/tags/{}",
                                               in_quotes(text), printable(text), printable(text))};
  }
  if (*branch) return as(RevisionKind::branch, text, **branch);
  if (*tag) return as(RevisionKind::tag, text, **tag);
  auto of_remote = commit_of_ref(repository, fmt::format("{}{}", kRemotes, text));
  if (!of_remote) return std::move(of_remote).error();
  if (*of_remote) {
    const std::string prefix = primary_remote(repository) + "/";
    if (prefix.size() > 1 && text.starts_with(prefix))
      return as(RevisionKind::branch, text.substr(prefix.size()), **of_remote);
    return as(RevisionKind::commit, text, **of_remote);
  }
  if (text.size() >= GIT_OID_MINPREFIXLEN && text.size() <= GIT_OID_HEXSZ && is_hex(text)) {
    auto commit = resolve_abbreviation(repository, std::string(text));
    if (!commit) return std::move(commit).error();
    return as(RevisionKind::commit, text, *commit);
  }
  return no_such_revision(repository, text);
}

Result<Revision> resolve(git_repository* repository, std::string_view text) {
  std::size_t suffix = std::min(text.find_first_of("~^:"), text.find("@{"));
  suffix = std::min(suffix, text.size());
  // "rev:path" names no commit; a search through messages (":/text", "^{/text}") would run a stranger's expression.
  if (text.empty() || text.find(':') != std::string_view::npos || text.find("{/") != std::string_view::npos ||
      text.find('\0') != std::string_view::npos)
    return Error{Fault::malformed, in_quotes(text) + " is no revision of a commit"};
  if (suffix == text.size()) return resolve_base(repository, text);
  // A reflog or upstream suffix needs the ref itself; the others only its commit.
  std::string asked(text);
  if (text.substr(suffix, 2) != "@{") {
    auto base = resolve_base(repository, text.substr(0, suffix));
    if (!base) return base;
    asked = base->commit.hex() + std::string(text.substr(suffix));
  }
  git_object* raw = nullptr;
  const int code = git_revparse_single(&raw, repository, asked.c_str());
  const ObjectHandle object(raw);
  if (code == GIT_ENOTFOUND && git_repository_is_shallow(repository) != 0) {
    return Error{Fault::not_found, fmt::format("{} lies before the history of this shallow clone; {}", in_quotes(text),
                                               kCompleteHistory)};
  }
  if (code == GIT_ENOTFOUND) return Error{Fault::not_found, fmt::format("{} leads to no commit", in_quotes(text))};
  if (code < 0) return libgit2_error(code, in_quotes(text) + " is no revision");
  auto commit = peel_to_commit(repository, *git_object_id(object.get()));
  if (!commit) return std::move(commit).error().within(in_quotes(text));
  return Revision{RevisionKind::commit, std::string(text), *commit};
}

}  // namespace

Result<Revision> Source::resolve_revision(std::string_view text) const {
  auto lease = shared_->borrow();
  if (!lease) return std::move(lease).error();
  return resolve(lease->get(), text);
}

Result<std::vector<Revision>> Source::resolve_revisions(std::string_view pattern) const {
  if (!is_ref_glob(pattern)) {
    auto one = resolve_revision(pattern);
    if (!one) return std::move(one).error();
    return std::vector<Revision>{std::move(*one)};
  }
  if (!is_well_formed_ref_glob(pattern))
    return Error{Fault::malformed, fmt::format("the pattern {} has a `[` that is never closed", in_quotes(pattern))};
  auto lease = shared_->borrow();
  if (!lease) return std::move(lease).error();
  const bool heads_only = pattern.starts_with(kHeads), tags_only = pattern.starts_with(kTags);
  const std::string_view wanted =
      heads_only ? pattern.substr(kHeads.size()) : tags_only ? pattern.substr(kTags.size()) : pattern;
  auto refs = find_refs(lease->get(), nullptr);
  if (!refs) return std::move(refs).error();
  std::vector<Revision> matching;
  for (FoundRef& ref : *refs) {
    const bool tag = ref.kind == RefKind::tag;
    if ((heads_only && tag) || (tags_only && !tag) || !ref_glob_matches(wanted, ref.name)) continue;
    matching.push_back({tag ? RevisionKind::tag : RevisionKind::branch, std::move(ref.name), ref.commit});
  }
  if (matching.empty()) {
    std::vector<std::string> names = ref_names(lease->get());
    std::string message = fmt::format("no branch or tag matches {}", in_quotes(pattern));
    if (const auto nearest = nearest_name(wanted, names))
      message += fmt::format("; the nearest is {}", in_quotes(*nearest));
    return Error{Fault::not_found, std::move(message)};
  }
  return matching;
}

}  // namespace trueup::git
