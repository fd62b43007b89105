#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "git/ids.hpp"
#include "git/remote_url.hpp"

namespace trueup::git {

/// What to have of a remote repository.
struct FetchRequest {
  std::string url;
  /// Holds one bare repository for each URL; made if it is not there. The caller decides ($XDG_CACHE_HOME/trueup).
  std::filesystem::path cache_folder;
  /// Names or patterns (git/glob.hpp). The default branch is always fetched.
  std::vector<std::string> branches = {};
  std::vector<std::string> tags = {};
  /// All history instead of the tips alone. History that is there already is kept.
  bool history = false;
  /// file:// and paths, for repositories on this machine.
  LocalUrls local_urls = LocalUrls::refused;
  /// For everything together, waiting for the lock included.
  std::chrono::milliseconds timeout = std::chrono::minutes(10);
  /// A name to be looked up in the absolute folders of PATH, or a path.
  std::string git_executable = "git";
  std::stop_token cancel = {};
};

/// A branch or tag that the server has, fetched or not.
struct RemoteRef {
  std::string name;
  /// As the server tells it; of an annotated tag the tag object.
  std::string id;
  bool fetched = false;
};

struct FetchedRepository {
  /// To be opened with Source::open(…, Discover::here). Its HEAD is the server's default branch; its config says what
  /// is complete, so that list_refs() is right about it, offline too.
  std::filesystem::path path;
  /// Nothing for an empty repository, or where the server's HEAD is detached.
  std::optional<std::string> default_branch;
  /// All that the server has, by name.
  std::vector<RemoteRef> heads, tags;
  /// Patterns and names of the request that match nothing there.
  std::vector<std::string> unmatched;
  bool heads_complete = false, tags_complete = false, history_complete = false;
};

/// Brings the cached copy of a remote repository up to date by running the user's `git` (their credential helpers,
/// proxies and ssh apply), fetching the wanted refs only and dropping others. Without shell, hooks, prompts, submodules
/// or transports besides those of validate_fetch_url(). Nothing is transferred when the wanted refs have not moved.
/// Concurrent runs wait for each other. Blocking; may be called from several threads.
/// Errors: malformed (the URL), not_found (no git; no such repository, or the credentials may not see it), denied
/// (credentials refused or missing), unreachable, timed_out, cancelled, over_limit. Messages hold no credentials.
Result<FetchedRepository> fetch(const FetchRequest& request);

/// Where fetch() keeps the copy of `url`, if it has one: for runs that may not ask the network.
std::optional<std::filesystem::path> cached_repository(std::string_view url, const std::filesystem::path& cache_folder);

}  // namespace trueup::git
