#pragma once

#include "formats/document.hpp"

namespace trueup::formats {

/// Parses a YAML stream (YAML 1.1 as libyaml reads it, UTF-8 with or without a byte order mark; UTF-16 is malformed).
/// Spans are byte-exact whatever the text holds. Never fails as a whole: a stream that does not parse gives the nodes
/// before the fault and a `problem()` with the place. Limits: kMaxBlobBytes, kMaxDepth, kMaxNodes of base/limits.hpp,
/// each reported as Fault::over_limit at the byte where it was hit. Values are not typed: see formats/scalar_types.hpp.
/// `source` must outlive the document.
Document parse_yaml(std::string_view source);

}  // namespace trueup::formats
