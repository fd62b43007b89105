#include "engine/index_state.hpp"

#include "facts/readings.hpp"

namespace trueup::engine {
bool IndexState::reads(const TablesRead& tables) { return tables.contains("package_list") || tables.contains("package_version"); }

std::set<std::string> IndexState::hosts_wanted() {
  std::set<std::string> hosts;
  for (const auto& [package, versions] : facts::read_index_questions(store_)) hosts.insert(host_of_url(std::get<1>(package)));
  return hosts;
}

std::vector<std::string> IndexState::plan() {
  std::vector<std::string> lines;
  for (const auto& [package, versions] : facts::read_index_questions(store_))
    lines.push_back(std::get<0>(package) + " package " + std::get<2>(package) + " of " + std::get<1>(package));
  return lines;
}

bool IndexState::ask(const TrustedHosts& trusted_hosts) {
  std::vector<live::PackageQuestion> questions;
  std::vector<live::PackageReading> readings;
  const LiveSources& live = request_.live;
  for (const auto& [package, versions] : facts::read_index_questions(store_)) {
    if (!asked_.insert(package).second) continue;
    const auto ecosystem = formats::ecosystem_of(std::get<0>(package));
    if (!ecosystem) continue;
    const std::string host = host_of_url(std::get<1>(package));
    live::PackageQuestion question{*ecosystem, std::get<1>(package), std::get<2>(package), {versions.begin(), versions.end()}};
    if (live.packages == nullptr || !may_ask(live, trusted_hosts, host)) {
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
  return !questions.empty();
}

void IndexState::store(const live::PackageReading& reading) {
  facts::PackageListRow row;
  row.ecosystem = to_string(reading.asked.ecosystem);
  row.package_index = reading.asked.index;
  row.package = reading.asked.package;
  fill(row, reading);
  row.complete = reading.complete;
  row.list = reading.list;
  facts::add_reading(store_, row);
  places_.push_back(place_of(row));
  hosts_.count(host_of_url(row.package_index), reading.state);
}

const rules::LivePlace* IndexState::place(std::int64_t id) const {
  return place_at(places_, id);
}

}  // namespace trueup::engine
