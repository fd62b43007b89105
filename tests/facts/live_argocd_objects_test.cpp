// Application sets, projects and repositories as servers have them.
#include "facts/live_argocd_objects.hpp"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "facts/application_fields.hpp"
#include "formats/resource_list.hpp"
#include "formats/yaml.hpp"

namespace trueup::facts {
namespace {

using testing::HasSubstr;

TEST(LiveApplicationSet, WhatTheServerWritesIntoGeneratorsIsNoDifference) {
  const formats::Document declared = formats::parse_yaml("goTemplate: false\ngenerators:\n- list: {elements: [{tenant: t1, debug: false}]}\n"
                                                         "template: {metadata: {name: '{{tenant}}'}, spec: {source: {targetRevision: \"1.0\"}}}\n");
  const auto live = read_live_application_set(R"({"metadata":{"name":"s"},"spec":{"generators":[{"list":{"elements":[{"debug":false,"tenant":"t1"}],
      "template":{"metadata":{},"spec":{"destination":{},"project":""}}}}],"template":{"metadata":{"name":"{{tenant}}"},"spec":{"source":{"targetRevision":"1.0"}}}}})");
  ASSERT_TRUE(live) << live.error().message;
  EXPECT_EQ(live->fields, to_json(application_set_fields(declared, declared.root())));
  EXPECT_THAT(live->fields, HasSubstr(R"("/template/spec/source/targetRevision":"1.0")"));
}

TEST(LiveApplicationSet, AnErrorIsAConditionThatIsTrue) {
  const auto read = [](const std::string& status) {
    auto row = read_live_application_set(R"({"metadata":{"name":"s","labels":{"app.kubernetes.io/instance":"root"}},"spec":{"generators":[]},"status":{"conditions":[{"type":"ErrorOccurred","status":")" +
                                         status + R"(","message":"clone https://bot:hunter2@git.example/a failed","lastTransitionTime":"2026-01-01T00:00:00Z"}]}})");
    EXPECT_TRUE(row);
    return *row;
  };
  EXPECT_EQ(read("True").problem, "clone https://***@git.example/a failed");
  EXPECT_EQ(read("True").problem_since, "2026-01-01T00:00:00Z");
  EXPECT_EQ(read("True").tracked_by, "root");
  EXPECT_EQ(read("False").problem, "");
}

TEST(LiveProject, HasPatternsThatAllowAndDeny) {
  const auto row = read_live_project(R"({"metadata":{"name":"p"},"spec":{"sourceRepos":["*","!https://git.example/x"],"destinations":[{"server":"*","namespace":"t*"},{"name":"in-cluster"}]}})");
  ASSERT_TRUE(row) << row.error().message;
  EXPECT_EQ(row->sources.at(1).pattern, "https://git.example/x");
  EXPECT_TRUE(row->sources.at(1).denied && !row->sources.at(0).denied);
  EXPECT_EQ(row->destinations.at(0).namespace_pattern, "t*");
  EXPECT_EQ(row->destinations.at(1).server, std::nullopt);
}

TEST(LiveRepository, HasAnAddressAndHowItAnswered) {
  const auto row = read_live_repository(R"({"repo":"https://bot:hunter2@git.example/a","type":"git","connectionState":{"status":"Failed","message":"no","attemptedAt":"t"}})");
  ASSERT_TRUE(row);
  EXPECT_EQ(row->url.find("hunter2"), std::string::npos);
  EXPECT_EQ(row->type + " " + row->connection_status + " " + row->connection_message + " " + row->attempted_at, "git Failed no t");
}

TEST(LiveArgocdObjects, WhatIsNoneOfThemIsMalformed) {
  for (const char* text : {"", "[]", "{}", "7", R"({"metadata":{"name":"a"}})", R"({"metadata":{"name":null},"spec":{}})", "{\"a\":", R"({"repo":null})"}) {
    EXPECT_FALSE(read_live_application_set(text)) << text;
    EXPECT_FALSE(read_live_project(text)) << text;
    EXPECT_FALSE(read_live_repository(text)) << text;
  }
}

TEST(LiveArgocdObjects, RecordedOnesAreTheSameFromBothApis) {
  const char* shared = ::getenv("TRUEUP_SHARED");
  const std::filesystem::path folder = (shared ? shared : std::filesystem::path(TRUEUP_SOURCE_DIR) / ".." / "shared") / "recorded";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "no recordings at " << folder << "; set TRUEUP_SHARED to the folder above recorded/";
  const auto objects = [&](const std::string& file) {
    std::ifstream stream(folder / file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    const std::size_t body = text.find("\"items\"");
    const std::size_t open = text.rfind("\"body\"", body), begin = text.find('{', open);
    std::size_t end = begin;
    for (int depth = 0; end < text.size(); ++end)
      if ((depth += text[end] == '{' ? 1 : text[end] == '}' ? -1 : 0) == 0) break;
    const auto list = formats::split_json_resources(text.substr(begin, end + 1 - begin));
    EXPECT_TRUE(list) << file << ": " << list.error().message;
    return *list;
  };
  const auto rest = objects("argocd/applicationsets-200.json"), custom = objects("kubernetes/applicationsets-200.json");
  ASSERT_EQ(rest.items.size(), 1u);
  ASSERT_EQ(custom.items.size(), 1u);
  EXPECT_EQ(read_live_application_set(rest.items[0].text)->fields, read_live_application_set(custom.items[0].text)->fields);
  const auto projects = objects("argocd/projects-200.json"), resources = objects("kubernetes/appprojects-200.json");
  ASSERT_EQ(projects.items.size(), resources.items.size());
  for (std::size_t i = 0; i < projects.items.size(); ++i) {
    const auto one = read_live_project(projects.items[i].text), other = read_live_project(resources.items[i].text);
    ASSERT_TRUE(one && other);
    EXPECT_EQ(one->name, other->name);
    EXPECT_EQ(one->sources.size(), other->sources.size());
    EXPECT_EQ(one->destinations.size(), other->destinations.size());
  }
  const auto repositories = objects("argocd/repositories-200.json"), down = objects("argocd/outage-repo-server-repositories-200.json");
  EXPECT_EQ(read_live_repository(repositories.items.at(0).text)->connection_status, "Successful");
  EXPECT_EQ(read_live_repository(down.items.at(0).text)->connection_status, "Failed");
}

}  // namespace
}  // namespace trueup::facts
