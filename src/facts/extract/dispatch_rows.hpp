#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "facts/extract/github_reader.hpp"
#include "facts/extract/uses_reference.hpp"
#include "facts/extract/workspace.hpp"
#include "formats/shell_effects.hpp"

namespace trueup::facts {

/// What a step sends to start other workflows: blob_dispatch, blob_dispatch_key, blob_workflow_call_by_script with its
/// inputs, and the blob_path_mention of a workflow file of the own repository.
class DispatchRows {
 public:
  explicit DispatchRows(GithubReader& reader) : reader_(reader), rows_(reader.rows()) {}

  /// What a script sends. `gh_repo`: GH_REPO as the step's environment has it, as written. `foreign`: another
  /// repository is checked out where the script starts, so that gh takes that one.
  void add_script(const formats::ScriptEffects& effects, formats::NodeIndex script, Owner owner,
                  std::optional<std::string_view> gh_repo, bool foreign);
  /// What the `with:` of an action (or, without a step, of a reusable workflow) sends.
  void add_action(const UsesReference& uses, const ActionArguments& arguments, formats::NodeIndex with, Owner owner,
                  formats::NodeIndex uses_node);

 private:
  struct Target {
    std::optional<std::string> slug;
    bool own = false;
  };
  static Target target_of(std::optional<std::string_view> written);
  Target target_of(const formats::ShellWord* repository, bool own, bool of_gh, std::optional<std::string_view> gh_repo,
                   bool foreign) const;
  void add_keys(const formats::DispatchPayload& payload, formats::NodeIndex scalar, LocalId dispatch);
  void add_inputs(const formats::DispatchPayload& inputs, formats::NodeIndex scalar, LocalId call);
  void add_dispatch_action(const ActionArguments& arguments, formats::NodeIndex with, Owner owner,
                           formats::NodeIndex uses_node);
  void add_github_script(formats::NodeIndex with, Owner owner);
  void add_workflow_start(const ActionArguments& arguments, formats::NodeIndex with, Owner owner);
  void add_workflow_file(std::string_view name, SpanRef span, Owner owner);

  GithubReader& reader_;
  BlobRows& rows_;
};

}  // namespace trueup::facts
