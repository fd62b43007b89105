#include "fixes/text_edits.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <random>

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

}  // namespace
}  // namespace trueup::fixes
