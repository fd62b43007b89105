// Branches and tags.

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "base/text.hpp"
#include "git/shared.hpp"
#include "git/source.hpp"

namespace trueup::git {
namespace {

constexpr std::string_view kHeads = "refs/heads/", kTags = "refs/tags/";

/// Calls visit(reference, kind, short name) for every ref that counts; the remote's branches with kind branch.
/// `remote_prefix` is "refs/remotes/origin/" or empty.
template <typename Visit>
Result<void> visit_refs(git_repository* repository, const std::string& remote_prefix, const Visit& visit) {
  git_reference_iterator* raw = nullptr;
  if (const int code = git_reference_iterator_new(&raw, repository); code < 0)
    return libgit2_error(code, "the refs cannot be read");
  const ReferenceIteratorHandle iterator(raw);
  while (true) {
    git_reference* raw_reference = nullptr;
    const int code = git_reference_next(&raw_reference, iterator.get());
    if (code == GIT_ITEROVER) return {};
    if (code < 0) return libgit2_error(code, "the refs cannot be read");
    const ReferenceHandle reference(raw_reference);
    const std::string_view full_name = git_reference_name(reference.get());
    for (const std::string_view prefix : {kHeads, kTags, std::string_view(remote_prefix)}) {
      if (prefix.empty() || !full_name.starts_with(prefix)) continue;
      const std::string_view name = full_name.substr(prefix.size());
      const bool of_remote = prefix != kHeads && prefix != kTags;
      if (of_remote && name == "HEAD") continue;
      visit(*reference, prefix == kTags ? RefKind::tag : RefKind::branch, name, of_remote);
    }
  }
}

/// What a loose or packed ref says, without asking for objects; packed refs know what their tags peel to.
std::optional<git_oid> target_of(git_reference& reference) {
  const git_oid* const peeled = git_reference_target_peel(&reference);
  if (peeled != nullptr && !git_oid_is_zero(peeled)) return *peeled;
  if (const git_oid* const direct = git_reference_target(&reference)) return *direct;
  git_reference* raw = nullptr;  // a ref that names a ref
  if (git_reference_resolve(&raw, &reference) < 0) return std::nullopt;
  const ReferenceHandle resolved(raw);
  return *git_reference_target(resolved.get());
}

}  // namespace

ReferenceHandle open_ref(git_repository* repository, const std::string& full_name) {
  git_reference* raw = nullptr;
  return ReferenceHandle(git_reference_lookup(&raw, repository, full_name.c_str()) == 0 ? raw : nullptr);
}

Result<CommitId> peel_to_commit(git_repository* repository, const git_oid& id) {
  const auto what = [&] { return fmt::format("object {}", to_id<CommitId>(id).hex()); };
  git_object* raw = nullptr;
  int code = git_object_lookup(&raw, repository, &id, GIT_OBJECT_ANY);
  if (code == GIT_ENOTFOUND)
    return Error{Fault::not_found, what() + " is not in this clone (partial, shallow, or damaged)"};
  if (code < 0) return libgit2_error(code, what());
  const ObjectHandle object(raw);
  git_object* raw_commit = nullptr;
  code = git_object_peel(&raw_commit, object.get(), GIT_OBJECT_COMMIT);
  const ObjectHandle commit(raw_commit);
  if (code == GIT_ENOTFOUND) return Error{Fault::not_found, what() + " points to an object that is not in this clone"};
  if (code < 0) {
    return Error{Fault::malformed, fmt::format("{} is a {}, which leads to no commit", what(),
                                               git_object_type2string(git_object_type(object.get())))};
  }
  return to_id<CommitId>(*git_object_id(commit.get()));
}

Result<std::optional<CommitId>> commit_of_ref(git_repository* repository, const std::string& full_name) {
  const ReferenceHandle reference = open_ref(repository, full_name);
  if (!reference) return std::optional<CommitId>();
  const std::optional<git_oid> target = target_of(*reference);
  if (!target) return std::optional<CommitId>();
  auto commit = peel_to_commit(repository, *target);
  if (!commit) return std::move(commit).error().within(printable(full_name));
  return std::optional<CommitId>(*commit);
}

std::vector<std::string> ref_names(git_repository* repository, std::optional<RefKind> only) {
  std::vector<std::string> names;
  (void)visit_refs(repository, prefix_of_remote(primary_remote(repository)),
                   [&](git_reference&, RefKind kind, std::string_view name, bool) {
                     if (!only || kind == *only) names.emplace_back(name);
                   });
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

Result<std::vector<FoundRef>> find_refs(git_repository* repository, std::vector<std::string>* skipped,
                                        std::optional<RefKind> only) {
  std::map<std::pair<RefKind, std::string>, FoundRef> found;
  std::unordered_map<CommitId, Result<CommitId>> peeled;  // the key is any object's id
  auto visited = visit_refs(
      repository, prefix_of_remote(primary_remote(repository)),
      [&](git_reference& reference, RefKind kind, std::string_view name, bool of_remote) {
        if (only && kind != *only) return;
        const char* const full_name = git_reference_name(&reference);
        const std::optional<git_oid> target = target_of(reference);
        if (!target) {
          if (skipped != nullptr) skipped->push_back(printable(full_name) + " points to a ref that is not there");
          return;
        }
        const CommitId key = to_id<CommitId>(*target);
        auto known = peeled.find(key);
        if (known == peeled.end()) known = peeled.emplace(key, peel_to_commit(repository, *target)).first;
        if (!known->second) {
          if (skipped != nullptr)
            skipped->push_back(fmt::format("{}: {}", printable(full_name), known->second.error().message));
          return;
        }
        const CommitId commit = *known->second;
        const auto [place, added] =
            found.try_emplace({kind, std::string(name)}, FoundRef{kind, std::string(name), full_name, commit, {}});
        if (added) return;
        FoundRef& other = place->second;
        if (other.commit == commit) {
          if (!of_remote) other.full_name = full_name;
        } else if (of_remote) {
          other.remote_commit = commit;
        } else {
          other.remote_commit = std::exchange(other.commit, commit);
          other.full_name = full_name;
        }
      });
  if (!visited) return std::move(visited).error();
  std::vector<FoundRef> refs;
  refs.reserve(found.size());
  for (auto& [key, ref] : found) refs.push_back(std::move(ref));
  if (skipped != nullptr) std::sort(skipped->begin(), skipped->end());
  return refs;
}

Result<RefList> Source::list_refs(std::optional<RefKind> only) const {
  auto lease = shared_->borrow();
  if (!lease) return std::move(lease).error();
  RefList list;
  auto found = find_refs(lease->get(), &list.skipped, only);
  if (!found) return std::move(found).error().within(printable(root().string()));
  std::unordered_map<CommitId, std::int64_t> times;
  list.refs.reserve(found->size());
  for (FoundRef& ref : *found) {
    const auto [time, added] = times.try_emplace(ref.commit, 0);
    if (added) {
      git_commit* raw = nullptr;
      const git_oid oid = to_oid(ref.commit);
      if (git_commit_lookup(&raw, lease->get(), &oid) == 0) time->second = git_commit_time(CommitHandle(raw).get());
    }
    list.refs.push_back({ref.kind, std::move(ref.name), std::move(ref.full_name), ref.commit, time->second,
                         ref.remote_commit});
  }
  judge_completeness(lease->get(), list);
  return list;
}

Result<RefList> Source::list_ref_names() const {
  auto lease = shared_->borrow();
  if (!lease) return std::move(lease).error();
  RefList list;
  std::set<std::pair<RefKind, std::string>> names;
  (void)visit_refs(lease->get(), prefix_of_remote(primary_remote(lease->get())),
                   [&](git_reference&, RefKind kind, std::string_view name, bool) { names.emplace(kind, name); });
  for (const auto& [kind, name] : names) {
    Ref& ref = list.refs.emplace_back();
    ref.kind = kind;
    ref.name = name;
  }
  judge_completeness(lease->get(), list);
  return list;
}

Result<TagList> Source::list_tags() const {
  constexpr std::size_t kMaxMessageBytes = 4096;
  if (kind() == SourceKind::plain) return TagList{{}, false, {"a plain folder without git has no tags"}};
  auto lease = shared_->borrow();
  if (!lease) return std::move(lease).error();
  git_repository* const repository = lease->get();
  auto found = find_refs(repository, nullptr, RefKind::tag);
  if (!found) return std::move(found).error().within(printable(root().string()));
  TagList list;
  list.tags.reserve(found->size());
  for (FoundRef& ref : *found) {
    Tag& tag = list.tags.emplace_back();
    tag.name = std::move(ref.name);
    tag.commit = ref.commit;
    git_commit* raw_commit = nullptr;
    const git_oid oid = to_oid(ref.commit);
    if (git_commit_lookup(&raw_commit, repository, &oid) == 0) tag.commit_time = git_commit_time(CommitHandle(raw_commit).get());
    tag.tagged_at = tag.commit_time;
    const ReferenceHandle reference = open_ref(repository, ref.full_name);
    // Not target_of(): a packed ref knows the commit too, and it is the tag that is wanted.
    const git_oid* const target = reference ? git_reference_target(reference.get()) : nullptr;
    git_object* raw = nullptr;
    if (target == nullptr || git_object_lookup(&raw, repository, target, GIT_OBJECT_TAG) != 0) continue;
    const ObjectHandle object(raw);
    const auto* annotated = reinterpret_cast<const git_tag*>(object.get());
    tag.annotated = true;
    if (const char* message = git_tag_message(annotated)) tag.message = std::string_view(message).substr(0, kMaxMessageBytes);
    if (const git_signature* tagger = git_tag_tagger(annotated)) tag.tagged_at = tagger->when.time;
  }
  RefList judged;
  judge_completeness(repository, judged);
  list.complete = judged.tags_complete;
  list.incomplete_because = std::move(judged.incomplete_because);
  return list;
}

Result<std::vector<std::pair<std::string, BlobId>>> Source::find_files(const CommitId& commit, const std::vector<std::string>& paths) const {
  auto lease = shared_->borrow();
  if (!lease) return std::move(lease).error();
  const git_oid oid = to_oid(commit);
  git_commit* raw_commit = nullptr;
  if (const int code = git_commit_lookup(&raw_commit, lease->get(), &oid); code < 0) return libgit2_error(code, "commit " + commit.short_hex());
  const CommitHandle held(raw_commit);
  git_tree* raw_tree = nullptr;
  if (const int code = git_commit_tree(&raw_tree, held.get()); code < 0) return libgit2_error(code, "the tree of commit " + commit.short_hex());
  const TreeHandle tree(raw_tree);
  std::vector<std::pair<std::string, BlobId>> found;
  for (const std::string& path : paths) {
    git_tree_entry* raw_entry = nullptr;
    const int code = git_tree_entry_bypath(&raw_entry, tree.get(), path.c_str());
    if (code == GIT_ENOTFOUND) continue;
    if (code < 0) return libgit2_error(code, printable(path) + " of commit " + commit.short_hex());
    const std::unique_ptr<git_tree_entry, FreeWith<git_tree_entry_free>> entry(raw_entry);
    const git_filemode_t mode = git_tree_entry_filemode(entry.get());
    if (mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE) found.emplace_back(path, to_id<BlobId>(*git_tree_entry_id(entry.get())));
  }
  return found;
}

}  // namespace trueup::git
