#pragma once

#include <map>
#include <string>
#include <vector>

#include "audit/record.hpp"
#include "engine/run_state.hpp"

namespace trueup::engine {

/// Since when the lines that findings show stand as they are, by fingerprint; audit::StandsSince says what that claims. Nothing for a
/// finding that shows a line which is not committed, or no line of a repository with history.
///
/// Each branch is walked once for all its findings, along first parents, and a file is read again only where it differs from the
/// commit after. Bounded in commits, versions of files and time; where a bound or the clone ends the walk, "at least".
std::map<std::string, audit::StandsSince> stand_since(RunState& state, const std::vector<const rules::Finding*>& findings);

}  // namespace trueup::engine
