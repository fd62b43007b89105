#include "fixes/without_entry.hpp"

#include <gtest/gtest.h>

namespace trueup::fixes {
namespace {

TEST(WithoutEntry, TakesTheEntryAndWhatHoldsNothingElse) {
  const struct {
    const char *yaml, *pointer, *left;
  } rows[] = {
      {"a: 1\nimage:\n  tag: x # now\n  pull: Always # stays\n", "/image/tag", "a: 1\nimage:\n  pull: Always # stays\n"},
      {"a: 1\natlas:\n  image:\n    tag: x\nb: 2\n", "/atlas/image/tag", "a: 1\nb: 2\n"},
      {"atlas: {image: {tag: x}, on: true}\n", "/atlas/image/tag", "atlas: {on: true}\n"},
      {"atlas:\n  image:\n    tag: x\n", "/atlas/image/tag", ""},
      {"list:\n- a: 1\n  b: 2\n", "/list/0/b", "list:\n- a: 1\n"},
      {"a~b:\n  c/d: 1\ne: 2", "/a~0b/c~1d", "e: 2"},
  };
  for (const auto& row : rows) {
    const auto left = without_entry(row.yaml, row.pointer);
    ASSERT_TRUE(left) << row.yaml << left.error().message;
    EXPECT_EQ(*left, row.left);
  }
}

TEST(WithoutEntry, SaysWhatItCannotTake) {
  EXPECT_EQ(without_entry("a: [", "/a").error().fault, Fault::malformed);
  EXPECT_EQ(without_entry("a: 1\n---\nb: 1\n", "/a").error().fault, Fault::malformed);
  for (const char* pointer : {"", "/b", "/a/0", "/l/0", "/l/01"}) EXPECT_EQ(without_entry("a: 1\nl: [x]\n", pointer).error().fault, Fault::not_found) << pointer;
  EXPECT_FALSE(without_entry("", "/a"));
}

}  // namespace
}  // namespace trueup::fixes
