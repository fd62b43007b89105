#pragma once

#include <vector>

#include "engine/run_state.hpp"
#include "engine/suppression_book.hpp"
#include "engine/verdict_book.hpp"

namespace trueup::engine {

/// What a rule of that shape looks at.
facts::Sight sight_of(const facts::Store& store, const rules::Rule& rule, const rules::RuleShape& shape);

/// The file sets of all worlds of one side at once, for questions.
std::vector<facts::JudgedSet> every_set(const RunState& state, Side side);

/// Asks what the facts ask of servers, in rounds. Hosts that only the head of a subject with a base names are not asked.
void ask(RunState& state);

/// Runs every chosen rule on the worlds of one side. Faults of operators' rules are added to `faults`. `others`, if wanted, takes
/// the verdicts of scope fleet without a place in a subject: what a change breaks or mends in the repositories around it.
void judge_side(RunState& state, Side side, SuppressionBook& suppressions, VerdictBook& book, RunState::Faults& faults,
                VerdictBook* others = nullptr);

}  // namespace trueup::engine
