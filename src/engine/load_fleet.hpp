#pragma once

#include "base/result.hpp"
#include "engine/run_state.hpp"

namespace trueup::engine {

/// Reads the repositories of the request into the store, and every branch of those subjects for which a rule of scope refs has a
/// subject. Errors: a subject that cannot be read, with the way out; any other repository is unknown then.
Result<void> load_fleet(RunState& state);

}  // namespace trueup::engine
