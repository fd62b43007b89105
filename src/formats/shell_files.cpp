#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "formats/shell_effect_readers.hpp"
#include "formats/shell_made_files.hpp"

/// Files of the repository that a script runs, sources or makes executable.
///
/// "There is no such file" may be said only of one that the script did not make itself, in a folder that is known. So
/// this walks the commands in their order, follows `cd`, and notes what may have made files.
namespace trueup::formats {
namespace {

/// Where the commands of one shell stand.
struct Folder {
  std::optional<std::string> path = "";  ///< nothing: not known
  std::optional<std::string> previous = std::nullopt;
  std::vector<std::optional<std::string>> pushed = {};
  /// False after a `cd` that may not have happened. It is certain for those that run with it: in its group, or behind
  /// its &&.
  bool certain = true;
  std::optional<std::uint32_t> only_in_group = std::nullopt;
  bool only_in_chain = false;
};

struct Interpreter {
  std::string_view name;
  std::string_view value_options;  ///< letters that take the next word
  std::string_view code_options;   ///< letters with which no file is read: the program is an argument or a module
};
constexpr auto kInterpreters = std::to_array<Interpreter>({
    {"bash", "oO", "cs"},
    {"sh", "oO", "cs"},
    {"dash", "o", "cs"},
    {"zsh", "o", "cs"},
    {"ksh", "o", "cs"},
    {"python", "WX", "cm"},
    {"python3", "WX", "cm"},
    {"python2", "W", "cm"},
    {"node", "rC", "ep"},
    {"ts-node", "rPCO", "ep"},
    {"tsx", "r", "e"},
    {"ruby", "rICE", "e"},
    {"perl", "IMm", "eE"},
    {"php", "cdz", "rBRE"},
    {"Rscript", "", "e"},
});

constexpr std::size_t kMaxPushed = 100;
constexpr std::size_t kMaxPathBytes = 4096;

class FileReader {
 public:
  FileReader(const ScriptView& script, std::vector<CalledFile>& files) : script_(script), files_(files) {
    for (const ShellCommand& command : script.commands()) {
      const auto name = command.in_function ? command.name() : std::nullopt;
      if (name != "cd" && name != "pushd" && name != "popd") continue;
      for (std::uint32_t at = command.group; at != kNoShellIndex; at = script.groups()[at].parent) {
        const ShellGroup& group = script.groups()[at];
        if (group.kind == GroupKind::subshell) break;
        if (group.kind == GroupKind::function) moving_functions_.insert(group.name);
      }
    }
  }

  void read() {
    for (std::uint32_t i = 0; i < script_.commands().size(); ++i) {
      command_ = &script_.commands()[i];
      folder_ = &folder_of(*command_);
      leave_conditional_folder();
      if (!command_->words.empty()) read_command(script_.invocation(i));
      for (const Redirection& redirection : command_->redirections) {
        if (redirection.op.find('>') == redirection.op.npos) continue;
        made_.note_redirection(script_.resolved(redirection.target, redirection.range.begin), here());
      }
    }
  }

 private:
  /// The innermost group that is a shell of its own. Functions are read as if called where they are defined.
  std::uint32_t shell_around(std::uint32_t group) const {
    while (group != kNoShellIndex && script_.groups()[group].kind != GroupKind::subshell &&
           script_.groups()[group].kind != GroupKind::function) {
      group = script_.groups()[group].parent;
    }
    return group;
  }
  /// A subshell or substitution begins where the shell around it stands, and leaves that where it is.
  Folder& shell(std::uint32_t owner, std::uint32_t group) {
    const auto found = shells_.find({owner, group});
    if (found != shells_.end()) return found->second;
    Folder start;
    if (group != kNoShellIndex) {
      start = shell(owner, shell_around(script_.groups()[group].parent));
    } else if (owner < kNoShellIndex - 1) {
      start = folder_of(script_.commands()[owner]);
    }
    start.only_in_chain = false;
    start.only_in_group.reset();
    return shells_.emplace(std::pair(owner, group), std::move(start)).first->second;
  }
  Folder& folder_of(const ShellCommand& command) {
    // Substitutions outside of commands (the list of a `for`) have no owner.
    const std::uint32_t no_owner = command.nested ? kNoShellIndex - 1 : kNoShellIndex;
    return shell(command.nested && command.owner != kNoShellIndex ? command.owner : no_owner,
                 shell_around(command.group));
  }
  std::string here() const { return folder_->path.value_or(""); }

  bool inside(std::uint32_t group) const {
    std::uint32_t at = command_->group;
    while (at != kNoShellIndex && at != group) at = script_.groups()[at].parent;
    return at == group;
  }
  void leave_conditional_folder() {
    const bool chained = command_->connector == Connector::and_then || command_->pipeline_position > 0;
    const bool left_chain = folder_->only_in_chain && !chained;
    const bool left_group = folder_->only_in_group && !inside(*folder_->only_in_group);
    if (!left_chain && !left_group) return;
    folder_->certain = false;
    folder_->only_in_chain = false;
    folder_->only_in_group.reset();
  }

  void change_folder(std::optional<std::string> to) {
    if (script_.neighbour(command_->pipeline, 1)) return;  // lost with the pipeline's own shell
    folder_->previous = std::exchange(folder_->path, std::move(to));
    if (!command_->conditional) return;
    if (command_->connector == Connector::and_then || command_->connector == Connector::or_else) {
      folder_->only_in_chain = true;
    } else if (shell_around(command_->group) != command_->group) {
      folder_->only_in_group = command_->group;
    }
  }
  void read_cd(const std::vector<ShellWord>& arguments, bool push) {
    const auto to = std::find_if(arguments.begin(), arguments.end(), [](const ShellWord& word) {
      const auto text = word.constant();
      return !text || text->size() < 2 || text->front() != '-';
    });
    if (push && folder_->pushed.size() < kMaxPushed) folder_->pushed.push_back(folder_->path);
    const auto text = to != arguments.end() && !to->pattern ? to->constant() : std::nullopt;
    if (text == "-") return change_folder(folder_->previous);
    auto path = text && folder_->path ? joined_path(*folder_->path, *text) : std::nullopt;
    if (path && path->size() > kMaxPathBytes) path.reset();
    change_folder(std::move(path));
  }
  void read_popd() {
    std::optional<std::string> to;
    if (!folder_->pushed.empty()) {
      to = std::move(folder_->pushed.back());
      folder_->pushed.pop_back();
    }
    change_folder(std::move(to));
  }

  /// `behind`: the words that the file is given begin there.
  void add(const ShellWord& word, FileUse use, std::string_view interpreter = {}, const Invocation* called = nullptr,
           std::size_t behind = 0) {
    const auto text = word.pattern ? std::nullopt : word.constant();
    auto path = text ? joined_path(here(), *text) : std::nullopt;
    if (!path || path->empty() || path->ends_with("..")) return;
    CalledFile file;
    file.range = word.range;
    file.use = use;
    file.interpreter = interpreter;
    file.certain = folder_->path && folder_->certain && !made_.may_have_made(*path);
    file.conditional = command_->conditional;
    file.command = command_->range;
    if (called != nullptr) {
      const auto first = called->arguments.begin() + static_cast<std::ptrdiff_t>(behind);
      file.arguments = read_arguments({first, called->arguments.end()}, called->more_arguments);
    }
    file.path = *std::move(path);
    files_.push_back(std::move(file));
  }

  void read_command(const Invocation& called) {
    if (!called.program) return made_.note(called, here());
    const std::string& program = *called.program;
    const auto& arguments = called.arguments;
    if (program == "cd" || program == "pushd") return read_cd(arguments, program == "pushd");
    if (program == "popd") return read_popd();
    if (program == "[" || program == "test" || program == "[[") return read_test(arguments);
    if (script_.is_function(program)) {
      if (moving_functions_.count(program) > 0) change_folder(std::nullopt);
      return;
    }
    const auto interpreter = std::find_if(kInterpreters.begin(), kInterpreters.end(),
                                          [&](const Interpreter& known) { return known.name == program; });
    if (program == "source" || program == ".") {
      if (!arguments.empty()) add(arguments.front(), FileUse::source, {}, &called, 1);
      return;
    }
    if (program == "chmod") {
      read_chmod(arguments);
    } else if (program == "pwsh") {
      read_pwsh(called);
    } else if (interpreter != kInterpreters.end()) {
      read_interpreter(*interpreter, called);
    } else if (program.find('/') != program.npos) {
      ShellWord word;
      word.range = called.program_range;
      word.parts.push_back({WordPartKind::text, true, called.program_range, program, {}});
      add(word, FileUse::run, {}, &called);
    }
    made_.note(called, here());
  }

  void read_test(const std::vector<ShellWord>& arguments) {
    static constexpr std::array<std::string_view, 9> kTests = {"-e", "-f", "-x", "-r", "-s", "-d", "-h", "-L", "-w"};
    for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
      const std::string option = arguments[i].constant().value_or("");
      const bool tests = std::find(kTests.begin(), kTests.end(), option) != kTests.end();
      if (tests) made_.note_tested(arguments[i + 1], here());
    }
  }

  void read_chmod(const std::vector<ShellWord>& arguments) {
    bool mode = false;
    for (const ShellWord& word : arguments) {
      const std::string text = word.constant().value_or("");
      // `-x` is a mode, `-R` an option.
      const bool option = text.size() > 1 && text[0] == '-' && text.find_first_not_of("RvfcHLP-", 1) == text.npos;
      if (option || text.starts_with("--")) continue;
      if (std::exchange(mode, true)) add(word, FileUse::chmod);
    }
  }

  void read_pwsh(const Invocation& called) {
    const std::vector<ShellWord>& arguments = called.arguments;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const std::string text = arguments[i].constant().value_or("-c");
      if (text == "-File" || text == "-f" || text == "-NoProfile" || text == "-NonInteractive") continue;
      if (!text.starts_with('-')) add(arguments[i], FileUse::interpret, "pwsh", &called, i + 1);
      return;
    }
  }

  /// The first argument that is no option, unless the program is given otherwise.
  void read_interpreter(const Interpreter& known, const Invocation& called) {
    const std::vector<ShellWord>& arguments = called.arguments;
    static constexpr std::array<std::string_view, 6> kLongWithValue = {"--require", "--import", "--loader",
                                                                       "--rcfile", "--init-file", "--env-file"};
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const auto text = arguments[i].constant();
      if (!text || *text == "-") return;
      const bool option = text->size() > 1 && (text->front() == '-' || text->front() == '+');
      if (!option) return add(arguments[i], FileUse::interpret, known.name, &called, i + 1);
      if (text->starts_with("--")) {
        if (text->starts_with("--eval") || text->starts_with("--print") || *text == "--version") return;
        if (std::find(kLongWithValue.begin(), kLongWithValue.end(), *text) != kLongWithValue.end()) ++i;
        continue;
      }
      const std::size_t code = text->find_first_of(known.code_options, 1);
      const std::size_t value = text->find_first_of(known.value_options, 1);
      if (code != text->npos && code < value) return;
      if (value != text->npos && value + 1 == text->size()) ++i;
    }
  }

  const ScriptView& script_;
  std::vector<CalledFile>& files_;
  const ShellCommand* command_ = nullptr;
  Folder* folder_ = nullptr;
  std::map<std::pair<std::uint32_t, std::uint32_t>, Folder> shells_;
  std::set<std::string, std::less<>> moving_functions_;
  MadeFiles made_;
};

}  // namespace

void read_called_files(const ScriptView& script, std::vector<CalledFile>& files) { FileReader(script, files).read(); }

}  // namespace trueup::formats
