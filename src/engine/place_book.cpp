#include "engine/place_book.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace trueup::engine {
namespace {

/// What a report may need of a long line (minified JSON, a pipeline in one line).
constexpr std::uint32_t kLineBytes = 400;
constexpr std::uint32_t kLineBefore = 120;
/// How far into a line columns are counted: a finding costs no more in a file that is one line.
constexpr std::uint32_t kCountedBytes = 65536;
/// Of files that are in memory together.
constexpr std::size_t kKeptBytes = 16u << 20;

}  // namespace

void describe_text(rules::FilePlace& place, std::string_view text, const LineIndex& lines) {
  place.begin = lines.locate(place.bytes.begin);
  place.end = lines.locate(place.bytes.end);
  std::string_view line = lines.line(text, place.begin.line);
  const std::uint32_t column = place.begin.column - 1;
  if (column <= kCountedBytes && place.end.column - 1 <= kCountedBytes) {
    const TextLength before = text_length(text.substr(place.bytes.begin - column, column));
    const std::uint32_t end_column = place.end.column - 1;
    const TextLength end = text_length(text.substr(place.bytes.end - end_column, end_column));
    const auto columns = [](std::size_t begin, std::size_t until) {
      return rules::Columns{static_cast<std::uint32_t>(begin + 1), static_cast<std::uint32_t>(until + 1)};
    };
    place.in_characters = columns(before.characters, end.characters);
    place.in_utf16 = columns(before.utf16_units, end.utf16_units);
  }
  if (line.size() > kLineBytes) {
    place.line_text_from = column > kLineBefore ? std::min(column - kLineBefore, static_cast<std::uint32_t>(line.size())) : 0;
    line = line.substr(place.line_text_from, kLineBytes);
  }
  place.line_text = line;
}

const PlaceBook::Text& PlaceBook::text_of(facts::FileId file) {
  const facts::BlobId blob = store_.file(file).blob;
  const auto known = texts_.find(blob);
  if (known != texts_.end()) return known->second;
  if (text_bytes_ > kKeptBytes) {
    texts_.clear();
    text_bytes_ = 0;
  }
  auto bytes = loader_.bytes_of(file);
  Text& text = texts_[blob];
  text.bytes = bytes ? std::move(*bytes) : std::string();
  text.lines = LineIndex(text.bytes);
  text_bytes_ += text.bytes.size();
  return text;
}

rules::FilePlace PlaceBook::file_place(facts::FileId file, std::int64_t span) {
  const facts::Store::File& stored = store_.file(file);
  rules::FilePlace place;
  const auto slug = slugs_.find(store_.repository_of(stored.file_set));
  if (slug != slugs_.end()) place.repository = slug->second;
  const auto revision = revisions_.find(stored.file_set);
  if (revision != revisions_.end()) place.revision = revision->second;
  place.path = stored.path;
  if (span == 0) return place;
  const facts::StoredSpan& found = store_.span(span);
  place.bytes = found.bytes;
  place.begin = place.end = found.at;
  const Text& text = text_of(file);
  // A working tree may have changed since it was read; then only the place is known.
  if (text.bytes.size() < found.bytes.end || text.lines.locate(found.bytes.begin) != found.at) return place;
  describe_text(place, text.bytes, text.lines);
  return place;
}

std::optional<std::variant<rules::FilePlace, rules::LivePlace>> PlaceBook::place(facts::PlaceId id) {
  if (id == 0) return std::nullopt;
  if (id < 0) {
    auto reading = live_.place(id);
    if (!reading) return std::nullopt;
    return std::move(*reading);
  }
  return file_place(id >> 32, id & 0xFFFFFFFF);
}

}  // namespace trueup::engine
