#include <algorithm>
#include <utility>

#include "formats/shell.hpp"
#include "formats/shell_parser.hpp"

namespace trueup::formats {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name_char(char c) { return is_name_start(c) || is_digit(c); }
bool is_one_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }
bool is_meta(char c) { return is_one_of(c, " \t\n;&|<>()"); }
constexpr std::string_view kSpecialParameters = "@*#?$!-";

ByteRange range_of(std::size_t begin, std::size_t end) {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

int digit_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
}

/// The code point as UTF-8, or nothing for what is none.
std::string utf8(std::uint32_t code) {
  std::string text;
  const auto tail = [&](int shift) { text += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0 | (code >> 12));
    tail(6), tail(0);
  } else if (code < 0x110000) {
    text += static_cast<char>(0xF0 | (code >> 18));
    tail(12), tail(6), tail(0);
  }
  return text;
}

}  // namespace

void ShellParser::WordBuilder::bytes(std::size_t begin, std::size_t end, bool quoted) {
  if (begin >= end) return;
  if (!parts_.empty()) {
    WordPart& last = parts_.back();
    if (last.kind == WordPartKind::text && last.quoted == quoted && last.range.end == begin &&
        last.range.size() == last.text.size() && !last.text.empty()) {
      last.text += text_.substr(begin, end - begin);
      last.range.end = static_cast<std::uint32_t>(end);
      return;
    }
  }
  escape(begin, end, std::string(text_.substr(begin, end - begin)), quoted);
}

void ShellParser::WordBuilder::escape(std::size_t begin, std::size_t end, std::string value, bool quoted) {
  WordPart part;
  part.quoted = quoted;
  part.range = range_of(begin, end);
  part.text = std::move(value);
  parts_.push_back(std::move(part));
}

ShellWord ShellParser::WordBuilder::finish(std::size_t end) && {
  ShellWord word;
  word.range = range_of(begin_, end);
  word.parts = std::move(parts_);
  word.pattern = pattern;
  return word;
}

ShellWord ShellParser::word(const Context& context) {
  const std::size_t begin = at_;
  WordBuilder into(text_, begin);
  into.pattern = peek() == '~';
  bool bracket = false, brace = false, brace_list = false;
  while (!failed() && !at_end() && !at_newline()) {
    const char c = peek();
    if ((c == '<' || c == '>') && peek(1) == '(') {
      command_substitution(into, context, false, WordPartKind::process);
      continue;
    }
    if (c == '(' && at_ > begin && is_one_of(text_[at_ - 1], "?*+@!")) {
      pattern_list(into);
      continue;
    }
    if (c == '(' && at_ > begin && text_[at_ - 1] == '=' && is_name_start(text_[begin])) {
      const std::size_t list = at_;  // declare -a X=( … )
      (void)array_values(context);
      into.bytes(list, at_, true);
      continue;
    }
    if (is_meta(c)) break;
    switch (c) {
      case '\'': single_quoted(into); continue;
      case '"': double_quoted(into, context); continue;
      case '\\': escape(into); continue;
      case '$': dollar(into, context, false); continue;
      case '`': backticks(into, context, false); continue;
      case '*':
      case '?': into.pattern = true; break;
      case '[': bracket = true; break;
      case ']': into.pattern = into.pattern || (bracket && at_ > begin + 1); break;
      case '{': brace = true; break;
      case ',': brace_list = brace_list || brace; break;
      case '.': brace_list = brace_list || (brace && peek(1) == '.'); break;
      case '}': into.pattern = into.pattern || brace_list; break;
      default: break;
    }
    into.bytes(at_, at_ + 1, false);
    ++at_;
  }
  return std::move(into).finish(at_);
}

/// `@(a|b)` and its like, as text.
void ShellParser::pattern_list(WordBuilder& into) {
  const std::size_t begin = at_;
  std::uint32_t open = 0;
  for (; !at_end() && peek() != '\n'; ++at_) {
    if (peek() == '(') ++open;
    if (peek() == ')' && --open == 0) break;
    if (peek() == '\\') ++at_;
  }
  if (peek() != ')') return fail(begin, "expected ')' to end this pattern");
  ++at_;
  into.bytes(begin, at_, false);
  into.pattern = true;
}

void ShellParser::single_quoted(WordBuilder& into) {
  const std::size_t begin = at_++;
  const std::size_t parts = into.size();
  for (;;) {
    const std::size_t stop = std::min(text_.find_first_of("'$", at_), end_);
    into.bytes(at_, stop, true);
    at_ = stop;
    if (at_end()) return fail(begin, "expected a closing ' for this text");
    if (peek() == '\'') break;
    if (github_template(into, true)) continue;
    into.bytes(at_, at_ + 1, true);
    ++at_;
  }
  ++at_;
  if (into.size() == parts && at_ == begin + 2) into.escape(begin + 1, begin + 1, "", true);
}

void ShellParser::double_quoted(WordBuilder& into, const Context& context) {
  const std::size_t begin = at_++;
  const std::size_t parts = into.size();
  while (!failed()) {
    const std::size_t stop = std::min(text_.find_first_of("\"\\$`", at_), end_);
    into.bytes(at_, stop, true);
    at_ = stop;
    if (at_end()) return fail(begin, "expected a closing \" for this text");
    if (peek() == '"') break;
    if (peek() == '$') {
      dollar(into, context, true);
    } else if (peek() == '`') {
      backticks(into, context, true);
    } else {
      quoted_escape(into, "$`\"\\");
    }
  }
  if (failed()) return;
  ++at_;
  if (into.size() == parts && at_ == begin + 2) into.escape(begin + 1, begin + 1, "", true);
}

/// A backslash between double quotes or in a here-document: it escapes only some characters and line ends.
void ShellParser::quoted_escape(WordBuilder& into, std::string_view escapable) {
  if (peek(1) == '\n' && at_ + 1 < end_) {
    at_ += 2;
  } else if (at_ + 1 < end_ && is_one_of(peek(1), escapable)) {
    into.escape(at_, at_ + 2, std::string(1, peek(1)), true);
    at_ += 2;
  } else {
    into.bytes(at_, at_ + 1, true);
    ++at_;
  }
}

void ShellParser::escape(WordBuilder& into) {
  if (at_ + 1 >= end_) {
    into.bytes(at_, at_ + 1, false);
    ++at_;
  } else {
    if (peek(1) != '\n') into.escape(at_, at_ + 2, std::string(1, peek(1)), true);
    at_ += 2;
  }
}

/// $'…': escapes of C.
void ShellParser::ansi_quoted(WordBuilder& into) {
  const std::size_t begin = at_;
  at_ += 2;
  while (!failed()) {
    const std::size_t stop = std::min(text_.find_first_of("'\\$", at_), end_);
    into.bytes(at_, stop, true);
    at_ = stop;
    if (at_end()) return fail(begin, "expected a closing ' for this text");
    if (peek() == '\'') break;
    if (peek() == '$') {
      if (github_template(into, true)) continue;
      into.bytes(at_, at_ + 1, true);
      ++at_;
      continue;
    }
    const std::size_t start = at_++;
    const char c = peek();
    const auto number = [&](int base, std::size_t digits) {
      std::uint32_t value = 0;
      for (; digits > 0 && !at_end(); --digits, ++at_) {
        const int digit = digit_value(peek());
        if (digit >= base) break;
        value = value * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(digit);
      }
      return value;
    };
    static constexpr std::string_view kNames = "abefnrtv\\'\"?E", kValues = "\a\b\x1b\f\n\r\t\v\\'\"?\x1b";
    if (is_digit(c) && c < '8') {
      const auto value = static_cast<char>(number(8, 3));
      into.escape(start, at_, std::string(1, value), true);
    } else if (c == 'x') {
      ++at_;
      const auto value = static_cast<char>(number(16, 2));
      into.escape(start, at_, std::string(1, value), true);
    } else if (c == 'u' || c == 'U') {
      ++at_;
      std::string value = utf8(number(16, c == 'u' ? 4 : 8));
      into.escape(start, at_, std::move(value), true);
    } else if (const auto name = at_end() ? kNames.npos : kNames.find(c); name != kNames.npos) {
      ++at_;
      into.escape(start, at_, std::string(1, kValues[name]), true);
    } else {
      into.bytes(start, at_, true);  // an unknown escape stays as it is
    }
  }
  if (failed()) return;
  ++at_;
}

bool ShellParser::github_template(WordBuilder& into, bool quoted) {
  const TemplateRegion* region = template_at(at_);
  if (!region || region->outer.end > end_) return false;
  WordPart part;
  part.kind = WordPartKind::github;
  part.quoted = quoted;
  part.range = region->outer;
  part.text = slice(text_, region->inner);
  into.expansion(std::move(part));
  at_ = region->outer.end;
  return true;
}

/// What `$` begins, or a plain dollar sign.
void ShellParser::dollar(WordBuilder& into, const Context& context, bool quoted) {
  if (github_template(into, quoted)) return;
  const char next = peek(1);
  if (next == '(') {
    if (peek(2) == '(' && arithmetic(into, context, quoted)) return;
    return command_substitution(into, context, quoted, WordPartKind::command);
  }
  if (next == '{') return braced_parameter(into, context, quoted);
  if (next == '\'' && !quoted) return ansi_quoted(into);
  if (next == '"' && !quoted) {
    ++at_;
    return double_quoted(into, context);
  }
  std::size_t end = at_ + 1;
  if (is_name_start(next)) {
    while (end < end_ && is_name_char(text_[end])) ++end;
  } else if (is_digit(next) || (next != '\0' && is_one_of(next, kSpecialParameters))) {
    ++end;
  }
  if (end == at_ + 1) {
    into.bytes(at_, end, quoted);
  } else {
    WordPart part;
    part.kind = WordPartKind::parameter;
    part.quoted = quoted;
    part.range = range_of(at_, end);
    part.text = part.name = text_.substr(at_ + 1, end - at_ - 1);
    into.expansion(std::move(part));
  }
  at_ = end;
}

void ShellParser::braced_parameter(WordBuilder& into, const Context& context, bool quoted) {
  const Nesting nesting(*this);
  if (failed()) return;
  WordPart part;
  part.kind = WordPartKind::parameter;
  part.quoted = quoted;
  const std::size_t begin = at_;
  at_ += 2;
  if ((peek() == '#' || peek() == '!') && (is_name_char(peek(1)) || is_one_of(peek(1), "@*"))) ++at_;
  const std::size_t name = at_;
  while (!at_end() && is_name_char(peek())) ++at_;
  if (at_ == name && !at_end() && is_one_of(peek(), kSpecialParameters)) ++at_;
  if (at_ == name) return fail_expected("a parameter's name after '${'");
  part.name = text_.substr(name, at_ - name);

  // Between double quotes, single quotes quote in `${X//'"'/}`. In `${X:-'a}b'}` they are text, but bash still looks
  // for the brace behind a pair of them; sh does not, and `${X:-it's}` has no pair.
  const bool single_quotes = !quoted || (!at_end() && is_one_of(peek(), "/#%^,"));
  bool in_pair = false;
  WordBuilder inner(text_, at_);
  while (!failed() && (peek() != '}' || in_pair)) {
    if (at_end()) return fail(begin, "expected '}' to end this expansion");
    switch (peek()) {
      case '\\': at_ = std::min(at_ + 2, end_); break;
      case '"': double_quoted(inner, context); break;
      case '$': dollar(inner, context, quoted); break;
      case '`': backticks(inner, context, quoted); break;
      case '\'':
        if (single_quotes) {
          single_quoted(inner);
        } else {
          const std::size_t next = text_.find_first_of("'\"\n", at_ + 1);
          in_pair = !in_pair && next < end_ && text_[next] == '\'';
          ++at_;
        }
        break;
      default: ++at_;
    }
  }
  if (failed()) return;
  part.text = text_.substr(begin + 2, at_ - begin - 2);
  part.range = range_of(begin, ++at_);
  into.expansion(std::move(part));
}

/// What is printed inside is caught, so that the redirections of groups outside do not hold there.
ShellParser::Context ShellParser::substituted(Context context) {
  context.nested = context.in_subshell = true;
  context.group = kNoShellIndex;
  return context;
}

/// `$(…)`, `<(…)`, `>(…)`.
void ShellParser::command_substitution(WordBuilder& into, const Context& context, bool quoted, WordPartKind kind) {
  const Nesting nesting(*this);
  if (failed()) return;
  const std::size_t begin = at_;
  at_ += 2;
  list(substituted(context));
  if (failed()) return;
  if (peek() != ')') return fail_expected("')' to end the command substitution");
  WordPart part;
  part.kind = kind;
  part.quoted = quoted;
  part.text = text_.substr(begin + 2, at_ - begin - 2);
  part.range = range_of(begin, ++at_);
  into.expansion(std::move(part));
}

void ShellParser::backticks(WordBuilder& into, const Context& context, bool quoted) {
  const Nesting nesting(*this);
  if (failed()) return;
  const std::size_t begin = at_;
  std::size_t close = begin + 1;
  while (close < end_ && text_[close] != '`') close += text_[close] == '\\' ? 2 : 1;
  if (close >= end_) return fail(begin, "expected a closing ` for this command");
  const std::size_t outer_end = std::exchange(end_, close);
  ++at_;
  list(substituted(context));
  if (!failed() && !at_end()) fail_expected("a command");
  end_ = outer_end;
  if (failed()) return;
  at_ = close + 1;
  WordPart part;
  part.kind = WordPartKind::command;
  part.quoted = quoted;
  part.text = text_.substr(begin + 1, close - begin - 1);
  part.range = range_of(begin, at_);
  into.expansion(std::move(part));
}

/// The offset of the `))` that ends an arithmetic expression, or nothing if the parentheses do not end in a pair.
std::optional<std::size_t> ShellParser::arithmetic_end(std::size_t begin) const {
  std::uint32_t open = 0;
  for (std::size_t at = begin; at < end_; ++at) {
    switch (text_[at]) {
      case '(': ++open; break;
      case ')':
        if (open == 0) return at + 1 < end_ && text_[at + 1] == ')' ? std::optional(at) : std::nullopt;
        --open;
        break;
      case '\\': ++at; break;
      case '\'':
      case '"': at = std::min(text_.find(text_[at], at + 1), end_); break;
      case '$':
        if (const TemplateRegion* region = template_at(at)) at = region->outer.end - 1;
        break;
      default: break;
    }
  }
  return std::nullopt;
}

bool ShellParser::arithmetic(WordBuilder& into, const Context& context, bool quoted) {
  const auto end = arithmetic_end(at_ + 3);
  if (!end) return false;
  const Nesting nesting(*this);
  if (failed()) return true;
  const std::size_t begin = at_;
  at_ += 3;
  expansions_within(*end, context);
  if (failed()) return true;
  WordPart part;
  part.kind = WordPartKind::arithmetic;
  part.quoted = quoted;
  part.text = text_.substr(begin + 3, *end - begin - 3);
  part.range = range_of(begin, at_ = *end + 2);
  into.expansion(std::move(part));
  return true;
}

/// Reads up to `end` only for the commands inside.
void ShellParser::expansions_within(std::size_t end, const Context& context) {
  const std::size_t outer_end = std::exchange(end_, end);
  WordBuilder unused(text_, at_);
  while (!failed() && !at_end()) {
    if (peek() == '$') {
      dollar(unused, context, true);
    } else if (peek() == '`') {
      backticks(unused, context, true);
    } else {
      at_ = std::min(at_ + (peek() == '\\' ? 2 : 1), end_);
    }
  }
  end_ = outer_end;
}

/// Reads the body that begins here, and its delimiter's line.
void ShellParser::here_document(const PendingBody& pending) {
  const auto redirection = [&]() -> Redirection& {
    auto& list = pending.in_group ? script_.groups[pending.holder].redirections
                                  : script_.commands[pending.holder].redirections;
    return list[pending.redirection];
  };
  HereDocument here = *redirection().here;
  const std::size_t begin = at_;
  std::size_t body_end = end_, after = end_;
  bool ended = false;
  for (std::size_t line = begin; line < end_ && !ended;) {
    const std::size_t line_end = std::min(text_.find('\n', line), end_);
    std::string_view content = text_.substr(line, line_end - line);
    if (content.ends_with('\r')) content.remove_suffix(1);
    if (here.strips_tabs) content.remove_prefix(std::min(content.find_first_not_of('\t'), content.size()));
    const std::size_t next = std::min(line_end + 1, end_);
    if (content == here.delimiter) {
      body_end = line;
      after = next;
      ended = true;
    }
    line = next;
  }
  here.body = here_body(body_end, here, pending.context);
  redirection().here = std::move(here);
  if (!ended) fail(begin, "expected the line '" + redirection().here->delimiter + "' that ends this here-document");
  if (!failed()) at_ = after;
}

ShellWord ShellParser::here_body(std::size_t end, const HereDocument& here, const Context& context) {
  const std::size_t outer_end = std::exchange(end_, end);
  const std::size_t begin = at_;
  WordBuilder into(text_, begin);
  while (!failed() && !at_end()) {
    if (here.strips_tabs && peek() == '\t' && (at_ == begin || text_[at_ - 1] == '\n')) {
      while (peek() == '\t') ++at_;
      continue;
    }
    const std::size_t stop = std::min(text_.find_first_of(here.quoted ? "$\n" : "\\$`\n", at_), end_);
    into.bytes(at_, stop, true);
    at_ = stop;
    if (at_end()) break;
    if (peek() == '$' && !here.quoted) {
      dollar(into, context, true);
    } else if (peek() == '`') {
      backticks(into, context, true);
    } else if (peek() == '\\') {
      quoted_escape(into, "$`\\");
    } else if (peek() != '$' || !github_template(into, true)) {
      into.bytes(at_, at_ + 1, true);
      ++at_;
    }
  }
  end_ = outer_end;
  return std::move(into).finish(end);
}

}  // namespace trueup::formats
