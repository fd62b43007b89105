#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.hpp"
#include "base/result.hpp"

namespace trueup::formats {

/// A file of a chart's package.
struct PackagedFile {
  std::string path;        ///< below the chart's folder: charts/redis/Chart.yaml; of what lies outside of it, as it stands there
  std::size_t bytes = 0;   ///< unpacked
  bool is_link = false;    ///< symbolic or hard, which Helm does not unpack
  bool outside = false;    ///< not below the one folder that the package begins with, or an absolute path, or one with ..
};

/// What a chart's package holds: a gzipped tar archive with one folder, that of the chart.
struct ChartPackage {
  std::string folder;                ///< the first part of all paths
  std::vector<PackagedFile> files;   ///< in the archive's order; folders are left out
  std::string chart_yaml, values_yaml;  ///< empty where there is none
  /// By path: what of the chart and of those that lie in it as folders says what they read of their values (Chart.yaml, values.yaml,
  /// templates/), and the packages in charts/. Empty unless wanted.
  std::map<std::string, std::string> texts;
  bool texts_whole = true;              ///< false: kMaxChartTexts, or a limit of a file, ended their keeping
  std::size_t unpacked_bytes = 0;    ///< of all files, or of those before the limit
  bool whole = true;                 ///< false: a limit of limits.hpp ended the reading, and there is more than what is told
};

/// Bytes of all texts of a package.
inline constexpr std::size_t kMaxChartTexts = std::size_t{32} << 20;

/// Reads a package without writing anything. Not more than `max_bytes` are unpacked and limits::kMaxChartFiles listed; what
/// is larger than that is not `whole`. Source: Helm's documentation on the chart file structure; POSIX.1-2001 pax and ustar headers, and
/// GNU's long names. Errors: Fault::malformed, for what is no gzip or no tar, or is cut short.
Result<ChartPackage> read_chart_package(std::string_view bytes, bool with_texts = false, std::size_t max_bytes = limits::kMaxChartBytes);

/// A package with these files, in this order, below a folder: what read_chart_package reads. Paths of up to 155 and 100 bytes around a
/// slash, as ustar has them.
std::string pack_chart(std::string_view folder, std::span<const std::pair<std::string, std::string>> files);

}  // namespace trueup::formats
