#include "formats/shell_view.hpp"

#include <algorithm>
#include <array>

namespace trueup::formats {
namespace {

/// How far values of values are looked through, and how much of it in one script.
constexpr int kMaxLookThrough = 8;
constexpr std::size_t kMaxValueBytes = 16u << 10;
constexpr std::size_t kLookThroughBudget = 256u << 10;
constexpr std::uint32_t kMaxCommandsInSubstitution = 64;
constexpr std::size_t kMaxLoopValues = 64;
constexpr std::size_t kMaxLoopBytes = 128u << 10;

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& set) {
  return std::find(set.begin(), set.end(), text) != set.end();
}

bool is_name(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !text.empty() && letter(text.front()) && std::all_of(text.begin(), text.end(), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9');
  });
}

/// The text in front of the first hole.
std::string leading_text(const ShellWord& word) {
  std::string text;
  for (const WordPart& part : word.parts) {
    if (part.kind != WordPartKind::text) break;
    text += part.text;
  }
  return text;
}

/// The part of a word that is a lone parameter.
const WordPart* lone_parameter(const ShellWord& word) {
  const WordPart* found = nullptr;
  for (const WordPart& part : word.parts) {
    if (part.kind == WordPartKind::text && part.text.empty()) continue;
    if (found || part.kind != WordPartKind::parameter) return nullptr;
    found = &part;
  }
  return found;
}

std::string_view without_dot_slash(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  return path;
}

}  // namespace

ScriptView::ScriptView(const ShellScript& script) : script_(script), budget_(kLookThroughBudget) {
  const auto place = [&](std::uint32_t pipeline, std::uint32_t position, PipelineElement element) {
    if (pipelines_.size() <= pipeline) pipelines_.resize(pipeline + 1);
    auto& elements = pipelines_[pipeline];
    if (elements.size() <= position) elements.resize(position + 1);
    elements[position] = element;
  };
  for (std::uint32_t i = 0; i < script.groups.size(); ++i) {
    const ShellGroup& group = script.groups[i];
    place(group.pipeline, group.pipeline_position, {true, i});
    if (group.kind == GroupKind::function) functions_.try_emplace(group.name);
    if (group.kind == GroupKind::loop && !group.name.empty()) variables_[group.name].times += 2;
    for (const Redirection& redirection : group.redirections) {
      if (redirection.op.find('>') == redirection.op.npos) continue;
      if (const auto file = redirection.target.constant()) {
        written_[std::string(without_dot_slash(*file))].push_back(kNoShellIndex);
      }
    }
  }
  for (std::uint32_t i = 0; i < script.commands.size(); ++i) {
    const ShellCommand& command = script.commands[i];
    place(command.pipeline, command.pipeline_position, {false, i});
    find_variables(command);
    for (const Redirection& redirection : command.redirections) {
      const auto file = redirection.op.find('>') == redirection.op.npos ? std::nullopt : redirection.target.constant();
      if (file) written_[std::string(without_dot_slash(*file))].push_back(redirection.op == ">" ? i : kNoShellIndex);
    }
    const auto name = command.name();
    if (name == "tee") {
      for (const ShellWord& word : command.words) {
        if (const auto file = word.constant()) {
          written_[std::string(without_dot_slash(*file))].push_back(kNoShellIndex);
        }
      }
    }
    const auto function = name ? functions_.find(*name) : functions_.end();
    if (function != functions_.end()) function->second.push_back(i);
  }
}

void ScriptView::set(std::string name, const ShellWord* value, const std::vector<ShellWord>* values, std::uint32_t tail,
                     const ShellCommand& by, std::uint32_t at) {
  Variable& variable = variables_[std::move(name)];
  ++variable.times;
  variable.value = value;
  variable.values = values;
  variable.tail_of = tail;
  variable.set_at = at;
  variable.lasting = !by.conditional && !by.in_subshell;
}

void ScriptView::find_variables(const ShellCommand& command) {
  static constexpr std::array<std::string_view, 5> kDeclaring = {"export", "readonly", "declare", "typeset", "local"};
  static constexpr std::array<std::string_view, 8> kSetting = {"read", "mapfile", "readarray", "getopts",
                                                               "unset", "printf", "let", "(("};
  if (command.words.empty()) {
    for (const Assignment& made : command.assignments) {
      const bool whole = !made.append && !made.element;
      set(made.name, whole && !made.list ? &made.value : nullptr, whole && made.list ? &made.values : nullptr, 0,
          command, made.range.begin);
    }
    return;
  }
  const auto name = command.name();
  if (!name) return;
  if (is_one_of(*name, kDeclaring)) {
    for (const ShellWord& word : command.words) {
      const std::string text = leading_text(word);
      const std::size_t equals = text.find('=');
      if (equals == text.npos) continue;
      const std::string variable = text.substr(0, equals);
      const bool plain = is_name(variable);
      set(plain ? variable : variable.substr(0, variable.find_first_of("+[")), plain ? &word : nullptr, nullptr,
          static_cast<std::uint32_t>(equals + 1), command, word.range.begin);
    }
  } else if (is_one_of(*name, kSetting)) {
    const bool arithmetic = name == "((" || name == "let";
    for (std::size_t i = 1; i < command.words.size(); ++i) {
      const std::string text = command.words[i].constant().value_or("");
      if (name == "printf" && (i < 2 || command.words[i - 1].constant() != "-v")) continue;
      if (!arithmetic) {
        if (is_name(text)) variables_[text].times += 2;
        continue;
      }
      for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && is_name(std::string_view(text).substr(at, end + 1 - at))) ++end;
        if (end > at) variables_[text.substr(at, end - at)].times += 2;
        at = std::max(end, at + 1);
      }
    }
  }
}

const ScriptView::Variable* ScriptView::variable(std::string_view name, std::uint32_t before) const {
  const auto found = variables_.find(name);
  if (found == variables_.end()) return nullptr;
  const Variable& variable = found->second;
  return variable.times == 1 && variable.lasting && variable.set_at < before ? &variable : nullptr;
}

bool ScriptView::is_known_variable(std::string_view name) const {
  const Variable* set = variable(name, 0xFFFFFFFF);
  return set && (set->value || set->values);
}

bool ScriptView::append_value(ShellText& into, const WordPart& part, std::uint32_t before, const Bindings& bindings,
                              int depth) const {
  if (depth >= kMaxLookThrough || budget_ == 0) return false;
  --budget_;
  ShellText value;
  if (part.kind == WordPartKind::parameter && part.text == part.name) {
    if (const auto bound = bindings.find(part.name); bound != bindings.end()) {
      resolve_into(value, bound->second, before, {}, depth + 1);
    } else if (const Variable* set = variable(part.name, before); set && set->value) {
      resolve_into(value, *set->value, set->set_at, {}, depth + 1);
      value = value.cut(set->tail_of, value.size());
    } else {
      return false;
    }
  } else if (part.kind == WordPartKind::command) {
    const auto command = only_command_in(part.range);
    auto text = command ? printed_within(*command, bindings, depth + 1) : std::nullopt;
    if (!text) return false;
    value = text->without_final_newlines();
  } else {
    return false;
  }
  budget_ -= std::min(value.size(), budget_);
  if (value.size() > kMaxValueBytes || budget_ == 0) return false;
  if (!part.quoted) {
    into.append(value);
    return true;
  }
  // Quotes around `"$X"` hold for what is put in for X.
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!value.is_hole(i)) {
      into.append(value[i], value.place(i));
      continue;
    }
    WordPart hole = value.hole(i);
    hole.quoted = true;
    into.append(hole);
  }
  return true;
}

void ScriptView::resolve_into(ShellText& into, const ShellWord& word, std::uint32_t before, const Bindings& bindings,
                              int depth) const {
  for (const WordPart& part : word.parts) {
    if (part.kind == WordPartKind::text || !append_value(into, part, before, bindings, depth)) into.append(part);
  }
}

ShellText ScriptView::resolved_text(const ShellWord& word, std::uint32_t before, const Bindings& bindings) const {
  ShellText text;
  resolve_into(text, word, before, bindings, 0);
  return text;
}

ShellWord ScriptView::resolved(const ShellWord& word, std::uint32_t before, const Bindings& bindings) const {
  const bool constant = std::all_of(word.parts.begin(), word.parts.end(),
                                    [](const WordPart& part) { return part.kind == WordPartKind::text; });
  if (constant) return word;
  ShellText text;
  bool changed = false;
  for (const WordPart& part : word.parts) {
    if (part.kind != WordPartKind::text && append_value(text, part, before, bindings, 0)) {
      changed = true;
    } else {
      text.append(part);
    }
  }
  if (!changed) return word;
  ShellWord made = text.word();
  made.pattern = word.pattern;
  return made;
}

/// Whether an unquoted value in it has blanks, at which the shell makes several words of it.
bool ScriptView::falls_apart(const ShellWord& word, std::uint32_t before, const Bindings& bindings) const {
  return std::any_of(word.parts.begin(), word.parts.end(), [&](const WordPart& part) {
    ShellText value;
    return !part.quoted && part.kind != WordPartKind::text && append_value(value, part, before, bindings, 0) &&
           value.bytes().find_first_of(" \t\n*?[") != std::string::npos;
  });
}

void ScriptView::add_argument(Invocation& into, const ShellWord& word, std::uint32_t before,
                              const Bindings& bindings) const {
  const WordPart* lone = lone_parameter(word);
  if (!lone) {
    into.arguments.push_back(falls_apart(word, before, bindings) ? word : resolved(word, before, bindings));
    return;
  }
  const bool all = lone->text == "@" || lone->text == "*" || lone->text == lone->name + "[@]" ||
                   lone->text == lone->name + "[*]";
  if (all) {
    const Variable* set = variable(lone->name, before);
    if (!set || !set->values) {
      into.more_arguments = true;
      into.arguments.push_back(word);
      return;
    }
    for (const ShellWord& value : *set->values) {
      if (budget_ == 0) break;
      --budget_;
      into.arguments.push_back(resolved(value, set->set_at));
    }
    return;
  }
  const ShellText text = resolved_text(word, before, bindings);
  if (lone->quoted || text.has_holes()) {
    into.arguments.push_back(resolved(word, before, bindings));
    return;
  }
  // An unquoted value falls apart at blanks.
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = std::min(text.bytes().find_first_not_of(" \t\n", at), text.size());
    const std::size_t end = std::min(text.bytes().find_first_of(" \t\n", begin), text.size());
    if (end > begin) into.arguments.push_back(text.cut(begin, end).word());
    at = end;
  }
}

namespace {

/// How many words a wrapper takes up to the command that it runs; 0: it is none, or runs nothing.
std::size_t wrapper_length(const std::vector<ShellWord>& words) {
  static constexpr std::array<std::string_view, 6> kPlain = {"nohup", "exec", "builtin", "command", "time", "unbuffer"};
  const auto text = [&](std::size_t i) { return i < words.size() ? leading_text(words[i]) : std::string(); };
  const auto is_option = [&](std::size_t i) { return text(i).size() > 1 && text(i).front() == '-'; };
  const std::string name = words.empty() ? "" : words.front().constant().value_or("");
  const bool sudo = name == "sudo", env = name == "env", timeout = name == "timeout", nice = name == "nice";
  const bool plain = is_one_of(name, kPlain);
  if (!sudo && !env && !timeout && !nice && !plain) return 0;
  if (name == "command" && (text(1) == "-v" || text(1) == "-V")) return 0;
  std::size_t at = 1;
  while (is_option(at)) {
    const std::string option = text(at++);
    if (option == "--") break;
    const bool takes_value = (sudo && (option == "-u" || option == "-g" || option == "-C" || option == "-p")) ||
                             (env && (option == "-u" || option == "-C" || option == "-S")) ||
                             (timeout && (option == "-k" || option == "-s")) || (nice && option == "-n") ||
                             (name == "exec" && option == "-a");
    if (takes_value) ++at;
  }
  if (timeout) ++at;  // the duration
  const auto is_assignment = [&](const std::string& word) {
    const std::size_t equals = word.find('=');
    return equals != word.npos && is_name(std::string_view(word).substr(0, equals));
  };
  while ((env || sudo) && is_assignment(text(at))) ++at;
  return at < words.size() ? at : 0;
}

/// `/usr/bin/curl` is curl; a path elsewhere stays.
std::string program_name(std::string path) {
  static constexpr std::array<std::string_view, 5> kFolders = {"/bin/", "/usr/bin/", "/usr/local/bin/", "/sbin/",
                                                               "/usr/sbin/"};
  const std::size_t slash = path.rfind('/');
  if (slash != path.npos && is_one_of(std::string_view(path).substr(0, slash + 1), kFolders)) path.erase(0, slash + 1);
  return path;
}

}  // namespace

Invocation ScriptView::invocation(std::uint32_t command, const Bindings& bindings) const {
  Invocation made;
  const ShellCommand& called = script_.commands[command];
  for (const ShellWord& word : called.words) add_argument(made, word, called.range.begin, bindings);
  for (int wrappers = 0; wrappers < 8; ++wrappers) {
    const std::size_t length = wrapper_length(made.arguments);
    if (length == 0) break;
    made.arguments.erase(made.arguments.begin(), made.arguments.begin() + static_cast<std::ptrdiff_t>(length));
  }
  if (made.arguments.empty()) {
    made.program_range = called.range;
    return made;
  }
  made.program_range = made.arguments.front().range;
  auto name = made.arguments.front().pattern ? std::nullopt : made.arguments.front().constant();
  if (name) made.program = program_name(*std::move(name));
  made.arguments.erase(made.arguments.begin());
  return made;
}

namespace {

bool uses(const ShellWord& word, std::string_view name) {
  return std::any_of(word.parts.begin(), word.parts.end(), [&](const WordPart& part) {
    return part.kind == WordPartKind::parameter && part.name == name && part.text == name;
  });
}

bool uses(const ShellCommand& command, std::string_view name) {
  const auto in = [&](const ShellWord& word) { return uses(word, name); };
  return std::any_of(command.words.begin(), command.words.end(), in) ||
         std::any_of(command.redirections.begin(), command.redirections.end(),
                     [&](const Redirection& made) { return made.here && in(made.here->body); });
}

}  // namespace

std::vector<Bindings> ScriptView::loop_bindings(std::uint32_t command) const {
  const ShellCommand& inside = script_.commands[command];
  for (std::uint32_t at = inside.group; at != kNoShellIndex; at = script_.groups[at].parent) {
    const ShellGroup& loop = script_.groups[at];
    if (loop.kind != GroupKind::loop || loop.name.empty() || !uses(inside, loop.name)) continue;
    Invocation list;
    for (const ShellWord& word : loop.words) add_argument(list, word, loop.range.begin, {});
    std::vector<Bindings> values;
    for (const ShellWord& value : list.arguments) {
      if (!value.constant() || value.pattern) return {{}};
      values.push_back({{loop.name, value}});
    }
    const bool too_many = values.size() > kMaxLoopValues || values.size() * inside.range.size() > kMaxLoopBytes;
    if (values.empty() || too_many || list.more_arguments) return {{}};
    return values;
  }
  return {{}};
}

const std::vector<std::uint32_t>& ScriptView::calls_of(std::string_view function) const {
  static const std::vector<std::uint32_t> kNone;
  const auto found = functions_.find(function);
  return found == functions_.end() ? kNone : found->second;
}

std::optional<PipelineElement> ScriptView::neighbour(std::uint32_t pipeline, std::uint32_t position) const {
  if (pipeline >= pipelines_.size() || position >= pipelines_[pipeline].size()) return std::nullopt;
  const PipelineElement element = pipelines_[pipeline][position];
  if (element.index == kNoShellIndex) return std::nullopt;
  return element;
}

std::optional<std::uint32_t> ScriptView::only_command_in(ByteRange substitution) const {
  const auto& all = script_.commands;
  const auto first = std::lower_bound(all.begin(), all.end(), substitution.begin,
                                      [](const ShellCommand& command, std::uint32_t begin) {
                                        return command.range.begin < begin;
                                      });
  std::optional<std::uint32_t> found;
  std::uint32_t seen = 0;
  for (auto command = first; command != all.end() && command->range.begin < substitution.end; ++command) {
    if (++seen > kMaxCommandsInSubstitution) return std::nullopt;
    const bool deeper = command->owner != kNoShellIndex && all[command->owner].range.begin >= substitution.begin;
    if (deeper) continue;
    if (found || command->group != kNoShellIndex) return std::nullopt;
    found = static_cast<std::uint32_t>(command - all.begin());
  }
  return found;
}

std::vector<std::uint32_t> ScriptView::pipeline_in(ByteRange substitution) const {
  const auto& all = script_.commands;
  const auto first = std::lower_bound(all.begin(), all.end(), substitution.begin,
                                      [](const ShellCommand& command, std::uint32_t begin) {
                                        return command.range.begin < begin;
                                      });
  std::vector<std::uint32_t> found;
  std::uint32_t seen = 0;
  for (auto command = first; command != all.end() && command->range.begin < substitution.end; ++command) {
    if (++seen > kMaxCommandsInSubstitution) return {};
    if (command->owner != kNoShellIndex && all[command->owner].range.begin >= substitution.begin) continue;
    const bool next = command->pipeline_position == found.size() &&
                      (found.empty() || command->pipeline == all[found.front()].pipeline);
    if (!next || command->group != kNoShellIndex) return {};
    found.push_back(static_cast<std::uint32_t>(command - all.begin()));
  }
  return found;
}

std::optional<std::uint32_t> ScriptView::writer_of(std::string_view file, std::uint32_t before) const {
  const auto found = written_.find(without_dot_slash(file));
  if (found == written_.end() || found->second.size() != 1) return std::nullopt;
  const std::uint32_t command = found->second.front();
  if (command == kNoShellIndex || script_.commands[command].range.begin >= before) return std::nullopt;
  return command;
}

std::optional<ShellText> ScriptView::here_text(std::uint32_t command, const Bindings& bindings) const {
  return here_text_within(command, bindings, 0);
}

std::optional<ShellText> ScriptView::here_text_within(std::uint32_t command, const Bindings& bindings,
                                                      int depth) const {
  const ShellCommand& fed = script_.commands[command];
  for (auto redirection = fed.redirections.rbegin(); redirection != fed.redirections.rend(); ++redirection) {
    if (redirection->op.front() != '<' || redirection->descriptor.value_or(0) != 0) continue;
    if (!redirection->here) return std::nullopt;
    ShellText text;
    resolve_into(text, redirection->here->body, redirection->range.begin, bindings, depth);
    if (redirection->op == "<<<") text.append('\n', {redirection->range.end, redirection->range.end});
    return text;
  }
  return std::nullopt;
}

namespace {

/// printf: the format, over and over until the arguments are used up.
ShellText formatted(const ShellText& format, const std::vector<ShellText>& arguments) {
  ShellText text;
  std::size_t next = 0;
  do {
    const std::size_t before = next;
    for (std::size_t i = 0; i < format.size(); ++i) {
      if (format.is_hole(i)) {
        text.append(format.hole(i));
        continue;
      }
      if (format[i] != '%' || i + 1 >= format.size()) {
        text.append(format[i], format.place(i));
        continue;
      }
      if (format[i + 1] == '%') {
        text.append('%', format.place(++i));
        continue;
      }
      ++i;
      constexpr std::string_view kFlags = "-+ #0123456789.";
      while (i + 1 < format.size() && kFlags.find(format[i]) != kFlags.npos) ++i;
      if (next < arguments.size()) text.append(arguments[next]);
      ++next;
    }
    if (next == before) break;
  } while (next < arguments.size() && text.size() < kMaxValueBytes);
  return text;
}

}  // namespace

std::optional<ShellText> ScriptView::printed_within(std::uint32_t command, const Bindings& bindings, int depth) const {
  const ShellCommand& printing = script_.commands[command];
  const auto name = printing.name();
  const auto& words = printing.words;
  const auto text_of = [&](const ShellWord& word) {
    ShellText text;
    resolve_into(text, word, printing.range.begin, bindings, depth);
    return text;
  };
  if (name == "echo") {
    bool newline = true, escapes = false;
    std::size_t at = 1;
    for (; at < words.size(); ++at) {
      const std::string option = words[at].constant().value_or("");
      if (option.size() < 2 || option.front() != '-' || option.find_first_not_of("neE", 1) != option.npos) break;
      newline = newline && option.find('n') == option.npos;
      escapes = escapes || option.find('e') != option.npos;
    }
    ShellText text;
    for (std::size_t i = at; i < words.size(); ++i) {
      if (i > at) text.append(' ', {words[i - 1].range.end, words[i].range.begin});
      text.append(text_of(words[i]));
    }
    if (escapes) text = unescaped(text);
    if (newline) text.append('\n', {printing.range.end, printing.range.end});
    return text;
  }
  if (name == "printf") {
    const std::size_t format = words.size() > 1 && words[1].constant() == "--" ? 2 : 1;
    if (format >= words.size() || words[format].constant() == "-v") return std::nullopt;
    std::vector<ShellText> arguments;
    for (std::size_t i = format + 1; i < words.size(); ++i) arguments.push_back(text_of(words[i]));
    return formatted(unescaped(text_of(words[format])), arguments);
  }
  if (name == "cat" && (words.size() == 1 || (words.size() == 2 && words[1].constant() == "-"))) {
    return here_text_within(command, bindings, depth);
  }
  return std::nullopt;
}

std::optional<ShellText> ScriptView::printed(std::uint32_t command, const Bindings& bindings) const {
  return printed_within(command, bindings, 0);
}

}  // namespace trueup::formats
