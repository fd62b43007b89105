#pragma once

#include <string>
#include <string_view>

#include "fixes/edit.hpp"

namespace trueup::fixes {

/// Files of words and quotes, without a tree: what stands before and behind a value tells how it is written.
enum class WordSyntax : std::uint8_t { shell, dotenv, toml };

/// `text` as one word of a script for sh, in quotes where it needs them.
std::string shell_word(std::string_view text);

/// The value at `place` (its content, without quotes) becomes `text`, in the quotes that it has or, where it needs some, gets.
/// Only what stands between its quotes or blanks is touched. Errors: malformed, with why it cannot be written there.
Result<Edits> replace_word(std::string_view source, WordSyntax syntax, ByteRange place, std::string_view text);

}  // namespace trueup::fixes
