#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "formats/semver.hpp"

namespace trueup::formats {

/// A version constraint as Helm 3.22 reads it (its version library, 3.5): groups joined by `||`, in a group comparisons
/// joined by spaces or a comma, which must all hold, and ranges `A - B`. Operators: none = != > < >= => <= =< ~ ~> ^.
/// Parts that are `x`, `X`, `*` or missing are wild. At most 512 bytes and 32 groups.
///
/// A version with a pre-release matches only through a group in which some comparison names a pre-release: `>=1.0.0-0 <2`
/// matches 1.1.0-rc.1, `>=1.0.0` does not. Its build metadata never counts.
///
/// One deviation: pre-release numbers beyond 64 bits are compared by value, as SemVer says, where the library compares
/// their text.
class VersionRange {
 public:
  /// Errors: Fault::malformed at the comparison that does not parse; Fault::over_limit for a text, a version or a number
  /// that the library refuses as too long.
  static Result<VersionRange> parse(std::string_view text);

  bool matches(const Version& version) const;

  /// Whether Helm takes the text for one version and asks an OCI registry for just that tag, without a list of tags. True
  /// for `1.2.3`, and as Helm has it also for `1.2` and `v1`: the tag asked for is then `1.2`, although for a chart
  /// repository `1.2` is a range. False for `=1.2.3`.
  bool is_exact() const { return exact_; }

  /// Index of the version with the highest precedence among those that match; the first of equals.
  std::optional<std::size_t> best_of(std::span<const Version> versions) const;

 private:
  enum class Operator : std::uint8_t { equal, not_equal, greater, less, at_least, at_most, tilde, caret };
  /// How many of major, minor and patch were given. 3: a full version.
  struct Comparison {
    Operator op = Operator::equal;
    std::uint8_t given = 3;
    Version version;

    bool holds(const Version& candidate) const;
  };
  struct Group {
    std::vector<Comparison> comparisons;
    bool names_prerelease = false;
  };
  friend class VersionRangeParser;

  std::vector<Group> groups_;
  bool exact_ = false;
};

}  // namespace trueup::formats
