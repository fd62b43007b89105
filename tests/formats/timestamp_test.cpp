#include "formats/timestamp.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace trueup::formats {
namespace {

TEST(Timestamp, ReadsRfc3339) {
  const std::vector<std::pair<std::string_view, std::int64_t>> rows{
      {"1970-01-01T00:00:00Z", 0},
      {"1969-12-31T23:59:59Z", -1},
      {"2026-01-02T03:04:05Z", 1767323045},
      {"2026-01-02t03:04:05z", 1767323045},
      {"2026-01-02 04:04:05.678901234+01:00", 1767323045},
      {"2026-01-01T21:34:05-05:30", 1767323045},
      {"2024-02-29T00:00:00Z", 1709164800},
      {"2016-12-31T23:59:60Z", 1483228800}};
  for (const auto& [text, seconds] : rows) {
    const auto read = parse_rfc3339(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(*read, seconds) << text;
  }
}

TEST(Timestamp, IsWrittenAsItIsRead) {
  for (const std::string_view text : {"1970-01-01T00:00:00Z", "2026-01-02T03:04:05Z", "2024-02-29T23:59:59Z", "1969-12-31T23:59:59Z"})
    EXPECT_EQ(rfc3339_text(*parse_rfc3339(text)), text);
}

TEST(Timestamp, ErrorNamesTheByte) {
  const std::vector<std::pair<std::string_view, ByteRange>> rows{
      {"", {0, 0}},
      {"2026", {4, 4}},
      {"2026-13-02T03:04:05Z", {5, 6}},
      {"2026-01-02", {10, 10}},
      {"2026-01-02T24:00:00Z", {11, 12}},
      {"2026-01-02T03:04:05", {19, 19}},
      {"2026-01-02T03:04:05.Z", {20, 21}},
      {"2026-01-02T03:04:05+0100", {22, 23}},
      {"2026-01-02T03:04:05Z ", {20, 21}},
      {"2026-02-30T03:04:05Z", {0, 10}},
      {"2023-02-29T03:04:05Z", {0, 10}}};
  for (const auto& [text, at] : rows) {
    const auto read = parse_rfc3339(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().fault, Fault::malformed);
    EXPECT_EQ(read.error().at, at) << text << " at " << read.error().at->begin;
  }
}

}  // namespace
}  // namespace trueup::formats
