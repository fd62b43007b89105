#include "facts/packaged_values.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace trueup::facts {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;
using Files = std::vector<std::pair<std::string, std::string>>;

/// "default /image/tag", sorted.
std::vector<std::string> known(const Files& files) {
  const auto package = formats::read_chart_package(formats::pack_chart("atlas", files), true);
  if (!package) return {package.error().message};
  std::vector<std::string> lines;
  for (const KnownValue& value : known_values(*package)) lines.push_back(std::string(value.kind) + ' ' + value.pointer);
  std::ranges::sort(lines);
  return lines;
}

TEST(PackagedValues, AreThoseOfValuesAndOfTemplates) {
  EXPECT_THAT(known({{"Chart.yaml", "name: atlas"}, {"values.yaml", "image: {tag: x}\nempty: {}\n"}, {"templates/a.yaml", "{{ .Values.image.pull }}"},
                     {"README.md", "{{ .Values.not }}"}, {"templates.txt", "{{ .Values.not }}"}}),
              ElementsAre("default /empty", "default /image", "default /image/tag", "template /image/pull"));
}

TEST(PackagedValues, OfDependenciesStandBelowWhatTheyAreCalled) {
  const std::string dependencies = "name: atlas\ndependencies: [{name: redis, alias: a}, {name: redis, alias: b}, {name: gone}]\n";
  EXPECT_THAT(known({{"Chart.yaml", dependencies}, {"charts/redis/Chart.yaml", "name: redis"}, {"charts/redis/values.yaml", "port: 1\n"}}),
              ElementsAre("default /a/port", "default /b/port", "elsewhere /gone"));
  const std::string packed = formats::pack_chart("redis", Files{{"Chart.yaml", "name: redis"}, {"templates/x.yaml", "{{ .Values.port }}"},
                                                                {"charts/deep/Chart.yaml", "name: deep"}, {"charts/deep/values.yaml", "d: 1"}});
  EXPECT_THAT(known({{"Chart.yaml", dependencies}, {"charts/redis-1.0.0.tgz", packed}}),
              ElementsAre("default /a/deep/d", "default /b/deep/d", "elsewhere /gone", "template /a/port", "template /b/port"));
  EXPECT_THAT(known({{"Chart.yaml", "name: atlas"}, {"charts/by-hand/values.yaml", "x: 1"}}), ElementsAre("default /by-hand/x"));
}

TEST(PackagedValues, LibrariesReadWhatTheirChartIsGiven) {
  EXPECT_THAT(known({{"Chart.yaml", "name: atlas"}, {"charts/common/Chart.yaml", "{name: common, type: library}"}, {"charts/common/templates/_a.tpl", "{{ .Values.image }}"}}),
              ElementsAre("template /common/image", "template /image"));
}

TEST(PackagedValues, WhatCannotBeReadMayBeAnything) {
  EXPECT_THAT(known({{"Chart.yaml", "name: atlas"}, {"charts/broken-1.0.0.tgz", "no gzip"}}), ElementsAre("elsewhere "));
  EXPECT_THAT(known({{"Chart.yaml", "name: atlas"}, {"values.yaml", "a: [\n"}}), ElementsAre("elsewhere "));
  EXPECT_THAT(known({{"Chart.yaml", "name: atlas"}, {"templates/big.yaml", std::string(6u << 20, 'x')}}), Contains("elsewhere "));
}

TEST(PackagedValues, APackageInAPackageInAPackageEnds) {
  std::string inner = formats::pack_chart("c", Files{{"Chart.yaml", "name: c"}, {"values.yaml", "v: 1"}});
  for (int i = 0; i < 20; ++i) inner = formats::pack_chart("c", Files{{"Chart.yaml", "name: c"}, {"charts/c-1.tgz", inner}});
  const auto lines = known({{"Chart.yaml", "name: atlas"}, {"charts/c-1.tgz", inner}});
  EXPECT_THAT(lines, Not(Contains(testing::HasSubstr("default"))));
  EXPECT_THAT(lines, Contains(testing::StartsWith("elsewhere /c/c/")));
}

}  // namespace
}  // namespace trueup::facts
