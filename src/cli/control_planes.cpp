#include "cli/control_planes.hpp"

#include <algorithm>
#include <filesystem>

#include "base/limits.hpp"
#include "cli/dump_files.hpp"
#include "live/argocd.hpp"
#include "live/dump.hpp"
#include "live/kubernetes.hpp"
#include "live/url.hpp"

namespace trueup::cli {
namespace {

namespace fs = std::filesystem;

void read_dump(const std::string& path, live::Dump& dump) {
  DumpFiles files = read_dump_files(path, dump.label, {".json", ".yaml", ".yml"});
  dump.texts = std::move(files.texts);
  dump.problem = std::move(files.problem);
}

void read_standard_input(const std::function<std::string(std::size_t)>& input, live::Dump& dump) {
  std::string text = input(limits::kMaxResourceListBytes + 1);
  if (text.size() > limits::kMaxResourceListBytes) dump.problem = "standard input holds more than 256 MiB";
  dump.texts.emplace_back("", std::move(text));
}

}  // namespace

Result<ControlPlanes> ControlPlanes::plan(const Config& config, const SourceArguments& arguments, const Environment& environment,
                                          const std::string& config_folder, const live::Surroundings& surroundings,
                                          const live::Replay* replay, live::HostPolicy& hosts) {
  ControlPlanes planes;
  planes.standard_input_ = environment.standard_input;
  const std::map<std::string, std::string> recorded = replay && replay->run() ? replay->run()->servers : std::map<std::string, std::string>();
  std::map<std::string, std::string> dumps;  // of the command line
  for (const std::string& given : arguments.dumps) {
    const std::size_t equals = given.find('=');
    const bool named = equals != std::string::npos && equals > 0 && given.find('/') >= equals;
    const std::string name = named ? given.substr(0, equals) : "dump", path = named ? given.substr(equals + 1) : given;
    if (!dumps.emplace(name, path).second) return Error{Fault::malformed, "--dump " + given + ": two dumps are called " + name};
  }
  for (const ControlPlaneConfig& wanted : config.control_planes) {
    Planned& plan = planes.planned_.emplace_back();
    plan.config = wanted;
    if (const auto dump = dumps.find(wanted.name); dump != dumps.end()) {
      plan.dump = dump->second == "-" ? "-" : (fs::path(environment.folder) / dump->second).lexically_normal().string();
      plan.config.dump = dump->second;
      dumps.erase(dump);
      continue;
    }
    if (!wanted.dump.empty()) {
      plan.dump = (fs::path(config_folder) / wanted.dump).lexically_normal().string();
      continue;
    }
    const auto known = recorded.find(wanted.name);
    if (wanted.kubernetes) {
      if (known != recorded.end()) {
        live::KubernetesAccess access;
        access.server = known->second;
        if (const auto url = live::Url::parse(access.server)) access.host = url->host;
        plan.access = std::move(access);
      } else if (replay != nullptr) {
        plan.problem = "the recording has no server for " + wanted.name;
      } else {
        auto access = wanted.in_cluster ? live::read_service_account(surroundings) : live::read_kubeconfig(wanted.context, surroundings);
        if (access) {
          live::HostSettings settings = access->tls;
          if (const live::HostSettings* said = hosts.settings(access->host)) {
            settings.token_hosts = said->token_hosts;
            settings.ca_file = said->ca_file;
          }
          if (auto allowed = hosts.configure(access->host.to_string(), settings); !allowed) return std::move(allowed).error().within("kubernetes." + wanted.name);
          if (auto allowed = hosts.allow(access->host.to_string()); !allowed) return std::move(allowed).error().within("kubernetes." + wanted.name);
          plan.access = std::move(*access);
        } else {
          plan.problem = access.error().message;
        }
      }
      if (plan.access) {
        plan.url = plan.access->server;
        planes.servers_[wanted.name] = plan.url;
      }
      continue;
    }
    plan.url = wanted.url;
    if (plan.url.empty() && known != recorded.end()) plan.url = known->second;
    if (plan.url.empty()) {
      const std::string server = surroundings.environment("ARGOCD_SERVER").value_or("");
      if (!server.empty() && replay == nullptr) plan.url = server.find("://") == std::string::npos ? "https://" + server : server;
      if (!plan.url.empty()) planes.servers_[wanted.name] = plan.url;
    } else if (known != recorded.end()) {
      planes.servers_[wanted.name] = plan.url;
    }
    if (plan.url.empty()) {
      plan.problem = "nobody says where it is: `url:` in the config, or ARGOCD_SERVER";
      continue;
    }
    const auto url = live::Url::parse(plan.url);
    if (!url) return Error{Fault::malformed, "argocd." + wanted.name + ": " + url.error().message};
    if (auto allowed = hosts.allow(url->host.to_string()); !allowed) return std::move(allowed).error().within("argocd." + wanted.name);
  }
  for (const auto& [name, path] : dumps) {
    Planned& plan = planes.planned_.emplace_back();
    plan.config.name = name;
    plan.config.dump = path;
    plan.dump = path == "-" ? "-" : (fs::path(environment.folder) / path).lexically_normal().string();
  }
  if (std::count_if(planes.planned_.begin(), planes.planned_.end(), [](const Planned& plan) { return plan.dump == "-"; }) > 1)
    return Error{Fault::malformed, "--dump: standard input is one dump, not two"};
  return planes;
}

std::vector<std::unique_ptr<live::ControlPlane>> ControlPlanes::open(live::HttpClient* http, live::CredentialSource* credentials,
                                                                     const live::Replay* replay, const std::string& now) const {
  std::vector<std::unique_ptr<live::ControlPlane>> planes;
  for (const Planned& plan : planned_) {
    const std::string& name = plan.config.name;
    if (!plan.dump.empty()) {
      live::Dump dump;
      dump.name = name;
      dump.label = plan.dump == "-" ? "standard input" : plan.config.dump;
      dump.complete = plan.config.complete;
      dump.context = plan.config.context;
      dump.read_at = now;
      if (plan.dump != "-") dump.read = [path = plan.dump](live::Dump& to) { read_dump(path, to); };
      else if (standard_input_) dump.read = [input = standard_input_](live::Dump& to) { read_standard_input(input, to); };
      planes.push_back(live::make_dump(std::move(dump)));
    } else if (plan.problem) {
      planes.push_back(live::make_silent_control_plane(name, name, live::unknown("no_credentials", name + " cannot be asked: " + *plan.problem)));
    } else if (http == nullptr) {
      const auto url = live::Url::parse(plan.url);
      planes.push_back(live::make_silent_control_plane(name, url ? url->host.to_string() : name, live::unknown("offline", "offline: no server was asked")));
    } else if (plan.access) {
      live::KubernetesCluster cluster{name, *plan.access, plan.config.only_namespace, plan.config.context};
      if (replay != nullptr) cluster.access.token = credentials->find(cluster.access.host);
      planes.push_back(live::make_kubernetes_api(std::move(cluster), *http));
    } else {
      planes.push_back(live::make_argocd_api({name, plan.url, plan.config.projects}, *http, *credentials));
    }
  }
  return planes;
}

}  // namespace trueup::cli
