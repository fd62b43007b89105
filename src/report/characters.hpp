#pragma once

#include <cstddef>
#include <string_view>

namespace trueup::report {

/// One character of UTF-8 text; an invalid byte is a character of its own, with code 0xFFFD.
struct Character {
  std::string_view bytes;
  char32_t code = 0;
};

/// The character at the front of `text`, which must not be empty.
Character first_character(std::string_view text);
/// Characters (code points) of `text`.
std::size_t count_characters(std::string_view text);
/// The longest beginning of `text` of at most `most` characters.
std::string_view first_characters(std::string_view text, std::size_t most);

/// Columns that a character takes on a terminal, roughly: 2 for East Asian wide ones and emoji, 0 for combining marks,
/// else 1. Control characters are the caller's: they are made printable first.
std::size_t display_width(char32_t code);
std::size_t display_width(std::string_view text);

}  // namespace trueup::report
