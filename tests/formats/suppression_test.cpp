#include "formats/suppression.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "formats/hcl.hpp"

namespace trueup::formats {
namespace {

/// "line rule,rule: reason|until|owner!problem" for each.
std::string told(const std::vector<Suppression>& suppressions) {
  std::string all;
  for (const Suppression& found : suppressions) {
    all += std::to_string(found.line) + ' ';
    for (const std::string_view rule : found.rules) all += std::string(rule) + ',';
    all += ": " + std::string(found.reason) + '|' + std::string(found.until) + '|' + std::string(found.owner);
    all += (found.problem.empty() ? "" : "!") + found.problem.substr(0, found.problem.find(';')) + '\n';
  }
  return all;
}
std::string read(std::string_view text) { return told(find_suppressions(text)); }

TEST(Suppression, ReadsRulesReasonAndTerms) {
  const struct {
    std::string_view text, expected;
  } rows[] = {
      {"a: 1 # trueup: ignore[C01] why", "1 C01,: why||\n"},
      {"a: 1 #trueup:ignore[C01,chart/x]why", "1 C01,chart/x,: why||\n"},
      {"a: 1 # trueup: ignore[C01] why (until 2027-01-31)", "1 C01,: why|2027-01-31|\n"},
      {"a: 1 # trueup: ignore[C01] why (owner @team, until 2027-01-31)", "1 C01,: why|2027-01-31|@team\n"},
      {"a: 1 # trueup: ignore[C01] why (see #12)", "1 C01,: why (see #12)||\n"},
      {"a: 1 # trueup: ignore[C01] (until 2027-01-31)", "1 C01,: |2027-01-31|\n"},
      {"a: 1 # trueup: ignore[C01] why (until 2027-13-31)", "1 C01,: why|2027-13-31|!`until 2027-13-31` is no date: write YYYY-MM-DD\n"},
      {"a: 1 # trueup: ignore", "1 : ||!it names no rule\n"},
      {"a: 1 # trueup: ignore[C01", "1 : ||!it names no rule\n"},
      {"a: 1 # trueup: checks this", ""},
      {"a: b#trueup: ignore[C01] why", ""},
      {"trueup: ignore[C01] why", ""},
      {"", ""},
  };
  for (const auto& row : rows) EXPECT_EQ(read(row.text), row.expected) << row.text;
}

TEST(Suppression, SpeaksOfItsLineOrTheNextWithContent) {
  const struct {
    std::string_view text, expected;
  } rows[] = {
      {"a: 1\nb: 2 # trueup: ignore[X] y\n", "2 X,: y||\n"},
      {"# trueup: ignore[X] y\na: 1\n", "2 X,: y||\n"},
      {"a: 1\r\n  # trueup: ignore[X] y\r\n\r\n# more\r\nb: 2\r\n", "5 X,: y||\n"},
      {"# trueup: ignore[X] y\n# trueup: ignore[Z] y\na: 1\n", "3 X,: y||\n3 Z,: y||\n"},
      {"a: 1\n# trueup: ignore[X] y\n", "3 X,: y||\n"},
      {"a: 1\r# trueup: ignore[X] y\rb: 2", "3 X,: y||\n"},
  };
  for (const auto& row : rows) EXPECT_EQ(read(row.text), row.expected) << row.text;
}

TEST(Suppression, OfHclStandsInEveryFormOfComment) {
  const struct {
    std::string_view text, expected;
  } rows[] = {
      {"a = 1 # trueup: ignore[X] y\n", "1 X,: y||\n"},
      {"a = 1 // trueup: ignore[X] y\n", "1 X,: y||\n"},
      {"a = 1 //trueup:ignore[X]y (until 2027-01-31)\r\n", "1 X,: y|2027-01-31|\n"},
      {"a = 1 /* trueup: ignore[X] y (owner @team) */\n", "1 X,: y||@team\n"},
      {"/* trueup: ignore[X] y */ a = 1\n", "1 X,: y||\n"},
      {"// trueup: ignore[X] y\n# more\n\n/* and\n more */\na = 1\n", "6 X,: y||\n"},
      {"/*\n * Why it is so.\n * trueup: ignore[X, Z] y\n * trueup: ignore[V] w\n */\na = 1\n", "6 X,Z,: y||\n6 V,: w||\n"},
      {"a = [\n  1, // trueup: ignore[X] y\n  \"b ${c /* trueup: ignore[Z] w */}\",\n]\n", "2 X,: y||\n3 Z,: w||\n"},
      {"a = 1 // trueup: ignore\n", "1 : ||!it names no rule\n"},
      // Texts are no comments.
      {"a = \"# trueup: ignore[X] y\"\n", ""},
      {"a = \"http://trueup: ignore[X] y\"\n", ""},
      {"a = \"x /* trueup: ignore[X] y */\"\n", ""},
      {"a = <<EOT\n# trueup: ignore[X] y\n// trueup: ignore[X] y\n/* trueup: ignore[X] y */\nEOT\n", ""},
      {"a = f(<<-EOT\n  # trueup: ignore[X] y\n  EOT\n)\n", ""},
      {"// see trueup: ignore[X]\n// trueup: checks this\na = 1\n", ""},
  };
  for (const auto& row : rows) EXPECT_EQ(told(find_suppressions(row.text, parse_hcl(row.text).comments)), row.expected) << row.text;
  // From the mark to the end of the comment, or of its line.
  const std::string_view text = "a = 1 /* trueup: ignore[X] y */\n/*\n * trueup: ignore[X] y\n */\n";
  const auto found = find_suppressions(text, parse_hcl(text).comments);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(slice(text, found[0].bytes), "/* trueup: ignore[X] y */");
  EXPECT_EQ(slice(text, found[1].bytes), "* trueup: ignore[X] y");
}

TEST(Suppression, ManyAreCutAndReadInOnePass) {
  std::string text;
  for (std::size_t i = 0; i < limits::kMaxSuppressions + 1; ++i) text += "# trueup: ignore[X] y\n";
  bool cut = false;
  const auto all = find_suppressions(text, &cut);
  EXPECT_TRUE(cut);
  ASSERT_EQ(all.size(), limits::kMaxSuppressions);
  EXPECT_EQ(all.front().line, limits::kMaxSuppressions + 2);
}

}  // namespace
}  // namespace trueup::formats
