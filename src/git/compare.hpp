#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/span.hpp"
#include "git/snapshot.hpp"

namespace trueup::git {

/// The bytes of `after` that are not in `before`, in whole lines, in order, disjoint. Where lines were only removed: an
/// empty range at the place. Equal texts give none. Texts of more than 8 MB between their common start and end are not
/// compared line by line: that part is one range.
std::vector<ByteRange> changed_ranges(std::string_view before, std::string_view after);

/// A selected file that is not the same in two snapshots. One of `before` and `after` may be missing, not both.
struct FileChange {
  std::string path;
  std::optional<Entry> before, after;
};

/// What differs in id or mode, in order of path. The sets may come from different readers. A rename is two changes.
std::vector<FileChange> changed_files(const FileSet& before, const FileSet& after);

}  // namespace trueup::git
