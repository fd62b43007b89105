#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace trueup::formats {

/// Seconds since 1970 in UTC of a date and time by RFC 3339: "2026-01-02T03:04:05Z", "2026-01-02 03:04:05.678+01:00". A
/// fraction of a second is dropped, a leap second (60) is the first of the next minute.
/// Errors: Fault::malformed, at the byte where the text leaves the form, or at the date that no calendar has.
Result<std::int64_t> parse_rfc3339(std::string_view text);

/// "2026-01-02T03:04:05Z" of seconds since 1970, the years 0 to 9999.
std::string rfc3339_text(std::int64_t seconds);

}  // namespace trueup::formats
