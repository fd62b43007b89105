#include "fixes/text_edits.hpp"

#include "base/text.hpp"
#include "fixes/scalar_text.hpp"
#include "formats/toml_value.hpp"

namespace trueup::fixes {
namespace {

constexpr std::string_view kPlainInShell = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@,+%=";

bool has_control(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return true;
  return false;
}

/// Between double quotes of a shell, and of the dotenv readers that expand.
std::string escaped_for_shell(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '$' || c == '`') result += '\\';
    result += c;
  }
  return result;
}

std::string between_quotes(std::string_view quoted) { return std::string(quoted.substr(1, quoted.size() - 2)); }

/// Whether TOML reads a text as a number, a date, true or false.
bool is_bare_toml(std::string_view text) {
  if (text.empty() || text.find_first_of("\"'#") != text.npos || has_control(text)) return false;
  const auto read = formats::toml_scalar("x = " + std::string(text), "/x");
  return read && *read && (*read)->text == text;
}

}  // namespace

std::string shell_word(std::string_view text) {
  if (!text.empty() && text.find_first_not_of(kPlainInShell) == text.npos) return std::string(text);
  return "'" + replace_all(text, "'", "'\\''") + "'";
}

Result<Edits> replace_word(std::string_view source, WordSyntax syntax, ByteRange place, std::string_view text) {
  const auto cannot = [](const char* because) { return Error{Fault::malformed, because}; };
  if (place.end > source.size()) return cannot("it lies beyond the file");
  if (text.find('\0') != text.npos) return cannot("no text holds a zero byte");
  const char before = place.begin == 0 ? '\n' : source[place.begin - 1];
  const char behind = place.end == source.size() ? '\n' : source[place.end];
  const char quote = (before == '"' || before == '\'') && before == behind ? before : '\0';
  const ByteRange with_quotes{place.begin - (quote ? 1u : 0u), place.end + (quote ? 1u : 0u)};
  const auto edit = [&](ByteRange at, std::string by) -> Result<Edits> {
    Edit one = trimmed(source, {at, std::move(by)});
    if (one.at.empty() && one.text.empty()) return Edits{};
    return Edits{std::move(one)};
  };
  switch (syntax) {
    case WordSyntax::shell:
      if (quote == '\'') return text.find('\'') == text.npos ? edit(place, std::string(text)) : edit(with_quotes, shell_word(text));
      if (quote == '"') return edit(place, escaped_for_shell(text));
      return edit(place, shell_word(text));
    case WordSyntax::dotenv:
      if (text.find_first_of("\r\n") != text.npos) return cannot("a value of several lines is read differently by each reader");
      if (quote == '\'' && text.find('\'') == text.npos) return edit(place, std::string(text));
      if (quote != '\0') return edit(with_quotes, '"' + escaped_for_shell(text) + '"');
      if (text.find_first_not_of(kPlainInShell) == text.npos) return edit(place, std::string(text));
      return text.find('\'') == text.npos ? edit(place, "'" + std::string(text) + "'") : edit(place, '"' + escaped_for_shell(text) + '"');
    case WordSyntax::toml:
      if (quote != '\0' && (source.substr(place.end).starts_with(std::string(3, quote)) || (place.begin >= 3 && source.substr(place.begin - 3, 3) == std::string(3, quote))))
        return cannot("a text of several lines is not written again");
      if (quote == '\'' && text.find('\'') == text.npos && !has_control(text)) return edit(place, std::string(text));
      if (quote == '"') return edit(place, between_quotes(double_quoted(text)));
      if (quote == '\'') return edit(with_quotes, double_quoted(text));
      // A number, a date, true: it stays bare if the new one is of that kind.
      if (is_bare_toml(text) && is_bare_toml(slice(source, place))) return edit(place, std::string(text));
      return edit(place, double_quoted(text));
  }
  return cannot("no such syntax");
}

}  // namespace trueup::fixes
