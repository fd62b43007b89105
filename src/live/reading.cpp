#include "live/reading.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace trueup::live {

std::string_view to_string(ReadingState state) {
  switch (state) {
    case ReadingState::present: return "present";
    case ReadingState::absent: return "absent";
    case ReadingState::unknown: break;
  }
  return "unknown";
}

std::string_view to_string(UnknownKind kind) {
  return kind == UnknownKind::not_asked ? "not_asked" : "failed";
}

UnknownKind unknown_kind(std::string_view code) {
  static constexpr std::array<std::string_view, 11> kNotAsked = {
      "offline",    "no_credentials", "realm_not_trusted", "private_address",  "plain_http",
      "name_unknown", "not_permitted", "not_trusted", "not_offered",  "not_in_dump",       "invalid_reference"};
  return std::ranges::find(kNotAsked, code) == kNotAsked.end() ? UnknownKind::failed : UnknownKind::not_asked;
}

Unknown unknown(std::string code, std::string because) {
  const UnknownKind kind = unknown_kind(code);
  return {kind, std::move(code), std::move(because)};
}

}  // namespace trueup::live
