#include "formats/ref_filter.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace trueup::formats {
namespace {

using Kind = GlobNode::Kind;

bool one_family(char a, char b) {
  const auto within = [&](char low, char high) { return a >= low && a <= high && b >= low && b <= high; };
  return within('a', 'z') || within('A', 'Z') || within('0', '9');
}

class FilterParser {
 public:
  explicit FilterParser(std::string_view pattern, std::size_t begin) : pattern_(pattern), at_(begin) {}

  Result<GlobNode> parse() {
    GlobNode sequence;
    std::vector<GlobNode>& parts = sequence.parts;
    const std::size_t first = at_;
    if (at_ == pattern_.size()) return malformed("the pattern is empty", at_, at_);
    if (pattern_.substr(at_).starts_with("./")) return malformed("paths are matched from the root, without ./", at_, at_ + 2);
    bool repeatable = false;  // whether the last part is a character, which ? and + may follow
    while (at_ < pattern_.size()) {
      const char c = pattern_[at_];
      if (c == '*') {
        parts.push_back(stars(at_ == first || pattern_[at_ - 1] == '/'));
        repeatable = false;
      } else if (c == '?' || c == '+') {
        if (!repeatable)
          return malformed(std::string(1, c) + " repeats the character before it, and there is none", at_, at_ + 1);
        parts.back() = GlobNode::of(c == '?' ? Kind::optional : Kind::at_least_one, std::move(parts.back()));
        repeatable = false;
        ++at_;
      } else if (c == '[') {
        auto bracket = read_bracket();
        if (!bracket) return std::move(bracket).error();
        parts.push_back(*std::move(bracket));
        repeatable = true;
      } else {
        parts.push_back(GlobNode::text(read_character()));
        repeatable = true;
      }
    }
    return sequence;
  }

 private:
  /// `*`, `**` or `**/`.
  GlobNode stars(bool starts_a_part) {
    std::size_t count = 0;
    while (at_ < pattern_.size() && pattern_[at_] == '*') ++at_, ++count;
    GlobNode::ByteSet bytes;
    bytes.set();
    if (count == 1) bytes.reset('/');
    GlobNode run = GlobNode::of(Kind::any_number, GlobNode::any_of(bytes));
    const auto at = [&](std::size_t i) { return i < pattern_.size() ? pattern_[i] : '\0'; };
    const bool slash_is_repeated = at(at_ + 1) == '?' || at(at_ + 1) == '+';
    if (count < 2 || !starts_a_part || at(at_) != '/' || slash_is_repeated) return run;
    ++at_;
    GlobNode folders;
    folders.parts.push_back(std::move(run));
    folders.parts.push_back(GlobNode::byte('/'));
    return GlobNode::of(Kind::optional, std::move(folders));
  }

  std::string_view read_character() {
    constexpr std::string_view kEscapable = "[]?*+\\!";
    if (pattern_[at_] == '\\' && at_ + 1 < pattern_.size() && kEscapable.find(pattern_[at_ + 1]) != std::string_view::npos)
      ++at_;
    const std::string_view character = pattern_.substr(at_, character_length(pattern_.substr(at_)));
    at_ += character.size();
    return character;
  }

  Result<GlobNode> read_bracket() {
    const std::size_t open = at_;
    const std::size_t close = pattern_.find(']', open);
    if (close == std::string_view::npos) return malformed("[ is not closed", open, open + 1);
    if (close == open + 1) return malformed("[] holds no character", open, close + 1);
    GlobNode::ByteSet bytes;
    GlobNode either;
    either.kind = Kind::either;
    for (std::size_t i = open + 1; i < close;) {
      const std::string_view character = pattern_.substr(i, character_length(pattern_.substr(i, close - i)));
      i += character.size();
      if (i < close && pattern_[i] == '-') {
        if (i + 1 == close) return malformed("the end of the range is missing", i, i + 1);
        const char low = character[0], high = pattern_[i + 1];
        if (character.size() > 1 || !one_family(low, high))
          return malformed("a range lies within a-z, A-Z or 0-9", i - character.size(), i + 2);
        if (low > high) return malformed("the range runs backwards", i - 1, i + 2);
        for (char c = low; c <= high; ++c) bytes.set(static_cast<unsigned char>(c));
        i += 2;
      } else if (character.size() == 1) {
        bytes.set(static_cast<unsigned char>(character[0]));
      } else {
        either.parts.push_back(GlobNode::text(character));
      }
    }
    at_ = close + 1;
    if (either.parts.empty()) return GlobNode::any_of(bytes);
    if (bytes.any()) either.parts.push_back(GlobNode::any_of(bytes));
    return either;
  }

  static Error malformed(std::string message, std::size_t begin, std::size_t end) {
    return Error{Fault::malformed, std::move(message),
                 ByteRange{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}};
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
};

}  // namespace

Result<RefFilter> RefFilter::compile(std::string_view pattern) {
  if (pattern.size() > kMaxGlobBytes)
    return Error{Fault::over_limit, "the pattern is longer than 1,024 bytes",
                 ByteRange{0, static_cast<std::uint32_t>(pattern.size())}};
  RefFilter filter;
  filter.negated_ = pattern.starts_with('!');
  auto node = FilterParser(pattern, filter.negated_ ? 1 : 0).parse();
  if (!node) return std::move(node).error();
  filter.machine_ = GlobMachine(*node);
  return filter;
}

Result<RefFilterList> RefFilterList::compile(std::span<const std::string> patterns) {
  std::vector<RefFilter> filters;
  filters.reserve(patterns.size());
  for (const std::string& pattern : patterns) {
    auto filter = RefFilter::compile(pattern);
    if (!filter) {
      constexpr std::size_t kShown = 80;
      return std::move(filter).error().within("pattern \"" + printable(pattern.substr(0, kShown)) + '"');
    }
    filters.push_back(*std::move(filter));
  }
  return RefFilterList(std::move(filters));
}

bool RefFilterList::selects(std::string_view name) const {
  const auto last = std::find_if(filters_.rbegin(), filters_.rend(), [&](const RefFilter& filter) { return filter.matches(name); });
  return last != filters_.rend() && !last->negated();
}

bool ref_passes(const RefFilterList* only, const RefFilterList* ignored, std::string_view name) {
  return (only == nullptr || only->selects(name)) && (ignored == nullptr || !ignored->selects(name));
}

bool paths_pass(const RefFilterList* only, const RefFilterList* ignored, std::span<const std::string> changed) {
  if (only == nullptr && ignored == nullptr) return true;
  return std::any_of(changed.begin(), changed.end(), [&](const std::string& path) { return ref_passes(only, ignored, path); });
}

}  // namespace trueup::formats
