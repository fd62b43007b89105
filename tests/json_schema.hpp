#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace trueup::test {

/// Holds a value against the part of JSON Schema that the project's schemas and SARIF's use: type, const, enum, minimum, maximum,
/// required, properties, additionalProperties, items, minItems, uniqueItems, oneOf, anyOf, and $ref to #/$defs or
/// #/definitions. Patterns are left to others.
class JsonSchema {
 public:
  explicit JsonSchema(nlohmann::json schema) : schema_(std::move(schema)) {}

  /// What does not fit: pointer and reason.
  std::vector<std::string> problems(const nlohmann::json& value) const {
    std::vector<std::string> found;
    check(value, schema_, "", found);
    return found;
  }

 private:
  using Json = nlohmann::json;

  static bool has_type(const Json& value, const std::string& type) {
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "array") return value.is_array();
    if (type == "object") return value.is_object();
    return type == "null" && value.is_null();
  }

  void check(const Json& value, const Json& schema, const std::string& at, std::vector<std::string>& found) const {
    if (schema.is_boolean()) {
      if (!schema.get<bool>()) found.push_back(at + ": not allowed");
      return;
    }
    if (schema.contains("$ref")) {
      const std::string pointer = schema["$ref"].get<std::string>().substr(1);
      return check(value, schema_.at(Json::json_pointer(pointer)), at, found);
    }
    for (const std::string of : {"oneOf", "anyOf"}) {
      if (!schema.contains(of)) continue;
      int fitting = 0;
      for (const Json& each : schema[of]) {
        std::vector<std::string> misfits;
        check(value, each, at, misfits);
        fitting += misfits.empty() ? 1 : 0;
      }
      if (fitting == 0 || (of == "oneOf" && fitting > 1))
        found.push_back(at + ": fits " + std::to_string(fitting) + " of " + of);
    }
    if (schema.contains("const") && value != schema["const"])
      found.push_back(at + ": is not " + schema["const"].dump());
    const Json allowed = schema.value("enum", Json::array({value}));
    if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
      found.push_back(at + ": is none of " + allowed.dump());
    if (schema.contains("minimum") && value.is_number() && value < schema["minimum"])
      found.push_back(at + ": too small");
    if (schema.contains("maximum") && value.is_number() && value > schema["maximum"])
      found.push_back(at + ": too large");
    if (value.is_array() && value.size() < schema.value("minItems", std::size_t{0}))
      found.push_back(at + ": too few");
    if (value.is_array() && schema.value("uniqueItems", false) && std::set<Json>(value.begin(), value.end()).size() < value.size())
      found.push_back(at + ": holds equals");
    if (schema.contains("type")) {
      const Json types = schema["type"].is_array() ? schema["type"] : Json::array({schema["type"]});
      bool fits = false;
      for (const Json& type : types) fits = fits || has_type(value, type.get<std::string>());
      if (!fits) return found.push_back(at + ": is no " + schema["type"].dump());
    }
    if (value.is_array() && schema.contains("items"))
      for (std::size_t i = 0; i < value.size(); ++i)
        check(value[i], schema["items"], at + '/' + std::to_string(i), found);
    if (value.is_object()) check_members(value, schema, at, found);
  }

  void check_members(const Json& value, const Json& schema, const std::string& at,
                     std::vector<std::string>& found) const {
    for (const auto& name : schema.value("required", std::vector<std::string>()))
      if (!value.contains(name)) found.push_back(at + '/' + name + ": is missing");
    const Json properties = schema.value("properties", Json::object());
    for (const auto& [name, member] : value.items()) {
      if (properties.contains(name))
        check(member, properties[name], at + '/' + name, found);
      else if (schema.contains("additionalProperties"))
        check(member, schema["additionalProperties"], at + '/' + name, found);
    }
  }

  Json schema_;
};

}  // namespace trueup::test
