#include "formats/forge_json.hpp"

#include "base/text.hpp"
#include "formats/answer_reader.hpp"

namespace trueup::formats {
namespace {

PullRequest github_pull_request(AnswerReader& in, NodeIndex node) {
  PullRequest pull;
  const NodeIndex head = in.child(node, "head"), base = in.child(node, "base");
  pull.number = in.needed_number(node, "number");
  pull.title = in.text(node, "title");
  pull.merged_at = in.text(node, "merged_at");
  pull.state = pull.merged_at.empty() ? in.needed(node, "state") : "merged";
  pull.draft = in.is_true(node, "draft");
  pull.author = in.text(in.child(node, "user"), "login");
  pull.head_slug = in.text(in.child(head, "repo"), "full_name");
  pull.head_ref = in.needed(head, "ref");
  pull.head_sha = in.needed(head, "sha");
  pull.base_ref = in.needed(base, "ref");
  pull.base_sha = in.text(base, "sha");
  // Before the merge it is that of a merge that was tried.
  if (pull.state == "merged") pull.merge_commit_sha = in.text(node, "merge_commit_sha");
  pull.merge_state = ascii_lower(in.text(node, "mergeable_state"));
  pull.created_at = in.needed(node, "created_at");
  pull.updated_at = in.text(node, "updated_at");
  pull.closed_at = in.text(node, "closed_at");
  if (const NodeIndex labels = in.child(node, "labels"); labels != kNoNode)
    in.each(labels, [&](NodeIndex label) { pull.labels.push_back({in.text(label, "name"), ""}); });
  return pull;
}

/// GitLab's times have fractions of seconds, and may have an offset; all are compared as text with GitHub's.
std::string gitlab_time(std::string text) {
  const std::size_t dot = text.find('.');
  if (dot != std::string::npos && text.ends_with('Z')) text = text.substr(0, dot) + "Z";
  return text;
}

PullRequest gitlab_merge_request(AnswerReader& in, NodeIndex node) {
  PullRequest pull;
  pull.number = in.needed_number(node, "iid");
  pull.title = in.text(node, "title");
  const std::string state = in.needed(node, "state");
  pull.state = state == "merged" || state == "closed" ? state : "open";  // opened, locked (being merged)
  pull.draft = in.is_true(node, "draft");
  pull.author = in.text(in.child(node, "author"), "username");
  // The list has the source's number alone: its path is known where it is the target itself.
  const auto source = in.number(node, "source_project_id");
  const std::string whole = in.text(in.child(node, "references"), "full");
  if (source && source == in.number(node, "target_project_id")) pull.head_slug = whole.substr(0, whole.find('!'));
  pull.head_ref = in.needed(node, "source_branch");
  pull.head_sha = in.text(node, "sha");
  pull.base_ref = in.needed(node, "target_branch");
  pull.merge_commit_sha = in.text(node, "merge_commit_sha");
  if (pull.merge_commit_sha.empty()) pull.merge_commit_sha = in.text(node, "squash_commit_sha");
  const std::string merge_state = in.text(node, "detailed_merge_status");
  pull.merge_state = merge_state == "mergeable" ? "clean" : merge_state == "conflict" ? "dirty" : merge_state == "need_rebase" ? "behind" : merge_state;
  pull.created_at = gitlab_time(in.needed(node, "created_at"));
  pull.updated_at = gitlab_time(in.text(node, "updated_at"));
  pull.merged_at = gitlab_time(in.text(node, "merged_at"));
  pull.closed_at = pull.state == "merged" ? pull.merged_at : gitlab_time(in.text(node, "closed_at"));
  in.each_text(in.child(node, "labels"), [&](std::string name) { pull.labels.push_back({std::move(name), ""}); });
  return pull;
}

WorkflowRun github_run(AnswerReader& in, NodeIndex node) {
  WorkflowRun run;
  run.run_id = in.needed_number(node, "id");
  run.workflow_path = in.text(node, "path");
  // A run of another repository's workflow has it as owner/name/path@ref.
  run.workflow_path = run.workflow_path.substr(0, run.workflow_path.find('@'));
  run.workflow_name = in.text(node, "name");
  run.event = in.text(node, "event");
  run.status = in.needed(node, "status");
  run.conclusion = in.text(node, "conclusion");
  run.head_branch = in.text(node, "head_branch");
  run.head_sha = in.needed(node, "head_sha");
  run.run_attempt = in.number(node, "run_attempt");
  run.created_at = in.needed(node, "created_at");
  run.updated_at = in.text(node, "updated_at");
  return run;
}

WorkflowRun gitlab_pipeline(AnswerReader& in, NodeIndex node) {
  WorkflowRun run;
  run.run_id = in.needed_number(node, "id");
  run.event = in.text(node, "source");
  const std::string status = in.needed(node, "status");
  const bool ended = status == "success" || status == "failed" || status == "canceled" || status == "skipped";
  run.status = ended ? "completed" : status == "running" ? "in_progress" : status == "manual" ? "waiting" : "queued";
  if (ended) run.conclusion = status == "failed" ? "failure" : status == "canceled" ? "cancelled" : status;
  run.head_branch = in.text(node, "ref");
  run.head_sha = in.needed(node, "sha");
  run.created_at = gitlab_time(in.needed(node, "created_at"));
  run.updated_at = gitlab_time(in.text(node, "updated_at"));
  return run;
}

ForgeRelease github_release(AnswerReader& in, NodeIndex node) {
  return {in.needed(node, "tag_name"), in.text(node, "name"), in.is_true(node, "draft"), in.is_true(node, "prerelease"),
          in.text(node, "target_commitish"), in.needed(node, "created_at"), in.text(node, "published_at")};
}

ForgeRelease gitlab_release(AnswerReader& in, NodeIndex node) {
  return {in.needed(node, "tag_name"), in.text(node, "name"), in.is_true(node, "upcoming_release"), false, in.text(in.child(node, "commit"), "id"),
          gitlab_time(in.needed(node, "created_at")), gitlab_time(in.text(node, "released_at"))};
}

/// `checks` of a branch's protection, with the app; else `contexts`.
void branch_checks(AnswerReader& in, NodeIndex branch, ForgeItems& items) {
  in.needed(branch, "name");
  if (in.is_true(branch, "protected")) items.branches.push_back({true, std::nullopt});
  const NodeIndex required = in.child(in.child(branch, "protection"), "required_status_checks");
  if (!in.is_mapping(required) || in.text(required, "enforcement_level") == "off") return;
  if (const NodeIndex checks = in.child(required, "checks"); checks != kNoNode) {
    in.each(checks, [&](NodeIndex check) {
      auto app = in.number(check, "app_id");
      if (app && *app <= 0) app.reset();
      items.required_checks.push_back({in.needed(check, "context"), app, "protection"});
    });
  } else {
    in.each_text(in.child(required, "contexts"), [&](std::string name) { items.required_checks.push_back({std::move(name), std::nullopt, "protection"}); });
  }
}

void rule_checks(AnswerReader& in, NodeIndex rule, ForgeItems& items) {
  const std::string type = in.needed(rule, "type");
  items.branches.push_back({true, type == "pull_request" ? std::optional(in.number(in.child(rule, "parameters"), "required_approving_review_count").value_or(0)) : std::nullopt});
  if (type != "required_status_checks") return;
  in.each(in.child(in.child(rule, "parameters"), "required_status_checks"), [&](NodeIndex check) {
    items.required_checks.push_back({in.needed(check, "context"), in.number(check, "integration_id"), "ruleset"});
  });
}

ForgeEnvironment github_environment(AnswerReader& in, NodeIndex node) {
  ForgeEnvironment environment;
  environment.name = in.needed(node, "name");
  if (const NodeIndex rules = in.child(node, "protection_rules"); rules != kNoNode)
    in.each(rules, [&](NodeIndex rule) {
      environment.rules.push_back(in.text(rule, "type"));
      if (const NodeIndex reviewers = in.child(rule, "reviewers"); reviewers != kNoNode) in.each(reviewers, [&](NodeIndex) { ++environment.reviewers; });
      environment.wait_minutes += in.number(rule, "wait_timer").value_or(0);
    });
  const NodeIndex policy = in.child(node, "deployment_branch_policy");
  environment.branch_policy = in.is_true(policy, "protected_branches") ? "protected" : in.is_true(policy, "custom_branch_policies") ? "custom" : "";
  return environment;
}

void github_app(AnswerReader& in, ForgeItems& items) {
  in.needed(in.root(), "slug");
  in.each_entry(in.child(in.root(), "permissions"), [&](std::string name, std::string access) { items.app_grants.push_back({"permission", std::move(name), std::move(access)}); });
  in.each_text(in.child(in.root(), "events"), [&](std::string name) { items.app_grants.push_back({"event", std::move(name), ""}); });
}

void read_page(ForgePage page, AnswerReader& in, ForgeItems& items) {
  const NodeIndex root = in.root();
  switch (page) {
    case ForgePage::github_pull_requests:
      return in.each(root, [&](NodeIndex node) { items.pull_requests.push_back(github_pull_request(in, node)); });
    case ForgePage::gitlab_merge_requests:
      return in.each(root, [&](NodeIndex node) { items.pull_requests.push_back(gitlab_merge_request(in, node)); });
    case ForgePage::github_comments:
      return in.each(root, [&](NodeIndex node) {
        items.comments.push_back({in.text(in.child(node, "user"), "login"), in.text(node, "body"), in.needed(node, "created_at")});
      });
    case ForgePage::gitlab_label_events:
      return in.each(root, [&](NodeIndex node) {
        std::string name = in.text(in.child(node, "label"), "name");  // none where the label was deleted
        if (in.needed(node, "action") == "add" && !name.empty()) items.label_events.push_back({std::move(name), gitlab_time(in.needed(node, "created_at"))});
      });
    case ForgePage::gitlab_notes:
      return in.each(root, [&](NodeIndex node) {
        if (in.is_true(node, "system")) return;  // "added 1 commit"
        items.comments.push_back({in.text(in.child(node, "author"), "username"), in.text(node, "body"), gitlab_time(in.needed(node, "created_at"))});
      });
    case ForgePage::github_runs:
      return in.each(in.child(root, "workflow_runs"), [&](NodeIndex node) { items.workflow_runs.push_back(github_run(in, node)); });
    case ForgePage::gitlab_pipelines:
      return in.each(root, [&](NodeIndex node) { items.workflow_runs.push_back(gitlab_pipeline(in, node)); });
    case ForgePage::github_releases: return in.each(root, [&](NodeIndex node) { items.releases.push_back(github_release(in, node)); });
    case ForgePage::gitlab_releases: return in.each(root, [&](NodeIndex node) { items.releases.push_back(gitlab_release(in, node)); });
    case ForgePage::github_tags:
      return in.each(root, [&](NodeIndex node) { items.tags.push_back({in.needed(node, "name"), in.needed(in.child(node, "commit"), "sha")}); });
    case ForgePage::gitlab_tags:
      return in.each(root, [&](NodeIndex node) { items.tags.push_back({in.needed(node, "name"), in.needed(in.child(node, "commit"), "id")}); });
    case ForgePage::github_secrets:
      return in.each(in.child(root, "secrets"), [&](NodeIndex node) { items.secrets.push_back({in.needed(node, "name"), "", "", in.text(node, "updated_at")}); });
    case ForgePage::github_environments:
      return in.each(in.child(root, "environments"), [&](NodeIndex node) { items.environments.push_back(github_environment(in, node)); });
    case ForgePage::github_app: return github_app(in, items);
    case ForgePage::github_variables:
      return in.each(in.child(root, "variables"), [&](NodeIndex node) { items.secrets.push_back({in.needed(node, "name"), "", "", in.text(node, "updated_at")}); });
    case ForgePage::github_branch: return branch_checks(in, root, items);
    case ForgePage::github_branch_rules: return in.each(root, [&](NodeIndex node) { rule_checks(in, node, items); });
  }
}

}  // namespace

Result<ForgeItems> read_forge_page(ForgePage page, std::string_view json) {
  return read_answer<ForgeItems>(json, [&](AnswerReader& in) {
    ForgeItems items;
    read_page(page, in, items);
    return items;
  });
}

Result<ForgeRepository> read_github_repository(std::string_view json) {
  return read_answer<ForgeRepository>(json, [](AnswerReader& in) {
    const NodeIndex root = in.root();
    ForgeRepository repository{in.needed(root, "full_name"), in.text(root, "default_branch"), in.text(root, "visibility"), in.is_true(root, "archived")};
    // Servers of before 2022 tell no visibility.
    if (repository.visibility.empty() && in.child(root, "private") != kNoNode) repository.visibility = in.is_true(root, "private") ? "private" : "public";
    return repository;
  });
}

Result<ForgeRepository> read_gitlab_project(std::string_view json) {
  return read_answer<ForgeRepository>(json, [](AnswerReader& in) {
    const NodeIndex root = in.root();
    return ForgeRepository{in.needed(root, "path_with_namespace"), in.text(root, "default_branch"), in.text(root, "visibility"), in.is_true(root, "archived")};
  });
}

Result<std::vector<std::string>> read_github_environments(std::string_view json) {
  return read_answer<std::vector<std::string>>(json, [](AnswerReader& in) {
    std::vector<std::string> names;
    in.each(in.child(in.root(), "environments"), [&](NodeIndex node) { names.push_back(in.needed(node, "name")); });
    return names;
  });
}

}  // namespace trueup::formats
