#include "formats/expression.hpp"

#include <chrono>
#include <cmath>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "formats/mutated_text.hpp"

namespace trueup::formats {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// The tree as text: operators in front, `.`/`[]` as written, so that a table can hold it.
std::string shape(const Expression& expression, ExpressionIndex index) {
  const ExpressionNode& node = expression[index];
  const auto operands = [&](std::string head) {
    for (const ExpressionIndex operand : node.operands) head += ' ' + shape(expression, operand);
    return '(' + head + ')';
  };
  switch (node.kind) {
    case ExpressionKind::null_literal: return "null";
    case ExpressionKind::boolean_literal: return node.boolean ? "true" : "false";
    case ExpressionKind::number_literal: {
      char text[40];
      std::snprintf(text, sizeof text, "%g", node.number);
      return text;
    }
    case ExpressionKind::string_literal: return '"' + node.text + '"';
    case ExpressionKind::context: return node.text;
    case ExpressionKind::property: return shape(expression, node.operands[0]) + '.' + node.text;
    case ExpressionKind::star: return shape(expression, node.operands[0]) + ".*";
    case ExpressionKind::index:
      return shape(expression, node.operands[0]) + '[' + shape(expression, node.operands[1]) + ']';
    case ExpressionKind::call: return operands(node.text);
    case ExpressionKind::negation: return operands("!");
    case ExpressionKind::less: return operands("<");
    case ExpressionKind::less_or_equal: return operands("<=");
    case ExpressionKind::greater: return operands(">");
    case ExpressionKind::greater_or_equal: return operands(">=");
    case ExpressionKind::equal: return operands("==");
    case ExpressionKind::not_equal: return operands("!=");
    case ExpressionKind::conjunction: return operands("&&");
    case ExpressionKind::disjunction: return operands("||");
  }
  return "?";
}

std::string shape_of(std::string_view text) {
  const auto expression = Expression::parse(text);
  return expression ? shape(*expression, expression->root()) : "error: " + expression.error().message;
}

TEST(Templates, AreFoundWithTheirBraces) {
  struct {
    std::string_view text;
    std::vector<std::string_view> outer, inner;
  } const cases[] = {
      {"", {}, {}},
      {"${ X }", {}, {}},
      {"${{ a }}", {"${{ a }}"}, {" a "}},
      {"v${{a}}.${{ b }}-x", {"${{a}}", "${{ b }}"}, {"a", " b "}},
      {"${{ '}}' }}x", {"${{ '}}' }}"}, {" '}}' "}},
      {"${{ 'it''s }}' }}", {"${{ 'it''s }}' }}"}, {" 'it''s }}' "}},
      {"${{ format('{0}', a) }}}", {"${{ format('{0}', a) }}"}, {" format('{0}', a) "}},
      {"${{}}", {"${{}}"}, {""}},
      {"${{ a\n }}", {"${{ a\n }}"}, {" a\n "}},
  };
  for (const auto& test : cases) {
    std::vector<std::string_view> outer, inner;
    for (const TemplateRegion& region : find_templates(test.text)) {
      EXPECT_TRUE(region.closed) << test.text;
      outer.push_back(slice(test.text, region.outer));
      inner.push_back(slice(test.text, region.inner));
    }
    EXPECT_EQ(outer, test.outer) << test.text;
    EXPECT_EQ(inner, test.inner) << test.text;
  }
}

TEST(Templates, WithoutAnEndReachToTheEndOfTheText) {
  const std::string_view text = "a ${{ b }} ${{ 'c }}";
  const auto regions = find_templates(text);
  ASSERT_EQ(regions.size(), 2u);
  EXPECT_TRUE(regions[0].closed);
  EXPECT_EQ(regions[1], (TemplateRegion{{11, 20}, {14, 20}, false}));
}

TEST(Expression, ReadsEveryFormOfTheLanguage) {
  struct {
    std::string_view text, expected;
  } const cases[] = {
      {" null ", "null"},
      {"true", "true"},
      {"false", "false"},
      {"TRUE", "TRUE"},  // a context that does not exist; GitHub takes the words in lower case only
      {"-2.5e3", "-2500"},
      {"+3", "3"},
      {".5", "0.5"},
      {"0xff", "255"},
      {"0o17", "15"},
      {"Infinity", "inf"},
      {"'it''s'", "\"it's\""},
      {"''''", "\"'\""},
      {"''", "\"\""},
      {"'\"'", "\"\"\""},
      {"github.event.client_payload.version", "github.event.client_payload.version"},
      {"github . ref", "github.ref"},
      {"a['b-c'].d", "a[\"b-c\"].d"},
      {"a.*.b", "a.*.b"},
      {"a[*].b", "a.*.b"},
      {"a[b.c][0]", "a[b.c][0]"},
      {"steps.a-b.outputs.c_d", "steps.a-b.outputs.c_d"},
      {"always()", "(always)"},
      {"contains ( a , 'b' )", "(contains a \"b\")"},
      {"fromJSON(needs.a.outputs.m).include[0].name", "(fromJSON needs.a.outputs.m).include[0].name"},
      {"(github).ref", "github.ref"},
      {"!a == b", "(== (! a) b)"},
      {"!(a == b)", "(! (== a b))"},
      {"a || b && c == d < !e", "(|| a (&& b (== c (< d (! e)))))"},
      {"a || b || c", "(|| a b c)"},
      {"(a || b) || c", "(|| (|| a b) c)"},
      {"a && b && c || d", "(|| (&& a b c) d)"},
      {"a == b != c", "(!= (== a b) c)"},
      {"a<b<=c", "(<= (< a b) c)"},
      {"a>=b", "(>= a b)"},
      {"a\n  && b", "(&& a b)"},
      {"true.x", "error: expected an operator or the end of the expression, found '.'"},
  };
  for (const auto& test : cases) EXPECT_EQ(shape_of(test.text), test.expected) << test.text;
}

TEST(Expression, NamesWhatItExpectedAndWhere) {
  struct {
    std::string_view text;
    ByteRange at;
    std::string_view message;
  } const cases[] = {
      {"", {0, 0}, "expected a value, found its end"},
      {"  ", {2, 2}, "expected a value"},
      {"a ==", {4, 4}, "expected a value"},
      {"a = b", {2, 3}, "expected '=='"},
      {"a & b", {2, 3}, "expected '&&'"},
      {"a | b", {2, 3}, "expected '||'"},
      {"a + b", {2, 3}, "no arithmetic"},
      {"a+b", {1, 2}, "no arithmetic"},
      {"a b", {2, 3}, "expected an operator or the end of the expression, found 'b'"},
      {"a == \"b\"", {5, 6}, "single quotes"},
      {"a == 'b", {5, 7}, "expected a closing '"},
      {"contains(a, b", {13, 13}, "expected an operator, ',' or ')', found its end"},
      {"contains(a b)", {11, 12}, "expected an operator, ',' or ')', found 'b'"},
      {"contains(a,)", {11, 12}, "expected a value, found ')'"},
      {"(a", {2, 2}, "expected an operator or ')'"},
      {"a)", {1, 2}, "expected an operator or the end"},
      {"a[b", {3, 3}, "expected ']'"},
      {"a[*b]", {3, 4}, "expected ']' after '[*'"},
      {"a.", {2, 2}, "expected a property name or '*'"},
      {"a.1", {2, 3}, "expected a property name or '*'"},
      {"1.2.3", {0, 5}, "expected a number, found '1.2.3'"},
      {"1abc", {0, 4}, "expected a number"},
      {"a$b", {1, 2}, "expected the end of a name"},
      {"a == \xC3\xA9", {5, 6}, "found '\xC3\xA9'"},
      {"${{ a }}", {0, 1}, "expected a value, found '$'"},
  };
  for (const auto& test : cases) {
    const auto expression = Expression::parse(test.text);
    ASSERT_FALSE(expression) << test.text;
    EXPECT_EQ(expression.error().fault, Fault::malformed) << test.text;
    EXPECT_EQ(expression.error().at, test.at) << test.text;
    EXPECT_THAT(expression.error().message, HasSubstr(test.message)) << test.text;
  }
}

TEST(Expression, GivesEveryNodeItsBytes) {
  const std::string_view text = "( a.b ) == 'x' && !startsWith(c['d'], 'y')";
  const auto expression = Expression::parse(text);
  ASSERT_TRUE(expression);
  std::vector<std::string_view> ranges, names;
  for (const ExpressionNode& node : expression->nodes()) {
    ranges.push_back(slice(text, node.range));
    names.push_back(slice(text, node.name_range));
  }
  EXPECT_THAT(ranges, ElementsAre("a", "a.b", "'x'", "( a.b ) == 'x'", "c", "'d'", "c['d']", "'y'",
                                  "startsWith(c['d'], 'y')", "!startsWith(c['d'], 'y')", text));
  EXPECT_EQ(names[1], "b");
  EXPECT_EQ(names[8], "startsWith");
}

TEST(Expression, IsBoundedInDepthAndSize) {
  const auto fault_of = [](const std::string& text) {
    const auto expression = Expression::parse(text);
    return expression ? std::optional<Fault>() : expression.error().fault;
  };
  const auto repeat = [](std::string_view piece, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += piece;
    return text;
  };
  EXPECT_EQ(fault_of(repeat("(", 50) + "a" + repeat(")", 50)), std::nullopt);
  EXPECT_EQ(fault_of(repeat("(", 20'000) + "a"), Fault::over_limit);
  EXPECT_EQ(fault_of(repeat("!", 20'000) + "a"), Fault::over_limit);
  EXPECT_EQ(fault_of(repeat("a[", 20'000)), Fault::over_limit);
  EXPECT_EQ(fault_of(repeat("f(", 20'000)), Fault::over_limit);
  EXPECT_EQ(fault_of("a" + repeat(".a", 20'000)), Fault::over_limit);
  EXPECT_EQ(fault_of("a" + repeat("==a", 20'000)), Fault::over_limit);
  EXPECT_EQ(fault_of("a" + repeat("||a", 20'000)), std::nullopt);  // flat, so it is no nesting
  EXPECT_EQ(fault_of(std::string(limits::kMaxExpressionBytes + 1, ' ')), Fault::over_limit);
}

TEST(Expression, CastsTextsToNumbersAsTheRunnerDoes) {
  struct {
    std::string_view text;
    double expected;
  } const cases[] = {
      {"", 0},       {" \t", 0},        {" 12 ", 12},        {"1.", 1},           {"-.5", -0.5},
      {"1e3", 1000}, {"0x10", 16},      {"0xFFFFFFFF", -1},  {"0o10", 8},         {"Infinity", INFINITY},
      {"010", 10},   {"1e999", INFINITY}, {"1e-999", 0},     {"-Infinity", -INFINITY},
  };
  for (const auto& test : cases) EXPECT_EQ(expression_number(test.text), test.expected) << test.text;
  for (const std::string_view text : {"x", "1x", "0x", "0xG", "0o8", "1e", "--1", ".", "NaN", "0x100000000", "1 2"}) {
    EXPECT_TRUE(std::isnan(expression_number(text))) << text;
  }
}

/// "path" for an exact read; with "…" behind where it goes on unknown, with "!" in front where the object escapes.
std::vector<std::string> reads_of(std::string_view text) {
  const auto expression = Expression::parse(text);
  EXPECT_TRUE(expression) << text;
  std::vector<std::string> found;
  for (const ContextRead& read : context_reads(*expression)) {
    found.push_back((read.escapes ? "!" : "") + read.path() + (read.exact ? "" : "…"));
    for (const ContextKey& key : read.keys) {
      // A key's bytes spell it (but for the case of the context and '' in strings).
      EXPECT_EQ(ascii_lower(slice(text, key.range)), ascii_lower(key.name)) << text;
      EXPECT_LE(read.range.begin, key.range.begin);
      EXPECT_LE(key.range.end, read.range.end);
    }
  }
  return found;
}

TEST(ContextReads, AreTheLongestChains) {
  struct {
    std::string_view text;
    std::vector<std::string> expected;
  } const cases[] = {
      {"'x'", {}},
      {"github.event.client_payload.version", {"github.event.client_payload.version"}},
      {"GitHub.Event.x", {"github.Event.x"}},
      {"github['event']['client_payload'].Version", {"github.event.client_payload.Version"}},
      {"steps.build.outputs.tag || needs.x.outputs.y", {"steps.build.outputs.tag", "needs.x.outputs.y"}},
      {"github.event.commits[0].id", {"github.event.commits.0.id"}},
      {"contains(github.event.pull_request.labels.*.name, 'x')", {"!github.event.pull_request.labels…"}},
      {"matrix[inputs.key].name", {"!matrix…", "inputs.key"}},
      {"toJSON(github.event.client_payload)", {"!github.event.client_payload"}},
      {"tojson(a.b || c.d)", {"!a.b", "!c.d"}},
      {"toJSON(a.b == c.d)", {"a.b", "c.d"}},
      {"toJSON(case(a.x, b.y, c.z))", {"!a.x", "!b.y", "!c.z"}},
      {"fromJSON(steps.s.outputs.json).key", {"steps.s.outputs.json"}},
      {"fromJSON(toJSON(vars)).key", {"!vars"}},
      {"(a.b || c.d).e", {"!a.b", "!c.d"}},
      {"env.X == 'y' && !cancelled()", {"env.X"}},
      {"github", {"github"}},
  };
  for (const auto& test : cases) EXPECT_EQ(reads_of(test.text), test.expected) << test.text;
}

TEST(ContextReads, KnowTheBytesOfTheChainAndOfEachKey) {
  const std::string_view text = " 'v' == github.event['client_payload'].version.x[y].z";
  const auto expression = Expression::parse(text);
  ASSERT_TRUE(expression);
  const auto reads = context_reads(*expression);
  ASSERT_EQ(reads.size(), 2u);
  EXPECT_EQ(slice(text, reads[0].range), "github.event['client_payload'].version.x[y].z");
  EXPECT_EQ(reads[0].keys.size(), 5u);
  EXPECT_EQ(slice(text, reads[0].keys[2].range), "client_payload");
  EXPECT_EQ(slice(text, reads[0].keys[4].range), "x");
  EXPECT_EQ(slice(text, reads[1].range), "y");
}

TEST(StatusFunctions, CountWhereverTheyAreCalledButNotInStrings) {
  const auto calls = [](std::string_view text) { return calls_status_function(*Expression::parse(text)); };
  EXPECT_TRUE(calls("always()"));
  EXPECT_TRUE(calls("a == 'x' && (b || !Cancelled())"));
  EXPECT_TRUE(calls("format('{0}', failure())"));
  EXPECT_FALSE(calls("'always()' == a"));
  EXPECT_FALSE(calls("always.x"));
  EXPECT_FALSE(calls("contains(a, b)"));
}

TEST(ExpressionFuzz, MutatedTextsNeverCrashAndRangesStayInside) {
  const std::vector<std::string> seeds = {
      "github.event.payload['a-b'].*.c == 'it''s' && !(contains(a[b.c][0], 0x1F) || startsWith(d, '}}')) != null",
      "${{ a }} text ${{ format('{0}', b) }} ${{ 'x",
      "fromJSON(toJSON(needs)).x.y[*].z <= -1.5e3 || case(a, b, c)",
  };
  constexpr std::string_view kAlphabet = "abz01. ['])(*!=<>&|,-+$\\{}\"\n\xC3\xA9";
  std::mt19937 random(20240607);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(700);
  std::size_t rounds = 0, parsed = 0;
  for (; std::chrono::steady_clock::now() < deadline; ++rounds) {
    std::string text = seeds[random() % seeds.size()];
    text = mutated(std::move(text), random() % 6 + 1, kAlphabet, random);
    const auto inside = [&](ByteRange range) { return range.begin <= range.end && range.end <= text.size(); };
    for (const TemplateRegion& region : find_templates(text)) ASSERT_TRUE(inside(region.outer) && inside(region.inner));
    const auto expression = Expression::parse(text);
    if (!expression) {
      ASSERT_TRUE(expression.error().at && inside(*expression.error().at)) << text;
      continue;
    }
    ++parsed;
    for (ExpressionIndex i = 0; i < expression->nodes().size(); ++i) {
      const ExpressionNode& node = (*expression)[i];
      ASSERT_TRUE(inside(node.range) && inside(node.name_range)) << text;
      for (const ExpressionIndex operand : node.operands) {
        ASSERT_LT(operand, i) << text;
        ASSERT_LE(node.range.begin, (*expression)[operand].range.begin) << text;
        ASSERT_GE(node.range.end, (*expression)[operand].range.end) << text;
      }
      // What stands at a node's bytes is an expression of the same shape.
      ASSERT_EQ(shape_of(slice(text, node.range)), shape(*expression, i)) << text;
    }
    for (const ContextRead& read : context_reads(*expression)) ASSERT_TRUE(inside(read.range)) << text;
  }
  EXPECT_GT(parsed, 50u) << "of " << rounds;
}

}  // namespace
}  // namespace trueup::formats
