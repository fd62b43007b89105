#include "formats/suppression.hpp"

#include <gtest/gtest.h>

#include "base/limits.hpp"

namespace trueup::formats {
namespace {

/// "line rule,rule: reason|until|owner!problem" for each.
std::string read(std::string_view text) {
  std::string all;
  for (const Suppression& found : find_suppressions(text)) {
    all += std::to_string(found.line) + ' ';
    for (const std::string_view rule : found.rules) all += std::string(rule) + ',';
    all += ": " + std::string(found.reason) + '|' + std::string(found.until) + '|' + std::string(found.owner);
    all += (found.problem.empty() ? "" : "!") + found.problem.substr(0, found.problem.find(';')) + '\n';
  }
  return all;
}

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
