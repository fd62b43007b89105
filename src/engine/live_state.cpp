#include "engine/live_state.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/work_queue.hpp"

namespace trueup::engine {
namespace {

constexpr std::array<std::string_view, 9> kRegistryTables = {"oci_artifact",      "oci_tag_list",   "oci_tag",         "oci_chart_dependency", "oci_platform",
                                                             "oci_chart_package", "oci_chart_file", "oci_chart_value", "oci_chart_known_value"};

/// Of views.sql's evidence: helm_chart_list.
constexpr std::int64_t kHelmTable = 15;
/// The same: package_list.
constexpr std::int64_t kPackageTable = 14;

bool reads_any(const LiveState::TablesRead& tables, std::span<const std::string_view> names) {
  return std::ranges::any_of(names, [&](std::string_view name) { return tables.contains(name); });
}

}  // namespace

std::set<std::string> LiveState::hosts_wanted(const TablesRead& tables) {
  std::set<std::string> hosts;
  if (HelmState::reads(tables)) hosts = helm.hosts_wanted();
  if (IndexState::reads(tables)) hosts.merge(indexes.hosts_wanted());
  if (!reads_registries(tables)) return hosts;
  const facts::Questions questions = facts::read_questions(store_);
  for (const auto& [repository, reference] : questions.oci_artifacts) hosts.insert(host_of_repository(repository));
  for (const std::string& repository : questions.oci_repositories) hosts.insert(host_of_repository(repository));
  return hosts;
}

bool LiveState::ask(const TrustedHosts& trusted_hosts, const TablesRead& tables) {
  bool any = false;
  if (ControlPlaneState::reads(tables)) any = control_planes.ask(tables);
  if (HelmState::reads(tables)) any = helm.ask(trusted_hosts) || any;
  if (IndexState::reads(tables)) any = indexes.ask(trusted_hosts) || any;
  if (ForgeState::reads(tables)) any = forges.ask(tables) || any;
  if (DeploymentState::reads(tables)) any = deployments.ask() || any;
  if (StreamState::reads(tables)) any = streams.ask() || any;
  if (reads_registries(tables)) any = ask_registries(trusted_hosts) || any;
  if (PackageState::reads(tables)) any = packages.ask(trusted_hosts, tables) || any;
  return any;
}

bool LiveState::reads_registries(const TablesRead& tables) { return reads_any(tables, kRegistryTables); }

bool LiveState::ask_registries(const TrustedHosts& trusted_hosts) {
  const facts::Questions questions = facts::read_questions(store_);
  std::vector<live::ArtifactQuestion> artifacts;
  std::vector<live::TagListQuestion> tag_lists;
  std::vector<std::pair<std::string, std::string>> artifact_names;
  const auto may_ask = [&](const std::string& repository) {
    return request_.live.registry != nullptr && engine::may_ask(request_.live, trusted_hosts, host_of_repository(repository));
  };
  const auto refused = [&] { return not_asked(request_.live.registry == nullptr); };
  store_.begin();
  for (const auto& question : questions.oci_artifacts) {
    if (!asked_.oci_artifacts.insert(question).second) continue;
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
  return !artifacts.empty() || !tag_lists.empty();
}

void LiveState::store(const live::ArtifactReading& reading, const std::string& repository, const std::string& reference) {
  facts::OciArtifactRow row;
  row.oci_repository = repository;
  row.reference = reference;
  fill(row, reading);
  row.digest = reading.digest;
  row.media_type = reading.media_type;
  row.config_media_type = reading.config_media_type;
  row.platforms = reading.platforms;
  if (reading.chart) {
    row.chart_name = reading.chart->name;
    row.chart_version = reading.chart->version;
    row.chart_app_version = reading.chart->app_version;
    row.chart_dependencies = reading.chart->dependencies_json;
  }
  facts::add_reading(store_, row);
  artifacts_.push_back(place_of(row));
  hosts_.count(host_of_repository(repository), reading.state);
}

void LiveState::store(const live::TagListReading& reading, const std::string& repository) {
  facts::OciRepositoryRow row;
  row.oci_repository = repository;
  fill(row, reading);
  row.complete = reading.complete;
  row.tags = reading.tags;
  facts::add_reading(store_, row);
  tag_lists_.push_back(place_of(row));
  hosts_.count(host_of_repository(repository), reading.state);
}

std::optional<rules::LivePlace> LiveState::place(std::int64_t evidence) const {
  // views.sql: evidence is -(id * 16 + table).
  if (evidence >= 0) return std::nullopt;
  const std::int64_t id = -evidence / 16, table = -evidence % 16;
  const std::array<const std::vector<rules::LivePlace>*, 2> all = {&artifacts_, &tag_lists_};
  if (const rules::LivePlace* of_argocd = control_planes.place(table, id)) return *of_argocd;
  if (const rules::LivePlace* of_forge = forges.place(table, id)) return *of_forge;
  if (const rules::LivePlace* of_deployments = deployments.place(table, id)) return *of_deployments;
  if (const rules::LivePlace* of_streams = streams.place(table, id)) return *of_streams;
  if (const rules::LivePlace* of_helm = table == kHelmTable ? helm.place(id) : nullptr) return *of_helm;
  if (const rules::LivePlace* of_package = table == kPackageTable ? indexes.place(id) : nullptr) return *of_package;
  if (table < 1 || table > static_cast<std::int64_t>(all.size())) return std::nullopt;
  const rules::LivePlace* const found = place_at(*all[static_cast<std::size_t>(table - 1)], id);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

std::vector<HostReport> LiveState::hosts() const {
  std::vector<HostReport> hosts;
  for (const auto& [name, host] : hosts_.hosts()) hosts.push_back(host);
  for (const auto& [name, host] : control_planes.hosts()) hosts.push_back(host);
  for (const auto& [name, host] : forges.hosts()) hosts.push_back(host);
  for (const auto& [name, host] : helm.hosts()) hosts.push_back(host);
  for (const auto& [name, host] : deployments.hosts()) hosts.push_back(host);
  for (const auto& [name, host] : streams.hosts()) hosts.push_back(host);
  for (const auto& [name, host] : indexes.hosts()) hosts.push_back(host);
  std::ranges::sort(hosts, {}, &HostReport::host);
  return hosts;
}

}  // namespace trueup::engine
