#include "engine/central_suppressions.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace trueup::engine {

CentralSuppressions::CentralSuppressions(const RunState& state, std::string today) : state_(state), today_(std::move(today)) {
  const auto& repositories = state.repositories;
  // A revision of long ago tells nothing about what the config speaks of now.
  const auto is_checked = [](const LoadedRepository& repository) {
    return std::any_of(repository.points.begin(), repository.points.end(), [](const LoadedPoint& point) { return point.on_default; });
  };
  const bool all_checked = std::all_of(repositories.begin(), repositories.end(), is_checked);
  for (const CentralSuppression& said : state.request.suppressions) {
    Entry entry{&said, std::nullopt, 0, !said.reason.empty() && (said.until.empty() || said.until >= today_), all_checked};
    if (auto glob = formats::PathGlob::compile(said.path)) entry.glob = std::move(*glob);
    if (!said.repository.empty()) {
      const auto named = std::find_if(repositories.begin(), repositories.end(),
                                      [&](const LoadedRepository& each) { return each.wanted->slug == said.repository; });
      entry.repository = named == repositories.end() ? -1 : named->id;
      entry.looked_at = named != repositories.end() && is_checked(*named);
    }
    OfRule& of_rule = by_rule_[ascii_lower(said.rule)];
    (entry.glob && entry.glob->is_literal() ? of_rule.by_path[said.path] : of_rule.by_glob).push_back(entries_.size());
    entries_.push_back(std::move(entry));
  }
}

bool CentralSuppressions::fits_key(const Entry& entry, const Subject& subject) const {
  const rules::Rule& rule = *subject.rule->rule;
  return std::all_of(entry.said->key.begin(), entry.said->key.end(), [&](const auto& wanted) {
    const auto column = std::find(rule.key.begin(), rule.key.end(), wanted.first);
    const auto number = static_cast<std::size_t>(column - rule.key.begin());
    return column != rule.key.end() && number < subject.verdict.key.size() && subject.verdict.key[number] == wanted.second;
  });
}

/// Calls `found` with the number of each that names the subject's rule, and a place and the key of it; maybe more than once.
template <typename Found>
void CentralSuppressions::each_of(const Subject& subject, Found found) const {
  const auto look_at = [&](const OfRule& of_rule, facts::PlaceId place) {
    if (place <= 0) return;
    const auto& file = state_.store.file(place >> 32);
    const auto try_one = [&](std::size_t i) {
      const Entry& entry = entries_[i];
      if (entry.repository != 0 && entry.repository != state_.store.repository_of(file.file_set)) return;
      if (entry.glob && entry.glob->matches(file.path) && fits_key(entry, subject)) found(i);
    };
    if (const auto literal = of_rule.by_path.find(file.path); literal != of_rule.by_path.end())
      std::for_each(literal->second.begin(), literal->second.end(), try_one);
    std::for_each(of_rule.by_glob.begin(), of_rule.by_glob.end(), try_one);
  };
  const auto look = [&](std::string_view name) {
    const auto named = by_rule_.find(ascii_lower(name));
    if (named == by_rule_.end()) return;
    look_at(named->second, subject.verdict.at);
    for (const facts::PlaceId place : subject.verdict.places) look_at(named->second, place);
  };
  if (entries_.empty()) return;
  const rules::Rule& rule = *subject.rule->rule;
  look(rule.id);
  look(rule.code);
  for (const std::string_view alias : rule.aliases) look(alias);
}

const CentralSuppression* CentralSuppressions::find(const Subject& subject) const {
  std::optional<std::size_t> first;
  each_of(subject, [&](std::size_t i) {
    if (entries_[i].in_force && (!first || i < *first)) first = i;
  });
  return first ? entries_[*first].said : nullptr;
}

std::vector<SuppressionState> CentralSuppressions::states(const VerdictBook& verdicts, const std::vector<ChosenRule>& judged,
                                                          const std::function<bool(const rules::Rule&)>& all_known) const {
  std::vector<bool> used(entries_.size()), undecided(entries_.size());
  if (!entries_.empty())
    for (const auto& [identity, subject] : verdicts.subjects()) {
      if (subject.state == rules::VerdictState::ok) continue;
      auto& marks = subject.state == rules::VerdictState::violated ? used : undecided;
      each_of(subject, [&](std::size_t i) { marks[i] = true; });
    }
  std::vector<SuppressionState> states;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const CentralSuppression& said = *entries_[i].said;
    const bool was_judged = std::any_of(judged.begin(), judged.end(), [&](const ChosenRule& chosen) {
      const rules::Rule& rule = *chosen.rule;
      const bool named = said.rule == rule.id || equal_ignoring_ascii_case(said.rule, rule.code) ||
                         std::find(rule.aliases.begin(), rule.aliases.end(), said.rule) != rule.aliases.end();
      return named && all_known(rule);
    });
    states.push_back(said.reason.empty()                                         ? SuppressionState::no_reason
                     : !entries_[i].in_force                                     ? SuppressionState::expired
                     : used[i]                                                   ? SuppressionState::used
                     : undecided[i] || !was_judged || !entries_[i].looked_at ? SuppressionState::undecided
                                                                                 : SuppressionState::stale);
  }
  return states;
}

}  // namespace trueup::engine
