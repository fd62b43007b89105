#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/config.hpp"
#include "live/credentials.hpp"
#include "live/deployment_source.hpp"
#include "live/hosts.hpp"
#include "live/http.hpp"

namespace trueup::cli {

/// Names the hosts of `deployments:` to `hosts`. Errors: Fault::malformed.
Result<void> plan_deployments(const Config& config, live::HostPolicy& hosts);

/// What `deployments:` names, in its order: reads the dumps (relative to `config_folder`), and makes the rest ready to be asked. `http`
/// null: offline, only dumps are read.
std::vector<std::unique_ptr<live::DeploymentSource>> open_deployments(const Config& config, const std::string& config_folder, live::HttpClient* http,
                                                                      live::CredentialSource* credentials, const std::string& now);

}  // namespace trueup::cli
