#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "formats/expression_eval.hpp"

/// What contexts can hold where a given event started the run.
namespace trueup::formats {

/// One event of `on:` with its filters, as written. A filter that is not there is nothing.
struct TriggerEvent {
  std::string name;
  std::optional<std::vector<std::string>> branches, branches_ignore, tags, tags_ignore, types, workflows;
  bool filters_complete = true;  ///< false: a filter holds something that is no list of text; none is looked at then
};

/// The contexts of a run that one event started. `github.event` has the members that GitHub's webhook of that name has
/// (plus those that every event has: repository, sender, organization, enterprise, installation); `github.ref` and its
/// kin have the shapes that the event and its filters leave. What a reusable workflow sees is of whoever calls it, so of
/// `workflow_call` only what holds for any event is said. An event that is not in the table gives unknown values.
/// Source: GitHub's manual, "Events that trigger workflows", "Contexts", and "Webhook events and payloads".
class EventContext {
 public:
  /// `with_filters` false: what holds of every run of that event, whatever its filters.
  explicit EventContext(TriggerEvent event, bool with_filters = true);

  /// Of a dotted path; letters' case is ignored. null or an empty text where the event gives nothing there.
  ExpressionValue value(std::string_view path) const;
  /// The event never puts anything at that path.
  bool never_gives(std::string_view path) const;
  ExpressionEnvironment environment() const;

 private:
  ExpressionValue of_event(std::string_view below) const;
  TextShape ref(std::string_view branch_prefix, std::string_view tag_prefix) const;

  TriggerEvent event_;
  bool with_filters_ = true;
};

}  // namespace trueup::formats
