#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "audit/observation.hpp"

namespace trueup::audit {

/// What a run could not have, by what it is.
using SourceStates = std::map<SourceName, int>;

/// Absence needs proof: whether a finding that a run does not show is fixed, or was only not seen.
///
/// It is fixed if its rule was at work, on its repository, at all revisions where it was looked for when it was last seen, and either
/// said of that subject that it is right, or read all that it read then. What was missing then already is no reason now.
class Absence {
 public:
  /// `unknown_since`: by fingerprint, the run since which a subject is unknown. Both must outlive it.
  Absence(const Observation& seen, const std::unordered_map<std::string, std::int64_t>& unknown_since);

  /// Why it cannot be told; nothing where it is fixed. `then`: what the run could have that last saw it.
  std::optional<std::string> unproven(const Record& record, const SourceStates& then) const;

 private:
  const rules::Finding* became_unknown(const Record& record, const JudgedRule& rule) const;
  static bool concerns(const SourceName& source, const Record& record, const JudgedRule& rule);

  const Observation& seen_;
  const std::unordered_map<std::string, std::int64_t>& unknown_since_;
  std::unordered_map<std::string, const JudgedRule*> rules_;
  std::unordered_map<std::string, const SourceState*> repositories_;
  std::unordered_map<std::string, const rules::Finding*> unknown_;  ///< by fingerprint
  std::map<std::pair<std::string, std::string>, std::vector<const rules::Finding*>> unknown_of_;  ///< by rule and repository
  SourceStates now_;
};

}  // namespace trueup::audit
