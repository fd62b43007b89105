#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/answers.hpp"
#include "engine/control_plane_state.hpp"
#include "engine/deployment_state.hpp"
#include "engine/forge_state.hpp"
#include "engine/helm_state.hpp"
#include "engine/index_state.hpp"
#include "engine/package_state.hpp"
#include "engine/report.hpp"
#include "engine/request.hpp"
#include "engine/stream_state.hpp"
#include "facts/readings.hpp"

namespace trueup::engine {

/// Asks what the facts want to know, each question once, and stores the readings.
class LiveState {
 public:
  LiveState(facts::Store& store, const Request& request)
      : control_planes(store, request), deployments(store, request), forges(store, request), helm(store, request), indexes(store, request), packages(store, request), streams(store, request), store_(store), request_(request) {}

  using TablesRead = std::set<std::string, std::less<>>;

  /// Asks the questions of the world in the temp tables that were not asked before. False if nobody was asked anything new.
  /// `tables`: what rules read; nothing else is asked.
  /// `trusted_hosts`: only hosts of this set, or named by the operator, are asked; the others read as unknown.
  bool ask(const TrustedHosts& trusted_hosts, const TablesRead& tables);

  /// Whether one of these tables is filled by registries.
  static bool reads_registries(const TablesRead& tables);

  ControlPlaneState control_planes;
  DeploymentState deployments;
  ForgeState forges;
  HelmState helm;
  IndexState indexes;
  PackageState packages;
  StreamState streams;

  /// Hosts of the questions of the world in the temp tables, asking nothing.
  std::set<std::string> hosts_wanted(const TablesRead& tables);

  /// The reading behind a negative place; nothing for a number that is none.
  std::optional<rules::LivePlace> place(std::int64_t evidence) const;
  /// By host, sorted.
  std::vector<HostReport> hosts() const;

 private:
  bool ask_registries(const TrustedHosts& trusted_hosts);
  void store(const live::ArtifactReading& reading, const std::string& repository, const std::string& reference);
  void store(const live::TagListReading& reading, const std::string& repository);

  facts::Store& store_;
  const Request& request_;
  facts::Questions asked_;
  std::vector<rules::LivePlace> artifacts_, tag_lists_;
  HostCounts hosts_;
};

}  // namespace trueup::engine
