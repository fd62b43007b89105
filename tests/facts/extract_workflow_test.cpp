// Workflows as a whole: their own keys, triggers, jobs.

#include <gmock/gmock.h>

#include "facts/row_lines.hpp"

namespace trueup::facts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> rows_of(std::string_view text, Table table) {
  return lines(Extracted("workflow", std::string(text)), table);
}

TEST(Workflow, HasItsNameOrItsFirstKeyAsPlace) {
  EXPECT_THAT(rows_of("name: 'Java CI with Maven'\nrun-name: Build ${{ github.ref }}\non: push\n", Table::workflow),
              ElementsAre("«Java CI with Maven» | Java CI with Maven | Build ${{ github.ref }} | - | - | -"));
  EXPECT_THAT(rows_of("# comment\non: push\njobs: {}\n", Table::workflow), ElementsAre("«on» | - | - | - | - | -"));
  EXPECT_THAT(rows_of("name:\nrun-name:\nconcurrency: ~\n", Table::workflow), ElementsAre("«name» | - | - | - | - | -"));
  EXPECT_THAT(rows_of("on: push\nname: 3.10\n", Table::workflow), ElementsAre("«3.10» | 3.1 | - | - | - | -"))
      << "GitHub reads a number";
}

TEST(Workflow, ConcurrencyIsATextOrHasAGroup) {
  EXPECT_THAT(rows_of("on: push\nconcurrency: build-${{ github.ref }}\n", Table::workflow),
              ElementsAre("«on» | - | - | build-${{ github.ref }} | - | -"));
  EXPECT_THAT(rows_of("on: push\nconcurrency: {group: g, cancel-in-progress: true}\ndefaults: {run: {shell: bash}}\n",
                      Table::workflow),
              ElementsAre("«on» | - | - | g | bash | -"));
}

TEST(Trigger, HasThreeForms) {
  EXPECT_THAT(rows_of("on: push", Table::workflow_trigger),
              ElementsAre("workflow | «push» | push | - | - | - | - | - | - | - | - | 1"));
  EXPECT_THAT(rows_of("'on': [push, \"pull_request\"]", Table::workflow_trigger),
              ElementsAre("workflow | «push» | push | - | - | - | - | - | - | - | - | 1",
                          "workflow | «pull_request» | pull_request | - | - | - | - | - | - | - | - | 1"));
  EXPECT_THAT(rows_of("on:\n  push:\n  pull_request: {}\n  merge_group: ~\n", Table::workflow_trigger),
              ElementsAre("workflow | «push» | push | - | - | - | - | - | - | - | - | 1",
                          "workflow | «pull_request» | pull_request | - | - | - | - | - | - | - | - | 1",
                          "workflow | «merge_group» | merge_group | - | - | - | - | - | - | - | - | 1"));
  EXPECT_THAT(rows_of("on:\n", Table::workflow_trigger), IsEmpty());
}

TEST(Trigger, KeepsItsFiltersInOrder) {
  constexpr std::string_view kText = R"(on:
  push:
    branches: [main, 'ring-*', "!ring-old"]
    tags-ignore: v*
    paths:
      - charts/**
      - '!charts/README.md'
  repository_dispatch:
    types: [atlas-chart-release]
  workflow_run: {workflows: ["Java CI with Maven"], types: [completed], branches-ignore: [1.10]}
)";
  EXPECT_THAT(
      rows_of(kText, Table::workflow_trigger),
      ElementsAre(R"(workflow | «push» | push | ["main","ring-*","!ring-old"] | - | - | ["v*"] | )"
                  R"(["charts/**","!charts/README.md"] | - | - | - | 1)",
                  R"(workflow | «repository_dispatch» | repository_dispatch | - | - | - | - | - | - | )"
                  R"(["atlas-chart-release"] | - | 1)",
                  R"(workflow | «workflow_run» | workflow_run | - | ["1.1"] | - | - | - | - | ["completed"] | )"
                  R"(["Java CI with Maven"] | 1)"));
  EXPECT_THAT(rows_of(kText, Table::trigger_filter),
              ElementsAre("push | «main» | branches | 0 | main", "push | «ring-*» | branches | 1 | ring-*",
                          "push | «!ring-old» | branches | 2 | !ring-old", "push | «v*» | tags_ignore | 0 | v*",
                          "push | «charts/**» | paths | 0 | charts/**",
                          "push | «!charts/README.md» | paths | 1 | !charts/README.md",
                          "repository_dispatch | «atlas-chart-release» | types | 0 | atlas-chart-release",
                          "workflow_run | «Java CI with Maven» | workflows | 0 | Java CI with Maven",
                          "workflow_run | «completed» | types | 0 | completed",
                          "workflow_run | «1.10» | branches_ignore | 0 | 1.1"));
}

TEST(Trigger, IsIncompleteWhereAFilterIsNoListOfText) {
  const struct {
    std::string_view settings, row;
  } rows[] = {
      {"{branches: {a: b}}", "- | - | - | - | - | - | - | - | 0"},
      {"{branches: }", "- | - | - | - | - | - | - | - | 0"},
      {"{branches: [a, [b], {c: d}, ~]}", R"(["a"] | - | - | - | - | - | - | - | 0)"},
      {"{branches: ['${{ vars.BRANCH }}']}", "[] | - | - | - | - | - | - | - | 0"},
      {"{branches: []}", "[] | - | - | - | - | - | - | - | 1"},
      {"[main]", "- | - | - | - | - | - | - | - | 0"},
      {"main", "- | - | - | - | - | - | - | - | 0"},
      {"{type: [a]}", "- | - | - | - | - | - | - | - | 1"},  // misspelt: GitHub overlooks it
  };
  for (const auto& row : rows)
    EXPECT_THAT(rows_of("on: {push: " + std::string(row.settings) + "}", Table::workflow_trigger),
                ElementsAre("workflow | «push» | push | " + std::string(row.row)))
        << row.settings;
}

TEST(Trigger, ScheduleInputsSecretsAndOutputsAreRows) {
  constexpr std::string_view kText = R"(on:
  schedule:
    - cron: '30 5 * * 1'
    - {cron: 0 0 * * *, timezone: Europe/Berlin}
    - nonsense
  workflow_dispatch:
    inputs:
      dry_run: {type: boolean, required: true, default: false}
      note:
  workflow_call:
    inputs:
      build_workflow_id:
        description: file name
        type: string
        default: main.yml
    secrets:
      token: {required: true}
      other:
    outputs:
      version: {value: "${{ jobs.build.outputs.version }}"}
      nothing:
)";
  EXPECT_THAT(rows_of(kText, Table::workflow_schedule),
              ElementsAre("schedule | «30 5 * * 1» | 30 5 * * 1", "schedule | «0 0 * * *» | 0 0 * * *"));
  EXPECT_THAT(rows_of(kText, Table::workflow_input),
              ElementsAre("workflow_dispatch | «dry_run» | dry_run | boolean | 1 | false",
                          "workflow_dispatch | «note» | note | - | 0 | -",
                          "workflow_call | «build_workflow_id» | build_workflow_id | string | 0 | main.yml"));
  EXPECT_THAT(rows_of(kText, Table::workflow_secret),
              ElementsAre("workflow_call | «token» | token | 1", "workflow_call | «other» | other | 0"));
  EXPECT_THAT(rows_of(kText, Table::workflow_output),
              ElementsAre("workflow_call | «version» | version | ${{ jobs.build.outputs.version }}",
                          "workflow_call | «nothing» | nothing | -"));
}

TEST(Trigger, AnchorsStandForWhatTheyName) {
  constexpr std::string_view kText = R"(on:
  push: &filters
    branches: &names [main, staging]
  pull_request: *filters
  workflow_run: {workflows: [CI], branches: *names}
)";
  EXPECT_THAT(rows_of(kText, Table::workflow_trigger),
              ElementsAre(
                  R"(workflow | «push» | push | ["main","staging"] | - | - | - | - | - | - | - | 1)",
                  R"(workflow | «pull_request» | pull_request | ["main","staging"] | - | - | - | - | - | - | - | 1)",
                  R"(workflow | «workflow_run» | workflow_run | ["main","staging"] | - | - | - | - | - | - | ["CI"] | )"
                  "1"));
  const Extracted extracted("workflow", std::string(kText));
  EXPECT_EQ(extracted.place(extracted->trigger_filter.at(2).second.span), (LineColumn{3, 23}))
      << "where the text stands";
}

TEST(Trigger, MergeKeysAreNotFollowed) {
  EXPECT_THAT(rows_of("x: &x {branches: [main]}\non: {push: {<<: *x, paths: [a]}}\n", Table::workflow_trigger),
              ElementsAre(R"(workflow | «push» | push | - | - | - | - | ["a"] | - | - | - | 1)"));
}

TEST(Job, HasItsKeys) {
  constexpr std::string_view kText = R"(on: push
jobs:
  build-it:
    name: Build ${{ matrix.java }}
    runs-on: [self-hosted, linux]
    environment: {name: production, url: https://x.example}
    concurrency: {group: 'g-${{ github.ref }}'}
    container: eclipse-temurin:17
    strategy: {matrix: {java: [17, '21', 3.10], include: [{java: 8, fast: true}]}}
    permissions: {contents: read, packages: write}
    defaults: {run: {shell: bash}}
  call:
    uses: ./.github/workflows/release.yml
    secrets: inherit
    permissions: read-all
    strategy:
      matrix: ${{ fromJSON(needs.build-it.outputs.matrix) }}
  plain: {runs-on: ubuntu-latest, environment: staging, container: ~, concurrency: one}
  empty:
)";
  EXPECT_THAT(
      rows_of(kText, Table::job),
      ElementsAre(
          R"(workflow | «build-it» | build-it | Build ${{ matrix.java }} | - | ["self-hosted","linux"] | production | )"
          R"(g-${{ github.ref }} | 1 | {"java":[17,"21",3.1],"include":[{"java":8,"fast":true}]} | )"
          R"({"contents":"read","packages":"write"} | 0 | bash)",
          R"(workflow | «call» | call | - | ./.github/workflows/release.yml | - | - | - | 0 | )"
          R"(${{ fromJSON(needs.build-it.outputs.matrix) }} | read-all | 1 | -)",
          "workflow | «plain» | plain | - | - | ubuntu-latest | staging | one | 0 | - | - | 0 | -",
          "workflow | «empty» | empty | - | - | - | - | - | 0 | - | - | 0 | -"));
}

TEST(Job, NeedsAreATextOrAList) {
  constexpr std::string_view kText = R"(jobs:
  a: {needs: lint}
  b: {needs: [lint, "test"]}
  c: {needs: [*x, {d: e}, ~]}
  d: {needs: }
)";
  EXPECT_THAT(rows_of("x: &x f\n" + std::string(kText), Table::job_need),
              ElementsAre("a | «lint» | lint", "b | «lint» | lint", "b | «test» | test", "c | «f» | f"));
}

TEST(Job, PermissionsAreABlockAndItsEntries) {
  constexpr std::string_view kText = R"(permissions: read-all
jobs:
  a: {permissions: {contents: write, id-token: none, x: [y]}}
  b: {permissions: {}}
  c: {permissions: }
)";
  EXPECT_THAT(rows_of(kText, Table::permission),
              ElementsAre("workflow | - | «permissions» | - | read-all", "workflow | a | «permissions» | - | -", "workflow | a | «write» | contents | write",
                          "workflow | a | «none» | id-token | none", "workflow | a | «[y]» | x | -", "workflow | b | «permissions» | - | -",
                          "workflow | c | «permissions» | - | -"));
}

TEST(Job, OutputsAndEnvironmentVariablesAreRows) {
  constexpr std::string_view kText = R"(env: {REGISTRY: registry.example}
jobs:
  build:
    env:
      BRANCH: ${{ github.ref_name }}
      EMPTY:
    outputs: {version: "${{ steps.v.outputs.version }}", list: [a]}
    steps:
      - {id: v, run: "true", env: {A: 1}}
)";
  EXPECT_THAT(rows_of(kText, Table::job_output),
              ElementsAre("build | «version» | version | ${{ steps.v.outputs.version }}", "build | «list» | list | -"));
  EXPECT_THAT(rows_of(kText, Table::environment_variable),
              ElementsAre("- | - | «registry.example» | REGISTRY | registry.example",
                          "build | - | «${{ github.ref_name }}» | BRANCH | ${{ github.ref_name }}",
                          "build | - | «» | EMPTY | ", "build | v | «1» | A | 1"));
}

TEST(Job, CallOfAReusableWorkflowHasArgumentsAndAPath) {
  constexpr std::string_view kText = R"(jobs:
  check:
    uses: acme/releases/.github/workflows/check-ring.yml@main
    with: {build_workflow_id: maven.yml, level: 1}
    secrets: {token: "${{ secrets.TOKEN }}"}
  local: {uses: ./.github/workflows/x.yml}
  own: {uses: $/.github/workflows/y.yml}
  revision: {uses: ./.github/workflows/x.yml@v1}
  computed: {uses: "acme/${{ vars.REPO }}/.github/workflows/x.yml@v1"}
  action: {uses: acme/action@v1}
)";
  EXPECT_THAT(rows_of(kText, Table::uses),
              ElementsAre("check | - | «acme/releases/.github/workflows/check-ring.yml@main» | workflow | "
                          "acme/releases | "
                          ".github/workflows/check-ring.yml | main",
                          "local | - | «./.github/workflows/x.yml» | local_workflow | - | .github/workflows/x.yml | -",
                          "own | - | «$/.github/workflows/y.yml» | local_workflow | - | .github/workflows/y.yml | -",
                          "revision | - | «./.github/workflows/x.yml@v1» | unreadable | - | - | -",
                          "computed | - | «acme/${{ vars.REPO }}/.github/workflows/x.yml@v1» | unreadable | - | - | -",
                          "action | - | «acme/action@v1» | unreadable | - | - | -"));
  EXPECT_THAT(rows_of(kText, Table::argument),
              ElementsAre("check | - | «maven.yml» | «build_workflow_id» | with | build_workflow_id | maven.yml",
                          "check | - | «1» | «level» | with | level | 1",
                          "check | - | «${{ secrets.TOKEN }}» | «token» | secrets | token | ${{ secrets.TOKEN }}"));
  EXPECT_THAT(rows_of(kText, Table::path_mention),
              ElementsAre("check | - | «maven.yml» | root | .github/workflows/maven.yml | workflow_id | 1",
                          "local | - | «./.github/workflows/x.yml» | root | .github/workflows/x.yml | "
                          "local_workflow | 1",
                          "own | - | «$/.github/workflows/y.yml» | root | .github/workflows/y.yml | "
                          "local_workflow | 1"));
}

TEST(Workflow, OfKeysThatStandTwiceTheLastCounts) {
  constexpr std::string_view kText = R"(name: first
jobs:
  build: {needs: a}
  build: {needs: b}
  build: {needs: c}
name: second
)";
  EXPECT_THAT(rows_of(kText, Table::workflow), ElementsAre("«second» | second | - | - | - | -"));
  EXPECT_THAT(rows_of(kText, Table::job_need), ElementsAre("build | «c» | c"));
  EXPECT_EQ(rows_of(kText, Table::duplicate_key).size(), 3u);
}

TEST(Workflow, UnwantedTablesStayEmpty) {
  TableSet wanted;
  wanted.insert(Table::job_need);
  const Extracted extracted("workflow", "on: push\njobs: {a: {needs: b, if: '${{', steps: [{run: ./x}]}}\n", wanted);
  EXPECT_EQ(extracted->job_need.size(), 1u);
  for (const Table table : {Table::workflow_trigger, Table::expression_error})
    EXPECT_FALSE(extracted.blob().wants(table));
  EXPECT_TRUE(extracted->workflow.empty() && extracted->job.empty() && extracted->step.empty());
}

}  // namespace
}  // namespace trueup::facts
