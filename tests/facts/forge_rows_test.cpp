#include "facts/forge_rows.hpp"

#include <gtest/gtest.h>

#include "facts/statement.hpp"

namespace trueup::facts {
namespace {

std::string asked(Store& store, const std::string& sql) {
  Statement statement(store.database(), sql);
  std::string rows;
  while (statement.row()) rows += statement.text(0) + ";";
  return rows;
}

formats::PullRequest pull(std::int64_t number, const std::string& state) {
  formats::PullRequest made;
  made.number = number;
  made.state = state;
  made.head_ref = "ring-a";
  made.head_sha = "abc";
  made.base_ref = "main";
  made.created_at = "2026-01-01T00:00:00Z";
  made.labels = {{"cohort:x", ""}};
  return made;
}

TEST(ForgeRows, WhatSeveralListsShowStandsOnce) {
  Store store;
  ForgeItemStore items(store);
  formats::ForgeItems open, closed;
  open.pull_requests = {pull(1, "open"), pull(2, "open")};
  closed.pull_requests = {pull(2, "merged"), pull(3, "closed")};
  open.workflow_runs = closed.workflow_runs = {{7, "", "", "push", "completed", "success", "main", "abc", 1, "2026-01-01T00:00:00Z", ""}};
  ForgeListRow list;
  list.slug = "acme/app";
  EXPECT_EQ(items.add(list, open).pull_requests.size(), 2u);
  const auto added = items.add(list, closed);
  ASSERT_EQ(added.pull_requests.size(), 1u);
  EXPECT_EQ(added.pull_requests[0]->number, 3);
  EXPECT_TRUE(added.workflow_runs.empty());
  EXPECT_EQ(asked(store, "SELECT number || state FROM pull_request ORDER BY id"), "1open;2open;3closed;");
  EXPECT_EQ(asked(store, "SELECT p.number || l.name FROM pull_request_label l JOIN pull_request p ON p.id = l.pull_request ORDER BY l.id"),
            "1cohort:x;2cohort:x;3cohort:x;");
  list.slug = "acme/other";
  EXPECT_EQ(items.add(list, open).pull_requests.size(), 2u) << "numbers count within one repository";
}

TEST(ForgeRows, CommentsBelongToTheirPullRequestAndAreCutBetweenCharacters) {
  Store store;
  ForgeItemStore items(store);
  ForgeListRow list;
  list.slug = "acme/app";
  formats::ForgeItems pulls, comments;
  pulls.pull_requests = {pull(7, "open")};
  items.add(list, pulls);
  comments.comments = {{"alice", std::string(4'095, 'x') + "ä", "2026-01-01T00:00:00Z"}};
  list.about = "7";
  items.add(list, comments);
  list.about = "8";
  items.add(list, comments);
  EXPECT_EQ(asked(store, "SELECT pull_request || ' ' || length(CAST(body AS BLOB)) FROM pull_request_comment"), "1 4095;");
}

TEST(ForgeRows, TimesOfLabelsComeLaterAndTheLastOneCounts) {
  Store store;
  ForgeItemStore items(store);
  ForgeListRow list;
  list.slug = "acme/app";
  formats::ForgeItems pulls, events;
  pulls.pull_requests = {pull(7, "open"), pull(8, "open")};
  items.add(list, pulls);
  events.label_events = {{"cohort:x", "2026-01-03T00:00:00Z"}, {"cohort:x", "2026-01-02T00:00:00Z"}, {"gone", "2026-01-04T00:00:00Z"}};
  list.about = "7";
  items.add(list, events);
  EXPECT_EQ(asked(store, "SELECT pull_request || coalesce(added_at, '-') FROM pull_request_label ORDER BY id"), "12026-01-03T00:00:00Z;2-;");
}

TEST(ForgeRows, WhatIsNotToldIsNull) {
  Store store;
  ForgeItemStore items(store);
  add_reading(store, ForgeRepositoryRow{{"unknown", "no", true, "http_503", "", ""}, "acme/app", "github.com", "github", "", "", ""});
  add_reading(store, ForgeRepositoryRow{{"present", "", false, "", "", ""}, "acme/ci", "github.com", "github", "acme/ci", "main", "public"});
  EXPECT_EQ(asked(store, "SELECT coalesce(archived, 'NULL') || coalesce(visibility, 'NULL') || coalesce(answer, 'NULL') FROM forge_repository"),
            "NULLNULLhttp_503;0publicNULL;");
  ForgeListRow list{{"present", "", false, "", "", ""}, "acme/app", "secret", "", true, ""};
  formats::ForgeItems secrets;
  secrets.secrets = {{"PAT", "", "acme"}, {"KEY", "prod", ""}};
  items.add(list, secrets);
  EXPECT_EQ(asked(store, "SELECT name || coalesce(environment, '-') || coalesce(organization, '-') FROM forge_secret"), "PAT-acme;KEYprod-;");
  add_reading(store, list);
  EXPECT_EQ(asked(store, "SELECT coalesce(about, 'NULL') || coalesce(because, 'NULL') FROM forge_list"), "NULLNULL;");
}

}  // namespace
}  // namespace trueup::facts
