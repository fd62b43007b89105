#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "live/control_plane.hpp"

namespace trueup::live {

/// What tools wrote down of a control plane: `kubectl get applications -A -o json` (or yaml), `argocd app list -o json`,
/// and the like for application sets, projects and repositories: `argocd repo list -o json`, or the Secrets that ArgoCD keeps them in, of
/// which address, type, name and project are taken and nothing else is kept.
struct Dump {
  std::string name;   ///< of the control plane
  std::string label;  ///< for people: "apps.json", "standard input"
  std::vector<std::pair<std::string, std::string>> texts;  ///< (file name, bytes), in order
  std::optional<std::string> problem;  ///< why it could not be read at all
  /// The operator's word that it holds every object of the kinds that it holds.
  bool complete = false;
  std::string read_at;  ///< RFC 3339, UTC
  std::string context = {};  ///< of kubeconfig, where the config says it; empty: the one at hand
  /// Fills texts and problem when something is first asked for, on the asking thread. Unset: they are there.
  std::function<void(Dump&)> read = {};
};

/// Objects of other kinds are passed over. An object that stands twice is one, where both are equal; the later one counts
/// where they differ, as in files that were written one after the other. A dump without any object of a kind says nothing
/// of that kind. A file that cannot be read makes all unknown: what is missing would look like absence.
std::unique_ptr<ControlPlane> make_dump(Dump dump);

}  // namespace trueup::live
