#pragma once

#include <chrono>
#include <optional>

#include "live/http.hpp"

namespace trueup::live {

/// Whether asking again may help: 429, 502, 503, 504, no connection, or a connection that broke.
bool worth_retrying(const HttpAnswer& answer);
/// Whether the answer says that the host, rather than one thing on it, is not to be had: what is worth retrying, and
/// besides 500, time-outs and failed TLS.
bool host_is_failing(const HttpAnswer& answer);

/// What Retry-After asks for (RFC 9110, 10.2.3: seconds, or a date), counted from `now`; not negative. Nothing if the
/// header is not there or unreadable.
std::optional<std::chrono::milliseconds> retry_after(const HttpResponse& response,
                                                     std::chrono::system_clock::time_point now);

}  // namespace trueup::live
