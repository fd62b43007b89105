#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "live/credentials.hpp"
#include "live/hosts.hpp"
#include "live/surroundings.hpp"

namespace trueup::live {

/// How the API of a cluster is reached, and with what.
struct KubernetesAccess {
  std::string server;  ///< "https://kubernetes.example:6443", without a slash at its end
  HostPort host;
  HostSettings tls;    ///< authorities and client certificate
  std::optional<Credential> token;
  std::string context;  ///< for people: the context's name, or "service account"
};

/// What kubeconfig says: the files of $KUBECONFIG (separated by `:`; of two that say the same, the first), else
/// ~/.kube/config. `context`: its name; empty: current-context. Tokens, token files and client certificates are used;
/// programs (`exec`, `auth-provider`) are never run, and certificates are always verified: both are errors here that say
/// the way out. Files that it names are relative to it.
/// Errors: Fault::not_found (no file, no such context), Fault::malformed, Fault::denied.
Result<KubernetesAccess> read_kubeconfig(const std::string& context, const Surroundings& surroundings);

/// The service account of the pod that this runs in: KUBERNETES_SERVICE_HOST and _PORT, and its mounted token and
/// authority. Errors: Fault::not_found elsewhere.
Result<KubernetesAccess> read_service_account(const Surroundings& surroundings);

}  // namespace trueup::live
