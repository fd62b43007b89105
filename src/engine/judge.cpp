#include "engine/judge.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>

#include "base/limits.hpp"
#include "facts/file_groups.hpp"

namespace trueup::engine {
namespace {

/// Worlds that look the same to a rule: the first is judged, and stands for all.
class EqualWorlds {
 public:
  EqualWorlds(const facts::Store& store, std::vector<const World*> worlds) : store_(store) {
    for (const World* world : worlds) {
      Owned& owned = worlds_.emplace_back();
      for (const facts::JudgedSet& set : world->sets) {
        const bool is_owner = std::binary_search(world->owners.begin(), world->owners.end(), set.file_set);
        if (is_owner) owned[store_.repository_of(set.file_set)].push_back(set.file_set);
      }
    }
  }

  /// A verdict belongs to the asked file set that its place, or else one of its other places, stands in; else to that of the
  /// repository that it says it is about.
  VerdictBook::OwnersOf owners_of() const {
    return [this, owners = std::vector<facts::FileSetId>()](const rules::Verdict& verdict) mutable {
      owners.clear();
      for (const Owned& world : worlds_) {
        facts::FileSetId owner = owner_in(world, verdict.at);
        for (std::size_t i = 0; owner == 0 && i < verdict.places.size(); ++i) owner = owner_in(world, verdict.places[i]);
        // A tag, or the config, stands in no file that is judged.
        if (const auto said = world.find(verdict.about); owner == 0 && said != world.end()) owner = said->second.front();
        if (owner != 0) owners.push_back(owner);
      }
      std::sort(owners.begin(), owners.end());
      owners.erase(std::unique(owners.begin(), owners.end()), owners.end());
      return std::span<const facts::FileSetId>(owners);
    };
  }

 private:
  using Owned = std::map<facts::RepositoryId, std::vector<facts::FileSetId>>;  ///< the asked file sets of one world

  facts::FileSetId owner_in(const Owned& world, facts::PlaceId place) const {
    if (place <= 0) return 0;
    const facts::FileSetId set = store_.file(place >> 32).file_set;
    const auto owned = world.find(store_.repository_of(set));
    if (owned == world.end()) return 0;
    // Only scope refs has several file sets of one repository, and it has one world.
    if (worlds_.size() == 1) return std::binary_search(owned->second.begin(), owned->second.end(), set) ? set : 0;
    return owned->second.front();
  }

  const facts::Store& store_;
  std::vector<Owned> worlds_;
};

class Judge {
 public:
  Judge(RunState& state, SuppressionBook& suppressions) : state_(state), suppressions_(suppressions) {}

  void judge_side(Side side, VerdictBook& book, VerdictBook* others, RunState::Faults& faults) {
    judge_blobs(side, rules_of(rules::Scope::file), book, faults);

    const BySight by_repository = by_sight(rules::Scope::repository, faults);
    for (auto& [on_default, sets] : asked_sets(state_.repositories, side)) judge_sets(by_repository, std::move(sets), on_default, book, faults);

    for (const auto& [sight, chosen] : by_sight(rules::Scope::fleet, faults)) judge_worlds(sight, side, chosen, book, others, faults);

    auto by_refs = rules_of(rules::Scope::refs);
    std::erase_if(by_refs, [&](const ChosenRule* rule) { return !state_.ready(*rule, faults); });
    if (!by_refs.empty()) {
      for (const LoadedRepository& repository : state_.repositories) {
        const auto refs = refs_world(repository, side);
        if (!refs) continue;
        state_.judged.set(refs->world.sets, refs->heads);
        const EqualWorlds world(state_.store, {&refs->world});
        for (const ChosenRule* rule : by_refs)
          if (state_.evaluator.has_subject(*rule->rule)) evaluate(*rule, book, world.owners_of(), faults);
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
    if (state_.stopped.contains(rule.rule) || !state_.ready(rule, faults)) return;
    if (auto fault = state_.evaluator.evaluate(*rule.rule, verdicts)) {
      verdicts.clear();
      // What others wrote ends the run, where they see it; a rule of ours must not take what the others found along.
      if (fault->stopped && rules::is_builtin(*rule.rule)) state_.stopped.emplace(rule.rule, fault->message);
      else faults.push_back({std::string(rule.rule->file), rule.rule, *fault});
    }
    state_.rule_steps[std::string(rule.rule->id)] += state_.evaluator.last_steps();
  }

  void evaluate(const ChosenRule& rule, VerdictBook& book, const VerdictBook::OwnersOf& owners_of, RunState::Faults& faults,
                VerdictBook* others = nullptr) {
    std::vector<rules::Verdict> verdicts;
    evaluate(rule, verdicts, faults);
    if (others != nullptr) {
      std::vector<rules::Verdict> elsewhere;
      for (const rules::Verdict& verdict : verdicts)
        if (owners_of(verdict).empty()) elsewhere.push_back(verdict);
      others->add(rule, std::move(elsewhere), own_set());
    }
    book.add(rule, std::move(verdicts), owners_of);
  }

  /// The file set that the place itself stands in.
  VerdictBook::OwnersOf own_set() const {
    return [this, owner = std::array<facts::FileSetId, 1>{}](const rules::Verdict& verdict) mutable {
      owner = {state_.store.file(verdict.at >> 32).file_set};
      return std::span<const facts::FileSetId>(owner);
    };
  }

  using BySight = std::map<facts::Sight, std::vector<const ChosenRule*>>;

  /// The rules of a scope that can have a subject, by what they look at.
  BySight by_sight(rules::Scope scope, RunState::Faults& faults) {
    BySight result;
    for (const ChosenRule* rule : rules_of(scope))
      if (state_.ready(*rule, faults)) result[sight_of(state_, *rule->rule)].push_back(rule);
    return result;
  }

  /// Scope repository: what file sets have in common is judged once. Rules that see nothing in common are judged together: filling
  /// the tables for each would cost more than what the other rules look at besides.
  void judge_sets(const BySight& rules, std::vector<facts::FileSetId> sets, bool on_default, VerdictBook& book, RunState::Faults& faults) {
    std::sort(sets.begin(), sets.end());
    facts::Sight wide;
    wide.every_kind = false;
    std::vector<const ChosenRule*> together;
    for (const auto& [sight, chosen] : rules) {
      facts::FileGroups groups(state_.store, charts_, sight);
      for (const facts::FileSetId set : sets) groups.add(set);
      if (!groups.is_all_different() || state_.request.narrow_sight) {
        judge_groups(groups, sight, on_default, chosen, book, faults);
        continue;
      }
      wide.every_kind = wide.every_kind || sight.every_kind;
      wide.paths = wide.paths || sight.paths;
      wide.kinds.insert(wide.kinds.end(), sight.kinds.begin(), sight.kinds.end());
      together.insert(together.end(), chosen.begin(), chosen.end());
    }
    if (together.empty()) return;
    if (wide.every_kind) wide.kinds.clear();
    std::sort(wide.kinds.begin(), wide.kinds.end());
    wide.kinds.erase(std::unique(wide.kinds.begin(), wide.kinds.end()), wide.kinds.end());
    facts::FileGroups groups(state_.store, charts_, wide);
    for (const facts::FileSetId set : sets) groups.add(set);
    judge_groups(groups, wide, on_default, together, book, faults);
  }

  void judge_groups(const facts::FileGroups& groups, const facts::Sight& sight, bool on_default,
                    const std::vector<const ChosenRule*>& chosen, VerdictBook& book, RunState::Faults& faults) {
    std::vector<facts::JudgedSet> here;
    for (const facts::FileSetId set : groups.sets()) here.push_back({set, on_default});
    state_.judged.set_files(std::move(here), groups.files(), sight);
    for (const ChosenRule* rule : chosen)
      evaluate(*rule, book, [&](const rules::Verdict& verdict) { return groups.holders(verdict.at >> 32); }, faults);
  }

  /// Scope fleet: worlds that look the same are judged as one.
  void judge_worlds(const facts::Sight& sight, Side side, const std::vector<const ChosenRule*>& chosen, VerdictBook& book, VerdictBook* others,
                    RunState::Faults& faults) {
    const std::vector<World> worlds = fleet_worlds(state_.repositories, side);
    std::set<facts::FileSetId> sets;
    for (const World& world : worlds)
      for (const facts::JudgedSet& set : world.sets) sets.insert(set.file_set);
    facts::FileGroups groups(state_.store, charts_, sight);
    for (const facts::FileSetId set : sets) groups.add(set);
    std::map<std::vector<facts::JudgedSet>, std::vector<const World*>> alike;
    for (const World& world : worlds) {
      std::vector<facts::JudgedSet> look;
      for (const facts::JudgedSet& set : world.sets) look.push_back({groups.first_alike(set.file_set), set.on_default});
      alike[std::move(look)].push_back(&world);
    }
    for (const auto& [look, equal] : alike) {
      std::vector<facts::FileId> files;
      for (const facts::JudgedSet& set : equal.front()->sets) {
        const auto seen = groups.in_sight(set.file_set);
        files.insert(files.end(), seen.begin(), seen.end());
      }
      state_.judged.set_files(equal.front()->sets, std::move(files), sight);
      const EqualWorlds world(state_.store, equal);
      for (const ChosenRule* rule : chosen) evaluate(*rule, book, world.owners_of(), faults, others);
    }
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
    const VerdictBook::OwnersOf owners_of = own_set();
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
          for (auto& list : copy.fix_places)
            for (facts::PlaceId& place : list) place |= holder->second << 32;
        }
      }
      book.add(*rule, std::move(placed), owners_of);
    }
  }

  /// Whether everything was read that a verdict on this side may hang on.
  SuppressionBook::Known known(Side side) const {
    SuppressionBook::Known known;
    known.branches = !state_.request.withheld.heads_incomplete;
    if (!state_.stopped.empty()) known.branches = known.repositories_and_files = false;
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

  RunState& state_;
  SuppressionBook& suppressions_;
  facts::ChartFolders charts_{state_.store};
};

}  // namespace

facts::Sight sight_of(const RunState& state, const rules::Rule& rule) {
  const rules::RuleShape& shape = state.evaluator.shape(rule);
  facts::Sight sight;
  sight.within_chart = rule.within_chart;
  for (const std::string_view table : {"snapshot", "git_ref", "file_set", "file_set_member"})
    if (shape.tables.contains(table)) return {};
  sight.paths = rule.sees_paths;
  if (shape.reads_files && rule.files.empty() && !rule.sees_paths) return sight;
  sight.every_kind = false;
  sight.kinds.assign(rule.files.begin(), rule.files.end());
  for (const std::string& table : shape.tables) {
    const auto kinds = state.store.kinds_in(table);
    sight.kinds.insert(sight.kinds.end(), kinds.begin(), kinds.end());
  }
  std::sort(sight.kinds.begin(), sight.kinds.end());
  sight.kinds.erase(std::unique(sight.kinds.begin(), sight.kinds.end()), sight.kinds.end());
  return sight;
}

std::vector<facts::JudgedSet> every_set(const RunState& state, Side side) {
  std::map<facts::FileSetId, bool> sets;
  for (const World& world : fleet_worlds(state.repositories, side))
    for (const facts::JudgedSet& set : world.sets) sets[set.file_set] = sets[set.file_set] || set.on_default;
  std::vector<facts::JudgedSet> result;
  for (const auto& [file_set, on_default] : sets) result.push_back({file_set, on_default});
  return result;
}

void ask(RunState& state) {
  if (!state.reads_live_tables() && !state.reads_git_tables() && !state.reads_commits()) return;
  std::optional<std::set<std::string>> trusted;
  const auto ask_servers = [&] {
    for (int round = 0; round < limits::kMaxRounds && state.live.ask(trusted, state.tables_read); ++round) {
    }
  };
  for (const Side side : {Side::base, Side::head}) {
    if (side == Side::base && !state.has_base) continue;
    state.judged.set(every_set(state, side), {});
    // What revisions hold may make questions to servers, not the other way round.
    if (state.reads_git_tables()) state.git.ask();
    if (state.reads_live_tables()) {
      if (side == Side::base && (LiveState::reads_registries(state.tables_read) || HelmState::reads(state.tables_read) || IndexState::reads(state.tables_read)))
        trusted = state.live.hosts_wanted(state.tables_read);
      if (side == Side::base && ForgeState::reads(state.tables_read)) state.live.forges.trust_only_wanted();
      ask_servers();
    }
    // Versions name commits, those that a registry lists too.
    if (state.reads_commits()) state.git.ask_commits();
    if (state.tables_read.contains("git_change")) state.git.ask_changes();
    // What is deployed names charts, which registries are asked for.
    if (state.reads_charts_of_commits() && state.git.ask_charts() && state.reads_live_tables()) ask_servers();
  }
}

void judge_side(RunState& state, Side side, SuppressionBook& suppressions, VerdictBook& book, RunState::Faults& faults,
                VerdictBook* others) {
  Judge(state, suppressions).judge_side(side, book, others, faults);
}

}  // namespace trueup::engine
