#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/text.hpp"
#include "formats/shell_effect_readers.hpp"
#include "formats/shell_programs.hpp"

/// Keys that a script writes to GITHUB_OUTPUT and GITHUB_ENV.
///
/// What ends up in the file is decided far from where it is printed: by the command's own redirection, by `| tee -a`,
/// by a group around it, by the call of the function that it stands in. So each command's standard output is followed
/// to where it ends, and what is printed there is read line by line, over several commands: `echo "k<<EOF"`, `cat
/// notes`, `echo EOF` are one value.
namespace trueup::formats {
namespace {

constexpr std::size_t kChannels = 2;  // GITHUB_OUTPUT, GITHUB_ENV
constexpr int kMaxCallDepth = 40;

/// Where standard output ends.
struct Sinks {
  std::array<bool, kChannels> files = {};
  bool log = false;  ///< the step's log, which the runner reads for `::set-output`

  bool any_file() const { return files[0] || files[1]; }
  void add(const Sinks& more) {
    for (std::size_t i = 0; i < kChannels; ++i) files[i] = files[i] || more.files[i];
    log = log || more.log;
  }
};

struct Channel {
  KeyWrites& writes;
  std::string_view variable;
  std::array<std::string_view, 2> templates;  ///< the same file in a `${{ }}`
  std::optional<std::string> open = {};       ///< the delimiter of a value of several lines, as a signature

  void incomplete(ByteRange at) {
    if (writes.complete) writes.incomplete_at = at;
    writes.complete = false;
  }
};

class FileCommandReader {
 public:
  FileCommandReader(const ScriptView& script, KeyWrites& outputs, KeyWrites& environment)
      : script_(script),
        channels_{Channel{outputs, "GITHUB_OUTPUT", {"github.output", "env.GITHUB_OUTPUT"}},
                  Channel{environment, "GITHUB_ENV", {"github.env", "env.GITHUB_ENV"}}},
        group_sinks_(script.groups().size()) {}

  void read() {
    for (std::uint32_t i = 0; i < script_.commands().size(); ++i) {
      read_descriptors(script_.commands()[i].redirections);
      read_command(i);
    }
    for (const ShellGroup& group : script_.groups()) read_descriptors(group.redirections);
    for (Channel& channel : channels_) {
      if (!script_.complete()) channel.incomplete(script_.problem_at());
      // A delimiter that never came: what stands behind it may be keys after all.
      if (channel.open) channel.incomplete(script_.commands().back().range);
      std::stable_sort(channel.writes.keys.begin(), channel.writes.keys.end(),
                       [](const KeyWrite& a, const KeyWrite& b) { return a.range.begin < b.range.begin; });
    }
  }

 private:
  bool refers(const Channel& channel, const ShellWord& word) const {
    const WordPart* only = nullptr;
    for (const WordPart& part : word.parts) {
      if (part.kind == WordPartKind::text && part.text.empty()) continue;
      if (only) return false;
      only = &part;
    }
    if (!only) return false;
    if (only->kind == WordPartKind::parameter) return only->name == channel.variable;
    if (only->kind != WordPartKind::github) return false;
    const std::string_view inside = trim(only->text);
    return inside == channel.templates[0] || inside == channel.templates[1];
  }
  static bool mentions(const Channel& channel, const ShellWord& word) {
    return std::any_of(word.parts.begin(), word.parts.end(), [&](const WordPart& part) {
      // GITHUB_ENV is the beginning of no other name in use.
      return part.text.find(channel.variable) != part.text.npos;
    });
  }

  Sinks files_of(const ShellWord& word, std::uint32_t before) const {
    Sinks sinks;
    const ShellWord target = script_.resolved(word, before);
    for (std::size_t i = 0; i < kChannels; ++i) sinks.files[i] = refers(channels_[i], target);
    return sinks;
  }

  /// Where the redirections send standard output; nothing if they leave it.
  std::optional<Sinks> redirected(const std::vector<Redirection>& redirections) const {
    for (auto made = redirections.rbegin(); made != redirections.rend(); ++made) {
      const bool output = made->op.find('>') != made->op.npos && made->op != "<>";
      if (!output || made->descriptor.value_or(1) != 1) continue;
      Sinks sinks = files_of(made->target, made->range.begin);
      const std::string target = made->target.constant().value_or("");
      const bool copied = made->op == ">&" && (target == "1" || target == "2");
      sinks.log = copied || target == "/dev/stdout" || target == "/dev/stderr";
      return sinks;
    }
    return std::nullopt;
  }

  /// `3>> "$GITHUB_OUTPUT"`: what is sent to that descriptor is not followed.
  void read_descriptors(const std::vector<Redirection>& redirections) {
    for (const Redirection& made : redirections) {
      if (made.op.find('>') == made.op.npos || made.descriptor.value_or(1) == 1) continue;
      const Sinks sinks = files_of(made.target, made.range.begin);
      for (std::size_t i = 0; i < kChannels; ++i)
        if (sinks.files[i]) channels_[i].incomplete(made.range);
    }
  }

  Sinks tee_files(std::uint32_t command) const {
    Sinks sinks;
    const Invocation called = script_.invocation(command);
    for (const ShellWord& word : called.arguments) sinks.add(files_of(word, script_.commands()[command].range.begin));
    return sinks;
  }
  bool is_tee(std::uint32_t command) const { return script_.invocation(command).program == "tee"; }

  /// Behind its own redirections: the next of the pipeline, the group around, the log.
  Sinks passed_on(std::uint32_t pipeline, std::uint32_t position, std::uint32_t group, bool nested, int depth) {
    if (const auto next = script_.neighbour(pipeline, position + 1)) {
      if (next->is_group || !is_tee(next->index)) return {};
      Sinks sinks = tee_files(next->index);
      sinks.add(sinks_of_command(next->index, depth + 1));
      return sinks;
    }
    if (group != kNoShellIndex) return sinks_of_group(group, depth + 1);
    Sinks sinks;
    sinks.log = !nested;
    return sinks;
  }
  Sinks sinks_of_command(std::uint32_t index, int depth) {
    const ShellCommand& command = script_.commands()[index];
    if (const auto own = redirected(command.redirections)) return *own;
    return passed_on(command.pipeline, command.pipeline_position, command.group, command.nested, depth);
  }
  Sinks sinks_of_group(std::uint32_t index, int depth) {
    if (depth > kMaxCallDepth * 3) {
      for (Channel& channel : channels_) channel.incomplete(script_.groups()[index].range);
      return {};
    }
    if (group_sinks_[index]) return *group_sinks_[index];
    group_sinks_[index] = Sinks{};  // a function that calls itself adds nothing
    const ShellGroup& group = script_.groups()[index];
    Sinks sinks;
    if (const auto own = redirected(group.redirections)) {
      sinks = *own;
    } else if (group.kind == GroupKind::function) {
      sinks = sinks_of_calls(group.name, depth);
    } else {
      sinks = passed_on(group.pipeline, group.pipeline_position, group.parent, group.nested, depth);
    }
    group_sinks_[index] = sinks;
    return sinks;
  }

  Sinks sinks_of_calls(const std::string& function, int depth) {
    const auto known = function_sinks_.find(function);
    if (known != function_sinks_.end()) return known->second;
    Sinks& sinks = function_sinks_[function];
    for (const std::uint32_t call : script_.calls_of(function)) sinks.add(sinks_of_command(call, depth + 1));
    return sinks;
  }

  void read_command(std::uint32_t index) {
    const ShellCommand& command = script_.commands()[index];
    read_assignments(command);
    if (command.words.empty()) return;
    const Invocation called = script_.invocation(index);
    Sinks sinks = sinks_of_command(index, 0);
    if (!called.program) return everything_incomplete(called.program_range);
    const std::string& program = *called.program;
    const bool function = script_.is_function(program);
    const ProgramKind kind = function ? ProgramKind::unknown : program_kind(program);

    if (program == "tee" && command.pipeline_position == 0) sinks.add(tee_files(index));
    const bool prints = program == "echo" || program == "printf" || program == "cat" || program == "tee";
    if (!prints && kind != ProgramKind::reader && kind != ProgramKind::silent) {
      for (Channel& channel : channels_) {
        for (const ShellWord& word : called.arguments) {
          if (mentions(channel, word)) channel.incomplete(word.range);
        }
      }
    }
    if (function) return;
    if (program == "exec" && called.arguments.empty()) {  // redirects the rest of the script
      for (std::size_t i = 0; i < kChannels; ++i) {
        if (sinks.files[i]) channels_[i].incomplete(command.range);
      }
      return;
    }
    if (!runs_nothing_unknown(called, kind)) everything_incomplete(called.program_range);
    if (kind == ProgramKind::silent || (!sinks.any_file() && !sinks.log)) return;
    if (program == "tee" && command.pipeline_position > 0) return;  // read with the command that feeds it

    bool known = false;
    if (prints) {
      for (const Bindings& bindings : script_.loop_bindings(index)) {
        const auto text = program == "tee" ? script_.here_text(index, bindings) : script_.printed(index, bindings);
        if (!text) break;
        known = true;
        for (std::size_t i = 0; i < kChannels; ++i) {
          if (sinks.files[i]) feed(channels_[i], *text, command);
        }
        if (sinks.log && program != "cat") read_workflow_commands(*text, command);
      }
    }
    for (std::size_t i = 0; i < kChannels && !known; ++i) {
      if (sinks.files[i] && !channels_[i].open) channels_[i].incomplete(command.range);
    }
  }

  /// `OUT=$GITHUB_OUTPUT` is looked through if it can be; else anything may be written through it.
  void read_assignments(const ShellCommand& command) {
    for (const Assignment& made : command.assignments) {
      for (Channel& channel : channels_) {
        // Its name as a text is for `${!name}`.
        if (made.name == channel.variable || made.value.constant() == channel.variable) channel.incomplete(made.range);
        if (has_parameter(channel, made.value) && !script_.is_known_variable(made.name)) channel.incomplete(made.range);
      }
    }
    const auto name = command.name();
    if (name != "export" && name != "readonly" && name != "declare" && name != "typeset" && name != "local") return;
    for (const ShellWord& word : command.words) {
      const std::string text = word.parts.empty() ? "" : word.parts.front().text;
      for (Channel& channel : channels_) {
        const bool known = script_.is_known_variable(std::string_view(text).substr(0, text.find('=')));
        if (has_parameter(channel, word) && !known) channel.incomplete(word.range);
      }
    }
  }
  static bool has_parameter(const Channel& channel, const ShellWord& word) {
    return std::any_of(word.parts.begin(), word.parts.end(), [&](const WordPart& part) {
      return part.kind == WordPartKind::parameter && part.name == channel.variable;
    });
  }

  void everything_incomplete(ByteRange at) {
    for (Channel& channel : channels_) channel.incomplete(at);
  }

  static bool runs_nothing_unknown(const Invocation& called, ProgramKind kind) {
    const auto is_tool = [](const ShellWord& word) {
      const auto name = word.constant();
      if (!name) return false;
      const ProgramKind of = program_kind(*name);
      return of != ProgramKind::unknown && of != ProgramKind::installer;
    };
    const auto& arguments = called.arguments;
    if (called.program == "xargs") {
      static constexpr std::string_view kWithValue = "InPLdEsa";
      for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string option = arguments[i].constant().value_or("");
        if (option.size() > 1 && option.front() == '-') {
          if (option.size() == 2 && kWithValue.find(option[1]) != kWithValue.npos) ++i;
          continue;
        }
        return is_tool(arguments[i]);
      }
      return true;
    }
    if (called.program == "find") {
      for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
        const std::string option = arguments[i].constant().value_or("");
        const bool runs = option == "-exec" || option == "-execdir" || option == "-ok" || option == "-okdir";
        if (runs && !is_tool(arguments[i + 1])) return false;
      }
      return true;
    }
    return kind != ProgramKind::unknown && kind != ProgramKind::installer;
  }

  void add_key(Channel& channel, const ShellText& key, const ShellCommand& command, std::optional<ShellWord> value) {
    if (key.has_holes()) return channel.incomplete(key.range());
    if (key.empty()) return;
    channel.writes.keys.push_back({key.bytes(), key.range(), command.range, command.conditional, std::move(value)});
  }

  /// Lines as the runner reads the file: whichever of `=` and `<<` comes first decides.
  void feed(Channel& channel, const ShellText& text, const ShellCommand& command) {
    for (const ShellText& line : text.lines()) {
      if (channel.open) {
        if (line.signature() == *channel.open) channel.open.reset();
        continue;
      }
      const std::size_t equals = line.bytes().find('='), delimiter = line.bytes().find("<<");
      if (equals == line.bytes().npos && delimiter == line.bytes().npos) {
        if (line.has_holes()) channel.incomplete(line.range());
        continue;
      }
      std::optional<ShellWord> value;
      if (equals < delimiter) value = line.cut(equals + 1, line.size()).word();
      add_key(channel, line.cut(0, std::min(equals, delimiter)), command, std::move(value));
      if (delimiter < equals) channel.open = line.cut(delimiter + 2, line.size()).signature();
    }
  }

  /// `::set-output name=KEY::VALUE`, which the runner takes from the log.
  void read_workflow_commands(const ShellText& text, const ShellCommand& command) {
    static constexpr std::string_view kStart = "::set-output name=";
    for (const ShellText& line : text.lines()) {
      const std::size_t begin = std::min(line.bytes().find_first_not_of(" \t"), line.size());
      if (line.bytes().compare(begin, kStart.size(), kStart) != 0) continue;
      const std::size_t end = line.bytes().find("::", begin + kStart.size());
      if (end != line.bytes().npos)
        add_key(channels_[0], line.cut(begin + kStart.size(), end), command, line.cut(end + 2, line.size()).word());
    }
  }

  const ScriptView& script_;
  std::array<Channel, kChannels> channels_;
  std::vector<std::optional<Sinks>> group_sinks_;
  std::map<std::string, Sinks, std::less<>> function_sinks_;
};

}  // namespace

void read_file_commands(const ScriptView& script, KeyWrites& outputs, KeyWrites& environment) {
  FileCommandReader(script, outputs, environment).read();
}

}  // namespace trueup::formats
