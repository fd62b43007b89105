#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "live/credentials.hpp"

namespace trueup::live {

/// What a config.json of docker, podman or Helm says of one host.
struct DockerConfigEntry {
  std::string helper;                    ///< the one to ask first; from credHelpers, else credsStore
  std::optional<Credential> credential;  ///< from `auths`; without `source`
  std::string problem;                   ///< an entry is there and cannot be used
};

/// `text` is the file. Keys are hosts, or URLs of hosts as docker writes them (https://index.docker.io/v1/); keys that
/// name a path below a host are left alone. Errors: Fault::malformed.
/// Source: docker CLI, cli/config/configfile and cli/config/credentials, version 24.
Result<DockerConfigEntry> read_docker_config(std::string_view text, const HostPort& host);

/// The key under which docker's helpers know a host: the host, and for docker.io "https://index.docker.io/v1/".
std::string docker_server_key(const HostPort& host);

/// A helper's answer, {"ServerURL", "Username", "Secret"}; the user name "<token>" marks an identity token.
/// Errors: Fault::malformed; the message does not quote the answer.
Result<Credential> read_helper_answer(std::string_view text);

/// docker.io, index.docker.io and registry-1.docker.io are one registry; the others are themselves.
HostPort canonical_registry(const HostPort& host);

}  // namespace trueup::live
