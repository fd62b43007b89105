#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trueup::cli {

struct DumpFiles {
  std::vector<std::pair<std::string, std::string>> texts;  ///< (file name, bytes), sorted; of one file its label
  std::optional<std::string> problem;                      ///< why it could not be read
};

/// A dump: a file, or what a folder and those below it hold of files with these extensions. `label` is for people. At most
/// limits::kMaxResourceListBytes.
DumpFiles read_dump_files(const std::string& path, const std::string& label, std::initializer_list<std::string_view> extensions);

}  // namespace trueup::cli
