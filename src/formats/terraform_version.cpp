#include "formats/terraform_version.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <string>

#include "base/text.hpp"

namespace trueup::formats {
namespace {

/// One to three numbers, and what follows a `-`.
struct Parts {
  std::array<std::uint64_t, 3> numbers = {0, 0, 0};
  std::size_t count = 0;
  std::string_view candidate;
};

std::optional<Parts> parts_of(std::string_view text) {
  text = trim(text);
  if (text.starts_with('v')) text.remove_prefix(1);
  Parts parts;
  const std::size_t dash = text.find('-');
  if (dash != text.npos) parts.candidate = text.substr(dash + 1);
  if (dash != text.npos && parts.candidate.empty()) return std::nullopt;
  for (const std::string_view number : split(text.substr(0, dash), '.')) {
    if (parts.count == 3 || number.empty()) return std::nullopt;
    std::uint64_t& value = parts.numbers[parts.count++];
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc() || end != number.data() + number.size()) return std::nullopt;
  }
  return parts;
}

std::optional<bool> fits_one(std::string_view constraint, const Parts& version) {
  constraint = trim(constraint);
  const std::size_t length = std::min(constraint.find_first_not_of("<>=!~"), constraint.size());
  const std::string_view op = constraint.substr(0, length);
  const auto wanted = parts_of(constraint.substr(length));
  if (!wanted) return std::nullopt;
  const bool same = version.numbers == wanted->numbers && version.candidate == wanted->candidate;
  if (op.empty() || op == "=") return same;
  if (op == "!=") return !same;
  if (!version.candidate.empty() || !wanted->candidate.empty()) {  // candidates are compared with one of the same version only
    if (version.candidate.empty() != wanted->candidate.empty() && version.numbers != wanted->numbers && version.candidate.empty()) {
      // A release, against a constraint that names a candidate of another version: the numbers decide.
    } else if (version.numbers != wanted->numbers || wanted->candidate.empty()) {
      return false;
    }
  }
  const auto order = version.numbers != wanted->numbers ? version.numbers <=> wanted->numbers
                     : version.candidate.empty() != wanted->candidate.empty()
                         ? (version.candidate.empty() ? std::strong_ordering::greater : std::strong_ordering::less)
                         : version.candidate <=> wanted->candidate;
  if (op == ">") return order > 0;
  if (op == ">=") return order >= 0;
  if (op == "<") return order < 0;
  if (op == "<=") return order <= 0;
  if (op != "~>") return std::nullopt;
  // The last number that is written may grow: ~> 1.5 takes 1.9, ~> 1.5.0 does not.
  for (std::size_t i = 0; i + 1 < wanted->count; ++i)
    if (version.numbers[i] != wanted->numbers[i]) return false;
  return order >= 0;
}

}  // namespace

std::optional<bool> terraform_version_fits(std::string_view constraint, std::string_view version_text) {
  const auto version = parts_of(version_text);
  if (!version || version->count < 3) return std::nullopt;
  bool fits = true;
  for (const std::string_view each : split(constraint, ',')) {
    const auto one = fits_one(each, *version);
    if (!one) return std::nullopt;
    fits = fits && *one;
  }
  return fits;
}

}  // namespace trueup::formats
