#include "formats/scalar_walk.hpp"

#include <algorithm>
#include <array>

namespace trueup::formats {
namespace {

/// Bytes that are neither blank, nor the first of a line break, nor mean something between quotes: runs of them are
/// verbatim.
constexpr std::array<bool, 256> kOrdinary = [] {
  std::array<bool, 256> ordinary{};
  ordinary.fill(true);
  for (const unsigned char c : {' ', '\t', '\n', '\r', '\\', '\'', '\xC2', '\xE2'}) ordinary[c] = false;
  return ordinary;
}();

bool is_ordinary(char c) { return kOrdinary[static_cast<unsigned char>(c)]; }

bool is_block(ScalarStyle style) { return style == ScalarStyle::literal || style == ScalarStyle::folded; }

/// U+2028 and U+2029 stay what they are in a value; all other breaks become LF.
bool is_kept_break(std::uint32_t length) { return length == 3; }

std::uint32_t spaces_at(std::string_view text, std::size_t at) {
  const std::size_t end = std::min(text.find_first_not_of(' ', at), text.size());
  return static_cast<std::uint32_t>(end - at);
}

std::uint32_t hex_value(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char c : digits) {
    const char low = static_cast<char>(c | 0x20);
    value = value * 16 + static_cast<std::uint32_t>(low >= 'a' ? low - 'a' + 10 : c - '0');
  }
  return value;
}

std::uint32_t utf8_length(std::uint32_t code) {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

}  // namespace

std::uint32_t line_break_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  switch (byte(at)) {
    case '\n': return at < text.size() ? 1 : 0;
    case '\r': return byte(at + 1) == '\n' ? 2 : 1;
    case 0xC2: return byte(at + 1) == 0x85 ? 2 : 0;
    case 0xE2: return byte(at + 1) == 0x80 && (byte(at + 2) == 0xA8 || byte(at + 2) == 0xA9) ? 3 : 0;
    default: return 0;
  }
}

std::uint32_t block_indentation(std::string_view lines, std::string_view value) {
  std::size_t in_lines = 0, in_value = 0;
  while (const std::uint32_t break_in_value = line_break_length(value, in_value)) {
    in_lines += spaces_at(lines, in_lines);
    const std::uint32_t length = line_break_length(lines, in_lines);
    if (length == 0) return 0;
    in_lines += length;
    in_value += break_in_value;
  }
  if (in_value == value.size()) return 0;
  const std::uint32_t written = spaces_at(lines, in_lines), kept = spaces_at(value, in_value);
  return written > kept ? written - kept : 0;
}

ScalarWalk::ScalarWalk(std::string_view source, const Node& scalar)
    : text_(source.substr(0, scalar.span.end)), end_(scalar.span.end), style_(scalar.style) {
  at_.in_source = scalar.span.begin;
  if (!is_block(style_) || scalar.span.empty()) return;
  std::size_t line = scalar.span.begin;
  while (line > 0 && source[line - 1] == ' ') --line;
  at_.indentation = block_indentation(source.substr(line), scalar.value);
  at_.phase = Phase::breaks;
}

ScalarWalk::ScalarWalk(std::string_view source, const Node& scalar, const ScalarWalkState& resume)
    : text_(source.substr(0, scalar.span.end)), end_(scalar.span.end), style_(scalar.style), at_(resume) {}

std::optional<ScalarPiece> ScalarWalk::next() {
  if (at_.in_source >= end_) return std::nullopt;
  return is_block(style_) ? next_of_block() : next_of_flow();
}

ScalarPiece ScalarWalk::take(std::uint32_t source_bytes, std::uint32_t value_bytes, bool verbatim) {
  const ScalarPiece piece{{at_.in_value, at_.in_value + value_bytes},
                          {at_.in_source, std::min(at_.in_source + source_bytes, end_)},
                          verbatim};
  at_.in_value = piece.value.end;
  at_.in_source = piece.source.end;
  return piece;
}

ScalarPiece ScalarWalk::take_break(std::uint32_t length) {
  return is_kept_break(length) ? take(length, length, true) : take(length, 1);
}

std::uint32_t ScalarWalk::after_blanks(std::uint32_t at) const {
  while (is_blank(at)) ++at;
  return at;
}

/// Phase::breaks: behind a line break that was dealt with; further ones count, blanks between do not.
std::optional<ScalarPiece> ScalarWalk::next_of_flow() {
  while (at_.in_source < end_) {
    const std::uint32_t here = at_.in_source;
    if (at_.phase == Phase::breaks) {
      at_.in_source = after_blanks(here);
      if (const std::uint32_t length = break_at(at_.in_source)) return take_break(length);
      at_.phase = Phase::content;
      continue;
    }
    const std::uint32_t word = after_blanks(here);
    if (const std::uint32_t length = break_at(word)) {
      at_.in_source = word;
      at_.phase = Phase::breaks;
      if (is_kept_break(length)) return take_break(length);
      const bool more = break_at(after_blanks(word + length)) != 0;
      if (!more) return take(length, 1);  // a single break is a space
      at_.in_source = word + length;      // the first of several is dropped
      continue;
    }
    if (word > here) return take(word - here, word - here, true);
    const char c = text_[here];
    if (style_ == ScalarStyle::double_quoted && c == '\\') {
      if (const std::uint32_t length = break_at(here + 1)) {  // an escaped break vanishes
        at_.in_source = here + 1 + length;
        at_.phase = Phase::breaks;
        continue;
      }
      return take_escape();
    }
    if (style_ == ScalarStyle::single_quoted && c == '\'') return take(2, 1);
    std::uint32_t stop = here + 1;
    while (stop < end_ && (is_ordinary(text_[stop]) || !ends_run(stop))) ++stop;
    return take(stop - here, stop - here, true);
  }
  return std::nullopt;
}

bool ScalarWalk::ends_run(std::uint32_t at) const {
  return is_blank(at) || break_at(at) || (style_ == ScalarStyle::double_quoted && text_[at] == '\\') ||
         (style_ == ScalarStyle::single_quoted && text_[at] == '\'');
}

ScalarPiece ScalarWalk::take_escape() {
  const std::uint32_t here = at_.in_source;
  const auto hex_at = [&](std::uint32_t at, std::uint32_t digits) { return hex_value(text_.substr(at, digits)); };
  switch (here + 1 < end_ ? text_[here + 1] : '\0') {
    case 'N': case '_': return take(2, 2);  // U+0085, U+00A0
    case 'L': case 'P': return take(2, 3);  // U+2028, U+2029
    case 'x': return take(4, utf8_length(hex_at(here + 2, 2)));
    case 'U': return take(10, utf8_length(hex_at(here + 2, 8)));
    case 'u': {
      const std::uint32_t code = hex_at(here + 2, 4);
      if (code >= 0xD800 && code < 0xDC00) return take(12, 4);  // JSON's surrogate pair; YAML refuses it
      return take(6, utf8_length(code));
    }
    default: return take(2, 1);
  }
}

std::uint32_t ScalarWalk::after_indentation(std::uint32_t at) const {
  const std::uint32_t stop = std::min(end_, at + at_.indentation);
  while (at < stop && text_[at] == ' ') ++at;
  return at;
}

/// Phase::breaks: at the beginning of a line; Phase::line_end: at the break behind a line's content.
std::optional<ScalarPiece> ScalarWalk::next_of_block() {
  while (at_.in_source < end_) {
    const std::uint32_t here = at_.in_source;
    if (at_.phase == Phase::breaks) {
      // The span begins behind the indentation, so its first line has none left to skip.
      at_.in_source = at_.in_value == 0 ? here : after_indentation(here);
      if (const std::uint32_t length = break_at(at_.in_source)) return take_break(length);
      at_.phase = Phase::content;
    } else if (at_.phase == Phase::content) {
      at_.line_begins_blank = is_blank(here);
      std::uint32_t stop = here;
      while (stop < end_ && (is_ordinary(text_[stop]) || !break_at(stop))) ++stop;
      at_.phase = Phase::line_end;
      if (stop > here) return take(stop - here, stop - here, true);
    } else {
      const std::uint32_t length = break_at(here);
      at_.phase = Phase::breaks;
      if (style_ == ScalarStyle::literal || is_kept_break(length)) return take_break(length);
      std::uint32_t line = after_indentation(here + length);
      bool blank_lines = false;
      while (const std::uint32_t blank = break_at(line)) {
        blank_lines = true;
        line = after_indentation(line + blank);
      }
      if (at_.line_begins_blank || is_blank(line)) return take_break(length);  // deeper lines are not folded
      if (!blank_lines) return take(length, 1);                               // a single break is a space
      at_.in_source = here + length;
    }
  }
  return std::nullopt;
}

}  // namespace trueup::formats
