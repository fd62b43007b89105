#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/answers.hpp"
#include "facts/forge_rows.hpp"

namespace trueup::engine {

/// Asks GitHub and GitLab what the facts want to know, each question once, and stores the readings.
class ForgeState {
 public:
  using TablesRead = std::set<std::string, std::less<>>;

  ForgeState(facts::Store& store, const Request& request) : store_(store), items_(store), request_(request) {}

  /// Whether one of these tables is filled by forges.
  static bool reads(const TablesRead& tables);

  /// Asks the questions of the world in the temp tables that were not asked before, of what fills `tables` and no more. False
  /// if there was nothing new.
  bool ask(const TablesRead& tables);
  /// With a base: other repositories than those of this run, and those that the world in the temp tables names, are not asked for
  /// from now on. What a change alone names could be meant to learn with the operator's token what is there.
  void trust_only_wanted();
  /// What would be asked first, for people: "pull_request of acme/app (github.com)".
  std::vector<std::string> plan(const TablesRead& tables);

  /// What is known of a reading by its table (views.sql: 6 to 10) and row; nothing for a row that is none.
  const rules::LivePlace* place(std::int64_t table, std::int64_t id) const;
  const std::map<std::string, HostReport>& hosts() const { return hosts_.hosts(); }

 private:
  struct Wanted {
    std::map<std::string, std::vector<std::string>> repositories;  ///< host -> slugs
    std::map<std::string, std::vector<live::ForgeListQuestion>> lists;
    std::vector<std::pair<std::string, std::string>> not_trusted;
  };
  /// What is wanted and was not asked before.
  Wanted wanted(const TablesRead& tables);
  /// How the forge itself calls a repository.
  std::string path_of(const std::string& host, const std::string& slug) const;
  void store(const live::Forge& forge, const std::string& slug, const live::ForgeRepositoryReading& reading);
  void store(const live::Forge& forge, const std::string& slug, const live::ForgeListReading& reading);
  void count(const live::Forge& forge, live::ReadingState state);

  facts::Store& store_;
  facts::ForgeItemStore items_;
  const Request& request_;
  facts::ForgeQuestions asked_;
  std::optional<std::set<std::pair<std::string, std::string>>> trusted_;
  std::vector<rules::LivePlace> repositories_, lists_, pull_requests_, runs_, releases_;
  HostCounts hosts_;
};

}  // namespace trueup::engine
