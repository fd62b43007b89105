// Conditions, context reads and broken expressions of workflows.

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

TEST(Condition, SaysWhatMakesItConstant) {
  const struct {
    std::string_view text, row;
  } rows[] = {
      {"if: github.ref == 'refs/heads/staging' || 'refs/heads/beta'",
       "«github.ref == 'refs/heads/staging' || 'refs/heads/beta'» | «'refs/heads/beta'» | "
       "github.ref == 'refs/heads/staging' || 'refs/heads/beta' | 1 | string_operand"},
      {"if: ${{ github.ref == 'a' }} && github.actor != 'bot'",
       "«${{ github.ref == 'a' }} && github.actor != 'bot'» | « && github.actor != 'bot'» | "
       "${{ github.ref == 'a' }} && github.actor != 'bot' | 1 | text_around_template"},
      {"if: \"${{ github.event.workflow_run.conclusion == 'success' }}\"",
       "«${{ github.event.workflow_run.conclusion == 'success' }}» | - | "
       "${{ github.event.workflow_run.conclusion == 'success' }} | - | -"},
      {"if: always()", "«always()» | «always()» | always() | 1 | status_function"},
      {"if: false", "«false» | «false» | false | 0 | literal"},
      {"if: github.event_name == 'push' && (github.ref == 'a' || 'b')",
       "«github.event_name == 'push' && (github.ref == 'a' || 'b')» | «'b'» | "
       "github.event_name == 'push' && (github.ref == 'a' || 'b') | - | string_operand"},
      {"if:", "«» | - |  | - | -"},
  };
  for (const auto& row : rows) {
    EXPECT_THAT(rows_of("jobs:\n  j:\n    " + std::string(row.text) + "\n", Table::condition),
                ElementsAre("j | - | " + std::string(row.row)));
    const std::string step = "jobs:\n  j:\n    steps:\n    - " + std::string(row.text) + "\n      id: s\n";
    EXPECT_THAT(rows_of(step, Table::condition), ElementsAre("j | s | " + std::string(row.row)));
  }
}

TEST(Condition, OfABlockScalarIsATextForItsLastNewline) {
  EXPECT_THAT(rows_of("jobs:\n  j:\n    if: |\n      ${{ a.b == 'a' }}\n    runs-on: x\n", Table::condition),
              ElementsAre("j | - | «${{ a.b == 'a' }}» | «» | ${{ a.b == 'a' }}\n | 1 | text_around_template"));
  EXPECT_THAT(rows_of("jobs:\n  j:\n    if: >-\n      ${{ a.b == 'a' }}\n", Table::condition),
              ElementsAre("j | - | «${{ a.b == 'a' }}» | - | ${{ a.b == 'a' }} | - | -"));
}

TEST(Condition, ThatDoesNotParseIsAnErrorWithItsPlace) {
  EXPECT_THAT(rows_of("jobs: {j: {if: \"github.ref = 'a'\"}}", Table::expression_error), ElementsAre(HasSubstr("«=")));
  EXPECT_THAT(rows_of("jobs: {j: {if: 'a && '}}", Table::condition),
              ElementsAre("j | - | «a && » | - | a &&  | - | -"));
  EXPECT_THAT(rows_of("jobs: {j: {if: '${{ a', steps: [{if: '${{ b'}]}}", Table::expression_error),
              ElementsAre(HasSubstr("«${{ a»"), HasSubstr("«${{ b»")))
      << "each once";
}

TEST(ExpressionError, HasItsPlaceInsideScripts) {
  constexpr std::string_view kText = R"(jobs:
  j:
    steps:
      - run: |
          echo ${{ github.sha }}
          echo "${{ github.ref name }}"
          echo ${{ }}
          echo ${{ github.sha
)";
  const Extracted extracted("workflow", std::string(kText));
  EXPECT_THAT(lines(extracted, Table::expression_error),
              ElementsAre(HasSubstr("«n"), HasSubstr("«"), HasSubstr("«${{»")));
  EXPECT_EQ(extracted.place(extracted->expression_error.at(0).second.span), (LineColumn{6, 32}));
  EXPECT_EQ(extracted.place(extracted->expression_error.at(2).second.span), (LineColumn{8, 16}));
}

TEST(ContextRead, IsFoundInEveryScalar) {
  constexpr std::string_view kText = R"(name: ${{ github.workflow }}
run-name: "${{ inputs.\u0061 }}"
env: {'${{ vars.KEY }}': "x ${{ vars.A }}${{ vars.B }}"}
jobs:
  j:
    name: ${{ matrix.x }}
    if: needs.a.outputs.b
    outputs: {o: "${{ steps.s.outputs['Key Name'] }}"}
    steps:
      - id: s
        if: inputs.go == '1'
        with:
          message: 'it''s ${{ github.event.inputs.version }}

            from ${{github.event.inputs.branch}}'
      - run: |
          echo ${{ secrets.TOKEN }}
      - ${{ x.y }}
  k: ${{ z.a }}
)";
  EXPECT_THAT(rows_of(kText, Table::context_read),
              ElementsAre("- | - | «github.workflow» | github.workflow | 1 | 0 | 0",
                          "- | - | «inputs.\\u0061» | inputs.a | 1 | 0 | 0",
                          "- | - | «vars.KEY» | vars.KEY | 1 | 0 | 0", "- | - | «vars.A» | vars.A | 1 | 0 | 0",
                          "- | - | «vars.B» | vars.B | 1 | 0 | 0",
                          "j | - | «needs.a.outputs.b» | needs.a.outputs.b | 1 | 1 | 1",
                          "j | - | «matrix.x» | matrix.x | 1 | 0 | 0",
                          "j | - | «steps.s.outputs['Key Name']» | steps.s.outputs.Key Name | 1 | 0 | 0",
                          "j | s | «inputs.go» | inputs.go | 1 | 0 | 1",
                          "j | s | «github.event.inputs.version» | github.event.inputs.version | 1 | 0 | 0",
                          "j | s | «github.event.inputs.branch» | github.event.inputs.branch | 1 | 0 | 0",
                          "j | 1 | «secrets.TOKEN» | secrets.TOKEN | 1 | 0 | 0", "j | - | «x.y» | x.y | 1 | 0 | 0",
                          "k | - | «z.a» | z.a | 1 | 0 | 0"));
}

TEST(ContextRead, KnowsWhetherNothingIsExpected) {
  const struct {
    std::string_view expression, rows;
  } rows[] = {
      {"x.y", "x.y 1 0"},
      {"x.y || 'a'", "x.y 1 1"},
      {"x.y || z.w", "x.y 1 1, z.w 1 0"},
      {"(v.u || x.y) || 'a'", "v.u 1 1, x.y 1 1"},
      {"a.b && (c.d || e.f)", "a.b 1 1, c.d 1 1, e.f 1 0"},
      {"format('{0}', x.y || 'a')", "x.y 1 1"},
      {"format('{0}', x.y) || 'a'", "x.y 1 0"},
      {"!x.y", "x.y 1 1"},
      {"x.y == ''", "x.y 1 1"},
      {"null != x.y", "x.y 1 1"},
      {"x.y == 'a'", "x.y 1 0"},
      {"x.y == 'true' && 'a' || 'b'", "x.y 1 0"},
      {"x.y && 'a' || 'b'", "x.y 1 1"},
      {"startsWith(x.y, 'v')", "x.y 1 1"},
      {"contains(x.y, z.w)", "x.y 1 1, z.w 1 1"},
      {"x[a.b]", "x 0 0, a.b 1 0"},
      {"x[a.b || 'c'].d || 'e'", "x 0 1, a.b 1 1"},
      {"x.*.y", "x 0 0"},
      {"toJSON(github.event.client_payload)", "github.event.client_payload 0 0"},
      {"fromJSON(x.y).z", "x.y 1 0"},
      {"GitHub.Event_name", "github.Event_name 1 0"},
  };
  for (const auto& row : rows) {
    const Extracted extracted("workflow", "env: {A: \"${{ " + std::string(row.expression) + " }}\"}\n");
    std::string found;
    for (const auto& [id, read] : extracted->context_read) {
      if (!found.empty()) found += ", ";
      found += read.path + ' ' + std::to_string(read.exact) + ' ' + std::to_string(read.has_fallback);
    }
    EXPECT_EQ(found, row.rows) << row.expression;
  }
}

TEST(ContextRead, AConditionThatIsTheReadOnlyTestsIt) {
  EXPECT_THAT(rows_of("jobs: {j: {if: github.event.client_payload.force}}", Table::context_read),
              ElementsAre("j | - | «github.event.client_payload.force» | github.event.client_payload.force | 1 | 1 | 1"));
  EXPECT_THAT(rows_of("jobs: {j: {if: '${{ a.b }}'}}", Table::context_read),
              ElementsAre("j | - | «a.b» | a.b | 1 | 1 | 1"));
  EXPECT_THAT(rows_of("jobs: {j: {if: '${{ a.b }} x'}}", Table::context_read),
              ElementsAre("j | - | «a.b» | a.b | 1 | 0 | 1"));
}

TEST(ContextGap, IsWhatAnEventNeverGives) {
  EXPECT_THAT(rows_of("on: [push, pull_request, workflow_call, brand_new]\n"
                      "env: {A: '${{ github.head_ref }}${{ github.event.number }}${{ inputs.x }}${{ vars.x }}${{ github.ref }}'}\n",
                      Table::context_gap),
              ElementsAre("github.head_ref | push", "github.event.number | push", "inputs.x | push", "inputs.x | pull_request"));
  EXPECT_THAT(rows_of("env: {A: '${{ github.head_ref }}'}\non: push\n", Table::context_gap), ElementsAre("github.head_ref | push"))
      << "on: may stand below";
  std::string many = "on: [push";
  for (int i = 0; i < 100; ++i) many += ", e" + std::to_string(i);
  EXPECT_THAT(rows_of(many + "]\nenv: {A: '${{ github.head_ref }}'}\n", Table::context_gap), IsEmpty());
}

TEST(ConditionEvent, IsWhatAConditionComesToForOneEvent) {
  const auto events = [](std::string_view condition) {
    return rows_of("on: {push: {branches: [main]}, schedule: [{cron: '1 1 1 1 1'}], image_version: {}}\njobs: {j: {if: \"" +
                       std::string(condition) + "\"}}",
                   Table::condition_event);
  };
  EXPECT_THAT(events("github.event_name == 'push'"), ElementsAre("github.event_name == 'push' | push | 1", "github.event_name == 'push' | schedule | 0",
                          "github.event_name == 'push' | image_version | 0"));
  EXPECT_THAT(events("${{ github.ref == 'refs/heads/beta' }}"), ElementsAre("${{ github.ref == 'refs/heads/beta' }} | push | 0"));
  EXPECT_THAT(events("github.actor == 'x'"), IsEmpty());
  EXPECT_THAT(events("github.event_name == 'push' || 'x'"), IsEmpty()) << "constant whatever happens";
}

TEST(ConditionTest, IsDecidedOrNeverGotTo) {
  const std::string condition = "github.ref == 'refs/heads/main' || github.actor == 'a' || github.ref == 'refs/heads/b' || "
                                "!startsWith(github.head_ref, 'c') || github.ref == 'd'";
  const auto tests = rows_of("on: {push: {branches: ['m*']}}\njobs: {j: {if: \"" + condition + "\"}}", Table::condition_test);
  EXPECT_THAT(tests, ElementsAre(condition + " | push | «github.ref == 'refs/heads/b'» | 0 | 0 | github.ref | -",
                                 condition + " | push | «startsWith(github.head_ref, 'c')» | 0 | 1 | github.head_ref | github.head_ref",
                                 condition + " | push | «github.ref == 'd'» | - | 0 | github.ref | -"));
}

}  // namespace
}  // namespace trueup::facts
