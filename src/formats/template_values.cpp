#include "formats/template_values.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>

#include "base/text.hpp"
#include "formats/json_pointer.hpp"

namespace trueup::formats {
namespace {

struct Token {
  enum class Kind { word, text, other } kind = Kind::other;
  std::string value;
  ByteRange range;
};

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '$' || static_cast<unsigned char>(c) >= 0x80; }

/// The tokens of one action of `text`, which begins behind {{. Moves `rest` behind its }}.
std::vector<Token> tokens_of(std::string_view text, std::string_view& rest) {
  std::vector<Token> tokens;
  const auto offset = [&] { return static_cast<std::uint32_t>(text.size() - rest.size()); };
  while (!rest.empty() && !rest.starts_with("}}")) {
    const char c = rest.front();
    if (rest.starts_with("/*")) {
      const std::size_t end = rest.find("*/", 2);
      rest.remove_prefix(end == rest.npos ? rest.size() : end + 2);
    } else if (c == '"' || c == '`' || c == '\'') {
      Token token{Token::Kind::text, "", {offset(), offset()}};
      std::size_t at = 1;
      for (; at < rest.size() && rest[at] != c; ++at) {
        if (c != '`' && rest[at] == '\\' && at + 1 < rest.size()) ++at;
        token.value += rest[at];
      }
      rest.remove_prefix(std::min(at + 1, rest.size()));
      token.range.end = offset();
      tokens.push_back(std::move(token));
    } else if (is_word(c)) {
      const auto end = std::ranges::find_if_not(rest, is_word) - rest.begin();
      tokens.push_back({Token::Kind::word, std::string(rest.substr(0, static_cast<std::size_t>(end))), {offset(), offset() + static_cast<std::uint32_t>(end)}});
      rest.remove_prefix(static_cast<std::size_t>(end));
    } else {
      if (c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != '-') tokens.push_back({Token::Kind::other, std::string(1, c), {offset(), offset() + 1}});
      rest.remove_prefix(1);
    }
  }
  rest.remove_prefix(std::min<std::size_t>(2, rest.size()));
  return tokens;
}

/// Whether what is named becomes the dot of a block, which may read all below it.
bool is_dot_of(const std::vector<Token>& tokens) { return tokens[0].value == "with" || (tokens.size() > 1 && tokens[0].value == "else" && tokens[1].value == "with"); }

/// Reads the word at `at` if it names values.
void read_word(const std::vector<Token>& tokens, std::size_t at, bool guards, TemplateValues& values) {
  const std::vector<std::string_view> parts = split(tokens[at].value, '.');
  const auto named = std::ranges::find(parts, "Values");
  if (named == parts.end() || named == parts.begin()) return;
  std::string pointer;
  for (auto part = named + 1; part != parts.end() && !part->empty(); ++part) append_step(pointer, *part);
  const auto is_text = [&](std::size_t i) { return i < tokens.size() && tokens[i].kind == Token::Kind::text; };
  const std::string_view before = at > 0 && tokens[at - 1].kind == Token::Kind::word ? std::string_view(tokens[at - 1].value) : "";
  if (before == "index" || before == "get" || before == "hasKey") {
    for (std::size_t i = at + 1; is_text(i); ++i) append_step(pointer, tokens[i].value);
  } else {
    std::size_t first = at;
    while (first > 0 && is_text(first - 1)) --first;
    const std::string_view function = first > 0 && first < at ? std::string_view(tokens[first - 1].value) : "";
    const std::size_t end = function == "dig" ? at - 1 : function == "pluck" ? at : first;  // the last text of dig is what it gives instead
    for (std::size_t i = first; i < end; ++i) append_step(pointer, tokens[i].value);
  }
  if (pointer.empty()) {
    values.all = true;
    return;
  }
  if (guards && is_dot_of(tokens)) values.reads.push_back({pointer, tokens[at].range, false});
  values.reads.push_back({std::move(pointer), tokens[at].range, guards});
}

/// For each token, whether the action opens a block that is left out where this is not set: `if .Values.a`, `else with (.Values.a)`,
/// `if and .Values.a (eq .Values.b "x")` for the first.
std::vector<bool> guarding(const std::vector<Token>& tokens) {
  std::vector<bool> guards(tokens.size());
  const auto word = [&](std::size_t i) { return i < tokens.size() && tokens[i].kind == Token::Kind::word ? std::string_view(tokens[i].value) : ""; };
  std::size_t first = word(0) == "else" ? 1 : 0;
  if (word(first) != "if" && word(first) != "with") return guards;
  // A variable that is set, or what a pipe makes of it, is something else than the value.
  if (std::ranges::any_of(tokens, [](const Token& token) { return token.value == "|" || token.value == ":" || token.value == "="; })) return guards;
  ++first;
  const bool every = word(first) == "and";
  if (every) ++first;
  std::vector<bool> call;  // of each open parenthesis: whether a function stands in it
  for (std::size_t i = first; i < tokens.size(); ++i) {
    if (tokens[i].value == "(") call.push_back(!(word(i + 1).starts_with('.') || word(i + 1).starts_with('$')));
    else if (tokens[i].value == ")" && !call.empty()) call.pop_back();
    else guards[i] = (every || i == first || !call.empty()) && std::ranges::none_of(call, std::identity()) && (word(i).starts_with('.') || word(i).starts_with('$'));
  }
  return guards;
}

}  // namespace

TemplateValues read_template_values(std::string_view text) {
  TemplateValues values;
  std::string_view rest = text;
  for (std::size_t begin = rest.find("{{"); begin != rest.npos; begin = rest.find("{{")) {
    rest.remove_prefix(begin + 2);
    const std::vector<Token> tokens = tokens_of(text, rest);
    const std::vector<bool> guards = guarding(tokens);
    for (std::size_t i = 0; i < tokens.size(); ++i)
      if (tokens[i].kind == Token::Kind::word) read_word(tokens, i, guards[i], values);
  }
  return values;
}

}  // namespace trueup::formats
