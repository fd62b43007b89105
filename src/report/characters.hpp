#pragma once

#include <cstddef>
#include <string_view>

namespace trueup::report {

/// The longest beginning of `text` of at most `most` characters.
std::string_view first_characters(std::string_view text, std::size_t most);

/// Columns that a character takes on a terminal, roughly: 2 for East Asian wide ones and emoji, 0 for combining marks,
/// else 1. Control characters are the caller's: they are made printable first.
std::size_t display_width(char32_t code);
std::size_t display_width(std::string_view text);

}  // namespace trueup::report
