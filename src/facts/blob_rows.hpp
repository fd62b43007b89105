#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.hpp"
#include "facts/blob_state.hpp"
#include "facts/rows.hpp"
#include "facts/table_set.hpp"

namespace trueup::facts {

/// A span with the line and column of its first byte.
struct LocatedSpan {
  ByteRange bytes;
  LineColumn at;
};

/// What an extractor found in one blob: rows and their spans. Knows no path, no repository and no other blob.
class BlobRows {
 public:
  /// `source` must outlive the object.
  BlobRows(std::string_view source, TableSet wanted) : wanted_(wanted), source_(source), lines_(source) {}

  std::string_view source() const { return source_; }
  bool wants(Table table) const { return wanted_.contains(table); }

  /// A place in the blob; ranges are clipped to the source.
  SpanRef span(ByteRange bytes);

  /// Adds a row and gives its number, which rows of other tables may refer to. Without effect on tables that are not
  /// wanted, save that the number is still valid to refer to.
  template <typename Row>
  LocalId add(Row row) {
    const LocalId id{++last_id_};
    if (wants(Row::table)) vectors_.of(static_cast<const Row*>(nullptr)).emplace_back(id, std::move(row));
    return id;
  }

  BlobState state = BlobState::parsed;
  std::string because;  ///< for a state other than parsed

  const RowVectors& rows() const { return vectors_; }
  RowVectors& rows() { return vectors_; }
  const std::vector<LocatedSpan>& spans() const { return spans_; }
  std::uint32_t last_id() const { return last_id_; }

 private:
  TableSet wanted_;
  std::string_view source_;
  LineIndex lines_;
  RowVectors vectors_;
  std::vector<LocatedSpan> spans_;
  std::uint32_t last_id_ = 0;
};

}  // namespace trueup::facts
