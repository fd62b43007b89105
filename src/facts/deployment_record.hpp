#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/document.hpp"

namespace trueup::facts {

/// A deployment of a Terraform root, as a worker of Atlantis or a job writes it down. Text that is not there is empty.
struct DeploymentRecord {
  formats::NodeIndex at = formats::kNoNode;  ///< its revision
  std::string deployment_id;
  std::string slug;          ///< owner/name
  std::string root;
  std::string revision;
  std::string branch;        ///< without refs/heads/
  std::string trigger_kind;  ///< in lower case: merge, manual
  bool rerun = false;
  std::optional<bool> locked;  ///< whether the root's queue is locked
  std::string status;          ///< in lower case
  std::string deployed_at;     ///< RFC 3339, UTC
};

/// The records of a JSON document, in its order: an object with a revision, wherever it stands in lists and objects of such.
/// Names of keys are compared without case, `_` and `-`, since stores write `DeployedAt` and scripts `deployed_at`. Whose record it is says
/// its id, `OWNER/REPO||ROOT`, the key that it stands under, or its `repo` and `root`, each a name or an object that has one. At most
/// 100,000; what has no revision is none.
std::vector<DeploymentRecord> read_deployment_records(const formats::Document& document);

}  // namespace trueup::facts
