#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/report.hpp"

namespace trueup::report {

/// "1,487".
std::string grouped_digits(std::size_t count);
/// "1 error", "2 errors".
std::string counted(std::size_t count, std::string_view noun);

/// Findings by severity.
struct SeverityCounts {
  std::size_t errors = 0, warnings = 0, notes = 0;

  void add(rules::Severity severity);
  std::size_t total() const { return errors + warnings + notes; }
  /// "1 error, 2 warnings"; "no findings" for none.
  std::string to_string() const;
};

/// "C01 chart/version-published".
std::string rule_name(const rules::Finding& finding);
/// "charts/Chart.yaml:9:15", with "acme/deploy" in front where the place is not in the repository `at_hand`, and
/// "@staging" where it is not in the working tree. Not yet printable.
std::string location(const rules::FilePlace& place, std::string_view at_hand);
/// A finding's other place in one line: "the receiver: acme/deploy@main .github/workflows/ring.yml:3:13", or what a server
/// answered. Not yet printable.
std::string described(const rules::RelatedPlace& related, const rules::Finding& finding, std::string_view now);
/// The one subject's slug, or nothing where there are several.
std::string only_subject(const engine::Report& report);
/// What a reading told and when: "asked 10:02:11Z: absent; the registry lists 3 tags". The date is left out where it is
/// that of `now`. Not yet printable.
std::string reading(const rules::LivePlace& place, std::string_view now);
/// "atlas 1.0.0-staging.abc1234": the values that identify a finding's subject. Not yet printable.
std::string subject_of(const rules::Finding& finding);

/// "the mirror lands on Fridays (until 2027-01-31, owner @platform)". Not yet printable.
std::string reason_of(const engine::Suppressed& suppressed);

/// What the change brings and silences at once: it blocks nothing, so whoever reviews it is told. Empty without a base.
std::vector<const engine::Suppressed*> suppressed_by_change(const engine::Report& report);
/// "3 suppressed", or "3 suppressed, 1 of them brought by this change"; empty for none.
std::string suppressed_count(const engine::Report& report);

/// Why subjects are unknown: because asking failed, because nobody asked, or because a file is malformed.
enum class UnknownCause { failed, not_asked, malformed };

/// Unknowns with one reason.
struct UnknownGroup {
  UnknownCause cause = UnknownCause::not_asked;
  std::string because;
  std::vector<const rules::Finding*> unknowns;  ///< in the report's order
};

/// The report's unknowns by cause (failed first) and then by count (most first) and reason.
std::vector<UnknownGroup> group_unknowns(const engine::Report& report);

}  // namespace trueup::report
