#include "engine/fix_proof.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace trueup::engine {
namespace {

using rules::VerdictState;

int badness(VerdictState state) { return state == VerdictState::violated ? 2 : state == VerdictState::unknown ? 1 : 0; }

/// Subjects of a rule in one file, by how they came and went.
struct Turnover {
  std::size_t left = 0;           ///< wrong or unknown before, not there afterwards, and not what was to be put right
  std::size_t new_violated = 0, new_unknown = 0;
  const Subject* example = nullptr;
};

std::string said_by(const Subject& subject) {
  return std::string(subject.rule->rule->code) + " " + std::string(subject.rule->rule->id);
}

}  // namespace

Proof compare_verdicts(const RunState& state, const VerdictBook& before, const VerdictBook& after, const std::vector<TriedFix>& fixes,
                       const std::vector<facts::FileSetId>& edited) {
  Proof proof;
  using Where = std::tuple<std::string_view, facts::RepositoryId, std::string_view>;
  const auto where = [&](const Subject& subject, bool with_path) {
    const facts::Store::File& file = state.store.file(subject.file);
    return Where(subject.rule->rule->id, state.store.repository_of(file.file_set), with_path ? std::string_view(file.path) : std::string_view());
  };
  const auto stands_in_edited = [&](const Subject& subject) {
    return std::any_of(subject.sets.begin(), subject.sets.end(),
                       [&](facts::FileSetId set) { return std::binary_search(edited.begin(), edited.end(), set); });
  };

  std::set<std::pair<std::uint64_t, std::uint64_t>> own;
  std::map<Where, std::ptrdiff_t> renamed;  // subjects that are another one now: as many must have become right
  for (const TriedFix& fix : fixes) {
    own.emplace(fix.identity.high, fix.identity.low);
    const Subject& subject = before.subjects().at(fix.identity);
    const auto found = after.subjects().find(fix.identity);
    if (found == after.subjects().end()) {
      const bool silent_means_ok = !subject.rule->rule->reads.empty();
      if (!fix.plan->ends_subject && !silent_means_ok) ++renamed[where(subject, false)];
      continue;
    }
    const Subject& now = found->second;
    if (now.state == VerdictState::ok || !stands_in_edited(now)) continue;
    if (now.state == VerdictState::violated) proof.weaken(Proof::State::worse, "it would still be found");
    else proof.weaken(Proof::State::doubtful, now.verdict.because.empty() ? "it could not be told whether that is right" : now.verdict.because);
  }

  std::map<Where, std::ptrdiff_t> became_right;
  std::map<Where, Turnover> turnovers;
  for (const auto& [identity, subject] : before.subjects()) {
    if (subject.state == VerdictState::ok) {
      if (!renamed.empty()) --became_right[where(subject, false)];
      continue;
    }
    if (!after.subjects().contains(identity) && !own.contains({identity.high, identity.low})) ++turnovers[where(subject, true)].left;
  }
  for (const auto& [identity, subject] : after.subjects()) {
    if (subject.state == VerdictState::ok) {
      if (!renamed.empty()) ++became_right[where(subject, false)];
      continue;
    }
    const auto old = before.subjects().find(identity);
    if (old == before.subjects().end()) {
      // The same complaint may be known by another name now: it is new only if none went.
      Turnover& turnover = turnovers[where(subject, true)];
      ++(subject.state == VerdictState::violated ? turnover.new_violated : turnover.new_unknown);
      turnover.example = &subject;
    } else if (badness(subject.state) > badness(old->second.state)) {
      const bool violated = subject.state == VerdictState::violated;
      proof.weaken(violated ? Proof::State::worse : Proof::State::doubtful,
                   violated ? "then " + said_by(subject) + " would find something" : "then " + said_by(subject) + " could not be told: " + subject.verdict.because);
    }
  }
  for (const auto& [place, turnover] : turnovers) {
    if (turnover.new_violated > turnover.left)
      // What was not looked at before comes to light: no worse than it was, but not right either.
      proof.weaken(Proof::State::doubtful, "then " + said_by(*turnover.example) + " would find something that could not be seen before");
    else if (turnover.new_violated + turnover.new_unknown > turnover.left)
      proof.weaken(Proof::State::doubtful, "then " + said_by(*turnover.example) + " could not be told: " + turnover.example->verdict.because);
  }
  for (const auto& [place, count] : renamed)
    if (became_right[place] < count) proof.weaken(Proof::State::doubtful, "it could not be told whether what stands there then is right");
  return proof;
}

}  // namespace trueup::engine
