#pragma once

#include <string>
#include <string_view>

#include "formats/document.hpp"

namespace trueup::formats {

/// What a reader takes a scalar for. `integer` and `floating` are how it was written; Helm turns both into a float64.
enum class ScalarType : std::uint8_t { null, boolean, integer, floating, string };

/// As GitHub types a scalar of a workflow (YAML 1.2 core: only true/false in three spellings, `yes` and `on` are
/// strings, 0123 is 123, 0x and 0o numbers, null and ~). Anything but a plain scalar is a string. `tag` is Node::tag:
/// an explicit `!!str` makes a string.
ScalarType type_as_github(std::string_view text, ScalarStyle style, std::string_view tag = {});
/// What GitHub prints for it where a string is wanted: 3.10 -> "3.1", 0x1F -> "31", TRUE -> "true", ~ -> "".
std::string github_string(std::string_view text, ScalarStyle style, std::string_view tag = {});

/// As Helm types a scalar of a chart or of values: go-yaml v2's YAML 1.1 resolver behind sigs.k8s.io/yaml. `yes`, `on`
/// and `y` are booleans, 0123 is octal, 1_000 and 0b11 are numbers, a number that overflows and a timestamp are
/// strings.
ScalarType type_as_helm(std::string_view text, ScalarStyle style, std::string_view tag = {});
/// What a field of type string holds (version, appVersion, repository of Chart.yaml): 1.10 -> "1.1", 0123 -> "83",
/// 3.14159265358979 -> "3.1415927" (printed as a 32-bit float), yes -> "true", ~ -> "".
std::string helm_string(std::string_view text, ScalarStyle style, std::string_view tag = {});
/// What a template renders for `{{ .Values.x }}`: every number is a float64 and printed so by Go: 1234567 ->
/// "1.234567e+06", 0123 -> "83", 1e5 -> "100000"; null gives "" (Helm removes "<no value>"). 1e400 stays text.
std::string helm_rendered(std::string_view text, ScalarStyle style, std::string_view tag = {});

}  // namespace trueup::formats
