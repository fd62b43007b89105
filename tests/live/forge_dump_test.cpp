#include "live/forge_dump.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace trueup::live {
namespace {

using testing::HasSubstr;

ForgeServer server(ForgeKind kind, const std::string& host) { return {kind, host, default_api_url(kind, host), ""}; }

ForgeListReading list_of(Forge& forge, ForgeListKind kind, const std::string& about = "") {
  return forge.lists(std::vector<ForgeListQuestion>{{"acme/App", kind, about}}).at(0);
}

TEST(ForgeDump, IsReadAsTheServerIs) {
  ForgeDump dump{"live/forge", {}, std::nullopt, "2026-01-01T00:00:00Z"};
  dump.texts = {
      {"repos/acme/app.json", R"({"full_name": "acme/app", "default_branch": "main", "visibility": "private", "private": true, "archived": false})"},
      {"repos/acme/app/releases.json", R"([{"tag_name": "v1", "name": "One", "draft": false, "prerelease": false, "target_commitish": "main", "created_at": "2026-01-01T00:00:00Z"}])"},
      {"repos/acme/app/tags.json", "<html>"}};
  const auto forge = make_forge_dump(server(ForgeKind::github, "github.com"), dump);
  const auto about = forge->repositories(std::vector<std::string>{"acme/App", "acme/gone"});
  EXPECT_EQ(about[0].full_name, "acme/app");
  EXPECT_EQ(about[0].from.address, "live/forge/repos/acme/app.json");
  ASSERT_TRUE(about[1].unknown) << "no file is no proof of absence";
  EXPECT_EQ(about[1].unknown->code, "not_in_dump");
  EXPECT_EQ(about[1].unknown->kind, UnknownKind::not_asked);
  const ForgeListReading releases = list_of(*forge, ForgeListKind::release);
  ASSERT_EQ(releases.items.releases.size(), 1U);
  EXPECT_EQ(releases.items.releases[0].tag_name, "v1");
  EXPECT_TRUE(releases.complete);
  EXPECT_THAT(list_of(*forge, ForgeListKind::workflow_run, "main").unknown->because, HasSubstr("live/forge has no repos/acme/app/actions/runs.json"));
  EXPECT_EQ(list_of(*forge, ForgeListKind::tag).unknown->code, "malformed");
}

TEST(ForgeDump, OfGitLabHasThePathsOfItsProjects) {
  ForgeDump dump{"dump", {}, std::nullopt, "2026-01-01T00:00:00Z"};
  dump.texts = {{"projects/acme/app/repository/tags.json", R"([{"name": "v1", "target": "x", "commit": {"id": "abc1234000000000000000000000000000000000"}}])"}};
  const auto forge = make_forge_dump(server(ForgeKind::gitlab, "gitlab.com"), dump);
  const ForgeListReading tags = list_of(*forge, ForgeListKind::tag);
  ASSERT_EQ(tags.items.tags.size(), 1U) << (tags.unknown ? tags.unknown->because : "");
  EXPECT_EQ(tags.items.tags[0].commit_id, "abc1234000000000000000000000000000000000");
}

TEST(ForgeDump, OneThatCannotBeReadIsUnknown) {
  const auto forge = make_forge_dump(server(ForgeKind::github, "github.com"), {"dump", {}, "dump cannot be read", "2026-01-01T00:00:00Z"});
  EXPECT_EQ(list_of(*forge, ForgeListKind::tag).unknown->because, "dump cannot be read");
}

}  // namespace
}  // namespace trueup::live
