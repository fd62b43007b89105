// .gitignore: what git leaves out of a repository unless it is told otherwise.

#include "base/text.hpp"
#include "facts/extract/document_rows.hpp"
#include "facts/extract/kinds.hpp"

namespace trueup::facts {
namespace {

constexpr std::int64_t kMaxPatterns = 10'000;

/// As a glob of trueup.yaml, where braces mean something.
std::string glob_of(std::string_view pattern) {
  while (pattern.ends_with('/')) pattern.remove_suffix(1);
  std::string glob = pattern.find('/') == pattern.npos ? "**/" : "";
  if (pattern.starts_with('/')) pattern.remove_prefix(1);
  for (const char c : pattern) {
    if (c == '{' || c == '}') (glob += '[') += c;
    else glob += c;
    if (c == '{' || c == '}') glob += ']';
  }
  return glob;
}

}  // namespace

void extract_gitignore(BlobRows& rows) {
  if (!rows.wants(Table::gitignore_pattern)) return;
  std::int64_t position = 0;
  std::uint32_t at = 0;
  for (std::string_view line : split(rows.source(), '\n')) {
    const std::uint32_t begin = at;
    at += static_cast<std::uint32_t>(line.size()) + 1;
    while (!line.empty() && (line.back() == '\r' || line.back() == '\t' || (line.back() == ' ' && !line.ends_with("\\ ")))) line.remove_suffix(1);
    const ByteRange range{begin, begin + static_cast<std::uint32_t>(line.size())};
    if (line.starts_with('#')) continue;
    GitignorePatternRow row;
    row.negated = line.starts_with('!');
    if (row.negated) line.remove_prefix(1);
    if (line.starts_with("\\!") || line.starts_with("\\#")) line.remove_prefix(1);
    if (line.find_first_not_of('/') == line.npos) continue;
    if (position == kMaxPatterns) return give_up(rows, range, "it holds more than 10,000 patterns");
    row.span = rows.span(range);
    row.position = position++;
    row.glob = glob_of(line);
    rows.add(std::move(row));
  }
}

}  // namespace trueup::facts
