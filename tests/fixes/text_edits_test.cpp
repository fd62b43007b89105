#include "fixes/text_edits.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <random>

#include "formats/dotenv.hpp"
#include "formats/toml_value.hpp"

namespace trueup::fixes {
namespace {

/// `source` after the value `old`, which stands there once, became `text`; what cannot be done as "error: why".
std::string replaced(const std::string& source, WordSyntax syntax, const std::string& old, const std::string& text) {
  const auto at = static_cast<std::uint32_t>(source.rfind(old));
  const auto edits = replace_word(source, syntax, {at, at + static_cast<std::uint32_t>(old.size())}, text);
  return edits ? applied(source, *edits) : "error: " + edits.error().message;
}

struct Row {
  const char *source, *old, *text, *after;
};

TEST(TextEdits, TomlKeepsItsQuotesAndWhatStandsBeside) {
  const Row rows[] = {
      {"version = \"1.0.0\"  # pinned\r\nname = 'a'\r\n", "1.0.0", "1.1.0", "version = \"1.1.0\"  # pinned\r\nname = 'a'\r\n"},
      {"name = 'a'\n", "a", "b\\c", "name = 'b\\c'\n"},
      {"name = 'a'\n", "a", "it's", "name = \"it's\"\n"},
      {"name = \"a\"\n", "a", "say \"x\"\t\\", "name = \"say \\\"x\\\"\\t\\\\\"\n"},
      {"port = 80\n", "80", "8080", "port = 8080\n"},
      {"port = 80\n", "80", "all ports", "port = \"all ports\"\n"},
      {"port = 80\n", "80", "latest", "port = \"latest\"\n"},
      {"port = 80\n", "80", "0123", "port = \"0123\"\n"},
      {"text = \"\"\"x\"\"\"\n", "x", "b", "error: a text of several lines is not written again"},
  };
  for (const Row& row : rows) EXPECT_EQ(replaced(row.source, WordSyntax::toml, row.old, row.text), row.after) << row.source << " -> " << row.text;
}

TEST(TextEdits, DotenvKeepsItsQuotesAndWhatStandsBeside) {
  const Row rows[] = {
      {"# tags\nTAG=1.0.0\nOTHER=\"x\"\n", "1.0.0", "1.1.0", "# tags\nTAG=1.1.0\nOTHER=\"x\"\n"},
      {"TAG=1.0.0\r\n", "1.0.0", "a b", "TAG='a b'\r\n"},
      {"TAG='a'\n", "a", "b $c", "TAG='b $c'\n"},
      {"TAG='a'\n", "a", "it's", "TAG=\"it's\"\n"},
      {"TAG=\"a\"\n", "a", "$HOME \"x\"", "TAG=\"\\$HOME \\\"x\\\"\"\n"},
      {"TAG=a\n", "a", "b\nEVIL=1", "error: a value of several lines is read differently by each reader"},
  };
  for (const Row& row : rows) EXPECT_EQ(replaced(row.source, WordSyntax::dotenv, row.old, row.text), row.after) << row.source << " -> " << row.text;
}

/// What a shell hands to a command: each argument with a `|` behind it.
std::string arguments_of(const std::string& script) {
  const std::string path = testing::TempDir() + "trueup-text-edits.sh";
  if (std::FILE* file = std::fopen(path.c_str(), "wb")) {
    std::fwrite(script.data(), 1, script.size(), file);
    std::fclose(file);
  }
  std::FILE* pipe = popen(("sh '" + path + "'").c_str(), "r");
  if (pipe == nullptr) return "no shell";
  std::string output;
  std::array<char, 256> buffer{};
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe)) output.append(buffer.data(), count);
  pclose(pipe);
  std::remove(path.c_str());
  return output;
}

TEST(TextEdits, AShellReadsTheWordThatWasWritten) {
  std::mt19937 random(20260117);
  constexpr std::string_view kLetters = "ab-_./ $`\"'\\;&|<>(){}*?~#!=%@:,\n\t";
  for (int round = 0; round < 200; ++round) {
    std::string text;
    for (auto length = random() % 8; length > 0; --length) text += kLetters[random() % kLetters.size()];
    const char* const quote = std::array{"", "'", "\""}[random() % 3];
    const std::string source = "printf '%s|' before " + std::string(quote) + "OLD" + quote + " behind  # OTHER\n";
    const std::string after = replaced(source, WordSyntax::shell, "OLD", text);
    EXPECT_EQ(arguments_of(after), "before|" + text + "|behind|") << after;
    EXPECT_TRUE(after.starts_with("printf '%s|' before ") && after.ends_with(" behind  # OTHER\n")) << after;
  }
}

/// Lines of a generated file, each with its value as the file writes it.
struct Lines {
  std::string text;
  std::vector<std::string> values;
};

constexpr std::array<std::string_view, 24> kTexts = {
    "main", "1.10", "0123", "latest", "true", "", "a b", "a #b", "#a", "it's", "say \"x\"", "back\\slash", "$HOME", "${X:-y}", "`id`", "\xC3\xBC\xE4\xB8\xAD",
    "x=y", "[x]", "1979-05-27", "0x1F", "inf", "- a", "a,b", "*"};

/// `line` writes a value in one of the ways that the format has, and gives the value that a reader finds there.
template <typename Line>
Lines generated(std::mt19937& random, Line line) {
  Lines lines;
  const std::string end = random() % 5 == 0 ? "\r\n" : "\n";
  const auto count = 3 + random() % 6;
  for (std::size_t i = 0; i < count; ++i) {
    if (random() % 4 == 0) lines.text += "# of k" + std::to_string(i) + end;
    const auto [written, value] = line(i);
    lines.text += written + (random() % 4 == 0 ? "  # comment" : "") + end + (random() % 6 == 0 ? end : "");
    lines.values.push_back(value);
  }
  return lines;
}

/// Each value of thousands of files becomes another one, for the format's own reader; all others, and every comment, stay.
template <typename Line, typename Read>
void replace_every_value(WordSyntax syntax, Line line, Read read) {
  std::mt19937 random(20260118);
  std::size_t made = 0, refused = 0;
  for (int round = 0; round < 1500; ++round) {
    const Lines lines = generated(random, [&](std::size_t i) { return line(random, i); });
    for (std::size_t i = 0; i < lines.values.size(); ++i) {
      const auto at = read(lines.text, i);
      ASSERT_TRUE(at.has_value()) << lines.text;
      ASSERT_EQ(at->first, lines.values[i]) << lines.text;
      const std::string text(kTexts[random() % kTexts.size()]);
      const auto edits = replace_word(lines.text, syntax, at->second, text);
      if (!edits) {
        ++refused;
        continue;
      }
      ++made;
      const std::string after = applied(lines.text, *edits);
      for (std::size_t j = 0; j < lines.values.size(); ++j) {
        const auto now = read(after, j);
        ASSERT_TRUE(now.has_value()) << lines.text << "-> " << text << '\n' << after;
        EXPECT_EQ(now->first, j == i ? text : lines.values[j]) << lines.text << "-> " << text << '\n' << after;
        if (j != i) continue;
        const auto again = replace_word(after, syntax, now->second, text);
        EXPECT_TRUE(again && applied(after, *again) == after) << after;
      }
      EXPECT_EQ(std::ranges::count(after, '#') - std::ranges::count(text, '#'), std::ranges::count(lines.text, '#') - std::ranges::count(lines.values[i], '#')) << after;
    }
  }
  EXPECT_GT(made, 5000u);
  EXPECT_LT(refused * 5, made);
}

TEST(TextEdits, ThousandsOfValuesOfDotenvAreReadAsWanted) {
  const auto line = [](std::mt19937& random, std::size_t i) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kWritten = {
        {{"plain", "plain"}, {"1.0.0", "1.0.0"}, {"'a b'", "a b"}, {"\"a b\"", "a b"}, {"\"say \\\"x\\\"\"", "say \"x\""}, {"''", ""}}};
    const auto& [written, value] = kWritten[random() % kWritten.size()];
    return std::pair(std::string(random() % 5 == 0 ? "export " : "") + "K" + std::to_string(i) + "=" + std::string(written), std::string(value));
  };
  const auto read = [](const std::string& text, std::size_t i) -> std::optional<std::pair<std::string, ByteRange>> {
    for (const formats::DotenvEntry& entry : formats::parse_dotenv(text).entries)
      if (entry.name == "K" + std::to_string(i)) return std::pair(entry.value, entry.value_range);
    return std::nullopt;
  };
  replace_every_value(WordSyntax::dotenv, line, read);
}

TEST(TextEdits, ThousandsOfValuesOfTomlAreReadAsWanted) {
  const auto line = [](std::mt19937& random, std::size_t i) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kWritten = {
        {{"\"1.0.0\"", "1.0.0"}, {"'a b'", "a b"}, {"80", "80"}, {"true", "true"}, {"\"say \\\"x\\\"\"", "say \"x\""}, {"\"\"", ""}}};
    const auto& [written, value] = kWritten[random() % kWritten.size()];
    return std::pair("k" + std::to_string(i) + " = " + std::string(written), std::string(value));
  };
  const auto read = [](const std::string& text, std::size_t i) -> std::optional<std::pair<std::string, ByteRange>> {
    const auto scalar = formats::toml_scalar(text, "/k" + std::to_string(i));
    if (!scalar || !*scalar) return std::nullopt;
    return std::pair((*scalar)->text, (*scalar)->bytes);
  };
  replace_every_value(WordSyntax::toml, line, read);
}

}  // namespace
}  // namespace trueup::fixes
