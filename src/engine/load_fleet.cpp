#include "engine/load_fleet.hpp"

#include <algorithm>
#include <tuple>

#include "engine/load_rings.hpp"
#include "engine/load_trains.hpp"
#include "facts/forge_rows.hpp"
#include "facts/live_applications.hpp"
#include "facts/live_deployments.hpp"
#include "facts/live_streams.hpp"
#include "facts/readings.hpp"
#include "formats/version_form.hpp"

namespace trueup::engine {
namespace {

/// Whose messages are looked at.
constexpr std::size_t kMaxChangeCommits = 250;

class FleetLoader {
 public:
  explicit FleetLoader(RunState& state) : state_(state) {}

  Result<Point> default_point(const FleetRepository& wanted, const std::optional<std::string>& branch) {
    if (branch)
      if (auto points = wanted.source->resolve("refs/heads/" + *branch)) return points->front();
    if (branch)
      if (auto points = wanted.source->resolve(*branch)) return points->front();
    return wanted.source->present();
  }

  Result<void> load_repository(LoadedRepository& repository) {
    const FleetRepository& wanted = *repository.wanted;
    const bool subject = !wanted.asked.empty();
    facts::RepositoryRow row;
    row.slug = wanted.slug;
    if (!wanted.source) {
      if (subject) return Error{Fault::not_found, wanted.slug + ": " + wanted.because};
      repository.because = row.because = wanted.because;
      repository.id = state_.store.add_repository(row);
      return {};
    }
    state_.progress("reading " + wanted.slug);
    const RepositoryFacts& facts = wanted.source->facts();
    repository.default_branch = wanted.default_branch ? wanted.default_branch : facts.default_branch;
    if (subject) state_.notes.insert(state_.notes.end(), facts.notes.begin(), facts.notes.end());

    std::vector<Point> points;
    for (const AskedPoint& asked : wanted.asked) points.push_back(asked.point);
    const std::size_t base_at = points.size();
    if (wanted.base) points.push_back(*wanted.base);
    const std::size_t neighbour_at = points.size();
    const bool has_neighbours = state_.request.repositories.size() > 1;
    std::optional<Error> no_neighbour;
    if (!subject || has_neighbours) {
      if (auto point = default_point(wanted, repository.default_branch))
        points.push_back(*point);
      else
        no_neighbour = point.error();
    }

    row.loaded = subject || !no_neighbour;
    row.because = no_neighbour ? no_neighbour->message : "";
    row.default_branch = repository.default_branch;
    repository.id = state_.store.add_repository(row);
    state_.places->name_repository(repository.id, wanted.slug);
    const auto loaded = state_.loader->load(repository.id, wanted.slug, *wanted.source, points);
    for (std::size_t i = 0; i < loaded.size(); ++i) {
      if (!loaded[i]) {
        if (i < neighbour_at && !(state_.request.goes_on && i < base_at)) return Error{loaded[i].error()}.within(wanted.slug);
        if (i < base_at) {
          repository.missed = true;
          repository.because = loaded[i].error().message;
          state_.notes.push_back(wanted.slug + ": " + shown_name(points[i]) + " could not be read: " + loaded[i].error().message);
          continue;
        }
        set_unknown(repository, loaded[i].error().message);
        continue;
      }
      const LoadedSnapshot& snapshot = *loaded[i];
      if (i < base_at) {
        add_point(repository, wanted.asked[i], snapshot);
      } else if (i < neighbour_at) {
        repository.base = snapshot.file_set;
        state_.has_base = true;
        add_change(repository, points[i]);
        state_.places->name_file_set(snapshot.file_set, shown_name(points[i]));
      } else {
        repository.neighbour = snapshot.file_set;
        state_.places->name_file_set(snapshot.file_set, points[i].kind == PointKind::worktree ? "" : shown_name(points[i]));
      }
    }
    repository.loaded = row.loaded && (subject || repository.neighbour);
    return {};
  }

  /// The base, and what the commits since then say: text that a rule may take for an excuse.
  void add_change(const LoadedRepository& repository, const Point& base) {
    const AskedPoint& asked = repository.wanted->asked.front();
    const Point& at_hand = asked.point;
    const bool is_branch = at_hand.kind == PointKind::branch && !asked.merges_into;
    facts::add_base_set(state_.store, repository.id, *repository.base,
                        is_branch ? std::optional(at_hand.name) : asked.merges_into ? asked.merges_into : repository.default_branch);
    if (!state_.changes_wanted) return;
    RepositorySource& source = *repository.wanted->source;
    const auto head = at_hand.commit_id.empty() ? source.resolve("HEAD") : Result<std::vector<Point>>(std::vector<Point>{at_hand});
    if (!head || head->empty()) return;
    const auto commits = source.commits_between(base.commit_id, head->front().commit_id, kMaxChangeCommits);
    if (!commits) return;
    for (const CommitText& commit : *commits) facts::add_change_commit(state_.store, repository.id, commit.commit_id, commit.message);
  }

  void set_unknown(LoadedRepository& repository, const std::string& because) {
    repository.because = because;
    facts::set_unknown(state_.store, repository.id, because);
  }

  void add_point(LoadedRepository& repository, const AskedPoint& asked, const LoadedSnapshot& snapshot) {
    const Point& point = asked.point;
    LoadedPoint loaded{asked, snapshot.file_set, true};
    const std::optional<std::string> stands_on =
        point.kind == PointKind::worktree ? asked.merges_into : asked.merges_into ? asked.merges_into : std::optional(point.name);
    if (stands_on && repository.default_branch) loaded.on_default = *stands_on == *repository.default_branch;
    repository.points.push_back(loaded);
    state_.store.add_ref(repository.id, point.kind == PointKind::worktree ? "" : shown_name(point), to_string(point.kind), snapshot.snapshot);
  }

  /// Numbers the asked file sets: the working tree first, then default branches, then the newest.
  void rank_sets() {
    std::vector<std::tuple<int, std::int64_t, std::string, facts::FileSetId>> order;
    for (const LoadedRepository& repository : state_.repositories) {
      for (const LoadedPoint& point : repository.points) {
        const Point& at = point.asked.point;
        const int preference = at.kind == PointKind::worktree ? 0
                               : at.kind == PointKind::branch && repository.default_branch == at.name ? 1
                                                                                                    : 2;
        order.emplace_back(preference, -at.committed_at, at.name, point.file_set);
        state_.places->name_file_set(point.file_set, at.kind == PointKind::worktree ? "" : shown_name(at));
      }
      if (repository.base) order.emplace_back(3, 0, "", *repository.base);
    }
    std::sort(order.begin(), order.end());
    for (std::size_t i = 0; i < order.size(); ++i) state_.rank.try_emplace(std::get<3>(order[i]), i);
  }

  /// The names of all branches and tags, once, if a rule at work looks a name up. Nothing of them is read.
  void list_refs() {
    if (state_.refs_listed || !state_.tables_read.contains("ref_name")) return;
    state_.refs_listed = true;
    for (const LoadedRepository& repository : state_.repositories)
      if (repository.loaded) list_refs(repository);
  }

  void list_refs(const LoadedRepository& repository) {
    RepositorySource& source = *repository.wanted->source;
    std::vector<facts::RefNames::Row> names;
    for (Point& ref : source.ref_names()) {
      const bool is_branch = ref.kind == PointKind::branch;
      if (is_branch && state_.request.withheld.heads.contains({repository.wanted->slug, ref.name})) continue;
      if (is_branch || ref.kind == PointKind::tag) names.push_back({repository.id, std::move(ref.name), is_branch});
    }
    state_.store.add_ref_names(std::move(names));
    const RepositoryFacts& facts = source.facts();
    facts::set_refs_known(state_.store, repository.id, facts.heads_complete && !state_.request.withheld.heads_incomplete,
                          facts.tags_complete && !state_.request.withheld.heads_incomplete, facts.history_complete);
  }

  /// Loads every branch of the subjects for which a rule of scope refs has a subject.
  Result<void> load_heads() {
    std::vector<const ChosenRule*> refs_rules;
    for (const ChosenRule& rule : state_.request.rules)
      if (rule.rule->scope == rules::Scope::refs) refs_rules.push_back(&rule);
    RunState::Faults faults;
    std::erase_if(refs_rules, [&](const ChosenRule* rule) { return !state_.ready(*rule, faults); });
    if (!faults.empty()) return Error{Fault::malformed, faults.front().file + ": " + faults.front().fault.message};
    if (refs_rules.empty()) return {};
    for (LoadedRepository& repository : state_.repositories) {
      const auto world = refs_world(repository, Side::head);
      if (!world) continue;
      state_.judged.set(world->world.sets, {});
      if (std::none_of(refs_rules.begin(), refs_rules.end(),
                       [&](const ChosenRule* rule) { return state_.evaluator.has_subject(*rule->rule); }))
        continue;
      state_.progress("reading the branches of " + repository.wanted->slug);
      RepositorySource& source = *repository.wanted->source;
      const std::vector<Point> heads = source.branches();
      const RepositoryFacts& facts = source.facts();
      bool complete = facts.heads_complete && !state_.request.withheld.heads_incomplete;
      const auto loaded = state_.loader->load(repository.id, repository.wanted->slug, source, heads);
      for (std::size_t i = 0; i < loaded.size(); ++i) {
        if (!loaded[i]) {
          state_.notes.push_back("branch " + heads[i].name + " of " + repository.wanted->slug + ": " + loaded[i].error().message);
          complete = false;
          continue;
        }
        if (state_.request.withheld.heads.contains({repository.wanted->slug, heads[i].name})) {
          complete = false;
          continue;
        }
        state_.places->name_file_set(loaded[i]->file_set, heads[i].name);
        repository.heads.push_back({repository.id, heads[i].name, loaded[i]->file_set,
                                    repository.default_branch == heads[i].name});
      }
      facts::set_refs_known(state_.store, repository.id, complete, facts.tags_complete && !state_.request.withheld.heads_incomplete,
                            facts.history_complete);
    }
    return {};
  }

 private:
  RunState& state_;
};

}  // namespace

namespace {

void add_promises(facts::Store& store, const ChartPromises& promises) {
  facts::add_lockstep(store, promises.lockstep);
  facts::add_chart_owners(store, promises.owners);
  if (const auto form = formats::VersionForm::parse(promises.versions))
    facts::add_chart_version_form(store, form->text, form->pattern, form->branch_group, form->commit_group);
  for (const EnvironmentPromise& each : promises.environments) facts::add_environment(store, each.slug, each.branch, each.takes);
}

/// Lists of ArgoCD that rules want whatever the repositories hold are read while these are.
void begin_lists(RunState& state) {
  if (!state.request.asks_early || state.request.live.control_planes.empty()) return;
  facts::ViewCatalog::Needs certain, possible;
  for (const ChosenRule& rule : state.request.rules) {
    state.collect(rule, possible);
    if (state.has_facts(rule)) state.collect(rule, certain);
  }
  state.live.control_planes.begin({certain.tables.begin(), certain.tables.end()}, {possible.tables.begin(), possible.tables.end()});
}

}  // namespace

Result<void> load_fleet(RunState& state) {
  FleetLoader fleet(state);
  state.loader.emplace(state.store, state.request.kinds, state.extracted, state.request.withheld, state.request.repositories);
  state.places.emplace(state.store, *state.loader, state.live);
  const bool gate = std::ranges::any_of(state.request.repositories, [](const FleetRepository& repository) { return repository.base.has_value(); });
  facts::set_run(state.store, state.request.closed, state.request.offline, gate);
  add_promises(state.store, state.request.chart);
  for (const StreamWorkspace& workspace : state.request.streams) {
    const auto& sources = state.request.live.streams;
    const auto source = std::find_if(sources.begin(), sources.end(), [&](const live::StreamSource* each) { return each->name() == workspace.name; });
    facts::add_stream_workspace(state.store, workspace.name, workspace.environment, workspace.repository,
                                workspace.any_root ? std::nullopt : std::optional(workspace.root), workspace.branch, workspace.workspace,
                                source == sources.end() ? workspace.name : (*source)->source());
  }
  for (const EarlierCount& each : state.request.earlier)
    facts::add_earlier_count(state.store, each.stream_workspace, each.workspace, each.name, each.dlq_messages, each.asked_at);
  for (const live::DeploymentSource* source : state.request.live.deployments) facts::add_deployment_store(state.store, source->name(), source->source());
  for (const live::ControlPlane* plane : state.request.live.control_planes) {
    const live::Client client = plane->client();
    facts::add_control_plane(state.store, plane->name(), plane->source(), client.program, client.target);
  }
  for (const auto& [plane, home] : state.request.live.homes) facts::add_control_plane_home(state.store, plane, home);
  begin_lists(state);
  state.repositories.reserve(state.request.repositories.size());
  for (const FleetRepository& wanted : state.request.repositories) {
    LoadedRepository& repository = state.repositories.emplace_back();
    repository.wanted = &wanted;
    if (auto loaded = fleet.load_repository(repository); !loaded) return std::move(loaded).error();
    for (const live::Forge* forge : state.request.live.forges)
      if (wanted.forge && wanted.forge->host == forge->host())
        facts::add_repository_forge(state.store, repository.id, wanted.slug, forge->host(), to_string(forge->kind()));
  }
  fleet.rank_sets();
  load_trains(state);
  load_rings(state);
  // What is created makes SQLite compile every statement again, so it stands before the first rule does.
  state.create_for_rules_with_facts();
  fleet.list_refs();
  if (auto loaded = fleet.load_heads(); !loaded) return std::move(loaded).error();
  if (std::any_of(state.repositories.begin(), state.repositories.end(), [](const auto& repository) { return !repository.heads.empty(); })) {
    state.create_for_rules_with_facts();
    fleet.list_refs();
  }
  return {};
}

}  // namespace trueup::engine
