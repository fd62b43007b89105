// What a release consists of: GitLab pipelines, changelogs, Go modules, and the places that carry a train's version.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "facts/extract/carried_versions.hpp"
#include "facts/row_lines.hpp"

namespace trueup::facts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(GoModule, HasItsPathAndMajorVersion) {
  EXPECT_THAT(lines(Extracted("go_module", "// x\nmodule example.com/a/v7 // y\n\ngo 1.22\n"), Table::go_module),
              ElementsAre("«example.com/a/v7» | example.com/a/v7 | 7"));
  EXPECT_THAT(lines(Extracted("go_module", "module\t\"example.com/a/v0\"\r\n"), Table::go_module), ElementsAre("«example.com/a/v0» | example.com/a/v0 | -"));
  for (const char* none : {"", "go 1.22\n", "modules x\n", "module\n", "module (\nx\n)\n"})
    EXPECT_THAT(lines(Extracted("go_module", none), Table::go_module), IsEmpty()) << none;
}

TEST(Changelog, HasReleasesAndTheirComparisons) {
  const Extracted file("changelog",
                       "# Changelog 2026\n## [v1.2.0] - 2026-01-31\n* https://x.example/a/b/compare/v1.1.0...v1.2.0).\n### Fixed in 1.1\n"
                       "## 1.0.0 (first)\n```\n## 9.9.9\n```\n[v1.2.0]: https://x.example/g/h/i/-/compare/1.1.0...1.2.0?w=1\n[b]: https://x.example/compare/1...2\n");
  EXPECT_THAT(lines(file, Table::changelog_release),
              ElementsAre("«v1.2.0» | 0 | v1.2.0", "«1.1» | 1 | 1.1", "«1.0.0» | 2 | 1.0.0"));
  EXPECT_THAT(lines(file, Table::changelog_compare),
              ElementsAre("v1.2.0 | «https://x.example/a/b/compare/v1.1.0...v1.2.0» | a/b | v1.1.0 | «v1.1.0» | v1.2.0 | «v1.2.0»",
                          "v1.2.0 | «https://x.example/g/h/i/-/compare/1.1.0...1.2.0?w=1» | g/h/i | 1.1.0 | «1.1.0» | 1.2.0 | «1.2.0»"));
}

TEST(GitlabCi, AJobHasWhatItExtendsAndRefersTo) {
  const Extracted file("gitlab_ci",
                       "stages: [test, deploy]\n.base: {stage: deploy, script: [make]}\n.fail: {allow_failure: true}\na: {extends: [.base, .fail]}\n"
                       "b: {extends: .theirs, when: manual, script: !reference [.base, script]}\nc: {needs: [a, {job: b, optional: true}], script: [echo, npm publish --x]}\n"
                       ".t: {trigger: {strategy: depend}}\nd: {extends: .t, trigger: {project: x/y}}\n");
  const auto jobs = lines(file, Table::gitlab_job);
  ASSERT_EQ(jobs.size(), 7u);
  EXPECT_EQ(jobs[2], "«a» | a | 0 | 1 | deploy | 2 | 0 | - | true | «true» | - | - | 0 | - | - | - | - | -");
  EXPECT_EQ(jobs[3], "«b» | b | 0 | 0 | - | 1 | 0 | - | - | - | manual | - | 0 | - | - | - | - | -");
  EXPECT_EQ(jobs[4], "«c» | c | 0 | 1 | - | 1 | 1 | «[a, {job: b, optional: true}]» | - | - | - | - | 0 | - | - | - | npm publish | «npm publish»");
  EXPECT_EQ(jobs[6], "«d» | d | 0 | 1 | - | 1 | 0 | - | - | - | - | x/y | 0 | depend | «x/y» | «{project: x/y}» | - | -");
  EXPECT_THAT(lines(file, Table::gitlab_need), ElementsAre("c | «a» | a | 0", "c | «b» | b | 1"));
}

TEST(GitlabCi, JobsThatExtendEachOtherWithoutEndAreGivenUp) {
  std::string text = "a: {extends: [b, b, b, b]}\nb: {extends: [c, c, c, c]}\nc: {extends: [a, a, a, a]}\n";
  for (int i = 0; i < 50; ++i) text += "j" + std::to_string(i) + ": {extends: [a, b, c]}\n";
  EXPECT_EQ(Extracted("gitlab_ci", text).blob().state, BlobState::over_limit);
}

/// What places carry: "place part value «bytes»".
std::vector<std::string> carried(const std::vector<CarrierPlace>& places, const std::string& path, const std::string& text, BlobState* state = nullptr) {
  const auto versions = CarriedVersions::compile(places);
  BlobRows rows(text, TableSet::all());
  versions->extract(rows, path);
  if (state != nullptr) *state = rows.state;
  std::vector<std::string> result;
  for (const auto& [id, row] : rows.rows().carried_version)
    result.push_back(std::to_string(row.carrier) + ' ' + row.part + ' ' + row.value + " «" + std::string(slice(text, rows.spans()[row.span.number - 1].bytes)) + "»");
  return result;
}

TEST(CarriedVersions, StandAtPointersAndPatterns) {
  const std::vector<CarrierPlace> places = {{1, "charts/{name}/Chart.yaml", "/version", ""}, {2, "a.json", "/packages//version", ""}, {3, "p.toml", "/project/version", ""},
                                            {4, ".env", "", "(?m)^\\w+_TAG=(?P<version>\\S+)$"}, {5, "c.yaml", "/image", ":([^:]+)$"}};
  EXPECT_THAT(carried(places, "charts/app/Chart.yaml", "version: \"1.0\\x2e0\"\n"), ElementsAre("1 app 1.0.0 «1.0\\x2e0»"));
  EXPECT_THAT(carried(places, "charts/app/sub/Chart.yaml", "version: 1.0.0\n"), IsEmpty());
  EXPECT_THAT(carried(places, "a.json", "{\"packages\": {\"\": {\"version\": \"2.0.0\"}}}"), ElementsAre("2  2.0.0 «2.0.0»"));
  EXPECT_THAT(carried(places, "p.toml", "[project]\nversion = '3'\n"), ElementsAre("3  3 «3»"));
  EXPECT_THAT(carried(places, ".env", "A_TAG=1\nB=2\nC_TAG=3\n"), ElementsAre("4  1 «1»", "4  3 «3»"));
  EXPECT_THAT(carried(places, "c.yaml", "image: \"r/x:1.2\"\n"), ElementsAre("5  1.2 «1.2»"));
  EXPECT_THAT(carried(places, "c.yaml", "image: [r]\n"), IsEmpty());
}

TEST(CarriedVersions, AFileThatDoesNotParseSaysSo) {
  for (const auto& [path, text] : {std::pair("a.yaml", "version: [\n"), std::pair("a.json", "{"), std::pair("a.toml", "a = [")}) {
    BlobState state = BlobState::parsed;
    EXPECT_THAT(carried({{1, path, "/version", ""}}, path, text, &state), IsEmpty());
    EXPECT_EQ(state, BlobState::malformed) << path;
  }
}

TEST(CarriedVersions, APatternThatIsNoneOrHasNoGroupIsRefused) {
  for (const char* pattern : {"(", "abc", "(a){1000}{1000}"}) EXPECT_FALSE(CarriedVersions::compile({{1, "x", "", pattern}})) << pattern;
}

}  // namespace
}  // namespace trueup::facts
