#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/config.hpp"
#include "cli/environment.hpp"
#include "live/control_plane.hpp"
#include "live/credentials.hpp"
#include "live/hosts.hpp"
#include "live/http.hpp"
#include "live/kubeconfig.hpp"
#include "live/record.hpp"

namespace trueup::cli {

/// The instances of ArgoCD that config and command line name, before any client of theirs is there.
class ControlPlanes {
 public:
  /// `config_folder`: what dumps of the config are relative to. Names their hosts to `hosts`, with what kubeconfig says of TLS.
  /// Errors: Fault::malformed, for what can never work; a server that cannot be asked is one that answers nothing.
  static Result<ControlPlanes> plan(const Config& config, const SourceArguments& arguments, const Environment& environment,
                                    const std::string& config_folder, const live::Surroundings& surroundings,
                                    const live::Replay* replay, live::HostPolicy& hosts);

  /// What a recording must keep: the addresses that came from the environment.
  const std::map<std::string, std::string>& servers() const { return servers_; }
  /// Makes all of them ready to be asked; a dump is read then, too. `http` null: offline, only dumps are read.
  std::vector<std::unique_ptr<live::ControlPlane>> open(live::HttpClient* http, live::CredentialSource* credentials,
                                                        const live::Replay* replay, const std::string& now) const;

 private:
  struct Planned {
    ControlPlaneConfig config;
    std::string url;  ///< of ArgoCD, or of the cluster
    std::string dump;  ///< absolute, or -; empty: a server
    std::optional<live::KubernetesAccess> access;
    std::optional<std::string> problem;
  };
  std::vector<Planned> planned_;
  std::map<std::string, std::string> servers_;
  std::function<std::string(std::size_t)> standard_input_;
};

}  // namespace trueup::cli
