#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/case_forge.hpp"
#include "engine/case_registry.hpp"
#include "engine/case_streams.hpp"
#include "engine/chart_promises.hpp"
#include "engine/repository_source.hpp"
#include "engine/request.hpp"
#include "engine/stream_workspace.hpp"
#include "facts/file_kind.hpp"
#include "rules/evaluate.hpp"

namespace trueup::engine {

/// The file that the trains of a case stand in.
inline constexpr std::string_view kCaseConfig = "trueup.yaml";

/// A place that a case names by its text.
struct ExpectedPlace {
  std::string repository, path, text, pointer;
  std::size_t nth = 0;  ///< from 1; 0: the text stands once, or the first in `pointer` is meant
  bool live = false;  ///< a reading: only its being there counts
};

struct Expected {
  std::uint32_t line = 1;
  ExpectedPlace at;
  std::vector<std::pair<std::string, ExpectedPlace>> places;  ///< column -> place
  std::string severity, message, because;
  std::optional<std::string> fixed;  ///< stands in the lines that the fix of it changes; empty: the fix takes lines away
};

/// A case as it is written.
struct Case {
  std::string name;
  std::uint32_t line = 1;
  std::string default_branch = "main";
  std::vector<std::string> with;  ///< built-in rules that judge beside it; what they find is not compared
  bool closed = false;
  std::map<std::string, std::map<std::string, MemorySource::Files>> repositories;  ///< slug -> branch -> files
  std::map<std::string, std::set<std::string>> registry;
  std::map<std::pair<std::string, std::string>, CaseRegistry::Chart> charts;
  std::map<std::string, std::string> silent_registry;
  std::map<std::string, std::map<std::string, std::vector<std::string>>> helm;
  std::map<std::string, CaseRegistry::Package> packages;  ///< "npm:@acme/client" -> what its public index says
  std::map<std::string, CaseRegistry::ControlPlane> control_planes;
  std::map<std::string, CaseForgeRepository> forge;  ///< by slug
  std::set<std::string> whole_planes;  ///< whose list leaves nothing out
  std::vector<StreamWorkspace> streams;
  std::map<std::string, CaseWorkspace> workspaces;  ///< what Atlas holds, by the names of `streams`
  /// What stores of deployments hold, by their names.
  struct Deployments {
    std::string json, unknown;  ///< a document; or why it cannot be read
    bool incomplete = false;
  };
  std::map<std::string, Deployments> deployments;
  std::vector<EarlierCount> earlier;  ///< what an audit before saw
  std::string replay;
  ChartPromises chart;
  std::map<std::string, std::vector<MemorySource::ToldCommit>> commits;  ///< slug -> oldest first
  std::string trains;  ///< what stands below `trains:` of a config, whose places are those of trueup.yaml
  std::string ring;    ///< the same of `promises: ring:`; a case has one of both
  std::map<std::string, std::vector<MemorySource::ToldTag>> tags;  ///< slug -> oldest first
  std::map<std::string, std::map<std::string, MemorySource::ToldBranch>> branches;  ///< slug -> branch -> what git would say
  std::map<std::string, MemorySource::ToldChange> changes;  ///< slug -> what stood there before; with one the case is a gate
  facts::KindConfig kinds;
  rules::ParameterValues parameters;
  std::int64_t now = 1'767'225'600;  // 2026-01-01
  std::vector<Expected> findings, unknowns;

  const std::string& config() const { return ring.empty() ? trains : ring; }
};

/// A case, and what is wrong with how it is written.
struct ReadCase {
  Case wanted;
  std::vector<std::string> faults;
};

/// Reads a cases file. What cannot be read of the file is a fault of a case without name.
std::vector<ReadCase> read_cases(std::string_view text);

}  // namespace trueup::engine
