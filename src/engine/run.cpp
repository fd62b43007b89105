#include "engine/run.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "engine/fix_findings.hpp"
#include "engine/judge.hpp"
#include "engine/load_fleet.hpp"
#include "engine/load_rings.hpp"
#include "engine/load_trains.hpp"
#include "engine/make_report.hpp"
#include "engine/observe.hpp"
#include "engine/run_state.hpp"
#include "engine/stand_since.hpp"
#include "facts/readings.hpp"
#include "facts/schema_text.hpp"

namespace trueup::engine {
namespace {

/// The tables of blobs that some rule reads; extractors leave the others out.
facts::TableSet wanted_tables(const std::set<std::string_view>& names) {
  facts::TableSet tables;
  for (std::size_t i = 0; i < facts::kTableCount; ++i)
    if (names.contains(facts::kTablesOfBlobs[i].name)) tables.insert(static_cast<facts::Table>(i));
  return tables;
}

}  // namespace


Run::Run(Request request) : state_(std::make_unique<RunState>(std::move(request))) {}
Run::~Run() = default;

std::vector<RuleError> Run::prepare() {
  RunState& run = *state_;
  std::vector<RuleError> errors;
  std::set<std::string_view> packs, builtin_packs;
  for (const rules::PackViews& views : rules::builtin_views()) builtin_packs.insert(views.file);
  for (const ChosenRule& rule : run.request.rules) packs.insert(rule.rule->pack);
  for (const rules::PackViews& views : run.request.views)
    if (builtin_packs.contains(views.file) && (packs.contains(views.pack) || run.request.all_tables)) run.catalog.add(views.sql);

  const auto is_foreign = [&](const rules::PackViews& views) { return !builtin_packs.contains(views.file) && packs.contains(views.pack); };
  facts::ViewCatalog::Needs all, at_once;  // of every rule, and of what is compiled at once
  for (const rules::PackViews& views : run.request.views)
    if (is_foreign(views)) run.catalog.collect(views.sql, at_once);
  std::vector<const ChosenRule*> compiled_now;
  for (const ChosenRule& rule : run.request.rules) {
    run.collect(rule, all);
    // Built-in rules are known to work: they are compiled when they have a subject, and so is what they name created.
    if (!rules::is_builtin(*rule.rule) || run.request.prepare_all) compiled_now.push_back(&rule);
  }
  all.tables.insert(at_once.tables.begin(), at_once.tables.end());
  if (all.tables.contains("file_set_member")) run.store.create_table("file_set_member");
  run.trains_wanted = run.request.all_tables || reads_trains(all.tables);
  run.rings_wanted = run.request.all_tables || reads_rings(all.tables);
  run.changes_wanted = run.request.all_tables || all.tables.contains("change_commit");
  if (run.trains_wanted) all.tables.insert("blob_carried_version");  // what tag_carried is made of
  run.extracted = run.request.all_tables ? facts::TableSet::all() : wanted_tables(all.tables);
  const auto create_everything = [&] {
    run.store.create_all_tables();
    run.catalog.create(run.catalog.all(), run.store);
  };
  // An operator's view may not take a name of ours, whether a rule at work uses that one or not.
  if (run.request.all_tables || std::any_of(run.request.views.begin(), run.request.views.end(), is_foreign)) create_everything();
  for (const ChosenRule* rule : compiled_now) run.collect(*rule, at_once);
  if (!compiled_now.empty() || !at_once.views.empty()) run.create(std::move(at_once));

  for (const rules::PackViews& views : run.request.views)
    if (is_foreign(views))
      if (auto fault = run.evaluator.add_views(views)) errors.push_back({std::string(views.file), nullptr, *fault});
  for (const ChosenRule* rule : compiled_now) {
    auto fault = run.evaluator.prepare(*rule->rule, rule->parameters);
    if (fault) {
      create_everything();  // a name that is nearly right may be one that nobody has needed yet
      fault = run.evaluator.prepare(*rule->rule, rule->parameters);
    }
    if (fault) errors.push_back({std::string(rule->rule->file), rule->rule, *fault});
  }
  return errors;
}

Result<void> Run::load() { return load_fleet(*state_); }

Plan Run::plan() {
  RunState& run = *state_;
  Plan plan;
  for (const LoadedRepository& repository : run.repositories) {
    Plan::RepositoryPlan& entry = plan.repositories.emplace_back();
    entry.slug = repository.wanted->slug;
    entry.loaded = repository.loaded;
    entry.because = repository.because;
    entry.subject = !repository.points.empty();
    for (const LoadedPoint& point : repository.points)
      entry.refs.push_back(point.asked.point.kind == PointKind::worktree ? "working tree" : shown_name(point.asked.point));
    if (repository.wanted->base) entry.refs.push_back(shown_name(*repository.wanted->base) + " (base)");
    if (repository.neighbour && repository.points.empty())
      entry.refs.push_back(repository.default_branch.value_or("working tree"));
    for (const facts::HeadRow& head : repository.heads) entry.refs.push_back(head.name + " (branch)");
  }
  std::set<std::string> hosts;
  if (ControlPlaneState::reads(run.tables_read)) {
    for (const live::ControlPlane* plane : run.request.live.control_planes)
      if (!plane->host().empty()) hosts.insert(plane->host());
    for (std::string& question : run.live.control_planes.plan(run.tables_read)) plan.questions.push_back(std::move(question));
  }
  if (LiveState::reads_registries(run.tables_read)) {
    run.judged.set(every_set(run, Side::head), {});
    hosts.merge(run.live.hosts_wanted(run.tables_read));
    const facts::Questions questions = facts::read_questions(run.store);
    for (const auto& [repository, reference] : questions.oci_artifacts)
      plan.questions.push_back("manifest of " + repository + ":" + reference);
    for (const std::string& repository : questions.oci_repositories) plan.questions.push_back("tags of " + repository);
  }
  if (IndexState::reads(run.tables_read)) {
    run.judged.set(every_set(run, Side::head), {});
    hosts.merge(run.live.indexes.hosts_wanted());
    for (std::string& question : run.live.indexes.plan()) plan.questions.push_back(std::move(question));
  }
  if (ForgeState::reads(run.tables_read)) {
    run.judged.set(every_set(run, Side::head), {});
    for (std::string& question : run.live.forges.plan(run.tables_read)) plan.questions.push_back(std::move(question));
    for (const live::Forge* forge : run.request.live.forges) hosts.insert(forge->host());
  }
  if (StreamState::reads(run.tables_read)) {
    run.judged.set(every_set(run, Side::head), {});
    for (std::string& question : run.live.streams.plan()) plan.questions.push_back(std::move(question));
    for (const live::StreamSource* source : run.request.live.streams)
      if (!source->host().empty()) hosts.insert(source->host());
  }
  if (DeploymentState::reads(run.tables_read)) {
    for (std::string& question : run.live.deployments.plan()) plan.questions.push_back(std::move(question));
    for (const live::DeploymentSource* source : run.request.live.deployments)
      if (!source->host().empty()) hosts.insert(source->host());
  }
  for (const ChosenRule& rule : run.request.rules) plan.rules.emplace_back(rule.rule->id);
  plan.hosts.assign(hosts.begin(), hosts.end());
  return plan;
}

Result<FixReport> Run::fix(const FixRequest& wanted) { return fix_findings(*state_, wanted); }

Result<Report> Run::judge() {
  RunState& run = *state_;
  ask(run);
  run.progress("judging");
  SuppressionBook suppressions(run, run.today());
  RunState::Faults faults;
  VerdictBook& head = run.verdicts.emplace(run.store, run.by_rank(), !suppressions.empty());
  VerdictBook base(run.store, run.by_rank()), others(run.store, run.by_rank()),
      others_before(run.store, run.by_rank());
  judge_side(run, Side::head, suppressions, head, faults, run.has_base ? &others : nullptr);
  if (run.has_base) judge_side(run, Side::base, suppressions, base, faults, &others_before);
  if (!faults.empty())
    return Error{Fault::over_limit, faults.front().file + ": " + faults.front().fault.message};
  // What it came to before it was stopped, in other worlds or on the other side, would look as if the rest were right.
  for (const auto& [rule, because] : run.stopped)
    for (VerdictBook* book : {&head, &base, &others, &others_before}) book->forget(*rule);
  const BaseVerdicts before{base, others, others_before};
  return make_report(run, suppressions, head, run.has_base ? &before : nullptr);
}

audit::Observation Run::observe(const Report& report) { return engine::observe(*state_, report); }

std::map<std::string, audit::StandsSince> Run::stand_since(const std::vector<const rules::Finding*>& findings) {
  return engine::stand_since(*state_, findings);
}

const std::map<std::string, std::uint64_t>& Run::rule_steps() const { return state_->rule_steps; }

std::optional<rules::RuleFault> Run::query(std::string_view sql, std::size_t most, rules::Evaluator::Table& table) {
  RunState& run = *state_;
  run.tables_read.clear();
  if (auto fault = run.evaluator.tables_of(sql, run.tables_read)) return fault;
  ask(run);
  if (run.tables_read.contains("span")) run.store.publish_spans();
  const std::vector<World> worlds = fleet_worlds(run.repositories, Side::head);
  if (!worlds.empty()) run.judged.set(worlds.front().sets, {});
  return run.evaluator.query(sql, most, table);
}

const rules::Rule* Run::find_rule(std::string_view name) const {
  for (const ChosenRule& chosen : state_->request.rules)
    if (chosen.rule->id == name || equal_ignoring_ascii_case(chosen.rule->code, name)) return chosen.rule;
  return nullptr;
}

}  // namespace trueup::engine
