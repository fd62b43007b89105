#include "formats/expression_eval.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "formats/expression_evaluator.hpp"
#include "formats/json.hpp"

namespace trueup::formats {
namespace {

using Value = ExpressionValue;
using Kind = ExpressionValue::Kind;

const std::vector<Value> kNoElements;
const Value::Members kNoMembers;

}  // namespace

ExpressionValue ExpressionValue::unknown(Truth truth) {
  Value value;
  value.truth_ = truth;
  return value;
}
ExpressionValue ExpressionValue::unknown_string(Truth truth) {
  Value value = unknown(truth);
  value.unknown_kind_ = Kind::string;
  return value;
}
ExpressionValue ExpressionValue::unknown_string(TextShape shape) {
  if (shape.alternatives.size() == 1 && !shape.alternatives.front().open) return string(shape.alternatives.front().begin);
  Value value = unknown_string(shape.truth());
  value.shape_ = std::make_shared<const TextShape>(std::move(shape));
  return value;
}
ExpressionValue ExpressionValue::unknown_boolean() {
  Value value;
  value.unknown_kind_ = Kind::boolean;
  return value;
}
ExpressionValue ExpressionValue::null() {
  Value value;
  value.kind_ = Kind::null;
  return value;
}
ExpressionValue ExpressionValue::boolean(bool of) {
  Value value;
  value.kind_ = Kind::boolean;
  value.boolean_ = of;
  return value;
}
ExpressionValue ExpressionValue::number(double of) {
  Value value;
  value.kind_ = Kind::number;
  value.number_ = of;
  return value;
}
ExpressionValue ExpressionValue::string(std::string of) {
  Value value;
  value.kind_ = Kind::string;
  value.text_ = std::move(of);
  return value;
}
ExpressionValue ExpressionValue::array(std::vector<Value> elements) {
  Value value;
  value.kind_ = Kind::array;
  value.elements_ = std::make_shared<const std::vector<Value>>(std::move(elements));
  return value;
}
ExpressionValue ExpressionValue::object(Members members) {
  Value value;
  value.kind_ = Kind::object;
  value.members_ = std::make_shared<const Members>(std::move(members));
  return value;
}

const std::vector<ExpressionValue>& ExpressionValue::elements() const { return elements_ ? *elements_ : kNoElements; }
const ExpressionValue::Members& ExpressionValue::members() const { return members_ ? *members_ : kNoMembers; }

Truth ExpressionValue::truth() const {
  const auto as_truth = [](bool truthy) { return truthy ? Truth::truthy : Truth::falsy; };
  switch (kind_) {
    case Kind::unknown: return truth_;
    case Kind::null: return Truth::falsy;
    case Kind::boolean: return as_truth(boolean_);
    case Kind::number: return as_truth(number_ != 0 && !std::isnan(number_));
    case Kind::string: return as_truth(!text_.empty());
    case Kind::array:
    case Kind::object: break;
  }
  return Truth::truthy;
}

std::optional<std::string> ExpressionValue::printed() const {
  switch (kind_) {
    case Kind::unknown: break;
    case Kind::null: return std::string();
    case Kind::boolean: return std::string(boolean_ ? "true" : "false");
    case Kind::number: {
      if (std::isnan(number_)) return std::string("NaN");
      if (std::isinf(number_)) return std::string(number_ > 0 ? "Infinity" : "-Infinity");
      if (number_ == 0) return std::string("0");  // no -0
      char text[40];
      std::snprintf(text, sizeof text, "%.15G", number_);
      return std::string(text);
    }
    case Kind::string: return text_;
    case Kind::array: return std::string("Array");
    case Kind::object: return std::string("Object");
  }
  return std::nullopt;
}

namespace {

/// format() may double a text at every nesting; longer results count as unknown.
constexpr std::size_t kMaxResultBytes = limits::kMaxExpressionBytes;

bool is_primitive(const Value& value) {
  return value.kind() != Kind::unknown && value.kind() != Kind::array && value.kind() != Kind::object;
}

double to_number(const Value& value) {
  switch (value.kind()) {
    case Kind::null: return 0;
    case Kind::boolean: return value.as_boolean() ? 1 : 0;
    case Kind::number: return value.as_number();
    case Kind::string: return expression_number(value.as_string());
    default: return std::nan("");
  }
}

/// The order of two known values, or nothing where they cannot be compared (NaN, objects).
std::partial_ordering compare(const Value& left, const Value& right) {
  if (left.kind() == Kind::string && right.kind() == Kind::string) {
    const std::string a = ascii_lower(left.as_string()), b = ascii_lower(right.as_string());
    // The runner compares upper-cased texts: '_' sorts after letters, so equality is taken first.
    if (a == b) return std::partial_ordering::equivalent;
    const auto upper = [](unsigned char c) { return c >= 'a' && c <= 'z' ? static_cast<unsigned char>(c - 32) : c; };
    const bool less = std::lexicographical_compare(
        a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) {
          return upper(static_cast<unsigned char>(x)) < upper(static_cast<unsigned char>(y));
        });
    return less ? std::partial_ordering::less : std::partial_ordering::greater;
  }
  if (!is_primitive(left) || !is_primitive(right)) return std::partial_ordering::unordered;
  return to_number(left) <=> to_number(right);
}

bool is_nan(const Value& value) { return value.kind() == Kind::number && std::isnan(value.as_number()); }

/// An unknown text whose shape the other one, a known text, does not fit.
bool cannot_be(const Value& unknown, const Value& text) {
  return unknown.shape() != nullptr && text.kind() == Kind::string && !unknown.shape()->can_equal(text.as_string());
}

Value compared(ExpressionKind kind, const Value& left, const Value& right) {
  const bool never = is_nan(left) || is_nan(right);
  const bool asks_same = kind == ExpressionKind::equal || kind == ExpressionKind::not_equal;
  if (asks_same && (cannot_be(left, right) || cannot_be(right, left)))
    return Value::boolean(kind == ExpressionKind::not_equal);
  if (!never && (!left.known() || !right.known())) return Value::unknown_boolean();
  // Two arrays or objects are equal only if they are the same instance, which is not modelled.
  if (!never && !is_primitive(left) && left.kind() == right.kind()) return Value::unknown_boolean();
  const auto order = never ? std::partial_ordering::unordered : compare(left, right);
  switch (kind) {
    case ExpressionKind::less: return Value::boolean(order < 0);
    case ExpressionKind::less_or_equal: return Value::boolean(order <= 0);
    case ExpressionKind::greater: return Value::boolean(order > 0);
    case ExpressionKind::greater_or_equal: return Value::boolean(order >= 0);
    case ExpressionKind::equal: return Value::boolean(order == 0);
    default: return Value::boolean(!(order == 0));
  }
}

bool contains_text(std::string_view text, std::string_view wanted) {
  const std::string a = ascii_lower(text), b = ascii_lower(wanted);
  if (b.empty()) return true;
  return memmem(a.data(), a.size(), b.data(), b.size()) != nullptr;  // linear, unlike std::string::find
}

Value contains(const Value& whole, const Value& wanted) {
  if (whole.kind() == Kind::array) {
    bool certain = true;
    for (const Value& element : whole.elements()) {
      const Value same = compared(ExpressionKind::equal, element, wanted);
      if (same.truth() == Truth::truthy) return same;
      certain = certain && same.known();
    }
    return certain ? Value::boolean(false) : Value::unknown_boolean();
  }
  if (whole.kind() == Kind::object) return Value::boolean(false);
  if (whole.shape() != nullptr && wanted.kind() == Kind::string && !whole.shape()->can_contain(wanted.as_string()))
    return Value::boolean(false);
  if (!whole.known() || !wanted.known()) return Value::unknown_boolean();
  return Value::boolean(is_primitive(wanted) && contains_text(*whole.printed(), *wanted.printed()));
}

Value starts_or_ends(const Value& whole, const Value& part, bool at_start) {
  if ((whole.known() && !is_primitive(whole)) || (part.known() && !is_primitive(part))) return Value::boolean(false);
  if (const TextShape* shape = whole.shape(); shape != nullptr && part.kind() == Kind::string) {
    const std::string& wanted = part.as_string();
    if (!(at_start ? shape->can_start_with(wanted) : shape->can_end_with(wanted))) return Value::boolean(false);
    if (at_start && shape->must_start_with(wanted)) return Value::boolean(true);
  }
  if (!whole.known() || !part.known()) return Value::unknown_boolean();
  const std::string text = ascii_lower(*whole.printed()), wanted = ascii_lower(*part.printed());
  return Value::boolean(at_start ? text.starts_with(wanted) : text.ends_with(wanted));
}

/// A text that grows from known and unknown pieces.
class TextBuilder {
 public:
  void add(std::string_view text) {
    if (!text.empty()) not_empty_ = true;
    if (known_ && text_.size() + text.size() > kMaxResultBytes) known_ = false;
    if (known_) text_ += text;
  }
  void add(const Value& value) {
    if (const auto text = value.printed()) return add(*text);
    known_ = false;
    // "true" and "false" are not empty; a truthy value prints as something.
    if (value.is_boolean() || value.truth() == Truth::truthy) not_empty_ = true;
  }
  Value build() && {
    if (known_) return Value::string(std::move(text_));
    return Value::unknown_string(not_empty_ ? Truth::truthy : Truth::unknown);
  }

 private:
  std::string text_;
  bool known_ = true, not_empty_ = false;
};

/// `{{` and `}}` are braces, `{N}` an argument; anything else with a brace is refused by GitHub, here unknown.
Value format(const std::vector<Value>& arguments) {
  const auto pattern = arguments.front().printed();
  if (!pattern) return Value::unknown_string();
  TextBuilder text;
  for (std::size_t i = 0; i < pattern->size();) {
    const char c = (*pattern)[i];
    if (c != '{' && c != '}') {
      const std::size_t end = std::min(pattern->find_first_of("{}", i), pattern->size());
      text.add(std::string_view(*pattern).substr(i, end - i));
      i = end;
    } else if (i + 1 < pattern->size() && (*pattern)[i + 1] == c) {
      text.add(std::string_view(&c, 1));
      i += 2;
    } else {
      std::size_t number = 0, digit = i + 1;
      const auto at = [&](std::size_t offset) { return offset < pattern->size() ? (*pattern)[offset] : '\0'; };
      for (; at(digit) >= '0' && at(digit) <= '9' && number < 1000; ++digit) {
        number = number * 10 + static_cast<std::size_t>((*pattern)[digit] - '0');
      }
      const bool closed = c == '{' && digit > i + 1 && at(digit) == '}';
      if (!closed || number + 1 >= arguments.size()) return Value::unknown();
      text.add(arguments[number + 1]);
      i = digit + 1;
    }
  }
  return std::move(text).build();
}

Value join_elements(const std::vector<Value>& arguments) {
  const Value& items = arguments.front();
  if (!items.known()) return Value::unknown_string();
  if (items.kind() == Kind::object) return Value::string("");
  if (items.kind() != Kind::array) return Value::string(*items.printed());
  Value separator = Value::string(",");
  if (arguments.size() > 1 && (!arguments[1].known() || is_primitive(arguments[1]))) separator = arguments[1];
  TextBuilder text;
  for (std::size_t i = 0; i < items.elements().size(); ++i) {
    if (i > 0) text.add(separator);
    text.add(items.elements()[i]);
  }
  return std::move(text).build();
}

std::string json_quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': quoted += "\\\""; break;
      case '\\': quoted += "\\\\"; break;
      case '\n': quoted += "\\n"; break;
      case '\r': quoted += "\\r"; break;
      case '\t': quoted += "\\t"; break;
      case '\b': quoted += "\\b"; break;
      case '\f': quoted += "\\f"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          char escape[8];
          std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
          quoted += escape;
        } else {
          quoted += c;
        }
    }
  }
  return quoted + '"';
}

Value to_json(const Value& value) {
  switch (value.kind()) {
    case Kind::null: return Value::string("null");
    case Kind::boolean:
    case Kind::number: return Value::string(*value.printed());
    case Kind::string: return Value::string(json_quoted(value.as_string()));
    default: return Value::unknown_string(Truth::truthy);  // never empty; how objects are laid out is not modelled
  }
}

Value from_node(const Document& document, NodeIndex index) {
  const Node& node = document[index];
  if (node.kind == NodeKind::sequence) {
    std::vector<Value> elements;
    for (const NodeIndex child : document.children(index)) elements.push_back(from_node(document, child));
    return Value::array(std::move(elements));
  }
  if (node.kind == NodeKind::mapping) {
    Value::Members members;
    for (const NodeIndex child : document.children(index)) {
      members.emplace_back(std::string(document[document[child].key].value), from_node(document, child));
    }
    return Value::object(std::move(members));
  }
  if (node.style == ScalarStyle::double_quoted) return Value::string(std::string(node.value));
  if (node.value == "null") return Value::null();
  if (node.value == "true" || node.value == "false") return Value::boolean(node.value == "true");
  return Value::number(expression_number(node.value));
}

Value from_json(const Value& value) {
  const auto text = value.printed();
  if (!text) return Value::unknown();
  return value_of_json(*text);
}

/// Arrays that `.*` makes are filtered: what follows is taken of each element.
struct Reached {
  Value value;
  bool filtered = false;
};

Reached star(const Reached& from) {
  if (!from.value.known()) return {Value::unknown(Truth::truthy), true};
  const auto children = [](const Value& value) {
    std::vector<Value> found = value.elements();
    for (const auto& [name, member] : value.members()) found.push_back(member);
    return found;
  };
  if (!from.filtered) return {Value::array(children(from.value)), true};
  std::vector<Value> found;
  for (const Value& element : from.value.elements()) {
    for (Value& child : children(element)) found.push_back(std::move(child));
  }
  return {Value::array(std::move(found)), true};
}

/// The child of one value: nothing if it has none, unknown if that cannot be told.
std::optional<Value> child(const Value& value, const Value& key) {
  if (!value.known() || !key.known()) return Value::unknown();
  if (value.kind() == Kind::array && key.kind() != Kind::string) {
    const double index = std::floor(to_number(key));
    const auto& elements = value.elements();
    if (!(index >= 0 && index < static_cast<double>(elements.size()))) return std::nullopt;
    return elements[static_cast<std::size_t>(index)];
  }
  if (value.kind() != Kind::object || !is_primitive(key)) return std::nullopt;
  const std::string name = *key.printed();
  for (auto member = value.members().rbegin(); member != value.members().rend(); ++member) {
    if (equal_ignoring_ascii_case(member->first, name)) return member->second;
  }
  return std::nullopt;
}

Reached dereference(const Reached& from, const Value& key) {
  if (!from.filtered) return {child(from.value, key).value_or(Value::null())};
  if (!from.value.known()) return from;
  std::vector<Value> found;
  for (const Value& element : from.value.elements()) {
    if (!element.known() || !key.known()) return {Value::unknown(Truth::truthy), true};
    if (auto value = child(element, key)) found.push_back(*std::move(value));
  }
  return {Value::array(std::move(found)), true};
}

class Evaluator {
 public:
  Evaluator(const Expression& expression, const ExpressionEnvironment& environment, std::vector<bool> hidden)
      : expression_(expression), environment_(environment), hidden_(std::move(hidden)) {}

  Value evaluate(ExpressionIndex index) {
    if (index < hidden_.size() && hidden_[index]) return Value::unknown();
    const ExpressionNode& node = expression_[index];
    switch (node.kind) {
      case ExpressionKind::null_literal: return Value::null();
      case ExpressionKind::boolean_literal: return Value::boolean(node.boolean);
      case ExpressionKind::number_literal: return Value::number(node.number);
      case ExpressionKind::string_literal: return Value::string(node.text);
      case ExpressionKind::context:
      case ExpressionKind::property:
      case ExpressionKind::index:
      case ExpressionKind::star: return chain(index);
      case ExpressionKind::call: return call(node);
      case ExpressionKind::negation: return negated(evaluate(node.operands[0]));
      case ExpressionKind::conjunction: return logical(node, Truth::falsy);
      case ExpressionKind::disjunction: return logical(node, Truth::truthy);
      default: return compared(node.kind, evaluate(node.operands[0]), evaluate(node.operands[1]));
    }
  }

 private:
  static Value negated(const Value& value) {
    const Truth truth = value.truth();
    return truth == Truth::unknown ? Value::unknown_boolean() : Value::boolean(truth == Truth::falsy);
  }

  /// && gives the first falsy operand, || the first truthy one (`stops_at`), else the last.
  Value logical(const ExpressionNode& node, Truth stops_at) {
    bool undecided = false, strings = true, booleans = true;
    for (std::size_t i = 0; i < node.operands.size(); ++i) {
      Value value = evaluate(node.operands[i]);
      const Truth truth = value.truth();
      const bool last = i + 1 == node.operands.size();
      const bool may_be_result = last || truth == stops_at || truth == Truth::unknown;
      if (may_be_result) {
        strings = strings && value.is_string();
        booleans = booleans && value.is_boolean();
      }
      if (truth == stops_at || last) {
        if (!undecided) return value;
        // An undecided operand before would be the result only with the truth that stops there.
        const Truth result = truth == stops_at ? stops_at : Truth::unknown;
        if (booleans && result != Truth::unknown) return Value::boolean(result == Truth::truthy);
        if (booleans) return Value::unknown_boolean();
        return strings ? Value::unknown_string(result) : Value::unknown(result);
      }
      undecided = undecided || truth == Truth::unknown;
    }
    return Value::unknown();
  }

  Value chain(ExpressionIndex index) {
    std::vector<ExpressionIndex> steps;  // from the last one to the base
    const auto is_step = [&](ExpressionIndex at) {
      const ExpressionKind kind = expression_[at].kind;
      return kind == ExpressionKind::property || kind == ExpressionKind::index || kind == ExpressionKind::star;
    };
    for (; is_step(index); index = expression_[index].operands.front()) steps.push_back(index);
    std::reverse(steps.begin(), steps.end());
    if (expression_[index].kind == ExpressionKind::context) return context_value(expression_[index], steps);
    Reached reached{evaluate(index)};
    for (const ExpressionIndex step : steps) {
      reached = expression_[step].kind == ExpressionKind::star ? star(reached) : dereference(reached, key_of(step));
    }
    return reached.value;
  }
  Value key_of(ExpressionIndex step) {
    const ExpressionNode& node = expression_[step];
    return node.kind == ExpressionKind::property ? Value::string(node.text) : evaluate(node.operands[1]);
  }
  Value context_value(const ExpressionNode& root, const std::vector<ExpressionIndex>& steps) {
    std::string path = ascii_lower(root.text);
    bool certain = true;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const ExpressionIndex step = steps[i];
      if (expression_[step].kind == ExpressionKind::star) {
        // Always an array; of what, only the object before it tells.
        Reached reached{certain && environment_.context ? environment_.context(path) : Value::unknown()};
        if (!reached.value.known()) return Value::unknown(Truth::truthy);
        for (; i < steps.size(); ++i)
          reached = expression_[steps[i]].kind == ExpressionKind::star ? star(reached) : dereference(reached, key_of(steps[i]));
        return reached.value;
      }
      const auto key = key_of(step).printed();
      certain = certain && key && path.size() + key->size() <= kMaxResultBytes;
      if (certain) path += '.' + *key;
    }
    return certain && environment_.context ? environment_.context(path) : Value::unknown();
  }

  Value call(const ExpressionNode& node) {
    const std::string name = ascii_lower(node.text);
    const std::size_t count = node.operands.size();
    if (name == "always") return Value::boolean(true);
    if (name == "success" || name == "failure" || name == "cancelled") {
      return environment_.status ? environment_.status(name) : Value::unknown_boolean();
    }
    if (name == "hashfiles") return Value::unknown_string();
    if (name == "case") return chosen(node);
    std::vector<Value> arguments;
    for (const ExpressionIndex operand : node.operands) arguments.push_back(evaluate(operand));
    if (name == "contains" && count == 2) return contains(arguments[0], arguments[1]);
    if (name == "startswith" && count == 2) return starts_or_ends(arguments[0], arguments[1], true);
    if (name == "endswith" && count == 2) return starts_or_ends(arguments[0], arguments[1], false);
    if (name == "format" && count >= 1) return format(arguments);
    if (name == "join" && (count == 1 || count == 2)) return join_elements(arguments);
    if (name == "tojson" && count == 1) return to_json(arguments[0]);
    if (name == "fromjson" && count == 1) return from_json(arguments[0]);
    return Value::unknown();
  }
  /// case(condition, value, …, default); conditions must be booleans.
  Value chosen(const ExpressionNode& node) {
    if (node.operands.size() % 2 == 0) return Value::unknown();
    for (std::size_t i = 0; i + 1 < node.operands.size(); i += 2) {
      const Value condition = evaluate(node.operands[i]);
      if (condition.kind() != Kind::boolean) return Value::unknown();
      if (condition.as_boolean()) return evaluate(node.operands[i + 1]);
    }
    return evaluate(node.operands.back());
  }

  const Expression& expression_;
  const ExpressionEnvironment& environment_;
  std::vector<bool> hidden_;
};

}  // namespace

ExpressionValue value_of_json(std::string_view json) {
  const Document document = parse_json(json);
  if (document.problem() || document.root() == kNoNode) return Value::unknown();
  return from_node(document, document.root());
}

ExpressionValue evaluate(const Expression& expression, const ExpressionEnvironment& environment) {
  return evaluate_without(expression, environment, {});
}

ExpressionValue evaluate_node(const Expression& expression, const ExpressionEnvironment& environment,
                              ExpressionIndex node) {
  return Evaluator(expression, environment, {}).evaluate(node);
}

ExpressionValue evaluate_without(const Expression& expression, const ExpressionEnvironment& environment,
                                 std::vector<bool> hidden) {
  return Evaluator(expression, environment, std::move(hidden)).evaluate(expression.root());
}

Truth truth_of(const Expression& condition, const ExpressionEnvironment& environment) {
  return evaluate(condition, environment).truth();
}

}  // namespace trueup::formats
