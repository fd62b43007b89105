#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "formats/expression.hpp"

namespace trueup::formats {

std::string ContextRead::path() const {
  std::string text;
  for (const ContextKey& key : keys) {
    if (!text.empty()) text += '.';
    text += key.name;
  }
  return text;
}

namespace {

bool is_status_function(std::string_view name) {
  return equal_ignoring_ascii_case(name, "always") || equal_ignoring_ascii_case(name, "success") ||
         equal_ignoring_ascii_case(name, "failure") || equal_ignoring_ascii_case(name, "cancelled");
}

bool is_chain(ExpressionKind kind) {
  return kind == ExpressionKind::context || kind == ExpressionKind::property || kind == ExpressionKind::index ||
         kind == ExpressionKind::star;
}

class ReadCollector {
 public:
  explicit ReadCollector(const Expression& expression) : expression_(expression) {}

  std::vector<ContextRead> collect() {
    visit(expression_.root(), false);
    std::stable_sort(reads_.begin(), reads_.end(), [](const ContextRead& a, const ContextRead& b) {
      return a.range.begin != b.range.begin ? a.range.begin < b.range.begin : a.range.end > b.range.end;
    });
    return std::move(reads_);
  }

 private:
  /// `whole`: what this yields goes where the whole object is read (toJSON).
  void visit(ExpressionIndex index, bool whole) {
    const ExpressionNode& node = expression_[index];
    switch (node.kind) {
      case ExpressionKind::context:
      case ExpressionKind::property:
      case ExpressionKind::index:
      case ExpressionKind::star: return chain(index, whole);
      case ExpressionKind::conjunction:
      case ExpressionKind::disjunction: break;
      case ExpressionKind::call:
        whole = equal_ignoring_ascii_case(node.text, "toJSON") ||
                (whole && equal_ignoring_ascii_case(node.text, "case"));
        break;
      default: whole = false; break;
    }
    for (const ExpressionIndex operand : node.operands) visit(operand, whole);
  }

  void chain(ExpressionIndex index, bool whole) {
    std::vector<ExpressionIndex> steps;  // from the last one to the root
    for (ExpressionIndex at = index;; at = expression_[at].operands.front()) {
      steps.push_back(at);
      if (expression_[at].operands.empty() || !is_chain(expression_[at].kind)) break;
    }
    for (const ExpressionIndex step : steps) {
      if (expression_[step].kind == ExpressionKind::index) visit(expression_[step].operands[1], false);
    }
    const ExpressionNode& base = expression_[steps.back()];
    if (base.kind != ExpressionKind::context) return visit(steps.back(), true);

    ContextRead read;
    read.range = expression_[index].range;
    read.escapes = whole;
    read.keys.push_back({ascii_lower(base.text), base.name_range});
    for (auto step = steps.rbegin() + 1; step != steps.rend(); ++step) {
      const auto key = constant_key(expression_[*step]);
      if (!key) {
        read.exact = false;
        read.escapes = true;
        break;
      }
      read.keys.push_back(*key);
    }
    reads_.push_back(std::move(read));
  }

  std::optional<ContextKey> constant_key(const ExpressionNode& step) const {
    if (step.kind == ExpressionKind::property) return ContextKey{step.text, step.name_range};
    if (step.kind != ExpressionKind::index) return std::nullopt;
    const ExpressionNode& key = expression_[step.operands[1]];
    if (key.kind == ExpressionKind::string_literal) {
      return ContextKey{key.text, {key.range.begin + 1, key.range.end - 1}};
    }
    if (key.kind == ExpressionKind::number_literal && key.number >= 0 && key.number < 1e9) {
      return ContextKey{std::to_string(static_cast<std::uint32_t>(key.number)), key.range};
    }
    return std::nullopt;
  }

  const Expression& expression_;
  std::vector<ContextRead> reads_;
};

}  // namespace

std::vector<ContextRead> context_reads(const Expression& expression) { return ReadCollector(expression).collect(); }

bool calls_status_function(const Expression& expression) {
  return std::any_of(expression.nodes().begin(), expression.nodes().end(), [](const ExpressionNode& node) {
    return node.kind == ExpressionKind::call && is_status_function(node.text);
  });
}

}  // namespace trueup::formats
