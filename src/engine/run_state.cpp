#include "engine/run_state.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "formats/timestamp.hpp"

namespace trueup::engine {

RunState::RunState(Request the_request) : request(std::move(the_request)), evaluator(store, request.now), live(store, request) {
  evaluator.limit_steps(request.max_rule_steps);
}

void RunState::progress(std::string_view doing) const {
  if (request.progress) request.progress(doing);
}

std::string RunState::today() const { return formats::rfc3339_text(request.now).substr(0, std::string_view("2026-01-31").size()); }

std::function<std::size_t(facts::FileSetId)> RunState::by_rank() const {
  return [this](facts::FileSetId set) {
    const auto known = rank.find(set);
    return known == rank.end() ? rank.size() : known->second;
  };
}

void RunState::collect(const ChosenRule& chosen, facts::ViewCatalog::Needs& needs) const {
  catalog.collect(chosen.rule->words, needs);
}

void RunState::create(facts::ViewCatalog::Needs needs) {
  tables_read.insert(needs.tables.begin(), needs.tables.end());
  if (LiveState::reads_registries(tables_read)) catalog.collect("wanted_oci_artifact wanted_oci_repository", needs);
  if (tables_read.contains("application_lookup")) catalog.collect("wanted_application", needs);
  if (PackageState::reads(tables_read)) catalog.collect("wanted_chart_package", needs);
  if (HelmState::reads(tables_read)) catalog.collect("wanted_helm_chart", needs);
  if (StreamState::reads(tables_read)) catalog.collect("wanted_stream_workspace", needs);
  if (IndexState::reads(tables_read)) catalog.collect("wanted_package", needs);
  if (ForgeState::reads(tables_read)) catalog.collect("wanted_forge_repository wanted_forge_list", needs);
  if (reads_commits()) catalog.collect("wanted_git_commit wanted_ancestry", needs);
  if (tables_read.contains("change_path")) catalog.collect("wanted_change_path", needs);
  if (tables_read.contains("git_change")) catalog.collect("wanted_git_change", needs);
  if (reads_charts_of_commits()) catalog.collect("wanted_git_chart", needs);
  if (reads_git_tables()) catalog.collect("wanted_git_revision wanted_git_path", needs);
  catalog.create(needs, store);
}

namespace {

/// Whether the config, or else the rule, says something for a parameter.
bool has_value(const ChosenRule& rule, std::string_view parameter) {
  if (const auto set = rule.parameters.find(parameter); set != rule.parameters.end()) return !set->second.empty();
  const auto& parameters = rule.rule->parameters;
  return std::any_of(parameters.begin(), parameters.end(),
                     [&](const rules::RuleParameter& declared) { return declared.name == parameter && !declared.default_value.empty(); });
}

}  // namespace

bool RunState::has_facts(const ChosenRule& rule) {
  if (provided.contains(rule.rule)) return true;  // no row is ever taken away
  bool wants_rows = false, has_rows = false;
  for (const std::string_view need : rule.rule->needs) {
    if (!need.starts_with(':')) {
      wants_rows = true;
      const auto tables = split(need, '&');
      has_rows = has_rows || std::all_of(tables.begin(), tables.end(), [&](std::string_view table) { return store.has_rows(trim(table)); });
    } else if (!has_value(rule, need.substr(1))) {
      return false;
    }
  }
  return !wants_rows || has_rows;
}

void RunState::create_for_rules_with_facts() {
  facts::ViewCatalog::Needs needs;
  for (const ChosenRule& rule : request.rules)
    if (!provided.contains(rule.rule) && has_facts(rule)) {
      collect(rule, needs);
      provided.insert(rule.rule);
    }
  if (!needs.tables.empty() || !needs.views.empty()) create_provided(std::move(needs));
}

void RunState::provide(const ChosenRule& rule) {
  if (!provided.insert(rule.rule).second) return;
  facts::ViewCatalog::Needs needs;
  collect(rule, needs);
  create_provided(std::move(needs));
}

void RunState::create_provided(facts::ViewCatalog::Needs needs) {
  provided_needs.tables.insert(needs.tables.begin(), needs.tables.end());
  provided_needs.views.insert(needs.views.begin(), needs.views.end());
  create(std::move(needs));
}

const rules::RuleShape* RunState::shape(const rules::Rule& rule) const {
  if (evaluator.is_prepared(rule)) return &evaluator.shape(rule);
  const auto known = shapes.find(&rule);
  return known == shapes.end() ? nullptr : known->second;
}

bool RunState::reads_live_tables() const {
  return LiveState::reads_registries(tables_read) || ControlPlaneState::reads(tables_read) ||
         HelmState::reads(tables_read) || IndexState::reads(tables_read) || ForgeState::reads(tables_read) || StreamState::reads(tables_read) || DeploymentState::reads(tables_read);
}

bool RunState::reads_commits() const { return tables_read.contains("git_commit"); }
bool RunState::reads_charts_of_commits() const { return tables_read.contains("git_chart"); }
bool RunState::reads_git_tables() const { return tables_read.contains("git_revision") || tables_read.contains("git_path"); }

bool RunState::ready(const ChosenRule& rule, Faults& faults) {
  if (evaluator.is_prepared(*rule.rule)) return true;
  if (!has_facts(rule)) return false;
  provide(rule);
  auto fault = evaluator.prepare(*rule.rule, rule.parameters);
  if (fault) faults.push_back({std::string(rule.rule->file), rule.rule, *fault});
  return !fault;
}

}  // namespace trueup::engine
