#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace trueup::report {

enum class DifferenceKind : std::uint8_t {
  added,        ///< violated in the second, and not in the first; of recordings: only the second asked
  gone,         ///< violated in the first; in the second neither that nor unknown, and its rule and repository were judged
  changed,      ///< violated in both, or unknown in both, and told otherwise; of recordings: another answer
  now_unknown,  ///< unknown in the second, and not in the first
  now_known,    ///< unknown in the first; in the second right, or no subject any more
};
/// "new", "gone", "changed", "now unknown", "now known".
std::string_view to_string(DifferenceKind kind);

/// What two results or two recordings do not have in common.
struct Difference {
  DifferenceKind kind = DifferenceKind::added;
  std::string name;    ///< fingerprint; of recordings method and address
  std::string what;    ///< "error[C01 chart/version-published] acme/deploy charts/Chart.yaml:9:15"
  std::string before, after;  ///< what was said; empty where there is nothing
  friend bool operator==(const Difference&, const Difference&) = default;
};

/// Compares two JSON reports of check or audit by the fingerprints of their subjects. Sorted by kind, then by what and name. Elapsed
/// time, versions and what servers were asked are no differences.
/// Errors: malformed, naming which of the two is no report of trueup.
Result<std::vector<Difference>> compare_reports(std::string_view first, std::string_view second);

/// By kind, what, name.
void sort_differences(std::vector<Difference>& differences);
/// Lines for people, grouped by kind, and a last line that counts. Printable.
std::string differences_text(const std::vector<Difference>& differences);
std::string differences_json(const std::vector<Difference>& differences);

}  // namespace trueup::report
