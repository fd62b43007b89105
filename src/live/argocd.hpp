#pragma once

#include <memory>
#include <string>
#include <vector>

#include "live/control_plane.hpp"
#include "live/credentials.hpp"
#include "live/http.hpp"

namespace trueup::live {

/// An argocd-server, as the operator names it.
struct ArgocdServer {
  std::string name;                   ///< of the control plane
  std::string url;                    ///< "https://argocd.example", a path below it (--rootpath) allowed
  std::vector<std::string> projects;  ///< only applications of these; empty: all that the token may see
};

/// Reads ArgoCD's REST API (argocd-server 3.2 as recorded) with the token that belongs to its host.
///
/// What the server does, and what follows: Lists leave out what the token may not see, and come from a cache while the
/// Kubernetes API is down, so they prove presence and never absence. One application without `project` is 403 whether it
/// is missing or forbidden. With its project a token that may read the project is told 404 if it is not there, and 403
/// otherwise, as is everybody while the Kubernetes API is down; so 404 with code 5 reads as absent from that project,
/// and 403 as unknown. A 404 in plain text is a path that the server does not know.
std::unique_ptr<ControlPlane> make_argocd_api(ArgocdServer server, HttpClient& http, CredentialSource& credentials);

}  // namespace trueup::live
