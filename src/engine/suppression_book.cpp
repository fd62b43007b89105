#include "engine/suppression_book.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "rules/rule.hpp"

namespace trueup::engine {
namespace {

bool is_called(const rules::Rule& rule, std::string_view name) {
  return name == rule.id || equal_ignoring_ascii_case(name, rule.code) || std::find(rule.aliases.begin(), rule.aliases.end(), name) != rule.aliases.end();
}

bool names(const facts::StoredSuppression& suppression, const rules::Rule& rule) {
  return std::any_of(suppression.rules.begin(), suppression.rules.end(),
                     [&](const std::string& name) { return is_called(rule, name); });
}

}  // namespace

/// Of this run, or built in and not chosen.
bool is_rule(const RunState& state, std::string_view name) {
  return std::ranges::any_of(state.request.rules, [&](const ChosenRule& chosen) { return is_called(*chosen.rule, name); }) ||
         std::ranges::any_of(rules::builtin_rules(), [&](const rules::Rule& rule) { return is_called(rule, name); });
}

SuppressionBook::SuppressionBook(RunState& state, const std::string& today)
    : state_(state), store_(state.store), today_(today), central_(state, today), all_(facts::read_suppressions(state.store)) {
  for (std::size_t i = 0; i < all_.size(); ++i) by_line_[{all_[i].blob, all_[i].line}].push_back(i);
}

/// Calls `found` with the number of each suppression that names the subject's rule on a line of one of its places.
template <typename Found>
void SuppressionBook::each_at(const Subject& subject, Found found) const {
  const auto look = [&](facts::PlaceId place) {
    if (place <= 0 || (place & 0xFFFFFFFF) == 0) return;
    const facts::StoredSpan& span = store_.span(place & 0xFFFFFFFF);
    const auto here = by_line_.find({span.blob, span.at.line});
    if (here == by_line_.end()) return;
    for (const std::size_t i : here->second)
      if (names(all_[i], *subject.rule->rule)) found(i);
  };
  look(subject.verdict.at);
  for (const facts::PlaceId place : subject.verdict.places) look(place);
}

std::optional<SuppressionBook::Reason> SuppressionBook::find(const Subject& subject) const {
  const facts::StoredSuppression* comment = nullptr;
  each_at(subject, [&](std::size_t i) {
    if (comment == nullptr && !expired(all_[i])) comment = &all_[i];
  });
  if (comment != nullptr) return Reason{comment->reason, comment->until, comment->owner, nullptr};
  if (const CentralSuppression* said = central_.find(subject)) return Reason{said->reason, said->until, said->owner, said};
  return std::nullopt;
}

void SuppressionBook::count_central_uses(const VerdictBook& verdicts, const std::vector<ChosenRule>& judged, const Known& known) {
  central_states_ = central_.states(verdicts, judged, [&](const rules::Rule& rule) {
    return known.repositories_and_files && (known.branches || rule.scope != rules::Scope::refs);
  });
}

void SuppressionBook::count_uses(const VerdictBook& verdicts, const std::vector<ChosenRule>& judged, const Known& known) {
  std::vector<bool> used(all_.size()), undecided(all_.size());
  for (const auto& [identity, subject] : verdicts.subjects()) {
    if (subject.state == rules::VerdictState::ok) continue;
    std::vector<bool>& marks = subject.state == rules::VerdictState::violated ? used : undecided;
    each_at(subject, [&](std::size_t i) { marks[i] = true; });
  }
  // The same bytes may have been read as two kinds of document: one comment, one answer.
  std::map<std::pair<std::string, std::uint32_t>, bool> used_in_text;
  const auto text_of = [&](std::size_t i) { return std::pair(store_.object_id(all_[i].blob), all_[i].line); };
  for (std::size_t i = 0; i < all_.size(); ++i)
    if (used[i]) used_in_text[text_of(i)] = true;

  std::vector<std::pair<std::int64_t, std::string_view>> uses;
  for (std::size_t i = 0; i < all_.size(); ++i) {
    const bool all_judged = std::all_of(all_[i].rules.begin(), all_[i].rules.end(), [&](const std::string& name) {
      return std::any_of(judged.begin(), judged.end(), [&](const ChosenRule& rule) {
        return is_called(*rule.rule, name) && (known.branches || rule.rule->scope != rules::Scope::refs);
      });
    });
    const bool all_named = std::ranges::all_of(all_[i].rules, [&](const std::string& name) { return is_rule(state_, name); });
    uses.emplace_back(all_[i].id, expired(all_[i])                     ? "expired"
                                  : !all_named                         ? "unnamed"
                                  : used_in_text.contains(text_of(i)) ? "used"
                                  : undecided[i] || !all_judged || !known.repositories_and_files ? "undecided"
                                                                       : "stale");
  }
  facts::set_suppression_uses(store_, uses);
}

}  // namespace trueup::engine
