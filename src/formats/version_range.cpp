#include "formats/version_range.hpp"

#include <algorithm>
#include <utility>

namespace trueup::formats {
namespace {

// The library's limits (3.5).
constexpr std::size_t kMaxRangeBytes = 512;
constexpr std::size_t kMaxGroups = 32;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r'; }
/// The library's class for a part of a version has a '|' in it, so `1||2` is one part to it wherever it looks for `A - B`.
bool is_part_byte(char c) { return (c >= '0' && c <= '9') || c == 'x' || c == 'X' || c == '*' || c == '|'; }
bool is_identifier_byte(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}
bool is_wild(std::string_view part) { return part.empty() || part == "x" || part == "X" || part == "*"; }

/// What looks like a version in a constraint, split but not yet read.
struct LooseVersion {
  std::string_view core[3];
  std::string_view prerelease;  ///< with its '-'
  std::string_view build;       ///< with its '+'
  std::size_t length = 0;       ///< 0: there is none
};

std::size_t identifiers_length(std::string_view text) {
  std::size_t at = 0;
  while (true) {
    const std::size_t begin = at;
    while (at < text.size() && is_identifier_byte(text[at])) ++at;
    if (at == begin) return begin == 0 ? 0 : begin - 1;  // not the dot before it
    if (at == text.size() || text[at] != '.') return at;
    ++at;
  }
}

/// The longest version at the start of `text`.
LooseVersion loose_version(std::string_view text) {
  LooseVersion found;
  std::size_t at = text.starts_with('v') ? 1 : 0;
  for (int i = 0; i < 3; ++i) {
    std::size_t begin = at;
    if (i > 0) {
      if (at == text.size() || text[at] != '.') break;
      ++begin;
    }
    std::size_t end = begin;
    while (end < text.size() && is_part_byte(text[end])) ++end;
    if (end == begin) break;
    found.core[i] = text.substr(begin, end - begin);
    at = end;
  }
  if (found.core[0].empty()) return {};
  for (auto [sign, part] : {std::pair{'-', &found.prerelease}, std::pair{'+', &found.build}}) {
    if (at == text.size() || text[at] != sign) continue;
    const std::size_t length = identifiers_length(text.substr(at + 1));
    if (length == 0) continue;
    *part = text.substr(at, length + 1);
    at += length + 1;
  }
  found.length = at;
  return found;
}

std::size_t spaces_length(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_space) - text.begin());
}

/// The constraint with each `A - B` written as `>= A, <= B `, and for each byte the byte of the original that it stands for.
/// The library rewrites text before it splits it into groups and comparisons, and so `1.0 2 - 3` is malformed to it while
/// `1.0, 2 - 3` is not. What it takes for a version in such a range is the longest text that fits, before any other.
struct Rewritten {
  std::string text;
  std::vector<std::uint32_t> origin;

  void append(std::string_view added, std::size_t from, bool moves) {
    for (std::size_t i = 0; i < added.size(); ++i)
      origin.push_back(static_cast<std::uint32_t>(moves ? from + i : from));
    text += added;
  }
};

Rewritten rewrite_hyphen_ranges(std::string_view text) {
  Rewritten result;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t first = at + spaces_length(text.substr(at));
    const LooseVersion low = loose_version(text.substr(first));
    if (low.length > 0) {
      const std::size_t gap = first + low.length;
      const std::size_t dash = gap + spaces_length(text.substr(gap));
      if (dash > gap && dash < text.size() && text[dash] == '-') {
        const std::size_t second = dash + 1 + spaces_length(text.substr(dash + 1));
        const LooseVersion high = loose_version(text.substr(second));
        if (second > dash + 1 && high.length > 0) {
          result.append(">= ", first, false);
          result.append(text.substr(first, low.length), first, true);
          result.append(", <= ", dash, false);
          result.append(text.substr(second, high.length), second, true);
          result.append(" ", second + high.length, false);
          at = second + high.length;
          at += spaces_length(text.substr(at));
          continue;
        }
      }
    }
    result.append(text.substr(at, 1), at, true);
    ++at;
  }
  return result;
}

}  // namespace

class VersionRangeParser {
 public:
  using Operator = VersionRange::Operator;

  explicit VersionRangeParser(std::string_view text) : source_(text), rewritten_(rewrite_hyphen_ranges(text)) {}

  Result<VersionRange> parse() {
    VersionRange range;
    const std::string_view text = rewritten_.text;
    std::size_t begin = 0;
    while (true) {
      if (range.groups_.size() == kMaxGroups) return fault(Fault::over_limit, "more than 32 groups", begin, text.size());
      const std::size_t bars = text.find("||", begin);
      const std::size_t end = bars == std::string_view::npos ? text.size() : bars;
      auto group = parse_group(begin, end);
      if (!group) return std::move(group).error();
      range.groups_.push_back(*std::move(group));
      if (bars == std::string_view::npos) break;
      begin = bars + 2;
    }
    range.exact_ = parse_lenient(source_).has_value();
    return range;
  }

 private:
  Result<VersionRange::Group> parse_group(std::size_t at, std::size_t end) {
    VersionRange::Group group;
    const auto skip_spaces = [&] {
      const std::size_t length = spaces_length(std::string_view(rewritten_.text).substr(at, end - at));
      at += length;
      return length > 0;
    };
    skip_spaces();
    while (true) {
      const std::size_t begin = at;
      const Operator op = read_operator(at, end);
      skip_spaces();
      const LooseVersion loose = loose_version(std::string_view(rewritten_.text).substr(at, end - at));
      if (loose.length == 0) {
        const bool missing = at == end;
        return fault(Fault::malformed, missing ? "a version is missing" : "this is no version", missing ? begin : at, end);
      }
      auto comparison = read_comparison(op, loose, at);
      if (!comparison) return std::move(comparison).error();
      group.names_prerelease = group.names_prerelease || !comparison->version.prerelease.empty();
      group.comparisons.push_back(*std::move(comparison));
      at += loose.length;
      const bool spaces = skip_spaces();
      if (at == end) return group;
      if (rewritten_.text[at] == ',') {
        ++at;
        skip_spaces();
      } else if (!spaces) {
        return fault(Fault::malformed, "comparisons are joined by a space, a comma or ||", at, end);
      }
    }
  }

  Operator read_operator(std::size_t& at, std::size_t end) const {
    // The longer spelling first.
    constexpr std::pair<std::string_view, Operator> kOperators[] = {
        {">=", Operator::at_least}, {"=>", Operator::at_least}, {"<=", Operator::at_most}, {"=<", Operator::at_most},
        {"!=", Operator::not_equal}, {"~>", Operator::tilde},    {"=", Operator::equal},    {">", Operator::greater},
        {"<", Operator::less},       {"~", Operator::tilde},     {"^", Operator::caret}};
    const std::string_view rest = std::string_view(rewritten_.text).substr(at, end - at);
    for (const auto& [spelling, op] : kOperators) {
      if (!rest.starts_with(spelling)) continue;
      at += spelling.size();
      return op;
    }
    return Operator::equal;
  }

  /// Reads the version of a comparison as the library does: wild parts are cut off, with the build metadata, and what is
  /// left must be a version by the lenient grammar. What stands behind a wild part is not looked at.
  Result<VersionRange::Comparison> read_comparison(Operator op, const LooseVersion& loose, std::size_t at) const {
    VersionRange::Comparison comparison;
    comparison.op = op;
    std::string plain;
    comparison.given = 0;
    while (comparison.given < 3 && !is_wild(loose.core[comparison.given])) {
      if (comparison.given > 0) plain += '.';
      plain += loose.core[comparison.given++];
    }
    for (int i = comparison.given; i < 3; ++i) plain += plain.empty() ? "0" : ".0";
    plain += loose.prerelease;
    if (comparison.given == 3) plain += loose.build;
    auto version = parse_lenient(plain);
    if (!version) return fault(version.error().fault, std::move(version.error().message), at, at + loose.length);
    comparison.version = std::move(version->version);
    return comparison;
  }

  Error fault(Fault kind, std::string message, std::size_t begin, std::size_t end) const {
    const auto original = [&](std::size_t offset) {
      return offset < rewritten_.origin.size() ? rewritten_.origin[offset] : static_cast<std::uint32_t>(source_.size());
    };
    ByteRange at{original(begin), end > begin ? original(end - 1) + 1 : original(begin)};
    at.end = std::clamp(at.end, at.begin, static_cast<std::uint32_t>(source_.size()));
    return Error{kind, std::move(message), at};
  }

  std::string_view source_;
  Rewritten rewritten_;
};

Result<VersionRange> VersionRange::parse(std::string_view text) {
  if (text.size() > kMaxRangeBytes)
    return Error{Fault::over_limit, "Helm reads constraints of at most 512 bytes",
                 ByteRange{0, static_cast<std::uint32_t>(text.size())}};
  return VersionRangeParser(text).parse();
}

// Observed with the library; where one expects something else of a wildcard (`^*` takes only 0.0.0), it is so there.
bool VersionRange::Comparison::holds(const Version& candidate) const {
  const auto order = compare_precedence(candidate, version);
  const bool same_major = candidate.major == version.major, same_minor = candidate.minor == version.minor;
  switch (op) {
    case Operator::equal:
      if (given == 3) return order == 0;
      [[fallthrough]];
    case Operator::tilde:
      if (order < 0) return false;
      // ~0.0.0 takes any version, as the library documents it; so does a lone wildcard, which it reads as 0.0.0.
      if (version.major == 0 && version.minor == 0 && version.patch == 0 && (given == 0 || given == 3)) return true;
      return same_major && (same_minor || given == 1);
    case Operator::caret:
      if (order < 0) return false;
      if (version.major > 0 || given == 1) return same_major;
      if (candidate.major > 0) return false;
      if (version.minor > 0 || given == 2) return same_minor;
      return candidate.minor == 0 && candidate.patch == version.patch;
    case Operator::not_equal:
      if (given == 1) return !same_major;
      if (given == 2) return !same_major || !same_minor || candidate.prerelease != version.prerelease;
      return order != 0;
    case Operator::greater:
      if (given == 1) return candidate.major > version.major;
      if (given == 2) return same_major ? candidate.minor > version.minor : candidate.major > version.major;
      return order > 0;
    case Operator::less:
      return order < 0;
    case Operator::at_least:
      return order >= 0;
    case Operator::at_most:
      if (given == 3) return order <= 0;
      return same_major ? given == 1 || candidate.minor <= version.minor : candidate.major < version.major;
  }
  return false;
}

bool VersionRange::matches(const Version& version) const {
  return std::any_of(groups_.begin(), groups_.end(), [&](const Group& group) {
    if (!version.prerelease.empty() && !group.names_prerelease) return false;
    return std::all_of(group.comparisons.begin(), group.comparisons.end(),
                       [&](const Comparison& comparison) { return comparison.holds(version); });
  });
}

std::optional<std::size_t> VersionRange::best_of(std::span<const Version> versions) const {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    if (!matches(versions[i])) continue;
    if (!best || compare_precedence(versions[i], versions[*best]) > 0) best = i;
  }
  return best;
}

}  // namespace trueup::formats
