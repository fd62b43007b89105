#include <gmock/gmock.h>

#include "base/limits.hpp"
#include "facts/extract/document_rows.hpp"
#include "facts/extracted.hpp"

namespace trueup::facts {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Document, WhatParsesHasNoRows) {
  for (const auto& [kind, text] : {std::pair("yaml", "a: [1, 2]\n---\nb: {c: d}\n"), std::pair("yaml", ""),
                                   std::pair("yaml", "# only a comment\n"), std::pair("json", R"({"a": [1, null]})")}) {
    const Extracted rows(kind, text);
    EXPECT_EQ(rows.blob().state, BlobState::parsed) << text;
    EXPECT_EQ(rows.blob().last_id(), 0u) << text;
  }
}

TEST(Document, AFileThatDoesNotParseSaysWhereAndGivesNothingElse) {
  for (const std::string kind : {"yaml", "chart", "chart_lock", "chart_requirements", "chart_values"}) {
    const Extracted rows(kind, "name: atlas\nname: atlas\nversion: [1.0.0\ndependencies: []\n");
    EXPECT_EQ(rows.blob().state, BlobState::malformed) << kind;
    EXPECT_NE(rows.blob().because, "") << kind;
    ASSERT_EQ(rows->syntax_error.size(), 1u) << kind;
    const SyntaxErrorRow& error = rows->syntax_error[0].second;
    EXPECT_GE(rows.place(error.span).line, 3u) << kind;
    EXPECT_EQ(error.message, rows.blob().because) << kind;
    EXPECT_EQ(error.looks_like_template, 0) << kind;
    EXPECT_EQ(rows.blob().last_id(), 1u) << kind << ": what stands before the fault is kept out";
  }
}

TEST(Document, JsonThatDoesNotParseSaysWhere) {
  const Extracted rows("json", "{\"a\": 1,\n \"b\": }");
  EXPECT_EQ(rows.blob().state, BlobState::malformed);
  ASSERT_EQ(rows->syntax_error.size(), 1u);
  EXPECT_EQ(rows.place(rows->syntax_error[0].second.span).line, 2u);
}

TEST(Document, ATemplateIsToldFromADocument) {
  const struct {
    std::string_view text;
    bool is_template;
  } table[] = {
      {"a: {{ .Values.x }}", true},     {"{%- if x %}", true}, {"<% x %>", true},  {"a: ${{ github.sha }}", false},
      {"a: ${{ x }}\nb: {{ x }}", true}, {"{{", true},          {"a: { b: c }", false}, {"", false},
  };
  for (const auto& row : table) EXPECT_EQ(looks_like_template(row.text), row.is_template) << row.text;
  const Extracted rows("yaml", "{{- if .Values.on }}\na: 1\n{{- end }}\n");
  EXPECT_EQ(rows.blob().state, BlobState::malformed);
  ASSERT_EQ(rows->syntax_error.size(), 1u);
  EXPECT_EQ(rows->syntax_error[0].second.looks_like_template, 1);
}

TEST(Document, ADuplicateKeyNamesBothPlaces) {
  const Extracted rows("yaml", "a:\n  enabled: false\n  'enabled': true\nb: 1\n");
  ASSERT_EQ(rows->duplicate_key.size(), 1u);
  const DuplicateKeyRow& row = rows->duplicate_key[0].second;
  EXPECT_EQ(row.key, "enabled");
  EXPECT_EQ(row.pointer, "/a");
  EXPECT_EQ(row.same_value, 0);
  EXPECT_EQ(rows.place(row.first_span), (LineColumn{2, 3}));
  EXPECT_EQ(rows.place(row.span), (LineColumn{3, 4}));
  EXPECT_EQ(rows.at(row.span), "enabled");
}

TEST(Document, DuplicateValuesAreComparedAsStructures) {
  const struct {
    std::string_view first, second;
    bool same;
  } table[] = {
      {"x", "x", true},
      {"x", "'x'", false},  // of another type where x is a number
      {"'x'", "\"x\"", true},
      {"", "", true},
      {"", "x", false},
      {"[1, {b: c}]", "[1, {b: c}]", true},
      {"[1, {b: c}]", "[1, {b: d}]", false},
      {"[1, {b: c}]", "[1, {d: c}]", false},
      {"[1]", "[1, 2]", false},
      {"[]", "{}", false},
      {"!x y", "y", false},
      {"&n [1]", "*n", true},
  };
  for (const auto& row : table) {
    const Extracted rows("yaml", "k: " + std::string(row.first) + "\nk: " + std::string(row.second) + "\n");
    ASSERT_EQ(rows->duplicate_key.size(), 1u) << row.first << " | " << row.second;
    EXPECT_EQ(rows->duplicate_key[0].second.same_value, row.same) << row.first << " | " << row.second;
  }
}

TEST(Document, ComparingHugeValuesThroughAliasesEnds) {
  std::string text;
  for (const std::string side : {"a", "b"}) {
    text += side + "0: &" + side + "0 [x, x]\n";
    for (int i = 1; i < 60; ++i) {
      const std::string below = side + std::to_string(i - 1);
      text += side + std::to_string(i) + ": &" + side + std::to_string(i) + " [*" + below + ", *" + below + "]\n";
    }
  }
  const Extracted rows("yaml", text + "k: *a59\nk: *b59\n");
  ASSERT_EQ(rows->duplicate_key.size(), 1u);
  EXPECT_EQ(rows->duplicate_key[0].second.same_value, 0) << "not told apart within the bound";
}

TEST(Document, AChainOfAnchorsIsNotFollowedToTheBottomOfTheStack) {
  std::string text;
  for (const std::string side : {"a", "b"}) {
    text += side + "0: &" + side + "0 [x]\n";
    for (int i = 1; i < 50'000; ++i)
      text += side + std::to_string(i) + ": &" + side + std::to_string(i) + " [*" + side + std::to_string(i - 1) + "]\n";
  }
  const Extracted rows("yaml", text + "k: *a49999\nk: *b49999\n");
  EXPECT_EQ(rows->duplicate_key.size(), 1u);
}

TEST(Document, NestingOverTheLimitIsALimitHitNotASyntaxError) {
  const Extracted rows("yaml", std::string(10'000, '['));
  EXPECT_EQ(rows.blob().state, BlobState::over_limit);
  EXPECT_EQ(rows->limit_hit.size(), 1u);
  EXPECT_EQ(rows->syntax_error.size(), 0u);
}

TEST(Document, ThePlacesOfDuplicateKeysAreBounded) {
  // Each duplicate repeats the key of half a megabyte above it.
  std::string text = "? " + std::string(512 << 10, 'k') + "\n:\n";
  for (int i = 0; i < 2'000; ++i) text += "  a: 1\n";
  const Extracted rows("yaml", text);
  EXPECT_EQ(rows.blob().state, BlobState::over_limit);
  EXPECT_EQ(rows->duplicate_key.size(), 0u);
  EXPECT_EQ(rows->limit_hit.size(), 1u);
}

TEST(Document, BytesThatAreNoTextAreMalformedWithAPlace) {
  for (const std::string& bytes : {std::string("a: \xFF\xFE\n"), std::string("\x00\x01\x02", 3), std::string("\xFF\xFE" "a\0", 4)}) {
    const Extracted rows("yaml", bytes);
    EXPECT_EQ(rows.blob().state, BlobState::malformed);
    ASSERT_EQ(rows->syntax_error.size(), 1u);
  }
}

TEST(Document, RowsThatNobodyReadsAreLeftOut) {
  const Extracted rows("yaml", "a: 1\na: 2\n", TableSet());
  EXPECT_EQ(rows.blob().state, BlobState::parsed);
  EXPECT_EQ(rows->duplicate_key.size(), 0u);
  const Extracted broken("yaml", "a: [\n", TableSet());
  EXPECT_EQ(broken.blob().state, BlobState::malformed) << "the state is known all the same";
}

}  // namespace
}  // namespace trueup::facts
