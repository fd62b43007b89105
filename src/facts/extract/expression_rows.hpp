#pragma once

#include <string_view>
#include <vector>

#include "facts/extract/github_reader.hpp"
#include "facts/extract/workflow_triggers.hpp"
#include "formats/event_context.hpp"
#include "formats/expression.hpp"

namespace trueup::facts {

/// Writes what the expressions of a workflow or an action say: blob_condition, blob_condition_event,
/// blob_condition_test, blob_context_read, blob_context_gap, blob_result_test, blob_expression_error.
class ExpressionRows {
 public:
  explicit ExpressionRows(GithubReader& reader);

  /// The events that start the workflow. What each of them gives is judged of what is read from here on.
  void set_triggers(std::vector<Trigger> triggers);
  /// Reads every `${{ }}` of every scalar in a value, keys of mappings included, but not in the value `without` (as
  /// written).
  void scan(formats::NodeIndex written, Owner owner, formats::NodeIndex without = formats::kNoNode);
  /// Reads an `if:`. Without `${{` all of it is an expression. No row for a collection.
  void read_condition(formats::NodeIndex node, Owner owner);

 private:
  struct Place {  // an expression within a scalar
    formats::NodeIndex scalar;
    std::uint32_t offset;  ///< of its text in the scalar's decoded text
    Owner owner;
    bool in_condition;
  };
  void scan(formats::NodeIndex written, Owner owner, formats::NodeIndex without, std::uint32_t depth);
  void read_templates(formats::NodeIndex scalar, Owner owner);
  void add_reads(const formats::Expression& expression, const Place& place, bool is_condition);
  void add_events(const formats::Expression& condition, const Place& place, LocalId row);
  void add_error(formats::NodeIndex scalar, const Error& error, ByteRange whole, std::uint32_t offset);

  struct Event {
    LocalId trigger;
    formats::EventContext context, of_any_filters;
  };

  GithubReader& reader_;
  std::vector<Event> events_;
  bool wants_reads_, wants_errors_, wants_conditions_, wants_events_;
};

/// For each of `reads`, whether the expression goes on well if nothing is there: the chain is an operand of || before
/// the last, or is only looked at to see whether it is there (`!x`, `x && …`, `x == ''`, contains(x, …), startsWith(x,
/// …)). `is_condition`: what the expression yields only counts as true or false.
std::vector<bool> find_fallbacks(const formats::Expression& expression, const std::vector<formats::ContextRead>& reads,
                                 bool is_condition);

}  // namespace trueup::facts
