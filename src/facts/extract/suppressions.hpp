#pragma once

#include "facts/blob_rows.hpp"
#include "facts/extract/extractor.hpp"

namespace trueup::facts {

/// Adds blob_suppression and blob_suppression_rule of a text that was parsed.
void add_suppressions(BlobRows& rows, Comments comments);

}  // namespace trueup::facts
