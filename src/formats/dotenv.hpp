#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.hpp"

/// Files of lines `NAME=value`, as shells source them and as Docker Compose and programs read them.
namespace trueup::formats {

/// `$X` or `${X…}` in a value that is not in single quotes.
struct DotenvReference {
  std::string name;
  ByteRange range;            ///< from the $ to its end
  bool has_fallback = false;  ///< `${X:-…}` and the like say what stands for an empty one, or that it must not be empty
};

enum class DotenvQuote : std::uint8_t { none, single, double_quote };

struct DotenvEntry {
  std::string name;
  ByteRange name_range;
  std::string value;      ///< without quotes; of double quotes with \" \\ \$ \` undone; references stay as they are written
  ByteRange value_range;  ///< without quotes; an empty value has an empty range
  DotenvQuote quote = DotenvQuote::none;
  std::vector<DotenvReference> references;
};

struct Dotenv {
  std::vector<DotenvEntry> entries;  ///< in order
  bool complete = true;              ///< false: a line is neither blank, a comment nor an entry, or there are too many
};

/// Never fails; lines that are no entries are passed over. `export` before a name is allowed, and blanks around `=`. A value
/// without quotes ends at the line's end or before ` #`; one in quotes may hold line ends. An opening quote that is not
/// closed belongs to the value.
/// Source: POSIX shell, 2.2 and 2.9.1; Docker Compose, "Environment files (.env) syntax".
Dotenv parse_dotenv(std::string_view text);

/// At most so many entries are read.
inline constexpr std::size_t kMaxDotenvEntries = 10'000;

}  // namespace trueup::formats
