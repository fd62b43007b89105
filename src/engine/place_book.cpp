#include "engine/place_book.hpp"

#include <algorithm>

namespace trueup::engine {
namespace {

/// What a report may need of a long line (minified JSON, a pipeline in one line).
constexpr std::uint32_t kLineBytes = 400;
constexpr std::uint32_t kLineBefore = 120;

}  // namespace

const PlaceBook::Text& PlaceBook::text_of(facts::FileId file) {
  const facts::BlobId blob = store_.file(file).blob;
  if (blob == last_blob_) return last_text_;
  last_blob_ = blob;
  auto bytes = loader_.bytes_of(file);
  last_text_.bytes = bytes ? std::move(*bytes) : std::string();
  last_text_.lines = LineIndex(last_text_.bytes);
  return last_text_;
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
  place.end = text.lines.locate(found.bytes.end);
  std::string_view line = text.lines.line(text.bytes, found.at.line);
  const std::uint32_t column = found.at.column - 1;
  if (line.size() > kLineBytes) {
    place.line_text_from = column > kLineBefore ? std::min<std::uint32_t>(column - kLineBefore, static_cast<std::uint32_t>(line.size())) : 0;
    line = line.substr(place.line_text_from, kLineBytes);
  }
  place.line_text = line;
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
