#include "base/text.hpp"

#include <algorithm>
#include <array>
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

/// Optimal string alignment distance.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (same ? 0u : 1u)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
        now[j] = std::min(now[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, now);
  }
  return last[b.size()];
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
  // Names are short; a longer text is no slip of a key, and the distance is quadratic.
  constexpr std::size_t kLongest = 256;
  if (wanted.size() > kLongest) return std::nullopt;
  std::optional<std::string> best;
  std::size_t best_distance = 0;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kLongest) continue;
    const std::size_t distance = edit_distance(wanted, candidate);
    if (distance * 3 > std::max(wanted.size(), candidate.size())) continue;
    if (!best || distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

}  // namespace trueup
