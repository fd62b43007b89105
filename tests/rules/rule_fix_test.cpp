// What a rule file may say under `fix:`, and how what it may not is answered.

#include <gtest/gtest.h>

#include "rules/loading/rule_folder.hpp"

namespace trueup::rules {
namespace {

RuleFolder load(const std::string& fix) {
  return RuleFolder::load({{"own/x.yaml",
                            "id: own/x\ncode: X01\nseverity: error\nscope: file\ntitle: t\nwhy: w\nreads: [yaml]\nquery: SELECT 1 AS at, 2 AS k\n"
                            "key: [k]\nmessage: m\nfix: " + fix + "\n"}});
}

TEST(RuleFix, IsReadAsOnePartOrAList) {
  const RuleFolder one = load("{replace: at, with: \"{newest}\", when: newest, safety: unsafe}");
  ASSERT_EQ(one.rules().size(), 1u);
  ASSERT_EQ(one.rules().front().fixes.size(), 1u);
  const RuleFix& fix = one.rules().front().fixes.front();
  EXPECT_EQ(fix.action, fixes::Action::replace);
  EXPECT_EQ(fix.place, "at");
  EXPECT_EQ(fix.text, "{newest}");
  EXPECT_EQ(fix.when, "newest");
  EXPECT_TRUE(fix.unsafe);
  EXPECT_FALSE(fix.ends_subject);
  EXPECT_EQ(load("{replace: at, with: x, sure_when: is_near}").rules().front().fixes.front().sure_when, "is_near");
  EXPECT_EQ(load("[{quote: at}, {insert_entry: at, key: if, with: x, ends_subject: true}]").rules().front().fixes.size(), 2u);
}

TEST(RuleFix, WhatIsWrongIsSaidWithItsPlace) {
  const struct {
    const char *fix, *message;
    std::uint32_t column;
  } rows[] = {
      {"at", "a fix is a mapping such as {replace: at, with: \"{column}\"}", 6},
      {"{with: x}", "a fix says one thing to do: replace, quote, append, insert_item, insert_entry, remove, merge or move", 6},
      {"{quote: at, remove: at}", "a fix says one thing to do: replace, quote, append, insert_item, insert_entry, remove, merge or move", 6},
      {"{replace: at}", "`replace:` needs `with:`, the text to write", 6},
      {"{quote: at, with: x}", "`quote:` writes no text of its own: leave out `with:`", 6},
      {"{insert_entry: at, with: x}", "`insert_entry:`, and nothing else, needs `key:`", 6},
      {"{quote: at, safety: maybe}", "safety is safe or unsafe", 26},
      {"{quote: at, saftey: unsafe}", "unknown key `saftey` in a fix; did you mean `safety`?", 18},
  };
  for (const auto& row : rows) {
    const RuleFolder folder = load(row.fix);
    ASSERT_FALSE(folder.problems().empty()) << row.fix;
    EXPECT_EQ(folder.problems().front().message, row.message);
    EXPECT_EQ(folder.problems().front().line, 11u) << row.fix;
    EXPECT_EQ(folder.problems().front().column, row.column) << row.fix;
    EXPECT_TRUE(folder.rules().empty());
  }
}

}  // namespace
}  // namespace trueup::rules
