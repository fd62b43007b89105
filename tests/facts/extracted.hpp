#pragma once

#include <string>
#include <string_view>

#include "facts/blob_rows.hpp"
#include "facts/extract/extractor.hpp"

namespace trueup::facts {

/// The rows of a text that a test owns, with the texts that their spans cover.
class Extracted {
 public:
  Extracted(std::string_view kind, std::string text, const TableSet& wanted = TableSet::all())
      : text_(std::move(text)), rows_(text_, wanted) {
    find_extractor(kind)->extract(rows_);
  }
  Extracted(const Extracted&) = delete;
  Extracted& operator=(const Extracted&) = delete;

  const RowVectors& operator*() const { return rows_.rows(); }
  const RowVectors* operator->() const { return &rows_.rows(); }
  const BlobRows& blob() const { return rows_; }
  BlobRows& blob() { return rows_; }

  std::string at(SpanRef span) const {
    return span ? std::string(slice(text_, rows_.spans()[span.number - 1].bytes)) : "(no span)";
  }
  LineColumn place(SpanRef span) const { return rows_.spans()[span.number - 1].at; }

 private:
  std::string text_;
  BlobRows rows_;
};

/// A column that may be NULL, as text for comparisons.
inline std::string text_of(const std::optional<std::string>& column) { return column.value_or("NULL"); }

}  // namespace trueup::facts
