// Steps of jobs and of composite actions.

#include <gmock/gmock.h>

#include "facts/row_lines.hpp"

namespace trueup::facts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> rows_of(std::string_view text, Table table) {
  return lines(Extracted("workflow", std::string(text)), table);
}

/// A workflow of one job with these lines as steps.
std::string steps(std::string_view list) {
  std::string text = "on: push\njobs:\n  j:\n    steps:\n";
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find('\n', at), list.size());
    text += "      " + std::string(list.substr(at, end - at)) + '\n';
    at = end + 1;
  }
  return text;
}

TEST(Step, IsShownByItsNameElseByWhatItDoes) {
  constexpr std::string_view kSteps = R"(- uses: actions/checkout@v4
- name: Build "all"
  id: build
  run: |
    make
    make test

  shell: bash
  working-directory: charts
- run: "true"
-
- text
- {id: nothing}
)";
  EXPECT_THAT(rows_of(steps(kSteps), Table::step),
              ElementsAre("j | «actions/checkout@v4» | 0 | - | - | actions/checkout@v4 | - | - | - | - | 0 | empty",
                          "j | «Build \"all\"» | 1 | build | Build \"all\" | - | make\nmake test\n | "
                          "«make\n          make test» | bash | charts | 0 | own",
                          "j | «true» | 2 | - | - | - | true | «true» | - | - | 1 | own",
                          "j | «{id: nothing}» | 5 | nothing | - | - | - | - | - | - | 0 | own"));
}

TEST(Step, OutputsAreTheKeysThatItsScriptWrites) {
  constexpr std::string_view kSteps = R"(- id: version
  run: |
    TAG=$(git rev-parse --short HEAD)
    echo "tag=$TAG" >> "$GITHUB_OUTPUT"
    echo 'name'=x >> $GITHUB_OUTPUT
- id: quoted
  run: "echo \"\u0061b=1\" >> $GITHUB_OUTPUT"
- id: unknown
  run: ./scripts/version.sh
- id: action
  uses: acme/version@v1
)";
  const std::string text = steps(kSteps);
  EXPECT_THAT(rows_of(text, Table::step_output),
              ElementsAre("version | «tag» | tag", "version | «name» | name", "quoted | «\\u0061b» | ab"));
  const Extracted extracted("workflow", text);
  std::string complete;
  for (const auto& [id, step] : extracted->step) complete += std::to_string(step.outputs_complete);
  EXPECT_EQ(complete, "1100");
}

TEST(Step, ShellsOtherThanShAreNotRead) {
  const struct {
    std::string_view job, step;
    int complete;
  } rows[] = {
      {"runs-on: ubuntu-latest", "", 1},
      {"runs-on: ubuntu-latest", "shell: bash", 1},
      {"runs-on: ubuntu-latest", "shell: /usr/bin/bash -el {0}", 1},
      {"runs-on: ubuntu-latest", "shell: sh -e {0}", 1},
      {"runs-on: ubuntu-latest", "shell: pwsh", 0},
      {"runs-on: ubuntu-latest", "shell: python", 0},
      {"runs-on: ubuntu-latest", "shell: '${{ matrix.shell }}'", 0},
      {"runs-on: windows-latest", "", 0},
      {"runs-on: windows-latest", "shell: bash", 1},
      {"runs-on: [self-hosted, Windows]", "", 0},
      {"runs-on: ubuntu-latest\n    defaults: {run: {shell: pwsh}}", "", 0},
      {"runs-on: '${{ matrix.os }}'\n    strategy: {matrix: {os: [ubuntu-24.04, windows-2022]}}", "", 0},
      {"runs-on: '${{ matrix.os }}'\n    strategy: {matrix: {os: [ubuntu-24.04, macos-14]}}", "", 1},
  };
  for (const auto& row : rows) {
    const Extracted extracted("workflow", "jobs:\n  j:\n    " + std::string(row.job) +
                                              "\n    steps:\n      - run: echo a=b >> $GITHUB_OUTPUT\n        " +
                                              std::string(row.step) + "\n");
    ASSERT_EQ(extracted->step.size(), 1u) << row.job;
    EXPECT_EQ(extracted->step[0].second.outputs_complete, row.complete) << row.job << ' ' << row.step;
    EXPECT_EQ(extracted->step_output.size(), static_cast<std::size_t>(row.complete)) << row.job << ' ' << row.step;
  }
}

TEST(Step, TheInnermostDefaultShellCounts) {
  const Extracted extracted("workflow", R"(defaults: {run: {shell: pwsh}}
jobs:
  a: {steps: [{run: echo a=b >> $GITHUB_OUTPUT}]}
  b: {defaults: {run: {shell: bash}}, steps: [{run: echo a=b >> $GITHUB_OUTPUT}]}
)");
  EXPECT_THAT(lines(extracted, Table::step_output), ElementsAre("0 | «a» | a"));
  EXPECT_EQ(extracted->step.at(0).second.outputs_complete, 0);
  EXPECT_EQ(extracted->step.at(1).second.outputs_complete, 1);
}

TEST(Step, UsesHasItsForms) {
  const struct {
    std::string_view uses, row;
  } rows[] = {
      {"actions/checkout@v4", "action | actions/checkout | - | v4"},
      {"acme/actions/setup/java@0123abc", "action | acme/actions | setup/java | 0123abc"},
      {"acme/actions/@v1", "action | acme/actions |  | v1"},
      {"./.github/actions/setup/", "local_action | - | .github/actions/setup | -"},
      {"./", "local_action | - |  | -"},
      {"$/tools/x", "local_action | - | tools/x | -"},
      {"docker://registry.example/tool:1", "docker | - | - | -"},
      {"actions/checkout", "unreadable | - | - | -"},
      {"actions/checkout@", "unreadable | - | - | -"},
      {"checkout@v4", "unreadable | - | - | -"},
      {"acme/${{ matrix.action }}@v1", "unreadable | - | - | -"},
      {"../other@v1", "unreadable | - | - | -"},
  };
  for (const auto& row : rows)
    EXPECT_THAT(rows_of(steps("- uses: " + std::string(row.uses)), Table::uses),
                ElementsAre("j | 0 | «" + std::string(row.uses) + "» | " + std::string(row.row)));
}

TEST(Step, ArgumentsHavePlacesOfKeyAndValue) {
  constexpr std::string_view kSteps = R"(- uses: acme/x@v1
  with:
    token: ${{ secrets.TOKEN }}
    list: [a, b]
    empty:
    "text": |
      two
      lines
)";
  EXPECT_THAT(rows_of(steps(kSteps), Table::argument),
              ElementsAre("j | 0 | «${{ secrets.TOKEN }}» | «token» | with | token | ${{ secrets.TOKEN }}",
                          "j | 0 | «[a, b]» | «list» | with | list | -", "j | 0 | «» | «empty» | with | empty | ",
                          "j | 0 | «two\n            lines» | «text» | with | text | two\nlines\n"));
}

TEST(Step, ParallelGroupsAreSteps) {
  constexpr std::string_view kSteps = R"(- run: "true"
- name: ${{ x.y }}
  parallel:
    - {id: a, run: echo x=1 >> $GITHUB_OUTPUT}
    - {id: b, uses: ./b}
- {id: c, run: "true"}
)";
  const Extracted extracted("workflow", steps(kSteps));
  std::string ids;
  for (const auto& [id, step] : extracted->step)
    ids += std::to_string(step.position) + step.step_id.value_or("-") + ' ';
  EXPECT_EQ(ids, "0- 1a 2b 3c ");
  EXPECT_THAT(lines(extracted, Table::context_read), ElementsAre("j | - | «x.y» | x.y | 1 | 0 | 0"));
}

TEST(Step, StepsMayBeAnAlias) {
  const Extracted extracted("workflow", R"(x-steps: &steps
  - &checkout {uses: actions/checkout@v4}
  - run: echo a=${{ github.sha }} >> $GITHUB_OUTPUT
jobs:
  a: {steps: *steps}
  b: {steps: [*checkout]}
)");
  ASSERT_EQ(extracted->step.size(), 3u);
  EXPECT_THAT(lines(extracted, Table::uses), ElementsAre(HasSubstr("a | 0 | "), HasSubstr("b | 0 | ")));
  EXPECT_THAT(lines(extracted, Table::context_read),
              ElementsAre("- | - | «github.sha» | github.sha | 1 | 0 | 0", "a | 1 | «github.sha» | github.sha | 1 | 0 | 0"));
}

TEST(Action, HasInputsOutputsAndStepsOnOneJob) {
  constexpr std::string_view kText = R"(name: Set version
description: writes ${{ not an expression
inputs:
  branch: {description: "${{ x", required: true}
  token: {default: "${{ github.token }}"}
outputs:
  version: {description: the version, value: "${{ steps.v.outputs.version }}"}
runs:
  using: composite
  steps:
    - id: v
      shell: bash
      run: echo "version=1.0.0-${{ inputs.branch }}" >> "$GITHUB_OUTPUT"
    - {shell: bash, if: "inputs.branch == 'a' || 'b'", run: "${{ github.action_path }}/x.sh"}
)";
  const Extracted extracted("action", std::string(kText));
  EXPECT_THAT(lines(extracted, Table::action), ElementsAre("«Set version» | Set version | composite"));
  EXPECT_THAT(lines(extracted, Table::action_input), ElementsAre("action | «branch» | branch | 1 | -",
                                                                 "action | «token» | token | 0 | ${{ github.token }}"));
  EXPECT_THAT(lines(extracted, Table::action_output),
              ElementsAre("action | «version» | version | ${{ steps.v.outputs.version }}"));
  EXPECT_THAT(lines(extracted, Table::job), ElementsAre("- | «composite» | - | - | - | - | - | - | 0 | - | - | 0 | -"));
  EXPECT_THAT(lines(extracted, Table::step_output), ElementsAre("v | «version» | version"));
  EXPECT_THAT(lines(extracted, Table::condition),
              ElementsAre("steps | 1 | «inputs.branch == 'a' || 'b'» | «'b'» | inputs.branch == 'a' || 'b' | 1 | "
                          "string_operand"));
  EXPECT_THAT(lines(extracted, Table::expression_error), IsEmpty());
  EXPECT_THAT(lines(extracted, Table::context_read),
              ElementsAre("- | - | «github.token» | github.token | 1 | 0 | 0",
                          "steps | - | «steps.v.outputs.version» | steps.v.outputs.version | 1 | 0 | 0",
                          "steps | v | «inputs.branch» | inputs.branch | 1 | 0 | 0",
                          "steps | 1 | «inputs.branch» | inputs.branch | 1 | 0 | 1",
                          "steps | 1 | «github.action_path» | github.action_path | 1 | 0 | 0"));
  EXPECT_THAT(lines(extracted, Table::workflow), IsEmpty());
}

TEST(Action, WithoutStepsHasNoJob) {
  const Extracted extracted("action", "name: x\nruns: {using: node20, main: dist/index.js}\n");
  EXPECT_THAT(lines(extracted, Table::action), ElementsAre("«x» | x | node20"));
  EXPECT_THAT(lines(extracted, Table::job), IsEmpty());
}

}  // namespace
}  // namespace trueup::facts
