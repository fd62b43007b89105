#pragma once

#include <filesystem>
#include <vector>

#include "base/result.hpp"
#include "git/patch.hpp"

namespace trueup::git {

/// Gives files below `root` their new bytes: each by a new file that takes its place at once, with its mode. No link is followed.
/// Nothing is written unless every file holds its `before`. Errors: malformed (a file has changed since it was read; names it),
/// not_found, denied, with what was done until then.
Result<void> replace_files(const std::filesystem::path& root, const std::vector<ChangedText>& files);

}  // namespace trueup::git
