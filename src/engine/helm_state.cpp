#include "engine/helm_state.hpp"

#include "facts/readings.hpp"
#include "live/url.hpp"

namespace trueup::engine {
namespace {

std::string host_of(const std::string& repository_url) {
  const auto url = live::Url::parse(repository_url);
  return url ? url->host.to_string() : repository_url;
}

}  // namespace

bool HelmState::reads(const TablesRead& tables) { return tables.contains("helm_chart_list") || tables.contains("helm_chart_version"); }

std::set<std::string> HelmState::hosts_wanted() {
  std::set<std::string> hosts;
  for (const auto& [repository_url, chart] : facts::read_helm_questions(store_)) hosts.insert(host_of(repository_url));
  return hosts;
}

bool HelmState::ask(const std::optional<std::set<std::string>>& trusted_hosts) {
  std::vector<live::ChartListQuestion> questions;
  std::vector<live::ChartListReading> readings;
  const LiveSources& live = request_.live;
  bool any = false;
  for (const auto& question : facts::read_helm_questions(store_)) {
    if (!asked_.insert(question).second) continue;
    any = true;
    const std::string host = host_of(question.first);
    if (live.helm == nullptr || (trusted_hosts && !trusted_hosts->contains(host) && !(live.is_named_host && live.is_named_host(host)))) {
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
  return any;
}

void HelmState::store(const live::ChartListReading& reading) {
  facts::HelmChartRow row;
  row.repository_url = reading.asked.repository_url;
  row.chart = reading.asked.chart;
  row.state = to_string(reading.state);
  row.because = reading.unknown ? reading.unknown->because : reading.evidence;
  row.failed = reading.unknown && reading.unknown->kind == live::UnknownKind::failed;
  row.answer = reading.unknown ? reading.unknown->code : "";
  row.asked_at = reading.from.asked_at;
  row.address = reading.from.address;
  row.versions = reading.versions;
  facts::add_reading(store_, row);
  places_.push_back({row.address, row.asked_at, row.state, row.because});
  const std::string name = host_of(row.repository_url);
  HostReport& host = hosts_.try_emplace(name, HostReport{name}).first->second;
  ++host.questions;
  ++(reading.state == live::ReadingState::present ? host.present : reading.state == live::ReadingState::absent ? host.absent : host.unknown);
}

const rules::LivePlace* HelmState::place(std::int64_t id) const {
  return id < 1 || id > static_cast<std::int64_t>(places_.size()) ? nullptr : &places_[static_cast<std::size_t>(id - 1)];
}

}  // namespace trueup::engine
