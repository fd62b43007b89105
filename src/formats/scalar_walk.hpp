#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "formats/document.hpp"

/// Private to the parsers and Document: how the bytes of a scalar became its value.
namespace trueup::formats {

/// Length of the line break at `at`, 0 if there is none: LF, CR, CRLF, and those of YAML 1.1 (5.4) that libyaml folds
/// too: U+0085, U+2028, U+2029.
std::uint32_t line_break_length(std::string_view text, std::size_t at);

/// Indentation of a block scalar's content, found by holding its lines (`lines` begins with a line, header excluded)
/// against the value that the parser made of them; 0 where the value holds nothing but line breaks. This way an
/// explicit indicator, blank first lines and the enclosing indentation need not be known.
std::uint32_t block_indentation(std::string_view lines, std::string_view value);

/// A piece of a value, and the source bytes that gave it: a verbatim run, an escape, or a line break.
struct ScalarPiece {
  ByteRange value, source;
  bool verbatim = false;  ///< the same bytes in both

  std::uint32_t source_begin_of(std::uint32_t offset) const {
    return verbatim ? source.begin + (offset - value.begin) : source.begin;
  }
  std::uint32_t source_end_of(std::uint32_t offset) const {
    return verbatim ? source.begin + (offset - value.begin) + 1 : source.end;
  }
};

/// Walks a scalar's source and gives the pieces of its value in order, all of it but what a block scalar holds after
/// its last line that is not blank. Follows YAML 1.1 as libyaml 0.2.5 reads it, and JSON's escapes.
class ScalarWalk {
 public:
  ScalarWalk(std::string_view source, const Node& scalar);
  ScalarWalk(std::string_view source, const Node& scalar, const ScalarWalkState& resume);

  std::optional<ScalarPiece> next();
  const ScalarWalkState& state() const { return at_; }

 private:
  using Phase = ScalarWalkState::Phase;
  std::optional<ScalarPiece> next_of_flow();
  std::optional<ScalarPiece> next_of_block();
  ScalarPiece take(std::uint32_t source_bytes, std::uint32_t value_bytes, bool verbatim = false);
  ScalarPiece take_break(std::uint32_t length);
  ScalarPiece take_escape();
  bool is_blank(std::uint32_t at) const { return at < end_ && (text_[at] == ' ' || text_[at] == '\t'); }
  bool ends_run(std::uint32_t at) const;
  std::uint32_t after_blanks(std::uint32_t at) const;
  std::uint32_t after_indentation(std::uint32_t at) const;
  std::uint32_t break_at(std::uint32_t at) const { return at < end_ ? line_break_length(text_, at) : 0; }

  std::string_view text_;  // the source up to the end of the scalar
  std::uint32_t end_;
  ScalarStyle style_;
  ScalarWalkState at_;
};

}  // namespace trueup::formats
