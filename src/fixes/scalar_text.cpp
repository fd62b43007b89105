#include "fixes/scalar_text.hpp"

#include "base/text.hpp"
#include "formats/json.hpp"

namespace trueup::fixes {

using formats::ScalarStyle;
using formats::ScalarType;

std::string single_quoted(std::string_view value) { return "'" + replace_all(value, "'", "''") + "'"; }

std::string double_quoted(std::string_view value) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text = "\"";
  while (!value.empty()) {
    const Character next = first_character(value);
    value.remove_prefix(next.bytes.size());
    const auto code = static_cast<std::uint32_t>(next.code);
    if (code == '"' || code == '\\') text += std::string("\\") + static_cast<char>(code);
    else if (code == '\n') text += "\\n";
    else if (code == '\r') text += "\\r";
    else if (code == '\t') text += "\\t";
    else if (code < 0x20 || (code >= 0x7F && code <= 0xA0) || code == 0x2028 || code == 0x2029 || code == 0xFEFF) {
      text += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) text += kHex[(code >> shift) & 15];
    } else {
      text += next.bytes;
    }
  }
  return text + "\"";
}

bool fits_plain(std::string_view value, bool in_flow) {
  if (value.empty() || value.front() == ' ' || value.back() == ' ' || value.back() == ':') return false;
  constexpr std::string_view kIndicators = "-?:,[]{}#&*!|>'\"%@`";
  if (kIndicators.find(value.front()) != std::string_view::npos) {
    const bool may_begin = value.front() == '-' || value.front() == '?' || value.front() == ':';
    if (!may_begin || value.size() < 2 || value[1] == ' ' || (in_flow && value.find_first_of(",[]{}") != value.npos)) return false;
    if (value.starts_with("---")) return false;
  }
  if (value.starts_with("...")) return false;
  if (value.find(": ") != value.npos || value.find(" #") != value.npos) return false;
  if (in_flow && value.find_first_of(",[]{}") != value.npos) return false;
  if (in_flow && (value.find(":") != value.npos && value.find("://") == value.npos && value.front() == ':')) return false;
  for (std::string_view rest = value; !rest.empty();) {
    const Character next = first_character(rest);
    rest.remove_prefix(next.bytes.size());
    if (next.code < 0x20 || (next.code >= 0x7F && next.code < 0xA0) || next.code == 0x2028 || next.code == 0x2029 ||
        next.code == 0xFEFF || next.code == 0xFFFD)
      return false;
  }
  return true;
}

Reading reading_of(std::string_view value, ScalarStyle style, std::string_view tag) {
  return {formats::type_as_github(value, style, tag), formats::type_as_helm(value, style, tag)};
}

std::string written_like(ScalarStyle style, std::string_view value, Reading before, bool in_flow, Syntax syntax) {
  const bool one_line = value.find_first_of("\r\n") == value.npos;
  const Reading plain = reading_of(value, ScalarStyle::plain);
  const bool type_stays = plain == Reading{} || (plain == before && before.helm != ScalarType::null);
  if (style == ScalarStyle::plain) {
    if (syntax == Syntax::json && type_stays && plain != Reading{} && !formats::parse_json(value).problem()) return std::string(value);
    if (syntax == Syntax::yaml && type_stays && fits_plain(value, in_flow)) return std::string(value);
  }
  if (syntax == Syntax::yaml && one_line) {
    const bool printable_only = printable(value) == value;
    const bool better_single = style == ScalarStyle::plain && value.find_first_of("\"\\") != value.npos;
    if ((style == ScalarStyle::single_quoted || better_single) && printable_only) return single_quoted(value);
  }
  return double_quoted(value);
}

}  // namespace trueup::fixes
