#include "formats/release_version.hpp"

#include <gtest/gtest.h>

#include "formats/toml_value.hpp"

namespace trueup::formats {
namespace {

TEST(ReleaseVersion, OrdersAsReleasesDoInEveryEcosystem) {
  const std::vector<std::vector<std::string>> ascending = {
      {"7.6", "7.6.0", "v7.6.0", "7.6.0+build.5"}, {"7.6.1.dev3"}, {"7.6.1a1", "7.6.1-alpha.1"}, {"7.6.1-beta.2", "7.6.1b2"}, {"7.6.1-rc"},
      {"7.6.1rc1", "7.6.1-rc.1", "v7.6.1-rc1", "7.6.1c1"}, {"7.6.1-rc.2"}, {"7.6.1-rc.10"}, {"7.6.1"}, {"7.6.1.post1"}, {"7.6.1.1"}, {"7.6.2"}, {"7.10.0"}, {"10.0"}};
  std::string before;
  for (const auto& equal : ascending) {
    const auto first = ReleaseVersion::parse(equal.front());
    ASSERT_TRUE(first) << equal.front();
    EXPECT_LT(before, first->key) << equal.front();
    for (const std::string& text : equal) EXPECT_EQ(ReleaseVersion::parse(text)->key, first->key) << text;
    before = first->key;
  }
}

TEST(ReleaseVersion, KnowsTheReleaseOfACandidate) {
  const auto candidate = ReleaseVersion::parse("v7.6.8-rc.1"), release = ReleaseVersion::parse("07.6.8");
  ASSERT_TRUE(candidate && release);
  EXPECT_TRUE(candidate->is_candidate && candidate->v_prefix && release->leading_zeros);
  EXPECT_FALSE(release->is_candidate);
  EXPECT_EQ(candidate->final_text, "7.6.8");
  EXPECT_EQ(candidate->final_key, release->key);
}

TEST(ReleaseVersion, WhatIsNoVersionIsNone) {
  for (const char* text : {"", "v", "7", "latest", "7.6.x", "7.6.", "7.6.8-", "7.6.8/9", "x7.6.8", "7..8", "7.6.8 beta", "V7.6.8", "${TAG}", "1.2.3-a/b"})
    EXPECT_FALSE(ReleaseVersion::parse(text)) << text;
  EXPECT_FALSE(ReleaseVersion::parse(std::string(300, '1') + ".2"));
}

TEST(TagShape, SaysHowTagsAreCalled) {
  const struct {
    const char *shape, *tag, *name, *version;
  } table[] = {{"{version}", "7.6.8", "", "7.6.8"},
               {"{version}", "v7.6.8", "", "v7.6.8"},
               {"v{version}", "v7.6.8", "", "7.6.8"},
               {"v{version}", "vv7.6.8", nullptr, nullptr},
               {"v{version}", "7.6.8", nullptr, nullptr},
               {"release-{version}-final", "release-1.0-final", "", "1.0"},
               {"{name}-{version}", "kube-state-metrics-2.0.1", "kube-state-metrics", "2.0.1"},
               {"{name}-{version}", "redis-7-1.0.0-rc.1", "redis-7", "1.0.0-rc.1"},
               {"{name}/v{version}", "api/v1.2.3", "api", "1.2.3"},
               {"{name}-{version}", "1.0.0", nullptr, nullptr},
               {"{name}-{version}", "a/b-1.0.0", nullptr, nullptr}};
  for (const auto& row : table) {
    const auto match = TagShape::parse(row.shape)->match(row.tag);
    ASSERT_EQ(match.has_value(), row.version != nullptr) << row.shape << ' ' << row.tag;
    if (!match) continue;
    EXPECT_EQ(match->name, row.name) << row.tag;
    EXPECT_EQ(match->version, row.version) << row.tag;
    EXPECT_EQ(TagShape::parse(row.shape)->fill(match->name, match->version), row.tag);
  }
  for (const char* none : {"", "v", "{name}", "{version}{name}", "{version}-{date}"}) EXPECT_FALSE(TagShape::parse(none)) << none;
}

TEST(Toml, AScalarHasTheBytesOfItsText) {
  const std::string source = "# café\n[project]\nname = \"x\" # é\nversion = \"7.6.8\"\n[tool]\nports = [1, 20]\nraw = 'a\\b'\nday = 2026-01-31\nescaped = \"a\\tb\"\n";
  const struct {
    const char *pointer, *text, *bytes;
  } table[] = {{"/project/version", "7.6.8", "7.6.8"}, {"/tool/ports/1", "20", "20"}, {"/tool/raw", "a\\b", "a\\b"},
               {"/tool/day", "2026-01-31", "2026-01-31"}, {"/tool/escaped", "a\tb", "a\\tb"}};
  for (const auto& row : table) {
    const auto scalar = toml_scalar(source, row.pointer);
    ASSERT_TRUE(scalar && *scalar) << row.pointer;
    EXPECT_EQ((*scalar)->text, row.text);
    EXPECT_EQ(slice(source, (*scalar)->bytes), row.bytes) << row.pointer;
  }
  for (const char* none : {"/project", "/project/x", "/tool/ports/2", "/tool/ports", "/nothing/at/all"}) EXPECT_FALSE(*toml_scalar(source, none)) << none;
  EXPECT_FALSE(toml_scalar("a = [\n", "/a"));
  EXPECT_FALSE(toml_scalar("a = " + std::string(100'000, '['), "/a"));
}

}  // namespace
}  // namespace trueup::formats
