#include "live/netrc.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace trueup::live {

namespace {

class Words {
 public:
  explicit Words(std::string_view text) : rest_(text) {}

  std::optional<std::string> next() {
    skip_blanks_and_comments();
    if (rest_.empty()) return std::nullopt;
    if (rest_.front() == '"') return quoted();
    const std::size_t end = std::min(rest_.find_first_of(" \t\r\n"), rest_.size());
    std::string word(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return word;
  }

  /// A macro ends with an empty line.
  void skip_macro() {
    const std::size_t end = std::min(rest_.find("\n\n"), rest_.find("\n\r\n"));
    rest_.remove_prefix(std::min(end, rest_.size()));
  }

 private:
  void skip_blanks_and_comments() {
    while (true) {
      rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
      if (!rest_.starts_with('#')) return;
      rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
    }
  }

  std::string quoted() {
    std::string word;
    std::size_t i = 1;
    for (; i < rest_.size() && rest_[i] != '"'; ++i) {
      if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
      word += rest_[i];
    }
    rest_.remove_prefix(std::min(i + 1, rest_.size()));
    return word;
  }

  std::string_view rest_;
};

}  // namespace

std::optional<NetrcEntry> find_in_netrc(std::string_view text, std::string_view host) {
  Words words(text);
  bool ours = false;
  NetrcEntry entry;
  while (auto word = words.next()) {
    if (*word == "machine" || *word == "default") {
      if (ours && !entry.login.empty() && !entry.password.empty()) return entry;
      entry = {};
      ours = *word == "machine" && equal_ignoring_ascii_case(words.next().value_or(""), host);
    } else if (*word == "login") {
      entry.login = words.next().value_or("");
    } else if (*word == "password") {
      entry.password = Secret(words.next().value_or(""));
    } else if (*word == "account") {
      words.next();
    } else if (*word == "macdef") {
      words.skip_macro();
    }
  }
  if (ours && !entry.login.empty() && !entry.password.empty()) return entry;
  return std::nullopt;
}

}  // namespace trueup::live
