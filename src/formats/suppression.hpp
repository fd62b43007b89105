#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.hpp"

namespace trueup::formats {

/// A comment that asks trueup to leave a finding be:
///
///     # trueup: ignore[chart/version-published, C03] the mirror lands on Fridays (until 2027-01-31, owner @platform)
struct Suppression {
  ByteRange bytes;          ///< from the mark of its comment to the end of its line, or of the comment
  std::uint32_t line = 1;   ///< the line that it speaks of: its own, or the next with content if it stands alone
  std::vector<std::string_view> rules;  ///< ids or codes, as written
  std::string_view reason;  ///< empty: there is none
  std::string_view until;   ///< YYYY-MM-DD, the last day on which it holds; empty: it does not end
  std::string_view owner;
  std::string problem;      ///< why it cannot be read; empty for one that can
};

/// Whether a text is a day of the calendar as suppressions name it, 2027-01-31.
bool is_suppression_date(std::string_view text);

/// The suppressions of a text whose comments begin with #, in order; they view the text. The # stands at the start of its
/// line or after white space. At most limits::kMaxSuppressions are read; `cut` says whether there are more.
std::vector<Suppression> find_suppressions(std::string_view text, bool* cut = nullptr);
/// The same of a text whose comments are known, in order: #, //, /* */, <!-- --> or `..`, of which any line may hold one.
std::vector<Suppression> find_suppressions(std::string_view text, std::span<const ByteRange> comments, bool* cut = nullptr);
/// Whether a text may hold one at all.
bool may_hold_suppressions(std::string_view text);

}  // namespace trueup::formats
