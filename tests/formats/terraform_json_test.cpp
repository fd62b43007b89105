#include "formats/terraform_json.hpp"

#include <gtest/gtest.h>

#include "formats/json.hpp"

namespace trueup::formats {
namespace {

HclFile read(const std::string& text) { return read_terraform_json(parse_json(text)); }

TEST(TerraformJson, KnowsBlocksByTheirPlace) {
  const HclFile file = read(R"({"terraform": {"backend": {"s3": {"backend": {"x": 1}}}, "terraform": {"y": 1}}, "backend": {"z": {}}, "made_up": {"a": 1}})");
  ASSERT_EQ(file.blocks.size(), 2u);
  EXPECT_EQ(file.blocks[1].type, "backend");
  EXPECT_EQ(file.blocks[1].labels.at(0).text, "s3");
  ASSERT_EQ(file.attributes.size(), 2u);
  EXPECT_EQ(file.attributes[0].name, "backend");  // of the backend's own
  EXPECT_EQ(file.attributes[0].kind, HclKind::unknown);
  EXPECT_EQ(file.attributes[1].name, "terraform");
}

TEST(TerraformJson, WhatIsNoObjectWhereOneIsMeantIsPassedOver) {
  for (const char* text : {"[]", "7", "{}", R"({"module": 7})", R"({"module": {"a": "b"}})", R"({"resource": {"a": [1, "x", null]}})", R"([{"terraform": [[]]}])"})
    EXPECT_TRUE(read(text).blocks.empty()) << text;
}

TEST(TerraformJson, AnEscapedTemplateIsNotTakenForALiteral) {
  const HclFile file = read(R"({"locals": {"a": "$${x}", "b": "%{ if x }", "c": "100%"}})");
  ASSERT_EQ(file.attributes.size(), 3u);
  EXPECT_EQ(file.attributes[0].kind, HclKind::unknown);
  EXPECT_EQ(file.attributes[1].kind, HclKind::unknown);
  EXPECT_EQ(file.attributes[2].text, "100%");
}

TEST(TerraformJson, ALongLabelOverManyBlocksEndsTheFile) {
  std::string text = R"({"resource": {")" + std::string(10'000, 'x') + R"(": {)";
  for (int i = 0; i < 2'000; ++i) text += (i == 0 ? "\"" : ",\"") + std::to_string(i) + R"(": {})";
  const HclFile file = read(text + "}}}");
  ASSERT_TRUE(file.problem);
  EXPECT_EQ(file.problem->fault, Fault::over_limit);
  EXPECT_LT(file.blocks.size(), 100u);
}

}  // namespace
}  // namespace trueup::formats
