#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "audit/observation.hpp"
#include "engine/fix_report.hpp"
#include "engine/report.hpp"
#include "engine/request.hpp"

namespace trueup::engine {

/// A rule whose SQL does not work: the run cannot go on.
struct RuleError {
  std::string file;         ///< of the rule, or of its pack's views
  const rules::Rule* rule = nullptr;  ///< null for views
  rules::RuleFault fault;
};

/// What a run would do: which repositories, refs, hosts and questions. Asks nothing.
struct Plan {
  struct RepositoryPlan {
    std::string slug;
    bool loaded = false;
    std::string because;
    std::vector<std::string> refs;  ///< what would be read of it
    bool subject = false;
  };
  std::vector<RepositoryPlan> repositories;
  std::vector<std::string> questions;  ///< "manifest registry.example/charts/atlas:1.0.0"
  std::vector<std::string> rules;      ///< ids
  std::vector<std::string> hosts;      ///< of the questions, each once, sorted
};

struct RunState;

/// The one way through all of it: load, ask, judge, compare. Keeps the facts for queries of people afterwards.
class Run {
 public:
  explicit Run(Request request);
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  /// Creates the views and prepares the rules. Every rule that does not work is told, not only the first.
  std::vector<RuleError> prepare();
  /// Reads the repositories. Errors: a subject that cannot be read, with the way out.
  Result<void> load();
  /// After load(): what would be asked.
  Plan plan();
  /// Asks, judges and compares.
  Result<Report> judge();
  /// After judge(): what a history is told of it; `report` must outlive that.
  audit::Observation observe(const Report& report);
  /// After judge(): since when the lines of findings stand, by fingerprint, as far as it can be told.
  std::map<std::string, audit::StandsSince> stand_since(const std::vector<const rules::Finding*>& findings);
  /// After load(): asks, judges, and works out what puts the findings right. Nothing is written.
  Result<FixReport> fix(const FixRequest& wanted);
  /// After load() or judge(): a query over the facts of the first subject's world.
  std::optional<rules::RuleFault> query(std::string_view sql, std::size_t most, rules::Evaluator::Table& table);
  /// After judge(): steps of SQLite's virtual machine that each rule took over all worlds, by id. The same for the same facts on
  /// every machine, so a test may hold them to a bound.
  const std::map<std::string, std::uint64_t>& rule_steps() const;
  /// A chosen rule by id or code; null if none is called so.
  const rules::Rule* find_rule(std::string_view name) const;

 private:
  std::unique_ptr<RunState> state_;
};

}  // namespace trueup::engine
