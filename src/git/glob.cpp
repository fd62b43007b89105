#include "git/glob.hpp"

#include <cstddef>

namespace trueup::git {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

/// The index after the `]` that closes the class that starts at `open`, or kNone. A `]` in first place is a member.
std::size_t class_end(std::string_view pattern, std::size_t open) {
  std::size_t i = open + 1;
  if (i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^')) ++i;
  for (bool first = true; i < pattern.size(); ++i, first = false) {
    if (pattern[i] == '\\') ++i;
    else if (pattern[i] == ']' && !first) return i + 1;
  }
  return kNone;
}

bool class_holds(std::string_view members, unsigned char byte) {
  const bool negated = !members.empty() && (members.front() == '!' || members.front() == '^');
  if (negated) members.remove_prefix(1);
  bool held = false;
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (members[i] == '\\' && i + 1 < members.size()) ++i;
    const auto low = static_cast<unsigned char>(members[i]);
    auto high = low;
    if (i + 2 < members.size() && members[i + 1] == '-') {
      i += 2;
      if (members[i] == '\\' && i + 1 < members.size()) ++i;
      high = static_cast<unsigned char>(members[i]);
    }
    held = held || (low <= byte && byte <= high);
  }
  return held != negated;
}

/// Matches the one pattern element at `at` (no star) against `byte`; gives the index after it, or kNone.
std::size_t match_one(std::string_view pattern, std::size_t at, char byte) {
  switch (pattern[at]) {
    case '?': return at + 1;
    case '[': {
      const std::size_t end = class_end(pattern, at);
      if (end == kNone) return kNone;
      return class_holds(pattern.substr(at + 1, end - at - 2), static_cast<unsigned char>(byte)) ? end : kNone;
    }
    case '\\':
      if (at + 1 < pattern.size()) return pattern[at + 1] == byte ? at + 2 : kNone;
      [[fallthrough]];
    default: return pattern[at] == byte ? at + 1 : kNone;
  }
}

}  // namespace

bool is_ref_glob(std::string_view text) { return text.find_first_of("*?[") != std::string_view::npos; }

bool is_well_formed_ref_glob(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size();) {
    if (pattern[i] == '\\') {
      i += 2;
    } else if (pattern[i] == '[') {
      i = class_end(pattern, i);
      if (i == kNone) return false;
    } else {
      ++i;
    }
  }
  return true;
}

bool ref_glob_matches(std::string_view pattern, std::string_view name) {
  // Only the last star is ever widened: an earlier one that had to be longer would only skip more of the same.
  std::size_t at = 0, i = 0, star = kNone, star_covers = 0;
  while (i < name.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = ++at;
      star_covers = i;
      continue;
    }
    const std::size_t next = at < pattern.size() ? match_one(pattern, at, name[i]) : kNone;
    if (next != kNone) {
      at = next;
      ++i;
    } else if (star != kNone) {
      at = star;
      i = ++star_covers;
    } else {
      return false;
    }
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

}  // namespace trueup::git
