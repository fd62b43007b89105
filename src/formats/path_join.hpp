#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trueup::formats {

/// "charts/atlas/Chart.yaml" -> "charts/atlas"; "Chart.yaml" -> "".
std::string_view folder_of(std::string_view path);

/// `relative` as seen from the folder `base` ("" is the root), without "." and ".." parts and double slashes. Nothing where
/// it climbs out of the root or is absolute.
std::optional<std::string> join_path(std::string_view base, std::string_view relative);

}  // namespace trueup::formats
