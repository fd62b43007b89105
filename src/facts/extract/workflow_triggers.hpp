#pragma once

#include <vector>

#include "facts/extract/github_reader.hpp"
#include "formats/event_context.hpp"

namespace trueup::facts {

/// An event of `on:`, and its row.
struct Trigger {
  LocalId row;
  formats::TriggerEvent event;
};

/// Writes `on:` of a workflow: blob_workflow_trigger, its filters, schedules, inputs, secrets and outputs. All three
/// forms are read: one event, a list of events, a mapping of events to settings.
std::vector<Trigger> read_triggers(GithubReader& reader, formats::NodeIndex on, LocalId workflow);

}  // namespace trueup::facts
