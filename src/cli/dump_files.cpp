#include "cli/dump_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace trueup::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kPieceBytes = 1u << 20;

}  // namespace

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
    std::string text;
    // Pipes tell no size: whole pieces are read of everything, the first as large as a file says that it is.
    std::error_code no_size;
    const auto said = fs::is_regular_file(file, no_size) ? fs::file_size(file, no_size) : 0;
    const std::size_t first = no_size ? kPieceBytes : std::clamp<std::size_t>(said + 1, kPieceBytes, limits::kMaxResourceListBytes + 1);
    for (std::size_t read = 1; stream && read > 0 && bytes + text.size() <= limits::kMaxResourceListBytes;) {
      const std::size_t before = text.size();
      text.resize(std::max<std::size_t>(before * 2, first));
      stream.read(text.data() + before, static_cast<std::streamsize>(text.size() - before));
      read = static_cast<std::size_t>(stream.gcount());
      text.resize(before + read);
    }
    bytes += text.size();
    if (!stream.is_open() || (stream.bad() && text.empty())) dump.problem = label + " cannot be read";
    if (bytes > limits::kMaxResourceListBytes) dump.problem = label + " holds more than 256 MiB";
    if (dump.problem) return dump;
    dump.texts.emplace_back(file == fs::path(path) ? label : file.lexically_relative(path).string(), std::move(text));
  }
  return dump;
}

}  // namespace trueup::cli
