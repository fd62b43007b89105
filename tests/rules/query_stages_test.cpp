#include "rules/query_stages.hpp"

#include <gtest/gtest.h>

namespace trueup::rules {
namespace {

/// Sets the columns x and y of every stage, and gives their queries and then the rest.
std::vector<std::string> taken_apart(std::string_view sql) {
  QueryStages stages(sql);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < stages.count(); ++i) {
    texts.push_back(stages.text_of(i));
    stages.set_columns(i, {{"x", "i1"}, {"y", "c1"}}, "t" + std::to_string(i + 1));
  }
  texts.push_back(stages.text());
  return texts;
}

using Texts = std::vector<std::string>;

TEST(QueryStages, AnExpressionThatIsNamedTwiceIsAStage) {
  EXPECT_EQ(taken_apart("WITH a AS MATERIALIZED (SELECT 1 AS x, 2 AS y) SELECT * FROM a JOIN a b USING (x)"),
            (Texts{"SELECT 1 AS x, 2 AS y",
                   "WITH a AS MATERIALIZED (SELECT i1 AS \"x\", c1 AS \"y\" FROM t1)  SELECT * FROM a JOIN a b USING (x)"}));
}

TEST(QueryStages, AnExpressionThatIsNamedOnceStaysWhereItIs) {
  EXPECT_EQ(taken_apart("WITH a AS MATERIALIZED (SELECT 1), b AS MATERIALIZED (SELECT * FROM a) SELECT * FROM b, b c"),
            (Texts{"WITH a AS MATERIALIZED (SELECT 1) SELECT * FROM a",
                   "WITH b AS MATERIALIZED (SELECT i1 AS \"x\", c1 AS \"y\" FROM t1)  SELECT * FROM b, b c"}));
}

TEST(QueryStages, AStageReadsTheOnesBeforeIt) {
  EXPECT_EQ(taken_apart("WITH a AS MATERIALIZED (SELECT 1), b AS MATERIALIZED (SELECT * FROM a) SELECT * FROM b, a, b c"),
            (Texts{"SELECT 1", "WITH a AS MATERIALIZED (SELECT i1 AS \"x\", c1 AS \"y\" FROM t1) SELECT * FROM a",
                   "WITH a AS MATERIALIZED (SELECT i1 AS \"x\", c1 AS \"y\" FROM t1), "
                   "b AS MATERIALIZED (SELECT i1 AS \"x\", c1 AS \"y\" FROM t2)  SELECT * FROM b, a, b c"}));
}

TEST(QueryStages, WhatCannotBeTakenApartIsLeftAlone) {
  for (const std::string_view sql :
       {"SELECT 1", "WITH a AS MATERIALIZED (SELECT 1 SELECT * FROM a, a", "WITH a AS (SELECT 1) SELECT * FROM a, a b",
        "WITH a(x) AS MATERIALIZED (SELECT 1) SELECT * FROM a, a b", "WITH a AS MATERIALIZED (VALUES (1)) SELECT * FROM a, a b",
        "WITH RECURSIVE a AS MATERIALIZED (SELECT 1 UNION SELECT * FROM a) SELECT * FROM a, a b", "WITH", "WITH a", "WITH a AS", ""})
    EXPECT_EQ(QueryStages(sql).count(), 0U) << sql;
}

TEST(QueryStages, TextsAndCommentsNameNothing) {
  EXPECT_EQ(QueryStages("WITH a AS MATERIALIZED (SELECT 'a a (' -- a )\n /* a ( */) SELECT 'a', \"a\" FROM a").count(), 0U);
  EXPECT_EQ(QueryStages("WITH a AS MATERIALIZED (SELECT ')' -- )\n) SELECT * FROM a WHERE 1 IN (SELECT 1 FROM a)").count(), 1U);
}

TEST(QueryStages, ColumnsKeepTheirNames) {
  QueryStages stages("WITH a AS MATERIALIZED (SELECT 1) SELECT * FROM a, a b");
  stages.set_columns(0, {{"count(*)", "c1"}, {"odd\"name", "t1"}}, "t");
  EXPECT_EQ(stages.text(), "WITH a AS MATERIALIZED (SELECT c1 AS \"count(*)\", t1 AS \"odd\"\"name\" FROM t)  SELECT * FROM a, a b");
}

}  // namespace
}  // namespace trueup::rules
