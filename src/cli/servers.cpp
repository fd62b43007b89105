#include "cli/servers.hpp"

#include <filesystem>
#include <set>

#include "formats/timestamp.hpp"
#include "live/cached_client.hpp"

namespace trueup::cli {
namespace {

namespace fs = std::filesystem;

/// How far lists of closed pull requests and of a branch's runs go back.
constexpr std::int64_t kSecondsLookedBack = std::int64_t{180} * 24 * 60 * 60;

}  // namespace

std::string Servers::absolute(const std::string& path) const { return (fs::path(environment_.folder) / path).lexically_normal().string(); }

Result<void> Servers::open_replay() {
  if (arguments_.replay.empty()) return {};
  auto replay = live::Replay::open(absolute(arguments_.replay));
  if (!replay) return std::move(replay).error().within("--replay " + arguments_.replay);
  replay_ = std::move(*replay);
  return {};
}

std::string Servers::recorded_at() const {
  if (!replay_) return "";
  return replay_->run() ? replay_->run()->now : replay_->latest();
}

Result<std::vector<live::HostEntry>> Servers::name_hosts(const Config& config, const live::Surroundings& surroundings) {
  std::vector<live::HostEntry> entries;
  if (const auto file = environment_.variable("TRUEUP_HOSTS"); file && !file->empty()) {
    auto text = surroundings.read_file(*file);
    if (!text) return std::move(text).error().within("TRUEUP_HOSTS=" + *file);
    auto parsed = live::parse_hosts_file(*text);
    if (!parsed) return std::move(parsed).error().within(*file);
    entries = std::move(*parsed);
    for (const live::HostEntry& entry : entries)
      if (auto allowed = hosts_.configure(entry.host.to_string(), entry.settings); !allowed) return std::move(allowed).error().within(*file);
  }
  for (const std::string& host : arguments_.allowed_hosts)
    if (auto allowed = hosts_.allow(host); !allowed) return std::move(allowed).error().within("--allow-host " + host);
  for (const std::string& registry : config.registries)
    if (auto allowed = hosts_.allow(registry.substr(0, registry.find('/'))); !allowed)
      return std::move(allowed).error().within(config.file + ": registries");
  if (replay_ && replay_->run())
    for (const auto& [host, settings] : replay_->run()->hosts.named()) (void)hosts_.configure(host.to_string(), settings);
  return entries;
}

Result<void> Servers::open_client(const live::Surroundings& surroundings, std::int64_t now, std::map<std::string, std::string> servers) {
  if (replay_) {
    client_ = replay_.get();
    asks_as_ = &replay_->credentials();
  } else {
    http_ = live::make_curl_client(environment_.http, hosts_, surroundings);
    client_ = http_.get();
    if (!answers_folder_.empty()) {
      kept_answers_ = live::make_cached_client(*client_, answers_folder_);
      client_ = kept_answers_.get();
    }
    asks_as_ = operator_credentials_.get();
  }
  if (arguments_.record.empty()) return {};
  const live::RecordedRun run{formats::rfc3339_text(now), hosts_, std::move(servers)};
  auto recorder = live::Recorder::open(absolute(arguments_.record), run, *client_);
  if (!recorder) return std::move(recorder).error().within("--record " + arguments_.record);
  recorder_ = std::move(*recorder);
  client_ = recorder_.get();
  return {};
}

Result<void> Servers::open(const Config& config, const std::string& config_folder, std::int64_t now, engine::LiveSources& live) {
  const live::Surroundings surroundings = live::real_surroundings();
  config_folder_ = config_folder;
  auto entries = name_hosts(config, surroundings);
  if (!entries) return std::move(entries).error();
  auto planes = ControlPlanes::plan(config, arguments_, environment_, config_folder, surroundings, replay_.get(), hosts_);
  if (!planes) return std::move(planes).error();
  if (auto named = plan_streams(config, hosts_); !named) return std::move(named).error().within(config.file);
  if (auto named = plan_deployments(config, hosts_); !named) return std::move(named).error().within(config.file);
  auto forges = Forges::plan(config, surroundings, replay_.get(), hosts_);
  if (!forges) return std::move(forges).error().within(config.file);
  planned_forges_ = std::move(*forges);

  if (!replay_) operator_credentials_ = std::make_unique<live::OperatorCredentials>(surroundings, *entries, planned_forges_.hosts());
  if (!arguments_.offline) {
    std::map<std::string, std::string> servers = planes->servers();
    servers.insert(planned_forges_.servers().begin(), planned_forges_.servers().end());
    if (auto opened = open_client(surroundings, now, std::move(servers)); !opened) return opened;
    registry_ = std::make_unique<live::OciRegistry>(*client_, *asks_as_, hosts_);
    live.registry = registry_.get();
    packages_ = std::make_unique<live::PackageIndexes>(*client_, *asks_as_);
    live.packages = packages_.get();
  }
  std::map<std::string, live::HelmRepositories::IndexFile> indexes;
  for (const HelmIndexConfig& each : config.helm)
    indexes.emplace(each.url, live::HelmRepositories::IndexFile{(fs::path(config_folder) / each.index).lexically_normal().string(), each.index});
  if (client_ != nullptr || !indexes.empty()) {
    helm_ = std::make_unique<live::HelmRepositories>(client_ != nullptr ? *client_ : no_client_, client_ != nullptr ? *asks_as_ : no_credentials_, std::move(indexes),
                                                     formats::rfc3339_text(now));
    live.helm = helm_.get();
  }
  live.is_named_host = [this](const std::string& host) {
    const auto parsed = live::HostPort::parse(host);
    return parsed && hosts_.allows(*parsed);
  };
  control_planes_ = planes->open(client_, asks_as_, replay_.get(), formats::rfc3339_text(now));
  for (const auto& plane : control_planes_) live.control_planes.push_back(plane.get());
  for (const ControlPlaneConfig& plane : config.control_planes)
    for (const std::string& home : plane.homes) live.homes.emplace_back(plane.name, home);
  streams_ = open_streams(config, config_folder, client_, asks_as_, formats::rfc3339_text(now));
  for (const auto& stream : streams_) live.streams.push_back(stream.get());
  deployments_ = open_deployments(config, config_folder, client_, asks_as_, formats::rfc3339_text(now));
  for (const auto& store : deployments_) live.deployments.push_back(store.get());
  return {};
}

std::optional<engine::ForgeAddress> Servers::forge_of(const std::string& slug, const RepositoryConfig* configured,
                                                      const git::Source* source) const {
  const std::string forge = configured != nullptr ? configured->forge : "";
  std::optional<git::RemoteAddress> remote;
  if (configured != nullptr && configured->path.empty())
    remote = git::parse_remote_url(configured->url.empty() ? "https://github.com/" + configured->slug : configured->url);
  if (source != nullptr && !remote) {
    if (const auto remotes = source->remotes())
      for (const char* name : {"upstream", "origin"})
        for (const git::Remote& each : *remotes)
          if (!remote && each.name == name) remote = each.address;
  }
  return planned_forges_.address(slug, forge, remote);
}

void Servers::open_forges(const std::vector<engine::FleetRepository>& repositories, std::int64_t now, engine::LiveSources& live) {
  std::set<std::string> used;
  for (const engine::FleetRepository& repository : repositories)
    if (repository.forge) used.insert(repository.forge->host);
  live::CredentialSource* const credentials = replay_ ? &replay_->credentials() : operator_credentials_.get();
  forges_ = planned_forges_.open(used, client_, credentials, {formats::rfc3339_text(now), formats::rfc3339_text(now - kSecondsLookedBack)}, config_folder_);
  for (const auto& forge : forges_) live.forges.push_back(forge.get());
}

std::optional<Error> Servers::recording_problem() const { return recorder_ ? recorder_->problem() : std::nullopt; }

}  // namespace trueup::cli
