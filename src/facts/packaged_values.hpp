#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/chart_package.hpp"

namespace trueup::facts {

/// A row of oci_chart_known_value.
struct KnownValue {
  std::string pointer;    ///< among the values of the package; empty: all of them
  std::string_view kind;  ///< default | template | elsewhere
  std::string path;       ///< the file below the chart's folder
};

/// What a package that was read with its texts knows of its values. Dependencies are given what stands below their alias or name; the
/// templates of a library see the values of the chart that it is part of. Source: Helm's documentation on subcharts and global values,
/// and on library charts. Each place is told once for each kind.
std::vector<KnownValue> known_values(const formats::ChartPackage& package);

}  // namespace trueup::facts
