#pragma once

#include <string>
#include <string_view>

#include "formats/expression_eval.hpp"

/// Texts with `${{ }}` in them, as far as they are known.
namespace trueup::formats {

/// The text with every `${{ }}` replaced whose value is known; the others stay as they are written.
std::string fill_template(std::string_view text, const ExpressionEnvironment& environment);

/// Whether two texts can come out the same, if a `${{ }}` may be anything, the empty text too. Texts of more than
/// kMaxComparedBytes can.
bool templates_can_agree(std::string_view a, std::string_view b);

inline constexpr std::size_t kMaxComparedBytes = 2'000;

}  // namespace trueup::formats
