#include "formats/release_version.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "formats/semver.hpp"
#include "formats/version_range.hpp"

namespace trueup::formats {
namespace {

constexpr std::size_t kMaxBytes = 256, kMaxNumbers = 4, kDigits = 20;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Words that name one thing, as they sort: dev before alpha, as with PEP 440.
struct Word {
  std::string_view written, as;
};
constexpr auto kWords = std::to_array<Word>({{"a", "alpha"}, {"b", "beta"}, {"c", "rc"}, {"dev", " dev"}, {"pre", "rc"}, {"preview", "rc"}});
constexpr std::array<std::string_view, 3> kAfter = {"post", "r", "rev"};

std::string padded(std::string_view digits) {
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return std::string(kDigits - std::min(kDigits, digits.size()), '0') + std::string(digits);
}

std::string word_key(std::string_view text) {
  const std::string lower = ascii_lower(text);
  for (const Word& word : kWords)
    if (word.written == lower) return std::string(word.as);
  return lower;
}

}  // namespace

std::optional<ReleaseVersion> ReleaseVersion::parse(std::string_view text) {
  if (text.size() > kMaxBytes) return std::nullopt;
  ReleaseVersion version;
  if (text.starts_with('v')) {
    version.v_prefix = true;
    text.remove_prefix(1);
  }
  const std::string_view whole = text;
  std::size_t numbers = 0, at = 0;
  std::string key;
  while (numbers < kMaxNumbers) {
    const std::size_t begin = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    if (at == begin || at - begin > kDigits) return std::nullopt;
    version.leading_zeros = version.leading_zeros || (at - begin > 1 && text[begin] == '0');
    key += padded(text.substr(begin, at - begin)) + '.';
    ++numbers;
    if (at + 1 >= text.size() || text[at] != '.' || !is_digit(text[at + 1])) break;
    ++at;
  }
  if (numbers < 2) return std::nullopt;
  version.final_text = whole.substr(0, at);
  for (; numbers < kMaxNumbers; ++numbers) key += std::string(kDigits, '0') + '.';
  version.final_key = key + '~';
  std::string_view rest = text.substr(at);
  rest = rest.substr(0, rest.find('+'));
  if (rest.empty()) {
    version.key = version.final_key;
    return version;
  }
  const bool joined = is_letter(rest.front());
  if (!joined && rest.front() != '-' && rest.front() != '.' && rest.front() != '_') return std::nullopt;
  std::string suffix;
  bool first = true, after = false;
  for (std::size_t i = joined ? 0 : 1; i < rest.size();) {
    const std::size_t begin = i;
    if (is_digit(rest[i])) {
      while (i < rest.size() && is_digit(rest[i])) ++i;
      if (i - begin > kDigits) return std::nullopt;
      // Numbers stand below words, as in SemVer.
      suffix += "!" + padded(rest.substr(begin, i - begin));
    } else if (is_letter(rest[i])) {
      while (i < rest.size() && is_letter(rest[i])) ++i;
      const std::string word = word_key(rest.substr(begin, i - begin));
      after = after || (first && std::find(kAfter.begin(), kAfter.end(), word) != kAfter.end());
      suffix += "#" + word;
    } else if (rest[i] == '.' || rest[i] == '-' || rest[i] == '_') {
      ++i;
      continue;
    } else {
      return std::nullopt;
    }
    first = false;
  }
  // "7.6." and "7.6-" are no versions, "7.6.x" is a branch's name.
  if (suffix.empty() || ((rest.front() == '.') && (suffix == "#x"))) return std::nullopt;
  version.is_candidate = !after;
  version.key = key + (after ? "~" : "-") + suffix;
  if (after) version.final_key = version.key;
  return version;
}

namespace {

/// The version that begins at `at`: up to what is none of it.
std::string_view version_at(std::string_view range, std::size_t at) {
  const std::size_t begin = std::min(range.find_first_not_of(' ', at), range.size());
  return range.substr(begin, std::min(range.find_first_of(" ,|", begin), range.size()) - begin);
}

/// A range without the operators of PEP 440: `~=7.6.1` is `>=7.6.1,<7.7`, `==` is `=`. Nothing where it is malformed.
std::optional<std::string> without_python(std::string_view range) {
  std::string result;
  for (std::size_t at = 0; at < range.size();) {
    if (range.substr(at).starts_with("==")) {
      result += '=';
      at += 2;
    } else if (range.substr(at).starts_with("~=")) {
      const std::string_view version = version_at(range, at + 2);
      const std::size_t last = version.rfind('.'), before = last == 0 || last == version.npos ? version.npos : version.rfind('.', last - 1);
      if (last == version.npos || version.find_first_not_of("0123456789.") != version.npos) return std::nullopt;
      const std::size_t begin = before == version.npos ? 0 : before + 1;
      const std::string_view raised = version.substr(begin, last - begin);
      if (raised.empty() || raised.size() > 9) return std::nullopt;
      result += ">=" + std::string(version) + ",<" + std::string(version.substr(0, begin)) + std::to_string(std::stoul(std::string(raised)) + 1);
      at = static_cast<std::size_t>(version.data() - range.data()) + version.size();
    } else {
      result += range[at++];
    }
  }
  return result;
}

/// The range with the numbers that are missing after `>` and `<=` as zeros, as PEP 440 reads them.
std::string with_zeros(std::string_view range) {
  std::string result;
  for (std::size_t at = 0; at < range.size();) {
    const bool above = range[at] == '>' && !range.substr(at).starts_with(">="), most = range.substr(at).starts_with("<=");
    if (!above && !most) {
      result += range[at++];
      continue;
    }
    const std::string_view version = version_at(range, at + (most ? 2 : 1));
    result += most ? "<=" : ">";
    result += version;
    if (!version.empty() && version.find_first_not_of("0123456789.") == version.npos)
      for (auto dots = std::ranges::count(version, '.'); dots < 2; ++dots) result += ".0";
    at = static_cast<std::size_t>(version.data() - range.data()) + version.size();
  }
  return result;
}

}  // namespace

std::optional<bool> release_within(std::string_view range, std::string_view release) {
  const auto version = Version::parse(release);
  const auto plain = without_python(trim(range));
  if (!version || !plain) return std::nullopt;
  const auto as_written = VersionRange::parse(*plain), as_python = VersionRange::parse(with_zeros(*plain));
  if (!as_written || !as_python || as_written->matches(*version) != as_python->matches(*version)) return std::nullopt;
  return as_written->matches(*version);
}

std::optional<TagShape> TagShape::parse(std::string_view shape) {
  constexpr std::string_view kVersion = "{version}", kName = "{name}";
  const std::size_t version = shape.find(kVersion);
  if (version == std::string_view::npos) return std::nullopt;
  TagShape result;
  const std::size_t name = shape.find(kName);
  result.has_name_ = name != std::string_view::npos;
  if (result.has_name_) {
    if (name > version) return std::nullopt;
    result.before_ = shape.substr(0, name);
    result.between_ = shape.substr(name + kName.size(), version - name - kName.size());
  } else {
    result.between_ = shape.substr(0, version);
  }
  result.after_ = shape.substr(version + kVersion.size());
  if (result.after_.find('{') != std::string::npos) return std::nullopt;
  return result;
}

std::optional<TagShape::Match> TagShape::match(std::string_view tag) const {
  if (!tag.starts_with(before_) || !tag.substr(before_.size()).ends_with(after_)) return std::nullopt;
  const std::string_view rest = tag.substr(before_.size(), tag.size() - before_.size() - after_.size());
  const auto version_at = [&](std::size_t at) -> std::optional<Match> {
    const std::string_view version = rest.substr(at);
    // The shape's own v is not the version's.
    if (version.empty() || (!is_digit(version.front()) && (version.front() != 'v' || between_.ends_with('v')))) return std::nullopt;
    if (!ReleaseVersion::parse(version)) return std::nullopt;
    return Match{rest.substr(0, at - between_.size()), version};
  };
  if (!has_name_) return rest.starts_with(between_) ? version_at(between_.size()) : std::nullopt;
  // The name is as short as it can be: the rest of a long tag is tried once for each place where the version may begin.
  for (std::size_t at = 1; at < std::min<std::size_t>(rest.size(), kMaxBytes); ++at) {
    if (!rest.substr(at).starts_with(between_)) continue;
    if (auto found = version_at(at + between_.size())) {
      if (found->name.find('/') == std::string_view::npos) return found;
    }
  }
  return std::nullopt;
}

std::string TagShape::fill(std::string_view name, std::string_view version) const {
  return before_ + (has_name_ ? std::string(name) : std::string()) + between_ + std::string(version) + after_;
}

}  // namespace trueup::formats
