#include "live/retry.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "live/clock.hpp"

namespace trueup::live {

using std::chrono::milliseconds;

bool worth_retrying(const HttpAnswer& answer) {
  if (!answer.response) return answer.failure.code == "unreachable" || answer.failure.code == "cut_off";
  const int status = answer.response->status;
  return status == 429 || status == 502 || status == 503 || status == 504;
}

bool host_is_failing(const HttpAnswer& answer) {
  if (worth_retrying(answer) || answer.has_status(500)) return true;
  return !answer.response && (answer.failure.code == "timed_out" || answer.failure.code == "tls_failed");
}

std::optional<milliseconds> retry_after(const HttpResponse& response, std::chrono::system_clock::time_point now) {
  const auto header = find_header(response.headers, "Retry-After");
  if (!header) return std::nullopt;
  const std::string_view value = trim(*header);
  std::uint32_t seconds = 0;
  const auto [end, fault] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (fault == std::errc() && end == value.data() + value.size()) return std::chrono::seconds(seconds);
  const auto date = parse_http_date(value);
  if (!date) return std::nullopt;
  // A date that a user cannot wait for is cut here, so that no arithmetic on it can overflow.
  using Wait = std::chrono::system_clock::duration;
  return std::chrono::ceil<milliseconds>(std::clamp<Wait>(*date - now, Wait(0), std::chrono::hours(24)));
}

}  // namespace trueup::live
