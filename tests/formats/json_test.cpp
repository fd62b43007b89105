#include "formats/json.hpp"

#include <chrono>
#include <ostream>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "formats/document_check.hpp"

namespace trueup::formats {
namespace {

using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(Json, NodesHaveExactSpansAndValues) {
  const std::string source =
      "\xEF\xBB\xBF {\"a\": [1, -2.5e+3 ,true,\tfalse, null],\r\n"
      " \"\\u006by\" : \"x\\n\\\"\\u00e9\\ud83d\\ude00/\\/\", \"é\":{}, \"\":\"\"}\n";
  const Document document = parse_json(source);
  ASSERT_FALSE(document.problem()) << document.problem()->message;
  EXPECT_THAT(leaves(document),
              ElementsAre("6:a", "11:1", "14:-2.5e+3", "23:true", "29:false", "36:null", "46:\\u006by",
                          "58:x\\n\\\"\\u00e9\\ud83d\\ude00/\\/", "88:é", "97:", "100:"));
  EXPECT_THAT(values(document),
              ElementsAre("a", "1", "-2.5e+3", "true", "false", "null", "ky", "x\n\"é😀//", "é", "", ""));
  EXPECT_THAT(collections(document),
              ElementsAre(testing::StartsWith("4:{\"a\""), "10:[1, -2.5e+3 ,true,\tfalse, null]", "92:{}"));
  EXPECT_THAT(collections(document)[0], testing::EndsWith("\"\"}"));
  EXPECT_EQ(document[document.child(document.root(), "ky")].style, ScalarStyle::double_quoted);
  EXPECT_EQ(document[document.children(document.child(document.root(), "a"))[0]].style, ScalarStyle::plain);
  expect_well_formed(document);
}

TEST(Json, OneScalarIsADocument) {
  EXPECT_EQ(parse_json(" 12 ")[0].span, (ByteRange{1, 3}));
  EXPECT_EQ(parse_json("\"a\"")[0].span, (ByteRange{1, 2}));
  EXPECT_EQ(parse_json("null")[0].value, "null");
}

TEST(Json, OffsetsLeadThroughEscapes) {
  const std::string source = R"({"a": "x\n\u00e9\ud83d\ude00z\/"})";
  const Document document = parse_json(source);
  const NodeIndex scalar = document.child(document.root(), "a");
  ASSERT_EQ(document[scalar].value, "x\né😀z/");
  std::vector<std::uint32_t> places;
  for (std::uint32_t i = 0; i <= document[scalar].value.size(); ++i)
    places.push_back(document.source_offset(scalar, i));
  EXPECT_THAT(places, ElementsAre(7, 8, 10, 10, 16, 16, 16, 16, 28, 29, 31));
  EXPECT_EQ(document.source_range(scalar, {2, 4}), (ByteRange{10, 16}));
  EXPECT_EQ(document.source_range(scalar, {4, 9}), (ByteRange{16, 29}));
  EXPECT_EQ(document.source_range(scalar, {8, 8}), (ByteRange{28, 28}));
}

TEST(Json, DuplicateKeysAreRecorded) {
  const Document document = parse_json(R"({"a": 1, "b": {"a": 2}, "\u0061": 3})");
  ASSERT_EQ(document.duplicate_keys().size(), 1u);
  EXPECT_EQ(document[document.duplicate_keys()[0].first].span, (ByteRange{2, 3}));
  EXPECT_EQ(document[document.duplicate_keys()[0].second].span, (ByteRange{25, 31}));
  EXPECT_EQ(document.text(document.child(document.root(), "a")), "3");
}

struct JsonProblemCase {
  const char* name;
  std::string source;
  ByteRange at;
  const char* message;
};

void PrintTo(const JsonProblemCase& test, std::ostream* out) { *out << printable(test.source); }

class JsonProblems : public testing::TestWithParam<JsonProblemCase> {};

TEST_P(JsonProblems, AreMalformedWithAPlace) {
  const JsonProblemCase& test = GetParam();
  const Document document = parse_json(test.source);
  ASSERT_TRUE(document.problem());
  EXPECT_EQ(document.problem()->fault, Fault::malformed);
  EXPECT_EQ(document.problem()->at, test.at) << document.problem()->message;
  EXPECT_THAT(document.problem()->message, HasSubstr(test.message));
  EXPECT_THAT(document.problem()->message, Not(AnyOf(HasSubstr("line "), HasSubstr("json.exception"))));
  expect_well_formed(document);
}

INSTANTIATE_TEST_SUITE_P(
    All, JsonProblems,
    testing::Values(JsonProblemCase{"empty", "", {0, 0}, "unexpected end of input"},
                    JsonProblemCase{"cut_off", "{\"a\": [1", {8, 8}, "unexpected end of input"},
                    JsonProblemCase{"wrong_bracket", "{\"a\": [1}", {8, 9}, "unexpected '}'"},
                    JsonProblemCase{"missing_comma", "{\"a\": 1 \"bcd\": 2}", {8, 13}, "unexpected string literal"},
                    JsonProblemCase{"trailing_comma", "[1, ]", {4, 5}, "unexpected ']'"},
                    JsonProblemCase{"text_behind", "{} x", {3, 4}, "invalid literal"},
                    JsonProblemCase{"second_value", "[] 123", {3, 6}, "unexpected number literal"},
                    JsonProblemCase{"comment", "{ // x\n}", {2, 3}, "invalid literal"},
                    JsonProblemCase{"bare_word", "{\"a\": yes}", {6, 7}, "invalid literal"},
                    JsonProblemCase{"leading_zero", "[0123]", {2, 5}, "unexpected number literal"},
                    JsonProblemCase{"line_break_in_a_string", "[\"a\nb\"]", {3, 4}, "control character"},
                    JsonProblemCase{"lone_surrogate", "[\"\\ud83d\"]", {8, 9}, "surrogate"},
                    JsonProblemCase{"bad_escape", "[\"\\x41\"]", {3, 4}, "forbidden character after backslash"},
                    JsonProblemCase{"invalid_utf_8", "[\"caf\xE9\"]", {6, 7}, "UTF-8"},
                    JsonProblemCase{"nul", std::string("[1\0]", 4), {2, 3}, "NUL"},
                    JsonProblemCase{"nul_behind_the_text", std::string("[1]\0 [", 6), {3, 4}, "NUL"},
                    JsonProblemCase{"utf_16", std::string("\xFF\xFE[\0]\0", 6), {3, 4}, "NUL"}),
    [](const auto& test) { return test.param.name; });

/// The tree as nlohmann builds it, from our nodes.
nlohmann::json rebuilt(const Document& document, NodeIndex index) {
  const Node& node = document[index];
  const std::string value(node.value);
  if (node.kind == NodeKind::scalar)
    return node.style == ScalarStyle::plain ? nlohmann::json::parse(value) : nlohmann::json(value);
  nlohmann::json all = node.kind == NodeKind::mapping ? nlohmann::json::object() : nlohmann::json::array();
  for (const NodeIndex child : document.children(index)) {
    if (node.kind == NodeKind::sequence) all.push_back(rebuilt(document, child));
    else all[std::string(*document.text(document[child].key))] = rebuilt(document, child);
  }
  return all;
}

TEST(Json, MutatedTextsAgreeWithNlohmannsOwnReading) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const auto below = [&](std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
  };
  const std::string samples[] = {R"({"a": [1, -2.5e3, true, null, {"b": "x\n\u00e9"}], "c": {}, "d": [[], [""]]})",
                                 "[\r\n\t\"\\ud83d\\ude00\", \"\\\\\\\"\" , 0 ,\n{\"k\":\"v\",\"k\":[\"w\"]} ]"};
  static constexpr std::string_view kTelling = "\"\\{}[],: 01e-tfn\n";
  const auto stop = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  for (int round = 0; round < 20'000 && std::chrono::steady_clock::now() < stop; ++round) {
    std::string source = samples[below(std::size(samples))];
    for (std::size_t i = below(3); i > 0; --i) {
      const std::size_t at = below(source.size() + 1);
      switch (below(4)) {
        case 0: source.resize(at); break;
        case 1: source.insert(at, 1, kTelling[below(kTelling.size())]); break;
        case 2: source.erase(at, 1 + below(3)); break;
        default:
          if (at < source.size()) source[at] = static_cast<char>(below(256));
      }
    }
    SCOPED_TRACE("round " + std::to_string(round) + ": " + printable(source));
    const Document document = parse_json(source);
    expect_well_formed(document);
    if (testing::Test::HasFatalFailure()) return;
    const nlohmann::json other = nlohmann::json::parse(source, nullptr, false);
    const bool has_nul = source.find('\0') != std::string::npos;  // which nlohmann takes for the end
    ASSERT_EQ(document.problem().has_value(), other.is_discarded() || has_nul);
    if (!document.problem()) {
      ASSERT_EQ(rebuilt(document, document.root()), other);
    }
  }
}

}  // namespace
}  // namespace trueup::formats
