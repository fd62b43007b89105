#include <initializer_list>
#include <utility>

#include "base/text.hpp"
#include "formats/expression_eval.hpp"
#include "formats/expression_evaluator.hpp"

namespace trueup::formats {
namespace {

constexpr std::size_t kMaxTriedAlone = 8;  ///< texts, each by evaluating the whole without it

/// What of a condition was written on purpose, and which strings stand where a condition should.
struct ConditionParts {
  std::vector<ExpressionIndex> literals, always_calls, strings;
  std::vector<StringOperand> string_operands;
};

/// Walks what counts as a condition: the whole, and from there operands of &&, || and !.
class ConditionWalk {
 public:
  explicit ConditionWalk(const Expression& expression) : expression_(expression) {}

  ConditionParts walk() {
    visit(expression_.root(), ExpressionKind::negation);
    return std::move(parts_);
  }

 private:
  void visit(ExpressionIndex index, ExpressionKind parent) {
    const ExpressionNode& node = expression_[index];
    switch (node.kind) {
      case ExpressionKind::null_literal:
      case ExpressionKind::boolean_literal:
      case ExpressionKind::number_literal: parts_.literals.push_back(index); break;
      case ExpressionKind::string_literal: string(index, parent); break;
      case ExpressionKind::call:
        if (equal_ignoring_ascii_case(node.text, "always")) parts_.always_calls.push_back(index);
        break;
      case ExpressionKind::negation:
      case ExpressionKind::conjunction:
      case ExpressionKind::disjunction:
        for (const ExpressionIndex operand : node.operands) visit(operand, node.kind);
        break;
      default: break;
    }
  }
  void string(ExpressionIndex index, ExpressionKind parent) {
    const ExpressionNode& node = expression_[index];
    // 'true' alone does what it says; 'false' alone does not.
    if (parent == ExpressionKind::negation && node.text == "true") {
      parts_.literals.push_back(index);
      return;
    }
    const bool decides = parent == ExpressionKind::conjunction ? node.text.empty()
                         : parent == ExpressionKind::disjunction ? !node.text.empty()
                                                                 : true;
    parts_.strings.push_back(index);
    parts_.string_operands.push_back({node.range, decides});
  }

  const Expression& expression_;
  ConditionParts parts_;
};

std::optional<bool> constant_of(const ExpressionValue& value) {
  if (value.truth() == Truth::unknown) return std::nullopt;
  return value.truth() == Truth::truthy;
}

ByteRange shifted(ByteRange range, std::uint32_t by) { return {range.begin + by, range.end + by}; }

class ConditionReader {
 public:
  explicit ConditionReader(std::string_view text) : text_(text) {}

  ConditionReading read() {
    const std::vector<TemplateRegion> regions = find_templates(text_);
    const auto size = static_cast<std::uint32_t>(text_.size());
    if (regions.empty()) {
      if (!trim(text_).empty()) single({0, size});
    } else if (!regions.back().closed) {
      reading_.problem = Error{Fault::malformed, "expected '}}' to end this expression", regions.back().outer};
    } else if (regions.size() == 1 && regions[0].outer == ByteRange{0, size}) {
      single(regions[0].inner);
    } else {
      text_of(regions);
    }
    return std::move(reading_);
  }

 private:
  std::optional<Expression> parse(ByteRange inner) {
    auto expression = Expression::parse(slice(text_, inner));
    if (expression) {
      reading_.has_status_function = reading_.has_status_function || calls_status_function(*expression);
      return *std::move(expression);
    }
    if (!reading_.problem) {
      reading_.problem = std::move(expression).error();
      if (reading_.problem->at) reading_.problem->at = shifted(*reading_.problem->at, inner.begin);
    }
    return std::nullopt;
  }

  void single(ByteRange inner) {
    const auto expression = parse(inner);
    if (!expression) return;
    const ConditionParts parts = ConditionWalk(*expression).walk();
    for (const StringOperand& operand : parts.string_operands) {
      reading_.string_operands.push_back({shifted(operand.range, inner.begin), operand.decides});
    }
    reading_.constant = constant_without(*expression, {});
    if (!reading_.constant) return;

    // The cause is what makes it depend on something once it is taken away.
    const auto blame = [&](ConstantCause cause, const std::vector<ExpressionIndex>& nodes) {
      reading_.cause = cause;
      for (const ExpressionIndex index : nodes) {
        reading_.guilty.push_back(shifted((*expression)[index].range, inner.begin));
      }
    };
    if (!constant_without(*expression, {&parts.literals})) return blame(ConstantCause::literal, parts.literals);
    if (!constant_without(*expression, {&parts.always_calls, &parts.literals})) {
      return blame(ConstantCause::status_function, parts.always_calls);
    }
    if (!constant_without(*expression, {&parts.always_calls, &parts.literals, &parts.strings})) {
      // One that decides a part need not decide the whole: in `a && '' || 'x'` it is 'x'.
      std::vector<ExpressionIndex> deciding, alone;
      for (std::size_t i = 0; i < parts.strings.size(); ++i) {
        if (!parts.string_operands[i].decides) continue;
        deciding.push_back(parts.strings[i]);
        const std::vector<ExpressionIndex> one{parts.strings[i]};
        if (deciding.size() <= kMaxTriedAlone && !constant_without(*expression, {&parts.always_calls, &parts.literals, &one})) alone.push_back(one.front());
      }
      return blame(ConstantCause::string_operand, !alone.empty() ? alone : deciding.empty() ? parts.strings : deciding);
    }
    blame(ConstantCause::other, {expression->root()});
  }

  std::optional<bool> constant_without(const Expression& expression,
                                       std::initializer_list<const std::vector<ExpressionIndex>*> hidden) {
    std::vector<bool> mask(expression.nodes().size(), false);
    for (const auto* nodes : hidden) {
      for (const ExpressionIndex index : *nodes) mask[index] = true;
    }
    return constant_of(evaluate_without(expression, nothing_, std::move(mask)));
  }

  /// Text around templates, or several of them: GitHub builds a string, and only an empty one is false.
  void text_of(const std::vector<TemplateRegion>& regions) {
    std::vector<ByteRange> outside;
    bool not_empty = false, all_empty = true;
    std::uint32_t at = 0;
    for (const TemplateRegion& region : regions) {
      if (region.outer.begin > at) outside.push_back({at, region.outer.begin});
      at = region.outer.end;
      const auto expression = parse(region.inner);
      if (!expression) continue;
      const ExpressionValue value = evaluate(*expression, nothing_);
      const auto printed = value.printed();
      all_empty = all_empty && printed && printed->empty();
      // "true" and "false" are texts too.
      not_empty = not_empty || (printed ? !printed->empty() : value.is_boolean() || value.truth() == Truth::truthy);
    }
    if (at < text_.size()) outside.push_back({at, static_cast<std::uint32_t>(text_.size())});
    if (reading_.problem || (outside.empty() && !not_empty && !all_empty)) return;
    reading_.constant = !outside.empty() || not_empty;
    reading_.cause = ConstantCause::text_around_template;
    if (outside.empty()) {
      for (std::size_t i = 1; i < regions.size(); ++i) outside.push_back(regions[i].outer);
    }
    reading_.guilty = std::move(outside);
  }

  std::string_view text_;
  ExpressionEnvironment nothing_;
  ConditionReading reading_;
};

}  // namespace

ConditionReading analyse_condition(std::string_view if_text) { return ConditionReader(if_text).read(); }

}  // namespace trueup::formats
