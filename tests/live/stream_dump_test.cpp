// Dumps of workspaces of Atlas Stream Processing: what is told as whole, and is not.

#include <gtest/gtest.h>

#include "live/stream_source.hpp"

namespace trueup::live {
namespace {

StreamListReading processors_of(const char* text, bool complete = true) {
  StreamDump dump;
  dump.name = "prod";
  dump.label = "live.json";
  dump.texts = {{"", text}};
  dump.complete = complete;
  for (StreamListReading& reading : make_stream_dump(std::move(dump))->read(""))
    if (reading.kind == StreamListKind::processor) return std::move(reading);
  return {};
}

TEST(StreamDump, IsWholeIfItIsSaidAndNothingInItSpeaksAgainstThat) {
  const struct {
    const char* text;
    std::size_t items;
    bool complete;
  } rows[] = {
      {R"({"processors": [{"name": "a", "pipeline": []}, {"name": "b", "pipeline": []}]})", 2, true},
      {R"({"totalCount": 2, "results": [{"name": "a", "pipeline": []}, {"name": "b", "pipeline": []}]})", 2, true},
      {R"({"totalCount": 3, "results": [{"name": "a", "pipeline": []}]})", 1, false},
      {R"([{"totalCount": 2, "results": [{"name": "a", "pipeline": []}]}, {"totalCount": 2, "results": [{"name": "b", "pipeline": []}]}])", 2, true},
      {R"({"processors": [{"name": "a", "pipeline": []}, {"pipeline": []}]})", 1, false},
      {R"({"processors": ["a", "b"]})", 0, false},
      {R"({"processors": []})", 0, true},
  };
  for (const auto& row : rows) {
    const StreamListReading reading = processors_of(row.text);
    EXPECT_EQ(reading.state, ReadingState::present) << row.text;
    EXPECT_EQ(reading.items.size(), row.items) << row.text;
    EXPECT_EQ(reading.complete, row.complete) << row.text;
    EXPECT_FALSE(processors_of(row.text, false).complete) << row.text;
  }
}

}  // namespace
}  // namespace trueup::live
