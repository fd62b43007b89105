#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace trueup::test {

inline std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Expects `text` to be the bytes of a file of the project, named from its root. With TRUEUP_UPDATE_GOLDENS=1 in the
/// environment the file is written instead, to be reviewed as a diff.
inline void expect_golden(const std::string& file, std::string_view text) {
  const std::filesystem::path path = std::filesystem::path(TRUEUP_SOURCE_DIR) / file;
  if (const char* update = std::getenv("TRUEUP_UPDATE_GOLDENS"); update != nullptr && std::string_view(update) == "1") {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  EXPECT_EQ(read_text(path), text) << file << " differs; TRUEUP_UPDATE_GOLDENS=1 rewrites it";
}

}  // namespace trueup::test
