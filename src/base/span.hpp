#pragma once

#include <compare>
#include <cstdint>
#include <string_view>
#include <vector>

namespace trueup {

/// Half-open range of bytes, counted from 0. Empty ranges are insertion points.
struct ByteRange {
  std::uint32_t begin = 0, end = 0;

  std::uint32_t size() const { return end - begin; }
  bool empty() const { return begin == end; }
  bool contains(std::uint32_t offset) const { return begin <= offset && offset < end; }
  friend auto operator<=>(const ByteRange&, const ByteRange&) = default;
};

/// The bytes of `text` that `range` names; `range` must lie within `text`.
inline std::string_view slice(std::string_view text, ByteRange range) {
  return text.substr(range.begin, range.size());
}

/// Line and column of a byte, both from 1. The column counts bytes; reports that count otherwise convert at the very end.
struct LineColumn {
  std::uint32_t line = 1, column = 1;
  friend auto operator<=>(const LineColumn&, const LineColumn&) = default;
};

/// Where the lines of one text start. Only LF, CRLF and CR end a line, whatever a parser thinks of U+0085 or U+2028.
/// A byte order mark counts as 3 bytes of column. Built in one pass; a look-up is a binary search.
class LineIndex {
 public:
  explicit LineIndex(std::string_view text);

  /// The place of byte `offset`; one past the last byte is allowed.
  LineColumn locate(std::uint32_t offset) const;
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(starts_.size()); }
  /// The bytes of a line (from 1) without its line break. `text` must be the text of the constructor.
  std::string_view line(std::string_view text, std::uint32_t number) const;

 private:
  std::vector<std::uint32_t> starts_;
};

}  // namespace trueup
