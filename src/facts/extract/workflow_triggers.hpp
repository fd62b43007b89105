#pragma once

#include "facts/extract/github_reader.hpp"

namespace trueup::facts {

/// Reads `on:` in its three forms (an event, a list of events, a mapping from events to settings) into
/// blob_workflow_trigger, blob_trigger_filter, blob_workflow_schedule, blob_workflow_input, blob_workflow_secret and
/// blob_workflow_output.
void read_triggers(GithubReader& reader, formats::NodeIndex on, LocalId workflow);

}  // namespace trueup::facts
