#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/span.hpp"

namespace trueup::fixes {

/// A piece of a text that becomes another one. An empty range is an insertion, an empty text a removal.
struct Edit {
  ByteRange at;
  std::string text;
  friend auto operator<=>(const Edit&, const Edit&) = default;
};
/// Edits of one text; each range is of the text as it was before all of them.
using Edits = std::vector<Edit>;

/// Where an edit stands: a file of a repository, as its bytes were when the fix was made.
struct FileKey {
  std::string repository, path;
  std::string object_id;  ///< git's id of the bytes that the ranges count in
  friend auto operator<=>(const FileKey&, const FileKey&) = default;
};

/// Two edits of one text that cannot both be made: they share bytes, or insert at the same place, and are not the same edit.
std::optional<std::string> why_not_together(const Edits& some, const Edits& others);

/// Adds edits to a list that stays sorted; one that stands there already is not added again.
/// Errors: malformed, with what it overlaps; then nothing is added.
Result<void> merge(Edits& into, const Edits& more);

/// The text after the edits, which are sorted and disjoint.
std::string applied(std::string_view text, const Edits& edits);

/// Without the bytes at both ends that an edit leaves as they are.
Edit trimmed(std::string_view text, Edit edit);

}  // namespace trueup::fixes
