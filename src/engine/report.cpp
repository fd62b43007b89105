#include "engine/report.hpp"

#include <algorithm>

namespace trueup::engine {
namespace {

bool reaches(rules::Severity severity, rules::Severity level) {
  return level != rules::Severity::none && severity <= level;
}

}  // namespace

std::size_t Report::verified() const {
  std::size_t count = 0;
  for (const rules::RuleOutcome& rule : rules) count += rule.ok + rule.violated;
  return count;
}

std::size_t Report::subjects() const {
  std::size_t count = 0;
  for (const rules::RuleOutcome& rule : rules) count += rule.ok + rule.violated + rule.unknown;
  return count;
}

bool turns_red(const Report& report, const rules::Finding& finding, rules::Severity fail_on) {
  return finding.blocks && reaches(finding.severity, fail_on) &&
         (report.base.empty() || finding.change == rules::Change::introduced);
}

int exit_code(const Report& report, const Gate& gate) {
  const auto leaves_open = [&](const rules::Finding& unknown) {
    // A broken file is a finding of its own; it is not said twice.
    return unknown.blocks && reaches(unknown.severity, gate.fail_on) && !unknown.malformed &&
           (unknown.failed || gate.require_complete);
  };
  const auto known = gate.new_only && report.audit ? report.audit->by_fingerprint() : decltype(report.audit->by_fingerprint())();
  const auto stood_before = [&](const rules::Finding& finding) {
    const auto record = known.find(finding.fingerprint);
    return record != known.end() && record->second->standing == audit::Standing::persisting;
  };
  const auto red = [&](const rules::Finding& finding) { return turns_red(report, finding, gate.fail_on) && !stood_before(finding); };
  if (std::any_of(report.findings.begin(), report.findings.end(), red)) return 1;
  if (std::any_of(report.unknowns.begin(), report.unknowns.end(), leaves_open)) return 3;
  const bool stopped = std::any_of(report.rules.begin(), report.rules.end(), [&](const auto& rule) { return rule.stopped && reaches(rule.severity, gate.fail_on); });
  if (stopped) return 3;
  const bool missed = std::any_of(report.repositories.begin(), report.repositories.end(), [](const auto& each) { return each.missed; });
  if (missed && gate.fail_on != rules::Severity::none) return 3;
  return 0;
}

}  // namespace trueup::engine
