#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "formats/forge_objects.hpp"

namespace trueup::formats {

/// What GitHub (REST, 2022-11-28) and GitLab (REST v4) answer, as values. Functions of the bytes. Errors: Fault::malformed where
/// the answer is not of that shape, one of its elements included; Fault::over_limit.

/// A page of a list; which of the vectors is filled follows from the page.
enum class ForgePage {
  github_pull_requests, github_comments, github_runs, github_releases, github_tags, github_secrets, github_variables,
  github_environments, github_app,
  github_branch,        ///< one branch: the checks that its protection requires
  github_branch_rules,  ///< the rules of all rulesets that hold for a branch
  gitlab_merge_requests, gitlab_label_events, gitlab_notes, gitlab_pipelines, gitlab_releases, gitlab_tags,
};
Result<ForgeItems> read_forge_page(ForgePage page, std::string_view json);

struct ForgeRepository {
  std::string full_name, default_branch, visibility;
  bool archived = false;
};
Result<ForgeRepository> read_github_repository(std::string_view json);
Result<ForgeRepository> read_gitlab_project(std::string_view json);

/// The names of a page of environments.
Result<std::vector<std::string>> read_github_environments(std::string_view json);

}  // namespace trueup::formats
