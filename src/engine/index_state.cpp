#include "engine/index_state.hpp"

#include "engine/helm_state.hpp"
#include "facts/readings.hpp"
#include "live/url.hpp"

namespace trueup::engine {
namespace {

std::string host_of(const std::string& index) {
  const auto url = live::Url::parse(index);
  return url ? url->host.to_string() : index;
}

}  // namespace

bool IndexState::reads(const TablesRead& tables) { return tables.contains("package_list") || tables.contains("package_version"); }

std::set<std::string> IndexState::hosts_wanted() {
  std::set<std::string> hosts;
  for (const auto& [package, versions] : facts::read_index_questions(store_)) hosts.insert(host_of(std::get<1>(package)));
  return hosts;
}

std::vector<std::string> IndexState::plan() {
  std::vector<std::string> lines;
  for (const auto& [package, versions] : facts::read_index_questions(store_))
    lines.push_back(std::get<0>(package) + " package " + std::get<2>(package) + " of " + std::get<1>(package));
  return lines;
}

bool IndexState::ask(const std::optional<std::set<std::string>>& trusted_hosts) {
  std::vector<live::PackageQuestion> questions;
  std::vector<live::PackageReading> readings;
  const LiveSources& live = request_.live;
  bool any = false;
  for (const auto& [package, versions] : facts::read_index_questions(store_)) {
    if (!asked_.insert(package).second) continue;
    const auto ecosystem = formats::ecosystem_of(std::get<0>(package));
    if (!ecosystem) continue;
    any = true;
    const std::string host = host_of(std::get<1>(package));
    live::PackageQuestion question{*ecosystem, std::get<1>(package), std::get<2>(package), {versions.begin(), versions.end()}};
    if (live.packages == nullptr || (trusted_hosts && !trusted_hosts->contains(host) && !(live.is_named_host && live.is_named_host(host)))) {
      live::PackageReading& reading = readings.emplace_back();
      reading.asked = std::move(question);
      reading.unknown = not_asked(live.packages == nullptr);
    } else {
      questions.push_back(std::move(question));
    }
  }
  if (!questions.empty()) {
    if (request_.progress) request_.progress("asking indexes of packages");
    for (live::PackageReading& reading : live.packages->read(questions)) readings.push_back(std::move(reading));
  }
  store_.begin();
  for (const live::PackageReading& reading : readings) store(reading);
  store_.commit();
  return any;
}

void IndexState::store(const live::PackageReading& reading) {
  facts::PackageListRow row;
  row.ecosystem = to_string(reading.asked.ecosystem);
  row.package_index = reading.asked.index;
  row.package = reading.asked.package;
  row.state = to_string(reading.state);
  row.because = reading.unknown ? reading.unknown->because : reading.evidence;
  row.failed = reading.unknown && reading.unknown->kind == live::UnknownKind::failed;
  row.answer = reading.unknown ? reading.unknown->code : "";
  row.complete = reading.complete;
  row.asked_at = reading.from.asked_at;
  row.address = reading.from.address;
  row.list = reading.list;
  facts::add_reading(store_, row);
  places_.push_back({row.address, row.asked_at, row.state, row.because});
  const std::string name = host_of(row.package_index);
  HostReport& host = hosts_.try_emplace(name, HostReport{name}).first->second;
  ++host.questions;
  ++(reading.state == live::ReadingState::present ? host.present : reading.state == live::ReadingState::absent ? host.absent : host.unknown);
}

const rules::LivePlace* IndexState::place(std::int64_t id) const {
  return id < 1 || id > static_cast<std::int64_t>(places_.size()) ? nullptr : &places_[static_cast<std::size_t>(id - 1)];
}

}  // namespace trueup::engine
