#pragma once

#include <string_view>

#include "formats/shell_effects.hpp"

namespace trueup::facts {

/// The top-level keys of a JSON object in which `${{ }}` may stand for text inside strings and for whole values, with
/// their places in the text. Incomplete where that is no object, where a key is computed, and behind the first byte
/// that does not fit. A blank text has no keys and is complete.
formats::DispatchPayload read_payload_keys(std::string_view json);

}  // namespace trueup::facts
