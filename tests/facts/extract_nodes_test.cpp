#include <gmock/gmock.h>

#include "facts/extracted.hpp"

namespace trueup::facts {
namespace {

using testing::ElementsAre;

std::vector<std::string> nodes_of(const Extracted& rows) {
  std::vector<std::string> texts;
  for (const auto& [id, row] : rows->node)
    texts.push_back(std::to_string(row.document) + ' ' + row.pointer + " [" + text_of(row.key) + "] " + row.node_kind +
                    (row.value ? " '" + *row.value + "'" : "") + " @" + rows.at(row.span));
  return texts;
}

TEST(Nodes, AreEveryValueOfEveryDocument) {
  EXPECT_THAT(nodes_of(Extracted("node_yaml", "a: 'x'\nb: [1, ~]\n--- yes\n--- true\n")),
              ElementsAre("0  [NULL] mapping @a: 'x'\nb: [1, ~]", "0 /a [a] string 'x' @x", "0 /b [b] sequence @[1, ~]",
                          "0 /b/0 [0] number '1' @1", "0 /b/1 [1] null '~' @~", "1  [NULL] string 'yes' @yes",
                          "2  [NULL] boolean 'true' @true"));
}

TEST(Nodes, OfJsonAreTheSame) {
  EXPECT_THAT(nodes_of(Extracted("node_json", R"({"a": ["x", 1e3, true, null], "b/c": {}})")),
              ElementsAre(R"(0  [NULL] mapping @{"a": ["x", 1e3, true, null], "b/c": {}})",
                          R"(0 /a [a] sequence @["x", 1e3, true, null])", "0 /a/0 [0] string 'x' @x",
                          "0 /a/1 [1] number '1e3' @1e3", "0 /a/2 [2] boolean 'true' @true",
                          "0 /a/3 [3] null 'null' @null", "0 /b~1c [b/c] mapping @{}"));
}

TEST(Nodes, PointToTheCollectionThatHoldsThem) {
  const Extracted rows("node_yaml", "a: {b: c}\n");
  ASSERT_EQ(rows->node.size(), 3u);
  EXPECT_FALSE(rows->node[0].second.parent);
  EXPECT_EQ(rows->node[1].second.parent.number, rows->node[0].first.number);
  EXPECT_EQ(rows->node[2].second.parent.number, rows->node[1].first.number);
}

TEST(Nodes, AnAliasStandsForACopyWithTheOriginalsPlaces) {
  EXPECT_THAT(nodes_of(Extracted("node_yaml", "a: &a {b: c}\nd: *a\n")),
              ElementsAre("0  [NULL] mapping @a: &a {b: c}\nd: *a", "0 /a [a] mapping @{b: c}", "0 /a/b [b] string 'c' @c",
                          "0 /d [d] mapping @{b: c}", "0 /d/b [b] string 'c' @c"));
}

TEST(Nodes, OfADuplicateKeyTheLastValueCounts) {
  EXPECT_THAT(nodes_of(Extracted("node_yaml", "{a: 1, a: 2}")),
              ElementsAre("0  [NULL] mapping @{a: 1, a: 2}", "0 /a [a] number '2' @2"));
}

TEST(Nodes, AFileThatDoesNotParseHasNoneAndLeavesTheFindingToItsMainKind) {
  for (const auto& [kind, text] : {std::pair("node_yaml", "a: [1\nb: 2\n"), std::pair("node_json", "{\"a\": ")}) {
    const Extracted rows(kind, text);
    EXPECT_EQ(rows.blob().state, BlobState::malformed);
    EXPECT_NE(rows.blob().because, "");
    EXPECT_EQ(rows.blob().last_id(), 0u);
  }
}

TEST(Nodes, AliasesThatMultiplyEndAsALimitHit) {
  std::string doubling = "b0: &b0 [x, x]\n";
  for (int i = 1; i < 60; ++i) {
    const std::string below = "*b" + std::to_string(i - 1);
    doubling += "b" + std::to_string(i) + ": &b" + std::to_string(i) + " [" + below + ", " + below + "]\n";
  }
  std::string chain = "b0: &b0 [x]\n";
  for (int i = 1; i < 20'000; ++i)
    chain += "b" + std::to_string(i) + ": &b" + std::to_string(i) + " [*b" + std::to_string(i - 1) + "]\n";
  for (const std::string& text : {doubling, chain}) {
    const Extracted rows("node_yaml", text);
    EXPECT_EQ(rows.blob().state, BlobState::over_limit);
    EXPECT_EQ(rows->node.size(), 0u);
    EXPECT_EQ(rows->limit_hit.size(), 1u);
  }
}

}  // namespace
}  // namespace trueup::facts
