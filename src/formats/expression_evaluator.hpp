#pragma once

#include <vector>

#include "formats/expression_eval.hpp"

/// Private to expression_eval.cpp, expression_condition.cpp and expression_tests.cpp.
namespace trueup::formats {

/// evaluate(), with the nodes that `hidden` marks (by index; shorter than the expression: the rest is seen) taken as
/// unknown: what a condition would be without them.
ExpressionValue evaluate_without(const Expression& expression, const ExpressionEnvironment& environment,
                                 std::vector<bool> hidden);

/// evaluate() of one node with all below it.
ExpressionValue evaluate_node(const Expression& expression, const ExpressionEnvironment& environment,
                              ExpressionIndex node);

}  // namespace trueup::formats
