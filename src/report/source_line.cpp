#include "report/source_line.hpp"

#include <algorithm>
#include <limits>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "formats/remote_url.hpp"
#include "report/characters.hpp"

namespace trueup::report {
namespace {

constexpr std::string_view kEllipsis = "…";
constexpr std::size_t kTabStop = 4;
/// FilePlace::line_text is cut by bytes at its end, so perhaps within a character.
constexpr std::size_t kPerhapsCut = 397;

/// What one character of the source became on the terminal.
struct Cell {
  std::string text;
  std::size_t width = 1;
  bool flagged = false;
};

/// The bytes that are shown: without a line break, and without halves of characters where a long line was cut.
std::string_view whole_characters(const rules::FilePlace& place, std::string_view text, std::size_t& skipped) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) == 0x80u; };
  skipped = 0;
  if (place.line_text_from > 0)
    while (skipped < 3 && skipped < text.size() && continues(text[skipped])) ++skipped;
  text.remove_prefix(skipped);
  if (place.line_text.size() >= kPerhapsCut && first_invalid_utf8(text) >= text.size() - 3)
    text = text.substr(0, *first_invalid_utf8(text));
  return text;
}

std::vector<Cell> cells_of(const rules::FilePlace& place) {
  std::size_t skipped = 0;
  const std::string masked = formats::mask_urls(place.line_text);
  std::string_view text = whole_characters(place, masked, skipped);
  const std::size_t begin = place.begin.column - 1;
  const bool goes_on = place.end.line > place.begin.line;
  const std::size_t end = goes_on ? std::numeric_limits<std::size_t>::max() : place.end.column - 1;
  std::vector<Cell> cells;
  std::size_t column = 0;
  for (std::size_t at = place.line_text_from + skipped; !text.empty();) {
    const Character next = first_character(text);
    Cell cell;
    cell.flagged = begin <= at && at < end;
    if (next.code == '\t') {
      cell.width = kTabStop - column % kTabStop;
      cell.text.assign(cell.width, ' ');
    } else {
      // Runners of GitHub obey ##[command] anywhere in a line of output.
      const bool second = text.starts_with("#[") && !cells.empty() && cells.back().text == "#";
      cell.text = second ? "\\x23" : printable(next.bytes);
      // An escape is as wide as its letters; only what stayed itself is measured.
      cell.width = cell.text == next.bytes ? display_width(next.code) : cell.text.size();
    }
    column += cell.width;
    at += next.bytes.size();
    text.remove_prefix(next.bytes.size());
    cells.push_back(std::move(cell));
  }
  return cells;
}

std::size_t width_of(const std::vector<Cell>& cells, std::size_t from, std::size_t to) {
  std::size_t width = 0;
  for (std::size_t i = from; i < to; ++i) width += cells[i].width;
  return width;
}

}  // namespace

SourceLine lay_out(const rules::FilePlace& place, std::size_t width, bool keep_indentation) {
  std::vector<Cell> cells = cells_of(place);
  if (place.line_text_from > 0) cells.insert(cells.begin(), Cell{std::string(kEllipsis), 1, false});

  std::size_t first = 0;
  while (first < cells.size() && !cells[first].flagged) ++first;
  std::size_t last = first;
  while (last < cells.size() && cells[last].flagged) ++last;
  if (first == cells.size() && place.begin.column > place.line_text_from) {
    // An insertion point flags no byte: the caret stands before the byte that it names, or after the last one.
    const std::size_t wanted = place.begin.column - 1 - place.line_text_from;
    std::size_t passed = 0;
    first = place.line_text_from > 0 ? 1 : 0;
    for (std::string_view rest = place.line_text; passed < wanted && first < cells.size() && !rest.empty(); ++first) {
      const std::size_t length = first_character(rest).bytes.size();
      passed += length;
      rest.remove_prefix(length);
    }
    last = first;
  }

  if (!keep_indentation || (width > 0 && width_of(cells, 0, cells.size()) > width)) {
    const auto is_blank = [](const Cell& cell) { return cell.text.find_first_not_of(' ') == std::string::npos; };
    std::size_t blank = 0;
    while (blank < std::min(first, cells.size()) && is_blank(cells[blank])) ++blank;
    cells.erase(cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(blank));
    first -= blank;
    last -= blank;
  }

  std::size_t from = 0, to = cells.size();
  const bool cut = width > 0 && width_of(cells, 0, to) > width;
  if (cut) {
    // Some of what stands before says what the line is; the flagged bytes come first, then what follows.
    const std::size_t flagged = width_of(cells, first, last);
    std::size_t before = std::min(width / 3, flagged + 2 < width ? width - flagged - 2 : 0);
    const std::size_t after = width_of(cells, last, cells.size());
    if (before + flagged + after + 1 < width) before = width - flagged - after - 1;
    from = first;
    std::size_t used = 0;
    while (from > 0 && used + cells[from - 1].width <= before) used += cells[--from].width;
    used = from > 0 ? 1 : 0;
    to = from;
    while (to < cells.size() && used + cells[to].width + (to + 1 < cells.size() ? 1 : 0) <= width)
      used += cells[to++].width;
  }

  SourceLine line;
  if (from > 0) line.text += kEllipsis;
  line.carets_from = (from > 0 ? 1 : 0) + width_of(cells, from, std::min(first, to));
  line.carets = std::max<std::size_t>(1, width_of(cells, std::min(first, to), std::min(last, to)));
  for (std::size_t i = from; i < to; ++i) line.text += cells[i].text;
  if (to < cells.size()) line.text += kEllipsis;
  while (!line.text.empty() && line.text.back() == ' ') line.text.pop_back();
  return line;
}

std::string shown(std::string_view text, std::size_t most) {
  const std::string_view front = first_characters(text, most);
  std::string result = printable(front);
  // Runners of GitHub obey ::command:: at the start of a line and ##[command] anywhere in it.
  if (result.starts_with("::")) result.replace(0, 1, "\\x3A");
  result = replace_all(result, "##[", "#\\x23[");
  if (front.size() < text.size()) result += kEllipsis;
  return result;
}

}  // namespace trueup::report
