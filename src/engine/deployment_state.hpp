#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/answers.hpp"

namespace trueup::engine {

/// Asks the stores of the config which deployments they record, each once, and stores the readings.
class DeploymentState {
 public:
  using TablesRead = std::set<std::string, std::less<>>;

  DeploymentState(facts::Store& store, const Request& request) : store_(store), request_(request) {}

  static bool reads(const TablesRead& tables);
  /// False if there was nothing new.
  bool ask();
  /// What would be asked, for people: "deployments of prod (records.example)".
  std::vector<std::string> plan() const;

  /// What is known of a reading by its table (views.sql: 0) and number: lists have even ones, deployments odd ones.
  const rules::LivePlace* place(std::int64_t table, std::int64_t id) const;
  const std::map<std::string, HostReport>& hosts() const { return counts_.hosts(); }

 private:
  facts::Store& store_;
  const Request& request_;
  bool asked_ = false;
  std::vector<rules::LivePlace> lists_, deployments_;
  HostCounts counts_;
};

}  // namespace trueup::engine
