#include "report/audit_words.hpp"

#include <algorithm>

#include "formats/timestamp.hpp"
#include "report/words.hpp"

namespace trueup::report {

using audit::Standing;

std::string age_text(std::int64_t seconds) {
  constexpr std::int64_t kHour = 3'600, kDay = 24 * kHour;
  if (seconds < kHour) return "less than an hour";
  return seconds < kDay ? counted(static_cast<std::size_t>(seconds / kHour), "hour") : counted(static_cast<std::size_t>(seconds / kDay), "day");
}

std::string date_of(std::int64_t seconds) { return formats::rfc3339_text(seconds).substr(0, std::string_view("2026-03-04").size()); }

std::string since_text(const audit::Record& record) {
  if (!record.since) return {};
  const audit::StandsSince& since = *record.since;
  return std::string("its lines stand since ") + (since.at_least ? "at least " : "") + since.commit_id.substr(0, 10) + " (" +
         date_of(since.committed_at) + (since.repository == record.repository ? "" : ", " + since.repository) + ')';
}

std::string ages_of(const audit::Record& record, const audit::Chronicle& chronicle) {
  std::string text;
  const auto add = [&](const std::string& part) {
    if (!part.empty()) text += (text.empty() ? "" : "; ") + part;
  };
  switch (record.standing) {
    case Standing::fresh:
    case Standing::suppressed: break;
    case Standing::returned: add("first seen " + date_of(record.first_seen)); break;
    case Standing::persisting: add("for " + age_text(chronicle.now - record.opened) + ", since " + date_of(record.opened)); break;
    case Standing::unverified:
      add("not verifiable since " + date_of(*record.unverified_since) + ", last seen " + date_of(record.last_seen) + ": " + record.because);
      break;
    case Standing::fixed: add("fixed " + date_of(*record.fixed_at) + ", after " + age_text(*record.fixed_at - record.opened)); break;
  }
  if (record.times_returned > 0) add("it came back " + (record.times_returned == 1 ? "once" : counted(record.times_returned, "time")));
  if (record.standing != Standing::fixed && record.standing != Standing::unverified) add(since_text(record));
  return text;
}

std::string location(const audit::Record& record, std::string_view at_hand) {
  rules::FilePlace place;
  place.repository = record.repository;
  place.revision = record.revision;
  place.path = record.path;
  place.begin = {record.line, record.column};
  return location(place, at_hand);
}

std::string counts_of(const audit::Chronicle& chronicle) {
  std::vector<std::string> parts;
  const auto add = [&](std::size_t count, std::string_view word, const std::string& more = {}) {
    if (count > 0) parts.push_back(grouped_digits(count) + ' ' + std::string(word) + more);
  };
  std::int64_t oldest = chronicle.now;
  for (const audit::Record& record : chronicle.records)
    if (record.standing == Standing::persisting) oldest = std::min(oldest, record.opened);
  add(chronicle.count(Standing::fresh), "new");
  add(chronicle.count(Standing::returned), "came back");
  add(chronicle.count(Standing::persisting), "persisting", " (the oldest for " + age_text(chronicle.now - oldest) + ")");
  add(chronicle.count(Standing::unverified), "not verifiable");
  add(chronicle.fixed_now(), "fixed");
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text.empty() ? "no findings" : text;
}

}  // namespace trueup::report
