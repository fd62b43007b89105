#include "live/header_fields.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace trueup::live {

namespace {

constexpr std::size_t kMaxChallenges = 16;

bool is_token_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

/// Reads the parts that header fields are made of, from left to right.
class FieldReader {
 public:
  explicit FieldReader(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  void skip(std::string_view characters) {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(characters), rest_.size()));
  }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string_view token() {
    const auto end = std::ranges::find_if_not(rest_, is_token_character);
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(taken.size());
    return taken;
  }
  /// A token or a quoted string, unquoted.
  std::string value() {
    if (!take('"')) return std::string(token());
    std::string text;
    while (!rest_.empty() && !take('"')) {
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      text += rest_.front();
      rest_.remove_prefix(1);
    }
    return text;
  }
  /// Everything up to `stop`, and that too.
  std::string until(char stop) {
    const std::size_t end = std::min(rest_.find(stop), rest_.size());
    std::string text(rest_.substr(0, end));
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return text;
  }
  bool next_is(char c) const { return rest_.starts_with(c); }

 private:
  std::string_view rest_;
};

void read_challenges(std::string_view header, std::vector<Challenge>& challenges) {
  FieldReader reader(header);
  while (!reader.at_end() && challenges.size() < kMaxChallenges) {
    reader.skip(" \t,");
    const std::string word = ascii_lower(reader.token());
    if (word.empty()) {
      reader.until(',');  // no token here: not our grammar
      continue;
    }
    reader.skip(" \t");
    // name "=" belongs to the challenge before; a word without "=" begins a new one.
    if (!reader.take('=')) {
      challenges.push_back({word, {}});
      continue;
    }
    if (reader.next_is('=')) {
      reader.until(',');  // padding of a token68, as in "Negotiate YWJj=="
      continue;
    }
    reader.skip(" \t");
    std::string value = reader.value();
    if (!challenges.empty()) challenges.back().parameters.try_emplace(word, std::move(value));
  }
}

}  // namespace

std::string_view Challenge::parameter(std::string_view name) const {
  const auto found = parameters.find(std::string(name));
  return found == parameters.end() ? std::string_view() : std::string_view(found->second);
}

std::vector<Challenge> parse_challenges(std::span<const std::string_view> headers) {
  std::vector<Challenge> challenges;
  for (const std::string_view header : headers) read_challenges(header, challenges);
  return challenges;
}

std::optional<std::string> next_link(std::span<const std::string_view> headers) {
  for (const std::string_view header : headers) {
    FieldReader reader(header);
    while (!reader.at_end()) {
      reader.skip(" \t,");
      if (!reader.take('<')) break;
      std::string target = reader.until('>');
      bool next = false;
      for (reader.skip(" \t"); reader.take(';'); reader.skip(" \t")) {
        reader.skip(" \t");
        const std::string_view name = reader.token();
        reader.skip(" \t");
        if (!reader.take('=')) continue;
        reader.skip(" \t");
        const std::string value = reader.value();
        if (!equal_ignoring_ascii_case(name, "rel")) continue;
        const auto relations = split(value, ' ');
        next = next || std::ranges::any_of(relations, [](auto r) { return equal_ignoring_ascii_case(r, "next"); });
      }
      if (next) return target;
    }
  }
  return std::nullopt;
}

}  // namespace trueup::live
