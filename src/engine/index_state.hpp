#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "engine/answers.hpp"

namespace trueup::engine {

/// Asks indexes of packages what the facts want to know, each question once, and stores the readings.
class IndexState {
 public:
  using TablesRead = std::set<std::string, std::less<>>;

  IndexState(facts::Store& store, const Request& request) : store_(store), request_(request) {}

  static bool reads(const TablesRead& tables);
  /// False if nobody was asked anything new. `trusted_hosts` as in LiveState::ask.
  bool ask(const TrustedHosts& trusted_hosts);
  std::set<std::string> hosts_wanted();
  /// "npm package @acme/client of https://registry.npmjs.org", asking nothing.
  std::vector<std::string> plan();

  /// The reading of a row of package_list; null for a row that is none.
  const rules::LivePlace* place(std::int64_t id) const;
  const std::map<std::string, HostReport>& hosts() const { return hosts_.hosts(); }

 private:
  void store(const live::PackageReading& reading);

  facts::Store& store_;
  const Request& request_;
  std::set<std::tuple<std::string, std::string, std::string>> asked_;
  std::vector<rules::LivePlace> places_;
  HostCounts hosts_;
};

}  // namespace trueup::engine
