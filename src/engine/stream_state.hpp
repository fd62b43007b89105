#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/answers.hpp"

namespace trueup::engine {

/// Asks Atlas what the workspaces of the config hold, each once, and stores the readings.
class StreamState {
 public:
  using TablesRead = std::set<std::string, std::less<>>;

  StreamState(facts::Store& store, const Request& request) : store_(store), request_(request) {}

  static bool reads(const TablesRead& tables);
  /// False if there was nothing new.
  bool ask();
  /// What would be asked, for people: "processors and connections of shop-production (cloud.mongodb.com)".
  std::vector<std::string> plan();

  /// What is known of a reading by its table (views.sql: 11 to 13) and row; null for a row that is none.
  const rules::LivePlace* place(std::int64_t table, std::int64_t id) const;
  const std::map<std::string, HostReport>& hosts() const { return hosts_.hosts(); }

 private:
  live::StreamSource* source_of(const std::string& name) const;
  void store(const std::string& name, const std::string& workspace, const live::StreamSource& source, live::StreamListReading reading);

  facts::Store& store_;
  const Request& request_;
  std::set<std::pair<std::string, std::string>> asked_;
  std::vector<rules::LivePlace> lists_, processors_, connections_;
  HostCounts hosts_;
};

}  // namespace trueup::engine
