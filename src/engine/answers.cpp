#include "engine/answers.hpp"

#include "live/url.hpp"

namespace trueup::engine {
namespace {

constexpr std::string_view kNotTrusted =
    "only this change names that host, so it was not asked; name it with --allow-host if it is to be trusted";
constexpr std::string_view kNobodyAsked = "offline: no server was asked";

}  // namespace

bool may_ask(const LiveSources& live, const TrustedHosts& trusted, const std::string& host) {
  return !trusted || trusted->contains(host) || (live.is_named_host && live.is_named_host(host));
}

live::Unknown not_asked(bool offline) {
  return live::Unknown{live::UnknownKind::not_asked, offline ? "offline" : "not_trusted", std::string(offline ? kNobodyAsked : kNotTrusted)};
}

std::string host_of_url(const std::string& text) {
  const auto url = live::Url::parse(text);
  return url ? url->host.to_string() : text;
}

std::string host_of_repository(const std::string& oci_repository) { return oci_repository.substr(0, oci_repository.find('/')); }

rules::LivePlace place_of(const facts::Answer& row) { return {row.address, row.asked_at, row.state, row.because}; }

const rules::LivePlace* place_at(const std::vector<rules::LivePlace>& places, std::int64_t id) {
  return id < 1 || id > static_cast<std::int64_t>(places.size()) ? nullptr : &places[static_cast<std::size_t>(id - 1)];
}

HostReport& HostCounts::count(const std::string& host, live::ReadingState state) {
  HostReport& report = hosts_.try_emplace(host, HostReport{host}).first->second;
  ++report.questions;
  ++(state == live::ReadingState::present ? report.present : state == live::ReadingState::absent ? report.absent : report.unknown);
  return report;
}

}  // namespace trueup::engine
