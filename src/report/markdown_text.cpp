#include "report/markdown_text.hpp"

#include "base/text.hpp"

namespace trueup::report {

// What Markdown reads as a mark (or as the name of an emoji) is a character reference, which never is one; mentions and numbers of
// issues are found in the finished text, so a zero-width space follows their sign.
std::string markdown_cell(std::string_view text) {
  std::string escaped;
  const std::string shown = printable(text);
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const char c = shown[i];
    if (c == '@' || c == '#') {
      escaped += c;
      escaped += "&#8203;";
    } else if (std::string_view("&<>`|*_~[]\\$").find(c) != std::string_view::npos ||
               (c == ':' && i + 1 < shown.size() && std::string_view(" 0123456789").find(shown[i + 1]) == std::string_view::npos) ||
               ((c == 'w' || c == 'W') && equal_ignoring_ascii_case(std::string_view(shown).substr(i, 4), "www."))) {
      escaped += "&#" + std::to_string(static_cast<int>(c)) + ';';
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string markdown_code(std::string_view text) { return "<code>" + markdown_cell(text) + "</code>"; }

}  // namespace trueup::report
