#include "formats/expression_eval.hpp"

#include <chrono>
#include <map>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace trueup::formats {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// What is known in these tests; all else is unknown.
ExpressionEnvironment environment() {
  ExpressionEnvironment known;
  known.context = [](std::string_view path) {
    static const std::map<std::string, ExpressionValue, std::less<>> kValues = {
        {"github.ref", ExpressionValue::string("refs/heads/main")},
        {"github.ref_name", ExpressionValue::string("main")},
        {"github.event_name", ExpressionValue::string("push")},
        {"github.event.action", ExpressionValue::null()},
        {"github.run_number", ExpressionValue::number(12)},
        {"github.event.commits.0.id", ExpressionValue::string("first")},
        {"inputs.debug", ExpressionValue::boolean(false)},
        {"unknown.text", ExpressionValue::unknown_string()},
        {"unknown.flag", ExpressionValue::unknown_boolean()},
    };
    const auto found = kValues.find(path);
    return found == kValues.end() ? ExpressionValue::unknown() : found->second;
  };
  return known;
}

/// `'text'`, `12`, `true`, `null`, `?` for unknown, `?true` where its truth is certain, `?'` for an unknown string.
std::string shown(const ExpressionValue& value) {
  switch (value.kind()) {
    case ExpressionValue::Kind::unknown:
      return std::string(value.is_string() ? "?'" : value.is_boolean() ? "?b" : "?") +
             (value.truth() == Truth::truthy ? "true" : value.truth() == Truth::falsy ? "false" : "");
    case ExpressionValue::Kind::string: return '\'' + value.as_string() + '\'';
    case ExpressionValue::Kind::null: return "null";
    case ExpressionValue::Kind::array: {
      std::string text = "[";
      for (const ExpressionValue& element : value.elements()) text += (text.size() > 1 ? "," : "") + shown(element);
      return text + "]";
    }
    case ExpressionValue::Kind::object: {
      std::string text = "{";
      for (const auto& [name, member] : value.members()) {
        text += (text.size() > 1 ? "," : "") + name + ":" + shown(member);
      }
      return text + "}";
    }
    default: return *value.printed();
  }
}

std::string evaluated(std::string_view text) {
  const auto expression = Expression::parse(text);
  if (!expression) return "error: " + expression.error().message;
  return shown(evaluate(*expression, environment()));
}

struct Case {
  std::string_view text, expected;
};
void check(std::initializer_list<Case> cases) {
  for (const Case& test : cases) EXPECT_EQ(evaluated(test.text), test.expected) << test.text;
}

TEST(Evaluation, GivesLiteralsAndContexts) {
  check({{"null", "null"},
         {"-0.0", "0"},
         {"1.5e3", "1500"},
         {"1e21", "1E+21"},
         {"0.1", "0.1"},
         {"'a''b'", "'a'b'"},
         {"github.ref", "'refs/heads/main'"},
         {"GITHUB['ref']", "'refs/heads/main'"},
         {"github[format('{0}_{1}', 'ref', 'name')]", "'main'"},
         {"github.event.commits[0].id", "'first'"},
         {"github.nothing", "?"},
         {"github[secrets.x]", "?"},
         {"github.event.labels.*.name", "?true"},
         {"'text'.x", "error: expected an operator or the end of the expression, found '.'"}});
}

TEST(Evaluation, ReturnsOperandsOfAndAndOr) {
  check({{"'a' && 'b'", "'b'"},
         {"'' && 'b'", "''"},
         {"'a' || 'b'", "'a'"},
         {"null || 0 || 'c'", "'c'"},
         {"null || 0 || ''", "''"},
         {"inputs.debug && 'yes' || 'no'", "'no'"},
         {"github.ref == 'refs/heads/main' && 'yes' || 'no'", "'yes'"},
         {"x.y || 'b'", "?true"},
         {"unknown.text || 'b'", "?'true"},
         {"x.y && ''", "?false"},
         {"x.y && 'b'", "?"},
         {"x.y || ''", "?"},
         {"x.y && false", "?false"},
         {"unknown.flag && false", "false"},
         {"unknown.flag || true", "true"},
         {"unknown.flag && x.y == 1", "?b"},
         {"x.y == 1 && 'a' || 'b'", "?true"},
         {"false && x.y", "false"},
         {"true || x.y", "true"},
         {"x.y || z.y && false || 'c'", "?true"},
         {"!x.y", "?b"},
         {"!'false'", "false"},
         {"!''", "true"},
         {"!(x.y || 'b')", "false"}});
}

TEST(Evaluation, ComparesAsGitHubDoes) {
  check({{"'ABC' == 'abc'", "true"},
         {"'abc' != 'ABC'", "false"},
         {"'a' < 'B'", "true"},
         {"'a_' > 'ab'", "true"},
         {"null == 0", "true"},
         {"null == ''", "true"},
         {"null == 'a'", "false"},
         {"true == 1", "true"},
         {"true == 'true'", "false"},
         {"true == '1'", "true"},
         {"false == ''", "true"},
         {"'0x10' == 16", "true"},
         {"' 12 ' == 12", "true"},
         {"'abc' == 0", "false"},
         {"'abc' != 0", "true"},
         {"NaN == NaN", "false"},
         {"NaN != NaN", "true"},
         {"NaN >= NaN", "false"},
         {"x.y == NaN", "false"},
         {"x.y != NaN", "true"},
         {"github.run_number > 9", "true"},
         {"'10' > '9'", "false"},
         {"true > false", "true"},
         {"fromJSON('[]') == ''", "false"},
         {"fromJSON('[1]') == 1", "false"},
         {"fromJSON('[1]') == fromJSON('[1]')", "?b"},
         {"x.y == 'a'", "?b"},
         {"x.y <= 1", "?b"}});
}

TEST(Evaluation, KnowsTheFunctions) {
  check({{"contains('Hello World', 'lo w')", "true"},
         {"contains('ring-10', 'ring-1')", "true"},
         {"contains('abc', '')", "true"},
         {"contains(12.5, 2)", "true"},
         {"contains(fromJSON('[\"a\",\"B\"]'), 'b')", "true"},
         {"contains(fromJSON('[\"ring-10\"]'), 'ring-1')", "false"},
         {"contains(fromJSON('{\"a\":1}'), 'a')", "false"},
         {"contains(fromJSON('[\"a\"]'), x.y)", "?b"},
         {"contains(x.y, 'a')", "?b"},
         {"startsWith(github.ref, 'REFS/heads/')", "true"},
         {"StartsWith('a', 'ab')", "false"},
         {"endsWith('a.yaml', '.YAML')", "true"},
         {"startsWith(github.event.labels.*.name, 'a')", "?b"},
         {"format('{0}-{1}-{0}', 'a', 2)", "'a-2-a'"},
         {"format('{{0}} {{{0}}}', 'x')", "'{0} {x}'"},
         {"format('{0', 'x')", "?"},
         {"format('{1}', 'x')", "?"},
         {"format('}', 'x')", "?"},
         {"format('{0}', x.y)", "?'"},
         {"format('v{0}', x.y)", "?'true"},
         {"format('{0}', unknown.flag)", "?'true"},
         {"join(fromJSON('[\"a\",1,true,null]'), '-')", "'a-1-true-'"},
         {"join(fromJSON('[\"a\",\"b\"]'))", "'a,b'"},
         {"join('a', 'b')", "'a'"},
         {"join(fromJSON('{}'))", "''"},
         {"join(x.y)", "?'"},
         {"toJSON('a\"b\\c')", "'\"a\\\"b\\\\c\"'"},
         {"toJSON(null)", "'null'"},
         {"toJSON(x.y)", "?'true"},
         {"fromJSON('true')", "true"},
         {"fromJSON('{\"a\":[1,\"x\"],\"B\":null}')", "{a:[1,'x'],B:null}"},
         {"fromJSON('{\"a\":{\"main\":\"prod\"}}').A[github.ref_name]", "'prod'"},
         {"fromJSON('{\"a\":1}').b", "null"},
         {"fromJSON('[5,6]')[1]", "6"},
         {"fromJSON('[5,6]')[2]", "null"},
         {"fromJSON('[5,6]').x", "null"},
         {"fromJSON('[{\"n\":1},{\"n\":2},{}]').*.n", "[1,2]"},
         {"contains(fromJSON('[{\"n\":[\"a\"]}]').*.n[0], 'a')", "true"},
         {"fromJSON('{oops')", "?"},
         {"fromJSON(x.y)", "?"},
         {"hashFiles('**/go.sum')", "?'"},
         {"case(false, 1, true, 2, 3)", "2"},
         {"case(false, 1, 3)", "3"},
         {"case('x', 1, 3)", "?"},
         {"case(x.y == 1, 1, 3)", "?"},
         {"always()", "true"},
         {"success()", "?b"},
         {"failure() && false", "false"},
         {"nonsense(1)", "?"}});
}

TEST(Evaluation, AsksTheCallerForStatusFunctions) {
  ExpressionEnvironment known;
  known.status = [](std::string_view name) { return ExpressionValue::boolean(name == "cancelled"); };
  EXPECT_EQ(truth_of(*Expression::parse("Cancelled() && !failure()"), known), Truth::truthy);
  EXPECT_EQ(truth_of(*Expression::parse("success()"), known), Truth::falsy);
  EXPECT_EQ(truth_of(*Expression::parse("github.ref == 'x'"), known), Truth::unknown);
}

TEST(Evaluation, DoesNotBlowUpOnTextsThatDouble) {
  std::string text = "'xxxxxxxxxxxxxxxx'";
  for (int i = 0; i < 60; ++i) text = "format('{0}{0}{0}{0}', " + text + ")";
  EXPECT_EQ(evaluated(text), "?'true");
}

/// The guilty texts, joined by `|`.
std::string guilty(std::string_view text, const ConditionReading& reading) {
  std::string found;
  for (const ByteRange range : reading.guilty) {
    if (!found.empty()) found += '|';
    found += slice(text, range);
  }
  return found;
}

TEST(Condition, TellsConstantOnesAndWhy) {
  using enum ConstantCause;
  struct {
    std::string_view text;
    std::optional<bool> constant;
    ConstantCause cause;
    std::string_view guilty;
  } const cases[] = {
      // Depends on something.
      {"", std::nullopt, none, ""},
      {"  \n", std::nullopt, none, ""},
      {"github.ref == 'refs/heads/main'", std::nullopt, none, ""},
      {"${{ github.ref == 'refs/heads/main' }}", std::nullopt, none, ""},
      {"github.ref == 'a' || github.ref == 'b'\n", std::nullopt, none, ""},  // a bare one in a block scalar is fine
      {"success()", std::nullopt, none, ""},
      {"!cancelled() && (success() || failure())", std::nullopt, none, ""},
      {"always() && needs.a.result == 'success'", std::nullopt, none, ""},
      {"contains(github.event.head_commit.message, 'x') == false", std::nullopt, none, ""},
      {"inputs.deploy", std::nullopt, none, ""},
      {"(inputs.a && 'x' || 'y') == github.ref", std::nullopt, none, ""},  // the idiom for a choice, as a value
      {"contains(github.ref || 'refs/heads/x', 'y')", std::nullopt, none, ""},
      {"github.ref == ('a' || 'b')", std::nullopt, none, ""},
      {"${{ github.ref }}", std::nullopt, none, ""},
      {"${{ github.ref }}${{ github.sha }}", std::nullopt, none, ""},
      {"github.event.pull_request.labels.*.name == 'x'", std::nullopt, none, ""},
      // Text around a template.
      {"${{ github.ref == 'a' }} && inputs.b", true, text_around_template, " && inputs.b"},
      {"${{ github.ref == 'a' }}\n", true, text_around_template, "\n"},
      {" ${{ false }}", true, text_around_template, " "},
      {"!${{ inputs.skip }}", true, text_around_template, "!"},
      {"${{ a.b }} || ${{ c.d }} ", true, text_around_template, " || | "},
      {"${{ a.b == 1 }}${{ c.d }}", true, text_around_template, "${{ c.d }}"},
      {"github.ref == '${{ inputs.ref }}'", true, text_around_template, "github.ref == '|'"},
      // A string where a condition should stand.
      {"github.ref == 'a' || 'b'", true, string_operand, "'b'"},
      {"github.ref == 'a' || 'b' || 'c'", true, string_operand, "'b'|'c'"},
      {"${{ github.ref == 'refs/heads/staging' || 'refs/heads/beta' }}", true, string_operand, "'refs/heads/beta'"},
      {"(a.b || 'x') && (c.d || 'y')", true, string_operand, "'x'|'y'"},
      {"!(a.b || 'x')", false, string_operand, "'x'"},
      {"a.b && ''", false, string_operand, "''"},
      {"inputs.a && 'x' || 'y'", true, string_operand, "'y'"},
      {"${{ 'false' }}", true, string_operand, "'false'"},
      {"'refs/heads/main'", true, string_operand, "'refs/heads/main'"},
      // On purpose.
      {"true", true, literal, "true"},
      {"false", false, literal, "false"},
      {"${{ false }}", false, literal, "false"},
      {"${{ !true }}", false, literal, "true"},
      {"'true'", true, literal, "'true'"},
      {"0", false, literal, "0"},
      {"false && github.ref == 'x'", false, literal, "false"},
      {"true || github.ref == 'x'", true, literal, "true"},
      {"always()", true, status_function, "always()"},
      {"${{ Always() }}", true, status_function, "Always()"},
      {"always() || failure()", true, status_function, "always()"},
      {"!always()", false, status_function, "always()"},
      // By evaluation.
      {"'a' == 'b'", false, other, "'a' == 'b'"},
      {"${{ contains('abc', 'b') }}", true, other, "contains('abc', 'b')"},
      {"github.event.labels.*.name", true, other, "github.event.labels.*.name"},
      {"format('a {0}', github.ref)", true, other, "format('a {0}', github.ref)"},
      {"1 == 2 && inputs.x", false, other, "1 == 2 && inputs.x"},
  };
  for (const auto& test : cases) {
    const ConditionReading reading = analyse_condition(test.text);
    EXPECT_FALSE(reading.problem) << test.text;
    EXPECT_EQ(reading.constant, test.constant) << test.text;
    EXPECT_EQ(reading.cause, test.cause) << test.text;
    EXPECT_EQ(guilty(test.text, reading), test.guilty) << test.text;
  }
}

TEST(Condition, FindsStringsThatDecideOnlyAPartOfIt) {
  const std::string_view text = "github.event_name == 'push' && (github.ref == 'a' || 'b') && 'c'";
  const ConditionReading reading = analyse_condition(text);
  EXPECT_EQ(reading.constant, std::nullopt);
  EXPECT_THAT(reading.guilty, IsEmpty());
  ASSERT_EQ(reading.string_operands.size(), 2u);
  EXPECT_EQ(slice(text, reading.string_operands[0].range), "'b'");
  EXPECT_TRUE(reading.string_operands[0].decides);
  EXPECT_EQ(slice(text, reading.string_operands[1].range), "'c'");
  EXPECT_FALSE(reading.string_operands[1].decides);
}

TEST(Condition, KnowsItsStatusFunction) {
  EXPECT_TRUE(analyse_condition("!cancelled() && inputs.a").has_status_function);
  EXPECT_TRUE(analyse_condition("${{ failure() }} && inputs.a").has_status_function);
  EXPECT_FALSE(analyse_condition("github.ref == 'always()'").has_status_function);
  EXPECT_FALSE(analyse_condition("").has_status_function);
}

TEST(Condition, ThatDoesNotParseSaysWhereInTheTextGiven) {
  struct {
    std::string_view text;
    ByteRange at;
  } const cases[] = {
      {"github.ref = 'a'", {11, 12}},
      {"${{ github.ref = 'a' }}", {15, 16}},
      {"${{ a }} ${{ b c }}", {15, 16}},
      {"${{ a", {0, 5}},
      {"${{ }}", {4, 4}},
  };
  for (const auto& test : cases) {
    const ConditionReading reading = analyse_condition(test.text);
    ASSERT_TRUE(reading.problem) << test.text;
    EXPECT_EQ(reading.problem->at, test.at) << test.text << ": " << reading.problem->message;
    EXPECT_EQ(reading.constant, std::nullopt) << test.text;
    EXPECT_EQ(reading.cause, ConstantCause::none) << test.text;
  }
}

/// With every context known, what was said with nothing known must hold.
TEST(ConditionFuzz, WhatIsSaidWithoutKnowledgeHoldsWithIt) {
  const std::vector<std::string> atoms = {"a.b",     "c.d",  "'x'",        "''",         "true",
                                          "false",   "0",    "'x' == a.b", "c.d != 1",   "always()",
                                          "failure()", "null", "startsWith(a.b, 'x')",
                                          "format('{0}', c.d)", "contains(a.b, c.d)"};
  std::mt19937 random(7);
  const auto generate = [&](auto&& self, int depth) -> std::string {
    if (depth == 0 || random() % 4 == 0) return atoms[random() % atoms.size()];
    switch (random() % 5) {
      case 0: return "!" + ("(" + self(self, depth - 1) + ")");
      case 1:
      case 2: return "(" + self(self, depth - 1) + " && " + self(self, depth - 1) + ")";
      default: return "(" + self(self, depth - 1) + " || " + self(self, depth - 1) + ")";
    }
  };
  const std::vector<ExpressionValue> values = {ExpressionValue::null(), ExpressionValue::string("x"),
                                               ExpressionValue::string(""), ExpressionValue::number(1),
                                               ExpressionValue::boolean(false), ExpressionValue::boolean(true)};
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
  int constants = 0;
  while (std::chrono::steady_clock::now() < deadline) {
    const std::string text = generate(generate, 4);
    const ConditionReading reading = analyse_condition(text);
    ASSERT_FALSE(reading.problem) << text;
    ASSERT_EQ(reading.constant.has_value(), reading.cause != ConstantCause::none) << text;
    ASSERT_EQ(reading.constant.has_value(), !reading.guilty.empty()) << text;
    if (!reading.constant) continue;
    ++constants;
    ExpressionEnvironment known;
    known.context = [&](std::string_view) { return values[random() % values.size()]; };
    known.status = [&](std::string_view) { return ExpressionValue::boolean(random() % 2 == 0); };
    const auto expression = Expression::parse(text);
    for (int i = 0; i < 8; ++i) {
      ASSERT_EQ(truth_of(*expression, known), *reading.constant ? Truth::truthy : Truth::falsy) << text;
    }
  }
  EXPECT_GT(constants, 20);
}

}  // namespace
}  // namespace trueup::formats
