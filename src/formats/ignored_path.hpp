#pragma once

#include <optional>
#include <string_view>

namespace trueup::formats {

/// Whether a path of ArgoCD's ignoreDifferences leaves out of the comparison what stands at a JSON pointer of the object.
///
/// `language` is json_pointer, jq or manager (who wrote a field is not known here). Of jq the beginning is read: fields, positions, `[]`, and
/// what follows behind a `|`; `.spec.sources[].helm | select(…)` can only leave out what stands below /spec/sources/*/helm. Nothing
/// where it cannot be told: below such a beginning, where none can be read, and where the path goes on below an empty value.
std::optional<bool> ignored_path(std::string_view language, std::string_view path, std::string_view pointer);

}  // namespace trueup::formats
