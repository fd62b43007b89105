#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/answers.hpp"

namespace trueup::engine {

/// Asks classic Helm repositories what the facts want to know, each question once, and stores the readings.
class HelmState {
 public:
  using TablesRead = std::set<std::string, std::less<>>;

  HelmState(facts::Store& store, const Request& request) : store_(store), request_(request) {}

  static bool reads(const TablesRead& tables);
  /// False if nobody was asked anything new. `trusted_hosts` as in LiveState::ask.
  bool ask(const TrustedHosts& trusted_hosts);
  std::set<std::string> hosts_wanted();

  /// The reading of a row of helm_chart_list; null for a row that is none.
  const rules::LivePlace* place(std::int64_t id) const;
  const std::map<std::string, HostReport>& hosts() const { return hosts_.hosts(); }

 private:
  void store(const live::ChartListReading& reading);

  facts::Store& store_;
  const Request& request_;
  std::set<std::pair<std::string, std::string>> asked_;
  std::vector<rules::LivePlace> places_;
  HostCounts hosts_;
};

}  // namespace trueup::engine
