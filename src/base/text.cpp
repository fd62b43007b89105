#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdio>

namespace trueup {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

struct Decoded {
  char32_t code = 0;
  std::size_t length = 0;  // 0: not well-formed
};

/// One character by Unicode's table 3-7.
Decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned b0 = byte(0);
  if (b0 < 0x80) return {b0, 1};
  const auto continues = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(i) >= low && byte(i) <= high;
  };
  if (b0 >= 0xC2 && b0 <= 0xDF && continues(1)) return {((b0 & 0x1Fu) << 6) | (byte(1) & 0x3Fu), 2};
  if (b0 >= 0xE0 && b0 <= 0xEF) {
    const unsigned low = b0 == 0xE0 ? 0xA0 : 0x80, high = b0 == 0xED ? 0x9F : 0xBF;
    if (continues(1, low, high) && continues(2))
      return {((b0 & 0x0Fu) << 12) | ((byte(1) & 0x3Fu) << 6) | (byte(2) & 0x3Fu), 3};
  }
  if (b0 >= 0xF0 && b0 <= 0xF4) {
    const unsigned low = b0 == 0xF0 ? 0x90 : 0x80, high = b0 == 0xF4 ? 0x8F : 0xBF;
    if (continues(1, low, high) && continues(2) && continues(3))
      return {((b0 & 0x07u) << 18) | ((byte(1) & 0x3Fu) << 12) | ((byte(2) & 0x3Fu) << 6) | (byte(3) & 0x3Fu), 4};
  }
  return {};
}

bool deceives(char32_t c) {
  return (c >= 0x7F && c <= 0x9F) || c == 0xAD || c == 0x61C || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
         (c >= 0xE0000 && c <= 0xE0FFF);
}

/// Longest name that another one is held against; names are short, and the distance costs the product of both lengths.
constexpr std::size_t kLongestName = 256;

/// Which letters occur, without their case: each edit brings in or takes away one at most.
std::uint64_t letters_of(std::string_view text) {
  std::uint64_t letters = 0;
  for (const char c : text) letters |= std::uint64_t{1} << (static_cast<unsigned char>(lower(c)) & 63u);
  return letters;
}

/// Optimal string alignment distance of two names of at most kLongestName bytes, without their case; more than `most` where it is more
/// than that. Only the cells that lie so near the diagonal are computed.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t most) {
  if (b.empty()) return a.size();
  std::array<std::array<std::size_t, kLongestName + 1>, 3> rows;
  const std::size_t far = most + 1;
  auto *before = &rows[0], *last = &rows[1], *now = &rows[2];
  for (std::size_t j = 0; j <= b.size(); ++j) (*last)[j] = j;
  std::size_t least_of_last = 0;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    const std::size_t from = i > most ? i - most : 1, to = std::min(b.size(), i + most);
    if (from > to) return far;
    (*now)[from - 1] = from == 1 ? i : far;
    std::size_t least = (*now)[from - 1];
    for (std::size_t j = from; j <= to; ++j) {
      const char x = lower(a[i - 1]), y = lower(b[j - 1]);
      const std::size_t above = j < i + most || i == 1 ? (*last)[j] + 1 : far;  // else not computed there
      std::size_t least_edits = std::min({above, (*now)[j - 1] + 1, (*last)[j - 1] + (x == y ? 0u : 1u)});
      if (i > 1 && j > 1 && x == lower(b[j - 2]) && lower(a[i - 2]) == y) least_edits = std::min(least_edits, (*before)[j - 2] + 1);
      (*now)[j] = least_edits;
      least = std::min(least, least_edits);
    }
    // A swap of neighbours goes on from the row before the last one.
    if (least > most && least_of_last > most) return far;
    least_of_last = least;
    std::swap(before, last);
    std::swap(last, now);
  }
  return (*last)[b.size()];
}

}  // namespace

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  std::size_t from = 0;
  for (std::size_t at; (at = text.find(separator, from)) != std::string_view::npos; from = at + 1)
    parts.push_back(text.substr(from, at - from));
  parts.push_back(text.substr(from));
  return parts;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  const auto begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string joined;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) joined += separator;
    joined += parts[i];
  }
  return joined;
}

std::string ascii_lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

bool equal_ignoring_ascii_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string replace_all(std::string_view text, std::string_view from, std::string_view to) {
  std::string result;
  std::size_t at = 0;
  for (std::size_t found; (found = text.find(from, at)) != std::string_view::npos; at = found + from.size()) {
    result += text.substr(at, found - at);
    result += to;
  }
  result += text.substr(at);
  return result;
}

Character first_character(std::string_view text) {
  const Decoded next = decode(text);
  return next.length == 0 ? Character{text.substr(0, 1), 0xFFFD} : Character{text.substr(0, next.length), next.code};
}

TextLength text_length(std::string_view text) {
  TextLength length;
  while (!text.empty()) {
    const Character next = first_character(text);
    ++length.characters;
    length.utf16_units += next.code > 0xFFFF ? 2 : 1;
    text.remove_prefix(next.bytes.size());
  }
  return length;
}

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    if (static_cast<unsigned char>(text[i]) < 0x80) {
      ++i;
      continue;
    }
    const Decoded next = decode(text.substr(i));
    if (next.length == 0) return i;
    i += next.length;
  }
  return std::nullopt;
}

std::string printable(std::string_view text, bool keep_newlines) {
  std::string shown;
  shown.reserve(text.size());
  std::array<char, 16> escape{};
  for (std::size_t i = 0; i < text.size();) {
    const Decoded next = decode(text.substr(i));
    const auto byte = static_cast<unsigned char>(text[i]);
    if (next.length == 0) {
      std::snprintf(escape.data(), escape.size(), "\\x%02X", byte);
      shown += escape.data();
      ++i;
      continue;
    }
    const bool plain_control = keep_newlines && (byte == '\n' || byte == '\t');
    if ((next.code < 0x20 && !plain_control) || deceives(next.code)) {
      std::snprintf(escape.data(), escape.size(), next.code < 0x80 ? "\\x%02X" : "\\u{%X}", static_cast<unsigned>(next.code));
      shown += escape.data();
    } else {
      shown += text.substr(i, next.length);
    }
    i += next.length;
  }
  return shown;
}

std::optional<std::string> nearest_name(std::string_view wanted, std::span<const std::string> candidates) {
  if (wanted.size() > kLongestName) return std::nullopt;
  const std::uint64_t letters = letters_of(wanted);
  const std::string* best = nullptr;
  std::size_t best_distance = 0;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kLongestName) continue;
    const std::size_t longer = std::max(wanted.size(), candidate.size()), shorter = std::min(wanted.size(), candidate.size());
    std::size_t most = longer / 3;
    if (best != nullptr) {
      if (best_distance == 0) break;
      most = std::min(most, best_distance - 1);
    }
    // Most names are no slip of the wanted one, and that shows without counting edits.
    if (longer - shorter > most) continue;
    const std::uint64_t others = letters_of(candidate);
    if (static_cast<std::size_t>(std::max(std::popcount(letters & ~others), std::popcount(others & ~letters))) > most) continue;
    const std::size_t distance = edit_distance(wanted, candidate, most);
    if (distance > most) continue;
    best = &candidate;
    best_distance = distance;
  }
  return best == nullptr ? std::nullopt : std::optional(*best);
}

namespace {

std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool between = c == '-' || c == '_' || c == '.' || c == '/' || c == ' ';
    const bool begins = i > 0 && c >= 'A' && c <= 'Z' && name[i - 1] >= 'a' && name[i - 1] <= 'z';
    if ((between || begins) && !words.back().empty()) words.emplace_back();
    if (!between) words.back() += lower(c);
  }
  return words;
}

bool is_slip_of_word(std::string_view a, std::string_view b) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (a.size() > kLongestName || b.size() > kLongestName || std::ranges::any_of(a, is_digit) || std::ranges::any_of(b, is_digit)) return false;
  if (edit_distance(a, b, 1) > 1) return false;
  std::string sorted_a(a), sorted_b(b);
  std::ranges::sort(sorted_a);
  std::ranges::sort(sorted_b);
  return sorted_a == sorted_b || std::min(a.size(), b.size()) >= 5;
}

}  // namespace

bool is_slip(std::string_view a, std::string_view b) {
  const std::vector<std::string> these = words_of(a), those = words_of(b);
  if (join(these, "") == join(those, "")) return true;
  if (these.size() != those.size()) return false;
  std::size_t different = 0, at = 0;
  for (std::size_t i = 0; i < these.size(); ++i)
    if (these[i] != those[i]) {
      ++different;
      at = i;
    }
  return different == 1 && is_slip_of_word(these[at], those[at]);
}

}  // namespace trueup
