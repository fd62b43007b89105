// What can be said of texts whose shape alone is known, and of the single tests that a condition is made of.

#include <algorithm>

#include "base/text.hpp"
#include "formats/expression_eval.hpp"
#include "formats/expression_evaluator.hpp"

namespace trueup::formats {
namespace {

using Alternative = TextShape::Alternative;

bool starts_with(std::string_view text, std::string_view beginning) {
  return text.size() >= beginning.size() && equal_ignoring_ascii_case(text.substr(0, beginning.size()), beginning);
}

template <typename Predicate>
bool any_of(const TextShape& shape, Predicate predicate) {
  return std::any_of(shape.alternatives.begin(), shape.alternatives.end(), predicate);
}

bool is_test(const ExpressionNode& node) {
  switch (node.kind) {
    case ExpressionKind::less:
    case ExpressionKind::less_or_equal:
    case ExpressionKind::greater:
    case ExpressionKind::greater_or_equal:
    case ExpressionKind::equal:
    case ExpressionKind::not_equal: return true;
    case ExpressionKind::call:
      return equal_ignoring_ascii_case(node.text, "contains") || equal_ignoring_ascii_case(node.text, "startsWith") ||
             equal_ignoring_ascii_case(node.text, "endsWith");
    default: return false;
  }
}

class TestWalk {
 public:
  TestWalk(const Expression& expression, const ExpressionEnvironment& environment)
      : expression_(expression), environment_(environment) {}

  std::vector<ConditionTest> walk() {
    visit(expression_.root(), true);
    return std::move(tests_);
  }

 private:
  /// Returns the truth of the node, so that nothing is evaluated twice.
  Truth visit(ExpressionIndex index, bool reached) {
    const ExpressionNode& node = expression_[index];
    switch (node.kind) {
      case ExpressionKind::negation: {
        const Truth truth = visit(node.operands.front(), reached);
        if (truth == Truth::unknown) return truth;
        return truth == Truth::truthy ? Truth::falsy : Truth::truthy;
      }
      case ExpressionKind::conjunction: return join(node, Truth::falsy, Truth::truthy, reached);
      case ExpressionKind::disjunction: return join(node, Truth::truthy, Truth::falsy, reached);
      default: break;
    }
    const Truth truth = evaluate_node(expression_, environment_, index).truth();
    if (is_test(node)) tests_.push_back({node.range, truth, reached});
    return truth;
  }

  Truth join(const ExpressionNode& node, Truth stops_at, Truth otherwise, bool reached) {
    Truth result = otherwise;
    for (const ExpressionIndex operand : node.operands) {
      const Truth truth = visit(operand, reached);
      if (truth == stops_at) {
        result = stops_at;
        reached = false;
      } else if (truth == Truth::unknown && result == otherwise) {
        result = Truth::unknown;
      }
    }
    return result;
  }

  const Expression& expression_;
  const ExpressionEnvironment& environment_;
  std::vector<ConditionTest> tests_;
};

}  // namespace

bool TextShape::can_equal(std::string_view text) const {
  return any_of(*this, [&](const Alternative& one) {
    if (!one.open) return equal_ignoring_ascii_case(one.begin, text);
    return starts_with(text, one.begin) && (!one.admits || one.admits(text.substr(one.begin.size())));
  });
}

bool TextShape::can_start_with(std::string_view text) const {
  return any_of(*this, [&](const Alternative& one) {
    return starts_with(one.begin, text) || (one.open && starts_with(text, one.begin));
  });
}

bool TextShape::must_start_with(std::string_view text) const {
  return !any_of(*this, [&](const Alternative& one) { return !starts_with(one.begin, text); });
}

bool TextShape::can_end_with(std::string_view text) const {
  return any_of(*this, [&](const Alternative& one) {
    return one.open || ascii_lower(one.begin).ends_with(ascii_lower(text));
  });
}

bool TextShape::can_contain(std::string_view text) const {
  return any_of(*this, [&](const Alternative& one) {
    return one.open || ascii_lower(one.begin).find(ascii_lower(text)) != std::string::npos;
  });
}

Truth TextShape::truth() const {
  if (!any_of(*this, [](const Alternative& one) { return one.begin.empty(); })) return Truth::truthy;
  return any_of(*this, [](const Alternative& one) { return one.open || !one.begin.empty(); }) ? Truth::unknown
                                                                                               : Truth::falsy;
}

std::vector<ConditionTest> test_condition(const Expression& condition, const ExpressionEnvironment& environment) {
  return TestWalk(condition, environment).walk();
}

}  // namespace trueup::formats
