#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace trueup::formats {

/// One entry of `dependencies:` in Chart.yaml, requirements.yaml or a lock file, as Helm holds it after it typed the YAML:
/// an unquoted version 1.10 is "1.1", what is missing is empty.
struct ChartDependency {
  std::string name = {}, version = {}, repository = {}, condition = {}, alias = {};
  std::vector<std::string> tags = {};
  bool enabled = false;
  /// Each item as JSON, written by canonical_json() or canonical_json_string().
  std::vector<std::string> import_values = {};
};

/// What Helm's digest covers in place of a list that is not there at all. A list that is there and empty is "[]".
inline constexpr std::string_view kMissingDependencies = "null";

/// The entry as Helm has it after loading the chart: in name, version, repository, condition and tags every Unicode space
/// becomes U+0020 and characters that do not print are dropped. It does this to the chart's own dependencies and not to the
/// lock file's.
ChartDependency sanitised(ChartDependency dependency);

/// The list as Helm writes it into the digest: compact JSON, keys in the order name, version, repository, condition, tags,
/// enabled, import-values, alias, without those that are empty or false; name and repository always stand.
std::string canonical_dependencies(std::span<const ChartDependency> dependencies);

/// A JSON string literal as Go writes it: `<`, `>`, `&`, U+2028 and U+2029 as \uXXXX, control characters as \b \f \n \r \t or
/// \u00xx, all else raw; bytes that are not UTF-8 become \ufffd.
std::string canonical_json_string(std::string_view text);
/// A JSON text as Go writes it after reading it untyped: map keys sorted by bytes (the last of equals holds), numbers as
/// 64-bit floats, strings as above. Errors: Fault::malformed, also for a number that no float holds; Fault::over_limit for
/// nesting over limits::kMaxDepth.
Result<std::string> canonical_json(std::string_view json);

/// Helm 3's digest of a lock file: "sha256:" and 64 hex digits over `[REQUIREMENTS,LOCK]`, both from
/// canonical_dependencies() or kMissingDependencies. Requirements are sanitised() and have their repository aliases (`@name`)
/// resolved; lock entries are as read. Source: observed with Helm 3.22.
std::string lock_digest(std::string_view requirements_json, std::string_view lock_json);
/// Helm 2's digest, over `{"dependencies":REQUIREMENTS}`, which Helm 3 also accepts for a requirements.lock (apiVersion v1).
std::string helm2_digest(std::string_view requirements_json);

}  // namespace trueup::formats
