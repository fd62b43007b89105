#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace trueup::fixes {

/// A YAML text without the entry that a JSON pointer leads to, and without the mappings around it that hold nothing else; comments,
/// order and quoting of the rest stay. A text of which nothing is left is empty.
/// Errors: malformed (no YAML, several documents), not_found (the pointer leads to no entry), and as DocumentEdits::remove().
Result<std::string> without_entry(std::string_view yaml, std::string_view pointer);

}  // namespace trueup::fixes
