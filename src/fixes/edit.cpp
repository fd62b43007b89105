#include "fixes/edit.hpp"

#include <algorithm>
#include <cassert>

namespace trueup::fixes {
namespace {

bool overlap(const Edit& a, const Edit& b) {
  if (a.at.empty() && b.at.empty()) return a.at.begin == b.at.begin;
  // An insertion at the edge of a replaced range is ambiguous too: before or behind the new text?
  if (a.at.empty()) return b.at.begin <= a.at.begin && a.at.begin <= b.at.end;
  if (b.at.empty()) return a.at.begin <= b.at.begin && b.at.begin <= a.at.end;
  return a.at.begin < b.at.end && b.at.begin < a.at.end;
}

}  // namespace

std::optional<std::string> why_not_together(const Edits& some, const Edits& others) {
  for (const Edit& a : some)
    for (const Edit& b : others)
      if (a != b && overlap(a, b))
        return "both change the bytes " + std::to_string(std::max(a.at.begin, b.at.begin)) + " to " +
               std::to_string(std::min(a.at.end, b.at.end));
  return std::nullopt;
}

Result<void> merge(Edits& into, const Edits& more) {
  if (const auto because = why_not_together(into, more)) return Error{Fault::malformed, *because};
  into.insert(into.end(), more.begin(), more.end());
  std::sort(into.begin(), into.end());
  into.erase(std::unique(into.begin(), into.end()), into.end());
  return {};
}

std::string applied(std::string_view text, const Edits& edits) {
  std::string result;
  std::uint32_t at = 0;
  for (const Edit& edit : edits) {
    assert(at <= edit.at.begin && edit.at.end <= text.size());
    result += text.substr(at, edit.at.begin - at);
    result += edit.text;
    at = edit.at.end;
  }
  result += text.substr(at);
  return result;
}

Edit trimmed(std::string_view text, Edit edit) {
  std::string_view before = slice(text, edit.at), after = edit.text;
  std::uint32_t front = 0;
  while (front < before.size() && front < after.size() && before[front] == after[front]) ++front;
  // A character of UTF-8 stays whole.
  while (front > 0 && front < before.size() && (static_cast<unsigned char>(before[front]) & 0xC0) == 0x80) --front;
  before.remove_prefix(front);
  after.remove_prefix(front);
  std::uint32_t back = 0;
  while (back < before.size() && back < after.size() && before[before.size() - 1 - back] == after[after.size() - 1 - back]) ++back;
  while (back > 0 && (static_cast<unsigned char>(before[before.size() - back]) & 0xC0) == 0x80) --back;
  after.remove_suffix(back);
  return {{edit.at.begin + front, edit.at.end - back}, std::string(after)};
}

}  // namespace trueup::fixes
