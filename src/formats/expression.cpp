#include "formats/expression.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace trueup::formats {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_name_start(char c) { return is_letter(c) || c == '_'; }
bool is_name_char(char c) { return is_name_start(c) || is_digit(c) || c == '-'; }
bool is_boundary(char c) { return is_space(c) || std::string_view("([)],.!<>=&|").find(c) != std::string_view::npos; }

/// `[+-] digits [. digits] [e [+-] digits]`, at least one digit before the exponent.
bool is_decimal(std::string_view text) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t start = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    return i - start;
  };
  if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
  std::size_t count = digits();
  if (i < text.size() && text[i] == '.') {
    ++i;
    count += digits();
  }
  if (count == 0) return false;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (digits() == 0) return false;
  }
  return i == text.size();
}

double decimal(std::string_view text) {
  const bool negative = text.front() == '-';
  if (negative || text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) {
    const bool tiny = text.find("e-") != text.npos || text.find("E-") != text.npos || text.front() == '.' ||
                      text.starts_with("0.");
    value = tiny ? 0 : std::numeric_limits<double>::infinity();
  }
  return negative ? -value : value;
}

/// The runner reads hexadecimal and octal into 32 bits, two's complement.
double power_of_two(std::string_view digits, int base) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc() || end != digits.data() + digits.size() || value > 0xFFFFFFFFu) return kNaN;
  return static_cast<double>(static_cast<std::int32_t>(static_cast<std::uint32_t>(value)));
}

std::uint32_t offset_of(std::size_t value) { return static_cast<std::uint32_t>(value); }

/// Recursive descent, one function a level of precedence. The first error sticks in `error_`; callers stop on it.
class ExpressionParser {
 public:
  explicit ExpressionParser(std::string_view text) : text_(text) {}

  Result<std::vector<ExpressionNode>> parse() {
    [[maybe_unused]] const Index root = disjunction();
    if (!error_) {
      skip_space();
      if (at_ < text_.size()) fail_after_value();
    }
    if (error_) return std::move(*error_);
    assert(root + 1 == nodes_.size());
    return std::move(nodes_);
  }

 private:
  using Index = ExpressionIndex;

  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  bool take(char c) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view two) {
    skip_space();
    if (text_.substr(at_, two.size()) != two) return false;
    at_ += two.size();
    return true;
  }

  Index fail(std::size_t at, std::string message, std::size_t length = 1) {
    if (!error_) {
      const std::size_t end = std::min(text_.size(), at + length);
      error_ = Error{Fault::malformed, std::move(message), ByteRange{offset_of(at), offset_of(end)}};
    }
    return 0;
  }
  Index fail_deep() {
    if (!error_) {
      error_ = Error{Fault::over_limit, "an expression nested deeper than " +
                                            std::to_string(limits::kMaxExpressionDepth) + " levels",
                     ByteRange{offset_of(at_), offset_of(std::min(text_.size(), at_ + 1))}};
    }
    return 0;
  }
  std::string found() const {
    if (at_ >= text_.size()) return "found its end";
    std::size_t end = at_ + 1;  // a whole character of UTF-8, so that the message stays text
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0) == 0x80) ++end;
    return "found '" + printable(text_.substr(at_, end - at_)) + "'";
  }
  void fail_value() {
    skip_space();
    if (peek() == '"') {
      fail(at_, "expected a value; strings take single quotes in expressions");
    } else {
      fail(at_, "expected a value, " + found());
    }
  }
  void fail_after_value() {
    const char c = peek();
    if (c == '=') {
      fail(at_, "expected '==', there is no single '='");
    } else if (c == '&' || c == '|') {
      fail(at_, std::string("expected '") + c + c + "', there is no single '" + c + "'");
    } else if (c == '+' || c == '-' || c == '*' || c == '/' || c == '%') {
      fail(at_, std::string("expected an operator or the end of the expression, found '") + c +
                    "'; expressions have no arithmetic");
    } else {
      fail(at_, "expected an operator or the end of the expression, " + found());
    }
  }

  Index add(ExpressionNode node) {
    std::uint32_t depth = 0;
    for (const Index operand : node.operands) depth = std::max(depth, depths_[operand]);
    if (++depth > limits::kMaxExpressionDepth) return fail_deep();
    nodes_.push_back(std::move(node));
    depths_.push_back(depth);
    return static_cast<Index>(nodes_.size() - 1);
  }
  Index add(ExpressionKind kind, ByteRange range, std::vector<Index> operands) {
    ExpressionNode node;
    node.kind = kind;
    node.range = node.name_range = range;
    node.operands = std::move(operands);
    return add(std::move(node));
  }
  ByteRange over(Index first, Index last) const { return {outer_begin_[first], outer_end_[last]}; }

  /// Parentheses belong to the range of what stands around them, not to the range of what they hold.
  Index placed(Index index, std::size_t begin, std::size_t end) {
    if (error_) return 0;
    if (outer_begin_.size() <= index) {
      outer_begin_.resize(index + 1);
      outer_end_.resize(index + 1);
    }
    outer_begin_[index] = offset_of(begin);
    outer_end_[index] = offset_of(end);
    return index;
  }
  Index placed(Index index) {
    if (error_) return 0;
    return placed(index, nodes_[index].range.begin, nodes_[index].range.end);
  }

  Index list(Index (ExpressionParser::*operand)(), std::string_view op, ExpressionKind kind) {
    std::vector<Index> operands = {(this->*operand)()};
    while (!error_ && take(op)) operands.push_back((this->*operand)());
    if (error_) return 0;
    if (operands.size() == 1) return operands.front();
    const ByteRange range = over(operands.front(), operands.back());
    return placed(add(kind, range, std::move(operands)));
  }
  Index disjunction() {
    if (++nesting_ > limits::kMaxExpressionDepth) return fail_deep();
    const Index index = list(&ExpressionParser::conjunction, "||", ExpressionKind::disjunction);
    --nesting_;
    return index;
  }
  Index conjunction() { return list(&ExpressionParser::equality, "&&", ExpressionKind::conjunction); }

  std::optional<ExpressionKind> take_equality() {
    if (take("==")) return ExpressionKind::equal;
    if (take("!=")) return ExpressionKind::not_equal;
    return std::nullopt;
  }
  std::optional<ExpressionKind> take_order() {
    if (take("<=")) return ExpressionKind::less_or_equal;
    if (take(">=")) return ExpressionKind::greater_or_equal;
    if (take('<')) return ExpressionKind::less;
    if (take('>')) return ExpressionKind::greater;
    return std::nullopt;
  }
  Index equality() {
    Index left = comparison();
    while (!error_) {
      const auto kind = take_equality();
      if (!kind) break;
      const Index right = comparison();
      if (error_) break;
      left = placed(add(*kind, over(left, right), {left, right}));
    }
    return left;
  }
  Index comparison() {
    Index left = unary();
    while (!error_) {
      const auto kind = take_order();
      if (!kind) break;
      const Index right = unary();
      if (error_) break;
      left = placed(add(*kind, over(left, right), {left, right}));
    }
    return left;
  }
  Index unary() {
    skip_space();
    if (peek() != '!') return postfix();
    const std::size_t start = at_++;
    if (++nesting_ > limits::kMaxExpressionDepth) return fail_deep();
    const Index operand = unary();
    --nesting_;
    if (error_) return 0;
    return placed(add(ExpressionKind::negation, {offset_of(start), outer_end_[operand]}, {operand}));
  }

  Index postfix() {
    bool may_follow = false;
    Index left = primary(may_follow);
    while (!error_ && may_follow) {
      if (take('.')) {
        left = property(left);
      } else if (take('[')) {
        left = indexed(left);
      } else {
        break;
      }
    }
    return left;
  }
  Index property(Index object) {
    if (take('*')) return placed(add(ExpressionKind::star, {outer_begin_[object], offset_of(at_)}, {object}));
    skip_space();
    const std::size_t start = at_;
    if (!is_name_start(peek())) return fail(at_, "expected a property name or '*' after '.', " + found());
    if (!scan_name()) return 0;
    ExpressionNode node;
    node.kind = ExpressionKind::property;
    node.range = {outer_begin_[object], offset_of(at_)};
    node.name_range = {offset_of(start), offset_of(at_)};
    node.text = text_.substr(start, at_ - start);
    node.operands = {object};
    return placed(add(std::move(node)));
  }
  Index indexed(Index object) {
    if (take('*')) {
      if (!take(']')) return fail(at_, "expected ']' after '[*', " + found());
      return placed(add(ExpressionKind::star, {outer_begin_[object], offset_of(at_)}, {object}));
    }
    const Index inner = disjunction();
    if (error_) return 0;
    if (!take(']')) return fail(at_, "expected ']', " + found());
    return placed(add(ExpressionKind::index, {outer_begin_[object], offset_of(at_)}, {object, inner}));
  }

  /// Sets `may_follow` if `.` or `[` may come next: after names, calls and groups, not after literals.
  Index primary(bool& may_follow) {
    skip_space();
    const std::size_t start = at_;
    const char c = peek();
    if (c == '(') return group(may_follow);
    if (c == '\'') return string_literal();
    if (is_digit(c) || c == '+' || c == '-' || c == '.') return number_literal();
    if (!is_name_start(c)) {
      fail_value();
      return 0;
    }
    if (!scan_name()) return 0;
    ExpressionNode node;
    node.range = node.name_range = {offset_of(start), offset_of(at_)};
    node.text = text_.substr(start, at_ - start);
    std::size_t next = at_;
    while (next < text_.size() && is_space(text_[next])) ++next;
    if (next < text_.size() && text_[next] == '(') {
      at_ = next + 1;
      may_follow = true;
      return call(std::move(node));
    }
    if (node.text == "null" || node.text == "true" || node.text == "false") {
      node.kind = node.text == "null" ? ExpressionKind::null_literal : ExpressionKind::boolean_literal;
      node.boolean = node.text == "true";
      node.text.clear();
    } else if (node.text == "NaN" || node.text == "Infinity") {
      node.kind = ExpressionKind::number_literal;
      node.number = node.text == "NaN" ? kNaN : std::numeric_limits<double>::infinity();
      node.text.clear();
    } else {
      node.kind = ExpressionKind::context;
      may_follow = true;
    }
    return placed(add(std::move(node)));
  }
  Index group(bool& may_follow) {
    const std::size_t start = at_++;
    const Index inner = disjunction();
    if (error_) return 0;
    if (!take(')')) return fail(at_, "expected an operator or ')', " + found());
    may_follow = true;
    return placed(inner, start, at_);
  }
  Index call(ExpressionNode node) {
    node.kind = ExpressionKind::call;
    if (!take(')')) {
      do {
        const Index argument = disjunction();
        if (error_) return 0;
        node.operands.push_back(argument);
      } while (take(','));
      if (!take(')')) return fail(at_, "expected an operator, ',' or ')', " + found());
    }
    node.range.end = offset_of(at_);
    return placed(add(std::move(node)));
  }
  Index string_literal() {
    const std::size_t start = at_++;
    ExpressionNode node;
    node.kind = ExpressionKind::string_literal;
    for (;; ++at_) {
      const std::size_t quote = text_.find('\'', at_);
      if (quote == text_.npos) return fail(start, "expected a closing ' for this string", text_.size() - start);
      node.text += text_.substr(at_, quote - at_);
      at_ = quote + 1;
      if (peek() != '\'') break;
      node.text += '\'';
    }
    node.range = node.name_range = {offset_of(start), offset_of(at_)};
    return placed(add(std::move(node)));
  }
  Index number_literal() {
    const std::size_t start = at_++;
    while (at_ < text_.size() && (!is_boundary(text_[at_]) || text_[at_] == '.')) ++at_;
    ExpressionNode node;
    node.kind = ExpressionKind::number_literal;
    node.range = node.name_range = {offset_of(start), offset_of(at_)};
    node.number = expression_number(text_.substr(start, at_ - start));
    if (std::isnan(node.number)) {
      const std::string_view shown = text_.substr(start, std::min<std::size_t>(at_ - start, 40));
      return fail(start, "expected a number, found '" + printable(shown) + "'", at_ - start);
    }
    return placed(add(std::move(node)));
  }
  bool scan_name() {
    while (at_ < text_.size() && is_name_char(text_[at_])) ++at_;
    if (at_ == text_.size() || is_boundary(text_[at_])) return true;
    if (text_[at_] == '*' || text_[at_] == '/' || text_[at_] == '+' || text_[at_] == '%') {
      fail_after_value();
    } else {
      fail(at_, "expected the end of a name (letters, digits, '_' and '-'), " + found());
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t nesting_ = 0;
  std::vector<ExpressionNode> nodes_;
  std::vector<std::uint32_t> depths_, outer_begin_, outer_end_;
  std::optional<Error> error_;
};

}  // namespace

double expression_number(std::string_view text) {
  text = trim(text);
  if (text.empty()) return 0;
  if (is_decimal(text)) return decimal(text);
  if (text.size() > 2 && text.starts_with("0x")) return power_of_two(text.substr(2), 16);
  if (text.size() > 2 && text.starts_with("0o")) return power_of_two(text.substr(2), 8);
  if (text == "Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  return kNaN;
}

std::vector<TemplateRegion> find_templates(std::string_view text) {
  std::vector<TemplateRegion> regions;
  std::size_t at = 0;
  while ((at = text.find("${{", at)) != text.npos) {
    const std::size_t begin = at + 3;
    bool in_string = false;
    std::size_t end = begin;
    for (; end < text.size(); ++end) {
      if (text[end] == '\'') in_string = !in_string;  // '' toggles twice
      if (!in_string && text[end] == '}' && end + 1 < text.size() && text[end + 1] == '}') break;
    }
    const bool closed = end < text.size();
    const std::size_t after = closed ? end + 2 : text.size();
    regions.push_back({{offset_of(at), offset_of(after)}, {offset_of(begin), offset_of(end)}, closed});
    at = after;
  }
  return regions;
}

Result<Expression> Expression::parse(std::string_view inner) {
  if (inner.size() > limits::kMaxExpressionBytes) {
    std::string message = "an expression of more than " + std::to_string(limits::kMaxExpressionBytes) + " bytes";
    return Error{Fault::over_limit, std::move(message), ByteRange{0, 0}};
  }
  auto nodes = ExpressionParser(inner).parse();
  if (!nodes) return std::move(nodes).error();
  Expression expression;
  expression.nodes_ = *std::move(nodes);
  return expression;
}

}  // namespace trueup::formats
