// go.mod: the path that a module is called by, which from version 2 on ends in its major version.

#include <charconv>

#include "base/text.hpp"
#include "facts/extract/kinds.hpp"

namespace trueup::facts {
namespace {

/// 7 of "example.com/x/v7"; gopkg.in writes it "/x.v7", which is left alone.
std::optional<std::int64_t> major_of(std::string_view path) {
  const std::string_view last = path.substr(path.rfind('/') + 1);
  if (last.size() < 2 || last.size() > 6 || last.front() != 'v' || last[1] == '0') return std::nullopt;
  std::int64_t major = 0;
  const auto [stop, error] = std::from_chars(last.data() + 1, last.data() + last.size(), major);
  if (error != std::errc{} || stop != last.data() + last.size()) return std::nullopt;
  return major;
}

}  // namespace

void extract_go_module(BlobRows& rows) {
  const std::string_view source = rows.source();
  for (std::size_t at = 0; at < source.size();) {
    const std::size_t end = std::min(source.find('\n', at), source.size());
    std::string_view line = source.substr(at, end - at);
    at = end + 1;
    line = trim(line.substr(0, line.find("//")));
    constexpr std::string_view kModule = "module";
    if (!line.starts_with(kModule) || line.size() == kModule.size() || (line[kModule.size()] != ' ' && line[kModule.size()] != '\t')) continue;
    std::string_view path = trim(line.substr(kModule.size()));
    if (path.size() > 1 && (path.front() == '"' || path.front() == '`') && path.back() == path.front()) path = path.substr(1, path.size() - 2);
    if (path.empty() || path == "(") return;
    const auto begin = static_cast<std::uint32_t>(path.data() - source.data());
    rows.add(GoModuleRow{rows.span({begin, begin + static_cast<std::uint32_t>(path.size())}), std::string(path), major_of(path)});
    return;
  }
}

}  // namespace trueup::facts
