#pragma once

#include <string>
#include <vector>

#include "engine/fix_plan.hpp"
#include "engine/verdict_book.hpp"

namespace trueup::engine {

/// How the verdicts after an edit compare to those before it.
struct Proof {
  enum class State : std::uint8_t { proven, doubtful, worse } state = State::proven;
  std::string because;  ///< of the others
  void weaken(State to, std::string why) {
    if (to <= state) return;
    state = to;
    because = std::move(why);
  }
};

/// A fix on trial: the subject that it is of, and how it is done.
struct TriedFix {
  Identity identity;
  const FixPlan* plan = nullptr;
};

/// `edited` are the file sets that the edits gave, sorted: a subject may stay wrong in others, which nobody edited.
Proof compare_verdicts(const RunState& state, const VerdictBook& before, const VerdictBook& after, const std::vector<TriedFix>& fixes,
                       const std::vector<facts::FileSetId>& edited);

}  // namespace trueup::engine
