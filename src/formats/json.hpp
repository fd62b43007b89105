#pragma once

#include "formats/document.hpp"

namespace trueup::formats {

/// Parses one JSON text (RFC 8259; a byte order mark is accepted) into the same tree as YAML: strings are double-quoted
/// scalars whose span is the content without the quotes, other scalars are plain. Same limits and the same way of
/// reporting a fault as parse_yaml(). `source` must outlive the document.
Document parse_json(std::string_view source);

}  // namespace trueup::formats
