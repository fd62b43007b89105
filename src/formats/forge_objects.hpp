#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace trueup::formats {

/// What GitHub and GitLab hold of a repository, in GitHub's words for both. Text that was not given is empty; times are
/// RFC 3339, UTC. Columns of the fact tables carry the same names.
struct PullRequest {
  struct Label {
    std::string name, added_at;
  };
  std::int64_t number = 0;
  std::string title;
  std::string state;  ///< open | closed (without a merge) | merged
  bool draft = false;
  std::string author, head_slug, head_ref, head_sha, base_ref, base_sha, merge_commit_sha;
  std::string merge_state;  ///< in lower case
  std::string created_at, updated_at, closed_at, merged_at;
  std::vector<Label> labels;
};

struct PullRequestComment {
  std::string author, body, created_at;
};

struct WorkflowRun {
  std::int64_t run_id = 0;
  std::string workflow_path, workflow_name, event, status, conclusion, head_branch, head_sha;
  std::optional<std::int64_t> run_attempt;
  std::string created_at, updated_at;
};

struct ForgeRelease {
  std::string tag_name, name;
  bool draft = false, prerelease = false;
  std::string target_commitish, created_at, published_at;
};

/// A git tag, and the commit that it leads to.
struct ForgeTag {
  std::string name, commit_id;
};

struct RequiredCheck {
  std::string context;
  std::optional<std::int64_t> app;
  std::string source;  ///< protection | ruleset
};

/// The name of a secret or variable; never its value.
struct ForgeSecret {
  std::string name, environment, organization, updated_at = {};
};

/// What a branch asks of changes.
struct ForgeBranch {
  bool is_protected = false;
  std::optional<std::int64_t> approvals;  ///< that rulesets want
};

/// An environment of deployments.
struct ForgeEnvironment {
  std::string name;
  std::int64_t reviewers = 0, wait_minutes = 0;
  std::vector<std::string> rules;  ///< types of its protection rules
  std::string branch_policy;       ///< protected | custom
};

/// A permission that an app has, or an event that it gets.
struct ForgeAppGrant {
  std::string kind, name, access;  ///< permission | event
};

/// The elements of one list; those of the other kinds are empty.
struct ForgeItems {
  std::vector<PullRequest> pull_requests;
  std::vector<PullRequestComment> comments;
  std::vector<PullRequest::Label> label_events;  ///< of one pull request: labels, each with when it was put on last
  std::vector<WorkflowRun> workflow_runs;
  std::vector<ForgeRelease> releases;
  std::vector<ForgeTag> tags;
  std::vector<RequiredCheck> required_checks;
  std::vector<ForgeSecret> secrets;
  std::vector<ForgeEnvironment> environments;
  std::vector<ForgeAppGrant> app_grants;
  std::vector<ForgeBranch> branches;  ///< that required checks were read of: says the same thing from more than one side; no element of a list

  std::size_t size() const {
    return pull_requests.size() + comments.size() + label_events.size() + workflow_runs.size() + releases.size() + tags.size() + required_checks.size() + secrets.size() +
           environments.size() + app_grants.size();
  }
};

}  // namespace trueup::formats
