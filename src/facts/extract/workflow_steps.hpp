#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "facts/extract/artifact_rows.hpp"
#include "facts/extract/expression_rows.hpp"
#include "facts/extract/github_reader.hpp"
#include "formats/value_template.hpp"

namespace trueup::facts {

/// `defaults.run` and `env` as they reach a step; the inner ones override the outer ones. All as written.
struct RunDefaults {
  std::optional<std::string_view> shell, working_directory;
  std::optional<std::string_view> gh_repo;  ///< GH_REPO of `env:`
  std::vector<formats::NodeIndex> environments;  ///< the `env:` of workflow and job, outer first

  /// Takes what a workflow or a job sets.
  void override_with(GithubReader& reader, formats::NodeIndex defaults, formats::NodeIndex env);
};

/// Values that the jobs of a file make.
struct JobValues {
  std::map<std::string, formats::ValueTemplate, std::less<>> outputs;  ///< by the path that reads them: `needs.build.outputs.tag`
  std::size_t budget = 8u << 20;  ///< bytes of templates that may still be kept: values of values multiply
};

/// What the steps of one job, or of a composite action, have in common.
struct StepSurroundings {
  LocalId job;
  RunDefaults defaults;
  JobLegs legs;
  bool on_windows = false;   ///< the default shell is pwsh
  bool file_guarded = false; ///< the job's `if:` looks whether files are there
  std::vector<formats::NodeIndex> environments;  ///< `env:` of the workflow and the job
  formats::NodeIndex outputs = formats::kNoNode; ///< `outputs:` of the job
  std::string job_id;
  JobValues* values = nullptr;  ///< of the jobs before it in the file, to which this one adds; must be there
};

/// Reads `steps:` into blob_step, blob_step_output, blob_command and its arguments, blob_script_variable,
/// blob_step_effect, blob_build_argument, blob_uses, blob_argument, blob_environment_variable, blob_dispatch and its keys,
/// blob_workflow_call_by_script, blob_path_mention, blob_artifact_use, blob_name_lookup, and what the steps' expressions
/// give.
void read_steps(GithubReader& reader, ExpressionRows& expressions, formats::NodeIndex steps,
                const StepSurroundings& surroundings);

/// Reads an `env:` into blob_environment_variable.
void read_environment(GithubReader& reader, formats::NodeIndex env, Owner owner);

}  // namespace trueup::facts
