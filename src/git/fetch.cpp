#include "git/fetch.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>
#include <set>
#include <thread>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "git/cache_marks.hpp"
#include "git/file_descriptor.hpp"
#include "git/glob.hpp"
#include "git/process.hpp"
#include "git/shared.hpp"

extern char** environ;

namespace trueup::git {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::string_view kHeads = "refs/heads/", kTags = "refs/tags/";

fs::path repository_path(std::string_view url, const fs::path& cache_folder) {
  return cache_folder / "repositories" / (sha256_hex(url) + ".git");
}

/// The caller's environment without what would lead git to another repository (a hook sets GIT_DIR), and with what
/// keeps it from asking questions and from other transports.
std::vector<std::string> environment_for_git(LocalUrls local) {
  constexpr std::array<std::string_view, 16> kDropped = {
      "GIT_DIR=",          "GIT_WORK_TREE=",        "GIT_INDEX_FILE=",  "GIT_OBJECT_DIRECTORY=",
      "GIT_NAMESPACE=",    "GIT_COMMON_DIR=",       "GIT_PREFIX=",      "GIT_ALTERNATE_OBJECT_DIRECTORIES=",
      "GIT_SHALLOW_FILE=", "GIT_GRAFT_FILE=",       "GIT_CONFIG=",      "GIT_REPLACE_REF_BASE=",
      "GIT_TERMINAL_PROMPT=", "GIT_ALLOW_PROTOCOL=", "LC_ALL=",         "SSH_ASKPASS_REQUIRE="};
  std::vector<std::string> kept;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    if (std::none_of(kDropped.begin(), kDropped.end(), [&](auto name) { return text.starts_with(name); }))
      kept.emplace_back(text);
  }
  kept.push_back(std::string("GIT_ALLOW_PROTOCOL=https:ssh") + (local == LocalUrls::allowed ? ":file" : ""));
  kept.emplace_back("GIT_TERMINAL_PROMPT=0");
  kept.emplace_back("SSH_ASKPASS_REQUIRE=never");
  kept.emplace_back("LC_ALL=C");  // its messages are told apart below
  return kept;
}

/// What went wrong, from what git, ssh or the server said.
Error explain(std::string_view url, const ProcessOutcome& outcome) {
  const std::string said = redact_urls(outcome.errors);
  const auto says = [&](std::initializer_list<std::string_view> texts) {
    return std::any_of(texts.begin(), texts.end(), [&](auto text) { return said.find(text) != std::string::npos; });
  };
  Fault fault = Fault::unreachable;
  std::string way_out;
  if (says({"could not read Username", "could not read Password", "Authentication failed", "Permission denied",
            "Access denied", "access denied", "error: 401", "error: 403", "Host key verification failed"})) {
    fault = Fault::denied;
    way_out = "; set up a credential helper or a key for git, so that `git ls-remote` works without questions";
  } else if (says({"dubious ownership"})) {
    fault = Fault::denied;
  } else if (says({"not allowed"})) {
    fault = Fault::malformed;
  } else if (says({"not found", "does not appear to be a git repository", "does not exist"})) {
    fault = Fault::not_found;
    way_out = "; it is missing, or these credentials may not see it";
  }
  // The last lines that say something; the first are often progress and banners.
  std::vector<std::string> lines;
  for (const std::string_view line : split(said, '\n')) {
    if (!trim(line).empty()) lines.emplace_back(trim(line));
  }
  if (lines.size() > 3) lines.erase(lines.begin(), lines.end() - 3);
  std::string text = join(lines, " / ");
  if (text.size() > 600) text.resize(600);
  if (text.empty()) text = fmt::format("git ended with status {}", outcome.exit_code);
  return Error{fault, fmt::format("{}: {}{}", printable(redact_urls(url)), printable(text), way_out)};
}

/// One line of `git ls-remote`: what a server has.
struct RemoteState {
  std::optional<std::string> default_branch;
  std::map<std::string, std::string> heads, tags;  // short name to id
};

RemoteState read_listing(std::string_view output) {
  RemoteState state;
  std::string head_id;
  for (const std::string_view line : split(output, '\n')) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos) continue;
    const std::string_view left = line.substr(0, tab), name = line.substr(tab + 1);
    constexpr std::string_view kSymbolic = "ref: refs/heads/";
    if (left.starts_with(kSymbolic)) {
      if (name == "HEAD") state.default_branch = std::string(left.substr(kSymbolic.size()));
    } else if (!CommitId::from_hex(left) || git_reference_is_valid_name(std::string(name).c_str()) == 0) {
      continue;  // HEAD's own id, "refs/tags/v1^{}", what this version does not know
    } else if (name.starts_with(kHeads)) {
      state.heads.emplace(name.substr(kHeads.size()), left);
    } else if (name.starts_with(kTags)) {
      state.tags.emplace(name.substr(kTags.size()), left);
    }
  }
  if (state.default_branch && !state.heads.contains(*state.default_branch)) state.default_branch.reset();
  // A detached HEAD, or a server that does not tell.
  for (const char* const usual : {"main", "master"}) {
    if (!state.default_branch && state.heads.contains(usual)) state.default_branch = usual;
  }
  if (!state.default_branch && state.heads.size() == 1) state.default_branch = state.heads.begin()->first;
  return state;
}

/// Marks what `patterns` ask for; those that match nothing go to `unmatched`.
std::vector<RemoteRef> select(const std::map<std::string, std::string>& refs, const std::vector<std::string>& patterns,
                              std::vector<std::string>& unmatched) {
  std::vector<RemoteRef> selected;
  for (const auto& [name, id] : refs) selected.push_back({name, id, false});
  for (const std::string& pattern : patterns) {
    bool matched = false;
    for (RemoteRef& ref : selected) {
      if (pattern != ref.name && !(is_ref_glob(pattern) && ref_glob_matches(pattern, ref.name))) continue;
      ref.fetched = matched = true;
    }
    if (!matched) unmatched.push_back(pattern);
  }
  return selected;
}

bool all_fetched(const std::vector<RemoteRef>& refs) {
  return std::all_of(refs.begin(), refs.end(), [](const RemoteRef& ref) { return ref.fetched; });
}

class Fetch {
 public:
  Fetch(const FetchRequest& request, fs::path git, fs::path path)
      : request_(request),
        git_(std::move(git)),
        path_(std::move(path)),
        deadline_(Clock::now() + request.timeout),
        environment_(environment_for_git(request.local_urls)) {}

  Result<FetchedRepository> run() {
    FileDescriptor lock;
    if (auto locked = take_lock(lock); !locked) return std::move(locked).error();
    if (auto prepared = prepare(); !prepared) return std::move(prepared).error();
    for (bool again : {true, false}) {
      auto listed = run_git({"ls-remote", "--symref", "--", request_.url, "HEAD", "refs/heads/*", "refs/tags/*"}, "");
      if (!listed) return std::move(listed).error();
      if (listed->exit_code != 0) return explain(request_.url, *listed);
      FetchedRepository fetched = choose(read_listing(listed->output));
      if (auto dropped = drop_others(fetched); !dropped) return std::move(dropped).error();
      if (!is_current(fetched)) {
        auto transferred = transfer(fetched);
        if (!transferred) return std::move(transferred).error();
        // A branch that was deleted between the listing and the transfer: ask once more.
        if (transferred->exit_code != 0 && again &&
            transferred->errors.find("couldn't find remote ref") != std::string::npos)
          continue;
        if (transferred->exit_code != 0) return explain(request_.url, *transferred);
      }
      if (auto marked = mark(fetched); !marked) return std::move(marked).error();
      return fetched;
    }
    return Error{Fault::unreachable, printable(redact_urls(request_.url)) + ": its refs change too quickly"};
  }

 private:
  Result<ProcessOutcome> run_git(std::vector<std::string> command, std::string input) const {
    std::vector<std::string> arguments = {"--git-dir=" + path_.string()};
    for (const char* const setting :
         {"core.hooksPath=/dev/null", "core.fsmonitor=false", "submodule.recurse=false",
          "fetch.recurseSubmodules=false",
          // Within the lock, not in the background.
          "gc.autoDetach=false", "maintenance.autoDetach=false",
          // A connection that hangs is given up long before the time-out of the whole.
          "http.lowSpeedLimit=1000", "http.lowSpeedTime=60"}) {
      arguments.emplace_back("-c");
      arguments.emplace_back(setting);
    }
    arguments.insert(arguments.end(), command.begin(), command.end());
    auto outcome = run_process({.executable = git_,
                                .arguments = std::move(arguments),
                                .environment = environment_,
                                .folder = path_,
                                .input = std::move(input),
                                .deadline = deadline_,
                                .cancel = request_.cancel});
    if (!outcome) return std::move(outcome).error().within(printable(redact_urls(request_.url)));
    return outcome;
  }

  /// A lock of the system's on a file beside the repository: it ends with this process, whatever happens.
  Result<void> take_lock(FileDescriptor& lock) const {
    std::error_code failed;
    fs::create_directories(path_.parent_path(), failed);
    fs::path file = path_;
    file.replace_extension(".lock");
    lock = FileDescriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!lock.is_open()) {
      return Error{Fault::denied, fmt::format("the cache folder {} cannot be written: {}",
                                              printable(request_.cache_folder.string()), std::strerror(errno))};
    }
    while (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
      if (request_.cancel.stop_requested()) return Error{Fault::cancelled, "fetching was cancelled"};
      if (Clock::now() >= deadline_) {
        return Error{Fault::timed_out, fmt::format("{}: another run is fetching it and did not end in time",
                                                   printable(redact_urls(request_.url)))};
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return {};
  }

  /// Opens the cached repository, made new if it is not there or no longer readable.
  Result<void> prepare() {
    auto opened = open_repository(path_, GIT_REPOSITORY_OPEN_NO_SEARCH);
    if (!opened) {
      std::error_code failed;
      fs::remove_all(path_, failed);
      fs::create_directories(path_, failed);
      fs::permissions(path_, fs::perms::owner_all, failed);
      git_repository* raw = nullptr;
      if (const int code = git_repository_init(&raw, path_.c_str(), 1); code < 0)
        return libgit2_error(code, fmt::format("the cache at {} cannot be made", printable(path_.string())));
      repository_.reset(raw);
      return {};
    }
    repository_ = std::move(*opened);
    // We hold the lock, so git's own lock files are left from a run that was ended hard.
    std::error_code failed;
    std::vector<fs::path> stale;
    for (const auto& entry : fs::directory_iterator(path_, failed)) stale.push_back(entry.path());
    for (const auto& entry : fs::recursive_directory_iterator(path_ / "refs", failed)) stale.push_back(entry.path());
    for (const fs::path& file : stale) {
      if (file.extension() == ".lock") fs::remove(file, failed);
    }
    return {};
  }

  FetchedRepository choose(const RemoteState& state) const {
    FetchedRepository fetched;
    fetched.path = path_;
    fetched.default_branch = state.default_branch;
    fetched.heads = select(state.heads, request_.branches, fetched.unmatched);
    fetched.tags = select(state.tags, request_.tags, fetched.unmatched);
    for (RemoteRef& head : fetched.heads) head.fetched = head.fetched || head.name == state.default_branch;
    fetched.heads_complete = all_fetched(fetched.heads);
    fetched.tags_complete = all_fetched(fetched.tags);
    return fetched;
  }

  template <typename Visit>
  static void for_each_wanted(const FetchedRepository& fetched, const Visit& visit) {
    for (const RemoteRef& head : fetched.heads)
      if (head.fetched) visit(std::string(kHeads) + head.name, head.id);
    for (const RemoteRef& tag : fetched.tags)
      if (tag.fetched) visit(std::string(kTags) + tag.name, tag.id);
  }

  /// Removes the refs that are not wanted now, before the transfer: a branch "a" that is gone would be in the way of
  /// "a/b".
  Result<void> drop_others(const FetchedRepository& fetched) const {
    std::set<std::string> wanted;
    for_each_wanted(fetched, [&](std::string name, const std::string&) { wanted.insert(std::move(name)); });
    git_strarray names{};
    if (const int code = git_reference_list(&names, repository_.get()); code < 0)
      return libgit2_error(code, "the refs of the cache");
    // By git, in one go: libgit2 writes the file of packed refs again for each.
    std::string commands;
    for (std::size_t i = 0; i < names.count; ++i) {
      if (!wanted.contains(names.strings[i])) commands += fmt::format("delete {}\n", names.strings[i]);
    }
    git_strarray_dispose(&names);
    if (commands.empty()) return {};
    auto dropped = run_git({"update-ref", "--stdin"}, std::move(commands));
    if (!dropped) return std::move(dropped).error();
    if (dropped->exit_code != 0) return explain(request_.url, *dropped);
    return {};
  }

  bool is_shallow() const { return git_repository_is_shallow(repository_.get()) != 0; }

  bool is_current(const FetchedRepository& fetched) const {
    if (request_.history && is_shallow()) return false;
    bool current = true;
    for_each_wanted(fetched, [&](const std::string& name, const std::string& id) {
      git_oid here;
      current = current && git_reference_name_to_id(&here, repository_.get(), name.c_str()) == 0 &&
                to_id<CommitId>(here).hex() == id;
    });
    return current;
  }

  Result<ProcessOutcome> transfer(const FetchedRepository& fetched) const {
    // A full history must not be cut off again by a depth.
    const bool empty = git_repository_is_empty(repository_.get()) == 1;
    std::vector<std::string> command = {"fetch", "--quiet", "--no-tags", "--no-recurse-submodules",
                                        "--no-write-fetch-head", "--force"};
    if (request_.history && is_shallow()) command.emplace_back("--unshallow");
    if (!request_.history && (is_shallow() || empty)) command.emplace_back("--depth=1");
    command.insert(command.end(), {"--stdin", "--", request_.url});
    std::string refspecs;
    for_each_wanted(fetched, [&](const std::string& name, const std::string&) {
      refspecs += fmt::format("+{}:{}\n", name, name);
    });
    return run_git(std::move(command), std::move(refspecs));
  }

  /// Writes down what the cache holds, for list_refs() and default_branch(), and for runs without a network.
  Result<void> mark(FetchedRepository& fetched) const {
    fetched.history_complete = !is_shallow();
    if (fetched.default_branch)
      git_repository_set_head(repository_.get(), (std::string(kHeads) + *fetched.default_branch).c_str());
    git_config* raw = nullptr;
    int code = git_repository_config(&raw, repository_.get());
    if (code < 0) return libgit2_error(code, "the cache's config");
    const ConfigHandle config(raw);
    code = git_config_set_string(config.get(), "remote.origin.url", redact_urls(request_.url).c_str());
    if (code == 0) code = git_config_set_bool(config.get(), kHeadsCompleteKey, fetched.heads_complete);
    if (code == 0) code = git_config_set_bool(config.get(), kTagsCompleteKey, fetched.tags_complete);
    if (code < 0) return libgit2_error(code, "the cache's config");
    return {};
  }

  const FetchRequest& request_;
  fs::path git_, path_;
  Clock::time_point deadline_;
  std::vector<std::string> environment_;
  RepositoryHandle repository_;
};

}  // namespace

Result<FetchedRepository> fetch(const FetchRequest& request) {
  if (auto valid = validate_fetch_url(request.url, request.local_urls); !valid) return std::move(valid).error();
  auto git = find_executable(request.git_executable);
  if (!git) {
    return Error{Fault::not_found,
                 fmt::format("the program {} was not found, which fetches repositories; install it (Debian: apt-get "
                             "install git), or give the repository's `path:`",
                             printable(request.git_executable))};
  }
  start_libgit2();
  std::error_code failed;
  const fs::path cache = fs::absolute(request.cache_folder, failed);
  return Fetch(request, std::move(*git), repository_path(request.url, cache)).run();
}

std::optional<fs::path> cached_repository(std::string_view url, const fs::path& cache_folder) {
  std::error_code failed;
  fs::path path = repository_path(url, fs::absolute(cache_folder, failed));
  if (!fs::exists(path / "HEAD", failed)) return std::nullopt;
  const auto opened = open_repository(path, GIT_REPOSITORY_OPEN_NO_SEARCH);
  if (!opened) return std::nullopt;
  git_config* raw = nullptr;
  if (git_repository_config_snapshot(&raw, opened->get()) < 0) return std::nullopt;
  const ConfigHandle config(raw);
  int complete = 0;  // written at the end of a fetch
  if (git_config_get_bool(&complete, config.get(), kHeadsCompleteKey) < 0) return std::nullopt;
  return path;
}

}  // namespace trueup::git
