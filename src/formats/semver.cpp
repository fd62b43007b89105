#include "formats/semver.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace trueup::formats {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_identifier_byte(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}
bool is_numeric(std::string_view identifier) { return std::all_of(identifier.begin(), identifier.end(), is_digit); }

/// Reads a version from left to right. The strict and the lenient grammar differ in the core alone.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }
  bool skip(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  /// A run of digits. `leading_zero` is null where a zero in front is malformed, else it is set if there was one.
  Result<std::uint64_t> number(bool* leading_zero) {
    const std::size_t begin = at_;
    while (!at_end() && is_digit(text_[at_])) ++at_;
    if (at_ == begin) return malformed("a number is missing", begin);
    if (text_[begin] == '0' && at_ > begin + 1) {
      if (leading_zero == nullptr) return malformed("a number has no zero in front", begin);
      *leading_zero = true;
    }
    std::uint64_t value = 0;
    if (std::from_chars(text_.data() + begin, text_.data() + at_, value).ec != std::errc{})
      return Error{Fault::over_limit, "a number is larger than 64 bits", range(begin, at_)};
    return value;
  }

  /// Identifiers joined by dots. Numeric ones have no zero in front, unless they are build metadata.
  Result<std::vector<std::string>> identifiers(std::string_view of_what, bool numeric_rule) {
    std::vector<std::string> found;
    do {
      const std::size_t begin = at_;
      while (!at_end() && is_identifier_byte(text_[at_])) ++at_;
      if (at_ == begin) return malformed("an identifier of the " + std::string(of_what) + " is missing", begin);
      const std::string_view identifier = text_.substr(begin, at_ - begin);
      if (numeric_rule && identifier.size() > 1 && identifier[0] == '0' && is_numeric(identifier))
        return malformed("a numeric identifier has no zero in front", begin);
      found.emplace_back(identifier);
    } while (skip('.'));
    return found;
  }

  /// `-pre` and `+build`, and then nothing more.
  Result<void> rest(Version& version) {
    if (skip('-')) {
      auto identifiers_read = identifiers("pre-release", true);
      if (!identifiers_read) return std::move(identifiers_read).error();
      version.prerelease = *std::move(identifiers_read);
    }
    if (skip('+')) {
      auto identifiers_read = identifiers("build metadata", false);
      if (!identifiers_read) return std::move(identifiers_read).error();
      version.build = *std::move(identifiers_read);
    }
    if (!at_end()) return malformed("this does not belong in a version", at_);
    return {};
  }

  Error malformed(std::string message, std::size_t at) const {
    return Error{Fault::malformed, std::move(message), range(at, std::min(at + 1, text_.size()))};
  }
  std::size_t offset() const { return at_; }

 private:
  static ByteRange range(std::size_t begin, std::size_t end) {
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::weak_ordering compare_identifiers(std::string_view a, std::string_view b) {
  const bool a_numeric = is_numeric(a), b_numeric = is_numeric(b);
  if (a_numeric != b_numeric) return a_numeric ? std::weak_ordering::less : std::weak_ordering::greater;
  // Without leading zeros the longer number is the larger one, so no number is too big.
  if (a_numeric && a.size() != b.size()) return a.size() <=> b.size();
  return a.compare(b) <=> 0;
}

void append_identifiers(std::string& text, char sign, const std::vector<std::string>& identifiers) {
  for (const std::string& identifier : identifiers) {
    text += sign;
    text += identifier;
    sign = '.';
  }
}

}  // namespace

Result<Version> Version::parse(std::string_view text) {
  Reader reader(text);
  Version version;
  for (std::uint64_t* part : {&version.major, &version.minor, &version.patch}) {
    if (part != &version.major && !reader.skip('.'))
      return reader.malformed("a version has three numbers, joined by dots", reader.offset());
    const auto number = reader.number(nullptr);
    if (!number) return number.error();
    *part = *number;
  }
  if (auto rest = reader.rest(version); !rest) return std::move(rest).error();
  return version;
}

std::string Version::to_string() const {
  std::string text = std::to_string(major) + '.' + std::to_string(minor) + '.' + std::to_string(patch);
  append_identifiers(text, '-', prerelease);
  append_identifiers(text, '+', build);
  return text;
}

std::weak_ordering compare_precedence(const Version& a, const Version& b) {
  if (const auto order = a.major <=> b.major; order != 0) return order;
  if (const auto order = a.minor <=> b.minor; order != 0) return order;
  if (const auto order = a.patch <=> b.patch; order != 0) return order;
  if (a.prerelease.empty() != b.prerelease.empty())
    return a.prerelease.empty() ? std::weak_ordering::greater : std::weak_ordering::less;
  const std::size_t common = std::min(a.prerelease.size(), b.prerelease.size());
  for (std::size_t i = 0; i < common; ++i)
    if (const auto order = compare_identifiers(a.prerelease[i], b.prerelease[i]); order != 0) return order;
  return a.prerelease.size() <=> b.prerelease.size();
}

// A number is written as the count of digits of its count of digits, its count of digits, its digits: "1210" is 10. The end of
// a pre-release is ' ', below a numeric identifier's '0', below another's 'A', below the '~' of a version without one.
std::string precedence_key(const Version& version) {
  std::string key;
  const auto append_number = [&](std::string_view digits) {
    const std::string count = std::to_string(digits.size());
    key += static_cast<char>('0' + count.size());
    key += count;
    key += digits;
  };
  for (const std::uint64_t part : {version.major, version.minor, version.patch}) append_number(std::to_string(part));
  if (version.prerelease.empty()) return key + '~';
  for (const std::string& identifier : version.prerelease) {
    if (is_numeric(identifier)) {
      key += '0';
      append_number(identifier);
    } else {
      key += 'A' + identifier + ' ';
    }
  }
  return key + ' ';
}

Result<LenientVersion> parse_lenient(std::string_view text) {
  if (text.size() > kMaxHelmVersionBytes)
    return Error{Fault::over_limit, "Helm reads versions of at most 256 bytes",
                 ByteRange{0, static_cast<std::uint32_t>(text.size())}};
  Reader reader(text);
  LenientVersion lenient;
  lenient.v_prefix = reader.skip('v');
  Version& version = lenient.version;
  for (std::uint64_t* part : {&version.major, &version.minor, &version.patch}) {
    if (part != &version.major && !reader.skip('.')) {
      lenient.missing_parts = true;
      break;
    }
    const auto number = reader.number(&lenient.leading_zeros);
    if (!number) return number.error();
    *part = *number;
  }
  if (auto rest = reader.rest(version); !rest) return std::move(rest).error();
  return lenient;
}

}  // namespace trueup::formats
