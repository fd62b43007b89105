#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace trueup::git {

/// A file before and after a change of its bytes.
struct ChangedText {
  std::string path;  ///< from the repository's root
  std::string before, after;
  bool executable = false;
};

/// A patch for `git apply`, with the ids of the blobs, files in the order given; those that do not change are left out. Line ends,
/// a missing one at the end of a file and every name that git can hold come through. Errors: over_limit (libgit2 gave up).
Result<std::string> unified_patch(const std::vector<ChangedText>& files);

}  // namespace trueup::git
