#include "report/source_line.hpp"

#include <gtest/gtest.h>

#include "report/characters.hpp"
#include "report/sample_report.hpp"

namespace trueup::report::test {
namespace {

/// The line and its carets, as a terminal shows them below each other.
std::string drawn(std::string_view text, std::string_view flagged, std::size_t width) {
  const SourceLine line = lay_out(place_of("acme/app", "", "a.yaml", text, flagged), width);
  return line.text + '\n' + std::string(line.carets_from, ' ') + std::string(line.carets, '^');
}

TEST(SourceLine, CaretsStandBelowTheFlaggedBytes) {
  struct Row {
    std::string_view about, text, flagged, expected;
  };
  const Row rows[] = {
      {"plain", "tag: 1.0\n", "1.0", "tag: 1.0\n     ^^^"},
      {"a tab is four columns at most", "\ttag:\t1.0\n", "1.0", "    tag:    1.0\n            ^^^"},
      {"a character of two bytes is one column", "é: 1.0\n", "1.0", "é: 1.0\n   ^^^"},
      {"a wide character is two columns", "漢字: 1.0\n", "漢字", "漢字: 1.0\n^^^^"},
      {"a combining mark is none", "e\xCC\x81: 1.0\n", "1.0", "e\xCC\x81: 1.0\n   ^^^"},
      {"an escape is as wide as it reads", "a\x1b: 1.0\n", "1.0", "a\\x1B: 1.0\n       ^^^"},
      {"invalid bytes too", "\xFF: 1.0\n", "1.0", "\\xFF: 1.0\n      ^^^"},
      {"CRLF is no part of the line", "tag: 1.0\r\n", "1.0\r\n", "tag: 1.0\n     ^^^"},
      {"CR ends a line", "tag: 1.0\rx: 2\r", "2", "x: 2\n   ^"},
      {"a place of several lines is shown to the end of its first", "a: [b,\n  c]\n", "[b,\n  c]", "a: [b,\n   ^^^"},
      {"an insertion point has one caret", "a: b\n", "", "a: b\n^"},
      {"an empty line too", "\na: b\n", "\n", "\n^"},
  };
  for (const Row& row : rows) EXPECT_EQ(drawn(row.text, row.flagged, 0), row.expected) << row.about;
}

TEST(SourceLine, InsertionPointAtTheEndStandsAfterTheLastCharacter) {
  rules::FilePlace place = place_of("acme/app", "", "a.yaml", "é:\n", "\xC3\xA9");
  place.begin = place.end = {1, 4};
  EXPECT_EQ(lay_out(place, 0).carets_from, 2u);
}

TEST(SourceLine, LongLineIsCutAroundTheFlaggedBytes) {
  const std::string text = std::string(300, 'a') + "FLAGGED" + std::string(300, 'b') + '\n';
  for (const std::size_t width : {24u, 40u, 80u, 120u, 300u}) {
    const SourceLine line = lay_out(place_of("acme/app", "", "a.yaml", text, "FLAGGED"), width);
    EXPECT_LE(display_width(line.text), width);
    EXPECT_EQ(line.carets, 7u);
    const std::size_t hidden = line.text.find("FLAGGED");
    ASSERT_NE(hidden, std::string::npos) << width;
    EXPECT_EQ(display_width(line.text.substr(0, hidden)), line.carets_from) << width;
    EXPECT_TRUE(line.text.starts_with("…") && line.text.ends_with("…")) << line.text;
  }
}

TEST(SourceLine, IndentationGoesBeforeAnythingElseIsCut) {
  const rules::FilePlace place = place_of("acme/app", "", "a.yaml", "            tag: 1.0 # why\n", "1.0");
  EXPECT_EQ(lay_out(place, 26).text, "            tag: 1.0 # why");
  EXPECT_EQ(lay_out(place, 25).text, "tag: 1.0 # why");
  EXPECT_EQ(lay_out(place, 25).carets_from, 5u);
  EXPECT_EQ(lay_out(place, 0, false).text, "tag: 1.0 # why");
}

TEST(SourceLine, FlaggedBytesWiderThanTheTerminalAreCutAtTheirEnd) {
  const std::string flagged(200, 'x');
  const SourceLine line = lay_out(place_of("acme/app", "", "a.yaml", "key: " + flagged + '\n', flagged), 30);
  EXPECT_LE(display_width(line.text), 30u);
  EXPECT_GT(line.carets, 20u);
  EXPECT_LE(line.carets_from + line.carets, 30u);
}

TEST(SourceLine, HalfACharacterWhereALineWasCutIsNotShown) {
  // 漢 is three bytes: 400 bytes from any byte end or begin within one.
  std::string text = "x: ";
  for (int i = 0; i < 150; ++i) text += "漢";
  text += "FLAGGED";
  for (int i = 0; i < 150; ++i) text += "漢";
  for (int shift = 0; shift < 3; ++shift) {
    text.insert(0, " ");
    const SourceLine line = lay_out(place_of("acme/app", "", "a.yaml", text, "FLAGGED"), 0);
    EXPECT_EQ(line.text.find("\\x"), std::string::npos) << line.text;
    EXPECT_EQ(line.text[line.text.find("FLAGGED") - 1], "漢"[2]);
    EXPECT_EQ(line.carets, 7u);
    EXPECT_EQ(line.carets_from, display_width(line.text.substr(0, line.text.find("FLAGGED"))));
  }
}

}  // namespace
}  // namespace trueup::report::test
