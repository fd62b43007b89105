#include "formats/suppression.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <optional>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace trueup::formats {
namespace {

constexpr std::string_view kMark = "trueup:";

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Where the comment with a mark at `mark` begins, if it is one.
std::optional<std::size_t> comment_start(std::string_view text, std::size_t mark) {
  std::size_t at = mark;
  while (at > 0 && is_blank(text[at - 1])) --at;
  if (at == 0 || text[at - 1] != '#') return std::nullopt;
  --at;
  if (at > 0 && !is_blank(text[at - 1]) && text[at - 1] != '\n' && text[at - 1] != '\r') return std::nullopt;
  return at;
}

std::size_t end_of_line(std::string_view text, std::size_t from) {
  return std::min(text.find_first_of("\r\n", from), text.size());
}

/// Takes "(until DATE, owner NAME)" off the end of a reason. Other words in brackets belong to the reason.
void take_terms(Suppression& found) {
  const std::size_t open = found.reason.rfind('(');
  if (open == std::string_view::npos || !found.reason.ends_with(')')) return;
  const std::string_view terms = found.reason.substr(open + 1, found.reason.size() - open - 2);
  Suppression read;
  for (std::string_view term : split(terms, ',')) {
    term = trim(term);
    if (term.starts_with("until ")) {
      read.until = trim(term.substr(6));
    } else if (term.starts_with("owner ")) {
      read.owner = trim(term.substr(6));
    } else {
      return;
    }
  }
  found.until = read.until;
  found.owner = read.owner;
  found.reason = trim(found.reason.substr(0, open));
  if (!found.until.empty() && !is_suppression_date(found.until))
    found.problem = "`until " + std::string(found.until) + "` is no date: write YYYY-MM-DD";
}

/// A dot or a dash is no reason.
bool has_words(std::string_view text) {
  while (!text.empty()) {
    const Character character = first_character(text);
    const char32_t c = character.code;
    const bool is_punctuation = c < 0xC0 ? c > 0x7F || std::isalnum(static_cast<int>(c)) == 0 : c >= 0x2000 && c <= 0x206F;
    if (!is_punctuation) return true;
    text.remove_prefix(character.bytes.size());
  }
  return false;
}

Suppression read(std::string_view text, std::size_t begin, std::size_t mark, std::size_t end) {
  Suppression found;
  found.bytes = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  std::string_view rest = trim(text.substr(mark + kMark.size(), end - mark - kMark.size()));
  constexpr std::string_view kForm = "write `# trueup: ignore[RULE] reason`";
  if (!rest.starts_with("ignore")) {
    found.problem = "only `ignore` is known; " + std::string(kForm);
    return found;
  }
  rest = trim(rest.substr(6));
  const std::size_t close = rest.find(']');
  if (!rest.starts_with('[') || close == std::string_view::npos) {
    found.problem = "it names no rule; " + std::string(kForm);
    return found;
  }
  for (const std::string_view rule : split(rest.substr(1, close - 1), ','))
    if (!trim(rule).empty()) found.rules.push_back(trim(rule));
  if (found.rules.empty()) found.problem = "it names no rule; " + std::string(kForm);
  found.reason = trim(rest.substr(close + 1));
  take_terms(found);
  if (!has_words(found.reason)) found.reason = {};
  return found;
}

/// Counts lines from where it was last asked.
class LineCounter {
 public:
  explicit LineCounter(std::string_view text) : text_(text) {}

  std::uint32_t line_of(std::size_t offset) {
    for (; at_ < offset; ++at_)
      if (text_[at_] == '\n' || (text_[at_] == '\r' && (at_ + 1 == text_.size() || text_[at_ + 1] != '\n'))) ++line_;
    return line_;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
};

/// The start of the next line that holds more than blanks and a comment; the end of the text where there is none.
std::size_t next_content(std::string_view text, std::size_t from) {
  while (from < text.size()) {
    const std::size_t first = std::min(text.find_first_not_of(" \t\r\n", from), text.size());
    if (first == text.size() || text[first] != '#') return first;
    from = end_of_line(text, first);
  }
  return from;
}

/// The same where the comments are known; `comments` begin behind `from`.
std::size_t next_content(std::string_view text, std::size_t from, std::span<const ByteRange> comments) {
  for (;; comments = comments.subspan(1)) {
    from = std::min(text.find_first_not_of(" \t\r\n", from), text.size());
    if (comments.empty() || comments.front().begin != from) return from;
    from = comments.front().end;
  }
}

/// A line of a comment without what marks it as one: `# `, `// `, `/* `, ` * `, ` */`, `<!-- `, ` -->`, `.. `.
std::string_view said_in(std::string_view line) {
  line = trim(line);
  for (const std::string_view mark : {"#", "//", "/*", "*", "<!--", ".."}) {
    if (!line.starts_with(mark)) continue;
    line.remove_prefix(mark.size());
    break;
  }
  for (const std::string_view mark : {"*/", "-->"})
    if (line.ends_with(mark)) line.remove_suffix(mark.size());
  return trim(line);
}

/// Prose about trueup is no suppression; what looks like a slip of one is. `said` is what stands behind the mark.
bool asks_for_one(std::string_view said) { return trim(said).starts_with("ig") || said.find('[') != std::string_view::npos; }

bool stands_alone(std::string_view text, std::size_t begin) {
  while (begin > 0 && is_blank(text[begin - 1])) --begin;
  return begin == 0 || text[begin - 1] == '\n' || text[begin - 1] == '\r';
}

}  // namespace

bool is_suppression_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (const std::size_t i : {0, 1, 2, 3, 5, 6, 8, 9})
    if (text[i] < '0' || text[i] > '9') return false;
  const std::string_view month = text.substr(5, 2), day = text.substr(8, 2);
  if (month < "01" || month > "12" || day < "01") return false;
  const auto number = [&](std::size_t at, std::size_t size) {
    int value = 0;
    for (const char c : text.substr(at, size)) value = value * 10 + (c - '0');
    return value;
  };
  return std::chrono::year_month_day(std::chrono::year(number(0, 4)), std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                     std::chrono::day(static_cast<unsigned>(number(8, 2)))).ok();
}

std::vector<Suppression> find_suppressions(std::string_view text, bool* cut) {
  std::vector<Suppression> all;
  if (cut != nullptr) *cut = false;
  LineCounter own_line(text), next_line(text);
  std::size_t known_next = 0;  // of comments below each other, so that a column of them is read once
  for (std::size_t mark = text.find(kMark); mark != std::string_view::npos; mark = text.find(kMark, mark + 1)) {
    const auto begin = comment_start(text, mark);
    if (!begin) continue;
    if (all.size() == limits::kMaxSuppressions) {
      if (cut != nullptr) *cut = true;
      break;
    }
    const std::size_t end = end_of_line(text, mark);
    if (!asks_for_one(text.substr(mark + kMark.size(), end - mark - kMark.size()))) continue;
    Suppression found = read(text, *begin, mark, end);
    if (stands_alone(text, *begin)) {
      if (known_next < end) known_next = next_content(text, end);
      found.line = next_line.line_of(known_next);
    } else {
      found.line = own_line.line_of(*begin);
    }
    all.push_back(std::move(found));
    mark = end - 1;
  }
  return all;
}

std::vector<Suppression> find_suppressions(std::string_view text, std::span<const ByteRange> comments, bool* cut) {
  std::vector<Suppression> all;
  if (cut != nullptr) *cut = false;
  LineCounter own_line(text), next_line(text);
  std::size_t known_next = 0;
  for (; !comments.empty(); comments = comments.subspan(1)) {
    const ByteRange comment = comments.front();
    std::size_t end = comment.begin;
    for (std::size_t begin = comment.begin; begin < comment.end; begin = std::max(end, begin + 1)) {
      end = std::min<std::size_t>(end_of_line(text, begin), comment.end);
      const std::string_view said = said_in(text.substr(begin, end - begin));
      if (!said.starts_with(kMark) || !asks_for_one(said.substr(kMark.size()))) continue;
      if (all.size() == limits::kMaxSuppressions) {
        if (cut != nullptr) *cut = true;
        return all;
      }
      const auto mark = static_cast<std::size_t>(said.data() - text.data());
      Suppression found = read(text, std::min(text.find_first_not_of(" \t", begin), mark), mark, mark + said.size());
      found.bytes.end = static_cast<std::uint32_t>(end);
      if (stands_alone(text, comment.begin)) {
        if (known_next < comment.end) known_next = next_content(text, comment.end, comments.subspan(1));
        found.line = next_line.line_of(known_next);
      } else {
        found.line = own_line.line_of(comment.begin);
      }
      all.push_back(std::move(found));
    }
  }
  return all;
}

bool may_hold_suppressions(std::string_view text) { return text.find(kMark) != std::string_view::npos; }

}  // namespace trueup::formats
