#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "formats/document.hpp"

namespace trueup::cli {

/// What a value of trueup.yaml is. The last rows are forms of text.
enum class ConfigType : std::uint8_t {
  mapping,
  list,
  rule,  ///< a severity, or a mapping of `severity` and parameters
  version,
  boolean,
  severity,
  gate,
  forge_kind,
  date,  ///< YYYY-MM-DD
  text,
  slug,
  path,
  url,
  server_url,
  ref_name,
  ref_glob,
  path_glob,
  registry,
  texts,  ///< one text, or a list of them
};

/// A key that trueup.yaml may have. `*` in a path stands for any key, `[]` for the elements of a list.
struct ConfigKey {
  std::string_view path;
  ConfigType type = ConfigType::text;
  std::string_view title;
  std::string_view example = {};
  ConfigType keys = ConfigType::text;  ///< of a mapping with `*`: what its keys are
  bool required = false;               ///< the mapping that it stands in is wrong without it
};

/// Every key, a mapping before its keys. The reader, the JSON Schema and the messages are made of this table.
std::span<const ConfigKey> config_keys();
/// nullptr where no key has the path.
const ConfigKey* find_config_key(std::string_view path);

/// Keys that a later version is to know, so that they are no slip of the pen.
bool is_key_of_later(std::string_view path);
/// Whether a key looks as if it held a secret: token, password, ...
bool looks_like_credential(std::string_view key);

/// What is wrong with a value: a sentence that goes on after its name, and the byte of the text where, if it is not the
/// first.
struct ValueProblem {
  std::string message;
  std::uint32_t offset = 0;
};

/// Whether a scalar is of a type. Only version and boolean look at the style: they are not quoted.
std::optional<ValueProblem> check_value(ConfigType type, std::string_view text, formats::ScalarStyle style);

/// A name in backticks for a message: printable, and cut where it is long.
std::string quoted(std::string_view name);

}  // namespace trueup::cli
