#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace trueup::formats {

/// A version by SemVer 2.0.0. `==` is identity of all parts; precedence ignores build metadata and has its own name.
struct Version {
  std::uint64_t major = 0, minor = 0, patch = 0;
  std::vector<std::string> prerelease, build;

  /// Fault::malformed, at the first byte that breaks the grammar (an empty range at the end where something is missing). A
  /// leading 'v' is malformed too: callers decide about it. Fault::over_limit, at the number, where major, minor or patch
  /// does not fit 64 bits. The text may be of any length, and numbers in a pre-release of any size.
  static Result<Version> parse(std::string_view text);
  /// The text that parse() reads as this version.
  std::string to_string() const;
  friend bool operator==(const Version&, const Version&) = default;
};

/// SemVer 2.0.0, item 11: pre-release identifiers left to right, numeric ones by value however long, below all others;
/// those by ASCII. Build metadata does not count.
std::weak_ordering compare_precedence(const Version& a, const Version& b);

/// A text whose order by bytes is compare_precedence(), equal where that is equivalent; for sorting in a database.
std::string precedence_key(const Version& version);

/// Longest version that Helm reads (its version library, 3.5); part of no specification, so parse() does not know it.
inline constexpr std::size_t kMaxHelmVersionBytes = 256;

/// A version as Helm's chart loader takes it, and what it overlooked. `version` is what it then works with.
struct LenientVersion {
  Version version;
  bool v_prefix = false;       ///< "v1.2.3"
  bool missing_parts = false;  ///< "1" or "1.2": the rest is 0
  bool leading_zeros = false;  ///< "01.2.3"

  /// Whether Version::parse() takes the same text.
  bool is_strict() const { return !v_prefix && !missing_parts && !leading_zeros; }
};

/// Reads a version as Helm's chart loader does (observed with Helm 3.22): a small v before it, one or two numbers only, and
/// zeros before a number are let pass; a pre-release must be right all the same ("1-rc.01" is malformed).
/// Errors: as Version::parse(); Fault::over_limit also for a text longer than kMaxHelmVersionBytes.
Result<LenientVersion> parse_lenient(std::string_view text);

}  // namespace trueup::formats
