#include "formats/shell.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "formats/shell_parser.hpp"

namespace trueup::formats {
namespace {

constexpr std::uint32_t kMaxNesting = 100;
/// `X[…]=`: longer indexes are taken as no assignment.
constexpr std::size_t kMaxIndexBytes = 256;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name_char(char c) { return is_name_start(c) || is_digit(c); }
bool is_meta(char c) { return std::string_view(" \t\n;&|<>()").find(c) != std::string_view::npos; }

ByteRange range_of(std::size_t begin, std::size_t end) {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(std::max(begin, end))};
}

}  // namespace

std::optional<std::string> ShellWord::constant() const {
  std::string text;
  for (const WordPart& part : parts) {
    if (part.kind != WordPartKind::text) return std::nullopt;
    text += part.text;
  }
  return text;
}

bool ShellWord::is_parameter(std::string_view name) const {
  bool seen = false;
  for (const WordPart& part : parts) {
    if (part.kind == WordPartKind::text && part.text.empty()) continue;
    if (seen || part.kind != WordPartKind::parameter || part.name != name || part.text != name) return false;
    seen = true;
  }
  return seen;
}

std::optional<std::string> ShellCommand::name() const {
  if (words.empty()) return std::nullopt;
  return words.front().constant();
}

ShellParser::ShellParser(std::string_view text) : text_(text), end_(text.size()) {
  for (const TemplateRegion& region : find_templates(text)) {
    if (region.closed) templates_.push_back(region);
  }
}

ShellScript ShellParser::parse() && {
  list({});
  if (!failed() && !at_end()) fail_expected("a command");
  while (!failed() && !pending_.empty()) newline();
  script_.complete = !failed();
  return std::move(script_);
}

ShellParser::Nesting::Nesting(ShellParser& parser) : parser_(parser) {
  if (++parser_.depth_ > kMaxNesting) {
    parser_.fail(parser_.at_, "nested deeper than " + std::to_string(kMaxNesting) + " levels", Fault::over_limit);
  }
}

void ShellParser::fail(std::size_t at, std::string message, Fault fault) {
  if (failed()) return;
  at = std::min(at, text_.size());
  script_.problem = Error{fault, std::move(message), range_of(at, std::min(at + 1, text_.size()))};
}

std::string ShellParser::found() const {
  if (at_end()) return at_ < text_.size() ? "found the end of this part" : "found the end of the script";
  if (at_newline()) return "found the end of the line";
  std::size_t end = at_ + 1;
  while (end < end_ && end < at_ + 20 && !is_meta(text_[at_]) && !is_meta(text_[end])) ++end;
  return "found '" + printable(text_.substr(at_, end - at_)) + "'";
}

void ShellParser::fail_expected(std::string_view what) { fail(at_, "expected " + std::string(what) + ", " + found()); }

bool ShellParser::take(std::string_view what) {
  if (!looking_at(what)) return false;
  at_ += what.size();
  return true;
}

/// The bytes up to the next metacharacter if none of them is quoted or expanded: what may be a reserved word.
std::string_view ShellParser::plain_word() const {
  std::size_t end = at_;
  while (end < end_ && !is_meta(text_[end]) && text_[end] != '\r') {
    if (std::string_view("'\"\\$`").find(text_[end]) != std::string_view::npos) return {};
    ++end;
  }
  return text_.substr(at_, end - at_);
}

bool ShellParser::take_reserved(std::string_view what) {
  if (plain_word() != what) return false;
  at_ += what.size();
  return true;
}

/// At a place where a command may begin: does the list around it end here?
bool ShellParser::at_list_end() const {
  if (at_end() || peek() == ')') return true;
  if (peek() == ';') return peek(1) == ';' || peek(1) == '&';
  static constexpr std::string_view kEnds[] = {"then", "do", "done", "fi", "elif", "else", "esac", "}"};
  const std::string_view word = plain_word();
  return std::find(std::begin(kEnds), std::end(kEnds), word) != std::end(kEnds);
}

void ShellParser::skip_blanks() {
  while (!at_end()) {
    if (peek() == ' ' || peek() == '\t' || (peek() == '\r' && peek(1) == '\n')) {
      ++at_;
    } else if (peek() == '\\' && peek(1) == '\n') {
      at_ += 2;
    } else if (peek() == '\\' && peek(1) == '\r' && peek(2) == '\n') {
      at_ += 3;
    } else {
      return;
    }
  }
}

void ShellParser::skip_comment() {
  while (!at_end() && peek() != '\n') {
    const TemplateRegion* region = peek() == '$' ? template_at(at_) : nullptr;
    at_ = region ? std::min<std::size_t>(region->outer.end, end_) : at_ + 1;
  }
}

/// Blanks, comments and line ends.
void ShellParser::skip_lines() {
  while (!failed()) {
    skip_blanks();
    if (peek() == '#') skip_comment();
    if (at_end() || peek() != '\n') return;
    newline();
  }
}

/// Takes a line end, and the bodies of the here-documents that were announced on the line.
void ShellParser::newline() {
  if (!at_end()) ++at_;
  const std::vector<PendingBody> bodies = std::exchange(pending_, {});
  for (const PendingBody& pending : bodies) {
    if (!failed()) here_document(pending);
  }
}

const TemplateRegion* ShellParser::template_at(std::size_t at) const {
  const auto found = std::lower_bound(templates_.begin(), templates_.end(), at,
                                      [](const TemplateRegion& region, std::size_t value) {
                                        return region.outer.begin < value;
                                      });
  return found != templates_.end() && found->outer.begin == at ? &*found : nullptr;
}

std::uint32_t ShellParser::open_group(const Context& context, const Place& place, GroupKind kind, std::size_t begin) {
  ShellGroup group;
  group.kind = kind;
  group.range = range_of(begin, begin);
  group.parent = context.group;
  group.nested = context.nested;
  group.pipeline = place.pipeline;
  group.pipeline_position = place.position;
  script_.groups.push_back(std::move(group));
  return static_cast<std::uint32_t>(script_.groups.size() - 1);
}

void ShellParser::close_group(std::uint32_t group, const Context& context) {
  skip_blanks();
  while (!failed() && redirection(context, true, group)) skip_blanks();
  script_.groups[group].range.end = static_cast<std::uint32_t>(at_);
}

std::uint32_t ShellParser::open_command(const Context& context, const Place& place) {
  ShellCommand command;
  command.range = range_of(at_, at_);
  command.pipeline = place.pipeline;
  command.pipeline_position = place.position;
  command.connector = place.connector;
  command.group = context.group;
  command.owner = context.owner;
  command.nested = context.nested;
  command.conditional = context.conditional;
  command.in_function = context.in_function;
  command.in_subshell = context.in_subshell;
  script_.commands.push_back(std::move(command));
  return static_cast<std::uint32_t>(script_.commands.size() - 1);
}

ShellParser::Context ShellParser::inside(const Context& context, std::uint32_t group) const {
  Context inner = context;
  inner.group = group;
  return inner;
}

void ShellParser::mark_subshell(std::size_t first_command) {
  for (std::size_t i = first_command; i < script_.commands.size(); ++i) script_.commands[i].in_subshell = true;
}

void ShellParser::list(const Context& context) {
  Connector connector = Connector::sequence;
  while (!failed()) {
    skip_lines();
    if (failed() || at_list_end()) return;
    const std::size_t first = script_.commands.size();
    and_or(context, connector);
    skip_blanks();
    if (failed() || at_end()) return;
    connector = Connector::sequence;
    if (peek() == '&') {
      ++at_;
      mark_subshell(first);
      connector = Connector::background;
    } else if (peek() == ';' && peek(1) != ';' && peek(1) != '&') {
      ++at_;
    } else if (peek() != '\n' && peek() != '#' && !at_list_end()) {
      fail_expected("the end of the command");
    }
  }
}

void ShellParser::and_or(Context context, Connector connector) {
  while (!failed()) {
    pipeline(context, connector);
    skip_blanks();
    if (take("&&")) {
      connector = Connector::and_then;
    } else if (take("||")) {
      connector = Connector::or_else;
    } else {
      return;
    }
    context.conditional = true;
    skip_lines();
  }
}

void ShellParser::pipeline(const Context& context, Connector connector) {
  while (take_reserved("!") || take_reserved("time")) {
    skip_blanks();
    if (take_reserved("-p")) skip_blanks();
  }
  const std::size_t first = script_.commands.size();
  Place place{next_pipeline_++, 0, connector};
  while (!failed()) {
    command(context, place);
    skip_blanks();
    if (failed() || peek() != '|' || peek(1) == '|') break;
    at_ += peek(1) == '&' ? 2 : 1;
    ++place.position;
    skip_lines();
  }
  if (place.position > 0) mark_subshell(first);
}

void ShellParser::command(const Context& context, const Place& place) {
  const Nesting nesting(*this);
  if (failed()) return;
  if (peek() == '(') {
    if (peek(1) == '(' && arithmetic_command(context, place)) return;
    return enclosed(context, place, GroupKind::subshell);
  }
  const std::string_view word = plain_word();
  if (word == "{") return enclosed(context, place, GroupKind::braces);
  if (word == "if") return if_clause(context, place);
  if (word == "while" || word == "until") return loop(context, place, false);
  if (word == "for" || word == "select") return loop(context, place, true);
  if (word == "case") return case_clause(context, place);
  if (word == "[[") return test_command(context, place);
  if (word == "function") {
    const std::size_t begin = at_;
    at_ += word.size();
    skip_blanks();
    const std::string name(plain_word());
    if (name.empty()) return fail_expected("a function's name");
    at_ += name.size();
    skip_blanks();
    if (take("(")) {
      skip_blanks();
      if (!take(")")) return fail_expected("')' after the function's name");
    }
    return function_body(context, place, begin, name);
  }
  simple(context, place);
}

void ShellParser::enclosed(const Context& context, const Place& place, GroupKind kind) {
  const std::uint32_t group = open_group(context, place, kind, at_);
  ++at_;
  Context inner = inside(context, group);
  inner.in_subshell = inner.in_subshell || kind == GroupKind::subshell;
  list(inner);
  if (failed()) return;
  const std::string_view close = kind == GroupKind::subshell ? ")" : "}";
  if (!take(close)) return fail_expected("'" + std::string(close) + "'");
  close_group(group, context);
}

void ShellParser::if_clause(const Context& context, const Place& place) {
  const std::uint32_t group = open_group(context, place, GroupKind::if_clause, at_);
  at_ += 2;
  Context condition = inside(context, group);
  Context branch = condition;
  branch.conditional = true;
  for (;;) {
    list(condition);
    if (failed()) return;
    if (!take_reserved("then")) return fail_expected("'then'");
    list(branch);
    if (failed()) return;
    if (take_reserved("elif")) {
      condition.conditional = true;
      continue;
    }
    if (take_reserved("else")) list(branch);
    if (failed()) return;
    if (!take_reserved("fi")) return fail_expected("'fi'");
    return close_group(group, context);
  }
}

/// while, until; with a list: for, select.
void ShellParser::loop(const Context& context, const Place& place, bool with_list) {
  const std::uint32_t group = open_group(context, place, GroupKind::loop, at_);
  at_ += plain_word().size();
  const Context condition = inside(context, group);
  Context body = condition;
  body.conditional = true;
  skip_blanks();
  if (with_list && looking_at("((")) {
    const auto end = arithmetic_end(at_ + 2);
    if (!end) return fail_expected("'))' after 'for (('");
    at_ += 2;
    expansions_within(*end, condition);
    at_ = *end + 2;
  } else if (with_list) {
    script_.groups[group].name = plain_word();
    if (script_.groups[group].name.empty()) return fail_expected("a variable's name after 'for'");
    at_ += plain_word().size();
    skip_lines();
    if (take_reserved("in")) {
      skip_blanks();
      while (!failed() && !at_end() && !is_meta(peek())) {
        ShellWord item = word(condition);
        script_.groups[group].words.push_back(std::move(item));
        skip_blanks();
      }
    }
  } else {
    list(condition);
  }
  if (failed()) return;
  skip_blanks();
  take(";");
  skip_lines();
  if (!take_reserved("do")) return fail_expected("'do'");
  list(body);
  if (failed()) return;
  if (!take_reserved("done")) return fail_expected("'done'");
  close_group(group, context);
}

void ShellParser::case_clause(const Context& context, const Place& place) {
  const std::uint32_t group = open_group(context, place, GroupKind::case_clause, at_);
  at_ += 4;
  skip_blanks();
  Context branch = inside(context, group);
  ShellWord subject = word(branch);
  script_.groups[group].words.push_back(std::move(subject));
  branch.conditional = true;
  skip_lines();
  if (!failed() && !take_reserved("in")) return fail_expected("'in'");
  for (;;) {
    skip_lines();
    if (failed()) return;
    if (take_reserved("esac")) return close_group(group, context);
    take("(");
    do {
      skip_blanks();
      if (at_end() || (is_meta(peek()) && peek() != '(')) return fail_expected("a pattern of 'case'");
      (void)word(branch);
      skip_blanks();
    } while (!failed() && take("|"));
    if (!failed() && !take(")")) return fail_expected("')' after a pattern of 'case'");
    list(branch);
    if (failed()) return;
    if (!take(";;&") && !take(";;") && !take(";&") && plain_word() != "esac") return fail_expected("';;' or 'esac'");
  }
}

/// `[[ … ]]`: a command of its own grammar; operators become words, line ends are white space.
void ShellParser::test_command(const Context& context, const Place& place) {
  const std::uint32_t index = open_command(context, place);
  Context inner = context;
  inner.owner = index;
  for (;;) {
    skip_blanks();
    while (at_newline() && !failed()) skip_lines();
    if (failed()) return;
    if (at_end()) return fail_expected("']]'");
    ShellWord item;
    const bool last = !script_.commands[index].words.empty() && plain_word() == "]]";
    if (is_meta(peek())) {
      const std::size_t begin = at_;
      while (!at_end() && std::string_view("&|<>();").find(peek()) != std::string_view::npos) ++at_;
      if (begin == at_) return fail_expected("']]'");
      WordBuilder op(text_, begin);
      op.bytes(begin, at_, false);
      item = std::move(op).finish(at_);
    } else {
      item = word(inner);
    }
    script_.commands[index].words.push_back(std::move(item));
    script_.commands[index].range.end = static_cast<std::uint32_t>(at_);
    if (last) break;
  }
  skip_blanks();
  while (!failed() && redirection(inner, false, index)) skip_blanks();
  script_.commands[index].range.end = static_cast<std::uint32_t>(at_);
}

/// `(( … ))`; false where the parentheses are those of two subshells.
bool ShellParser::arithmetic_command(const Context& context, const Place& place) {
  const auto end = arithmetic_end(at_ + 2);
  if (!end) return false;
  const std::uint32_t index = open_command(context, place);
  Context inner = context;
  inner.owner = index;
  WordBuilder name(text_, at_), body(text_, at_ + 2);
  name.bytes(at_, at_ + 2, false);
  body.bytes(at_ + 2, *end, true);
  script_.commands[index].words.push_back(std::move(name).finish(at_ + 2));
  script_.commands[index].words.push_back(std::move(body).finish(*end));
  at_ += 2;
  expansions_within(*end, inner);
  at_ = *end + 2;
  script_.commands[index].range.end = static_cast<std::uint32_t>(at_);
  return true;
}

void ShellParser::simple(const Context& context, const Place& place) {
  const std::uint32_t index = open_command(context, place);
  Context inner = context;
  inner.owner = index;
  const auto command = [&]() -> ShellCommand& { return script_.commands[index]; };
  std::size_t last_end = at_;
  while (!failed()) {
    skip_blanks();
    if (at_end() || at_newline() || peek() == '#') break;
    if (redirection(inner, false, index)) {
      last_end = at_;
      continue;
    }
    const bool process = (peek() == '<' || peek() == '>') && peek(1) == '(';
    if (peek() == '(') {
      const bool after_name = command().words.size() == 1 && command().assignments.empty();
      if (after_name && function_after_name(context, place, index)) return;
      fail_expected("a word");
      break;
    }
    if (is_meta(peek()) && !process) break;
    if (command().words.empty() && assignment(inner, index)) {
      last_end = at_;
      continue;
    }
    ShellWord next = word(inner);
    command().words.push_back(std::move(next));
    last_end = at_;
  }
  command().range.end = static_cast<std::uint32_t>(last_end);
  const bool nothing = command().words.empty() && command().assignments.empty() && command().redirections.empty();
  if (nothing && index + 1 == script_.commands.size()) {
    script_.commands.pop_back();
    if (!failed()) fail_expected("a command");
  }
}

bool ShellParser::function_after_name(const Context& context, const Place& place, std::uint32_t index) {
  const ShellCommand& command = script_.commands[index];
  const auto name = command.name();
  if (!name || !command.redirections.empty() || index + 1 != script_.commands.size()) return false;
  std::size_t close = at_ + 1;
  while (close < end_ && (text_[close] == ' ' || text_[close] == '\t')) ++close;
  if (close >= end_ || text_[close] != ')') return false;
  const std::size_t begin = command.range.begin;
  script_.commands.pop_back();
  at_ = close + 1;
  function_body(context, place, begin, *name);
  return true;
}

void ShellParser::function_body(const Context& context, const Place& place, std::size_t begin, std::string name) {
  skip_lines();
  const std::uint32_t group = open_group(context, place, GroupKind::function, begin);
  script_.groups[group].name = std::move(name);
  Context body = inside(context, group);
  body.conditional = body.in_function = true;
  command(body, place);
  script_.groups[group].range.end = static_cast<std::uint32_t>(at_);
}

/// Takes a redirection if one stands here. Here-documents wait for the end of the line.
bool ShellParser::redirection(const Context& context, bool in_group, std::uint32_t holder) {
  std::size_t digits = 0;
  while (digits < 4 && is_digit(peek(digits))) ++digits;
  const char first = peek(digits);
  const bool both = digits == 0 && first == '&' && peek(1) == '>';
  if (!both && first != '<' && first != '>') return false;
  if (!both && digits == 0 && peek(1) == '(') return false;  // process substitution

  Redirection made;
  const std::size_t begin = at_;
  if (digits > 0) made.descriptor = std::stoi(std::string(text_.substr(at_, digits)));
  at_ += digits;
  static constexpr std::string_view kOperators[] = {"<<<", "<<-", "<<", "<>", "<&", "<",
                                                    "&>>", "&>",  ">>", ">|", ">&", ">"};
  for (const std::string_view op : kOperators) {
    if (!take(op)) continue;
    made.op = op;
    break;
  }
  skip_blanks();
  const bool process = (peek() == '<' || peek() == '>') && peek(1) == '(';
  if (at_end() || (is_meta(peek()) && !process)) {
    fail_expected("a word after '" + made.op + "'");
    return true;
  }
  made.target = word(context);
  made.range = range_of(begin, at_);
  const bool here_document = made.op == "<<" || made.op == "<<-";
  if (here_document) {
    HereDocument here;
    here.strips_tabs = made.op == "<<-";
    // The delimiter is never expanded; quotes anywhere in it make the body literal.
    const std::string_view written = slice(text_, made.target.range);
    here.quoted = written.find_first_of("'\"\\") != written.npos;
    here.delimiter = made.target.constant().value_or(std::string(written));
    made.here = std::move(here);
  } else if (made.op == "<<<") {
    made.here = HereDocument{"", false, false, made.target};
  }
  auto& list = in_group ? script_.groups[holder].redirections : script_.commands[holder].redirections;
  list.push_back(std::move(made));
  if (here_document) pending_.push_back({in_group, holder, static_cast<std::uint32_t>(list.size() - 1), context});
  return true;
}

/// `X=…`, `X+=…`, `X[…]=…`, `X=(…)`.
bool ShellParser::assignment(const Context& context, std::uint32_t command) {
  if (!is_name_start(peek())) return false;
  std::size_t end = at_;
  while (end < end_ && is_name_char(text_[end])) ++end;
  Assignment made;
  made.name = text_.substr(at_, end - at_);
  made.name_range = range_of(at_, end);
  if (end < end_ && text_[end] == '[') {
    const std::size_t limit = std::min(end_, end + kMaxIndexBytes);
    std::uint32_t open = 0;
    for (; end < limit; ++end) {
      if (text_[end] == '[') ++open;
      if (text_[end] == ']' && --open == 0) break;
      if (text_[end] == '\n') return false;
    }
    if (end >= limit) return false;
    ++end;
    made.element = true;
  }
  if (end < end_ && text_[end] == '+') {
    made.append = true;
    ++end;
  }
  if (end >= end_ || text_[end] != '=') return false;
  const std::size_t begin = at_;
  at_ = end + 1;
  if (peek() == '(') {
    made.list = true;
    made.values = array_values(context);
  } else if (!at_end() && !is_meta(peek()) && !at_newline()) {
    made.value = word(context);
  } else {
    made.value.range = range_of(at_, at_);
  }
  made.range = range_of(begin, at_);
  script_.commands[command].assignments.push_back(std::move(made));
  return true;
}

/// `( … )` after `X=`; takes the parentheses.
std::vector<ShellWord> ShellParser::array_values(const Context& context) {
  const Nesting nesting(*this);
  std::vector<ShellWord> values;
  ++at_;
  while (!failed()) {
    skip_lines();
    if (failed() || take(")")) break;
    const bool process = (peek() == '<' || peek() == '>') && peek(1) == '(';
    if (at_end() || (is_meta(peek()) && !process)) {
      fail_expected("')' after the list of values");
      break;
    }
    values.push_back(word(context));
  }
  return values;
}

ShellScript parse_shell(std::string_view script) {
  if (script.size() > limits::kMaxScriptBytes) {
    ShellScript refused;
    refused.complete = false;
    std::string message = "a script of more than " + std::to_string(limits::kMaxScriptBytes) + " bytes";
    refused.problem = Error{Fault::over_limit, std::move(message), ByteRange{0, 0}};
    return refused;
  }
  return ShellParser(script).parse();
}

}  // namespace trueup::formats
