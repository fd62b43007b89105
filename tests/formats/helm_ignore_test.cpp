#include "formats/helm_ignore.hpp"

#include <gmock/gmock.h>

namespace trueup::formats {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

bool drops(std::string_view line, std::string_view path, bool is_folder = false) {
  const auto pattern = HelmIgnorePattern::parse(line);
  EXPECT_TRUE(pattern) << line << ": " << pattern.error().message;
  return pattern && pattern->drops(path, is_folder);
}

TEST(HelmIgnore, ALineWithoutASlashIsMatchedWithTheLastNameAtAnyDepth) {
  const struct {
    std::string_view line, path;
    bool is_folder, dropped;
  } rows[] = {
      {"*.tgz", "charts/redis-1.0.0.tgz", false, true},
      {"*.tgz", "charts/redis-1.0.0.tgz.bak", false, false},
      {"redis", "charts/redis", true, true},
      {"redis", "charts/redis-ha", true, false},
      {"charts/", "charts", true, true},
      {"charts/", "charts", false, false},
      {"charts/*", "charts/redis", true, true},
      {"charts/*", "charts/redis/Chart.yaml", false, false},  // but its folder is
      {"/charts", "charts", true, true},
      {"/charts", "sub/charts", true, false},
      {"charts/redis", "sub/charts/redis", true, false},
      {"templates/*.yaml", "templates/a.yaml", false, true},
      {"templates/*.yaml", "templates/a/b.yaml", false, false},
      {"*.y?ml", "values.yaml", false, true},
      {"[Cc]hart.yaml", "Chart.yaml", false, true},
      {"[^a-z]hart.yaml", "Chart.yaml", false, true},
      {"[^A-Z]hart.yaml", "Chart.yaml", false, false},
      {"Chart\\.yaml", "Chart.yaml", false, true},
      {"*a*b*c", "xxaybzc", false, true},
      {"*a*b*c", "xxaybz", false, false},
      {"\xC3\xA9?.md", "\xC3\xA9\xC3\xA9.md", false, true},
      {"", "a", false, false},
      {"/", "a", true, false},
      {".", "Chart.yaml", false, false},
      {"./Chart.yaml", "Chart.yaml", false, false},  // not cleaned
      {"helm/charts/*.tgz", "charts/redis-1.0.0.tgz", false, false},
  };
  for (const auto& row : rows) EXPECT_EQ(drops(row.line, row.path, row.is_folder), row.dropped) << row.line << ' ' << row.path;
}

TEST(HelmIgnore, ANegatedLineDropsAllThatItDoesNotMatch) {
  EXPECT_TRUE(drops("!charts/redis.tgz", "Chart.yaml"));
  EXPECT_FALSE(drops("!charts/redis.tgz", "charts/redis.tgz"));
  EXPECT_TRUE(drops("!*.yaml", "templates", true));
  EXPECT_FALSE(drops("!*", "templates", true));
  EXPECT_TRUE(drops("!*/", "Chart.yaml"));  // no folder
  EXPECT_FALSE(drops("!*/", "templates", true));
}

TEST(HelmIgnore, WhatHelmRefusesIsMalformedAtItsPlace) {
  const struct {
    std::string_view line, message;
    std::uint32_t at;
  } rows[] = {
      {"helm/**/charts/*.tgz", "** is not supported", 5}, {"!**", "** is not supported", 1}, {"[a-z", "not closed", 3},
      {"a[]b]", "missing in [ ]", 2},                      {"[-a]", "missing in [ ]", 1},     {"a\\", "at the end", 1},
      {"[\xFF]", "not UTF-8", 1},                          {"x[", "not closed", 1},
  };
  for (const auto& row : rows) {
    const auto pattern = HelmIgnorePattern::parse(row.line);
    ASSERT_FALSE(pattern) << row.line;
    EXPECT_THAT(pattern.error().message, HasSubstr(row.message));
    ASSERT_TRUE(pattern.error().at) << row.line;
    EXPECT_EQ(pattern.error().at->begin, row.at) << row.line;
  }
}

TEST(HelmIgnore, LinesThatAreBlankOrCommentsAreLeftOut) {
  const std::string_view source = "\xEF\xBB\xBF# head\r\n\n  *.tgz \r\n#x\n!a\n  # y";
  std::vector<std::string_view> lines;
  for (const ByteRange line : helm_ignore_lines(source)) lines.push_back(slice(source, line));
  EXPECT_THAT(lines, ElementsAre("*.tgz", "!a"));
}

TEST(HelmIgnore, AHostilePatternCostsNoMoreThanTheProductOfTheLengths) {
  std::string line, path(4000, 'a');
  for (int i = 0; i < 20'000; ++i) line += "*a";
  EXPECT_FALSE(drops(line + "b", path));
}

}  // namespace
}  // namespace trueup::formats
