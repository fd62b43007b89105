#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "facts/extract/command_rows.hpp"
#include "facts/extract/github_reader.hpp"
#include "facts/extract/known_actions.hpp"
#include "facts/extract/uses_reference.hpp"
#include "facts/extract/workspace.hpp"

namespace trueup::facts {

/// What the steps of one job do to the world, step after step: blob_step_effect.
class EffectRows {
 public:
  /// The value of an `env:` entry as it reaches a step, as written; nothing where there is none.
  using Environment = std::function<std::optional<std::string_view>(std::string_view name)>;

  explicit EffectRows(GithubReader& reader) : reader_(reader), rows_(reader.rows()) {}
  bool wanted() const { return rows_.wants(Table::step_effect); }

  void add_action(const UsesReference& uses, const ActionArguments& arguments, Owner owner, formats::NodeIndex uses_node,
                  std::string_view step_id, bool conditional, const Environment& environment);
  /// `conditional`: the step has an `if:`.
  void add_commands(const std::vector<AddedCommand>& commands, Owner owner, std::string_view script, bool conditional,
                    const CommandRows::SpanOf& span, const Environment& environment);
  /// Comments that a script of actions/github-script writes on issues and pull requests of the repository at hand.
  void add_github_script(formats::NodeIndex script, const ActionArguments& arguments, Owner owner, bool conditional, const Environment& environment);
  /// A step ran a script that was not read.
  void run_unread_script() { git_token_.reset(); }

 private:
  struct Call;  // a command with what is asked of it again and again
  void add_known(const KnownAction& known, const ActionArguments& arguments, StepEffectRow row,
                 const Environment& environment);
  void add_checkout(const ActionArguments& arguments, StepEffectRow row);
  void add_build_action(const ActionArguments& arguments, StepEffectRow row, const Environment& environment);
  void add_cloud_login(std::string_view slug, const ActionArguments& arguments, StepEffectRow row,
                       const Environment& environment);
  void add_helm(const Call& call);
  void add_image_tool(const Call& call);
  void add_gh(const Call& call);
  void add_git(const Call& call);
  void add(const Call& call, std::string_view kind, std::optional<std::string> reference, std::string_view permission = {});

  GithubReader& reader_;
  BlobRows& rows_;
  bool gh_token_known_ = true;      ///< the script at hand gives gh no other token than `env:`
  std::optional<bool> git_token_;  ///< whether git pushes with the run's own token; nothing: not known
  bool has_other_clone_ = false;   ///< of another repository, with credentials of its own: where git pushes from is not known
  std::map<std::string, std::string, std::less<>> image_names_;  ///< of docker/metadata-action steps, by id
};

}  // namespace trueup::facts
