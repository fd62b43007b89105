// HEAD, remotes, and what they prove about how much of a repository its clone holds.

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "git/cache_marks.hpp"
#include "git/remote_settings.hpp"
#include "git/shared.hpp"
#include "git/source.hpp"

namespace trueup::git {
namespace {

constexpr std::string_view kHeads = "refs/heads/", kRemotes = "refs/remotes/";

/// "main" of refs/remotes/origin/HEAD -> refs/remotes/origin/main, if that is there.
std::optional<std::string> branch_of_remote_head(git_repository* repository, const std::string& remote) {
  const std::string prefix = prefix_of_remote(remote);
  const ReferenceHandle head = open_ref(repository, prefix + "HEAD");
  const char* const target = head ? git_reference_symbolic_target(head.get()) : nullptr;
  if (target == nullptr || !std::string_view(target).starts_with(prefix) || !open_ref(repository, target))
    return std::nullopt;
  return std::string(target).substr(prefix.size());
}

bool has_any_remote_branch(git_repository* repository, const std::string& prefix) {
  git_reference_iterator* raw = nullptr;
  if (git_reference_iterator_glob_new(&raw, repository, (prefix + "*").c_str()) < 0) return false;
  const ReferenceIteratorHandle iterator(raw);
  const char* name = nullptr;
  return git_reference_next_name(&name, iterator.get()) == 0;
}

}  // namespace

std::string prefix_of_remote(const std::string& remote) {
  return remote.empty() ? std::string() : fmt::format("{}{}/", kRemotes, remote);
}

std::string primary_remote(git_repository* repository) {
  const std::vector<RemoteSettings> remotes = read_remote_settings(repository);
  if (remotes.empty()) return {};
  const std::string& first = remotes.front().name;
  return remotes.size() == 1 || first == "upstream" || first == "origin" ? first : std::string();
}

void judge_completeness(git_repository* repository, RefList& list) {
  const auto incomplete = [&list](bool& flag, std::string because) {
    flag = false;
    list.incomplete_because.push_back(std::move(because));
  };
  git_config* raw_config = nullptr;
  if (const int code = git_repository_config_snapshot(&raw_config, repository); code < 0) {
    const std::string because = libgit2_error(code, "the repository's config cannot be read").message;
    for (bool* const flag : {&list.heads_complete, &list.tags_complete}) incomplete(*flag, because);
    return;
  }
  const ConfigHandle config(raw_config);
  const bool shallow = git_repository_is_shallow(repository) != 0;
  int heads_complete = 0, tags_complete = 0;
  if (git_config_get_bool(&heads_complete, config.get(), kHeadsCompleteKey) == 0 &&
      git_config_get_bool(&tags_complete, config.get(), kTagsCompleteKey) == 0) {
    if (shallow) incomplete(list.history_complete, "only the tips were fetched into the cache");
    if (heads_complete == 0) incomplete(list.heads_complete, "only the wanted branches were fetched into the cache");
    if (tags_complete == 0) incomplete(list.tags_complete, "only the wanted tags were fetched into the cache");
    return;
  }
  const std::string name = primary_remote(repository);
  const std::vector<RemoteSettings> remotes = read_remote_settings(repository);
  const RemoteSettings* const remote = name.empty() ? nullptr : &remotes.front();
  const std::vector<std::string> sources = remote ? remote->fetched : std::vector<std::string>();
  const bool excludes = std::any_of(sources.begin(), sources.end(), [](const auto& s) { return s.starts_with('^'); });
  const auto fetches = [&](std::string_view wanted) {
    return !excludes && (std::find(sources.begin(), sources.end(), "refs/*") != sources.end() ||
                         std::find(sources.begin(), sources.end(), wanted) != sources.end());
  };
  // `git clone --bare` leaves no refspec behind and has all refs of that moment.
  const bool bare_copy = remote && sources.empty() && git_repository_is_bare(repository) != 0;
  const bool mirror = fetches("refs/*");

  if (shallow) {
    incomplete(list.history_complete, fmt::format("shallow clone: {}", kCompleteHistory));
    // --depth implies one branch unless told otherwise, and actions/checkout fetches one ref by hand while the config
    // claims them all.
    if (!mirror && remote) {
      incomplete(list.heads_complete, fmt::format("shallow clone: other branches may not have been fetched; {}",
                                                  kCompleteHistory));
      incomplete(list.tags_complete, "shallow clone: tags may not have been fetched");
    }
  }
  if (remotes.empty() || mirror) return;
  if (!remote) {
    incomplete(list.heads_complete,
               "of several remotes none is called upstream or origin, so it is not known whose branches count");
    return;
  }
  if (!bare_copy && !fetches("refs/heads/*")) {
    incomplete(list.heads_complete,
               fmt::format("remote {} is set up to fetch some branches only (remote.{}.fetch)", name, name));
    if (!fetches("refs/tags/*"))
      incomplete(list.tags_complete, fmt::format("only tags of the fetched branches are here; `git fetch {} --tags` "
                                                 "fetches all",
                                                 name));
  } else if (!bare_copy && git_repository_is_bare(repository) == 0 &&
             !has_any_remote_branch(repository, prefix_of_remote(name))) {
    incomplete(list.heads_complete, fmt::format("remote {} was never fetched: `git fetch {}`", name, name));
    incomplete(list.tags_complete, fmt::format("remote {} was never fetched: `git fetch {} --tags`", name, name));
  }
  if (remote->tag_option == "--no-tags" && !fetches("refs/tags/*"))
    incomplete(list.tags_complete, fmt::format("remote.{}.tagOpt is --no-tags: `git fetch {} --tags`", name, name));
}

Result<DefaultBranch> find_default_branch(git_repository* repository) {
  std::string before;
  if (git_repository_is_bare(repository) != 0) {
    const ReferenceHandle head = open_ref(repository, "HEAD");
    const char* const target = head ? git_reference_symbolic_target(head.get()) : nullptr;
    if (target == nullptr) {
      before = "HEAD is detached; ";
    } else if (std::string_view(target).starts_with(kHeads)) {
      const std::string branch = std::string(target).substr(kHeads.size());
      if (open_ref(repository, target)) return DefaultBranch{branch, "HEAD of the bare repository"};
      before = fmt::format("HEAD names {}, which has no commit; ", printable(branch));
    }
  } else if (const std::string primary = primary_remote(repository); !primary.empty()) {
    // `git clone` sets origin's; a remote that was added later often has none.
    for (const std::string& remote : {primary, std::string("origin")}) {
      if (auto branch = branch_of_remote_head(repository, remote))
        return DefaultBranch{std::move(branch), fmt::format("HEAD of remote {}", remote)};
    }
    before = fmt::format("the clone does not know the HEAD of remote {} (`git remote set-head {} --auto`); ", primary,
                         primary);
  }
  const std::vector<std::string> branches = ref_names(repository, RefKind::branch);
  for (const char* const usual : {"main", "master"}) {
    if (std::binary_search(branches.begin(), branches.end(), std::string(usual)))
      return DefaultBranch{usual, fmt::format("{}there is a branch {}", before, usual)};
  }
  if (branches.size() == 1) return DefaultBranch{branches.front(), before + "the only branch"};
  if (branches.empty()) return DefaultBranch{std::nullopt, before + "there is no branch with a commit"};
  return DefaultBranch{std::nullopt,
                       fmt::format("{}none of {} branches is called main or master", before, branches.size())};
}

Result<DefaultBranch> Source::default_branch() const {
  auto lease = shared_->borrow();
  if (!lease) return std::move(lease).error();
  return find_default_branch(lease->get());
}

Result<Head> Source::head() const {
  auto lease = shared_->borrow();
  if (!lease) return std::move(lease).error();
  const ReferenceHandle head = open_ref(lease->get(), "HEAD");
  if (!head) return Error{Fault::malformed, printable(root().string()) + ": HEAD cannot be read"};
  Head where;
  if (const char* const target = git_reference_symbolic_target(head.get());
      target != nullptr && std::string_view(target).starts_with(kHeads))
    where.branch = std::string(target).substr(kHeads.size());
  auto commit = commit_of_ref(lease->get(), "HEAD");
  if (!commit) return std::move(commit).error();
  where.commit = *commit;
  return where;
}

Result<std::vector<Remote>> Source::remotes() const {
  std::vector<Remote> all;
  if (kind() == SourceKind::plain) return all;
  auto lease = shared_->borrow();
  if (!lease) return std::move(lease).error();
  for (RemoteSettings& remote : read_remote_settings(lease->get())) {
    auto address = parse_remote_url(remote.url);
    all.push_back({std::move(remote.name), std::move(remote.url), std::move(address)});
  }
  return all;
}

}  // namespace trueup::git
