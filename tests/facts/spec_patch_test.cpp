#include "facts/spec_patch.hpp"

#include <random>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "facts/application_fields.hpp"
#include "formats/json.hpp"
#include "formats/yaml.hpp"

namespace trueup::facts {
namespace {

using Json = nlohmann::json;

std::string fields_of(const std::string& spec) {
  const formats::Document document = formats::parse_yaml(spec);
  EXPECT_FALSE(document.problem()) << spec;
  return to_json(application_fields(document, document.root()));
}

std::string patch_of(const std::string& live, const std::string& declared, const std::string& hidden = "[]", const std::string& kept = "[]") {
  return spec_patch(fields_of(live), fields_of(declared), hidden, kept).value_or("none");
}

TEST(SpecPatch, OperationsAreFewAndLeaveNothingBehind) {
  const struct {
    const char* what;
    const char* live;
    const char* declared;
    const char* patch;
  } cases[] = {
      {"no difference", "{project: a}", "{project: a}", "none"},
      {"a value", "{project: a}", "{project: b}", R"([{"op":"test","path":"/spec/project","value":"a"},{"op":"replace","path":"/spec/project","value":"b"}])"},
      {"a mapping that only the live one has", "{project: a, syncPolicy: {automated: {prune: true}}}", "{project: a}",
       R"([{"op":"test","path":"/spec/syncPolicy/automated/prune","value":true},{"op":"remove","path":"/spec/syncPolicy"}])"},
      {"automated stays on", "{syncPolicy: {automated: {prune: true}}}", "{syncPolicy: {automated: {}}}",
       R"([{"op":"test","path":"/spec/syncPolicy/automated/prune","value":true},{"op":"remove","path":"/spec/syncPolicy/automated/prune"}])"},
      {"a mapping that only the declared one has", "{project: a}", "{project: a, syncPolicy: {automated: {}}}", R"([{"op":"add","path":"/spec/syncPolicy","value":{"automated":{}}}])"},
      {"a list", "{x: [a]}", "{x: [a, b]}", R"([{"op":"test","path":"/spec/x/0","value":"a"},{"op":"replace","path":"/spec/x","value":["a","b"]}])"},
      {"an element by its name", "{x: [{name: a, value: '1'}, {name: b, value: '2'}]}", "{x: [{name: a, value: '1'}, {name: b, value: '3'}]}",
       R"([{"op":"test","path":"/spec/x/1/name","value":"b"},{"op":"test","path":"/spec/x/1/value","value":"2"},{"op":"replace","path":"/spec/x/1/value","value":"3"}])"},
      {"keys", "{source: {helm: {valuesObject: {a/b: {'0': x}}}}}", "{source: {helm: {valuesObject: {a/b: {'0': z}}}}}",
       R"([{"op":"test","path":"/spec/source/helm/valuesObject/a~1b/0","value":"x"},{"op":"replace","path":"/spec/source/helm/valuesObject/a~1b/0","value":"z"}])"},
      {"a key that is a number", "{}", "{source: {helm: {valuesObject: {a: {'0': z}, b: [z]}}}}", R"([{"op":"add","path":"/spec/source","value":{"helm":{"valuesObject":{"a":{"0":"z"},"b":["z"]}}}}])"},
      {"in-cluster", "{destination: {name: in-cluster}}", "{destination: {name: other}}", R"([{"op":"replace","path":"/spec/destination","value":{"name":"other"}}])"},
      {"a list with a gap", "{x: [a]}", "{x: ['', b]}", "none"},
      {"a mapping for a text", "{source: {helm: {valuesObject: {a: {b: 1}}}}}", "{source: {helm: {valuesObject: {a: x}}}}",
       R"([{"op":"test","path":"/spec/source/helm/valuesObject/a/b","value":1},{"op":"replace","path":"/spec/source/helm/valuesObject/a","value":"x"}])"},
  };
  for (const auto& [what, live, declared, patch] : cases) EXPECT_EQ(patch_of(live, declared), patch) << what;
}

TEST(SpecPatch, WhatIsHiddenIsNotWrittenAndWhatIsKeptNotChanged) {
  EXPECT_EQ(patch_of("{a: {key: x, other: 1}}", "{a: {key: y, other: 2}}", R"(["/a/key"])"),
            R"([{"op":"test","path":"/spec/a/other","value":1},{"op":"replace","path":"/spec/a/other","value":2}])");
  EXPECT_EQ(patch_of("{a: {key: x}}", "{}", R"(["/a/key"])"), R"([{"op":"remove","path":"/spec/a"}])");
  EXPECT_EQ(patch_of("{}", "{a: {key: x, other: 1}}", R"(["/a/key"])"), "none");
  EXPECT_EQ(patch_of("{a: [x]}", "{a: [y, z]}", R"(["/a/1"])"), "none");
  EXPECT_EQ(patch_of("{a: x, b: 1}", "{a: y, b: 2}", "[]", R"(["/a"])"),
            R"([{"op":"test","path":"/spec/b","value":1},{"op":"replace","path":"/spec/b","value":2}])");
  EXPECT_EQ(patch_of("{helm: {parameters: [{name: a, value: b}]}}", "{}", "[]", R"(["/helm/parameters/0/name","/helm/parameters/0/value"])"), "none");
  EXPECT_EQ(patch_of("{a: [x, y]}", "{a: [z]}", "[]", R"(["/a/1"])"), "none");
}

TEST(SpecPatch, TextsOfOtherFormsGiveNone) {
  for (const char* text : {"", "[]", "{\"a\":1}", "{\"/a\":{\"b\":1},\"/a/x\":2}", "{\"/a\":[],\"/a/x\":2}", "{\"/a/1\":2}", "nonsense"})
    EXPECT_EQ(spec_patch(text, R"({"/a/7":1})", "[]", "[]").value_or("none"), "none") << text;
  EXPECT_FALSE(spec_patch("{}", R"({"/a":1})", "{}", "[]"));
  EXPECT_FALSE(spec_patch("{\"" + std::string(2000, '/') + "\":1}", R"({"/a":1})", "[]", "[]"));
}

/// Some mapping; words repeat, so that two have much in common.
Json some_value(std::mt19937& random, int depth) {
  const auto pick = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
  if (depth == 0 || pick(3) == 0) {
    const Json scalars[] = {"a", "b", 1, true, 2.5, "1"};
    return scalars[pick(6)];
  }
  Json value = pick(3) == 0 ? Json::array() : Json::object();
  for (int i = pick(4); i > 0; --i) {
    if (value.is_array()) value.push_back(some_value(random, depth - 1));
    else value[std::vector<std::string>{"x", "y", "0", "name", "a/b"}[static_cast<std::size_t>(pick(5))]] = some_value(random, depth - 1);
  }
  return value;
}

TEST(SpecPatch, AppliedItGivesTheFieldsThatAreDeclared) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  int made = 0;
  for (int i = 0; i < 2000; ++i) {
    const Json live = {{"source", {{"helm", {{"valuesObject", {{"v", some_value(random, 4)}}}}}}}, {"syncPolicy", {{"automated", Json::object()}}}},
               declared = {{"source", {{"helm", {{"valuesObject", {{"v", some_value(random, 4)}}}}}}}};
    const auto patch = spec_patch(fields_of(live.dump()), fields_of(declared.dump()), "[]", "[]");
    ASSERT_TRUE(patch) << live << declared;
    const Json after = Json{{"spec", live}}.patch(Json::parse(*patch))["spec"];
    EXPECT_EQ(after, declared) << *patch;
    ++made;
  }
  EXPECT_EQ(made, 2000);
}

}  // namespace
}  // namespace trueup::facts
