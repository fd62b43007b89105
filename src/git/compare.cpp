#include "git/compare.hpp"

#include <algorithm>

#include "git/libgit.hpp"

namespace trueup::git {
namespace {

constexpr std::size_t kMaxComparedBytes = 8u << 20;

/// Byte offsets of the lines of a text, as the comparison counts them: LF only.
std::vector<std::uint32_t> line_starts(std::string_view text) {
  std::vector<std::uint32_t> starts = {0};
  for (std::size_t found = text.find('\n'); found != std::string_view::npos; found = text.find('\n', found + 1))
    starts.push_back(static_cast<std::uint32_t>(found + 1));
  return starts;
}

/// The start of the line that holds `offset`.
std::size_t start_of_line(std::string_view text, std::size_t offset) {
  if (offset == 0) return 0;
  const std::size_t before = text.rfind('\n', offset - 1);
  return before == std::string_view::npos ? 0 : before + 1;
}

struct Hunks {
  const std::vector<std::uint32_t>& starts;  // of `after`
  std::uint32_t size = 0;
  std::vector<ByteRange> ranges = {};

  std::uint32_t offset(std::size_t line) const { return line < starts.size() ? starts[line] : size; }
};

int add_hunk(const git_diff_delta*, const git_diff_hunk* hunk, void* payload) {
  Hunks& hunks = *static_cast<Hunks*>(payload);
  // Lines count from 1; of a hunk without new lines new_start is the line before the gap.
  const auto start = static_cast<std::size_t>(hunk->new_start), lines = static_cast<std::size_t>(hunk->new_lines);
  const std::uint32_t begin = hunks.offset(lines == 0 ? start : start - 1);
  hunks.ranges.push_back({begin, lines == 0 ? begin : hunks.offset(start - 1 + lines)});
  return 0;
}

}  // namespace

std::vector<ByteRange> changed_ranges(std::string_view before, std::string_view after) {
  if (before == after) return {};
  // Whole lines at both ends that are the same need no comparison, which may cost more than their length.
  const auto differs = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
  const std::size_t common = start_of_line(after, static_cast<std::size_t>(differs.second - after.begin()));
  std::string_view old_part = before.substr(common), new_part = after.substr(common);
  const auto differs_back = std::mismatch(old_part.rbegin(), old_part.rend(), new_part.rbegin(), new_part.rend());
  auto tail = static_cast<std::size_t>(differs_back.second - new_part.rbegin());
  // Keep the rest of the line that differs last.
  const std::size_t line_end = new_part.find('\n', new_part.size() - tail);
  const bool at_line_start = tail == new_part.size() || new_part[new_part.size() - tail - 1] == '\n';
  const bool old_at_line_start = tail == old_part.size() || old_part[old_part.size() - tail - 1] == '\n';
  if (!(at_line_start && old_at_line_start))
    tail = line_end == std::string_view::npos ? 0 : new_part.size() - line_end - 1;
  old_part.remove_suffix(tail);
  new_part.remove_suffix(tail);

  const auto base = static_cast<std::uint32_t>(common), size = static_cast<std::uint32_t>(new_part.size());
  if (old_part.empty() || new_part.empty() || old_part.size() + new_part.size() > kMaxComparedBytes)
    return {{base, base + size}};

  start_libgit2();
  const std::vector<std::uint32_t> starts = line_starts(new_part);
  Hunks hunks{starts, size};
  git_diff_options options = GIT_DIFF_OPTIONS_INIT;
  options.context_lines = 0;
  options.interhunk_lines = 0;
  options.flags = GIT_DIFF_FORCE_TEXT;
  const int code = git_diff_buffers(old_part.data(), old_part.size(), nullptr, new_part.data(), new_part.size(),
                                    nullptr, &options, nullptr, nullptr, add_hunk, nullptr, &hunks);
  if (code < 0) return {{base, base + size}};
  for (ByteRange& range : hunks.ranges) range = {range.begin + base, range.end + base};
  return hunks.ranges;
}

std::vector<FileChange> changed_files(const FileSet& before, const FileSet& after) {
  const std::vector<Entry> old_files = before.entries(), new_files = after.entries();
  std::vector<FileChange> changes;
  auto old_file = old_files.begin();
  auto new_file = new_files.begin();
  while (old_file != old_files.end() || new_file != new_files.end()) {
    const int order = old_file == old_files.end()   ? 1
                      : new_file == new_files.end() ? -1
                                                    : old_file->path.compare(new_file->path);
    if (order < 0) {
      changes.push_back({std::string(old_file->path), *old_file, std::nullopt});
    } else if (order > 0) {
      changes.push_back({std::string(new_file->path), std::nullopt, *new_file});
    } else if (old_file->id != new_file->id || old_file->mode != new_file->mode) {
      changes.push_back({std::string(new_file->path), *old_file, *new_file});
    }
    if (order <= 0) ++old_file;
    if (order >= 0) ++new_file;
  }
  return changes;
}

}  // namespace trueup::git
