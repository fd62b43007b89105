#include "engine/live_state.hpp"

namespace trueup::engine {
namespace {

std::string host_of(const std::string& repository) { return repository.substr(0, repository.find('/')); }

constexpr std::string_view kNotTrusted =
    "only this change names that host, so it was not asked; name it with --allow-host if it is to be trusted";
constexpr std::string_view kNobodyAsked = "offline: no server was asked";

}  // namespace

std::set<std::string> LiveState::hosts_wanted() {
  std::set<std::string> hosts;
  const facts::Questions questions = facts::read_questions(store_);
  for (const auto& [repository, reference] : questions.oci_artifacts) hosts.insert(host_of(repository));
  for (const std::string& repository : questions.oci_repositories) hosts.insert(host_of(repository));
  return hosts;
}

bool LiveState::ask(const std::optional<std::set<std::string>>& trusted_hosts) {
  const facts::Questions questions = facts::read_questions(store_);
  std::vector<live::ArtifactQuestion> artifacts;
  std::vector<live::TagListQuestion> tag_lists;
  std::vector<std::pair<std::string, std::string>> artifact_names;
  bool any = false;
  const auto may_ask = [&](const std::string& repository) {
    return request_.live.registry != nullptr &&
           (!trusted_hosts || trusted_hosts->contains(host_of(repository)) ||
            (request_.live.is_named_host && request_.live.is_named_host(host_of(repository))));
  };
  const auto refused = [&] {
    const bool offline = request_.live.registry == nullptr;
    return live::Unknown{live::UnknownKind::not_asked, offline ? "offline" : "not_trusted",
                         std::string(offline ? kNobodyAsked : kNotTrusted)};
  };
  store_.begin();
  for (const auto& question : questions.oci_artifacts) {
    if (!asked_.oci_artifacts.insert(question).second) continue;
    any = true;
    if (may_ask(question.first)) {
      artifacts.push_back({question.first, question.second, true});
      artifact_names.push_back(question);
    } else {
      live::ArtifactReading reading;
      reading.unknown = refused();
      store(reading, question.first, question.second);
    }
  }
  for (const std::string& repository : questions.oci_repositories) {
    if (!asked_.oci_repositories.insert(repository).second) continue;
    any = true;
    if (may_ask(repository)) {
      tag_lists.push_back({repository});
    } else {
      live::TagListReading reading;
      reading.unknown = refused();
      store(reading, repository);
    }
  }
  if (!artifacts.empty() || !tag_lists.empty()) {
    if (request_.progress) request_.progress("asking registries");
    const live::RegistryReadings readings = request_.live.registry->read(artifacts, tag_lists);
    for (std::size_t i = 0; i < artifacts.size(); ++i)
      store(readings.artifacts[i], artifact_names[i].first, artifact_names[i].second);
    for (std::size_t i = 0; i < tag_lists.size(); ++i) store(readings.tag_lists[i], tag_lists[i].repository);
  }
  store_.commit();
  return any;
}

void LiveState::store(const live::ArtifactReading& reading, const std::string& repository, const std::string& reference) {
  facts::OciArtifactRow row;
  row.oci_repository = repository;
  row.reference = reference;
  row.state = to_string(reading.state);
  row.because = reading.unknown ? reading.unknown->because : reading.evidence;
  row.failed = reading.unknown && reading.unknown->kind == live::UnknownKind::failed;
  row.answer = reading.unknown ? reading.unknown->code : "";
  row.digest = reading.digest;
  row.media_type = reading.media_type;
  if (reading.chart) {
    row.chart_name = reading.chart->name;
    row.chart_version = reading.chart->version;
    row.chart_app_version = reading.chart->app_version;
  }
  row.asked_at = reading.from.asked_at;
  row.address = reading.from.address;
  facts::add_reading(store_, row);
  artifacts_.push_back({row.address, row.asked_at, row.state, row.because});

  HostReport& host = hosts_.try_emplace(host_of(repository), HostReport{host_of(repository)}).first->second;
  ++host.questions;
  ++(row.state == "present" ? host.present : row.state == "absent" ? host.absent : host.unknown);
}

void LiveState::store(const live::TagListReading& reading, const std::string& repository) {
  facts::OciRepositoryRow row;
  row.oci_repository = repository;
  row.state = to_string(reading.state);
  row.because = reading.unknown ? reading.unknown->because : reading.evidence;
  row.failed = reading.unknown && reading.unknown->kind == live::UnknownKind::failed;
  row.answer = reading.unknown ? reading.unknown->code : "";
  row.complete = reading.complete;
  row.asked_at = reading.from.asked_at;
  row.address = reading.from.address;
  row.tags = reading.tags;
  facts::add_reading(store_, row);
  tag_lists_.push_back({row.address, row.asked_at, row.state, row.because});

  HostReport& host = hosts_.try_emplace(host_of(repository), HostReport{host_of(repository)}).first->second;
  ++host.questions;
  ++(row.state == "present" ? host.present : row.state == "absent" ? host.absent : host.unknown);
}

std::optional<rules::LivePlace> LiveState::place(std::int64_t evidence) const {
  // views.sql: evidence is -(id * 8 + table).
  if (evidence >= 0) return std::nullopt;
  const std::int64_t id = -evidence / 8, table = -evidence % 8;
  const auto& readings = table == 1 ? artifacts_ : tag_lists_;
  if (id < 1 || id > static_cast<std::int64_t>(readings.size())) return std::nullopt;
  return readings[static_cast<std::size_t>(id - 1)];
}

std::vector<HostReport> LiveState::hosts() const {
  std::vector<HostReport> hosts;
  for (const auto& [name, host] : hosts_) hosts.push_back(host);
  return hosts;
}

}  // namespace trueup::engine
