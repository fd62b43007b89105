// What contexts hold for each event, and what conditions come to then.

#include <gtest/gtest.h>

#include "formats/event_context.hpp"

namespace trueup::formats {
namespace {

using Names = std::vector<std::string>;

TriggerEvent event(std::string name) {
  TriggerEvent event;
  event.name = std::move(name);
  return event;
}

TriggerEvent push_of(Names branches) {
  TriggerEvent push = event("push");
  push.branches = std::move(branches);
  return push;
}

char truth(std::string_view condition, const EventContext& context) {
  const auto expression = Expression::parse(condition);
  if (!expression) return '!';
  switch (truth_of(*expression, context.environment())) {
    case Truth::truthy: return 'y';
    case Truth::falsy: return 'n';
    case Truth::unknown: break;
  }
  return '?';
}

TEST(EventContext, DecidesWhatTheEventDecides) {
  TriggerEvent tags = event("push"), closed = event("pull_request"), both = push_of({"main"}), ignored = event("push"),
               types = event("repository_dispatch"), target = event("pull_request_target"), run = event("workflow_run");
  tags.tags = Names{"v*"};
  closed.types = Names{"closed"};
  both.tags = Names{"v1"};
  ignored.branches_ignore = Names{"docs/**"};
  types.types = Names{"chart", "image"};
  target.branches = Names{"main"};
  run.branches = Names{"ring-*"};
  const struct {
    TriggerEvent event;
    std::string_view condition;
    char truth;
  } rows[] = {
      {event("push"), "github.event_name == 'push'", 'y'},
      {event("push"), "github.event_name == 'PUSH'", 'y'},
      {event("push"), "github.event_name != 'push'", 'n'},
      {event("push"), "github.ref == 'main'", 'n'},
      {event("push"), "github.ref != 'main'", 'y'},
      {event("push"), "'main' == github.ref", 'n'},
      {event("push"), "github.ref == 'refs/heads/main'", '?'},
      {event("push"), "github.ref == 'refs/pull/1/merge'", 'n'},
      {event("push"), "github.ref", 'y'},
      {event("push"), "startsWith(github.ref, 'refs/')", 'y'},
      {event("push"), "startsWith(github.ref, 'REFS/tags/')", '?'},
      {event("push"), "startsWith(github.ref, 'refs/pull')", 'n'},
      {event("push"), "startsWith(github.ref, 'ref')", 'y'},
      {event("push"), "startsWith(github.ref_name, 'refs/heads/')", '?'},
      {event("push"), "github.ref_name == 'refs/heads/main'", 'n'},
      {event("push"), "github.head_ref", 'n'},
      {event("push"), "github.head_ref == ''", 'y'},
      {event("push"), "contains(github.head_ref, 'ring')", 'n'},
      {event("push"), "endsWith(github.ref, 'main')", '?'},
      {event("push"), "github.ref_type == 'commit'", 'n'},
      {event("push"), "github.ref_type == 'tag'", '?'},
      {event("push"), "github.event.pull_request.merged == true", 'n'},
      {event("push"), "github.event.head_commit.message == 'x'", '?'},
      {event("push"), "github.event.repository.private", '?'},
      {event("push"), "inputs.x == 'a'", 'n'},
      {push_of({"main", "ring-*"}), "github.ref == 'refs/heads/Main'", '?'},
      {push_of({"main", "ring-*"}), "github.ref == 'refs/heads/ring-a'", '?'},
      {push_of({"main", "ring-*"}), "github.ref == 'refs/heads/ring-a/b'", 'n'},
      {push_of({"main", "ring-*"}), "github.ref_name == 'beta'", 'n'},
      {push_of({"main"}), "github.ref_name == 'main'", 'y'},
      {push_of({"main"}), "github.ref_type == 'branch'", 'y'},
      {push_of({"main"}), "startsWith(github.ref, 'refs/tags/')", 'n'},
      {push_of({"**", "!docs"}), "github.ref_name == 'docs'", 'n'},
      {push_of({"ring-?x"}), "github.ref_name == 'ringx'", '?'},
      {push_of({"v[12].[0-9]+"}), "github.ref_name == 'v1.23'", '?'},
      {push_of({"v[12].[0-9]+"}), "github.ref_name == 'v3.1'", 'n'},
      {both, "github.ref == 'refs/tags/v1'", '?'},
      {both, "github.ref == 'refs/tags/v2'", 'n'},
      {both, "github.ref_type == 'tag'", '?'},
      {tags, "github.ref_type == 'branch'", 'n'},
      {tags, "startsWith(github.ref, 'refs/heads/')", 'n'},
      {ignored, "github.ref_name == 'docs/a'", 'n'},
      {ignored, "github.ref_name == 'main'", '?'},
      {event("pull_request"), "github.ref == 'refs/heads/main'", 'n'},
      {closed, "github.ref == 'refs/heads/main'", '?'},
      {closed, "github.event.action == 'opened'", 'n'},
      {closed, "github.event.action == 'closed'", 'y'},
      {target, "github.base_ref == 'beta'", 'n'},
      {target, "github.event.pull_request.base.ref == 'beta'", 'n'},
      {target, "github.ref == 'refs/heads/beta'", '?'},
      {target, "github.head_ref == 'beta'", '?'},
      {event("pull_request_review"), "github.head_ref == 'beta'", '?'},
      {event("release"), "github.ref == 'refs/heads/main'", 'n'},
      {event("create"), "github.ref == 'refs/heads/main'", '?'},
      {event("schedule"), "github.event.schedule == '1 1 * * *'", '?'},
      {event("workflow_dispatch"), "inputs.x == 'a'", '?'},
      {run, "github.event.workflow_run.conclusion == 'success'", '?'},
      {run, "github.event.workflow_run.conclusion == 'succes'", 'n'},
      {run, "github.event.workflow_run.head_branch == 'main'", 'n'},
      {types, "github.event.action == 'chart'", '?'},
      {types, "github.event.action == 'charts'", 'n'},
      {types, "contains(fromJSON('[\"a\", \"b\"]'), github.event.action)", 'n'},
      {types, "contains(fromJSON('[\"a\", \"chart\"]'), github.event.action)", '?'},
      {types, "github.event.client_payload.x == 'a'", '?'},
      {event("workflow_call"), "github.event_name == 'workflow_call'", 'n'},
      {event("workflow_call"), "github.event_name == 'push'", '?'},
      {event("workflow_call"), "github.event.pull_request", '?'},
      {event("workflow_call"), "github.ref == 'main'", 'n'},
      {event("workflow_call"), "github.head_ref == 'main'", '?'},
      {event("workflow_call"), "inputs.x", '?'},
      {event("brand_new"), "github.event.anything", '?'},
      {event("brand_new"), "github.head_ref", '?'},
  };
  for (const auto& row : rows)
    EXPECT_EQ(truth(row.condition, EventContext(row.event)), row.truth) << row.event.name << ": " << row.condition;
}

TEST(EventContext, WithoutFiltersSaysWhatHoldsOfEveryRun) {
  EXPECT_EQ(truth("github.ref_name == 'beta'", EventContext(push_of({"main"}), false)), '?');
  EXPECT_EQ(truth("github.ref == 'beta'", EventContext(push_of({"main"}), false)), 'n');
  TriggerEvent broken = push_of({"main"});
  broken.filters_complete = false;
  EXPECT_EQ(truth("github.ref_name == 'beta'", EventContext(broken)), '?');
}

TEST(EventContext, APatternThatDoesNotCompileAllowsAll) {
  EXPECT_EQ(truth("github.ref_name == 'beta'", EventContext(push_of({"[", "main"}))), '?');
  EXPECT_EQ(truth("github.ref_name == 'beta'", EventContext(push_of(Names(200, "main")))), '?');
}

TEST(TextShape, OfTwoUnknownTextsNothingIsSaid) {
  EXPECT_EQ(truth("github.ref == github.head_ref", EventContext(event("pull_request"))), '?');
  EXPECT_EQ(truth("github.ref == github.event.ref", EventContext(event("push"))), '?');
  EXPECT_EQ(truth("github.ref == 1", EventContext(event("push"))), '?');
}

std::string tests_of(std::string_view condition, const EventContext& context) {
  std::string found;
  for (const ConditionTest& test : test_condition(*Expression::parse(condition), context.environment())) {
    found += std::string(slice(condition, test.range)) + (test.reached ? " " : " unreached ");
    found += test.truth == Truth::truthy ? "y; " : test.truth == Truth::falsy ? "n; " : "?; ";
  }
  return found;
}

TEST(ConditionTests, AreEachJudgedByThemselves) {
  const EventContext push(event("push"));
  EXPECT_EQ(tests_of("github.event_name == 'push' && (github.head_ref == 'a' || github.actor == 'b')", push),
            "github.event_name == 'push' y; github.head_ref == 'a' n; github.actor == 'b' ?; ");
  EXPECT_EQ(tests_of("github.event_name == 'push' || github.head_ref == 'a'", push),
            "github.event_name == 'push' y; github.head_ref == 'a' unreached n; ");
  EXPECT_EQ(tests_of("!(github.event_name == 'push') && github.head_ref == 'a'", push),
            "github.event_name == 'push' y; github.head_ref == 'a' unreached n; ");
  EXPECT_EQ(tests_of("always() && !startsWith(github.head_ref, 'a') && github.actor", push), "startsWith(github.head_ref, 'a') n; ");
}

}  // namespace
}  // namespace trueup::formats
