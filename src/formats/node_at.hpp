#pragma once

#include <string_view>

#include "formats/document.hpp"

namespace trueup::formats {

/// The node that a JSON pointer leads to (RFC 6901, sections 4 and 5), from the first document's top; merge keys and aliases are
/// followed, as Helm reads values. kNoNode where it leads nowhere.
NodeIndex node_at(const Document& document, std::string_view pointer);

}  // namespace trueup::formats
