// What jobs are called, what becomes of them when another one fails, what they upload and look up.

#include <gmock/gmock.h>

#include "base/text.hpp"
#include "facts/row_lines.hpp"

namespace trueup::facts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> rows_of(std::string_view text, Table table) {
  return lines(Extracted("workflow", std::string(text)), table);
}

TEST(JobLeg, IsOneForEachJobOfAMatrix) {
  EXPECT_THAT(rows_of("jobs:\n"
                      "  plain: {runs-on: x}\n"
                      "  test: {name: Tests, strategy: {matrix: {os: [a, b], v: [3.10]}}}\n"
                      "  each: {name: 'Each ${{ matrix.os }}', strategy: {matrix: {os: [a]}}}\n"
                      "  made: {strategy: {matrix: '${{ fromJSON(needs.a.outputs.m) }}'}}\n",
                      Table::job_leg),
              ElementsAre("plain | «plain» | 0 | plain", "test | «Tests» | 0 | Tests (a, 3.1)", "test | «Tests» | 1 | Tests (b, 3.1)",
                          "each | «Each ${{ matrix.os }}» | 0 | Each a", "made | «made» | 0 | made${{ matrix }}"));
}

/// "publish after test: failure runs, skip is_skipped"
std::vector<std::string> fates(std::string_view jobs) { return rows_of("jobs:\n" + std::string(jobs), Table::job_ancestor); }

TEST(JobAncestor, OfAFailedOrSkippedJobAllBelowAreSkipped) {
  EXPECT_THAT(fates("  a: {}\n  b: {needs: a}\n  c: {needs: [b], if: github.ref == 'x'}\n"),
              ElementsAre("b | a | «a» | 1 | is_skipped | is_skipped", "c | a | «b» | 0 | is_skipped | is_skipped",
                          "c | b | «b» | 1 | is_skipped | is_skipped"));
}

TEST(JobAncestor, AJobBetweenThatRanAndIsGreenDoesNotHelp) {
  EXPECT_THAT(fates("  a: {}\n  b: {needs: a, if: always()}\n  c: {needs: b}\n"),
              ElementsAre("b | a | «a» | 1 | runs | runs", "c | a | «b» | 0 | is_skipped | is_skipped",
                          "c | b | «b» | 1 | is_skipped | is_skipped"));
}

TEST(JobAncestor, AStatusFunctionLetsAJobRun) {
  struct Row {
    const char *condition, *after_failure, *after_skip;
  };
  const Row rows[] = {
      {"always()", "runs", "runs"},
      {"${{ !cancelled() }}", "runs", "runs"},
      {"failure()", "runs", "is_skipped"},
      {"!failure()", "is_skipped", "runs"},
      {"'always()' == 'x'", "is_skipped", "is_skipped"},
      {"always() && needs.a.result == 'success'", "is_skipped", "is_skipped"},
      {"always() && needs.a.result != 'failure'", "is_skipped", "runs"},
      {"always() && needs['A'].result == 'skipped'", "is_skipped", "runs"},
      {"always() && !contains(needs.*.result, 'failure')", "is_skipped", "runs"},
      {"always() && contains(fromJSON('[\"success\", \"skipped\"]'), needs.a.result)", "is_skipped", "runs"},
      {"always() && github.ref == 'x'", "may_run", "may_run"},
      {"always() && needs.a.outputs.ok == 'true'", "is_skipped", "is_skipped"},
      {"always() &&", "may_run", "may_run"},
      {"${{ always() }} && x", "may_run", "may_run"},
  };
  for (const Row& row : rows)
    EXPECT_THAT(fates("  a: {}\n  b:\n    needs: a\n    if: \"" + replace_all(row.condition, "\"", "\\\"") + "\"\n"),
                ElementsAre(std::string("b | a | «a» | 1 | ") + row.after_failure + " | " + row.after_skip))
        << row.condition;
}

TEST(JobAncestor, AConditionMayReadTheJobBetween) {
  EXPECT_THAT(fates("  a: {}\n  b: {needs: a}\n  c: {needs: b, if: \"always() && needs.b.result == 'success'\"}\n"
                    "  d: {needs: b, if: \"always() && needs.b.result != 'failure'\"}\n"),
              testing::IsSupersetOf({"c | a | «b» | 0 | is_skipped | is_skipped", "d | a | «b» | 0 | runs | runs"}));
}

TEST(JobAncestor, OfACircleOrAJobThatIsNotThereNothingIsSaid) {
  EXPECT_THAT(fates("  a: {needs: b}\n  b: {needs: a}\n  c: {needs: gone}\n  d: {needs: d}\n"), IsEmpty());
}

TEST(ResultTest, IsAComparisonWithTheResultOfAJobOrStep) {
  EXPECT_THAT(rows_of("jobs:\n  b:\n    if: needs.a.result == 'success' && 'skipped' != needs['c'].Result && needs.a.outputs.x == 'y'\n"
                      "    steps:\n      - if: ${{ steps.t.outcome == 'failed' || job.status == 'success' }}\n"
                      "        run: echo ${{ steps.t.conclusion == 'success' && needs.*.result == 'x' }}\n",
                      Table::result_test),
              ElementsAre("b | - | «success» | «needs.a.result == 'success'» | 1 | needs.a.result | == | success",
                          "b | - | «skipped» | «'skipped' != needs['c'].Result» | 1 | needs.c.result | != | skipped",
                          "b | 0 | «failed» | «steps.t.outcome == 'failed'» | 1 | steps.t.outcome | == | failed",
                          "b | 0 | «success» | «job.status == 'success'» | 1 | job.status | == | success",
                          "b | 0 | «success» | «steps.t.conclusion == 'success'» | 0 | steps.t.conclusion | == | success"));
}

std::vector<std::string> uses_of(std::string_view steps, std::string_view strategy = "{}") {
  return rows_of("jobs:\n  j:\n    strategy: " + std::string(strategy) + "\n    steps:\n" + std::string(steps), Table::artifact_use);
}

TEST(ArtifactUse, HasItsNameOrTheDefaultOrAll) {
  EXPECT_THAT(uses_of("      - {uses: actions/upload-artifact@v4.3.1, with: {name: report, overwrite: true, retention-days: 5}}\n"
                      "      - {uses: actions/upload-artifact@v3, if: always()}\n"
                      "      - {uses: actions/download-artifact@0123456789abcdef0123456789abcdef01234567}\n"
                      "      - {uses: actions/download-artifact@v4, with: {pattern: 'report-*', run-id: 1, repository: acme/b}}\n"
                      "      - {uses: actions/download-artifact@v5, with: {artifact-ids: 1, name: x}}\n"
                      "      - {uses: dawidd6/action-download-artifact@v6, with: {name: x, workflow: ci.yml}}\n"
                      "      - {uses: acme/upload-artifact@v4, with: {name: x}}\n"),
              ElementsAre("j | 0 | «report» | upload | report | 0 | 1 | 0 | 1 | 4 | 1 | - | 1 | 5 | -",
                          "j | 1 | «actions/upload-artifact@v3» | upload | artifact | 0 | 1 | 1 | 0 | 3 | 1 | - | 1 | - | -",
                          "j | 2 | «actions/download-artifact@0123456789abcdef0123456789abcdef01234567» | download | - | 0 | - | 0 | 0 | - | 1 | - | 1 | - | ",
                          "j | 3 | «report-*» | download | report-${{ '*' }} | 1 | 1 | 0 | 0 | 4 | 0 | - | 0 | - | ",
                          "j | 4 | «actions/download-artifact@v5» | download | - | 0 | - | 0 | 0 | 5 | 1 | - | 1 | - | ",
                          "j | 5 | «x» | download | x | 0 | 1 | 0 | 0 | 6 | 0 | ci.yml | 1 | - | "));
}

TEST(ArtifactUse, OfAnUploadKnowsWhatItsPathsLose) {
  const struct {
    const char* path;
    const char* root;
  } rows[] = {
      {"target/reports", "target/reports"}, {"./out/", "out"},          {"a/b/*.xml", "a/b"},   {"a/b*/c", "a"},
      {"'**/x.xml'", ""},                   {"'${{ env.X }}'", "-"},      {"/tmp/x", "-"},        {"'a/b/c.txt\n\n          a/b/d/e.txt'", "a/b"},
      {"\"a/b\\n!a/b/c\"", "a/b"},          {"'${{ github.workspace }}/a'", "a"},
  };
  for (const auto& row : rows) {
    const auto lines = uses_of("      - {uses: actions/upload-artifact@v4, with: {name: x, path: " + std::string(row.path) + "}}\n");
    ASSERT_EQ(lines.size(), 1u) << row.path;
    EXPECT_EQ(lines[0].substr(lines[0].rfind(" | ") + 3), row.root) << row.path;
  }
}

TEST(ArtifactUse, OfAMatrixHasARowForEachName) {
  EXPECT_THAT(uses_of("      - {uses: actions/upload-artifact@v4, with: {name: 'r-${{ matrix.os }}-${{ github.sha }}'}}\n",
                      "{matrix: {os: [a, b], v: [1, 2]}}"),
              ElementsAre("j | 0 | «r-${{ matrix.os }}-${{ github.sha }}» | upload | r-a-${{ github.sha }} | 0 | 2 | 0 | 0 | 4 | 1 | - | 1 | - | -",
                          "j | 0 | «r-${{ matrix.os }}-${{ github.sha }}» | upload | r-b-${{ github.sha }} | 0 | 2 | 0 | 0 | 4 | 1 | - | 1 | - | -"));
  EXPECT_THAT(uses_of("      - {uses: actions/upload-artifact@v4, if: matrix.os == 'a', with: {name: r}}\n", "{matrix: {os: [a, b]}}"),
              ElementsAre("j | 0 | «r» | upload | r | 0 | 1 | 0 | 0 | 4 | 1 | - | 1 | - | -"));
  EXPECT_THAT(uses_of("      - {uses: actions/upload-artifact@v4, with: {name: 'r-${{ matrix.os }}'}}\n", "{matrix: '${{ x }}'}"),
              ElementsAre("j | 0 | «r-${{ matrix.os }}» | upload | r-${{ matrix.os }} | 0 | - | 0 | 0 | 4 | 1 | - | 1 | - | -"));
}

TEST(NameLookup, IsInAScriptThatListsOneKindOfThing) {
  EXPECT_THAT(rows_of("jobs:\n  j:\n    steps:\n      - uses: actions/github-script@v7\n        with:\n          script: |\n"
                      "            const jobs = await github.rest.actions.listJobsForWorkflowRun({});\n"
                      "            const a = jobs.find(j => j.name === 'integration-tests');\n"
                      "            const b = jobs.filter(j => j.name.startsWith(\"build\") || `x` === j.name || j.name == `${y}`);\n"
                      "      - run: gh api repos/o/r/actions/runs/1/jobs --jq '.jobs[] | select(.name == \"lint\")'\n"
                      "      - run: gh api repos/o/r/actions/runs/1/artifacts --jq \".artifacts[] | select(.name|contains(\\\"rep\\\"))\"\n"
                      "      - run: \"x.name === 'nothing is listed'\"\n"
                      "      - {uses: lewagon/wait-on-check-action@v1, with: {check-name: ' Build '}}\n",
                      Table::name_lookup),
              ElementsAre("j | 0 | «integration-tests» | job | integration-tests | equal", "j | 0 | «x» | job | x | equal",
                          "j | 0 | «build» | job | build | prefix", "j | 1 | «lint» | job | lint | equal",
                          "j | 2 | «rep» | artifact | rep | part", "j | 4 | « Build » | check | Build | equal"));
}

TEST(ChangeFilter, IsEachPatternOfDornysFilters) {
  EXPECT_THAT(rows_of("jobs:\n  j:\n    steps:\n      - uses: dorny/paths-filter@v3\n        with:\n          filters: |\n"
                      "            docs: &docs\n              - 'docs/**'\n              - added|modified: '!docs/x'\n"
                      "            all: [*docs, a]\n"
                      "      - {uses: dorny/paths-filter@v3, with: {filters: 'a: b', predicate-quantifier: every}}\n"
                      "      - {uses: dorny/paths-filter@v3, with: {filters: .github/filters.yml}}\n",
                      Table::change_filter),
              ElementsAre("j | 0 | «docs/**» | docs | 0 | docs/** | 0", "j | 0 | «!docs/x» | docs | 1 | !docs/x | 0",
                          "j | 0 | «docs/**» | all | 0 | docs/** | 0", "j | 0 | «!docs/x» | all | 1 | !docs/x | 0",
                          "j | 0 | «a» | all | 2 | a | 0", "j | 1 | «b» | a | 0 | b | 1"));
}

}  // namespace
}  // namespace trueup::facts
