#pragma once

#include "base/result.hpp"
#include "engine/fix_report.hpp"
#include "engine/run_state.hpp"

namespace trueup::engine {

/// Asks, judges, works out the fixes of what is found, and proves them: the edited bytes are laid over the snapshots and judged
/// again. A fix is proven if its subject is right afterwards (or is another one then, and that is right, or its rule says that it
/// ends), no verdict of any rule got worse, every edited file parses and no other value of it changed. All are tried together,
/// then halves of them where that fails. What became possible by the ones before is worked out in another round.
/// Errors: as of judging.
Result<FixReport> fix_findings(RunState& state, const FixRequest& wanted);

}  // namespace trueup::engine
