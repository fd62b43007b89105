#include "engine/judge.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "base/limits.hpp"
#include "facts/schema_text.hpp"

namespace trueup::engine {
namespace {

class Judge {
 public:
  Judge(RunState& state, SuppressionBook& suppressions) : state_(state), suppressions_(suppressions) {}

  void judge_side(Side side, VerdictBook& book, VerdictBook* others, RunState::Faults& faults) {
    judge_blobs(side, rules_of(rules::Scope::file), book, faults);

    auto by_repository = rules_of(rules::Scope::repository);
    std::erase_if(by_repository, [&](const ChosenRule* rule) { return !state_.ready(*rule, faults); });
    if (!by_repository.empty()) {
      for (const auto& [on_default, sets] : asked_sets(state_.repositories, side)) {
        std::vector<facts::JudgedSet> here;
        for (const facts::FileSetId set : sets) here.push_back({set, on_default});
        state_.judged.set(here, {});
        for (const ChosenRule* rule : by_repository)
          evaluate(*rule, book, [&](const rules::Verdict& verdict) { return state_.store.file(verdict.at >> 32).file_set; }, faults);
      }
    }

    auto by_fleet = rules_of(rules::Scope::fleet);
    std::erase_if(by_fleet, [&](const ChosenRule* rule) { return !state_.ready(*rule, faults); });
    if (!by_fleet.empty()) {
      for (const World& world : fleet_worlds(state_.repositories, side)) {
        state_.judged.set(world.sets, {});
        for (const ChosenRule* rule : by_fleet) evaluate(*rule, book, owner_in(world), faults, others);
      }
    }

    auto by_refs = rules_of(rules::Scope::refs);
    std::erase_if(by_refs, [&](const ChosenRule* rule) { return !state_.ready(*rule, faults); });
    if (!by_refs.empty()) {
      for (const LoadedRepository& repository : state_.repositories) {
        const auto refs = refs_world(repository, side);
        if (!refs) continue;
        state_.judged.set(refs->world.sets, refs->heads);
        for (const ChosenRule* rule : by_refs)
          if (state_.evaluator.has_subject(*rule->rule)) evaluate(*rule, book, owner_in(refs->world), faults);
      }
    }

    if (side == Side::head && !state_.request.suppressions.empty())
      suppressions_.count_central_uses(book, state_.request.rules, known(side));
    if (suppressions_.empty()) return;
    suppressions_.count_uses(book, state_.request.rules, known(side));
    judge_blobs(side, rules_of(rules::Scope::file, true), book, faults);
  }

 private:
  void evaluate(const ChosenRule& rule, std::vector<rules::Verdict>& verdicts, RunState::Faults& faults) {
    if (!state_.ready(rule, faults)) return;
    if (auto fault = state_.evaluator.evaluate(*rule.rule, verdicts))
      faults.push_back({std::string(rule.rule->file), rule.rule, *fault});
    state_.rule_steps[std::string(rule.rule->id)] += state_.evaluator.last_steps();
  }

  void evaluate(const ChosenRule& rule, VerdictBook& book, const std::function<facts::FileSetId(const rules::Verdict&)>& owner_of,
                RunState::Faults& faults, VerdictBook* others = nullptr) {
    std::vector<rules::Verdict> verdicts;
    evaluate(rule, verdicts, faults);
    if (others != nullptr) {
      std::vector<rules::Verdict> elsewhere;
      for (const rules::Verdict& verdict : verdicts)
        if (owner_of(verdict) == 0) elsewhere.push_back(verdict);
      others->add(rule, std::move(elsewhere), [&](const rules::Verdict& verdict) { return state_.store.file(verdict.at >> 32).file_set; });
    }
    book.add(rule, std::move(verdicts), owner_of);
  }

  /// Whether a rule is about what the others came to, and so judges after them.
  static bool judges_suppressions(const ChosenRule& rule) {
    const auto& needs = rule.rule->needs;
    return std::any_of(needs.begin(), needs.end(), [](std::string_view table) { return table.starts_with("suppression_use"); });
  }

  std::vector<const ChosenRule*> rules_of(rules::Scope scope, bool of_suppressions = false) const {
    std::vector<const ChosenRule*> chosen;
    for (const ChosenRule& rule : state_.request.rules)
      if (rule.rule->scope == scope && judges_suppressions(rule) == of_suppressions) chosen.push_back(&rule);
    return chosen;
  }

  /// Scope file: asked of the blobs once, then expanded to the files that hold them.
  void judge_blobs(Side side, const std::vector<const ChosenRule*>& chosen, VerdictBook& book, RunState::Faults& faults) {
    if (chosen.empty()) return;
    std::vector<std::pair<facts::BlobId, facts::FileId>> holders;
    for (const auto& [on_default, sets] : asked_sets(state_.repositories, side)) {
      for (const facts::FileSetId set : sets) {
        const auto [first, last] = state_.store.files_of(set);
        for (facts::FileId file = first; file < last; ++file) holders.emplace_back(state_.store.file(file).blob, file);
      }
    }
    std::sort(holders.begin(), holders.end());
    holders.erase(std::unique(holders.begin(), holders.end()), holders.end());
    const auto owner_of = [&](const rules::Verdict& verdict) { return state_.store.file(verdict.at >> 32).file_set; };
    for (const ChosenRule* rule : chosen) {
      std::vector<rules::Verdict> verdicts, placed;
      evaluate(*rule, verdicts, faults);
      for (const rules::Verdict& verdict : verdicts) {
        const facts::BlobId blob = state_.store.span(verdict.at).blob;
        auto holder = std::lower_bound(holders.begin(), holders.end(), std::pair(blob, facts::FileId{0}));
        for (; holder != holders.end() && holder->first == blob; ++holder) {
          rules::Verdict& copy = placed.emplace_back(verdict);
          copy.at |= holder->second << 32;
          for (facts::PlaceId& place : copy.places)
            if (place > 0) place |= holder->second << 32;
        }
      }
      book.add(*rule, std::move(placed), owner_of);
    }
  }

  /// Whether everything was read that a verdict on this side may hang on.
  SuppressionBook::Known known(Side side) const {
    SuppressionBook::Known known;
    known.branches = !state_.request.withheld.heads_incomplete;
    for (const LoadedRepository& repository : state_.repositories) {
      if (!repository.loaded) known.repositories_and_files = false;
      if (repository.loaded && !repository.points.empty() && !repository.wanted->source->facts().heads_complete) known.branches = false;
    }
    for (const auto& [on_default, sets] : asked_sets(state_.repositories, side)) {
      for (const facts::FileSetId set : sets) {
        const auto [first, last] = state_.store.files_of(set);
        for (facts::FileId file = first; file < last; ++file) {
          const facts::BlobState state = state_.store.blob_state(state_.store.file(file).blob);
          if (state != facts::BlobState::parsed && state != facts::BlobState::unread) known.repositories_and_files = false;
        }
      }
    }
    return known;
  }

  /// The owner of a verdict: the asked file set that its place, or else one of its other places, stands in.
  std::function<facts::FileSetId(const rules::Verdict&)> owner_in(const World& world) const {
    return [this, owners = world.owners](const rules::Verdict& verdict) -> facts::FileSetId {
      const auto asked = [&](facts::PlaceId place) -> facts::FileSetId {
        if (place <= 0) return 0;
        const facts::FileSetId set = state_.store.file(place >> 32).file_set;
        return std::binary_search(owners.begin(), owners.end(), set) ? set : 0;
      };
      if (const facts::FileSetId set = asked(verdict.at)) return set;
      for (const facts::PlaceId place : verdict.places)
        if (const facts::FileSetId set = asked(place)) return set;
      return 0;
    };
  }

  RunState& state_;
  SuppressionBook& suppressions_;
};

}  // namespace

std::vector<facts::JudgedSet> every_set(const RunState& state, Side side) {
  std::map<facts::FileSetId, bool> sets;
  for (const World& world : fleet_worlds(state.repositories, side))
    for (const facts::JudgedSet& set : world.sets) sets[set.file_set] = sets[set.file_set] || set.on_default;
  std::vector<facts::JudgedSet> result;
  for (const auto& [file_set, on_default] : sets) result.push_back({file_set, on_default});
  return result;
}

void ask(RunState& state) {
  if (!state.reads_live_tables()) return;
  std::optional<std::set<std::string>> trusted;
  for (const Side side : {Side::base, Side::head}) {
    if (side == Side::base && !state.has_base) continue;
    state.judged.set(every_set(state, side), {});
    if (side == Side::base) trusted = state.live.hosts_wanted();
    for (int round = 0; round < limits::kMaxRounds && state.live.ask(trusted); ++round) {
    }
  }
}

void judge_side(RunState& state, Side side, SuppressionBook& suppressions, VerdictBook& book, RunState::Faults& faults,
                VerdictBook* others) {
  Judge(state, suppressions).judge_side(side, book, others, faults);
}

}  // namespace trueup::engine
