#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/report.hpp"
#include "engine/request.hpp"
#include "facts/answer.hpp"

// What the states of all kinds of servers do alike: whom they may ask, what a row says of the answer, what is shown of it.
namespace trueup::engine {

/// Hosts that may be asked beside those that the operator named; nothing: all of them.
using TrustedHosts = std::optional<std::set<std::string>>;

/// Whether a host that the facts name may be asked.
bool may_ask(const LiveSources& live, const TrustedHosts& trusted, const std::string& host);
/// Why a server was not asked: there is none to ask (--offline), or only the change at hand names it.
live::Unknown not_asked(bool offline);

/// The host of a URL; a text that is no URL, as it is.
std::string host_of_url(const std::string& url);
/// The host of "registry.example/charts/atlas".
std::string host_of_repository(const std::string& oci_repository);

/// The columns that the rows of all readings share.
template <typename Reading>
void fill(facts::Answer& row, const Reading& reading) {
  row.state = to_string(reading.state);
  row.because = reading.unknown ? reading.unknown->because : reading.evidence;
  row.failed = reading.unknown && reading.unknown->kind == live::UnknownKind::failed;
  row.answer = reading.unknown ? reading.unknown->code : "";
  row.asked_at = reading.from.asked_at;
  row.address = reading.from.address;
}

/// How a reading is shown as the place of a finding.
rules::LivePlace place_of(const facts::Answer& row);
/// The place of the row with that id, from 1; null where there is none.
const rules::LivePlace* place_at(const std::vector<rules::LivePlace>& places, std::int64_t id);

/// How each host answered.
class HostCounts {
 public:
  HostReport& count(const std::string& host, live::ReadingState state);
  const std::map<std::string, HostReport>& hosts() const { return hosts_; }

 private:
  std::map<std::string, HostReport> hosts_;
};

}  // namespace trueup::engine
