#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/request.hpp"
#include "facts/store.hpp"

namespace trueup::engine {

/// Sameness of a subject of a rule across edits, refs and worlds: rule, repository, path (unless the rule says anywhere),
/// key, and how many equals stand before it in its file set. 128 bits, so that two never meet by chance.
struct Identity {
  std::uint64_t high = 0, low = 0;
  friend bool operator==(const Identity&, const Identity&) = default;
};

struct IdentityHash {
  std::size_t operator()(const Identity& identity) const noexcept { return identity.high; }
};

/// A verdict on one subject, gathered over the file sets that were asked for.
struct Subject {
  const ChosenRule* rule = nullptr;
  rules::VerdictState state = rules::VerdictState::ok;  ///< the worst of all: violated, unknown, ok
  std::uint32_t ordinal = 0;
  /// Of the file set that is shown; its place, values and words. Meaningful unless ok.
  rules::Verdict verdict;
  facts::FileId file = 0;              ///< where `at` stands
  facts::FileSetId shown = 0;          ///< the asked file set that it is of
  std::vector<facts::FileSetId> sets;  ///< asked file sets that have that state
};

/// Gathers verdicts by identity.
class VerdictBook {
 public:
  /// `rank` orders asked file sets by preference for showing, the smallest first.
  VerdictBook(const facts::Store& store, std::function<std::size_t(facts::FileSetId)> rank);

  /// Takes what a rule gave in one world. `at` of each verdict is a place of a file. `owner_of` names the asked file set that a
  /// verdict belongs to, or 0 if it belongs to none (it concerns other repositories only).
  void add(const ChosenRule& rule, std::vector<rules::Verdict> verdicts,
           const std::function<facts::FileSetId(const rules::Verdict&)>& owner_of);

  const std::unordered_map<Identity, Subject, IdentityHash>& subjects() const { return subjects_; }

 private:
  const facts::Store& store_;
  std::function<std::size_t(facts::FileSetId)> rank_;
  std::unordered_map<Identity, Subject, IdentityHash> subjects_;
};

}  // namespace trueup::engine
