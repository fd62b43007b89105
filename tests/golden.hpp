#pragma once

#include <gtest/gtest.h>

#include <algorithm>
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
  const std::string expected = read_text(path);
  if (expected == text) return;
  std::size_t same = 0, line = 1;  // the first line that differs says more than both texts
  while (same < expected.size() && same < text.size() && expected[same] == text[same]) line += expected[same++] == '\n';
  const auto line_at = [same](std::string_view whole) {
    const std::size_t begin = same == 0 ? 0 : whole.rfind('\n', same - 1) + 1;
    return whole.substr(begin, std::min<std::size_t>(whole.find('\n', same) - begin, 1000));
  };
  ADD_FAILURE() << file << ':' << line << " differs; TRUEUP_UPDATE_GOLDENS=1 rewrites it\n"
                << "  expected: " << line_at(expected) << "\n  written:  " << line_at(text);
}

}  // namespace trueup::test
