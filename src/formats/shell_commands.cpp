#include "formats/shell_commands.hpp"

#include <algorithm>
#include <utility>

#include "formats/shell_program_options.hpp"
#include "formats/shell_text.hpp"
#include "formats/shell_view.hpp"

/// Programs differ in which options take the next word, and a word too many or too few makes a positional argument of
/// an option's value. So each program has a table of its options (shell_program_options.cpp); what stands there is
/// from the manuals of Helm 3 and 4, Docker 28, gh 2, git 2 and their kin.
namespace trueup::formats {
namespace {

/// Arguments of one script, all commands together.
constexpr std::size_t kMaxArguments = 50'000;

/// A word of which a shell may make several, or none: an unquoted value may have blanks. What GitHub puts in is trusted to
/// have none where it is a piece of a word.
bool may_fall_apart(const ShellWord& word) {
  bool text = false, github = false;
  for (const WordPart& part : word.parts) {
    if (part.kind == WordPartKind::text) text = true;
    else if (!part.quoted && part.kind == WordPartKind::github) github = true;
    else if (!part.quoted) return true;
  }
  return github && !text;
}

/// The part of a word behind its first `length` bytes of text.
ShellWord tail_of(const ShellWord& word, std::size_t length) {
  const ShellText text(word);
  ShellWord tail = text.cut(length, text.size()).word();
  if (tail.parts.empty()) tail.range = {word.range.end, word.range.end};
  tail.pattern = word.pattern;
  return tail;
}

class ArgumentReader {
 public:
  ArgumentReader(const ProgramOptions* program, const SubcommandOptions* subcommand)
      : program_(program), subcommand_(subcommand) {}

  CommandArguments read(const std::vector<ShellWord>& words, std::size_t at, bool more) const {
    CommandArguments arguments;
    arguments.complete = !more;
    bool options = true;
    for (; at < words.size(); ++at) {
      const ShellWord& word = words[at];
      const ShellText text(word);
      const bool is_option = options && text.size() > 1 && text[0] == '-' && !text.is_hole(0) && !text.is_hole(1);
      if (may_fall_apart(word)) arguments.complete = false;
      if (!is_option) {
        arguments.list.push_back({word.range, std::nullopt, word});
        continue;
      }
      if (text.bytes() == "--") {
        options = false;
        continue;
      }
      const ShellWord* const next = at + 1 < words.size() ? &words[at + 1] : nullptr;
      if (!read_option(word, text, next, arguments.list)) continue;
      ++at;
      if (may_fall_apart(*next)) arguments.complete = false;
    }
    return arguments;
  }

  bool takes_value(std::string_view option) const {
    if (subcommand_ != nullptr) {
      if (has_word(subcommand_->plain, option)) return false;
      if (has_word(subcommand_->valued, option)) return true;
    }
    return program_ != nullptr && has_word(program_->valued, option);
  }

 private:
  /// True if the option took the next word.
  bool read_option(const ShellWord& word, const ShellText& text, const ShellWord* next,
                   std::vector<CommandArgument>& into) const {
    const std::string& bytes = text.bytes();
    if (bytes[1] == '-' || program_ == nullptr) {
      const std::size_t equals = bytes.find('=');
      if (equals != bytes.npos) {
        ShellWord value = tail_of(word, equals + 1);
        into.push_back({value.range, text.cut(0, equals).constant().value_or(bytes.substr(0, equals)), std::move(value)});
        return false;
      }
      return add(word, bytes, next, into);
    }
    // `-am text`, `-ofile`: letters, of which the first that takes a value takes the rest.
    for (std::size_t i = 1; i < text.size() && !text.is_hole(i); ++i) {
      const std::string option{'-', bytes[i]};
      // sed -i.bak: a suffix is taken only where it is attached.
      const bool suffix = option == "-i" && program_->program == "sed" && i + 1 < text.size();
      if (!takes_value(option) && !suffix) {
        into.push_back({word.range, option, std::nullopt});
        continue;
      }
      if (i + 1 == text.size()) return add(word, option, next, into);
      ShellWord value = tail_of(word, bytes[i + 1] == '=' ? i + 2 : i + 1);
      into.push_back({value.range, option, std::move(value)});
      return false;
    }
    return false;
  }

  bool add(const ShellWord& word, const std::string& option, const ShellWord* next,
           std::vector<CommandArgument>& into) const {
    if (next == nullptr || !takes_value(option)) {
      into.push_back({word.range, option, std::nullopt});
      return false;
    }
    into.push_back({next->range, option, *next});
    return true;
  }

  const ProgramOptions* program_;
  const SubcommandOptions* subcommand_;
};

/// Where the words behind the options that stand before a subcommand begin.
std::size_t behind_global_options(const ProgramOptions& program, const std::vector<ShellWord>& words, std::size_t at) {
  const ArgumentReader reader(&program, nullptr);
  for (; at < words.size(); ++at) {
    const auto text = words[at].constant();
    if (!text || text->size() < 2 || text->front() != '-') break;
    if (text->find('=') == text->npos && reader.takes_value(*text)) ++at;
  }
  return std::min(at, words.size());
}

/// Words that options before the subcommand take are arguments all the same: `git -C charts add .`.
ProgramCall read_call(const ProgramOptions& program, Invocation called) {
  ProgramCall call;
  call.program = std::string(program.program);
  call.range = called.program_range;
  const std::vector<ShellWord>& words = called.arguments;
  std::size_t at = 0;
  std::vector<CommandArgument> before;
  if (program.has_subcommands) {
    at = behind_global_options(program, words, 0);
    const ArgumentReader global(&program, nullptr);
    before = global.read({words.begin(), words.begin() + static_cast<std::ptrdiff_t>(at)}, 0, false).list;
    const auto take_word = [&] {
      const auto text = at < words.size() ? words[at].constant() : std::nullopt;
      if (!text || text->empty() || text->front() == '-') return false;
      if (!call.subcommand.empty()) call.subcommand += ' ';
      call.subcommand += *text;
      const ByteRange word = words[at++].range;
      if (word.end > call.range.end && word.begin >= call.range.begin) call.range.end = word.end;
      return true;
    };
    if (take_word() && (program.two_words == "*" ? call.subcommand != "api" : has_word(program.two_words, call.subcommand)))
      take_word();
    call.subcommand = full_subcommand(program.program, call.subcommand);
  }
  const ArgumentReader reader(&program, find_subcommand_options(program.program, call.subcommand));
  call.arguments = reader.read(words, at, called.more_arguments);
  // `$COMMAND`: what it does is not known.
  if (program.has_subcommands && call.subcommand.empty() && at < words.size()) call.arguments.complete = false;
  call.arguments.list.insert(call.arguments.list.begin(), std::make_move_iterator(before.begin()),
                             std::make_move_iterator(before.end()));
  return call;
}

/// The text that `echo … |`, `printf … |` or a here-document gives the command.
std::optional<ShellWord> input_of(const ScriptView& view, std::uint32_t command) {
  const ShellCommand& fed = view.commands()[command];
  std::optional<ShellText> text;
  if (fed.pipeline_position == 0) {
    text = view.here_text(command);
  } else if (const auto before = view.neighbour(fed.pipeline, fed.pipeline_position - 1); before && !before->is_group) {
    text = view.printed(before->index);
  }
  if (!text) return std::nullopt;
  return text->without_final_newlines().word();
}

/// `git diff --quiet … && exit 0`: what follows may be left out though all goes well. `exit 1` and `… || exit` end in red.
bool may_end_well(const ShellCommand& command) {
  if (!command.conditional || command.in_subshell || command.nested || command.name() != "exit") return false;
  if (command.words.size() < 2) return command.connector != Connector::or_else;
  const auto status = command.words[1].constant();
  return !status || *status == "0";
}

}  // namespace

std::vector<ProgramCall> read_program_calls(const ShellScript& script) {
  const ScriptView view(script);
  std::vector<ProgramCall> calls;
  std::size_t arguments = 0;
  bool may_have_ended = false;
  for (std::uint32_t i = 0; i < view.commands().size() && arguments < kMaxArguments; ++i) {
    may_have_ended = may_have_ended || may_end_well(view.commands()[i]);
    if (view.commands()[i].words.empty()) continue;
    for (const Bindings& bindings : view.loop_bindings(i)) {
      Invocation called = view.invocation(i, bindings);
      if (!called.program || view.is_function(*called.program)) break;
      const ProgramOptions* const program = find_program_options(*called.program);
      if (program == nullptr) break;
      calls.push_back(read_call(*program, std::move(called)));
      calls.back().conditional = view.commands()[i].conditional || may_have_ended;
      if (calls.back().subcommand.ends_with("login")) calls.back().input = input_of(view, i);
      arguments += calls.back().arguments.list.size();
      if (arguments >= kMaxArguments) break;
    }
  }
  return calls;
}

CommandArguments read_arguments(const std::vector<ShellWord>& words, bool more) {
  return ArgumentReader(nullptr, nullptr).read(words, 0, more);
}

std::string template_text(const ShellWord& word) {
  std::string text;
  for (const WordPart& part : word.parts) {
    switch (part.kind) {
      case WordPartKind::text: text += part.text; break;
      case WordPartKind::parameter: text += "${" + part.text + '}'; break;
      case WordPartKind::command: text += "$(" + part.text + ')'; break;
      case WordPartKind::arithmetic: text += "$((" + part.text + "))"; break;
      case WordPartKind::process: text += "<(" + part.text + ')'; break;
      case WordPartKind::github: text += "${{" + part.text + "}}"; break;
    }
  }
  return text;
}

}  // namespace trueup::formats
