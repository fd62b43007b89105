// CODEOWNERS: who is asked for a review of what. Patterns are those of .gitignore, but for `!`, `[ ]` and `\#`.

#include <optional>
#include <vector>

#include "base/text.hpp"
#include "facts/extract/document_rows.hpp"
#include "facts/extract/github_reader.hpp"
#include "facts/extract/kinds.hpp"

namespace trueup::facts {
namespace {

constexpr std::uint32_t kMaxRules = 10'000;

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// The words of a line, up to a comment. `\ ` is a blank of a pattern.
std::vector<ByteRange> words_of(std::string_view source, ByteRange line) {
  std::vector<ByteRange> words;
  for (std::uint32_t at = line.begin; at < line.end;) {
    if (is_blank(source[at])) {
      ++at;
      continue;
    }
    if (source[at] == '#') break;
    const std::uint32_t begin = at;
    while (at < line.end && !is_blank(source[at])) at += source[at] == '\\' && at + 1 < line.end ? 2 : 1;
    words.push_back({begin, at});
  }
  return words;
}

bool is_owner(std::string_view word) {
  const std::size_t at = word.find('@');
  if (at == word.npos || word.size() < 2) return false;
  if (at > 0) return word.find('.', at) != word.npos && word.back() != '@';
  const std::size_t slash = word.find('/');
  return word.back() != '/' && slash != 1 && word.find('/', slash == word.npos ? 1 : slash + 1) == word.npos;
}

/// Why GitHub skips a pattern; nothing if it does not.
std::optional<std::string> problem_of(std::string_view pattern) {
  if (pattern.starts_with('!')) return "`!` does not exclude in CODEOWNERS";
  if (pattern.starts_with("\\#")) return "a pattern that begins with # cannot be written in CODEOWNERS";
  if (pattern.find('[') != pattern.npos) return "CODEOWNERS has no ranges such as [a-z]";
  return std::nullopt;
}

/// The same as patterns of a path filter, where `*` stops at a slash as well, and `?` and `+` mean something else.
std::string globs_of(std::string_view pattern) {
  if (pattern.find_first_of("?\\") != pattern.npos) return {};
  const bool folder = pattern.ends_with('/');
  std::string_view core = pattern;
  while (core.ends_with('/')) core.remove_suffix(1);
  const bool anchored = core.find('/') != core.npos;
  while (core.starts_with('/')) core.remove_prefix(1);
  if (core.empty()) return "[\"**\"]";
  const std::string glob = (anchored || core.starts_with("**") ? "" : "**/") + replace_all(std::string(core), "+", "\\+");
  std::string json = "[";
  if (!folder) append_json_string(glob, json);
  const std::string_view last = core.substr(core.rfind('/') + 1);
  if (folder || last.find('*') == last.npos) {
    if (json.size() > 1) json += ',';
    append_json_string(glob + "/**", json);
  }
  return json + ']';
}

}  // namespace

void extract_codeowners(BlobRows& rows) {
  const std::string_view source = rows.source();
  std::uint32_t position = 0;
  for (std::size_t at = 0; at < source.size();) {
    const std::size_t end = std::min(source.find('\n', at), source.size());
    const std::vector<ByteRange> words = words_of(source, {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)});
    at = end + 1;
    if (words.empty()) continue;
    if (position == kMaxRules) return give_up(rows, words.front(), "it holds more than 10,000 patterns");
    CodeownersRuleRow row;
    ByteRange shown = words.front();
    row.position = position++;
    row.pattern = slice(source, words.front());
    row.owners = static_cast<std::int64_t>(words.size()) - 1;
    row.problem = problem_of(row.pattern);
    for (std::size_t i = 1; i < words.size() && !row.problem; ++i) {
      if (is_owner(slice(source, words[i]))) continue;
      row.problem = std::string(slice(source, words[i])) + " is no owner: @user, @organization/team or an address";
      shown = words[i];
    }
    const std::string globs = row.problem ? std::string() : globs_of(row.pattern);
    row.span = rows.span(shown);
    const SpanRef span = row.span;
    if (!globs.empty()) row.globs = globs;
    rows.add(std::move(row));
    // Of `["a","a/**"]` each: no pattern holds a quote that is not escaped.
    for (std::size_t open = globs.find('"'); open != globs.npos; open = globs.find('"', open + 1)) {
      const std::size_t close = globs.find('"', open + 1);
      const std::string glob = replace_all(globs.substr(open + 1, close - open - 1), "\\\\", "\\");
      rows.add(PathMentionRow{{}, {}, span, "root", glob, "owner_pattern", 0});
      open = close;
    }
  }
}

}  // namespace trueup::facts
