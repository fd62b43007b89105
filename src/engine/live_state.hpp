#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/report.hpp"
#include "engine/request.hpp"
#include "facts/readings.hpp"

namespace trueup::engine {

/// Asks what the facts want to know, each question once, and stores the readings.
class LiveState {
 public:
  LiveState(facts::Store& store, const Request& request) : store_(store), request_(request) {}

  /// Asks the questions of the world in the temp tables that were not asked before. False if there was nothing new.
  /// `trusted_hosts`: only hosts of this set, or named by the operator, are asked; the others read as unknown.
  bool ask(const std::optional<std::set<std::string>>& trusted_hosts);

  /// Hosts of the questions of the world in the temp tables, asking nothing.
  std::set<std::string> hosts_wanted();

  /// The reading behind a negative place; nothing for a number that is none.
  std::optional<rules::LivePlace> place(std::int64_t evidence) const;
  /// By host, sorted.
  std::vector<HostReport> hosts() const;

 private:
  void store(const live::ArtifactReading& reading, const std::string& repository, const std::string& reference);
  void store(const live::TagListReading& reading, const std::string& repository);

  facts::Store& store_;
  const Request& request_;
  facts::Questions asked_;
  std::vector<rules::LivePlace> artifacts_, tag_lists_;
  std::map<std::string, HostReport> hosts_;
};

}  // namespace trueup::engine
