#include "cli/deployment_sources.hpp"

#include <filesystem>

#include "cli/dump_files.hpp"
#include "live/url.hpp"

namespace trueup::cli {

Result<void> plan_deployments(const Config& config, live::HostPolicy& hosts) {
  for (const DeploymentConfig& store : config.deployments) {
    if (store.url.empty()) continue;
    const auto url = live::Url::parse(store.url);
    if (!url) return Error{Fault::malformed, "deployments." + store.name + ": " + url.error().message};
    if (auto allowed = hosts.allow(url->host.to_string()); !allowed) return std::move(allowed).error().within("deployments." + store.name);
  }
  return {};
}

std::vector<std::unique_ptr<live::DeploymentSource>> open_deployments(const Config& config, const std::string& config_folder, live::HttpClient* http,
                                                                      live::CredentialSource* credentials, const std::string& now) {
  std::vector<std::unique_ptr<live::DeploymentSource>> sources;
  for (const DeploymentConfig& store : config.deployments) {
    if (!store.dump.empty()) {
      DumpFiles files = read_dump_files((std::filesystem::path(config_folder) / store.dump).lexically_normal().string(), store.dump, {".json"});
      sources.push_back(live::make_deployment_dump({store.name, store.dump, std::move(files.texts), std::move(files.problem), store.complete, now}));
    } else if (http == nullptr) {
      const auto url = live::Url::parse(store.url);
      sources.push_back(live::make_silent_deployment_source(store.name, url ? url->host.to_string() : store.name,
                                                            live::unknown("offline", "offline: no server was asked")));
    } else {
      sources.push_back(live::make_deployment_address(store.name, store.url, *http, *credentials));
    }
  }
  return sources;
}

}  // namespace trueup::cli
