#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "live/http.hpp"

namespace trueup::engine {

/// A registry that exists in a case only: what its repositories hold is written there. Speaks as much of the OCI
/// distribution API, and of ArgoCD's, as the loaders ask, so that cases pass through the real ones.
class CaseRegistry final : public live::HttpClient {
 public:
  /// Repository (host/path) -> tags. A chart with the repository's last part as its name stands under each.
  std::map<std::string, std::set<std::string>> repositories;
  /// What a case says of a chart beyond its repository and tag.
  struct Chart {
    std::string name, version;  ///< of another chart that was pushed there by mistake; empty: as repository and tag say
    std::string dependencies;   ///< a JSON list of objects
    std::vector<std::pair<std::string, std::string>> files;  ///< of its package; empty: there is none
    std::vector<std::string> platforms = {};  ///< of an image index: os/architecture[/variant]; empty: it is one manifest
  };
  std::map<std::pair<std::string, std::string>, Chart> charts;  ///< by repository and tag
  /// URL of a classic Helm repository -> chart -> versions, or "" -> why it does not answer.
  std::map<std::string, std::map<std::string, std::vector<std::string>>> helm;
  /// A package of a public index that exists in a case only.
  struct Package {
    struct Version {
      std::string version, commit, released_at;
      bool withdrawn = false;
    };
    std::vector<Version> versions;
    std::string latest;
    std::string unreachable;  ///< why it does not answer; empty: it does
  };
  /// "npm:@acme/client" -> what registry.npmjs.org, pypi.org or proxy.golang.org says of it; 404 of others.
  std::map<std::string, Package> packages;
  /// Repository -> why it does not answer.
  std::map<std::string, std::string> unreachable;

  /// An instance of ArgoCD that exists in a case only, by its name. It is asked at control_plane_url().
  struct ControlPlane {
    std::string applications;         ///< JSON objects, separated by commas
    /// The same of "applicationsets", "projects" and "repositories". One that is not written is refused.
    std::map<std::string, std::string> others = {};
    std::set<std::string> forbidden;  ///< applications that the token may not see: 403, like those that are not there for others
    std::string unreachable;          ///< why it does not answer; empty: it does
    std::vector<std::string> homes;   ///< where its Applications are declared
  };
  std::map<std::string, ControlPlane> control_planes;
  static std::string control_plane_url(const std::string& name) { return "https://" + name + ".argocd.example"; }

  live::HttpAnswer send(const live::HttpRequest& request) override;
};

}  // namespace trueup::engine
