#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cli/config.hpp"
#include "engine/request.hpp"
#include "git/remote_url.hpp"
#include "live/credentials.hpp"
#include "live/forge_servers.hpp"
#include "live/hosts.hpp"
#include "live/http.hpp"
#include "live/record.hpp"

namespace trueup::cli {

/// The forges that config and environment name, before any client of theirs is there.
class Forges {
 public:
  struct Times {
    std::string now, closed_since;  ///< RFC 3339
  };
  /// Names the hosts of the config's to `hosts`. Errors: Fault::malformed.
  static Result<Forges> plan(const Config& config, const live::Surroundings& surroundings, const live::Replay* replay, live::HostPolicy& hosts);

  /// Where a repository is: `forge:` of the config, else what its address says; nothing for a host that is no known forge.
  std::optional<engine::ForgeAddress> address(const std::string& slug, const std::string& forge, const std::optional<git::RemoteAddress>& remote) const;
  /// Those of `used` that are asked: the config's, and others where the operator has a token. `http` null: offline, so that only
  /// dumps answer, which are relative to `config_folder`.
  std::vector<std::unique_ptr<live::Forge>> open(const std::set<std::string>& used, live::HttpClient* http, live::CredentialSource* credentials,
                                                 const Times& times, const std::string& config_folder) const;

  /// What a recording must keep: the addresses that came from the environment, by "forge HOST".
  const std::map<std::string, std::string>& servers() const { return servers_; }
  /// Hosts of which tokens may be looked for in the places of forges.
  std::set<live::HostPort> hosts() const;

 private:
  struct Server {
    live::ForgeKind kind = live::ForgeKind::github;
    std::string api_url;
    bool configured = false, ask = true;
    std::string dump = {};  ///< as the config has it
    std::string token_host = {};  ///< whose token it gets, where that is not the forge's own
  };
  std::map<std::string, Server> known_;  ///< by host
  std::map<std::string, std::string> servers_;
};

}  // namespace trueup::cli
