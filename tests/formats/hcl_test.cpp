#include "formats/hcl.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <random>

#include "formats/mutated_text.hpp"

namespace trueup::formats {
namespace {

std::string kind_of(HclKind kind) {
  switch (kind) {
    case HclKind::string: return "string";
    case HclKind::number: return "number";
    case HclKind::boolean: return "boolean";
    case HclKind::null_value: return "null";
    case HclKind::unknown: break;
  }
  return "unknown";
}

/// type "label" < parent, and name=«as written» kind (decoded) @block, one a line, in two groups.
std::string shown(std::string_view text) {
  const HclFile file = parse_hcl(text);
  std::string result;
  for (const HclBlock& block : file.blocks) {
    result += block.type;
    for (const HclLabel& label : block.labels) result += " " + label.text + "«" + std::string(slice(text, label.range)) + "»";
    if (block.parent != kNoBlock) result += " < " + file.blocks[block.parent].type;
    result += "\n";
  }
  for (const HclAttribute& attribute : file.attributes) {
    result += std::string(slice(text, attribute.name_range)) + "=«" + std::string(slice(text, attribute.range)) + "» " + kind_of(attribute.kind);
    if (attribute.kind == HclKind::string && attribute.text != slice(text, attribute.range)) result += " (" + attribute.text + ")";
    if (attribute.block != kNoBlock) result += " @" + file.blocks[attribute.block].type;
    result += "\n";
  }
  return result + (file.problem ? "! " + file.problem->message : "");
}

TEST(Hcl, HasBlocksAttributesAndLiterals) {
  const struct { const char *text, *shown; } rows[] = {
      {"terraform {\n  required_version = \">= 1.5\" # c\n  backend \"s3\" {\n    bucket = \"b\"\n  }\n}\n",
       "terraform\nbackend s3«s3» < terraform\nrequired_version=«>= 1.5» string @terraform\nbucket=«b» string @backend\n"},
      {"module \"a\" { source = \"../m\" }\nresource aws_x \"y\" {}\n", "module a«a»\nresource aws_x«aws_x» y«y»\nsource=«../m» string @module\n"},
      {"a = 1\nb=-2.5e3 // c\nc = true\nd = null\ne = 1 + 2\nf = x.y[0]\n", "a=«1» number\nb=«-2.5e3» number\nc=«true» boolean\nd=«null» null\ne=«1 + 2» unknown\nf=«x.y[0]» unknown\n"},
      {"a = \"x${y}z\"\nb = \"$${y} %%{z} \\\"q\\\" \\u00e9\\n\"\nc = \"${f(\"}\")}\"\n",
       "a=«\"x${y}z\"» unknown\nb=«$${y} %%{z} \\\"q\\\" \\u00e9\\n» string (${y} %{z} \"q\" \xC3\xA9\n)\nc=«\"${f(\"}\")}\"» unknown\n"},
      {"a = [\n  1, # ]\n  {b = \"}\"},\n]\nc = {\n  d = \"e\"\n}\n", "a=«[\n  1, # ]\n  {b = \"}\"},\n]» unknown\nc=«{\n  d = \"e\"\n}» unknown\n"},
      {"a = <<EOF\n  one\n two\nEOF\nb = <<-X\n    three\n      four\n  X\nc = <<E\n${x}\nE\n",
       "a=«  one\n two» string (  one\n two\n)\nb=«    three\n      four» string (three\n  four\n)\nc=«<<E\n${x}\nE» unknown\n"},
      {"a = f(<<EOF\n}\nEOF\n)\n", "a=«f(<<EOF\n}\nEOF\n)» unknown\n"},
      {"/* a = 1\n*/ a = x ? \"b\" : 1\r\nb = \"c\"\r\n", "a=«x ? \"b\" : 1» unknown\nb=«c» string\n"},
      {"a = x == y\nb = \"c\" == d\n", "a=«x == y» unknown\nb=«\"c\" == d» unknown\n"},
      {"\xEF\xBB\xBF" "a = \"b\"", "a=«b» string\n"},
      {"a {\n b = 1\n", "a\nb=«1» number @a\n! a block is not closed"},
      {"a = \"b\nc = 1", "! a text is not closed"},
      {"a = <<EOF\nx", "! a heredoc is not closed"},
      {"a = [1)", "! brackets do not match"},
      {"a =\nb = 1", "! a value is wanted here"},
      {"a b c", "! `=` or a block's `{` is wanted behind a name"},
      {"{", "! a name is wanted here"},
      {"", ""},
  };
  for (const auto& row : rows) EXPECT_EQ(shown(row.text), row.shown) << row.text;
}

/// A file as `terraform fmt` writes it, with what must be read of it.
struct Written {
  std::string text, shown;
};
Written written(std::mt19937& random) {
  const std::string_view alphabet = "ab \"\\${}%#/é=";
  Written file;
  std::string blocks, attributes;
  for (std::size_t i = 1 + random() % 4; i > 0; --i) {
    const std::string type = "block" + std::to_string(random() % 9), label = "l" + std::to_string(random() % 99);
    file.text += type + " \"" + label + "\" {\n";
    blocks += type + " " + label + "«" + label + "»\n";
    for (std::size_t k = random() % 4; k > 0; --k) {
      std::string value, quoted;
      for (std::size_t n = random() % 8; n > 0; --n) value += alphabet[random() % alphabet.size()];
      if (static_cast<unsigned char>(value.empty() ? 'a' : value.back()) == 0xC3) value += '\xA9';
      for (std::size_t n = 0; n < value.size(); ++n) {
        if (value[n] == '"' || value[n] == '\\') quoted += '\\';
        if ((value[n] == '$' || value[n] == '%') && n + 1 < value.size() && value[n + 1] == '{') quoted += value[n];
        quoted += value[n];
      }
      const std::string name = "key" + std::to_string(k);
      file.text += "  " + name + std::string(random() % 3, ' ') + " = \"" + quoted + "\"" + (random() % 3 == 0 ? " # \"note\"" : "") + "\n";
      attributes += name + "=«" + quoted + "» string" + (value == quoted ? "" : " (" + value + ")") + " @" + type + "\n";
    }
    file.text += "}\n\n";
  }
  file.shown = blocks + attributes;
  return file;
}

TEST(Hcl, WhatIsWrittenAsLiteralIsReadAsLiteral) {
  std::mt19937 random(5);
  for (int round = 0; round < 3'000; ++round) {
    const Written file = written(random);
    ASSERT_EQ(shown(file.text), file.shown) << file.text;
  }
}

TEST(Hcl, WhateverAFileHoldsItsPlacesLieInItAndInOrder) {
  std::mt19937 random(3);
  for (int round = 0; round < 20'000; ++round) {
    std::mt19937 own(random());
    const std::string text = mutated(written(own).text + "a = [f(\"${x}\"), <<E\n y\nE\n]\n", 1 + random() % 6, "\"${}[]()<=\n\\#/E ", random);
    const HclFile file = parse_hcl(text);
    std::uint32_t last = 0;
    for (const HclAttribute& attribute : file.attributes) {
      ASSERT_LE(last, attribute.name_range.begin) << text;
      ASSERT_LT(attribute.name_range.end, attribute.range.end + 1) << text;
      ASSERT_LE(attribute.range.begin, attribute.range.end) << text;
      ASSERT_LE(attribute.range.end, text.size()) << text;
      ASSERT_TRUE(attribute.block == kNoBlock || attribute.block < file.blocks.size());
      last = attribute.range.end;
    }
    for (const HclBlock& block : file.blocks) ASSERT_TRUE(block.range.begin <= block.range.end && block.range.end <= text.size()) << text;
    ASSERT_TRUE(!file.problem || file.problem->at->end <= text.size()) << text;
  }
}

TEST(Hcl, HostileTextEndsSoon) {
  const auto repeat = [](std::string_view text, std::size_t times) {
    std::string result;
    for (std::size_t i = 0; i < times; ++i) result += text;
    return result;
  };
  const std::clock_t begin = std::clock();
  for (const char* unit : {"a {\n", "a = [", "a = \"${", "\"${", "<<E\n", "a = <<E\n", "/*", "a = ((((", "a \"b\" ", "a=1\n", "a = \"\\", "$${", "a = b /* x */ ", "{"}) {
    const HclFile file = parse_hcl(repeat(unit, 200'000));
    (void)file;
    const HclFile nested = parse_hcl("a = " + repeat(unit, 100'000));
    EXPECT_TRUE(nested.problem || !nested.attributes.empty()) << unit;
  }
  EXPECT_LT(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC, 20.0);
}

}  // namespace
}  // namespace trueup::formats
