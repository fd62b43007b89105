#include "facts/extract/workspace.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "formats/path_join.hpp"

namespace trueup::facts {
namespace {

using formats::CalledFile;
using formats::ShellCommand;

constexpr std::size_t kMaxFilledFolders = 64;

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

/// Folders of build results, seldom committed.
constexpr auto kOutputFolders = std::to_array<std::string_view>(
    {"build", "dist", "target", "out", "output", "bin", "obj", "vendor", "_build", "tmp", "temp", "generated", "gen"});
/// Folders that no repository commits.
constexpr auto kToolFolders = std::to_array<std::string_view>({"node_modules", ".venv", "venv", ".cache", ".tox"});
/// What a command may put into the folder it runs in: files next to the sources, or files of any name. Some need a look
/// at their arguments. Sorted by name.
enum class Effect : std::uint8_t { builds, unpacks, looks };
struct Tool {
  std::string_view name;
  Effect effect;
};
constexpr auto kTools = std::to_array<Tool>({
    {"7z", Effect::unpacks}, {"7za", Effect::unpacks}, {"autoreconf", Effect::builds}, {"aws", Effect::unpacks},
    {"az", Effect::unpacks}, {"bazel", Effect::builds}, {"bun", Effect::builds}, {"bundle", Effect::builds},
    {"cargo", Effect::builds}, {"cmake", Effect::builds}, {"cp", Effect::looks}, {"cpio", Effect::unpacks},
    {"deno", Effect::builds}, {"dotnet", Effect::builds}, {"dvc", Effect::unpacks}, {"gcloud", Effect::unpacks},
    {"gh", Effect::looks}, {"git", Effect::looks}, {"gmake", Effect::builds}, {"go", Effect::builds},
    {"goreleaser", Effect::builds}, {"gradle", Effect::builds}, {"gsutil", Effect::unpacks}, {"helm", Effect::looks},
    {"hg", Effect::unpacks}, {"jar", Effect::unpacks}, {"just", Effect::builds}, {"make", Effect::builds},
    {"meson", Effect::builds}, {"mv", Effect::unpacks}, {"mvn", Effect::builds}, {"ninja", Effect::builds},
    {"node", Effect::builds}, {"npm", Effect::builds}, {"npx", Effect::builds}, {"oras", Effect::unpacks},
    {"patch", Effect::unpacks}, {"pip", Effect::builds}, {"pip3", Effect::builds}, {"pnpm", Effect::builds},
    {"poetry", Effect::builds}, {"python", Effect::builds}, {"python3", Effect::builds}, {"rake", Effect::builds},
    {"rclone", Effect::unpacks}, {"rsync", Effect::unpacks}, {"sbt", Effect::builds}, {"scp", Effect::unpacks},
    {"sftp", Effect::unpacks}, {"svn", Effect::unpacks}, {"tar", Effect::unpacks}, {"task", Effect::builds},
    {"unzip", Effect::unpacks}, {"uv", Effect::builds}, {"virtualenv", Effect::builds}, {"yarn", Effect::builds},
});
static_assert(std::ranges::is_sorted(kTools, {}, &Tool::name));
constexpr auto kGitFetchers = std::to_array<std::string_view>(
    {"clone", "checkout", "switch", "submodule", "worktree", "reset", "merge", "rebase", "cherry-pick", "apply", "am",
     "stash", "read-tree", "subtree", "sparse-checkout", "archive"});
/// What an action's name says when it brings files.
constexpr auto kBringingNames = std::to_array<std::string_view>(
    {"download", "checkout", "fetch", "artifact", "cache", "clone", "unzip", "extract", "restore", "submodule"});
/// Revisions that hold the files of the commit that runs, or of the one that it is about.
constexpr auto kOwnRevisions = std::to_array<std::string_view>(
    {"github.sha", "github.ref", "github.ref_name", "github.head_ref", "github.workflow_sha",
     "github.event.pull_request.head.sha", "github.event.pull_request.head.ref",
     "github.event.pull_request.merge_commit_sha", "github.event.workflow_run.head_sha",
     "github.event.workflow_run.head_branch", "github.event.after"});
constexpr auto kFileTests = std::to_array<std::string_view>({"-f", "-e", "-x", "-s", "-r", "-d"});
constexpr auto kPrefixCommands = std::to_array<std::string_view>({"sudo", "command", "time", "exec", "nohup", "env"});

/// Programs that leave no files in the folder: all of them, or with these subcommands.
struct Harmless {
  std::string_view program, subcommands;
};
constexpr auto kHarmless = std::to_array<Harmless>({
    {":", ""}, {"[", ""}, {"[[", ""}, {"basename", ""}, {"cat", ""}, {"command", ""}, {"cut", ""}, {"date", ""},
    {"declare", ""}, {"df", ""}, {"dirname", ""}, {"docker", "login logout info version pull push tag"}, {"echo", ""},
    {"env", ""}, {"exit", ""}, {"export", ""}, {"false", ""}, {"gh", "api auth issue pr release run variable workflow"},
    {"git", "config"}, {"grep", ""}, {"head", ""}, {"helm", "registry repo push version plugin"}, {"jq", ""}, {"kubectl", ""},
    {"local", ""}, {"ls", ""}, {"printf", ""}, {"pwd", ""}, {"set", ""}, {"sleep", ""}, {"sort", ""}, {"tail", ""},
    {"test", ""}, {"tr", ""}, {"true", ""}, {"uname", ""}, {"wc", ""}, {"which", ""},
});

bool contains_word(std::string_view words, std::string_view word) {
  const auto list = split(words, ' ');
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool has_hole(std::string_view text) { return text.find("${{") != std::string_view::npos; }

template <std::size_t N>
bool has_folder(std::string_view path, const std::array<std::string_view, N>& folders) {
  for (std::size_t slash; (slash = path.find('/')) != std::string_view::npos; path.remove_prefix(slash + 1))
    if (is_one_of(path.substr(0, slash), folders)) return true;
  return false;
}

bool is_under(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || static_cast<unsigned char>(c) >= 0x80;
}

bool is_own_revision(std::string_view revision) {
  return std::any_of(kOwnRevisions.begin(), kOwnRevisions.end(),
                     [&](std::string_view own) { return is_template_of(revision, own); });
}

/// Whether the script looks whether files are there before it runs them.
bool tests_files(const formats::ShellScript& script) {
  for (const ShellCommand& command : script.commands) {
    const auto name = command.name();
    if (name != "[" && name != "[[" && name != "test") continue;
    for (const formats::ShellWord& word : command.words) {
      const auto option = word.constant();
      if (option && is_one_of(*option, kFileTests)) return true;
    }
  }
  return false;
}

}  // namespace

std::optional<std::string_view> ActionArguments::find(std::string_view name) const {
  for (auto argument = arguments_.rbegin(); argument != arguments_.rend(); ++argument) {
    if (!equal_ignoring_ascii_case(argument->first, name)) continue;
    const std::string_view value = trim(argument->second);
    return value.empty() ? std::nullopt : std::optional(value);
  }
  return std::nullopt;
}

bool is_template_of(std::string_view text, std::string_view inner) {
  text = trim(text);
  if (!text.starts_with("${{") || !text.ends_with("}}")) return false;
  return equal_ignoring_ascii_case(trim(text.substr(3, text.size() - 5)), inner);
}

bool is_own_repository(std::optional<std::string_view> written) {
  return !written || trim(*written).empty() || is_template_of(*written, "github.repository") ||
         is_template_of(*written, "github.event.repository.full_name");
}

std::string_view Workspace::holds() const {
  if (own_ && made_ != Made::anything) return "own";
  return !own_ && !written_ && made_ == Made::nothing && filled_.empty() ? "empty" : "other";
}

bool Workspace::holds_own(std::string_view path) {
  if (!own_ || made_ == Made::anything || has_folder(path, kToolFolders)) return false;
  for (const std::string& folder : filled_)
    if (is_under(path, folder)) return false;
  if (const auto known = mentioned_.find(std::string(path)); known != mentioned_.end()) return known->second;
  if (made_ >= Made::outputs && has_folder(path, kOutputFolders)) return false;
  if (made_ >= Made::top_level && path.find('/') == std::string_view::npos) return false;
  return !is_written_before(path);
}

/// Whether a script before names a file like this one, other than by running it: it may have written it.
bool Workspace::is_written_before(std::string_view path) {
  for (std::string_view text : unlisted_) {
    while (!text.empty()) {
      const auto begin = std::find_if(text.begin(), text.end(), is_word_character);
      const auto end = std::find_if_not(begin, text.end(), is_word_character);
      if (begin != end) words_.emplace(&*begin, static_cast<std::size_t>(end - begin));
      text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
    }
  }
  unlisted_.clear();
  return words_.contains(path.substr(path.rfind('/') + 1));
}

void Workspace::fill(std::string_view path) {
  path = trim(path);
  // Home folders and absolute ones lie outside.
  if (path.starts_with('~') || path.starts_with('/') || path.starts_with('!')) return;
  if (is_template_of(path.substr(0, path.find('/')), "runner.temp")) return;
  const bool computed = has_hole(path) || path.find('*') != std::string_view::npos;
  const auto folder = computed ? std::nullopt : formats::join_path("", path);
  if (!folder || folder->empty() || filled_.size() >= kMaxFilledFolders) make(Made::anything);
  else filled_.push_back(*folder);
}

void Workspace::check_out(const ActionArguments& arguments, bool conditional) {
  const auto path = arguments.find("path");
  if (path && clean_local_path(*path) != "") return fill(*path);
  const auto revision = arguments.find("ref");
  if (!is_own_repository(arguments.find("repository")) || (revision && !is_own_revision(*revision))) {
    foreign_ = !is_own_repository(arguments.find("repository"));
    own_ = false;
    return make(Made::anything);
  }
  // It empties the folder first.
  if (!conditional) {
    made_ = Made::nothing;
    foreign_ = false;
    filled_.clear();
  }
  own_ = true;
  const auto submodules = arguments.find("submodules");
  if ((submodules && !equal_ignoring_ascii_case(*submodules, "false")) || arguments.find("sparse-checkout"))
    make(Made::anything);
}

void Workspace::use_action(const UsesReference& uses, const ActionArguments& arguments, bool conditional) {
  if (uses.form == UsesForm::docker || uses.form == UsesForm::local_action || uses.form == UsesForm::unreadable)
    return make(Made::outputs);
  if (uses.is_action("actions/checkout")) return check_out(arguments, conditional);
  const std::string slug = ascii_lower(uses.slug);
  const std::string name = uses.path ? slug + '/' + ascii_lower(*uses.path) : slug;
  const bool is_cache = name == "actions/cache" || name == "actions/cache/restore";
  if (name == "actions/download-artifact" || is_cache) {
    const auto paths = arguments.find("path");
    if (!paths) return is_cache ? void() : make(Made::anything);
    for (const std::string_view path : split(*paths, '\n'))
      if (!trim(path).empty()) fill(path);
    return;
  }
  if (name == "actions/github-script") return make(Made::top_level);
  if (slug.starts_with("actions/") || slug.starts_with("docker/")) return;
  const bool brings = std::any_of(kBringingNames.begin(), kBringingNames.end(),
                                  [&](std::string_view word) { return name.find(word) != std::string::npos; });
  make(brings ? Made::anything : Made::outputs);
}

void Workspace::run_command(const ShellCommand& command) {
  auto word = command.words.begin();
  const auto next = [&] { return word != command.words.end() ? (word++)->constant() : std::nullopt; };
  auto program = next();
  while (program && is_one_of(*program, kPrefixCommands)) program = next();
  if (!program) return;
  const std::string_view name = std::string_view(*program).substr(program->rfind('/') + 1);
  const auto tool = std::ranges::lower_bound(kTools, name, {}, &Tool::name);
  if (tool == kTools.end() || tool->name != name) return;
  if (tool->effect == Effect::unpacks) return make(Made::anything);
  if (tool->effect == Effect::builds) return make(Made::top_level);

  auto argument = next();
  if (name == "git") {
    while (argument && argument->starts_with('-')) {
      if (argument == "-C" || argument == "-c") next();
      argument = next();
    }
    if (!argument || !is_one_of(*argument, kGitFetchers)) return;
    const auto option = next();
    // A new branch, or the files of the commit at hand.
    if (option == "-b" || option == "-B" || option == "-c" || option == "-C" || option == "--") return;
    return make(Made::anything);
  }
  if (!argument) return;
  if (name == "cp" && argument->starts_with('-')) make(Made::anything);
  if (name == "helm" && (argument == "pull" || argument == "fetch")) make(Made::anything);
  if (name == "gh") {
    const auto action = next();
    if (action == "download" || action == "clone" || action == "checkout") make(Made::anything);
  }
}

/// Whether the script has a command that may leave a file in the folder.
void Workspace::note_writing(const formats::ShellScript& script) {
  if (written_ || !script.complete) {
    written_ = true;
    return;
  }
  const auto writes_file = [](const formats::Redirection& made) {
    const std::string target = made.target.constant().value_or(made.target.parts.empty() ? "file" : made.target.parts.front().name);
    return made.op.find('>') != std::string::npos && made.op != ">&" && !target.starts_with("/dev/") &&
           !target.starts_with("GITHUB_");
  };
  for (const formats::ShellGroup& group : script.groups)
    written_ = written_ || std::any_of(group.redirections.begin(), group.redirections.end(), writes_file);
  for (const ShellCommand& command : script.commands) {
    if (written_) return;
    written_ = std::any_of(command.redirections.begin(), command.redirections.end(), writes_file);
    if (written_ || command.words.empty()) continue;
    const std::string name = command.name().value_or("");
    const std::string first = command.words.size() > 1 ? command.words[1].constant().value_or("") : "";
    const auto* const harmless = std::ranges::find(kHarmless, std::string_view(name), &Harmless::program);
    written_ = harmless == kHarmless.end() || (!harmless->subcommands.empty() && !contains_word(harmless->subcommands, first));
  }
}

std::vector<Workspace::Mention> Workspace::run_script(std::string_view text, const formats::ShellScript& script,
                                                      const formats::ScriptEffects& effects,
                                                      const std::optional<std::string>& folder) {
  std::vector<const CalledFile*> files;
  files.reserve(effects.called_files.size());
  for (const CalledFile& file : effects.called_files) files.push_back(&file);
  std::stable_sort(files.begin(), files.end(),
                   [](const CalledFile* a, const CalledFile* b) { return a->range.begin < b->range.begin; });

  std::vector<Mention> mentions;
  std::unordered_set<std::string> mentioned;
  const bool guarded = !files.empty() && tests_files(script);
  auto command = script.commands.begin();
  std::uint32_t listed = 0;
  for (const CalledFile* file : files) {
    for (; command != script.commands.end() && command->range.end <= file->range.begin; ++command)
      run_command(*command);
    const auto path = folder ? formats::join_path(*folder, file->path) : std::nullopt;
    if (path && !path->empty() && mentioned.insert(*path).second) {
      const bool certain = file->certain && !(guarded && file->conditional) && holds_own(*path);
      mentions.push_back({*path, file->range, certain});
      mentioned_.try_emplace(*path, certain);
    }
    if (file->use != formats::FileUse::chmod) make(Made::top_level);
    // Text around what is run: a name there may be that of a file which is written.
    if (file->range.begin > listed) unlisted_.push_back(text.substr(listed, file->range.begin - listed));
    listed = std::max(listed, file->range.end);
  }
  for (; command != script.commands.end(); ++command) run_command(*command);
  note_writing(script);
  // What was not understood may do anything that can be read in it, and more.
  if (!effects.complete) make(Made::top_level);
  if (listed < text.size()) unlisted_.push_back(text.substr(listed));
  return mentions;
}

void Workspace::run_unread_script(std::string_view text) {
  make(Made::top_level);
  if (text.find("git ") != std::string_view::npos || text.find("Expand-Archive") != std::string_view::npos ||
      text.find("tar ") != std::string_view::npos)
    make(Made::anything);
  unlisted_.push_back(text);
}

}  // namespace trueup::facts
