#include "formats/ignored_path.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "formats/json_pointer.hpp"

namespace trueup::formats {
namespace {

/// Steps that lead to a place; nothing for any element of a list, or any value of a mapping.
struct Steps {
  std::vector<std::optional<std::string>> steps;  ///< escaped, as in a pointer
  bool whole = true;                              ///< there is nothing more to the path
};

Steps steps_of_pointer(std::string_view pointer) {
  Steps path;
  for (std::size_t begin = 0; begin < pointer.size();) {
    const std::size_t end = std::min(pointer.find('/', begin + 1), pointer.size());
    path.steps.emplace_back(pointer.substr(begin + 1, end - begin - 1));
    begin = end;
  }
  return path;
}

constexpr bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

class JqReader {
 public:
  explicit JqReader(std::string_view text) : text_(text) {}

  /// Nothing where not even the beginning can be read.
  std::optional<Steps> read() {
    Steps path;
    do {
      blanks();
      const std::size_t before = at_;
      while (step(path)) {
      }
      if (at_ == before && !(at_ < text_.size() && text_[at_] == '.' && alone())) {
        path.whole = false;
        return path.steps.empty() ? std::nullopt : std::optional(path);
      }
      blanks();
    } while (take('|'));
    if (at_ == text_.size()) return path;
    return std::nullopt;  // `,` and `//` have another side, which may lead anywhere
  }

 private:
  void blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) ++at_;
  }
  bool take(char wanted) {
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  /// A `.` that is the value itself.
  bool alone() {
    std::size_t next = at_ + 1;
    while (next < text_.size() && text_[next] == ' ') ++next;
    if (next < text_.size() && text_[next] != '|') return false;
    ++at_;
    return true;
  }

  /// `.field`, `."field"`, `.[…]` or `[…]`, with `?` behind it. Nothing is taken where it is none of them.
  bool step(Steps& path) {
    const std::size_t begin = at_;
    const bool dot = take('.');
    std::optional<std::string> found;
    bool any = false;
    if (at_ < text_.size() && text_[at_] == '[') {
      ++at_;
      blanks();
      if (at_ < text_.size() && text_[at_] == ']') any = true;
      else if (at_ < text_.size() && text_[at_] == '"') found = quoted();
      else found = digits();
      blanks();
      if (!take(']')) found.reset(), any = false;
    } else if (dot && at_ < text_.size() && text_[at_] == '"') {
      found = quoted();
    } else if (dot) {
      const std::size_t word = at_;
      while (at_ < text_.size() && is_word(text_[at_])) ++at_;
      if (at_ > word && !(text_[word] >= '0' && text_[word] <= '9')) found = std::string(text_.substr(word, at_ - word));
    }
    if (!found && !any) {
      at_ = begin;
      return false;
    }
    take('?');
    if (any) path.steps.emplace_back(std::nullopt);
    else path.steps.emplace_back(step_below("", *found).substr(1));
    return true;
  }

  /// A text without escapes.
  std::optional<std::string> quoted() {
    const std::size_t end = text_.find('"', at_ + 1);
    if (end == text_.npos || text_.substr(at_, end - at_).find('\\') != text_.npos) return std::nullopt;
    std::string text(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return text;
  }
  std::optional<std::string> digits() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    if (at_ == begin) return std::nullopt;
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<bool> ignored_path(std::string_view language, std::string_view path, std::string_view pointer) {
  std::optional<Steps> ignored;
  if (language == "json_pointer") {
    if (!path.starts_with('/')) return false;  // ArgoCD cannot apply it
    ignored = steps_of_pointer(path);
  }
  if (language == "jq") ignored = JqReader(path).read();
  if (!ignored) return std::nullopt;
  const Steps place = steps_of_pointer(pointer);
  const std::size_t common = std::min(ignored->steps.size(), place.steps.size());
  for (std::size_t i = 0; i < common; ++i)
    if (ignored->steps[i] && *ignored->steps[i] != *place.steps[i]) return false;
  if (ignored->steps.size() > place.steps.size() || !ignored->whole) return std::nullopt;
  return true;
}

}  // namespace trueup::formats
