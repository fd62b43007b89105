#include <gmock/gmock.h>

#include "formats/shell_effects.hpp"

namespace trueup::formats {
namespace {

TEST(Payload, OfAnActionHasItsTopLevelKeys) {
  const struct {
    std::string_view json, keys;
    bool complete;
  } rows[] = {
      {"", "", true},
      {" \n", "", true},
      {"{}", "", true},
      {R"({"a": 1})", "a@2-3 ", true},
      {R"({"a": ${{ x['}"'] }}, "b": "${{ y }}" })", "a@2-3 b@23-24 ", true},
      {R"({"a": "v${{ x['"'] }}", "b": {"c": [1, "}"]}})", "a@2-3 b@25-26 ", true},
      {R"({"a": "\"}", "b":[{}]})", "a@2-3 b@14-15 ", true},
      {R"({"a": "b", "a": "c"})", "a@2-3 ", true},
      {R"({"a": 1, ${{ rest }}})", "a@2-3 ", false},
      {R"({"a": 1 ${{ rest }}, "b": 2})", "a@2-3 b@22-23 ", false},
      {R"({"${{ k }}": 1, "b": 2})", "b@17-18 ", false},
      {R"({"a": 1} x)", "", false},
      {R"({a: 1})", "", false},
      {"[1]", "", false},
      {"${{ toJSON(x) }}", "", false},
      {R"({"a": 1)", "", false},
      {R"({"a)", "", false},
      {R"({"a": ]})", "", false},
  };
  for (const auto& row : rows) {
    const DispatchPayload payload = read_payload(row.json);
    std::string keys;
    for (const PayloadKey& key : payload.keys)
      keys += key.name + '@' + std::to_string(key.range.begin) + '-' + std::to_string(key.range.end) + ' ';
    EXPECT_EQ(keys, row.keys) << row.json;
    EXPECT_EQ(payload.complete, row.complete) << row.json;
    EXPECT_FALSE(payload.is_string);
  }
}

}  // namespace
}  // namespace trueup::formats
