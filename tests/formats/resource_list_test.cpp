#include "formats/resource_list.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace trueup::formats {
namespace {

using testing::ElementsAre;

std::vector<std::string> texts(const ResourceList& list) {
  std::vector<std::string> texts;
  for (const ResourceObject& object : list.items) texts.push_back(object.text);
  return texts;
}

TEST(ResourceList, ObjectsAreFoundInEveryEnvelope) {
  const struct {
    const char* what;
    std::string text;
    std::vector<std::string> items;
    bool is_list;
    std::string token;
  } cases[] = {
      {"a list", R"({"kind":"List","items":[{"a":1},{"b":"}]"}],"metadata":{"continue":"x\u0041"}})", {R"({"a":1})", R"({"b":"}]"})"}, true, "xA"},
      {"the last page", R"({"metadata":{"continue":""},"items":[{"a":{}}]})", {R"({"a":{}})"}, true, ""},
      {"nothing found, Kubernetes", R"({"items":[]})", {}, true, ""},
      {"nothing found, ArgoCD", R"({"metadata":{},"items":null})", {}, true, ""},
      {"a bare array", " [ {\"a\":1} , {\"b\":[{}]} ] ", {"{\"a\":1}", "{\"b\":[{}]}"}, true, ""},
      {"one object", R"({"kind":"Application","spec":{"items":[1]}})", {R"({"kind":"Application","spec":{"items":[1]}})"}, false, ""},
      {"objects after one another", "{\"a\":1}\n{\"items\":[{\"b\":2}]}", {"{\"a\":1}", "{\"b\":2}"}, true, ""},
      {"a byte order mark", "\xEF\xBB\xBF{\"a\":1}", {"{\"a\":1}"}, false, ""},
      {"escapes", R"({"items":[{"a":"\"}\\"}]})", {R"({"a":"\"}\\"})"}, true, ""},
      {"managed fields", R"({"items":[{"metadata":{"managedFields":[{"f:x":{}}],"name":"n"},"spec":{}}]})",
       {R"({"metadata":{"managedFields":[],"name":"n"},"spec":{}})"}, true, ""},
      {"managed fields of a value", R"([{"spec":{"metadata":{"managedFields":[1]}}}])", {R"({"spec":{"metadata":{"managedFields":[1]}}})"}, true, ""},
      {"items that are no list", R"({"items":{"a":1}})", {R"({"items":{"a":1}})"}, false, ""},
  };
  for (const auto& [what, text, items, is_list, token] : cases) {
    SCOPED_TRACE(what);
    const auto list = split_resources(text);
    ASSERT_TRUE(list) << list.error().message;
    EXPECT_EQ(texts(*list), items);
    EXPECT_EQ(list->is_list, is_list);
    EXPECT_EQ(list->continue_token, token);
  }
}

TEST(ResourceList, EveryBeginningOfAListIsMalformed) {
  const std::string whole = R"({"metadata":{"continue":"x"},"items":[{"a":"b\"c"},{"n":-1.5}]})";
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(split_json_resources(whole.substr(0, size))) << whole.substr(0, size);
  EXPECT_TRUE(split_json_resources(whole));
}

TEST(ResourceList, WhatIsNoObjectOfAnApiIsMalformed) {
  const struct {
    const char* text;
    const char* message;
  } cases[] = {{"<html>sign in</html>", "a web page"}, {"[1,2]", "no JSON with objects"}, {"{\"items\":[null]}", "no JSON with objects"},
               {"just text", "no objects"}, {"", "empty"}, {"{\"a\" 1}", "no JSON"}, {"{\"a\":}", "no JSON"}, {"a: [", ""}};
  for (const auto& [text, message] : cases) {
    const auto list = split_resources(text);
    ASSERT_FALSE(list) << text;
    EXPECT_THAT(list.error().message, testing::HasSubstr(message)) << text;
  }
}

TEST(ResourceList, YamlComesOutAsJson) {
  const auto list = split_resources(
      "apiVersion: v1\nkind: List\nitems:\n- kind: Application\n  metadata: {name: \"1\", managedFields: [{a: b}]}\n"
      "  spec:\n    n: 3\n    f: 1.50\n    t: yes\n    none:\n    text: |\n      a: \"b\"\n      c\n    o: 0123\n"
      "    same: &x {k: v}\n    again: *x\n---\nkind: AppProject\n---\n");
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_THAT(texts(*list),
              ElementsAre(R"({"kind":"Application","metadata":{"name":"1","managedFields":[]},"spec":{"n":3,"f":1.50,)"
                          R"("t":true,"none":null,"text":"a: \"b\"\u000ac\u000a","o":83,"same":{"k":"v"},"again":{"k":"v"}}})",
                          R"({"kind":"AppProject"})"));
  EXPECT_EQ(list->items[0].kind, "Application");
  EXPECT_EQ(list->items[1].kind, "AppProject");
}

TEST(ResourceList, AliasesThatMultiplyAreOverTheLimit) {
  std::string wide = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n", deep = "a0: &a0 [x]\n";
  for (int i = 1; i < 9; ++i) {
    wide += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) wide += (j == 0 ? "*a" : ", *a") + std::to_string(i - 1);
    wide += "]\n";
  }
  for (int i = 1; i < 20'000; ++i) deep += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  for (const std::string& text : {wide, deep}) {
    const auto list = split_resources(text);
    ASSERT_FALSE(list);
    EXPECT_EQ(list.error().fault, Fault::over_limit);
  }
}

}  // namespace
}  // namespace trueup::formats
