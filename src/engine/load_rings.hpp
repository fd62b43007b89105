#pragma once

#include <set>
#include <string>
#include <string_view>

#include "engine/run_state.hpp"

namespace trueup::engine {

/// Whether load_rings() fills one of these tables.
bool reads_rings(const std::set<std::string_view>& tables);

/// Puts the promise about rings into the store: what the config says, the rings of its services and how far they are from the default
/// branch, and what they change of files that an image does not deliver.
void load_rings(RunState& state);

}  // namespace trueup::engine
