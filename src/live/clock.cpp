#include "live/clock.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace trueup::live {

namespace {

using std::chrono::sys_seconds;

/// The number that `text` is, all of it digits.
std::optional<unsigned> digits(std::string_view text) {
  unsigned number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// `clock` is "10:45:39", or wrong in any way but its size.
std::optional<sys_seconds> assemble(std::optional<unsigned> year, std::optional<unsigned> month,
                                    std::optional<unsigned> day, std::string_view clock) {
  const auto hours = digits(clock.substr(0, 2));
  const auto minutes = digits(clock.substr(3, 2));
  const auto seconds = digits(clock.substr(6, 2));
  if (!year || !month || !day || !hours || !minutes || !seconds) return std::nullopt;
  if (clock[2] != ':' || clock[5] != ':') return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
                                         std::chrono::day(*day)};
  if (!date.ok() || *hours > 23 || *minutes > 59 || *seconds > 60) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hours) + std::chrono::minutes(*minutes) +
         std::chrono::seconds(*seconds);
}

}  // namespace

std::string rfc3339(std::chrono::system_clock::time_point time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto days = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss clock(seconds - days);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

std::optional<sys_seconds> parse_rfc3339(std::string_view text) {
  if (text.size() != 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[19] != 'Z') return std::nullopt;
  return assemble(digits(text.substr(0, 4)), digits(text.substr(5, 2)), digits(text.substr(8, 2)), text.substr(11, 8));
}

std::optional<sys_seconds> parse_http_date(std::string_view text) {
  static constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || text[3] != ',' || !text.ends_with(" GMT")) return std::nullopt;
  const auto month = std::ranges::find(kMonths, text.substr(8, 3));
  if (month == kMonths.end()) return std::nullopt;
  return assemble(digits(text.substr(12, 4)), static_cast<unsigned>(month - kMonths.begin()) + 1,
                  digits(text.substr(5, 2)), text.substr(17, 8));
}

}  // namespace trueup::live
