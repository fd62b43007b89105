#include "base/text.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <stdexcept>

#include "base/digest.hpp"
#include "base/span.hpp"
#include "base/work_queue.hpp"

namespace trueup {
namespace {

TEST(LineIndex, BreaksAtLfCrLfAndCrOnly) {
  const std::string text = "a\nb\r\nc\rd\xC2\x85" "e\xE2\x80\xA8" "f";  // U+0085 and U+2028 are no line breaks
  const LineIndex lines(text);
  EXPECT_EQ(lines.line_count(), 4u);
  EXPECT_EQ(lines.locate(0), (LineColumn{1, 1}));
  EXPECT_EQ(lines.locate(2), (LineColumn{2, 1}));
  EXPECT_EQ(lines.locate(5), (LineColumn{3, 1}));
  EXPECT_EQ(lines.locate(7), (LineColumn{4, 1}));
  EXPECT_EQ(lines.line(text, 2), "b");
  EXPECT_EQ(lines.line(text, 3), "c");
}

TEST(LineIndex, CountsColumnsInBytesAndAllowsTheEnd) {
  const std::string text = "\xC3\xA9x";
  const LineIndex lines(text);
  EXPECT_EQ(lines.locate(2), (LineColumn{1, 3}));
  EXPECT_EQ(lines.locate(3), (LineColumn{1, 4}));
  EXPECT_EQ(LineIndex("a\n").locate(2), (LineColumn{2, 1}));
}

TEST(Printable, ShowsWhatWouldDeceiveATerminal) {
  EXPECT_EQ(printable("a\x1b[31mb"), "a\\x1B[31mb");
  EXPECT_EQ(printable("x\u202Ey"), "x\\u{202E}y");
  EXPECT_EQ(printable("x\u200By"), "x\\u{200B}y");
  EXPECT_EQ(printable("a\nb"), "a\\x0Ab");
  EXPECT_EQ(printable("a\nb", true), "a\nb");
  EXPECT_EQ(printable("\xFF\xC3"), "\\xFF\\xC3");
  EXPECT_EQ(printable("gr\u00FC\u00DFe \u65E5\u672C"), "gr\u00FC\u00DFe \u65E5\u672C");
}

TEST(FirstInvalidUtf8, FindsTheByte) {
  EXPECT_EQ(first_invalid_utf8("plain"), std::nullopt);
  EXPECT_EQ(first_invalid_utf8("a\xC0\xAF"), 1u);           // overlong
  EXPECT_EQ(first_invalid_utf8("ab\xED\xA0\x80"), 2u);      // a surrogate
  EXPECT_EQ(first_invalid_utf8("\xF4\x90\x80\x80"), 0u);    // beyond U+10FFFF
  EXPECT_EQ(first_invalid_utf8("x\xE2\x82"), 1u);           // cut off
}

TEST(NearestName, KnowsSlipsAndLeavesStrangersAlone) {
  const std::vector<std::string> names = {"repositories", "registries", "rules"};
  EXPECT_EQ(nearest_name("repositores", names), "repositories");
  EXPECT_EQ(nearest_name("ruels", names), "rules");
  EXPECT_EQ(nearest_name("Rules", names), "rules");
  EXPECT_EQ(nearest_name("credentials", names), std::nullopt);
  EXPECT_EQ(nearest_name("", names), std::nullopt);
}

TEST(NearestName, TakesTheOneThatCountingAllEditsWouldTake) {
  // Optimal string alignment as the textbook has it, with every cell.
  const auto edits = [](std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
      for (std::size_t j = 0; j <= b.size(); ++j) {
        std::size_t& cell = cost[i][j];
        if (i == 0 || j == 0) {
          cell = i + j;
          continue;
        }
        cell = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) cell = std::min(cell, cost[i - 2][j - 2] + 1);
      }
    }
    return cost[a.size()][b.size()];
  };
  std::mt19937 random(20261122);
  const auto name = [&] {
    std::string text(random() % 12, 'a');
    for (char& c : text) c = static_cast<char>('a' + random() % 3);
    return text;
  };
  for (int turn = 0; turn < 3000; ++turn) {
    const std::string wanted = name();
    std::vector<std::string> names(5);
    for (std::string& one : names) one = name();
    std::optional<std::string> expected;
    std::size_t least = 0;
    for (const std::string& one : names) {
      const std::size_t distance = edits(wanted, one);
      if (distance * 3 > std::max(wanted.size(), one.size()) || (expected && distance >= least)) continue;
      expected = one;
      least = distance;
    }
    ASSERT_EQ(nearest_name(wanted, names), expected) << wanted << " among " << names[0] << ' ' << names[1] << ' ' << names[2] << ' ' << names[3] << ' ' << names[4];
  }
}

TEST(Split, KeepsEmptyParts) {
  EXPECT_EQ(split("a,,b", ',').size(), 3u);
  EXPECT_EQ(split("", ',').size(), 1u);
}

TEST(ParallelFor, DoesEachPieceOnceAndPassesOnAFailure) {
  std::vector<std::atomic<int>> counts(1000);
  parallel_for(counts.size(), [&](std::size_t i) { ++counts[i]; });
  for (const auto& count : counts) EXPECT_EQ(count, 1);
  EXPECT_THROW(parallel_for(100, [](std::size_t i) { if (i == 50) throw std::runtime_error("x"); }), std::runtime_error);
}

TEST(Text, LengthsInCharactersAndInUtf16) {
  const struct {
    std::string_view text;
    std::size_t characters, utf16_units;
  } rows[] = {{"", 0, 0}, {"abc", 3, 3}, {"é漢", 2, 2}, {"\U0001F680", 1, 2}, {"a\xFF\xE6\xBC", 4, 4}, {"\xF0\x9F\x9A", 3, 3}};
  for (const auto& row : rows) {
    const TextLength length = text_length(row.text);
    EXPECT_EQ(length.characters, row.characters) << row.text;
    EXPECT_EQ(length.utf16_units, row.utf16_units) << row.text;
  }
}

TEST(Slip, IsCaseSeparatorsASwapOrOneLetterOfALongWord) {
  for (const auto& [a, b] : {std::pair("chart-published", "chart_published"), {"Build", "build"}, {"chartVersion", "chart-version"}, {"versoin", "version"},
                             {"source_brunch", "source_branch"}, {"chrat", "chart"}, {"enabel", "enable"}, {"publsh", "publish"}, {"a", "a"}, {"", ""}})
    EXPECT_TRUE(is_slip(a, b) && is_slip(b, a)) << a << ' ' << b;
  for (const auto& [a, b] : {std::pair("publish", "unpublish"), {"lock", "unlock"}, {"deploy-eu", "deploy-us"}, {"build-1", "build-2"}, {"Deploy v1", "Deploy v2"},
                             {"min-version", "max-version"}, {"start-job", "stop-job"}, {"environment", "environment-url"}, {"jva", "java"}, {"test", "text"},
                             {"chart10", "chart01"}, {"", "a"}})
    EXPECT_FALSE(is_slip(a, b) || is_slip(b, a)) << a << ' ' << b;
}

TEST(Sha256, OfPiecesIsThatOfTheWhole) {
  Sha256 pieces;
  for (const char* piece : {"", "one ", "two", ""}) pieces.add(piece);
  EXPECT_EQ(pieces.hex(), sha256_hex("one two"));
}

}  // namespace
}  // namespace trueup
