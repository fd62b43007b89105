#pragma once

#include <string>
#include <string_view>

#include "formats/document.hpp"
#include "formats/scalar_types.hpp"

namespace trueup::fixes {

/// What a document is written in.
enum class Syntax : std::uint8_t { yaml, json };

/// How a text is written where it shall read as that very text. All functions give the content with its quotes.
std::string single_quoted(std::string_view value);
/// A JSON string; as YAML reads it too.
std::string double_quoted(std::string_view value);

/// Whether a plain scalar of one line of YAML reads as `value` itself, and not as syntax. Says nothing of its type.
bool fits_plain(std::string_view value, bool in_flow);

/// What a reader takes a scalar for, by the readers that matter: GitHub's and Helm's (JSON: both say the same).
struct Reading {
  formats::ScalarType github = formats::ScalarType::string, helm = formats::ScalarType::string;
  friend bool operator==(const Reading&, const Reading&) = default;
};
Reading reading_of(std::string_view value, formats::ScalarStyle style, std::string_view tag = {});

/// The whole new source of a flow scalar (plain or quoted) that holds `value` and is written like one of `style`: a plain one
/// gets quotes where it would read as syntax or as another type than text, unless it was of that type before.
std::string written_like(formats::ScalarStyle style, std::string_view value, Reading before, bool in_flow, Syntax syntax);

}  // namespace trueup::fixes
