#pragma once

#include "audit/observation.hpp"
#include "engine/report.hpp"
#include "engine/run_state.hpp"

namespace trueup::engine {

/// Whether the verdicts of a rule hang on answers of servers; false of one that was not run, as it had no subject.
bool reads_servers(const RunState& state, const rules::Rule& rule);

/// What a history is told of a run that was judged: verdicts, and what the run could not have. `report` is that of the run, and both
/// outlive the observation.
audit::Observation observe(RunState& state, const Report& report);

}  // namespace trueup::engine
