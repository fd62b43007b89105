#pragma once

#include <memory>
#include <string>
#include <vector>

#include "formats/document.hpp"
#include "live/stream_source.hpp"

namespace trueup::engine {

/// A workspace of Atlas that exists in a case only, as `live: streams:` writes it under the name that `streams:` gives. A list that is
/// not written is empty; all are complete unless `incomplete: true`.
///
///     production:
///       tier: SP10                 # of the workspace; max_tier: SP30; or absent: true; or unknown: timed out
///       processors: '[{"name": "a", "state": "STARTED", "pipeline": []}]'
///       connections: '[{"name": "out", "type": "Cluster", "clusterName": "c"}]'
struct CaseWorkspace {
  std::string tier, max_tier, unknown, processors = "[]", connections = "[]";
  bool absent = false, incomplete = false;
};
CaseWorkspace read_case_workspace(const formats::Document& document, formats::NodeIndex node);

/// Answers what the case says, whatever the workspace is called.
std::unique_ptr<live::StreamSource> make_case_streams(const std::string& name, const CaseWorkspace& workspace);

}  // namespace trueup::engine
