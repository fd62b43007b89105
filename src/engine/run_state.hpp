#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/git_state.hpp"
#include "engine/live_state.hpp"
#include "engine/loader.hpp"
#include "engine/place_book.hpp"
#include "engine/request.hpp"
#include "engine/rule_desks.hpp"
#include "engine/run.hpp"
#include "engine/verdict_book.hpp"
#include "engine/worlds.hpp"
#include "facts/view_catalog.hpp"
#include "facts/world.hpp"
#include "rules/evaluate.hpp"

namespace trueup::engine {

/// What the stages of one run share: the facts, what was compiled, and the repositories as far as they were read.
struct RunState {
  explicit RunState(Request the_request);

  Request request;
  facts::Store store;
  rules::Evaluator evaluator;
  LiveState live;
  facts::JudgedFiles judged{store};
  facts::ViewCatalog catalog;
  facts::TableSet extracted;                       ///< what some chosen rule reads
  std::set<std::string, std::less<>> tables_read;  ///< by what was compiled
  std::set<const rules::Rule*> provided;           ///< those with a subject: what they name has been created
  facts::ViewCatalog::Needs provided_needs;        ///< that is what
  std::optional<Loader> loader;
  std::optional<PlaceBook> places;
  std::vector<LoadedRepository> repositories;
  GitState git{store, request, repositories};
  std::map<facts::FileSetId, std::size_t> rank;  ///< of asked file sets: how gladly one is shown
  std::optional<VerdictBook> verdicts;  ///< of the head, once it is judged
  std::vector<std::string> notes;
  std::map<std::string, std::uint64_t> rule_steps;
  std::map<const rules::Rule*, std::string> stopped;  ///< built-in rules that met a limit, which one: nothing is said of what they judge
  RuleDesks desks{store, catalog, request.now, request.max_rule_steps};
  std::map<const rules::Rule*, const rules::RuleShape*> shapes;  ///< of rules that were compiled there
  bool has_base = false;
  bool refs_listed = false;
  bool trains_wanted = false;  ///< some chosen rule reads them
  bool rings_wanted = false;   ///< the same of rings
  bool changes_wanted = false; ///< the same of what commits of a change say

  using Faults = std::vector<RuleError>;

  void progress(std::string_view doing) const;
  /// YYYY-MM-DD, in UTC.
  std::string today() const;
  /// How gladly each asked file set is shown; the others come last.
  std::function<std::size_t(facts::FileSetId)> by_rank() const;
  /// What a rule's SQL names is added to `needs`.
  void collect(const ChosenRule& chosen, facts::ViewCatalog::Needs& needs) const;
  /// Creates what is named there and has not been created.
  void create(facts::ViewCatalog::Needs needs);
  /// Creates what all rules with a subject name, at once: SQLite compiles every statement again after a change of the schema.
  void create_for_rules_with_facts();
  /// The same for one rule, unless that is done.
  void provide(const ChosenRule& rule);
  bool has_facts(const ChosenRule& rule);
  bool reads_live_tables() const;
  bool reads_git_tables() const;
  bool reads_commits() const;
  bool reads_charts_of_commits() const;
  /// Creates what rules with a subject name, and notes it for the desks.
  void create_provided(facts::ViewCatalog::Needs needs);
  /// What a rule that has been compiled needs and gives; null for others.
  const rules::RuleShape* shape(const rules::Rule& rule) const;
  /// Compiles the rule if it has not been and can have a subject.
  bool ready(const ChosenRule& rule, Faults& faults);
};

}  // namespace trueup::engine
