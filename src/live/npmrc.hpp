#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "live/credentials.hpp"

namespace trueup::live {

/// What npm's own config says of a host.
struct NpmrcAnswer {
  std::optional<Credential> credential;  ///< without its source
  std::string problem;                   ///< why an entry of this host is not used; empty: there is none, or it is
};

/// The credential of a host in a .npmrc: `//host/:_authToken=…`, `//host/:_auth=…` (base64 of user:password), or
/// `//host/:username=…` with `//host/:_password=…` (base64). An entry for a path below the host counts where all of them say the
/// same: a credential is found by its host here. `${NAME}` stands for a variable of the environment. Source: npm's documentation of
/// npmrc, "Auth related configuration".
NpmrcAnswer find_in_npmrc(std::string_view text, const HostPort& host,
                          const std::function<std::optional<std::string>(std::string_view name)>& environment);

}  // namespace trueup::live
