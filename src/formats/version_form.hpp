#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace trueup::formats {

/// How a fleet's pipelines name what they publish from branches: "{base}-{branch}.{commit}" is 1.0.0-staging.abc1234.
///
/// {base} is three numbers, {branch} one or more identifiers of SemVer, {commit} 7 to 40 small hex digits, {number} digits. {commit}
/// stands once, {branch} at most once. A g before the digits of a commit, which keeps 0157584 from being read as a number
/// (SemVer 2.0.0, section 9), is no part of it.
struct VersionForm {
  std::string text;      ///< as it was promised
  std::string pattern;   ///< RE2, of the whole version
  int branch_group = 0;  ///< of the pattern; 0: the form says no branch
  int commit_group = 0;

  /// Malformed: a {word} of another name, no {commit}, one of the two twice, over 200 characters.
  static Result<VersionForm> parse(std::string_view text);
};

}  // namespace trueup::formats
