#include "formats/stream_tool.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "formats/shell_commands.hpp"
#include "formats/shell_made_files.hpp"
#include "formats/shell_view.hpp"

namespace trueup::formats {
namespace {

constexpr std::size_t kMaxSettings = 10'000, kMaxFiles = 10'000, kMaxArgumentBytes = 4'096;
constexpr std::uint32_t kMaxPipeline = 8;
constexpr std::string_view kKeyCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

ToolArgument argument_of(const ShellWord& word) {
  ToolArgument argument;
  argument.text = template_text(word).substr(0, kMaxArgumentBytes);
  argument.range = word.range;
  argument.constant = word.constant().has_value() && !word.pattern;
  return argument;
}

/// A baseline that a program compares with.
bool is_baseline(std::string_view text) {
  if (text.find("baseline") == text.npos) return false;
  if (text.starts_with('-') || text.starts_with('/') || text.find_first_of("*?[ \t\n:=") != text.npos) return false;
  for (const std::string_view extension : {".json", ".csv", ".yaml", ".yml", ".txt"})
    if (text.size() > extension.size() && text.ends_with(extension)) return true;
  return false;
}

class Reader {
 public:
  explicit Reader(const ShellScript& script) : view_(script) {}

  StreamToolUses read() {
    const auto& commands = view_.commands();
    for (std::uint32_t i = 0; i < commands.size(); ++i) {
      const ShellCommand& command = commands[i];
      const Invocation called = view_.invocation(i);
      if (called.program == "cd") read_cd(command, called);
      else if (called.program) read_call(command, called);
      for (const ShellWord& word : called.arguments)
        if (const auto text = word.constant(); text && is_baseline(*text) && uses_.baselines.size() < kMaxFiles)
          uses_.baselines.push_back({*text, word.range, folder_});
      read_settings(i, command, called);
      for (const Redirection& each : command.redirections)
        if ((each.op == ">" || each.op == ">>" || each.op == ">|" || each.op == "&>") && each.descriptor.value_or(1) == 1) add_file(argument_of(each.target));
    }
    return std::move(uses_);
  }

 private:
  void read_cd(const ShellCommand& command, const Invocation& called) {
    if (command.in_subshell || command.nested) return;
    const auto to = called.arguments.empty() ? std::nullopt : called.arguments.front().constant();
    folder_ = folder_ && to && !command.in_function ? joined_path(*folder_, *to) : std::nullopt;
    if (command.conditional && command.connector != Connector::and_then) folder_.reset();
  }

  void add_file(const ToolArgument& argument) {
    if (argument.text.empty() || argument.text.starts_with("/dev/") || uses_.files.size() == kMaxFiles) return;
    uses_.files.push_back({argument.text, argument.range, argument.constant, folder_});
  }

  void read_call(const ShellCommand& command, const Invocation& called) {
    const std::string_view path = *called.program, base = path.substr(path.rfind('/') + 1);
    if (base != "sp") return;
    StreamToolCall call;
    std::size_t at = 0;
    const auto word = [&](std::size_t i) { return i < called.arguments.size() ? called.arguments[i].constant() : std::nullopt; };
    const auto first = word(at++);
    if (first != "processors" && first != "workspaces" && first != "instances") return;
    call.subject = first == "processors" ? "processors" : "workspaces";
    if (call.subject == "workspaces" && word(at) == "connections") {
      call.subject = "connections";
      ++at;
    }
    const auto verb = word(at);
    if (!verb || verb->starts_with('-')) return;
    call.verb = *verb;
    call.program = *called.program;
    call.program_range = called.program_range;
    call.range = {called.program_range.begin, std::max(called.arguments[at].range.end, called.program_range.end)};
    if (called.arguments[at].range.begin < called.program_range.begin) call.range = called.program_range;  // looked through
    call.folder = folder_;
    call.conditional = command.conditional;
    read_options(call, {called.arguments.begin() + static_cast<std::ptrdiff_t>(at + 1), called.arguments.end()});
    // Others may stand between: `sp processors list | tee state.json | jq …`.
    for (std::uint32_t i = 1; i <= kMaxPipeline && !call.filter; ++i) {
      const auto next = view_.neighbour(command.pipeline, command.pipeline_position + i);
      if (!next || next->is_group) break;
      call.filter = filter_of(view_.invocation(next->index));
    }
    if (call.output) add_file(*call.output);
    uses_.calls.push_back(std::move(call));
  }

  /// What jq, grep or awk looks for; nothing of another program, or of a grep for what does not match.
  static std::optional<ToolArgument> filter_of(const Invocation& called) {
    if (called.program != "jq" && called.program != "grep" && called.program != "egrep" && called.program != "awk") return std::nullopt;
    for (std::size_t i = 0; i < called.arguments.size(); ++i) {
      const std::string text = template_text(called.arguments[i]);
      if (!text.starts_with('-')) return argument_of(called.arguments[i]);
      if (called.program == "jq") {
        if (text == "--arg" || text == "--argjson" || text == "--slurpfile" || text == "--rawfile") i += 2;
        else if (text == "--indent" || text == "-L") ++i;
      } else if (called.program == "awk") {
        if (text == "-F" || text == "-v") ++i;
      } else if (text == "--invert-match" || (text.find('v') != text.npos && !text.starts_with("--"))) {
        return std::nullopt;
      } else if (text == "-m" || text == "-A" || text == "-B" || text == "-C") {
        ++i;
      }
    }
    return std::nullopt;
  }

  static void read_options(StreamToolCall& call, const std::vector<ShellWord>& words) {
    struct Valued {
      std::string_view name;
      std::optional<ToolArgument> StreamToolCall::* member;
    };
    constexpr std::array<Valued, 8> kValued = {{{"-p", &StreamToolCall::name}, {"--processor", &StreamToolCall::name}, {"-t", &StreamToolCall::tier},
                                                {"--tier", &StreamToolCall::tier}, {"--all-tier", &StreamToolCall::tier},
                                                {"--thresholds", &StreamToolCall::thresholds}, {"--output", &StreamToolCall::output},
                                                {"-o", &StreamToolCall::output}}};
    for (std::size_t i = 0; i < words.size(); ++i) {
      const auto text = words[i].constant();
      if (!text || !text->starts_with('-')) continue;
      const std::string name = text->substr(0, text->find('='));
      call.flags.push_back(name);
      if (name == "--all") call.all = true;
      if (name == "--auto") call.automatic = true;
      if (name == "--all-tier") call.all = true;
      for (const Valued& valued : kValued) {
        if (valued.name != name) continue;
        if (name.size() < text->size()) {
          ToolArgument inner{text->substr(name.size() + 1), words[i].range, true};
          call.*valued.member = std::move(inner);
        } else if (i + 1 < words.size()) {
          call.*valued.member = argument_of(words[++i]);
        }
        break;
      }
    }
  }

  void read_settings(std::uint32_t index, const ShellCommand& command, const Invocation& called) {
    std::optional<std::string> file = written_file(command.redirections);
    for (std::uint32_t group = command.group; !file && group != kNoShellIndex; group = view_.groups()[group].parent)
      file = written_file(view_.groups()[group].redirections);
    if (!file)
      if (const auto next = view_.neighbour(command.pipeline, command.pipeline_position + 1); next && !next->is_group) {
        const Invocation behind = view_.invocation(next->index);
        if (behind.program == "tee")
          for (const ShellWord& each : behind.arguments)
            if (const auto text = each.constant(); text && !text->starts_with('-')) file = text;
      }
    if (!file || !called.program) return;
    auto printed = view_.printed(index);
    if (!printed && called.program == "cat") printed = view_.here_text(index);
    if (!printed) return;
    const std::string path = (folder_ ? joined_path(*folder_, *file) : std::nullopt).value_or(*file);
    for (const ShellText& line : printed->lines()) {
      const std::size_t end = std::min(line.bytes().find_first_not_of(kKeyCharacters), line.size());
      if (end == 0 || end == line.size() || line[end] != '=' || uses_.settings.size() == kMaxSettings) continue;
      WrittenSetting setting;
      setting.key = line.bytes().substr(0, end);
      setting.range = line.cut(0, end).range();
      setting.value = template_text(line.cut(end + 1, line.size()).word()).substr(0, kMaxArgumentBytes);
      setting.file = path;
      setting.conditional = command.conditional;
      uses_.settings.push_back(std::move(setting));
    }
  }

  static std::optional<std::string> written_file(const std::vector<Redirection>& redirections) {
    for (const Redirection& each : redirections)
      if ((each.op == ">" || each.op == ">>" || each.op == ">|") && each.descriptor.value_or(1) == 1) return each.target.constant();
    return std::nullopt;
  }

  ScriptView view_;
  std::optional<std::string> folder_ = "";
  StreamToolUses uses_;
};

}  // namespace

StreamToolUses read_stream_tool(const ShellScript& script) { return Reader(script).read(); }

}  // namespace trueup::formats
