#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/config.hpp"
#include "cli/environment.hpp"
#include "cli/servers.hpp"
#include "engine/request.hpp"
#include "rules/loading/rule_folder.hpp"

namespace trueup::cli {

/// Everything that a run needs, made from arguments, config and environment. Holds what the request points to.
struct Assembly {
  Assembly(const SourceArguments& arguments, const Environment& environment) : servers(arguments, environment) {}

  Config config;
  bool config_from_base = false;
  std::deque<rules::RuleFolder> folders;
  Servers servers;
  std::vector<std::string> notes;
  /// Slug of the repository in GitHub's workspace, whose files annotations can name; empty outside of GitHub's runners.
  std::string at_hand;
  /// What places call the one revision that is checked; empty for the working tree, and for several.
  std::string head;
  engine::Request request;

  /// The folder that a rule came from; null for a built-in one.
  const rules::RuleFolder* folder_of(const rules::Rule& rule) const;
};

/// Why a run cannot begin: lines for standard error, ready to print.
struct AssemblyError {
  std::vector<std::string> lines;
};

/// Reads config and rules, opens and fetches repositories, wires the servers. `fetches`: whether the network may be
/// used for repositories.
std::variant<std::unique_ptr<Assembly>, AssemblyError> assemble(const SourceArguments& arguments, const Environment& environment,
                                                                bool fetches);

/// The rules that are chosen, and the problems of choosing.
struct RuleChoice {
  std::vector<engine::ChosenRule> rules;
  std::vector<rules::PackViews> views;
  std::vector<std::string> problems;
};
RuleChoice choose_rules(const std::deque<rules::RuleFolder>& folders, const Config& config,
                        const std::vector<std::string>& only, const std::vector<std::string>& skip);
/// Reads *.yaml and views.sql of a folder and of the folders in it.
Result<std::vector<rules::RuleText>> read_rule_folder(const std::string& folder);

}  // namespace trueup::cli
