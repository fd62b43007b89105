#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/span.hpp"
#include "rules/rule.hpp"

namespace trueup::cli {

/// `repositories:` of trueup.yaml. Exactly one of path and url is used: `path` (relative to the config's folder), else `url`,
/// else https://github.com/<slug>.
struct RepositoryConfig {
  std::string slug;
  std::string path, url;
  std::vector<std::string> branches;  ///< names and globs; empty: the default branch only
  std::vector<std::string> tags;      ///< names and globs; empty: none
  std::string default_branch;         ///< where the remote does not tell
  ByteRange at;                       ///< of its key in the config
};

/// `rules:`: severity (none switches it off) and parameters of one rule or pack.
struct RuleConfig {
  std::string rule;  ///< id, code or pack
  std::optional<rules::Severity> severity;
  std::map<std::string, std::string, std::less<>> parameters;
  ByteRange at;
};

/// `kinds:` glob -> kind.
struct KindConfig {
  std::string glob, kind;
};

/// trueup.yaml, read and checked.
struct Config {
  std::string file;  ///< as named on the command line or found; empty: there is none, all is default
  std::string slug;  ///< `slug:` of the repository at hand
  std::vector<RepositoryConfig> repositories;
  bool closed = false;
  std::vector<std::string> registries;  ///< host[:port][/path] that the operator names
  std::vector<std::vector<std::string>> lockstep;  ///< promises.chart.lockstep: groups of chart names
  std::vector<RuleConfig> rules;
  std::vector<KindConfig> kinds;
  std::vector<std::string> ignore, nodes;
  std::vector<std::string> rule_folders;  ///< `rule_folders:` paths relative to the config
  bool gate_refs = false;                 ///< `gate: refs`
};

/// Why a config does not hold, and where.
struct ConfigProblem {
  std::string file;
  std::uint32_t line = 1, column = 1;
  std::string message;  ///< names the nearest right key or value
};

/// A config, or every problem that it has.
struct ConfigResult {
  std::optional<Config> config;
  std::vector<ConfigProblem> problems;
};

/// Reads the text of a trueup.yaml. `known_rules` are the ids, codes and packs that `rules:` may name; `parameters_of` gives
/// the parameter names of a rule. A function of its arguments.
ConfigResult parse_config(std::string_view file, std::string_view text);

}  // namespace trueup::cli
