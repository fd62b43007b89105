#include "formats/dotenv.hpp"

#include <gtest/gtest.h>

#include <random>

#include "formats/mutated_text.hpp"

namespace trueup::formats {
namespace {

/// name=«value as written»value quote refs, one entry a line.
std::string shown(std::string_view text) {
  const Dotenv file = parse_dotenv(text);
  std::string result;
  for (const DotenvEntry& entry : file.entries) {
    result += std::string(slice(text, entry.name_range)) + "=«" + std::string(slice(text, entry.value_range)) + "»";
    if (entry.value != slice(text, entry.value_range)) result += "(" + entry.value + ")";
    if (entry.quote != DotenvQuote::none) result += entry.quote == DotenvQuote::single ? " single" : " double";
    for (const DotenvReference& each : entry.references) result += " " + std::string(slice(text, each.range)) + "→" + each.name + (each.has_fallback ? "?" : "");
    result += "\n";
  }
  return result + (file.complete ? "" : "(more)");
}

TEST(Dotenv, ALineIsANameAndAValue) {
  const struct { const char *text, *shown; } rows[] = {
      {"A=1\nB = two words  \r\n\n# c\n  export C=x#y #z\n", "A=«1»\nB=«two words»\nC=«x#y»\n"},
      {"A=\nB=''\nC=\"\"\nD=# none", "A=«»\nB=«» single\nC=«» double\nD=«»\n"},
      {"\xEF\xBB\xBF" "A='$X'\nB=\"a \\\"$X\\\" \\n\" # c", "A=«$X» single\nB=«a \\\"$X\\\" \\n»(a \"$X\" \\n) double $X→X\n"},
      {"K=\"one\ntwo\"\nL=3", "K=«one\ntwo» double\nL=«3»\n"},
      {"A=$X-${Y}${Z:-1}${W-}${V?gone}\\$N$$ ${ $1", "A=«$X-${Y}${Z:-1}${W-}${V?gone}\\$N$$ ${ $1» $X→X ${Y}→Y ${Z:-1}→Z? ${W-}→W? ${V?gone}→V?\n"},
      {"A=\"open\nB=1\n", "A=«\"open»\nB=«1»\n"},
      {"A='x'y\n", "A=«'x'y»\n"},
      {"source x.env\nA=1\nif true\n1A=2", "A=«1»\n(more)"},
      {"", ""},
  };
  for (const auto& row : rows) EXPECT_EQ(shown(row.text), row.shown) << row.text;
}

TEST(Dotenv, WhatIsWrittenIsRead) {
  std::mt19937 random(7);
  const std::string_view alphabet = "ab Z9$#'\"\\={}:-\t";
  for (int round = 0; round < 2'000; ++round) {
    std::string value;
    for (std::size_t i = random() % 12; i > 0; --i) value += alphabet[random() % alphabet.size()];
    std::string quoted;
    for (const char c : value) quoted += std::string(c == '"' || c == '\\' || c == '$' || c == '`' ? "\\" : "") + c;
    const std::string text = "FIRST=1\nNAME=\"" + quoted + "\"\nLAST=2\n";
    const Dotenv file = parse_dotenv(text);
    ASSERT_EQ(file.entries.size(), 3u) << text;
    EXPECT_EQ(file.entries[1].value, value);
    EXPECT_TRUE(file.entries[1].references.empty()) << text;
    EXPECT_EQ(slice(text, file.entries[2].value_range), "2");
  }
}

TEST(Dotenv, WhateverAFileHoldsItsPlacesLieInItAndInOrder) {
  std::mt19937 random(11);
  for (int round = 0; round < 5'000; ++round) {
    const std::string text = mutated("A=1\nexport B=\"x $Y ${Z:-2}\" # c\nC='q'\nD=\n", 1 + random() % 8, "A=\"'$#{}\n\\ \xFF", random);
    std::uint32_t last = 0;
    for (const DotenvEntry& entry : parse_dotenv(text).entries) {
      EXPECT_LE(last, entry.name_range.begin) << text;
      EXPECT_LE(entry.name_range.end, entry.value_range.begin) << text;
      EXPECT_LE(entry.value_range.end, text.size()) << text;
      for (const DotenvReference& each : entry.references) EXPECT_TRUE(entry.value_range.begin <= each.range.begin && each.range.end <= entry.value_range.end) << text;
      last = entry.value_range.end;
    }
  }
}

}  // namespace
}  // namespace trueup::formats
