#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/run_state.hpp"
#include "engine/verdict_book.hpp"
#include "fixes/edit.hpp"
#include "rules/finding.hpp"

namespace trueup::engine {

/// The edits of one file that a fix is made of.
struct PlannedFile {
  facts::FileId file = 0;
  fixes::FileKey key;
  fixes::Edits edits;
};

/// How one finding would be put right.
struct FixPlan {
  std::vector<PlannedFile> files;  ///< sorted by key
  bool unsafe = false;
  bool ends_subject = false;
};

/// Whether the rule has a fix for a violated subject, where it stands; the edits are not worked out. Nothing: it has none.
std::optional<rules::FixOffer> offer_fix(const Subject& subject);

/// The name of the tag or commit that a place of the fix stands in, which can only be published anew; empty if there is none.
std::string immutable_ref(const RunState& state, const Subject& subject);

/// Works the edits out. Errors: malformed, with why they cannot be made here.
Result<FixPlan> plan_fix(RunState& state, const Subject& subject);

}  // namespace trueup::engine
