#include "formats/shell_made_files.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>

#include "formats/shell_programs.hpp"

namespace trueup::formats {
namespace {

constexpr std::size_t kMaxMadeFolders = 1'000;

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& set) {
  return std::find(set.begin(), set.end(), text) != set.end();
}

std::string text_of(const ShellWord& word) { return word.constant().value_or(""); }

/// The word behind one of these options.
const ShellWord* value_of(const std::vector<ShellWord>& arguments, std::initializer_list<std::string_view> names) {
  for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
    if (std::find(names.begin(), names.end(), text_of(arguments[i])) != names.end()) return &arguments[i + 1];
  }
  return nullptr;
}

/// The word behind a group of letters that ends in this one: `-sSLo x`.
const ShellWord* value_of(const std::vector<ShellWord>& arguments, char letter) {
  for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
    const std::string text = text_of(arguments[i]);
    if (text.size() > 1 && text[0] == '-' && text[1] != '-' && text.back() == letter) return &arguments[i + 1];
  }
  return nullptr;
}

/// Sub-commands of big tools that bring no files into the workspace.
bool brings_nothing(std::string_view program, const std::vector<ShellWord>& arguments) {
  static const std::map<std::string_view, std::set<std::string_view>> kHarmless = {
      {"gh", {"api", "auth", "cache", "issue", "label", "pr", "secret", "variable", "workflow"}},
      {"docker", {"build", "buildx", "compose", "exec", "image", "images", "info", "login", "logout", "manifest", "ps",
                  "pull", "push", "rm", "run", "start", "stop", "tag", "version"}},
      {"helm", {"get", "history", "install", "lint", "list", "push", "registry", "repo", "rollback", "search", "show",
                "status", "template", "test", "uninstall", "upgrade", "version"}},
      {"kubectl", {"annotate", "apply", "config", "create", "delete", "describe", "get", "label", "logs", "patch",
                   "rollout", "scale", "set", "version", "wait"}},
      {"aws", {"configure", "ecr", "ecs", "eks", "secretsmanager", "ssm", "sts"}},
      {"npm", {"ci", "i", "install", "config", "audit", "login", "publish", "view"}},
      {"yarn", {"add", "install", "config", "audit"}},
      {"pnpm", {"add", "i", "install", "config"}},
  };
  const auto known = kHarmless.find(program);
  if (known == kHarmless.end()) return false;
  for (const ShellWord& word : arguments) {
    const std::string text = text_of(word);
    if (!text.starts_with('-')) return known->second.count(text) > 0;
  }
  return true;
}

}  // namespace

std::optional<std::string> joined_path(std::string_view folder, std::string_view path) {
  if (path.empty() || path.front() == '/' || path.front() == '~') return std::nullopt;
  const std::string both = std::string(folder) + "/" + std::string(path);
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at < both.size();) {
    const std::size_t end = std::min(both.find('/', at), both.size());
    const std::string_view part = std::string_view(both).substr(at, end - at);
    if (part == ".." && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
    at = end + 1;
  }
  std::string result;
  for (const std::string_view part : parts) {
    if (!result.empty()) result += '/';
    result += part;
  }
  return result;
}

bool MadeFiles::may_have_made(const std::string& path) const {
  // Folders that package managers and builds fill; scripts of a repository do not live there.
  static constexpr std::array<std::string_view, 12> kFilled = {"node_modules", ".venv", "venv",   "vendor",
                                                               "build",        "dist",  "out",    "target",
                                                               "bin",          "tmp",   "output", "_build"};
  static constexpr std::array<std::string_view, 12> kScripts = {".sh",  ".bash", ".py",  ".js", ".mjs", ".cjs",
                                                                ".ts",  ".rb",   ".pl",  ".ps1", ".php", ".R"};
  if (anything_ || files_.count(path) > 0) return true;
  const bool under = std::any_of(folders_.begin(), folders_.end(), [&](const std::string& folder) {
    return folder.empty() || path == folder || path.starts_with(folder + "/");
  });
  if (under) return true;
  bool filled = false;
  for (std::size_t at = 0, slash = 0; (slash = path.find('/', at)) != path.npos; at = slash + 1) {
    filled = filled || is_one_of(std::string_view(path).substr(at, slash - at), kFilled);
  }
  const bool script = std::any_of(kScripts.begin(), kScripts.end(),
                                  [&](std::string_view extension) { return path.ends_with(extension); });
  if (path.find("node_modules/") != path.npos || path.find("venv/") != path.npos) return true;
  return outputs_ && (filled || !script);
}

void MadeFiles::made(const ShellWord& word, const std::string& folder) {
  const auto text = word.pattern ? std::nullopt : word.constant();
  if (!text) return;
  if (auto path = joined_path(folder, *text)) files_.insert(*std::move(path));
}

void MadeFiles::made_folder(const ShellWord& word, const std::string& folder) {
  const auto text = word.constant();
  auto path = text ? joined_path(folder, *text) : std::nullopt;
  if (!text || folders_.size() >= kMaxMadeFolders) {
    anything_ = true;
  } else if (path) {
    folders_.push_back(*std::move(path));
  }
}

void MadeFiles::note_redirection(const ShellWord& target, const std::string& folder) { made(target, folder); }
void MadeFiles::note_tested(const ShellWord& word, const std::string& folder) { made(word, folder); }

void MadeFiles::note(const Invocation& called, const std::string& folder) {
  static constexpr std::array<std::string_view, 4> kIntoLast = {"cp", "install", "ln", "mv"};
  static constexpr std::array<std::string_view, 3> kInPlace = {"tee", "touch", "truncate"};
  if (!called.program) {
    outputs_ = true;
    return;
  }
  const std::string& program = *called.program;
  const auto& arguments = called.arguments;
  if (program == "curl" || program == "wget") return note_download(program == "wget", arguments, folder);
  if (program == "git") return note_git(arguments, folder);
  if (is_one_of(program, kIntoLast)) {
    if (arguments.empty()) return;
    made(arguments.back(), folder);
    return made_folder(arguments.back(), folder);
  }
  if (is_one_of(program, kInPlace)) {
    for (const ShellWord& word : arguments) made(word, folder);
    return;
  }
  if (program == "tar" || program == "unzip") {
    const std::string letters = arguments.empty() ? "" : text_of(arguments.front());
    const bool packs = program == "tar" && !letters.starts_with("--") && letters.find('c') != letters.npos;
    const ShellWord* into = program == "tar" ? value_of(arguments, {"-C", "--directory"}) : value_of(arguments, {"-d"});
    if (into && !packs) return made_folder(*into, folder);
    anything_ = anything_ || !packs;
    return;
  }
  if (brings_nothing(program, arguments)) return;
  switch (program_kind(program)) {
    case ProgramKind::fetcher: anything_ = true; break;
    case ProgramKind::unknown: outputs_ = true; break;
    case ProgramKind::installer:
      outputs_ = outputs_ || program == "npm" || program == "yarn" || program == "pnpm";
      break;
    default: break;
  }
}

void MadeFiles::note_download(bool wget, const std::vector<ShellWord>& arguments, const std::string& folder) {
  const ShellWord* file = value_of(arguments, {"--output", "--output-document"});
  if (!file) file = value_of(arguments, wget ? 'O' : 'o');
  if (file) return made(*file, folder);
  const bool remote_name = wget || std::any_of(arguments.begin(), arguments.end(), [](const ShellWord& word) {
    const std::string text = text_of(word);
    const bool letters = text.size() > 1 && text[0] == '-' && text[1] != '-';
    return (letters && text.find_first_of("OJ") != text.npos) || text.starts_with("--remote-");
  });
  if (!remote_name) return;
  for (const ShellWord& word : arguments) {
    const std::string text = text_of(word);
    if (text.find("//") == text.npos) {
      anything_ = anything_ || !word.constant();
      continue;
    }
    const std::string address = text.substr(0, text.find_first_of("?#"));
    if (auto path = joined_path(folder, address.substr(address.rfind('/') + 1))) files_.insert(*std::move(path));
  }
}

void MadeFiles::note_git(const std::vector<ShellWord>& arguments, const std::string& folder) {
  static constexpr std::array<std::string_view, 20> kHarmless = {
      "add", "branch", "cat-file", "commit", "config", "describe", "diff", "fetch", "for-each-ref", "log",
      "ls-files", "ls-remote", "ls-tree", "push", "remote", "rev-list", "rev-parse", "show", "status", "tag"};
  static constexpr std::array<std::string_view, 6> kWithValue = {"--branch", "-b", "--depth",
                                                                 "-o",       "-c", "--reference"};
  std::string command;
  std::vector<const ShellWord*> words;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string text = arguments[i].constant().value_or("$");
    const bool option = text.size() > 1 && text.front() == '-';
    if (is_one_of(text, kWithValue) || (command.empty() && text == "-C")) {
      ++i;
    } else if (!option && command.empty()) {
      command = text;
    } else if (!option) {
      words.push_back(&arguments[i]);
    }
  }
  if (command.empty() || is_one_of(command, kHarmless)) return;
  if (command != "clone" || words.empty()) {
    anything_ = true;
    return;
  }
  if (words.size() > 1) return made_folder(*words[1], folder);
  auto name = words[0]->constant();
  if (!name) {
    anything_ = true;
    return;
  }
  while (name->ends_with('/')) name->pop_back();
  name->erase(0, name->find_last_of("/:") + 1);
  if (name->ends_with(".git")) name->erase(name->size() - 4);
  if (auto path = joined_path(folder, *name); path && folders_.size() < kMaxMadeFolders) {
    folders_.push_back(*std::move(path));
  }
}

}  // namespace trueup::formats
