#include "formats/document.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/json.hpp"
#include "formats/scalar_walk.hpp"
#include "formats/yaml.hpp"

namespace trueup::formats {
namespace {

using testing::ElementsAre;

TEST(Document, ChildrenAreFoundByKeyAndOrder) {
  const Document whole = parse_yaml("a: {b: [x, y], b2: z}\nc: 1\nc: 2\n");
  const NodeIndex root = whole.root();
  EXPECT_EQ(whole.text(whole.at(root, {"a", "b2"})), "z");
  EXPECT_EQ(whole.text(whole.child(root, "c")), "2") << "the last one wins";
  EXPECT_EQ(whole.child(root, "d"), kNoNode);
  EXPECT_EQ(whole.at(root, {"a", "b", "x"}), kNoNode);
  EXPECT_EQ(whole.at(root, {"d", "e"}), kNoNode);
  EXPECT_EQ(whole.child(kNoNode, "a"), kNoNode);
  const NodeIndex list = whole.at(root, {"a", "b"});
  EXPECT_TRUE(whole.is_sequence(list) && !whole.is_mapping(list) && !whole.is_scalar(list));
  ASSERT_EQ(whole.children(list).size(), 2u);
  EXPECT_EQ(whole.text(whole.children(list)[1]), "y");
  EXPECT_EQ(whole.text(list), std::nullopt);
  EXPECT_EQ(whole.text(kNoNode), std::nullopt);
  EXPECT_EQ(whole[root].child_count, 3u);
}

TEST(Document, AnEmptyStreamHasNoRoot) {
  const Document document = parse_yaml("# nothing\n");
  EXPECT_EQ(document.root(), kNoNode);
  EXPECT_EQ(document.at(document.root(), {"a"}), kNoNode);
  EXPECT_TRUE(document.children(kNoNode).empty());
}

TEST(Document, AliasesAreResolvedOnTheWay) {
  const Document document = parse_yaml("base: &b {x: &s [1, 2], k: v}\nuse: *b\nseq: *s\n");
  const NodeIndex use = document.child(document.root(), "use");
  EXPECT_EQ(document[use].kind, NodeKind::alias);
  EXPECT_TRUE(document.is_mapping(use));
  EXPECT_EQ(document.text(document.at(document.root(), {"use", "k"})), "v");
  EXPECT_EQ(document.children(document.child(document.root(), "seq")).size(), 2u);
}

TEST(Document, PointersEscapeAndCount) {
  const Document document = parse_yaml("a/b:\n  - x\n  - {m~n: [p, q], '': r}\n---\n- s\n");
  std::vector<std::string> pointers;
  for (NodeIndex i = 0; i < document.size(); ++i)
    if (document[i].kind == NodeKind::scalar)
      pointers.push_back(document.pointer(i) + "=" + std::string(document[i].value));
  EXPECT_THAT(pointers, ElementsAre("/a~1b=a/b", "/a~1b/0=x", "/a~1b/1/m~0n=m~n", "/a~1b/1/m~0n/0=p",
                                    "/a~1b/1/m~0n/1=q", "/a~1b/1/=", "/a~1b/1/=r", "/0=s"));
  EXPECT_EQ(document.pointer(document.root()), "");
  EXPECT_EQ(document.document_of(document.size() - 1), 1u);
  EXPECT_EQ(document.document_of(0), 0u);
}

struct MergeCase {
  const char* name;
  const char* source;  // `r` is looked at for `k`
  std::optional<std::string_view> merged, plain;
};

class DocumentMerge : public testing::TestWithParam<MergeCase> {};

TEST_P(DocumentMerge, IsAsHelmReadsIt) {
  const MergeCase& test = GetParam();
  const Document document = parse_yaml(test.source);
  ASSERT_FALSE(document.problem()) << document.problem()->message;
  const NodeIndex mapping = document.child(document.root(), "r");
  EXPECT_EQ(document.text(document.merged_child(mapping, "k")), test.merged);
  EXPECT_EQ(document.text(document.child(mapping, "k")), test.plain);
}

// Each row observed with sigs.k8s.io/yaml 1.6.0.
INSTANTIATE_TEST_SUITE_P(
    All, DocumentMerge,
    testing::Values(
        MergeCase{"merged", "a: &a {k: 1}\nr: {<<: *a}\n", "1", std::nullopt},
        MergeCase{"key_behind_overrides", "a: &a {k: 1}\nr: {<<: *a , k: 2}\n", "2", "2"},
        MergeCase{"key_before_is_overridden", "a: &a {k: 1}\nr: {k: 2, <<: *a }\n", "1", "2"},
        MergeCase{"key_before_stays_if_not_merged", "a: &a {j: 1}\nr: {k: 2, <<: *a }\n", "2", "2"},
        MergeCase{"first_of_a_list_wins", "a: &a {k: 1}\nb: &b {k: 2}\nr: {<<: [*a , *b ]}\n", "1", std::nullopt},
        MergeCase{"later_of_a_list_fills_in", "a: &a {j: 1}\nb: &b {k: 2}\nr: {<<: [*a , *b ]}\n", "2", std::nullopt},
        MergeCase{"last_of_two_merges_wins", "a: &a {k: 1}\nb: &b {k: 2}\nr: {<<: *a , <<: *b }\n", "2", std::nullopt},
        MergeCase{"merges_nest", "a: &a {k: 1}\nb: &b {<<: *a }\nr: {<<: *b }\n", "1", std::nullopt},
        MergeCase{"in_place", "r: {<<: {k: 1}}\n", "1", std::nullopt},
        MergeCase{"quoted_is_a_plain_key", "r: {'<<': {k: 1}}\n", std::nullopt, std::nullopt},
        MergeCase{"through_an_alias", "a: &a {k: 1}\nb: &b {<<: *a }\nr: *b\n", "1", std::nullopt}),
    [](const auto& test) { return test.param.name; });

TEST(Document, OffsetsLeadBackThroughEveryStyle) {
  const auto places = [](const std::string& source) {
    const Document document = parse_yaml(source);
    const NodeIndex scalar = document.root();
    std::string shown;  // the source byte of each byte of the value
    for (std::uint32_t i = 0; i < document[scalar].value.size(); ++i)
      shown += source[document.source_offset(scalar, i)];
    return shown;
  };
  EXPECT_EQ(places("a b\n  c\n\n  d"), "a b\nc\nd");
  EXPECT_EQ(places("'it''s\n  x'"), "it's\nx");
  EXPECT_EQ(places("\"a\\tb\\\n  c\\u00e9 \n\n d\""), "a\\bc\\\\\nd");
  EXPECT_EQ(places("|\n  a\n    b\n\n  c"), "a\n  b\n\nc");
  EXPECT_EQ(places(">\n  a\n  b\n\n  c\n   d\n  e"), "a\nb\nc\n d\ne");
}

TEST(Document, RangesCoverWholeEscapesAndEndBeforeIndentation) {
  const std::string source = "k: \"a\\tb\\u00e9c\"\n";
  const Document quoted = parse_yaml(source);
  const NodeIndex scalar = quoted.child(quoted.root(), "k");
  ASSERT_EQ(quoted[scalar].value, "a\tbéc");
  EXPECT_EQ(slice(source, quoted.source_range(scalar, {0, 2})), "a\\t");
  EXPECT_EQ(slice(source, quoted.source_range(scalar, {2, 4})), "b\\u00e9");
  EXPECT_EQ(slice(source, quoted.source_range(scalar, {4, 6})), "\\u00e9c");
  EXPECT_TRUE(quoted.source_range(scalar, {1, 1}).empty());
  const std::string block = "k: |\n    one\n    two\n";
  const Document literal = parse_yaml(block);
  const NodeIndex run = literal.child(literal.root(), "k");
  EXPECT_EQ(slice(block, literal.source_range(run, {0, 3})), "one");
  EXPECT_EQ(slice(block, literal.source_range(run, {0, 4})), "one\n");
  EXPECT_EQ(slice(block, literal.source_range(run, {4, 7})), "two");
  EXPECT_EQ(slice(block, literal.source_range(run, {0, 8})), "one\n    two");
  EXPECT_EQ(literal.source_range(run, {100, 200}).begin, literal[run].span.end) << "beyond the value is its end";
  EXPECT_EQ(literal.source_offset(literal.root(), 3), 0u) << "a collection has no value";
}

TEST(Document, OffsetsInAnAliasLeadToItsAnchor) {
  const std::string source = "a: &x 'it''s'\nb: *x\n";
  const Document document = parse_yaml(source);
  EXPECT_EQ(document.source_offset(document.child(document.root(), "b"), 3), 11u);
}

TEST(Document, MovesKeepItsText) {
  Document document = parse_yaml("a: \"x\\ny\"\n");
  Document moved = std::move(document);
  document = parse_yaml("b: 1\n");
  Document again;
  again = std::move(moved);
  EXPECT_EQ(again.text(again.child(again.root(), "a")), "x\ny");
}

TEST(LineBreaks, AreThoseOfYaml11) {
  EXPECT_EQ(line_break_length("\n\r", 0), 1u);
  EXPECT_EQ(line_break_length("\r\n", 0), 2u);
  EXPECT_EQ(line_break_length("\r", 0), 1u);
  EXPECT_EQ(line_break_length("\xC2\x85", 0), 2u);
  EXPECT_EQ(line_break_length("\xE2\x80\xA8", 0), 3u);
  EXPECT_EQ(line_break_length("\xE2\x80\xAA", 0), 0u);
  EXPECT_EQ(line_break_length("\xE2\x80", 0), 0u);
  EXPECT_EQ(line_break_length("a", 0), 0u);
  EXPECT_EQ(line_break_length("a", 1), 0u);
}

}  // namespace
}  // namespace trueup::formats
