#include "cli/config_schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/config.hpp"
#include "golden.hpp"
#include "json_schema.hpp"

namespace trueup::cli {
namespace {

using Json = nlohmann::ordered_json;

/// What an editor can check of one kind of value.
Json schema_of(ConfigType type) {
  constexpr const char* kSlug = "^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$";
  const Json severities = {"error", "warning", "note", "none"};
  switch (type) {
    case ConfigType::mapping: return {{"type", {"object", "null"}}};
    case ConfigType::list: return {{"type", {"array", "null"}}};
    case ConfigType::version: return {{"const", 1}};
    case ConfigType::boolean: return {{"type", "boolean"}};
    case ConfigType::severity: return {{"enum", severities}};
    case ConfigType::forge_kind: return {{"enum", {"github", "gitlab"}}};
    case ConfigType::gate: return {{"enum", {"subject", "refs"}}};
    case ConfigType::date: return {{"type", "string"}, {"pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}};
    case ConfigType::slug: return {{"type", "string"}, {"pattern", kSlug}};
    case ConfigType::registry: return {{"type", "string"}, {"pattern", "^[^/@ ]+(/[a-z0-9._-]+)*$"}};
    case ConfigType::rule: return {{"enum", severities}};
    case ConfigType::texts: return {{"type", {"string", "array"}}};
    case ConfigType::text: return {{"type", {"string", "number", "boolean"}}};
    case ConfigType::ref_name:
    case ConfigType::ref_glob: return {{"type", {"string", "number"}}};
    case ConfigType::path:
    case ConfigType::url:
    case ConfigType::server_url:
    case ConfigType::path_glob: return {{"type", "string"}, {"minLength", 1}};
  }
  return {};
}

/// The schema of one key and of what lies below it, from the table.
Json schema_below(std::string_view path, ConfigType type, std::string_view title, ConfigType keys) {
  Json schema = schema_of(type);
  if (path.ends_with(']') && type == ConfigType::list) schema["type"] = "array";
  if (!title.empty()) schema["description"] = title;
  Json members = Json::object(), others = false, required = Json::array();
  for (const ConfigKey& key : config_keys()) {
    if (key.path == std::string(path) + "[]") schema["items"] = schema_below(key.path, key.type, key.title, key.keys);
    const std::string here = path.empty() ? "" : std::string(path) + '.';
    if (!key.path.starts_with(here) || key.path.find_first_of(".[", here.size()) != std::string_view::npos) continue;
    const std::string name(key.path.substr(here.size()));
    Json below = schema_below(key.path, key.type, key.title, key.keys);
    if (name == "*")
      others = std::move(below);
    else
      members[name] = std::move(below);
    if (key.required) required.push_back(name);
  }
  if (type != ConfigType::mapping && type != ConfigType::rule) return schema;
  Json object = {{"additionalProperties", others}};
  if (path.ends_with(']')) schema["type"] = "object";
  if (!required.empty()) object["required"] = required;
  if (type == ConfigType::rule) object["type"] = "object";
  if (!members.empty()) object["properties"] = members;
  if (keys == ConfigType::slug) object["propertyNames"] = {{"pattern", schema_of(keys)["pattern"]}};
  if (type == ConfigType::rule) return {{"description", title}, {"oneOf", {schema_of(ConfigType::severity), object}}};
  schema.update(object);
  return schema;
}

std::string config_schema() {
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                 {"title", "trueup.yaml"},
                 {"description", "Config of trueup. In an editor: # yaml-language-server: $schema=<this file>"}};
  const Json below = schema_below("", ConfigType::mapping, "", ConfigType::text);
  for (const auto& [key, value] : below.items()) schema[key] = value;
  schema["type"] = "object";
  schema["required"] = {"version"};
  return schema.dump(2) + '\n';
}

TEST(ConfigSchema, InTheRepositoryIsThatOfTheReader) {
  trueup::test::expect_golden("schema/trueup.schema.json", config_schema());
}

TEST(ConfigSchema, FitsWhatTheReaderReads) {
  const trueup::test::JsonSchema schema(nlohmann::json::parse(config_schema()));
  const auto right = nlohmann::json::parse(R"({"version": 1, "slug": "acme/app", "closed": true, "gate": "refs",
    "repositories": {"acme/deploy": {"branches": ["main"], "path": "../x"}, "acme/app": null}, "ignore": null,
    "registries": ["registry.example/charts"], "promises": {"chart": {"lockstep": [["a", "b"]], "owners": {"a": "acme/app"}}},
    "rules": {"C15": "none", "chart/x": {"severity": "note", "max_age": "14d", "most": 3}}, "kinds": {"a": "none"},
    "suppressions": [{"rule": "C01", "path": "charts/**", "key": {"name": "a"}, "reason": "x", "until": "2027-01-31", "owner": "@a"}]})");
  EXPECT_THAT(schema.problems(right), testing::IsEmpty());
  EXPECT_TRUE(parse_config("t", right.dump()).config);

  for (const char* wrong :
       {R"({})", R"({"version": 2})", R"({"version": 1, "x": 1})", R"({"version": 1, "closed": "yes"})",
        R"({"version": 1, "repositories": {"a/b": {"branch": []}}})", R"({"version": 1, "rules": {"x": "off"}})",
        R"({"version": 1, "suppressions": [{"rule": "C01"}]})", R"({"version": 1, "suppressions": [null]})",
        R"({"version": 1, "promises": {"chart": {"lockstep": ["a"]}}})",
        R"({"version": 1, "promises": {"chart": {"owners": ["a"]}}})"}) {
    EXPECT_FALSE(schema.problems(nlohmann::json::parse(wrong)).empty()) << wrong;
    EXPECT_FALSE(parse_config("t", wrong).config) << wrong;
  }
}

TEST(ConfigSchema, ExamplesAreRight) {
  for (const ConfigKey& key : config_keys()) {
    EXPECT_FALSE(key.title.empty()) << key.path;
    if (key.path.find_first_of(".[") != std::string_view::npos) continue;
    std::string text = key.path == "version" ? "" : "version: 1\n";
    text += std::string(key.path) + ": " + std::string(key.example);
    EXPECT_TRUE(parse_config("t", text).config) << text;
  }
}

TEST(ConfigSchema, MappingsStandBeforeTheirKeys) {
  for (const ConfigKey& key : config_keys()) {
    const std::size_t end = key.path.ends_with("[]") ? key.path.size() - 2 : key.path.rfind('.');
    const std::string_view parent = key.path.substr(0, end);
    if (parent == key.path) continue;
    const ConfigKey* above = find_config_key(parent);
    ASSERT_NE(above, nullptr) << key.path;
    EXPECT_LT(above, &key);
  }
}

}  // namespace
}  // namespace trueup::cli
