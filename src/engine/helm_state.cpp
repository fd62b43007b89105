#include "engine/helm_state.hpp"

#include "facts/readings.hpp"

namespace trueup::engine {
bool HelmState::reads(const TablesRead& tables) { return tables.contains("helm_chart_list") || tables.contains("helm_chart_version"); }

std::set<std::string> HelmState::hosts_wanted() {
  std::set<std::string> hosts;
  for (const auto& [repository_url, chart] : facts::read_helm_questions(store_)) hosts.insert(host_of_url(repository_url));
  return hosts;
}

bool HelmState::ask(const TrustedHosts& trusted_hosts) {
  std::vector<live::ChartListQuestion> questions;
  std::vector<live::ChartListReading> readings;
  const LiveSources& live = request_.live;
  for (const auto& question : facts::read_helm_questions(store_)) {
    if (!asked_.insert(question).second) continue;
    const std::string host = host_of_url(question.first);
    if (live.helm == nullptr || !may_ask(live, trusted_hosts, host)) {
      live::ChartListReading& reading = readings.emplace_back();
      reading.asked = {question.first, question.second};
      reading.unknown = not_asked(live.helm == nullptr);
    } else {
      questions.push_back({question.first, question.second});
    }
  }
  if (!questions.empty()) {
    if (request_.progress) request_.progress("asking Helm repositories");
    for (live::ChartListReading& reading : live.helm->read(questions)) readings.push_back(std::move(reading));
  }
  store_.begin();
  for (const live::ChartListReading& reading : readings) store(reading);
  store_.commit();
  return !questions.empty();
}

void HelmState::store(const live::ChartListReading& reading) {
  facts::HelmChartRow row;
  row.repository_url = reading.asked.repository_url;
  row.chart = reading.asked.chart;
  fill(row, reading);
  row.versions = reading.versions;
  facts::add_reading(store_, row);
  places_.push_back(place_of(row));
  hosts_.count(host_of_url(row.repository_url), reading.state);
}

const rules::LivePlace* HelmState::place(std::int64_t id) const {
  return place_at(places_, id);
}

}  // namespace trueup::engine
