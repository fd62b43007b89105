#pragma once

#include "engine/run_state.hpp"

namespace trueup::engine {

/// Puts the promised trains into the store: what the config says of them, the tags of their members, what the promised places
/// carry at each tag, and whether the tags of a line descend from each other.
void load_trains(RunState& state);

}  // namespace trueup::engine
