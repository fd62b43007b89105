#include "engine/suppression_book.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "rules/rule.hpp"

namespace trueup::engine {
namespace {

bool is_called(const rules::Rule& rule, std::string_view name) {
  return name == rule.id || equal_ignoring_ascii_case(name, rule.code) || std::find(rule.aliases.begin(), rule.aliases.end(), name) != rule.aliases.end();
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

/// Calls `found` with the numbers of each suppression that names the rule on a line of one of the verdict's places, and of that name in it.
template <typename Found>
void SuppressionBook::each_at(const rules::Rule& rule, const rules::Verdict& verdict, Found found) const {
  const auto look = [&](facts::PlaceId place) {
    if (place <= 0 || (place & 0xFFFFFFFF) == 0) return;
    const facts::StoredSpan& span = store_.span(place & 0xFFFFFFFF);
    const auto here = by_line_.find({span.blob, span.at.line});
    if (here == by_line_.end()) return;
    for (const std::size_t i : here->second)
      for (std::size_t name = 0; name < all_[i].rules.size(); ++name)
        if (is_called(rule, all_[i].rules[name])) found(i, name);
  };
  look(verdict.at);
  for (const facts::PlaceId place : verdict.places) look(place);
}

const facts::StoredSuppression* SuppressionBook::comment_on(const rules::Rule& rule, const rules::Verdict& verdict) const {
  const facts::StoredSuppression* comment = nullptr;
  each_at(rule, verdict, [&](std::size_t i, std::size_t) {
    if (comment == nullptr && !expired(all_[i])) comment = &all_[i];
  });
  return comment;
}

std::optional<SuppressionBook::Reason> SuppressionBook::find(const Subject& subject) const {
  const facts::StoredSuppression* comment = comment_on(*subject.rule->rule, subject.verdict);
  if (comment != nullptr) return Reason{comment->reason, comment->until, comment->owner, nullptr};
  if (const CentralSuppression* said = central_.find(subject)) return Reason{said->reason, said->until, said->owner, said};
  return std::nullopt;
}

std::optional<Subject> SuppressionBook::loud_part(const Subject& subject) const {
  if (subject.standings.empty() || central_.find(subject) != nullptr) return std::nullopt;
  std::vector<Standing> loud;
  const auto keep = [&](const Standing& standing) {
    if (comment_on(*subject.rule->rule, standing.verdict) == nullptr) loud.push_back(standing);
  };
  keep({subject.verdict, subject.file, subject.shown, sets_shown(subject)});
  for (const Standing& other : subject.standings) keep(other);
  if (loud.empty() || loud.size() == subject.standings.size() + 1) return std::nullopt;
  const auto rank = state_.by_rank();
  const auto best = std::ranges::min_element(loud, {}, [&](const Standing& standing) { return rank(standing.shown); });
  Subject part = subject;
  part.standings.clear();
  part.verdict = best->verdict;
  part.file = best->file;
  part.shown = best->shown;
  part.sets.clear();
  for (const Standing& standing : loud) part.sets.insert(part.sets.end(), standing.sets.begin(), standing.sets.end());
  std::ranges::sort(part.sets);
  return part;
}

void SuppressionBook::count_central_uses(const VerdictBook& verdicts, const std::vector<ChosenRule>& judged, const Known& known) {
  central_states_ = central_.states(verdicts, judged, [&](const rules::Rule& rule) {
    return known.repositories_and_files && (known.branches || rule.scope != rules::Scope::refs);
  });
}

void SuppressionBook::count_uses(const VerdictBook& verdicts, const std::vector<ChosenRule>& judged, const Known& known) {
  using Marks = std::vector<bool>;  // a name each
  std::vector<Marks> undecided(all_.size());
  for (std::size_t i = 0; i < all_.size(); ++i) undecided[i].resize(all_[i].rules.size());
  // The same bytes may have been read as two kinds of document: one comment, one answer.
  std::map<std::pair<std::string, std::uint32_t>, std::set<std::string>> used;
  const auto text_of = [&](std::size_t i) { return std::pair(store_.object_id(all_[i].blob), all_[i].line); };
  for (const auto& [identity, subject] : verdicts.subjects()) {
    if (subject.state == rules::VerdictState::ok) continue;
    const auto mark = [&](std::size_t i, std::size_t name) {
      if (subject.state == rules::VerdictState::violated) used[text_of(i)].insert(all_[i].rules[name]);
      else undecided[i][name] = true;
    };
    each_at(*subject.rule->rule, subject.verdict, mark);
    for (const Standing& other : subject.standings) each_at(*subject.rule->rule, other.verdict, mark);
  }
  const auto is_judged = [&](const std::string& name) {
    return known.repositories_and_files && std::any_of(judged.begin(), judged.end(), [&](const ChosenRule& rule) {
             return is_called(*rule.rule, name) && (known.branches || rule.rule->scope != rules::Scope::refs);
           });
  };

  std::vector<facts::SuppressionUse> uses;
  for (std::size_t i = 0; i < all_.size(); ++i) {
    const facts::StoredSuppression& said = all_[i];
    if (expired(said)) {
      uses.push_back({said.id, {}, "expired"});
      continue;
    }
    const auto here = used.find(text_of(i));
    const auto is_used = [&](std::size_t name) { return here != used.end() && here->second.contains(said.rules[name]); };
    std::vector<std::size_t> unnamed, stale;
    bool any_used = false;
    for (std::size_t name = 0; name < said.rules.size(); ++name) {
      if (!is_rule(state_, said.rules[name])) unnamed.push_back(name);
      else if (is_used(name)) any_used = true;
      else if (!undecided[i][name] && is_judged(said.rules[name])) stale.push_back(name);
    }
    if (unnamed.size() == said.rules.size()) {
      uses.push_back({said.id, {}, "unnamed"});
      continue;
    }
    const bool all_stale = unnamed.size() + stale.size() == said.rules.size();
    uses.push_back({said.id, {}, any_used ? "used" : all_stale ? "stale" : "undecided"});
    for (const std::size_t name : unnamed) uses.push_back({said.id, said.rule_ids[name], "unnamed"});
    // Where another name could not be judged, the whole may be stale as well: then nothing is said yet.
    if (any_used)
      for (const std::size_t name : stale) uses.push_back({said.id, said.rule_ids[name], "stale"});
  }
  facts::set_suppression_uses(store_, uses);
}

}  // namespace trueup::engine
