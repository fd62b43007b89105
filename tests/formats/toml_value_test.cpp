#include "formats/toml_value.hpp"

#include <gtest/gtest.h>

#include <string>

namespace trueup::formats {
namespace {

std::string text_at(std::string_view source, std::string_view pointer) {
  const auto read = toml_scalar(source, pointer);
  return !read ? "refused at " + std::to_string(read.error().at ? read.error().at->begin : 0) : *read ? (*read)->text : "none";
}

TEST(TomlScalar, KnowsNoCharacterBeyondAsciiOutsideOfTextsAndComments) {
  EXPECT_EQ(text_at("a = é\n", "/a"), "refused at 4");
  EXPECT_EQ(text_at("a = 1\nü = 2\n", "/a"), "refused at 6");
  EXPECT_EQ(text_at("a = 1 ø\n", "/a"), "refused at 6");
  // In a text that ends early the rest of the line is what follows it.
  EXPECT_EQ(text_at("a = \"b\" é\n", "/a"), "refused at 8");
  EXPECT_EQ(text_at("# é\na = \"é\" # ü\n", "/a"), "é");
  EXPECT_EQ(text_at("a = 'é\\'\nb = \"\\\"é\"\n", "/b"), "\"é");
  EXPECT_EQ(text_at("a = \"\"\"é\n\"é\"\"\"\"\nb = '''ü'''\n\"ö\" = 1\nc = \"3\"\n", "/c"), "3");
  EXPECT_EQ(text_at("\xEF\xBB\xBF" "a = \"1\"\n", "/a"), "1");
}

}  // namespace
}  // namespace trueup::formats
