#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/span.hpp"

namespace trueup::formats {

/// A scalar of a TOML file.
struct TomlScalar {
  std::string text;  ///< decoded, of a string; of others as written
  ByteRange bytes;   ///< in the source, without quotes
};

/// The scalar at a JSON pointer ("/project/version"); nothing where there is none, or a table or array stands there.
/// Errors: malformed (no TOML 1.0; `at` is where), over_limit (deeper than toml++ reads).
Result<std::optional<TomlScalar>> toml_scalar(std::string_view source, std::string_view pointer);

}  // namespace trueup::formats
