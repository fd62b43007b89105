#include "formats/forge_json.hpp"

#include <gtest/gtest.h>

namespace trueup::formats {
namespace {

const std::string kPull = R"({"number":7,"title":"Ring a","state":"open","draft":true,"user":{"login":"alice"},"merged_at":null,
  "merge_commit_sha":"ttt","head":{"ref":"ring-a","sha":"aaa","repo":{"full_name":"acme/app"}},
  "base":{"ref":"main","sha":"bbb"},"labels":[{"name":"cohort:x"},{"name":"wip"}],"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-02T00:00:00Z","closed_at":null})";

TEST(ForgeJson, PullRequestOfGithubWithItsLabels) {
  const auto page = read_forge_page(ForgePage::github_pull_requests, "[" + kPull + "]");
  ASSERT_TRUE(page) << page.error().message;
  ASSERT_EQ(page->pull_requests.size(), 1u);
  const PullRequest& pull = page->pull_requests[0];
  EXPECT_EQ(pull.number, 7);
  EXPECT_EQ(pull.state, "open");
  EXPECT_TRUE(pull.draft);
  EXPECT_EQ(pull.head_slug, "acme/app");
  EXPECT_EQ(pull.head_ref, "ring-a");
  EXPECT_EQ(pull.base_sha, "bbb");
  EXPECT_EQ(pull.merge_commit_sha, "") << "a merge that was only tried is none";
  EXPECT_EQ(pull.closed_at, "") << "null is nothing";
  ASSERT_EQ(pull.labels.size(), 2u);
  EXPECT_EQ(pull.labels[0].name, "cohort:x");
}

TEST(ForgeJson, MergedAndForkGone) {
  const auto page = read_forge_page(ForgePage::github_pull_requests,
      R"([{"number":8,"state":"closed","user":null,"merged_at":"2026-01-03T00:00:00Z","merge_commit_sha":"mmm","head":{"ref":"x","sha":"a","repo":null},
          "base":{"ref":"main","sha":"b"},"created_at":"2026-01-01T00:00:00Z"}])");
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(page->pull_requests[0].state, "merged");
  EXPECT_EQ(page->pull_requests[0].merge_commit_sha, "mmm");
  EXPECT_EQ(page->pull_requests[0].head_slug, "");
  EXPECT_EQ(page->pull_requests[0].author, "");
}

TEST(ForgeJson, MergeRequestOfGitlabInTheSameWords) {
  const auto page = read_forge_page(ForgePage::gitlab_merge_requests,
      R"([{"iid":3,"state":"opened","draft":false,"author":{"username":"bob"},"source_branch":"ring-a","target_branch":"main","sha":"aaa",
          "source_project_id":5,"target_project_id":5,"references":{"full":"group/sub/app!3"},"labels":["cohort:x"],"detailed_merge_status":"mergeable",
          "created_at":"2026-01-01T00:00:00.123Z","updated_at":"2026-01-02T00:00:00.000Z","merged_at":null},
         {"iid":4,"state":"merged","source_branch":"x","target_branch":"main","sha":null,"source_project_id":6,"target_project_id":5,
          "squash_commit_sha":"sss","created_at":"2026-01-01T00:00:00Z","merged_at":"2026-01-05T00:00:00.5Z"}])");
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(page->pull_requests[0].number, 3);
  EXPECT_EQ(page->pull_requests[0].state, "open");
  EXPECT_EQ(page->pull_requests[0].head_slug, "group/sub/app");
  EXPECT_EQ(page->pull_requests[0].merge_state, "clean");
  EXPECT_EQ(page->pull_requests[0].created_at, "2026-01-01T00:00:00Z");
  EXPECT_EQ(page->pull_requests[1].head_slug, "") << "a fork's path is not in the list";
  EXPECT_EQ(page->pull_requests[1].merge_commit_sha, "sss");
  EXPECT_EQ(page->pull_requests[1].closed_at, "2026-01-05T00:00:00Z");
}

TEST(ForgeJson, RunsAndPipelinesEndAlike) {
  const auto runs = read_forge_page(ForgePage::github_runs,
      R"({"total_count":2,"workflow_runs":[{"id":30433642,"name":"Build","path":".github/workflows/build.yml@main","event":"push","status":"completed",
         "conclusion":"success","head_branch":"main","head_sha":"abc","run_attempt":2,"created_at":"2026-01-01T00:00:00Z"},
         {"id":2,"status":"queued","conclusion":null,"head_sha":"abd","created_at":"2026-01-01T00:00:00Z"}]})");
  ASSERT_TRUE(runs) << runs.error().message;
  EXPECT_EQ(runs->workflow_runs[0].workflow_path, ".github/workflows/build.yml");
  EXPECT_EQ(runs->workflow_runs[0].run_attempt, 2);
  EXPECT_EQ(runs->workflow_runs[1].conclusion, "");
  const struct {
    const char *status, *ours, *conclusion;
  } cases[] = {{"success", "completed", "success"}, {"failed", "completed", "failure"}, {"canceled", "completed", "cancelled"},
               {"skipped", "completed", "skipped"}, {"running", "in_progress", ""},     {"manual", "waiting", ""}, {"pending", "queued", ""}};
  for (const auto& each : cases) {
    const auto read = read_forge_page(ForgePage::gitlab_pipelines, R"([{"id":1,"status":")" + std::string(each.status) + R"(","ref":"main","sha":"a","created_at":"2026-01-01T00:00:00Z"}])");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->workflow_runs[0].status, each.ours) << each.status;
    EXPECT_EQ(read->workflow_runs[0].conclusion, each.conclusion) << each.status;
  }
}

TEST(ForgeJson, RequiredChecksOfProtectionAndRulesets) {
  const auto branch = read_forge_page(ForgePage::github_branch,
      R"({"name":"main","protected":true,"protection":{"enabled":true,"required_status_checks":{"enforcement_level":"everyone","contexts":["build","lint"],
         "checks":[{"context":"build","app_id":15368},{"context":"lint","app_id":null},{"context":"any","app_id":-1}]}}})");
  ASSERT_TRUE(branch) << branch.error().message;
  ASSERT_EQ(branch->required_checks.size(), 3u);
  EXPECT_EQ(branch->required_checks[0].app, 15368);
  EXPECT_EQ(branch->required_checks[1].app, std::nullopt);
  EXPECT_EQ(branch->required_checks[2].app, std::nullopt);
  const auto off = read_forge_page(ForgePage::github_branch,
      R"({"name":"main","protected":false,"protection":{"enabled":false,"required_status_checks":{"enforcement_level":"off","contexts":["x"],"checks":[]}}})");
  ASSERT_TRUE(off);
  EXPECT_TRUE(off->required_checks.empty());
  const auto old = read_forge_page(ForgePage::github_branch, R"({"name":"main","protection":{"required_status_checks":{"contexts":["x"]}}})");
  ASSERT_TRUE(old);
  EXPECT_EQ(old->required_checks.size(), 1u);
  const auto rules = read_forge_page(ForgePage::github_branch_rules,
      R"([{"type":"deletion"},{"type":"required_status_checks","parameters":{"required_status_checks":[{"context":"build","integration_id":15368},{"context":"x"}]}}])");
  ASSERT_TRUE(rules) << rules.error().message;
  ASSERT_EQ(rules->required_checks.size(), 2u);
  EXPECT_EQ(rules->required_checks[0].source, "ruleset");
  EXPECT_EQ(rules->required_checks[1].app, std::nullopt);
}

TEST(ForgeJson, SystemNotesAreNoComments) {
  const auto notes = read_forge_page(ForgePage::gitlab_notes,
      R"([{"system":true,"body":"added 1 commit","created_at":"2026-01-01T00:00:00Z"},{"system":false,"body":"done","author":{"username":"bot"},"created_at":"2026-01-01T00:00:00Z"}])");
  ASSERT_TRUE(notes);
  ASSERT_EQ(notes->comments.size(), 1u);
  EXPECT_EQ(notes->comments[0].author, "bot");
}

TEST(ForgeJson, RepositoriesWithTheirVisibility) {
  const auto whole = read_github_repository(R"({"full_name":"acme/app","default_branch":"main","private":true,"visibility":"internal","archived":true})");
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->visibility, "internal");
  EXPECT_TRUE(whole->archived);
  const auto old = read_github_repository(R"({"full_name":"acme/app","default_branch":"main","private":true})");
  ASSERT_TRUE(old);
  EXPECT_EQ(old->visibility, "private");
  const auto project = read_gitlab_project(R"({"path_with_namespace":"group/sub/app","default_branch":"main","visibility":"internal","archived":false})");
  ASSERT_TRUE(project);
  EXPECT_EQ(project->full_name, "group/sub/app");
}

TEST(ForgeJson, TagsLeadToCommits) {
  const auto github = read_forge_page(ForgePage::github_tags, R"([{"name":"v1","commit":{"sha":"abc","url":"x"}}])");
  const auto gitlab = read_forge_page(ForgePage::gitlab_tags, R"([{"name":"v1","target":"of the tag itself","commit":{"id":"abc"}}])");
  ASSERT_TRUE(github && gitlab);
  for (const auto& page : {*github, *gitlab}) {
    ASSERT_EQ(page.tags.size(), 1u);
    EXPECT_EQ(page.tags[0].name + ' ' + page.tags[0].commit_id, "v1 abc");
  }
}

TEST(ForgeJson, EnvironmentsHaveTheirGates) {
  const auto page = read_forge_page(ForgePage::github_environments, R"({"environments":[{"name":"open","protection_rules":[],"deployment_branch_policy":null},
    {"name":"prod","protection_rules":[{"type":"required_reviewers","reviewers":[{},{}]},{"type":"wait_timer","wait_timer":30},{"type":"branch_policy"}],
     "deployment_branch_policy":{"protected_branches":false,"custom_branch_policies":true}}]})");
  ASSERT_TRUE(page);
  ASSERT_EQ(page->environments.size(), 2u);
  EXPECT_EQ(page->environments[0].rules.size(), 0u);
  const ForgeEnvironment& prod = page->environments[1];
  EXPECT_EQ(prod.reviewers, 2);
  EXPECT_EQ(prod.wait_minutes, 30);
  EXPECT_EQ(prod.rules, (std::vector<std::string>{"required_reviewers", "wait_timer", "branch_policy"}));
  EXPECT_EQ(prod.branch_policy, "custom");
}

TEST(ForgeJson, ABranchSaysWhetherItIsProtectedAndRulesetsWhatTheyAsk) {
  const auto branch = read_forge_page(ForgePage::github_branch, R"({"name":"main","protected":true})"), open = read_forge_page(ForgePage::github_branch, R"({"name":"x","protected":false})");
  const auto rules = read_forge_page(ForgePage::github_branch_rules, R"([{"type":"pull_request","parameters":{"required_approving_review_count":2}},{"type":"deletion"}])");
  ASSERT_TRUE(branch && open && rules);
  ASSERT_EQ(branch->branches.size(), 1u);
  EXPECT_TRUE(branch->branches[0].is_protected);
  EXPECT_TRUE(open->branches.empty());
  ASSERT_EQ(rules->branches.size(), 2u);
  EXPECT_EQ(rules->branches[0].approvals, 2);
  EXPECT_FALSE(rules->branches[1].approvals);
}

TEST(ForgeJson, AnAppHasPermissionsAndEvents) {
  const auto page = read_forge_page(ForgePage::github_app, R"({"slug":"x","permissions":{"checks":"write","metadata":"read"},"events":["push"]})");
  ASSERT_TRUE(page);
  std::string grants;
  for (const ForgeAppGrant& each : page->app_grants) grants += each.kind + " " + each.name + " " + each.access + ";";
  EXPECT_EQ(grants, "permission checks write;permission metadata read;event push ;");
}

TEST(ForgeJson, AnotherShapeIsMalformed) {
  for (const char* text : {"", "{", "{}", "\"x\"", "[1]", "[{}]", "[[]]", "null", "<html>", "[{\"number\":\"x\"}]"})
    for (const ForgePage page : {ForgePage::github_pull_requests, ForgePage::github_comments, ForgePage::github_runs, ForgePage::github_releases,
                                 ForgePage::github_secrets, ForgePage::github_branch, ForgePage::gitlab_merge_requests, ForgePage::gitlab_pipelines,
                                 ForgePage::gitlab_releases, ForgePage::github_tags, ForgePage::gitlab_tags, ForgePage::gitlab_notes, ForgePage::github_branch_rules,
                                 ForgePage::github_environments, ForgePage::github_app})
      EXPECT_FALSE(read_forge_page(page, text)) << text << " " << static_cast<int>(page);
  EXPECT_FALSE(read_github_repository("[]"));
  EXPECT_FALSE(read_gitlab_project("{}"));
  EXPECT_FALSE(read_github_environments("[]"));
}

}  // namespace
}  // namespace trueup::formats
