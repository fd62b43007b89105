#pragma once

#include "engine/report.hpp"
#include "engine/run_state.hpp"
#include "engine/suppression_book.hpp"
#include "engine/verdict_book.hpp"

namespace trueup::engine {

/// Words the verdicts: findings with their places, values and refs, what is unknown, what was suppressed, and how each rule came
/// out. With `base`, each finding says whether it is new, and what the base alone has is listed as fixed.
Report make_report(RunState& state, SuppressionBook& suppressions, const VerdictBook& head, const VerdictBook* base);

}  // namespace trueup::engine
