#pragma once

#include "facts/blob_rows.hpp"

namespace trueup::facts {

/// Adds blob_suppression and blob_suppression_rule of a text whose comments begin with #.
void add_suppressions(BlobRows& rows);

}  // namespace trueup::facts
