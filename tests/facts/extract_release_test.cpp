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

TEST(Changelog, HasUnderlinedHeadingsAndNoneOfCodeOrComments) {
  const Extracted file("changelog",
                       "Version 2.1.0\n-------------\nhttps://x.example/a/b/compare/2.0.0..2.1.0\n\n2.0.0 (2026-01-31)\n^^^^^^^^^^^^^^^^^^\n"
                       "~~~~sh\n# 1.9.0\n~~~\n## 1.8.0\n~~~~\n```1.7.0``` is code\n<!--\n## 1.6.0\n-->\n<!-- one -->\n## 1.5.0\n\n---\n");
  EXPECT_THAT(lines(file, Table::changelog_release), ElementsAre("«2.1.0» | 0 | 2.1.0", "«2.0.0» | 1 | 2.0.0", "«1.5.0» | 2 | 1.5.0"));
  EXPECT_THAT(lines(file, Table::changelog_compare), ElementsAre("2.1.0 | «https://x.example/a/b/compare/2.0.0..2.1.0» | a/b | 2.0.0 | «2.0.0» | 2.1.0 | «2.1.0»"));
}

TEST(Changelog, HasLinksToFilesOfItsTreeAndOfRepositories) {
  const Extracted file("changelog",
                       "[top](../README.md)\n## 1.2.0\n* [SBOM](./sbom/1.2.0.json#x) [s](<b.md>) [here](#top) [mail](mailto:a@b) [root](/x) [site](https://x.example/a)\n"
                       "* [schema](https://x.example/g/a/b/-/blob/1.2.0/docs/schema.json?plain=1), [tree](https://x.example/a/b/tree/main/docs/)\n[1.2.0]: notes/1.2.0.md\n");
  EXPECT_THAT(lines(file, Table::changelog_link),
              ElementsAre("- | «../README.md» | - | - | ../README.md", "1.2.0 | «./sbom/1.2.0.json#x» | - | - | ./sbom/1.2.0.json",
                          "1.2.0 | «https://x.example/g/a/b/-/blob/1.2.0/docs/schema.json?plain=1» | g/a/b | 1.2.0 | docs/schema.json",
                          "1.2.0 | «https://x.example/a/b/tree/main/docs/» | a/b | main | docs", "1.2.0 | «notes/1.2.0.md» | - | - | notes/1.2.0.md"));
}

TEST(Compose, HasTheVariablesThatItIsFilledWith) {
  const Extracted file("compose",
                       "x-tag: &tag ${TAG}\nservices:\n  app:\n    image: \"app:${A:-1.0}${B-}${C:?no}${D:+x}$E$$F ${1} ${}\"\n    ${KEY}: x\n    command: [\"${G:-${H}}\", \"${open\"]\n");
  EXPECT_THAT(lines(file, Table::compose_variable),
              ElementsAre("- | «${TAG}» | TAG | plain | - | -", "app | «${A:-1.0}» | A | default | 1.0 | «1.0»", "app | «${B-}» | B | default |  | «»",
                          "app | «${C:?no}» | C | required | - | -", "app | «${D:+x}» | D | alternate | - | -", "app | «$E» | E | plain | - | -",
                          "app | «${G:-${H}}» | G | default | ${H} | «${H}»", "app | «${H}» | H | plain | - | -"));
}

TEST(GitlabCi, IncludesSayWhatTheyName) {
  const auto includes = [](const char* text) { return lines(Extracted("gitlab_ci", text), Table::gitlab_include); };
  EXPECT_THAT(includes("include: /ci/a.yml\na: {script: [x]}\n"), ElementsAre("«/ci/a.yml» | local | 0 | ci/a.yml | -"));
  EXPECT_THAT(includes("include: {local: a.yml, rules: [{if: $X}]}\na: {script: [x]}\n"), ElementsAre("«a.yml» | local | 1 | a.yml | -"));
  EXPECT_THAT(includes("include: [ci/$X.yml, 'ci/**.yml']\na: {script: [x]}\n"), ElementsAre("«ci/$X.yml» | local | 0 | - | -", "«ci/**.yml» | local | 0 | - | ^ci\\/.*\\.yml$"));
  EXPECT_THAT(includes("include: [https://x.example/a.yml, {local: 'ci/*.yml'}, {project: g/p, file: [a.yml]}, {template: Go.gitlab-ci.yml}, {component: x/y@1}]\na: {script: [x]}\n"),
              ElementsAre("«https://x.example/a.yml» | remote | 0 | https://x.example/a.yml | -", "«ci/*.yml» | local | 0 | - | ^ci\\/[^/]*\\.yml$", "«g/p» | project | 0 | g/p | -",
                          "«Go.gitlab-ci.yml» | template | 0 | Go.gitlab-ci.yml | -", "«x/y@1» | component | 0 | x/y@1 | -"));
}

TEST(CarriedVersions, LinesThatAnEditMayChangeAreKept) {
  const auto versions = CarriedVersions::compile({{1, "a.txt", "", "^v(.*)"}, {2, "only-there.txt", "", std::string(kNothing)}});
  for (const char* path : {"a.txt", "only-there.txt"}) {
    const std::string text = "v7.6.8\nnothing\r\nappVersion: x\r\n1.\n";
    BlobRows rows(text, TableSet::all());
    versions->extract(rows, path);
    std::vector<std::string> kept;
    for (const auto& [id, row] : rows.rows().carrier_line) kept.push_back(std::to_string(row.line) + ' ' + row.text);
    if (path == std::string("a.txt")) EXPECT_THAT(kept, ElementsAre("1 v7.6.8", "3 appVersion: x"));
    else EXPECT_THAT(kept, IsEmpty());
  }
}

TEST(GitlabCi, AJobHasWhatItExtendsAndRefersTo) {
  const Extracted file("gitlab_ci",
                       "stages: [test, deploy]\n.base: {stage: deploy, script: [make]}\n.fail: {allow_failure: true}\na: {extends: [.base, .fail]}\n"
                       "b: {extends: .theirs, when: manual, script: !reference [.base, script]}\nc: {needs: [a, {job: b, optional: true}], script: [echo, npm publish --x]}\n"
                       ".t: {trigger: {strategy: depend}}\nd: {extends: .t, trigger: {project: x/y}}\n");
  const auto jobs = lines(file, Table::gitlab_job);
  ASSERT_EQ(jobs.size(), 7u);
  EXPECT_EQ(jobs[2], "«a» | a | 0 | 1 | deploy | 2 | 0 | - | true | «true» | - | - | 0 | - | - | - | 1 | - | -");
  EXPECT_EQ(jobs[3], "«b» | b | 0 | 0 | - | 1 | 0 | - | - | - | manual | - | 0 | - | - | - | 1 | - | -");
  EXPECT_EQ(jobs[4], "«c» | c | 0 | 1 | - | 1 | 1 | «[a, {job: b, optional: true}]» | - | - | - | - | 0 | - | - | - | 1 | npm publish | «npm publish»");
  EXPECT_EQ(jobs[6], "«d» | d | 0 | 1 | - | 1 | 0 | - | - | - | - | x/y | 0 | depend | «x/y» | «{project: x/y}» | 0 | - | -");
  EXPECT_THAT(lines(file, Table::gitlab_base), ElementsAre("b | «.theirs» | .theirs | - | 0"));
  EXPECT_THAT(lines(file, Table::gitlab_need), ElementsAre("c | «a» | a | 0", "c | «b» | b | 1"));
}

TEST(GitlabCi, WhatAJobTakesOfOtherFilesIsToldOnce) {
  const Extracted file("gitlab_ci",
                       "a: {extends: [.one, .two], script: [!reference [.three, script], make]}\n"
                       "b: {needs: !reference [.four, needs], script: !reference [.five, script, 0], when: !reference [.six, other]}\n"
                       "c: {script: [make], rules: [!reference [.seven, rules]]}\n");
  EXPECT_THAT(lines(file, Table::gitlab_base),
              ElementsAre("a | «.one» | .one | - | 1", "a | «[.three, script]» | .three | script | 0", "a | «.two» | .two | - | 1",
                          "b | «[.five, script, 0]» | .five | script | 1", "b | «[.four, needs]» | .four | needs | 0", "b | «[.six, other]» | .six | other | 1"));
}

TEST(GitlabCi, TheCommandsOfAScriptAreReadOnceWithWhatWasSetBefore) {
  const Extracted file("gitlab_ci",
                       ".base:\n  before_script:\n    - F=package.json\n  script:\n    - |\n      sed -i 's/a/b/' \"$F\"\n    - 'npm ci'\n"
                       "a: {extends: .base}\nb: {script: !reference [.base, script], after_script: [sed -i s/c/d/ x]}\n");
  EXPECT_THAT(lines(file, Table::command_argument),
              ElementsAre("sed | «-i» | 0 | -i | - | 1", "sed | «'s/a/b/'» | 1 | - | s/a/b/ | 1", "sed | «package.json» | 2 | - | package.json | 1",
                          "sed | «-i» | 0 | -i | - | 1", "sed | «s/c/d/» | 1 | - | s/c/d/ | 1", "sed | «x» | 2 | - | x | 1"));
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
