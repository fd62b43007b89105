#pragma once

#include <functional>
#include <string>
#include <vector>

#include "rules/finding.hpp"

namespace trueup::engine {

/// What became of the fix of a finding.
enum class FixState : std::uint8_t {
  proven,     ///< judged with it: right then, and nothing got worse
  unproven,   ///< it could not be shown, and --unsafe takes it nevertheless
  withheld,   ///< unsafe or unproven, and not asked for
  refused,    ///< its edits meet another fix's, or cannot be made without harm
  immutable,  ///< the place is a tag or a commit: it can only be published anew
};
std::string_view to_string(FixState state);

struct FixOutcome {
  rules::Finding finding;
  FixState state = FixState::refused;
  bool unsafe = false;
  std::string because;  ///< of all but proven: why, and the way out
  /// In the files as they stand, of a fix that is taken; empty where it was worked out on top of another.
  std::vector<rules::FindingEdit> edits;
};

/// A file that fixes change.
struct FixedFile {
  std::string repository, path;
  std::string revision;  ///< where `before` was read; empty: the working tree
  std::string folder;    ///< the absolute folder of the repository's working tree; empty without one
  std::string before, after;
  bool executable = false;
};

/// What fixing came to. `files` are those of the proven fixes (and with --unsafe of the unproven ones), by repository and path.
struct FixReport {
  std::vector<FixOutcome> outcomes;  ///< in the order of findings
  std::vector<FixedFile> files;
  std::vector<std::string> notes;
};

struct FixRequest {
  std::function<bool(const rules::Finding&)> wanted;  ///< unset: all
  bool unsafe = false;  ///< take unsafe fixes too, and what could not be proven
};

}  // namespace trueup::engine
