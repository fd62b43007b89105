#pragma once

#include <cstdint>
#include <string_view>

namespace trueup::facts {

/// What became of the content of a blob.
enum class BlobState : std::uint8_t { parsed, malformed, over_limit, missing, unread };
std::string_view to_string(BlobState state);

}  // namespace trueup::facts
