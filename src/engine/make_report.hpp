#pragma once

#include "engine/report.hpp"
#include "engine/run_state.hpp"
#include "engine/suppression_book.hpp"
#include "engine/verdict_book.hpp"

namespace trueup::engine {

/// What a gate compares with: the verdicts on the base, and those around the subject on both sides, which have no place in it. The
/// two worlds differ in the subject only, so what is wrong around it now and was not before, its change broke.
struct BaseVerdicts {
  const VerdictBook& subject;
  const VerdictBook& others_now;
  const VerdictBook& others_before;
};

/// Words the verdicts: findings with their places, values and refs, what is unknown, what was suppressed, and how each rule came
/// out. With `base`, each finding says whether it is new, what the base alone has is listed as fixed, and what the change breaks in
/// other repositories is a finding too.
Report make_report(RunState& state, SuppressionBook& suppressions, const VerdictBook& head, const BaseVerdicts* base);

/// One violated or unknown subject as a report words it.
rules::Finding word_finding(RunState& state, SuppressionBook& suppressions, const Subject& subject);

/// The order of findings: severity, repository, path, offset, rule, key.
bool stands_before(const rules::Finding& a, const rules::Finding& b);

}  // namespace trueup::engine
