#pragma once

#include <set>
#include <string_view>

#include "engine/run_state.hpp"

namespace trueup::engine {

/// Whether load_trains() fills one of these tables.
bool reads_trains(const std::set<std::string_view>& tables);

/// Puts the promised trains into the store: what the config says of them, the tags of their members, what the promised places
/// carry at each tag, and whether the tags of a line descend from each other.
void load_trains(RunState& state);

}  // namespace trueup::engine
