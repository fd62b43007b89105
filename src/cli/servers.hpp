#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/config.hpp"
#include "cli/control_planes.hpp"
#include "cli/deployment_sources.hpp"
#include "cli/environment.hpp"
#include "cli/forges.hpp"
#include "cli/stream_sources.hpp"
#include "engine/request.hpp"
#include "git/source.hpp"
#include "live/record.hpp"

namespace trueup::cli {

/// The clients of all servers that a run asks: HTTP or a recording, credentials, and one object for each kind of server. Holds what
/// the `live` of a request points to.
class Servers {
 public:
  Servers(const SourceArguments& arguments, const Environment& environment) : arguments_(arguments), environment_(environment) {}

  /// Where answers are kept that servers may confirm later; without it none are.
  void keep_answers_in(std::string folder) { answers_folder_ = std::move(folder); }

  /// Opens the recording that is replayed, if one is. Errors: Fault::malformed and the like, with the option's name.
  Result<void> open_replay();
  /// When the recording was made, RFC 3339; empty without one.
  std::string recorded_at() const;

  /// Names the hosts that may be asked, and makes a client for each server that config and command line name. `config_folder`:
  /// what dumps of the config are relative to. `now`: seconds
  /// since 1970. Errors: what can never work; a server that does not answer is none.
  Result<void> open(const Config& config, const std::string& config_folder, std::int64_t now, engine::LiveSources& live);

  /// Where a repository is: `forge:` of the config, its own URL there, else its remotes. `configured` and `source` may be null.
  std::optional<engine::ForgeAddress> forge_of(const std::string& slug, const RepositoryConfig* configured, const git::Source* source) const;
  /// The forges of these repositories, which are known last.
  void open_forges(const std::vector<engine::FleetRepository>& repositories, std::int64_t now, engine::LiveSources& live);

  /// Where credentials are looked for; null in a replay.
  live::CredentialSource* credentials() const { return operator_credentials_.get(); }
  /// What went wrong while recording, if anything did.
  std::optional<Error> recording_problem() const;

 private:
  std::string absolute(const std::string& path) const;
  Result<std::vector<live::HostEntry>> name_hosts(const Config& config, const live::Surroundings& surroundings);
  /// Makes `client_` and `asks_as_`; `servers`: the addresses that a recording must keep.
  Result<void> open_client(const live::Surroundings& surroundings, std::int64_t now, std::map<std::string, std::string> servers);

  const SourceArguments& arguments_;
  const Environment& environment_;
  live::HostPolicy hosts_;
  std::unique_ptr<live::Replay> replay_;
  std::unique_ptr<live::CredentialSource> operator_credentials_;
  std::unique_ptr<live::HttpClient> http_;
  std::string answers_folder_, config_folder_;
  std::unique_ptr<live::HttpClient> kept_answers_;
  live::OfflineClient no_client_;
  live::NoCredentials no_credentials_;
  std::unique_ptr<live::Recorder> recorder_;
  live::HttpClient* client_ = nullptr;              ///< null: offline
  live::CredentialSource* asks_as_ = nullptr;
  Forges planned_forges_;
  std::unique_ptr<live::OciRegistry> registry_;
  std::unique_ptr<live::HelmRepositories> helm_;
  std::unique_ptr<live::PackageIndexes> packages_;
  std::vector<std::unique_ptr<live::ControlPlane>> control_planes_;
  std::vector<std::unique_ptr<live::Forge>> forges_;
  std::vector<std::unique_ptr<live::StreamSource>> streams_;
  std::vector<std::unique_ptr<live::DeploymentSource>> deployments_;
};

}  // namespace trueup::cli
