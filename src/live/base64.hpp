#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trueup::live {

/// RFC 4648, section 4, with padding.
std::string base64_encode(std::string_view bytes);
/// The same alphabet; padding may be missing, nothing else may. Nothing if it is no base64.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace trueup::live
