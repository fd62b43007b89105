// GitLab's code quality report: what stands in the head. GitLab compares it with the target branch's by fingerprint, so what
// stood before is in it too. Source: GitLab's documentation "Code Quality", report format.

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "base/text.hpp"
#include "report/format.hpp"
#include "report/json_writer.hpp"
#include "report/words.hpp"

namespace trueup::report {
namespace {

std::string_view severity_of(const rules::Finding& finding) {
  switch (finding.severity) {
    case rules::Severity::error: return finding.blocks ? "blocker" : "critical";
    case rules::Severity::warning: return "major";
    case rules::Severity::note:
    case rules::Severity::none: return "info";
  }
  return "info";
}

Json issue_of(const rules::Finding& finding, const rules::FilePlace& place, const engine::Report& report) {
  std::string text = finding.message;
  if (&place != &finding.at) text += "; broken by this change: " + location(finding.at, place.repository);
  for (const rules::RelatedPlace& related : finding.related) text += "; " + described(related, finding, report.now);
  const std::uint32_t last = std::max(place.begin.line, place.end.line);
  return {{"description", printable(text)},
          {"check_name", finding.rule_id},
          {"fingerprint", finding.fingerprint},
          {"severity", severity_of(finding)},
          {"location", {{"path", printable(place.path)}, {"lines", {{"begin", place.begin.line}, {"end", last}}}}}};
}

}  // namespace

void write_gitlab(const engine::Report& report, const ReportOptions& options, std::string& out) {
  out += '[';
  bool first = true;
  for (const rules::Finding& finding : report.findings) {
    const rules::FilePlace* place = place_in_head(finding, report, options);
    if (finding.severity == rules::Severity::none || place == nullptr) continue;
    out += first ? "\n  " : ",\n  ";
    first = false;
    append_json(issue_of(finding, *place, report), out);
  }
  out += first ? "]\n" : "\n]\n";
}

}  // namespace trueup::report
