#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace trueup::live {

/// "2026-11-21T10:45:39Z".
std::string rfc3339(std::chrono::system_clock::time_point time);
/// The same form only: UTC, whole seconds.
std::optional<std::chrono::sys_seconds> parse_rfc3339(std::string_view text);
/// The Date header's form, "Sat, 21 Nov 2026 10:45:39 GMT" (RFC 9110, IMF-fixdate). The two older forms are not read:
/// no server sends them, and a wrong guess about a time is worse than none.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

}  // namespace trueup::live
