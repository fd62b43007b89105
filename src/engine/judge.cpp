#include "engine/judge.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <thread>

#include "base/limits.hpp"
#include "base/work_queue.hpp"
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

/// Values that are made once for each sight, by the thread that asks first.
template <typename Value>
class OncePerSight {
 public:
  template <typename Make>
  const Value& get(const facts::Sight& sight, const Make& make) {
    Entry* entry = nullptr;
    {
      const std::lock_guard lock(guard_);
      std::unique_ptr<Entry>& known = entries_[sight];
      if (!known) known = std::make_unique<Entry>();
      entry = known.get();
    }
    std::call_once(entry->once, [&] { make(entry->value); });
    return entry->value;
  }

 private:
  struct Entry {
    std::once_flag once;
    Value value;
  };
  std::mutex guard_;
  std::map<facts::Sight, std::unique_ptr<Entry>> entries_;
};

/// What there is to judge on one side, for each sight: file sets and worlds that look the same are one. Read by all threads.
class SideView {
 public:
  /// File sets of one branch's kind, for scope repository.
  struct Sets {
    std::unique_ptr<facts::FileGroups> groups;
    std::vector<facts::JudgedSet> judged;
  };
  /// Worlds that look the same, for scope fleet.
  struct Worlds {
    std::vector<facts::JudgedSet> judged;
    std::vector<facts::FileId> files;
    std::unique_ptr<EqualWorlds> equal;
  };
  /// The branches of a repository, for scope refs.
  struct Refs {
    RefsWorld refs;
    std::unique_ptr<EqualWorlds> world;
  };

  SideView(RunState& state, Side side)
      : store_(state.store), charts_(state.store), asked_(asked_sets(state.repositories, side)), worlds_(fleet_worlds(state.repositories, side)) {
    for (const LoadedRepository& repository : state.repositories) {
      auto refs = refs_world(repository, side);
      if (!refs) continue;
      Refs& view = refs_.emplace_back(Refs{std::move(*refs), nullptr});
      view.world = std::make_unique<EqualWorlds>(store_, std::vector<const World*>{&view.refs.world});
    }
    for (const auto& [on_default, sets] : asked_) {
      for (const facts::FileSetId set : sets) {
        const auto [first, last] = store_.files_of(set);
        for (facts::FileId file = first; file < last; ++file) holders_.emplace_back(store_.file(file).blob, file);
      }
    }
    std::sort(holders_.begin(), holders_.end());
    holders_.erase(std::unique(holders_.begin(), holders_.end()), holders_.end());
  }
  SideView(const SideView&) = delete;
  SideView& operator=(const SideView&) = delete;

  const std::vector<Sets>& sets(const facts::Sight& sight) {
    return sets_.get(sight, [&](std::vector<Sets>& found) {
      for (const auto& [on_default, asked] : asked_) {
        auto groups = std::make_unique<facts::FileGroups>(store_, charts_, sight);
        for (const facts::FileSetId set : asked) groups->add(set);
        std::vector<facts::JudgedSet> judged;
        for (const facts::FileSetId set : groups->sets()) judged.push_back({set, on_default});
        found.push_back({std::move(groups), std::move(judged)});
      }
    });
  }

  const std::vector<Worlds>& worlds(const facts::Sight& sight) {
    return worlds_alike_.get(sight, [&](std::vector<Worlds>& found) {
      std::set<facts::FileSetId> sets;
      for (const World& world : worlds_)
        for (const facts::JudgedSet& set : world.sets) sets.insert(set.file_set);
      facts::FileGroups groups(store_, charts_, sight);
      for (const facts::FileSetId set : sets) groups.add(set);
      std::map<std::vector<facts::JudgedSet>, std::vector<const World*>> alike;
      for (const World& world : worlds_) {
        std::vector<facts::JudgedSet> look;
        for (const facts::JudgedSet& set : world.sets) look.push_back({groups.first_alike(set.file_set), set.on_default});
        alike[std::move(look)].push_back(&world);
      }
      for (const auto& [look, equal] : alike) {
        Worlds& view = found.emplace_back();
        view.judged = equal.front()->sets;
        for (const facts::JudgedSet& set : view.judged) {
          const auto seen = groups.in_sight(set.file_set);
          view.files.insert(view.files.end(), seen.begin(), seen.end());
        }
        view.equal = std::make_unique<EqualWorlds>(store_, equal);
      }
    });
  }

  const std::deque<Refs>& refs() const { return refs_; }

  /// The files of what is asked that hold a blob.
  std::span<const std::pair<facts::BlobId, facts::FileId>> holders(facts::BlobId blob) const {
    const auto [first, last] = std::ranges::equal_range(holders_, blob, {}, &std::pair<facts::BlobId, facts::FileId>::first);
    return {first, last};
  }

 private:
  const facts::Store& store_;
  facts::ChartFolders charts_;
  std::map<bool, std::vector<facts::FileSetId>> asked_;
  std::vector<World> worlds_;
  std::deque<Refs> refs_;
  std::vector<std::pair<facts::BlobId, facts::FileId>> holders_;
  OncePerSight<std::vector<Sets>> sets_;
  OncePerSight<std::vector<Worlds>> worlds_alike_;
};

/// What became of one rule on one side.
struct Outcome {
  /// What it said in one world, and whose that is.
  struct Said {
    std::vector<rules::Verdict> verdicts;
    VerdictBook::OwnersOf owners_of;
    bool elsewhere = false;  ///< for the book of others
  };
  std::vector<Said> said;
  const rules::RuleShape* shape = nullptr;
  std::uint64_t steps = 0;
  std::optional<rules::RuleFault> fault;
};

class Judge {
 public:
  Judge(RunState& state, SuppressionBook& suppressions, Side side, VerdictBook& book, VerdictBook* others, RunState::Faults& faults)
      : state_(state), suppressions_(suppressions), side_(side), book_(book), others_(others), faults_(faults), view_(state, side) {}

  void judge_side() {
    judge(rules_that_judge(false));
    if (side_ == Side::head && !state_.request.suppressions.empty())
      suppressions_.count_central_uses(book_, state_.request.rules, known());
    if (suppressions_.empty()) return;
    suppressions_.count_uses(book_, state_.request.rules, known());
    for (const ChosenRule* rule : rules_that_judge(true))
      if (state_.ready(*rule, faults_)) record(*rule, outcome_of(*rule, {state_.evaluator, state_.judged}));
  }

 private:
  /// For fewer rules a desk more is not worth what it takes to set one up.
  static constexpr std::size_t kRulesForDesks = 12;
  /// What rules said and is not recorded yet: thousands of verdicts each.
  static constexpr std::size_t kOutcomesKept = 8;

  /// Whether a rule is about what the others came to, and so judges after them.
  static bool judges_suppressions(const ChosenRule& rule) {
    const auto& needs = rule.rule->needs;
    return std::any_of(needs.begin(), needs.end(), [](std::string_view table) { return table.starts_with("suppression_use"); });
  }

  std::vector<const ChosenRule*> rules_that_judge(bool suppressions) const {
    std::vector<const ChosenRule*> chosen;
    for (const ChosenRule& rule : state_.request.rules)
      if (judges_suppressions(rule) == suppressions && !state_.stopped.contains(rule.rule)) chosen.push_back(&rule);
    return chosen;
  }

  /// Rules that were not compiled yet are compiled and run in all cores, each by the thread that takes it; an operator's, and those
  /// that said which branches to load, were compiled in the run's own database.
  void judge(const std::vector<const ChosenRule*>& chosen) {
    std::vector<const ChosenRule*> compiled, others;
    for (const ChosenRule* rule : chosen) {
      if (state_.evaluator.is_prepared(*rule->rule)) compiled.push_back(rule);
      else if (state_.has_facts(*rule)) others.push_back(rule);
    }
    for (const ChosenRule* rule : others) state_.provide(*rule);
    const unsigned helpers = others.size() < kRulesForDesks ? 0 : state_.request.helpers;
    if (helpers > 0) state_.desks.open(state_.provided_needs);
    const auto own_thread = std::this_thread::get_id();
    std::vector<Outcome> outcomes(others.size());
    work_in_order(
        others.size(), kOutcomesKept, helpers,
        [&](std::size_t i) {
          if (std::this_thread::get_id() == own_thread) {
            outcomes[i] = outcome_of(*others[i], {state_.evaluator, state_.judged});
          } else {
            const RuleDesks::Lease lease = state_.desks.take();
            outcomes[i] = outcome_of(*others[i], lease.desk());
          }
        },
        [&](std::size_t i) { record(*others[i], std::move(outcomes[i])); });
    for (const ChosenRule* rule : compiled) record(*rule, outcome_of(*rule, {state_.evaluator, state_.judged}));
  }

  void record(const ChosenRule& rule, Outcome outcome) {
    state_.rule_steps[std::string(rule.rule->id)] += outcome.steps;
    if (outcome.shape != nullptr) state_.shapes[rule.rule] = outcome.shape;
    for (Outcome::Said& said : outcome.said) (said.elsewhere ? others_ : &book_)->add(rule, std::move(said.verdicts), said.owners_of);
    if (!outcome.fault) return;
    // What others wrote ends the run, where they see it; a rule of ours must not take what the others found along.
    if (outcome.fault->stopped && rules::is_builtin(*rule.rule)) state_.stopped.emplace(rule.rule, outcome.fault->message);
    else faults_.push_back({std::string(rule.rule->file), rule.rule, *outcome.fault});
  }

  /// Compiles a rule where it was not, and runs it on all that it can see. From any thread.
  Outcome outcome_of(const ChosenRule& chosen, RuleDesk desk) {
    const rules::Rule& rule = *chosen.rule;
    Outcome outcome;
    if (!desk.evaluator.is_prepared(rule)) outcome.fault = desk.evaluator.prepare(rule, chosen.parameters);
    if (outcome.fault) return outcome;
    outcome.shape = &desk.evaluator.shape(rule);
    const facts::Sight sight = sight_of(state_.store, rule, *outcome.shape);
    switch (rule.scope) {
      case rules::Scope::file:
        outcome.said.push_back({placed(run(rule, desk, outcome)), own_set()});
        break;
      case rules::Scope::repository:
        for (const SideView::Sets& sets : view_.sets(sight)) {
          if (outcome.fault) break;
          desk.judged.set_files(sets.judged, sets.groups->files(), sight);
          outcome.said.push_back({run(rule, desk, outcome),
                                  [groups = sets.groups.get()](const rules::Verdict& verdict) { return groups->holders(verdict.at >> 32); }});
        }
        break;
      case rules::Scope::fleet:
        for (const SideView::Worlds& worlds : view_.worlds(sight)) {
          if (outcome.fault) break;
          desk.judged.set_files(worlds.judged, worlds.files, sight);
          say_of_worlds(run(rule, desk, outcome), *worlds.equal, outcome);
        }
        break;
      case rules::Scope::refs:
        for (const SideView::Refs& refs : view_.refs()) {
          if (outcome.fault) break;
          desk.judged.set(refs.refs.world.sets, refs.refs.heads);
          if (desk.evaluator.has_subject(rule)) outcome.said.push_back({run(rule, desk, outcome), refs.world->owners_of()});
        }
    }
    return outcome;
  }

  std::vector<rules::Verdict> run(const rules::Rule& rule, RuleDesk desk, Outcome& outcome) const {
    std::vector<rules::Verdict> verdicts;
    outcome.fault = desk.evaluator.evaluate(rule, verdicts);
    outcome.steps += desk.evaluator.last_steps();
    if (outcome.fault) verdicts.clear();
    return verdicts;
  }

  void say_of_worlds(std::vector<rules::Verdict> verdicts, const EqualWorlds& worlds, Outcome& outcome) const {
    if (others_ != nullptr) {
      std::vector<rules::Verdict> elsewhere;
      const auto owners_of = worlds.owners_of();
      for (const rules::Verdict& verdict : verdicts)
        if (owners_of(verdict).empty()) elsewhere.push_back(verdict);
      outcome.said.push_back({std::move(elsewhere), own_set(), true});
    }
    outcome.said.push_back({std::move(verdicts), worlds.owners_of()});
  }

  /// The file set that the place itself stands in.
  VerdictBook::OwnersOf own_set() const {
    return [&store = state_.store, owner = std::array<facts::FileSetId, 1>{}](const rules::Verdict& verdict) mutable {
      owner = {store.file(verdict.at >> 32).file_set};
      return std::span<const facts::FileSetId>(owner);
    };
  }

  /// Scope file: asked of the blobs once, then expanded to the files that hold them.
  std::vector<rules::Verdict> placed(const std::vector<rules::Verdict>& verdicts) const {
    std::vector<rules::Verdict> result;
    for (const rules::Verdict& verdict : verdicts) {
      for (const auto& [blob, file] : view_.holders(state_.store.span(verdict.at).blob)) {
        rules::Verdict& copy = result.emplace_back(verdict);
        copy.at |= file << 32;
        for (facts::PlaceId& place : copy.places)
          if (place > 0) place |= file << 32;
        for (auto& list : copy.fix_places)
          for (facts::PlaceId& place : list) place |= file << 32;
      }
    }
    return result;
  }

  /// Whether everything was read that a verdict on this side may hang on.
  SuppressionBook::Known known() const {
    SuppressionBook::Known known;
    known.branches = !state_.request.withheld.heads_incomplete;
    if (!state_.stopped.empty()) known.branches = known.repositories_and_files = false;
    for (const LoadedRepository& repository : state_.repositories) {
      if (!repository.loaded) known.repositories_and_files = false;
      if (repository.loaded && !repository.points.empty() && !repository.wanted->source->facts().heads_complete) known.branches = false;
    }
    for (const auto& [on_default, sets] : asked_sets(state_.repositories, side_)) {
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
  Side side_;
  VerdictBook& book_;
  VerdictBook* others_;
  RunState::Faults& faults_;
  SideView view_;
};

}  // namespace

facts::Sight sight_of(const facts::Store& store, const rules::Rule& rule, const rules::RuleShape& shape) {
  facts::Sight sight;
  sight.within_chart = rule.within_chart;
  for (const std::string_view table : {"snapshot", "git_ref", "file_set", "file_set_member"})
    if (shape.tables.contains(table)) return {};
  sight.paths = rule.sees_paths;
  if (shape.reads_files && rule.files.empty() && !rule.sees_paths) return sight;
  sight.every_kind = false;
  sight.kinds.assign(rule.files.begin(), rule.files.end());
  for (const std::string& table : shape.tables) {
    const auto kinds = store.kinds_in(table);
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
    if (state.has_base && state.tables_read.contains("change_path")) state.git.ask_change_paths();
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
  Judge(state, suppressions, side, book, others, faults).judge_side();
}

}  // namespace trueup::engine
