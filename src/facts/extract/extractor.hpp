#pragma once

#include <span>
#include <string_view>

#include "facts/blob_rows.hpp"

namespace trueup::facts {

/// Reads the bytes of one kind of document into rows. A function of the bytes alone, safe to call from several threads.
/// A source that does not parse sets `state` and gets its blob_syntax_error or blob_limit_hit; what was read before the fault
/// is kept out, so that no rule concludes from half a file.
using Extract = void (*)(BlobRows& rows);

/// A kind of document: one row of the table in extractors.cpp, one file beside it.
struct Extractor {
  std::string_view kind;     ///< blob.kind
  std::string_view title;    ///< for people
  Extract extract = nullptr;
  bool hash_comments = true;  ///< its comments begin with #, and may be suppressions
};

/// Every kind whose content is read, sorted by kind.
std::span<const Extractor> extractors();
/// Nothing for kinds of which only the existence counts.
const Extractor* find_extractor(std::string_view kind);

}  // namespace trueup::facts
