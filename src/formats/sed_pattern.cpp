#include "formats/sed_pattern.hpp"

#include <re2/re2.h>

#include "base/text.hpp"

namespace trueup::formats {
namespace {

constexpr std::size_t kMaxBytes = 1024;
constexpr int kMaxInstructions = 5000;
constexpr std::string_view kSwapped = "(){}|+?";  // in basic expressions these are special behind a backslash

/// The bytes up to the delimiter, which is taken away; brackets hide none.
std::optional<std::string_view> take_until(std::string_view& rest, char delimiter) {
  for (std::size_t at = 0; at < rest.size(); ++at) {
    if (rest[at] == '\\') {
      ++at;
    } else if (rest[at] == delimiter) {
      const std::string_view taken = rest.substr(0, at);
      rest.remove_prefix(at + 1);
      return taken;
    }
  }
  return std::nullopt;
}

/// Copies [...] from `at` on; false where RE2 would read it otherwise.
bool copy_bracket(std::string_view pattern, std::size_t& at, std::string& result) {
  std::size_t end = at + 1;
  if (end < pattern.size() && pattern[end] == '^') ++end;
  if (end < pattern.size() && pattern[end] == ']') return false;  // a bracket that holds ]
  while (end < pattern.size() && pattern[end] != ']') {
    if (pattern[end] == '\\') return false;
    if (pattern.substr(end, 2) == "[:") {
      const std::size_t close = pattern.find(":]", end + 2);
      if (close == pattern.npos) return false;
      end = close + 1;
    }
    ++end;
  }
  if (end >= pattern.size()) return false;
  result += pattern.substr(at, end - at + 1);
  at = end;
  return true;
}

}  // namespace

std::optional<std::string> sed_pattern(std::string_view expression, bool extended) {
  expression = trim(expression);
  if (expression.size() > kMaxBytes || expression.size() < 4 || expression[0] != 's') return std::nullopt;
  const char delimiter = expression[1];
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  if (is_word(delimiter) || delimiter == '\\' || delimiter == '\n' || delimiter == ' ' || kSwapped.find(delimiter) != kSwapped.npos) {
    if (delimiter != '|' || expression.find("\\|") != expression.npos) return std::nullopt;
  }
  std::string_view rest = expression.substr(2);
  const auto pattern = take_until(rest, delimiter);
  if (!pattern || pattern->empty() || !take_until(rest, delimiter)) return std::nullopt;
  bool fold = false;
  for (const char flag : rest) {
    fold = fold || flag == 'i' || flag == 'I';
    if (flag != 'g' && flag != 'i' && flag != 'I' && flag != 'p' && (flag < '0' || flag > '9')) return std::nullopt;
  }
  std::string result = fold ? "(?i)" : "";
  for (std::size_t at = 0; at < pattern->size(); ++at) {
    const char c = (*pattern)[at];
    const char next = at + 1 < pattern->size() ? (*pattern)[at + 1] : '\0';
    if (c == '$' && (next == '{' || next == '(' || is_word(next))) return std::nullopt;  // the shell's
    if (c == '[') {
      if (!copy_bracket(*pattern, at, result)) return std::nullopt;
    } else if (c == '\\') {
      ++at;
      if (next == delimiter) result += is_word(next) || next == '/' || next == '"' || next == ',' || next == '#' || next == '@' || next == ':' ? std::string(1, next) : "\\" + std::string(1, next);
      else if (!extended && kSwapped.find(next) != kSwapped.npos) result += next;
      else if (next == '<' || next == '>') result += "\\b";
      else if ((is_word(next) && std::string_view("nstwWSbB").find(next) == std::string_view::npos) || next == '\0') return std::nullopt;
      else result += {'\\', next};
    } else if (!extended && kSwapped.find(c) != kSwapped.npos) {
      result += {'\\', c};
    } else if (c == '*' && (at == 0 || (at == 1 && (*pattern)[0] == '^'))) {
      result += "\\*";
    } else {
      result += c;
    }
  }
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(1 << 20);
  const RE2 compiled(result, options);
  if (!compiled.ok() || compiled.ProgramSize() > kMaxInstructions) return std::nullopt;
  return result;
}

}  // namespace trueup::formats
