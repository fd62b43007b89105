#include "formats/yaml.hpp"

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "formats/document_check.hpp"

namespace trueup::formats {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;

struct LeavesCase {
  const char* name;
  std::string source;
  std::vector<std::string> leaves;  // "begin:text"
  std::vector<std::string> values;  // of the scalars; empty where they are the texts of the spans
};

void PrintTo(const LeavesCase& test, std::ostream* out) { *out << printable(test.source); }

class YamlLeaves : public testing::TestWithParam<LeavesCase> {};

TEST_P(YamlLeaves, HaveExactSpansAndValues) {
  const LeavesCase& test = GetParam();
  const Document document = parse_yaml(test.source);
  ASSERT_FALSE(document.problem()) << document.problem()->message;
  EXPECT_THAT(leaves(document), ElementsAreArray(test.leaves));
  if (!test.values.empty()) {
    EXPECT_THAT(values(document), ElementsAreArray(test.values));
  }
  expect_well_formed(document);
}

INSTANTIATE_TEST_SUITE_P(
    All, YamlLeaves,
    testing::Values(
        LeavesCase{"plain", "name: atlas\n", {"0:name", "6:atlas"}, {}},
        LeavesCase{"plain_over_lines", "a: one\n  two\n\n  three\nb: x",
                   {"0:a", "3:one\n  two\n\n  three", "22:b", "25:x"}, {"a", "one two\nthree", "b", "x"}},
        LeavesCase{"plain_with_blanks_around", "a:   x y  \t # note\n", {"0:a", "5:x y"}, {}},
        LeavesCase{"single_quoted", "a: 'it''s'\n", {"0:a", "4:it''s"}, {"a", "it's"}},
        LeavesCase{"double_quoted", "\"a\": \"x\\ty\"\n", {"1:a", "6:x\\ty"}, {"a", "x\ty"}},
        LeavesCase{"double_quoted_folded", "a: \"x\n\n  y\\\n  z\"\n", {"0:a", "4:x\n\n  y\\\n  z"}, {"a", "x\nyz"}},
        LeavesCase{"empty_quotes", "a: ''\nb: \"\"\n", {"0:a", "4:", "6:b", "10:"}, {}},
        LeavesCase{"literal", "run: |\n  one\n    two\n\n  three\n\nx: y\n",
                   {"0:run", "9:one\n    two\n\n  three", "31:x", "34:y"}, {"run", "one\n  two\n\nthree\n", "x", "y"}},
        LeavesCase{"literal_strip", "a: |-\n   x\n   y\n\n\nb:\n", {"0:a", "9:x\n   y", "18:b", "20:"},
                   {"a", "x\ny", "b", ""}},
        LeavesCase{"literal_keep", "a: |+\n  x\n\n\nb: c\n", {"0:a", "8:x", "12:b", "15:c"},
                   {"a", "x\n\n\n", "b", "c"}},
        LeavesCase{"literal_with_blank_first_lines", "a: |\n\n \n  x\n", {"0:a", "5:\n \n  x"}, {"a", "\n\nx\n"}},
        LeavesCase{"literal_with_explicit_indentation", "a: |2-  # note\n     x\n  y\n", {"0:a", "17:   x\n  y"},
                   {"a", "   x\ny"}},
        LeavesCase{"literal_in_a_list", "- |\n x\n- - |\n   y\n", {"5:x", "16:y"}, {"x\n", "y\n"}},
        LeavesCase{"literal_at_the_end_without_a_break", "a: |\n  x", {"0:a", "7:x"}, {"a", "x"}},
        LeavesCase{"literal_with_blanks_at_a_line_end", "a: |\n  x \t\n  \n", {"0:a", "7:x \t"}, {"a", "x \t\n"}},
        LeavesCase{"literal_of_nothing", "a: |-\nb: >+  # note\n\nc: |", {"0:a", "5:", "6:b", "11:", "21:c", "25:"},
                   {"a", "", "b", "\n", "c", ""}},
        LeavesCase{"folded", "a: >-\n  one\n  two\n\n  three\n   deep\n  four\n",
                   {"0:a", "8:one\n  two\n\n  three\n   deep\n  four"}, {"a", "one two\nthree\n deep\nfour"}},
        LeavesCase{"comment_below_a_literal", "a: |\n  x\n# note\nb: y\n", {"0:a", "7:x", "16:b", "19:y"},
                   {"a", "x\n", "b", "y"}},
        LeavesCase{"empty_values", "a:\nb: # note\n\n\nc:   \nd: x\n",
                   {"0:a", "2:", "3:b", "5:", "15:c", "17:", "21:d", "24:x"}, {}},
        LeavesCase{"empty_elements", "-\n- # note\n- x\n-", {"1:", "3:", "13:x", "16:"}, {}},
        LeavesCase{"empty_values_in_flow", "{a, b: , c : , # note\n d:\n}",
                   {"1:a", "2:", "4:b", "6:", "9:c", "12:", "23:d", "25:"}, {}},
        LeavesCase{"empty_keys", "- {? : z, a}\n- ? # note\n  : x\n- &k : y\n",
                   {"4:", "7:z", "10:a", "11:", "16:", "28:x", "34:", "37:y"}, {}},
        LeavesCase{"empty_value_of_an_explicit_key", "? a\n? b\n#:\n? c\n: d\n",
                   {"2:a", "3:", "6:b", "7:", "13:c", "17:d"}, {}},
        LeavesCase{"explicit_key_of_a_collection", "? [a, b]\n: c\n", {"3:a", "6:b", "11:c"}, {}},
        LeavesCase{"anchors_and_aliases", "a: &x one\nb: *x\n", {"0:a", "6:one", "10:b", "14:x"}, {}},
        LeavesCase{"anchor_and_tag_in_either_order", "- &x !!str 1\n- !y &z 'q'\n- !<tag:a,b> r\n",
                   {"11:1", "22:q", "38:r"}, {}},
        LeavesCase{"anchor_far_from_its_value", "a: &x  # note\n\n   'q'\n", {"0:a", "19:q"}, {}},
        LeavesCase{"anchor_without_value", "a: &x\nb: !!null\n", {"0:a", "5:", "6:b", "15:"}, {}},
        LeavesCase{"tag_in_flow", "[!x, !y z, &w , *w ]", {"3:", "8:z", "13:", "17:w"}, {}},
        LeavesCase{"merge_keys", "a: &a {x: 1}\nb:\n  <<: *a\n  y: 2\n",
                   {"0:a", "7:x", "10:1", "13:b", "18:<<", "23:a", "27:y", "30:2"}, {}},
        LeavesCase{"flow_in_block", "a:\n  - {b: [c, 'd'], \"e\":f}\n",
                   {"0:a", "8:b", "12:c", "16:d", "22:e", "25:f"}, {}},
        LeavesCase{"pairs_in_a_list", "[a: b, 'c': d, ? e : f]", {"1:a", "4:b", "8:c", "12:d", "17:e", "21:f"}, {}},
        LeavesCase{"crlf", "a: x\r\nb: |\r\n  y\r\n  z\r\nc:\r\n- \"q\r\n  r\"\r\n",
                   {"0:a", "3:x", "6:b", "14:y\r\n  z", "22:c", "29:q\r\n  r"},
                   {"a", "x", "b", "y\nz\n", "c", "q r"}},
        LeavesCase{"cr_alone", "a: x\rb: |\r  y\r\rc: z\r", {"0:a", "3:x", "5:b", "12:y", "15:c", "18:z"},
                   {"a", "x", "b", "y\n", "c", "z"}},
        LeavesCase{"byte_order_mark", "\xEF\xBB\xBF" "a: x\nb: y\n", {"3:a", "6:x", "8:b", "11:y"}, {}},
        LeavesCase{"byte_order_mark_and_other_letters", "\xEF\xBB\xBF" "ключ: знач\nb: \"é\"\n",
                   {"3:ключ", "13:знач", "22:b", "26:é"}, {}},
        LeavesCase{"letters_of_two_three_and_four_bytes", "é: 漢\n😀: 'ü' # ñ\nc: [ß, ẞ]\n",
                   {"0:é", "4:漢", "8:😀", "15:ü", "24:c", "28:ß", "32:ẞ"}, {}},
        LeavesCase{"long_ascii_between_other_letters",
                   "é: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nb: ü\nc: bbbbbbbbbbbbbbbbbb\n",
                   {"0:é", "4:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "37:b", "40:ü", "43:c", "46:bbbbbbbbbbbbbbbbbb"}, {}},
        // libyaml breaks lines at U+0085 and U+2028 too; only the decoded value shows it.
        LeavesCase{"breaks_of_yaml_1_1", "a: |\n  x\xC2\x85  y\xE2\x80\xA8  z\n",
                   {"0:a", "7:x\xC2\x85  y\xE2\x80\xA8  z"},
                   {"a", "x\ny\xE2\x80\xA8z\n"}},
        LeavesCase{"tabs", "a:\tx\t# note\nb: [\tc\t,\td\t]\n", {"0:a", "3:x", "12:b", "17:c", "21:d"}, {}},
        LeavesCase{"comments_everywhere", "# 1\na: # 2\n  # 3\n  b: c # 4\n# 5\n",
                   {"4:a", "19:b", "22:c"}, {}},
        LeavesCase{"documents", "--- a\n---\nb: c\n...\n---\n--- # d\n", {"4:a", "10:b", "13:c", "22:", "26:"}, {}},
        LeavesCase{"directives", "%YAML 1.1\n%TAG !e! tag:e:\n---\n!e!x y\n", {"35:y"}, {}},
        LeavesCase{"nothing", "", {}, {}}, LeavesCase{"only_a_comment", "# x\n", {}, {}},
        LeavesCase{"a_url_and_colons", "a: http://x:1/y#z\n'b:c': d\n",
                   {"0:a", "3:http://x:1/y#z", "19:b:c", "25:d"}, {}}),
    [](const auto& test) { return test.param.name; });

TEST(Yaml, CollectionsBeginAtTheirFirstTokenAndEndWithTheirLastChild) {
  const Document document = parse_yaml(
      "a: &x\n"
      "  b: 'c'  # note\n"
      "\n"
      "d:\n"
      "- 1\n"
      "- - 2\n"
      "  -\n"
      "# note\n"
      "e: {f: [g: h, i], j: [ ]\n"
      "}\n"
      "k: !!seq\n"
      "  - |\n"
      "    text\n"
      "\n"
      "'l': &y\n"
      "- ? m\n");
  ASSERT_FALSE(document.problem()) << document.problem()->message;
  EXPECT_THAT(collections(document),
              ElementsAre(testing::StartsWith("0:a: &x"), "8:b: 'c'", "27:- 1\n- - 2\n  -", "33:- 2\n  -",
                          "51:{f: [g: h, i], j: [ ]\n}", "55:[g: h, i]", "56:g: h", "69:[ ]", "86:- |\n    text",
                          "108:- ? m", "110:? m"));
  EXPECT_THAT(collections(document)[0], testing::EndsWith("- ? m"));
  expect_well_formed(document);
}

TEST(Yaml, AnchorsAndTagsAreKept) {
  const Document document = parse_yaml(
      "%TAG !e! tag:e.example,2000:\n---\n- !!int &n 1\n- !local x\n- !e!y z\n- ! w\n- &o [!!str ]\n");
  ASSERT_FALSE(document.problem()) << document.problem()->message;
  const auto element = [&](std::size_t i) { return document[document.children(document.root())[i]]; };
  EXPECT_EQ(element(0).tag, "tag:yaml.org,2002:int");
  EXPECT_EQ(element(0).anchor, "n");
  EXPECT_EQ(element(1).tag, "!local");
  EXPECT_EQ(element(2).tag, "tag:e.example,2000:y");
  EXPECT_EQ(element(3).tag, "!");
  EXPECT_EQ(element(4).anchor, "o");
  EXPECT_EQ(element(4).tag, "");
}

TEST(Yaml, EachDocumentOfAStreamHasItsOwnAnchorsAndRoot) {
  const Document document = parse_yaml("a: &x 1\n---\n- &x 2\n- *x\n");
  ASSERT_EQ(document.roots().size(), 2u);
  const NodeIndex alias = document.children(document.roots()[1])[1];
  EXPECT_EQ(document.text(alias), "2");
  EXPECT_EQ(document.document_of(alias), 1u);
  const Document unknown = parse_yaml("a: &x 1\n---\n- *x\n");
  ASSERT_TRUE(unknown.problem());
  EXPECT_EQ(unknown.problem()->at, (ByteRange{15, 16}));
}

TEST(Yaml, AnAnchorMayBeSetAgain) {
  const Document document = parse_yaml("[&a 1, *a , &a 2, *a ]");
  const auto elements = document.children(document.root());
  EXPECT_EQ(document.text(elements[1]), "1");
  EXPECT_EQ(document.text(elements[3]), "2");
}

TEST(Yaml, DuplicateKeysAreRecordedOnceForEachLaterOne) {
  const auto duplicates = [](const std::string& source) {
    const Document document = parse_yaml(source);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> places;
    for (const DuplicateKey& key : document.duplicate_keys())
      places.emplace_back(document[key.first].span.begin, document[key.second].span.begin);
    return places;
  };
  using Places = std::vector<std::pair<std::uint32_t, std::uint32_t>>;
  EXPECT_EQ(duplicates("a: 1\nb: 2\na: 3\n"), (Places{{0, 10}}));
  EXPECT_EQ(duplicates("a: 1\na: 2\na: 3\n"), (Places{{0, 5}, {0, 10}}));
  EXPECT_EQ(duplicates("a: 1\n'a': 2\n"), (Places{{0, 6}})) << "compared as decoded text";
  EXPECT_EQ(duplicates("\"\\x61\": 1\na: 2\n"), (Places{{1, 10}}));
  EXPECT_EQ(duplicates("<<: {x: 1}\n<<: {y: 2}\n"), (Places{{0, 11}}));
  EXPECT_EQ(duplicates("a: {b: 1, b: 2}\nc: {b: 3}\na: 4"), (Places{{4, 10}, {0, 26}})) << "in order of the later key";
  EXPECT_EQ(duplicates("&k a: 1\n*k : 2\n"), (Places{{3, 9}})) << "an alias is what it names";
  EXPECT_EQ(duplicates("a: 1\nA: 2\n1: x\n01: y\n? [a]\n: 1\n? [a]\n: 2\n"), Places{});
  std::string many;
  Places wanted;
  for (int i = 0; i < 200; ++i) many += "key" + std::to_string(i % 150) + ": x\n";
  const Document document = parse_yaml(many);
  for (std::size_t i = 0, line = 0; i < many.size(); i = many.find('\n', i) + 1, ++line)
    if (line >= 150) wanted.emplace_back(many.find("key" + std::to_string(line - 150) + ":"), i);
  EXPECT_EQ(duplicates(many), wanted) << "large mappings are looked at another way";
}

struct ProblemCase {
  const char* name;
  std::string source;
  ByteRange at;
  const char* message;
};

void PrintTo(const ProblemCase& test, std::ostream* out) { *out << printable(test.source); }

class YamlProblems : public testing::TestWithParam<ProblemCase> {};

TEST_P(YamlProblems, AreMalformedWithAnExactPlace) {
  const ProblemCase& test = GetParam();
  const Document document = parse_yaml(test.source);
  ASSERT_TRUE(document.problem());
  EXPECT_EQ(document.problem()->fault, Fault::malformed);
  EXPECT_EQ(document.problem()->at, test.at);
  EXPECT_THAT(document.problem()->message, HasSubstr(test.message));
  expect_well_formed(document);
}

INSTANTIATE_TEST_SUITE_P(
    All, YamlProblems,
    testing::Values(
        ProblemCase{"second_colon", "a: b: c\n", {4, 5}, "mapping values are not allowed"},
        ProblemCase{"open_bracket", "a: [b, c\n", {9, 9}, "expected ',' or ']'"},
        ProblemCase{"open_quote", "a: \"b\n", {6, 6}, "quoted scalar"},
        ProblemCase{"place_behind_other_letters", "ключ: знач: x\n", {18, 19}, "mapping values"},
        ProblemCase{"place_behind_a_byte_order_mark", "\xEF\xBB\xBF" "a: b: c\n", {7, 8}, "mapping values"},
        ProblemCase{"whole_character_is_shown", "a: [é, b] é\n", {11, 13}, "did not find expected key"},
        ProblemCase{"tab_as_indentation", "a:\n\tb: c\n", {3, 4}, "cannot start any token"},
        ProblemCase{"unknown_alias", "a: *nowhere\n", {4, 11}, "alias of an anchor"},
        ProblemCase{"alias_of_a_later_anchor", "a: *b\nc: &b d\n", {4, 5}, "alias of an anchor"},
        ProblemCase{"alias_inside_its_own_anchor", "a: &x\n  b: *x\n", {12, 13}, "alias inside"},
        ProblemCase{"alias_in_a_flow_of_its_own", "&x [1, [*x ]]", {9, 10}, "alias inside"},
        ProblemCase{"nul", std::string("a: b\0c", 6), {4, 5}, "control characters"},
        ProblemCase{"control_character", "a: \x01\n", {3, 4}, "control characters"},
        ProblemCase{"escape_character", "é: \x1B[0m\n", {4, 5}, "control characters"},
        ProblemCase{"delete", "a: \x7F\n", {3, 4}, "control characters"},
        ProblemCase{"latin_1", "a: caf\xE9\n", {6, 7}, "UTF-8"},
        ProblemCase{"latin_1_behind_a_byte_order_mark", "\xEF\xBB\xBF" "a: \xFF\n", {6, 7}, "UTF-8"},
        ProblemCase{"cut_off_character", "a: \xE6\xBC", {3, 4}, "UTF-8"},
        ProblemCase{"overlong_form", "a: \xC0\x80\n", {3, 4}, "UTF-8"},
        ProblemCase{"surrogate", "a: \xED\xA0\x80\n", {3, 4}, "invalid Unicode character"},
        ProblemCase{"utf_16_little_endian", std::string("\xFF\xFE" "a\0:\0", 6), {0, 2}, "UTF-16"},
        ProblemCase{"utf_16_big_endian", std::string("\xFE\xFF\0a\0:", 6), {0, 2}, "UTF-16"},
        ProblemCase{"utf_16_without_mark", std::string("a\0:\0 \0", 6), {1, 2}, "control characters"}),
    [](const auto& test) { return test.param.name; });

TEST(Yaml, WhatStandsBeforeAFaultIsUsable) {
  const Document document = parse_yaml("a: 1\nb:\n  c: 2\n  d: [3\ne: 4\n");
  ASSERT_TRUE(document.problem());
  EXPECT_EQ(document.text(document.at(document.root(), {"a"})), "1");
  EXPECT_EQ(document.text(document.at(document.root(), {"b", "c"})), "2");
  EXPECT_EQ(document.children(document.at(document.root(), {"b", "d"})).size(), 1u);
  expect_well_formed(document);
}

TEST(Yaml, ValuesThatEqualTheirBytesAreViewsOfTheSource) {
  const std::string source = "a: plain text\nb: 'quoted'\nc: |\n  one line\nd: two\n  lines\n";
  const Document document = parse_yaml(source);
  const auto views_source = [&](const char* key) {
    const std::string_view value = document[document.child(document.root(), key)].value;
    return value.data() >= source.data() && value.data() < source.data() + source.size();
  };
  EXPECT_TRUE(views_source("a") && views_source("b") && views_source("c"));
  EXPECT_FALSE(views_source("d"));
}

}  // namespace
}  // namespace trueup::formats
