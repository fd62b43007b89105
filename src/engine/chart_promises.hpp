#pragma once

#include <string>
#include <utility>
#include <vector>

#include "formats/document.hpp"

namespace trueup::engine {

/// Which branch of the charts' owners a branch of a deploying repository takes.
struct EnvironmentPromise {
  std::string slug, branch;  ///< of the repository that deploys
  std::string takes;         ///< the branch as versions say it
  friend bool operator==(const EnvironmentPromise&, const EnvironmentPromise&) = default;
};

/// What a fleet promises about charts: `promises: chart:` of trueup.yaml.
struct ChartPromises {
  std::vector<std::vector<std::string>> lockstep;           ///< groups of charts that move together
  std::vector<std::pair<std::string, std::string>> owners;  ///< chart, and the slug of the repository that publishes it
  std::string versions;                                     ///< formats::VersionForm; empty: not promised
  std::vector<EnvironmentPromise> environments;

  bool empty() const { return lockstep.empty() && owners.empty() && versions.empty() && environments.empty(); }
  /// Whether versions name commits of this repository, so that its history is looked at.
  bool names_commits_of(const std::string& slug) const;
};

/// Takes them out of the mapping; what has another form than the config's schema is left out.
ChartPromises read_chart_promises(const formats::Document& document, formats::NodeIndex promises);

}  // namespace trueup::engine
