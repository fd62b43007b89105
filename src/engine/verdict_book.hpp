#pragma once

#include <cstdint>
#include <functional>
#include <span>
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

Identity identity_of(const rules::Rule& rule, facts::RepositoryId repository, std::string_view path, std::span<const std::string> key,
                     std::uint32_t ordinal);

/// A verdict on a subject in some of the file sets where it has the same state.
struct Standing {
  rules::Verdict verdict;
  facts::FileId file = 0;
  facts::FileSetId shown = 0;
  std::vector<facts::FileSetId> sets;  ///< ascending
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
  std::vector<facts::FileSetId> sets;  ///< asked file sets that have that state, ascending; none where that is ok
  /// Of these sets, the ones where other bytes are spoken of than those shown; only in a book that keeps them.
  std::vector<Standing> standings;
};

/// The file sets of a subject that is not ok in which the verdict is the one that is shown, ascending.
std::vector<facts::FileSetId> sets_shown(const Subject& subject);

/// Gathers verdicts by identity.
class VerdictBook {
 public:
  /// `rank` orders asked file sets by preference for showing, the smallest first. `keeps_standings`: comments may speak of a
  /// subject in one file set and not in another one.
  VerdictBook(const facts::Store& store, std::function<std::size_t(facts::FileSetId)> rank, bool keeps_standings = false);

  /// The asked file sets that a verdict belongs to: the one that it was judged in, or others that hold the same. None if it
  /// concerns other repositories only. Valid until the next call.
  using OwnersOf = std::function<std::span<const facts::FileSetId>(const rules::Verdict&)>;

  /// Takes what a rule gave in one world, or in equal ones. `at` of each verdict is a place of a file.
  void add(const ChosenRule& rule, std::vector<rules::Verdict> verdicts, const OwnersOf& owners_of);

  /// Without a rule's verdicts.
  void forget(const rules::Rule& rule);

  const std::unordered_map<Identity, Subject, IdentityHash>& subjects() const { return subjects_; }

 private:
  facts::PlaceId moved(facts::PlaceId place, facts::FileSetId to) const;
  rules::Verdict moved(rules::Verdict verdict, facts::FileSetId to) const;
  /// Notes a verdict of the state that the subject has in `owners`, which are no part of `subject.sets` yet.
  void stand(Subject& subject, rules::Verdict verdict, std::span<const facts::FileSetId> owners) const;

  const facts::Store& store_;
  std::function<std::size_t(facts::FileSetId)> rank_;
  bool keeps_standings_ = false;
  std::unordered_map<Identity, Subject, IdentityHash> subjects_;
};

}  // namespace trueup::engine
