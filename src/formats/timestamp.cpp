#include "formats/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>

namespace trueup::formats {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  /// Exactly `count` digits, from `low` to `high`.
  std::optional<int> number(int count, int low, int high) {
    int value = 0;
    for (int i = 0; i < count; ++i, ++at_) {
      if (at_ == text_.size() || text_[at_] < '0' || text_[at_] > '9') return std::nullopt;
      value = value * 10 + (text_[at_] - '0');
    }
    if (value >= low && value <= high) return value;
    at_ -= static_cast<std::size_t>(count);
    return std::nullopt;
  }
  bool skip(std::string_view any_of) {
    if (at_ == text_.size() || any_of.find(text_[at_]) == std::string_view::npos) return false;
    ++at_;
    return true;
  }
  bool at_end() const { return at_ == text_.size(); }
  char previous() const { return text_[at_ - 1]; }

  Error malformed() const {
    const auto end = std::min(at_ + 1, text_.size());
    return Error{Fault::malformed, "this is no date and time by RFC 3339, such as 2026-01-02T03:04:05Z",
                 ByteRange{static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(end)}};
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::int64_t> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  Reader reader(text);
  std::optional<int> year_of, month_of, day_of, hour, minute, second;
  if (!(year_of = reader.number(4, 0, 9999)) || !reader.skip("-") || !(month_of = reader.number(2, 1, 12)) ||
      !reader.skip("-") || !(day_of = reader.number(2, 1, 31)) || !reader.skip("Tt ") || !(hour = reader.number(2, 0, 23)) ||
      !reader.skip(":") || !(minute = reader.number(2, 0, 59)) || !reader.skip(":") || !(second = reader.number(2, 0, 60)))
    return reader.malformed();
  if (reader.skip(".")) {
    if (!reader.number(1, 0, 9)) return reader.malformed();
    while (reader.number(1, 0, 9)) {
    }
  }
  std::int64_t east = 0;
  if (reader.skip("+-")) {
    const int sign = reader.previous() == '-' ? -1 : 1;
    const auto hours = reader.number(2, 0, 23);
    if (!hours || !reader.skip(":")) return reader.malformed();
    const auto minutes = reader.number(2, 0, 59);
    if (!minutes) return reader.malformed();
    east = sign * (*hours * 3600 + *minutes * 60);
  } else if (!reader.skip("Zz")) {
    return reader.malformed();
  }
  if (!reader.at_end()) return reader.malformed();
  const year_month_day date{year{*year_of}, month{static_cast<unsigned>(*month_of)}, day{static_cast<unsigned>(*day_of)}};
  if (!date.ok()) return Error{Fault::malformed, "no calendar has this date", ByteRange{0, 10}};
  const std::int64_t days = sys_days{date}.time_since_epoch().count();
  return days * 86'400 + *hour * 3600 + *minute * 60 + *second - east;
}

std::string rfc3339_text(std::int64_t seconds) {
  using namespace std::chrono;
  const sys_seconds time{std::chrono::seconds(seconds)};
  const sys_days day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace trueup::formats
