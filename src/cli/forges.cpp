#include "cli/forges.hpp"

#include <filesystem>

#include "base/text.hpp"
#include "cli/dump_files.hpp"
#include "live/forge_dump.hpp"
#include "live/url.hpp"

namespace trueup::cli {
namespace {

constexpr std::string_view kRecordedAs = "forge ";

/// "github.example" of "https://github.example/x", or of itself.
std::string host_of(std::string_view text) {
  if (const std::size_t scheme = text.find("://"); scheme != std::string_view::npos) text.remove_prefix(scheme + 3);
  return ascii_lower(text.substr(0, text.find('/')));
}

}  // namespace

std::string_view forge_kind_of(std::string_view host) {
  if (host.starts_with("github.") || host.ends_with(".ghe.com")) return "github";
  return host.starts_with("gitlab.") ? "gitlab" : "";
}

Result<Forges> Forges::plan(const Config& config, const live::Surroundings& surroundings, const live::Replay* replay, live::HostPolicy& hosts) {
  Forges forges;
  const auto know = [&](live::ForgeKind kind, const std::string& host) -> Server& {
    return forges.known_.try_emplace(host, Server{kind, live::default_api_url(kind, host), false, true}).first->second;
  };
  know(live::ForgeKind::github, "github.com");
  know(live::ForgeKind::gitlab, "gitlab.com");
  // The forge that this runs on; a replay takes what the recording was told.
  const auto runs_on = [&](live::ForgeKind kind, const std::string& host, const std::string& url) {
    if (host.empty() || url.empty()) return;
    know(kind, host).api_url = url;
    forges.servers_[std::string(kRecordedAs) + host] = url;
  };
  if (replay == nullptr) {
    const auto variable = [&](std::string_view name) { return surroundings.environment(name).value_or(""); };
    runs_on(live::ForgeKind::github, host_of(variable("GITHUB_SERVER_URL")), variable("GITHUB_API_URL"));
    runs_on(live::ForgeKind::gitlab, host_of(variable("CI_SERVER_URL")), variable("CI_API_V4_URL"));
    if (const std::string host = host_of(variable("GH_HOST")); !host.empty()) know(live::ForgeKind::github, host);
    if (const std::string host = host_of(variable("GITLAB_HOST")); !host.empty()) know(live::ForgeKind::gitlab, host);
  } else if (replay->run()) {
    for (const auto& [name, url] : replay->run()->servers)
      if (name.starts_with(kRecordedAs))
        runs_on(url.ends_with("/api/v4") ? live::ForgeKind::gitlab : live::ForgeKind::github, name.substr(kRecordedAs.size()), url);
  }
  for (const ForgeConfig& wanted : config.forges) {
    const std::string_view said = wanted.kind.empty() ? forge_kind_of(wanted.host) : std::string_view(wanted.kind);
    const auto kind = said == "gitlab" ? live::ForgeKind::gitlab : live::ForgeKind::github;
    Server& server = know(kind, ascii_lower(wanted.host));
    server.kind = kind;
    const std::string said_elsewhere = server.api_url;
    if (!wanted.url.empty()) server.api_url = wanted.url;
    server.configured = true;
    server.ask = wanted.ask;
    server.dump = wanted.dump;
    const auto url = live::Url::parse(server.api_url);
    if (!url) return Error{Fault::malformed, "forges." + wanted.host + ": " + url.error().message};
    // A config is no operator: where it says another server, the token of the forge stays at home.
    const auto own = live::Url::parse(said_elsewhere);
    const std::string asked = url->host.to_string();
    if (asked != ascii_lower(wanted.host) && asked != "api." + ascii_lower(wanted.host) && !(own && own->host.to_string() == asked)) server.token_host = asked;
    if (auto allowed = hosts.allow(url->host.to_string()); !allowed) return std::move(allowed).error().within("forges." + wanted.host);
  }
  return forges;
}

std::optional<engine::ForgeAddress> Forges::address(const std::string& slug, const std::string& forge, const std::optional<git::RemoteAddress>& remote) const {
  const std::string host = !forge.empty() ? ascii_lower(forge) : remote ? remote->host : "";
  if (!known_.contains(host)) return std::nullopt;
  return engine::ForgeAddress{host, forge.empty() ? remote->slug : slug};
}

std::vector<std::unique_ptr<live::Forge>> Forges::open(const std::set<std::string>& used, live::HttpClient* http, live::CredentialSource* credentials,
                                                       const Times& times, const std::string& config_folder) const {
  std::vector<std::unique_ptr<live::Forge>> opened;
  for (const std::string& host : used) {
    const auto known = known_.find(host);
    if (known == known_.end() || !known->second.ask) continue;
    const Server& server = known->second;
    if (!server.dump.empty()) {
      DumpFiles files = read_dump_files((std::filesystem::path(config_folder) / server.dump).lexically_normal().string(), server.dump, {".json"});
      opened.push_back(live::make_forge_dump({server.kind, host, server.api_url, times.closed_since}, {server.dump, std::move(files.texts), std::move(files.problem), times.now}));
      continue;
    }
    if (http == nullptr) {
      if (server.configured) opened.push_back(live::make_silent_forge(server.kind, host, live::unknown("offline", "offline: no server was asked")));
      continue;
    }
    const auto parsed = live::HostPort::parse(host);
    if (!server.configured && !(parsed && credentials->find(*parsed))) continue;
    opened.push_back(live::make_forge({server.kind, host, server.api_url, times.closed_since, server.token_host}, *http, *credentials));
  }
  return opened;
}

std::set<live::HostPort> Forges::hosts() const {
  std::set<live::HostPort> hosts;
  for (const auto& [host, server] : known_)
    for (const std::string& each : {host, server.token_host})
      if (auto parsed = live::HostPort::parse(each)) hosts.insert(std::move(*parsed));
  return hosts;
}

}  // namespace trueup::cli
