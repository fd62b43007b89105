#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/answers.hpp"
#include "engine/control_plane_lists.hpp"
#include "facts/live_applications.hpp"
#include "live/control_plane.hpp"

namespace trueup::engine {

/// Asks instances of ArgoCD what they hold, each list once, and stores the readings.
class ControlPlaneState {
 public:
  using TablesRead = std::set<std::string, std::less<>>;

  ControlPlaneState(facts::Store& store, const Request& request) : store_(store), request_(request) {}

  static bool reads(const TablesRead& tables);
  /// Asks in a thread for the lists that fill `tables`, which ask() will want too; `possible`: all that it may be asked for then.
  void begin(const TablesRead& tables, const TablesRead& possible);
  /// False if there was nothing new.
  bool ask(const TablesRead& tables);
  /// What would be asked, for people: "applications of prod (argocd.example)".
  std::vector<std::string> plan(const TablesRead& tables) const;

  /// What is known of a reading by its table (views.sql: 3 to 5) and number.
  const rules::LivePlace* place(std::int64_t table, std::int64_t id) const;
  const std::map<std::string, HostReport>& hosts() const { return counts_.hosts(); }

 private:
  /// Everything of the kinds that rules read, of each instance.
  bool list(const TablesRead& tables);
  void take(const live::ControlPlane& plane, ListAnswer answer);
  std::int64_t store_list(const live::ControlPlane& plane, const live::ResourceListReading& reading);
  /// What is declared and no list showed.
  bool find_applications();
  void store(std::span<const facts::LiveApplicationRow> rows);
  void count(const live::ControlPlane& plane, live::ReadingState state);

  facts::Store& store_;
  const Request& request_;
  EarlyLists early_;
  std::set<live::ResourceKind> listed_;
  facts::LiveApplicationParts parts_;  ///< of Applications that are read
  std::set<facts::WantedApplication> asked_applications_;
  std::vector<rules::LivePlace> applications_, lists_, lookups_;
  HostCounts counts_;
};

}  // namespace trueup::engine
