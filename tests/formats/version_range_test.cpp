#include "formats/version_range.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace trueup::formats {
namespace {

TEST(VersionRange, AnswersAsTheLibraryOfHelm) {
  std::ifstream file(TRUEUP_SOURCE_DIR "/tests/formats/version_range_rows.tsv");
  std::string line, version_line;
  std::size_t rows = 0;
  while (std::getline(file, line)) {
    if (line.starts_with("# versions\t")) version_line = line.substr(line.find('\t') + 1);
    if (line.starts_with('#')) continue;
    ++rows;
    const std::size_t tab = line.find('\t');
    ASSERT_NE(tab, std::string::npos) << line;
    const std::string constraint = replace_all(line.substr(0, tab), "\\t", "\t");
    const std::string expected = line.substr(tab + 1);
    const auto range = VersionRange::parse(constraint);
    if (expected == "malformed") {
      ASSERT_FALSE(range) << line;
      ASSERT_TRUE(range.error().at) << line;
      EXPECT_LE(range.error().at->end, constraint.size()) << line;
      continue;
    }
    ASSERT_TRUE(range) << line << ": " << range.error().message;
    const auto matching = split(expected, ' ');
    for (const std::string_view version : split(version_line, ' ')) {
      const bool matches =
          expected == "all" || std::find(matching.begin(), matching.end(), version) != matching.end();
      EXPECT_EQ(range->matches(*Version::parse(version)), matches) << '"' << constraint << "\" and " << version;
    }
  }
  EXPECT_GT(rows, 300u);
}

TEST(VersionRange, ErrorNamesTheComparison) {
  struct Row {
    std::string_view text;
    ByteRange at;
  };
  const std::vector<Row> rows{{"1.0.0-staging.0157584", {0, 21}},
                              {">=1.2 <1.2.3.4", {12, 14}},
                              {">=1<2", {3, 5}},
                              {"1.2 || latest", {7, 13}},
                              {"1 ||  || 2", {6, 6}},
                              {"", {0, 0}},
                              {">=", {0, 2}},
                              {"1 - 2, ^a", {8, 9}},
                              {"1 - 2.a", {5, 7}},
                              {"^1.2.3-01 || 2", {1, 9}}};
  for (const Row& row : rows) {
    const auto range = VersionRange::parse(row.text);
    ASSERT_FALSE(range) << row.text;
    EXPECT_EQ(range.error().fault, Fault::malformed) << row.text;
    EXPECT_EQ(range.error().at, row.at) << row.text << " at " << range.error().at->begin << ' ' << range.error().at->end;
  }
}

TEST(VersionRange, LimitsAreThoseOfTheLibrary) {
  std::string groups = "1";
  for (int i = 1; i < 32; ++i) groups += "||1";
  EXPECT_TRUE(VersionRange::parse(groups));
  EXPECT_EQ(VersionRange::parse(groups + "||1").error().fault, Fault::over_limit);
  EXPECT_TRUE(VersionRange::parse("1" + std::string(511, ' ')));
  EXPECT_EQ(VersionRange::parse("1" + std::string(512, ' ')).error().fault, Fault::over_limit);
  EXPECT_EQ(VersionRange::parse("1.0.0-" + std::string(300, 'a')).error().fault, Fault::over_limit);
  EXPECT_EQ(VersionRange::parse("18446744073709551616").error().fault, Fault::over_limit);
}

TEST(VersionRange, OneVersionIsAskedForWithoutAList) {
  for (const std::string_view exact : {"1.2.3", "1.0.0-staging.abc1234", "1.2.3+b", "v1.2.3", "1.2", "01.2.3"})
    EXPECT_TRUE(VersionRange::parse(exact)->is_exact()) << exact;
  for (const std::string_view listed : {"=1.2.3", "1.2.x", "^1.2.3", " 1.2.3", "1.2.3 || 1.2.4", ">=1.2.3", "*"})
    EXPECT_FALSE(VersionRange::parse(listed)->is_exact()) << listed;
}

TEST(VersionRange, BestIsTheHighestThatMatches) {
  std::vector<Version> versions;
  for (const std::string_view text : {"1.2.0", "1.10.0", "2.0.0", "1.11.0-rc.1", "1.9.0", "1.10.0+b"})
    versions.push_back(*Version::parse(text));
  EXPECT_EQ(VersionRange::parse("^1")->best_of(versions), 1u);  // the first of equals
  EXPECT_EQ(VersionRange::parse("^1-0")->best_of(versions), 3u);
  EXPECT_EQ(VersionRange::parse("*")->best_of(versions), 2u);
  EXPECT_EQ(VersionRange::parse("3")->best_of(versions), std::nullopt);
  EXPECT_EQ(VersionRange::parse("*")->best_of({}), std::nullopt);
}

TEST(VersionRange, LargePrereleaseNumbersCompareByValue) {
  const auto range = VersionRange::parse(">1.0.0-99999999999999999999");
  ASSERT_TRUE(range);
  EXPECT_TRUE(range->matches(*Version::parse("1.0.0-100000000000000000000")));
}

TEST(VersionRange, RandomTextKeepsErrorsWithinIt) {
  constexpr unsigned kSeed = 7;
  std::mt19937 random(kSeed);
  constexpr std::string_view kAlphabet = "0112x*|..-+ ,<>=~^!va  ||-";
  for (int i = 0; i < 50'000; ++i) {
    std::string text(random() % 24, ' ');
    for (char& c : text) c = kAlphabet[random() % kAlphabet.size()];
    const auto range = VersionRange::parse(text);
    if (range) continue;
    ASSERT_TRUE(range.error().at) << text;
    ASSERT_LE(range.error().at->begin, range.error().at->end) << text << ", seed " << kSeed;
    ASSERT_LE(range.error().at->end, text.size()) << text << ", seed " << kSeed;
  }
}

}  // namespace
}  // namespace trueup::formats
