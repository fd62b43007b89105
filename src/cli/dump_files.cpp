#include "cli/dump_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace trueup::cli {

namespace fs = std::filesystem;

DumpFiles read_dump_files(const std::string& path, const std::string& label, std::initializer_list<std::string_view> extensions) {
  DumpFiles dump;
  std::vector<fs::path> files;
  std::error_code fault;
  if (fs::is_directory(path, fault)) {
    for (fs::recursive_directory_iterator entry(path, fault), end; !fault && entry != end; entry.increment(fault)) {
      const std::string extension = entry->path().extension().string();
      if (entry->is_regular_file(fault) && std::ranges::find(extensions, extension) != extensions.end()) files.push_back(entry->path());
    }
    std::sort(files.begin(), files.end());
    std::vector<std::string> wanted;
    for (const std::string_view extension : extensions) wanted.push_back("*" + std::string(extension));
    if (files.empty()) dump.problem = label + " holds no " + join(wanted, ", ");
  } else {
    files.push_back(path);
  }
  if (fault) dump.problem = label + " cannot be read";
  std::size_t bytes = 0;
  for (const fs::path& file : files) {
    std::ifstream stream(file, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    bytes += text.size();
    if (!stream && text.empty()) dump.problem = label + " cannot be read";
    if (bytes > limits::kMaxResourceListBytes) dump.problem = label + " holds more than 256 MiB";
    if (dump.problem) return dump;
    dump.texts.emplace_back(files.size() == 1 ? label : file.lexically_relative(path).string(), std::move(text));
  }
  return dump;
}

}  // namespace trueup::cli
