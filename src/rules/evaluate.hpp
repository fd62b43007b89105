#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "facts/store.hpp"
#include "rules/rule.hpp"

namespace trueup::rules {

enum class VerdictState : std::uint8_t { ok, violated, unknown };
std::string_view to_string(VerdictState state);

/// What a rule says of one subject: a row of its query.
struct Verdict {
  VerdictState state = VerdictState::violated;
  facts::PlaceId at = 0;                    ///< a span's id in scope file
  std::vector<facts::PlaceId> places;       ///< beside Rule::places; 0 where the row has none; negative: a reading
  std::vector<std::vector<facts::PlaceId>> fix_places;  ///< beside Rule::fixes: where each part edits; empty: it is not made here
  std::vector<bool> fix_guessed;            ///< beside Rule::fixes: the part rests on a guess here
  std::vector<std::string> key;             ///< beside Rule::key
  std::optional<Severity> severity;         ///< where the query gives one
  std::string because;                      ///< of unknown
  facts::RepositoryId about = 0;            ///< whose it is, where no place of it stands in what is judged; 0: not said
  bool is_secret = false;                   ///< what stands at `at` is shown to nobody
  bool failed = false;                      ///< unknown because asking failed, not because nobody asked
  std::vector<std::pair<std::string_view, std::string>> values;  ///< the other columns; empty for ok
};

/// The text of a rule's message with the row's values in place of {column}.
std::string fill_message(std::string_view message, const std::vector<std::pair<std::string_view, std::string>>& values);

/// Why a rule's SQL does not work; `offset` is the byte of the query where SQLite stopped, where it told.
struct RuleFault {
  std::string message;
  std::optional<std::uint32_t> offset;
  bool stopped = false;  ///< at a limit: nothing is wrong with the rule itself
};

/// What a prepared rule turned out to need and give.
struct RuleShape {
  std::set<std::string, std::less<>> tables;  ///< base tables that it reads, through views too
  bool has_verdict = false;
  bool reads_files = false;  ///< asks for files as such, not only for the facts in them
};

/// A parameter's values for one rule, as the config set them: name -> text.
using ParameterValues = std::map<std::string, std::string, std::less<>>;

/// Prepares rules against a store and runs them, under an authorizer that allows reading only, with bounds on steps and
/// time. Statements are kept prepared between worlds. Used by one thread.
class Evaluator {
 public:
  /// Registers the SQL functions and sets the guards. `now`: seconds since 1970.
  Evaluator(facts::Store& store, std::int64_t now);
  ~Evaluator();
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  /// How many steps a rule may take in one world, in place of limits::kMaxRuleSteps; counted by thousands.
  void limit_steps(std::uint64_t most);

  /// Creates the views of an operator's pack, which may only read. A fault names the SQL that failed.
  std::optional<RuleFault> add_views(const PackViews& views);

  /// Prepares a rule and checks it: one read-only statement, known columns in key, places and message.
  /// The rule must outlive the evaluator.
  std::optional<RuleFault> prepare(const Rule& rule, const ParameterValues& parameters);
  const RuleShape& shape(const Rule& rule) const;
  bool is_prepared(const Rule& rule) const;

  /// Runs a prepared rule on the world that stands in the temp tables.
  /// A fault: too many steps, too long, too many rows, or an error at run time.
  std::optional<RuleFault> evaluate(const Rule& rule, std::vector<Verdict>& verdicts);
  /// Whether the rule's `when` query gives a row. True for rules without one.
  bool has_subject(const Rule& rule);

  /// Steps of SQLite's virtual machine that the last evaluate() took.
  std::uint64_t last_steps() const;

  /// Runs a query of a person with the same guards: column names, then rows of text (NULL as nothing).
  struct Table {
    std::vector<std::string> columns;
    std::vector<std::vector<std::optional<std::string>>> rows;
    bool cut = false;  ///< more rows than `most`
  };
  std::optional<RuleFault> query(std::string_view sql, std::size_t most, Table& table);
  /// The base tables that such a query would read.
  std::optional<RuleFault> tables_of(std::string_view sql, std::set<std::string, std::less<>>& tables);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace trueup::rules
