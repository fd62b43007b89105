// The layers of src/: a folder may include those above it in this list and nothing else, and a library only where it belongs.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const std::map<std::string, std::set<std::string>> kMayInclude = {
    {"base", {}},
    {"formats", {"base"}},
    {"git", {"base", "formats"}},
    {"live", {"base", "formats"}},
    {"facts", {"base", "formats"}},
    {"fixes", {"base", "formats"}},
    {"rules", {"base", "formats", "facts", "fixes"}},
    {"audit", {"base", "formats", "rules"}},
    {"engine", {"base", "formats", "facts", "rules", "fixes", "audit", "git", "live"}},
    {"report", {"base", "formats", "rules", "audit", "engine"}},
    {"cli", {"base", "formats", "facts", "rules", "audit", "git", "live", "engine", "report"}}};

/// Header of a library -> folders whose sources may include it.
const std::vector<std::pair<std::string, std::set<std::string>>> kLibraries = {
    {"git2", {"git"}},      {"curl/", {"live"}},     {"sqlite3.h", {"facts", "rules", "audit"}}, {"CLI/", {"cli"}},
    {"yaml.h", {"formats"}}, {"openssl/", {"base"}}, {"yaml-cpp/", {}}};

struct Include {
  std::string file, folder, target;
  bool system = false;
};

std::vector<Include> includes() {
  std::vector<Include> found;
  const fs::path root = fs::path(TRUEUP_SOURCE_DIR) / "src";
  const std::regex line_pattern(R"re(^\s*#\s*include\s*([<"])([^>"]+)[>"])re");
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".cpp" && extension != ".hpp") continue;
    const fs::path relative = entry.path().lexically_relative(root);
    std::ifstream file(entry.path());
    std::smatch match;
    for (std::string line; std::getline(file, line);)
      if (std::regex_search(line, match, line_pattern))
        found.push_back({relative.string(), relative.begin()->string(), match[2], match[1] == "<"});
  }
  return found;
}

TEST(Layers, IncludeOnlyThoseAboveThem) {
  for (const Include& include : includes()) {
    const auto allowed = kMayInclude.find(include.folder);
    if (include.system || allowed == kMayInclude.end()) continue;  // main.cpp
    const std::string target = include.target.substr(0, include.target.find('/'));
    EXPECT_TRUE(target == include.folder || allowed->second.contains(target))
        << "src/" << include.file << " includes " << include.target;
  }
}

TEST(Layers, KeepEachLibraryInItsFolder) {
  for (const Include& include : includes()) {
    for (const auto& [library, folders] : kLibraries) {
      if (!include.system || !include.target.starts_with(library)) continue;
      EXPECT_TRUE(folders.contains(include.folder)) << "src/" << include.file << " includes <" << include.target << ">";
    }
    if (include.target == "CLI/CLI.hpp") {
      EXPECT_EQ(include.file, "cli/arguments.cpp");
    }
    if (include.target == "nlohmann/json.hpp") {
      EXPECT_TRUE(include.file.ends_with(".cpp")) << include.file;
    }
  }
}

}  // namespace
