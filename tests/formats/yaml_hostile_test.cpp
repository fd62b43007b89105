#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "cpu_time.hpp"
#include "formats/document_check.hpp"
#include "formats/json.hpp"
#include "formats/yaml.hpp"

// Files that were made to hang, crash or fill a reader. The times allow for sanitizers on a busy machine; what they are
// there to catch takes minutes.

namespace trueup::formats {
namespace {

using testing::HasSubstr;

std::string repeated(std::string_view text, std::size_t count) {
  std::string all;
  all.reserve(text.size() * count);
  while (count-- > 0) all += text;
  return all;
}

std::string numbered(std::string_view before, std::string_view after, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) (all += before) += std::to_string(i) + std::string(after);
  return all;
}

Document parse_quickly(const std::string& source, Document (*parse)(std::string_view) = parse_yaml) {
  const auto start = cpu_time();
  Document document = parse(source);
  EXPECT_LT(cpu_time() - start, std::chrono::seconds(20)) << source.substr(0, 80);
  return document;
}

void expect_over_limit(const std::string& source, std::uint32_t at, std::string_view message,
                       Document (*parse)(std::string_view) = parse_yaml) {
  const Document document = parse_quickly(source, parse);
  ASSERT_TRUE(document.problem()) << source.substr(0, 80);
  EXPECT_EQ(document.problem()->fault, Fault::over_limit) << document.problem()->message;
  EXPECT_EQ(document.problem()->at.begin, at);
  EXPECT_THAT(document.problem()->message, HasSubstr(message));
}

TEST(YamlHostile, DeepNestingStopsAtTheLimit) {
  constexpr std::uint32_t kDepth = limits::kMaxDepth;
  expect_over_limit(repeated("[", 10'000), kDepth, "nested deeper");
  expect_over_limit(repeated("[", 10'000) + repeated("]", 10'000), kDepth, "nested deeper");
  expect_over_limit(repeated("[", 1 << 20), kDepth, "nested deeper");
  expect_over_limit(repeated("[\n", 1 << 20), 2 * kDepth, "nested deeper");
  expect_over_limit(repeated("{a: ", 1 << 18), 4 * kDepth, "nested deeper");
  expect_over_limit(repeated("- ", 10'000), 2 * kDepth, "nested deeper");
  expect_over_limit(repeated("? ", 10'000), 2 * kDepth, "nested deeper");
  std::string indented;
  for (std::size_t i = 0; i < 2'000; ++i) indented += std::string(i, ' ') + "k:\n";
  expect_over_limit(indented, kDepth * (kDepth - 1) / 2 + 3 * kDepth + kDepth, "nested deeper");
}

TEST(YamlHostile, TheDeepestThatIsAllowedIsRead) {
  const std::string source = repeated("[", limits::kMaxDepth) + repeated("]", limits::kMaxDepth);
  const Document document = parse_yaml(source);
  EXPECT_FALSE(document.problem());
  EXPECT_EQ(document.size(), limits::kMaxDepth);
  EXPECT_EQ(document.pointer(document.size() - 1).size(), 2 * (limits::kMaxDepth - 1));
}

TEST(YamlHostile, ManyValuesInDeepBracketsStop) {
  const Document document = parse_quickly(repeated("[", 499) + repeated("a,", 4 << 20) + repeated("]", 499));
  ASSERT_TRUE(document.problem());
  EXPECT_EQ(document.problem()->fault, Fault::over_limit);
}

TEST(YamlHostile, TooManyNodesAndTooManyBytesAreOverLimit) {
  expect_over_limit(repeated("- x\n", limits::kMaxNodes), 4 * (limits::kMaxNodes - 1) + 2, "keys and values");
  const Document large = parse_quickly(std::string(limits::kMaxBlobBytes + 1, ' '));
  ASSERT_TRUE(large.problem());
  EXPECT_EQ(large.problem()->fault, Fault::over_limit);
  EXPECT_EQ(large.size(), 0u);
  EXPECT_FALSE(parse_quickly(std::string(limits::kMaxBlobBytes, ' ')).problem());
}

TEST(YamlHostile, AnAliasBombCostsNothing) {
  std::string source = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 100; ++i) {
    const std::string before = "*a" + std::to_string(i - 1) + " ";
    source += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + repeated(before + ",", 9) + before + "]\n";
  }
  const Document document = parse_quickly(source);
  EXPECT_FALSE(document.problem());
  EXPECT_EQ(document.size(), 1u + 100 * 12);
}

TEST(YamlHostile, AMergeBombIsBounded) {
  std::string source = "m0: &m0 {k: v}\n";
  for (int i = 1; i < 100; ++i) {
    const std::string before = "*m" + std::to_string(i - 1) + " ";
    const std::string name = "m" + std::to_string(i);
    source += name + ": &" + name + " {<<: [" + repeated(before + ",", 9) + before + "]}\n";
  }
  const Document document = parse_quickly(source);
  const auto start = cpu_time();
  EXPECT_EQ(document.text(document.merged_child(document.child(document.root(), "m99"), "k")), "v");
  EXPECT_EQ(document.merged_child(document.child(document.root(), "m99"), "absent"), kNoNode);
  EXPECT_LT(cpu_time() - start, std::chrono::seconds(5));
}

TEST(YamlHostile, AMergeChainIsBounded) {
  std::string source = "- &m0 {k: v}\n";
  for (int i = 1; i < 50'000; ++i) source += "- &m" + std::to_string(i) + " {<<: *m" + std::to_string(i - 1) + " }\n";
  const Document document = parse_quickly(source);
  const auto elements = document.children(document.root());
  EXPECT_EQ(document.text(document.merged_child(elements[100], "k")), "v");
  EXPECT_EQ(document.merged_child(elements.back(), "k"), kNoNode);
}

TEST(YamlHostile, LargeFlatFilesTakeTimeInProportion) {
  for (const std::string& source :
       {repeated("a longer key: and a value with words in it\n", 480'000), numbered("k", ": v\n", 300'000),
        repeated("ключ: значение\n", 200'000), "a: |\n" + repeated(" x\n", 2 << 20),
        "a: >\n x\n" + repeated("\n", 4 << 20) + " y\n", "a: \"" + repeated("\\n", 2 << 20) + "\"",
        "a: x\n" + repeated(" x\n", 2 << 20), repeated("#\n", 2 << 20), "{a" + repeated("\n#c\n", 1 << 20) + "}",
        "- &a\n" + repeated("# c\n", 1 << 20) + " x\n", repeated("? k\n", 200'000), repeated("- &a\n", 300'000),
        "- &a x\n" + repeated("- *a\n", 300'000), numbered("- &a", " x\n", 300'000)}) {
    const Document document = parse_quickly(source);
    EXPECT_FALSE(document.problem()) << source.substr(0, 80) << document.problem()->message;
  }
}

TEST(YamlHostile, TagDirectivesAreBounded) {
  expect_over_limit(numbered("%TAG !a", "! x\n", 100'000) + "--- a\n", 822, "%TAG");
  expect_over_limit("a\n--- b\n...\n%TAG !e! " + std::string(100'000, 'x') + "\n--- a\n", 12, "%TAG");
  const std::string prefix(900, 'x');
  const Document expanding = parse_quickly("%TAG !e! " + prefix + "\n--- [" + repeated("!e!1 a, ", 1 << 20) + "]");
  ASSERT_TRUE(expanding.problem());
  EXPECT_EQ(expanding.problem()->fault, Fault::over_limit);
}

TEST(YamlHostile, EveryPlaceInALongScalarIsFoundQuickly) {
  const std::string lines = repeated("    echo ${{ x }} é\n\n", 30'000);
  for (const std::string& source :
       {"a: |\n" + lines, "a: >\n" + lines, "a: '" + lines + "'", "a: \"" + lines + "\"", "a: " + lines}) {
    const Document document = parse_yaml(source);
    const NodeIndex scalar = document.child(document.root(), "a");
    const std::string_view value = document[scalar].value;
    const auto start = cpu_time();
    std::size_t expected = 0;
    for (std::size_t at = 0; (at = value.find("${{", at)) != std::string_view::npos; ++at) {
      expected = source.find("${{", expected);
      ASSERT_EQ(document.source_offset(scalar, static_cast<std::uint32_t>(at)), expected);
      ++expected;
    }
    EXPECT_GT(expected, source.size() - 100);
    EXPECT_LT(cpu_time() - start, std::chrono::seconds(20));
  }
}

TEST(JsonHostile, DeepNestingNodesAndBytesStopAtTheLimit) {
  expect_over_limit(repeated("[", 1 << 20), limits::kMaxDepth, "nested deeper", parse_json);
  expect_over_limit(repeated("{\"a\":", 1 << 18), 5 * limits::kMaxDepth, "nested deeper", parse_json);
  expect_over_limit("[" + repeated("1,", limits::kMaxNodes) + "1]", 1 + 2 * (limits::kMaxNodes - 1), "keys and values",
                    parse_json);
  const Document large = parse_quickly("\"" + std::string(limits::kMaxBlobBytes, 'x') + "\"", parse_json);
  ASSERT_TRUE(large.problem());
  EXPECT_EQ(large.problem()->fault, Fault::over_limit);
  EXPECT_FALSE(parse_quickly("{" + repeated("\"a\": 1,", 400'000) + "\"b\": 2}", parse_json).problem());
}

}  // namespace
}  // namespace trueup::formats
