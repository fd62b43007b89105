#pragma once

#include <string>
#include <string_view>

namespace trueup::cli {

/// A JSON string, quotes and all; bytes that are not UTF-8 become U+FFFD.
std::string json_text(std::string_view text);

}  // namespace trueup::cli
