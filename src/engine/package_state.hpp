#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "engine/answers.hpp"

namespace trueup::engine {

/// Reads the packages of published charts that the facts want to know, each once, and stores what they hold.
class PackageState {
 public:
  using TablesRead = std::set<std::string, std::less<>>;

  PackageState(facts::Store& store, const Request& request) : store_(store), request_(request) {}

  static bool reads(const TablesRead& tables);
  /// False if nobody was asked anything new. `trusted_hosts`, `tables` as in LiveState::ask.
  bool ask(const TrustedHosts& trusted_hosts, const TablesRead& tables);

 private:
  facts::Store& store_;
  const Request& request_;
  std::set<std::pair<std::string, std::string>> asked_;
};

}  // namespace trueup::engine
