#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trueup {

/// Splits at every `separator`; "a,,b" gives three parts, "" gives one empty part. Parts view `text`.
std::vector<std::string_view> split(std::string_view text, char separator);
/// Without ASCII white space at both ends.
std::string_view trim(std::string_view text);
std::string join(std::span<const std::string> parts, std::string_view separator);
/// ASCII only, as the formats here compare names.
std::string ascii_lower(std::string_view text);
bool equal_ignoring_ascii_case(std::string_view a, std::string_view b);
/// A copy with every `from` replaced; `from` must not be empty.
std::string replace_all(std::string_view text, std::string_view from, std::string_view to);

/// One character of UTF-8 text; an invalid byte is a character of its own, with code 0xFFFD.
struct Character {
  std::string_view bytes;
  char32_t code = 0;
};
/// The character at the front of `text`, which must not be empty.
Character first_character(std::string_view text);

/// How long a text is for those who do not count bytes: in characters (code points), and in code units of UTF-16, of which
/// a character beyond U+FFFF takes two. An invalid byte counts as one of each.
struct TextLength {
  std::size_t characters = 0, utf16_units = 0;
};
TextLength text_length(std::string_view text);

/// Offset of the first byte that is not well-formed UTF-8 (Unicode 15, table 3-7: no surrogates, no overlong forms).
std::optional<std::size_t> first_invalid_utf8(std::string_view text);
/// Text that is safe to show on a terminal: control characters, invalid bytes and characters that change the direction
/// or are invisible (bidi controls, zero-width, tags) as \xNN or \u{NNNN}. LF and tab stay if `keep_newlines`.
std::string printable(std::string_view text, bool keep_newlines = false);

/// The candidate with the fewest edits (insert, delete, replace, swap of neighbours; case ignored) from `wanted`, if that
/// is near enough to be a slip: at most a third of the longer length. First of equals in the order given.
std::optional<std::string> nearest_name(std::string_view wanted, std::span<const std::string> candidates);
/// Whether two names are so near that one is the other with a slip of the hand: they differ in case and in what stands between
/// words (- _ . / blank) alone; or else in one word, where two neighbours are swapped, or, in one of five letters or more, a letter
/// is missing, too many or wrong. Digits do not differ. A capital behind a small letter begins a word.
bool is_slip(std::string_view a, std::string_view b);

}  // namespace trueup
