#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "audit/record.hpp"

namespace trueup::report {

/// "31 days", "5 hours", "less than an hour".
std::string age_text(std::int64_t seconds);
/// "2026-03-04", in UTC.
std::string date_of(std::int64_t seconds);
/// "for 31 days, since 2026-02-01; its lines stand since 1a2b3c4d5e of 2026-01-28": what there is to say of a record's times, by its
/// standing. May be empty. Not yet printable.
std::string ages_of(const audit::Record& record, const audit::Chronicle& chronicle);
/// "its lines stand since 1a2b3c4d5e (2026-01-28, acme/deploy)", with "at least" where the walk was cut short. Empty: not known.
std::string since_text(const audit::Record& record);
/// "charts/Chart.yaml:9:15", as location() of a place.
std::string location(const audit::Record& record, std::string_view at_hand);
/// "2 new, 1 came back, 12 persisting (the oldest for 31 days), 3 not verifiable, 1 fixed".
std::string counts_of(const audit::Chronicle& chronicle);

}  // namespace trueup::report
