#include "engine/observe.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "engine/judge.hpp"
#include "facts/live_streams.hpp"
#include "formats/timestamp.hpp"

namespace trueup::engine {
namespace {

/// Tables that hold no answer of a server, besides blob_* and promise_*; a new one counts as an answer until it is named here.
constexpr std::array<std::string_view, 46> kLocalTables = {
    "repository", "file_set",     "snapshot",   "git_ref",         "ref_name",     "blob",         "file_set_member",
    "run",        "span",         "git_commit", "control_plane",   "control_plane_home", "git_tag",      "ancestry",     "suppression_use",
    "train",      "train_member", "git_path",   "train_place",     "train_image",  "release_tag",  "train_changelog",
    "tag_carried", "git_revision", "head",      "unreadable_file", "judged_file",  "ring_promise",  "ring_term",
    "ring_sync",   "ring_service", "ring_branch", "ring_change",   "train_package", "train_file",   "train_docs",
    "train_list",  "stream_workspace", "git_change", "deployment_store", "earlier_stream_count", "git_chart", "git_chart_dependency", "base_set", "change_commit", "change_path"};

/// What a history calls the messages in a processor's dead-letter queue, before the names of both workspaces and of the processor.
constexpr std::string_view kDlqMeasure = "dlq_messages";

bool is_live(std::string_view table) {
  return !table.starts_with("blob_") && !table.starts_with("promise_") &&
         std::find(kLocalTables.begin(), kLocalTables.end(), table) == kLocalTables.end();
}

class Observer {
 public:
  Observer(RunState& state, const Report& report) : state_(state), report_(report) {}

  audit::Observation observe() {
    audit::Observation seen;
    seen.now = state_.request.now;
    seen.version = report_.version;
    seen.verified = report_.verified();
    seen.subjects = report_.subjects();
    for (const rules::Finding& finding : report_.findings) seen.violated.push_back({&finding, false});
    for (const Suppressed& suppressed : report_.suppressed) seen.violated.push_back({&suppressed.finding, true});
    for (const rules::Finding& unknown : report_.unknowns) seen.unknown.push_back(&unknown);
    add_sources(seen);
    for (const auto& [watched, workspace, name, count] : facts::read_dlq_counts(state_.store))
      seen.measures.push_back({join(std::vector<std::string>{std::string(kDlqMeasure), watched, workspace, name}, "\n"), count, seen.now});
    for (const ChosenRule& rule : state_.request.rules)
      if (!state_.stopped.contains(rule.rule)) seen.rules.push_back(judged_rule(*rule.rule));
    seen.is_ok = [this_state = &state_](const audit::Record& record) { return is_ok(*this_state, record); };
    return seen;
  }

 private:
  /// What a rule said of a subject in this run.
  static bool is_ok(const RunState& state, const audit::Record& record) {
    const auto rule = std::ranges::find(state.request.rules, record.rule_id, [](const ChosenRule& each) { return each.rule->id; });
    const auto repository = std::ranges::find(state.repositories, record.repository, [](const auto& each) { return each.wanted->slug; });
    if (rule == state.request.rules.end() || repository == state.repositories.end() || !state.verdicts) return false;
    const auto& subjects = state.verdicts->subjects();
    const auto found = subjects.find(identity_of(*rule->rule, repository->id, record.path, record.key, record.ordinal));
    return found != subjects.end() && found->second.state == rules::VerdictState::ok;
  }

  audit::JudgedRule judged_rule(const rules::Rule& rule) const {
    audit::JudgedRule judged;
    judged.id = rule.id;
    judged.aliases.assign(rule.aliases.begin(), rule.aliases.end());
    judged.anywhere = rule.anywhere;
    judged.one_file = rule.scope == rules::Scope::file;
    judged.fleet = rule.scope == rules::Scope::fleet;
    facts::ViewCatalog::Needs needs;
    state_.catalog.collect(rule.words, needs);
    judged.live = std::any_of(needs.tables.begin(), needs.tables.end(), is_live);
    // A rule that had no subject may have lost its last file: then every kind counts.
    const rules::RuleShape* const shape = state_.shape(rule);
    if (shape == nullptr) return judged;
    const facts::Sight sight = sight_of(state_.store, rule, *shape);
    if (sight.every_kind) return judged;
    judged.kinds.assign(sight.kinds.begin(), sight.kinds.end());
    // Which kinds fill a table is known by those that filled it: a kind of which nothing could be read may be one.
    for (const std::string& kind : kinds_unread_)
      if (!kinds_read_.contains(kind)) judged.kinds.push_back(kind);
    std::ranges::sort(judged.kinds);
    // No kind at all would read as every kind.
    if (judged.kinds.empty()) judged.kinds.emplace_back("none");
    return judged;
  }

  void add_sources(audit::Observation& seen) {
    using audit::SourceKind;
    for (const LoadedRepository& repository : state_.repositories) {
      const std::string& slug = repository.wanted->slug;
      const bool missed = repository.missed || repository.wanted->missed;
      const std::string& because = repository.because.empty() ? repository.wanted->because : repository.because;
      seen.sources.push_back({{SourceKind::repository, slug}, !repository.loaded || missed ? audit::kNothing : audit::kAllThere, because});
      if (!repository.points.empty())
        for (const std::string& asked : repository.wanted->asked_as) seen.sources.push_back({{SourceKind::revision, slug, asked}});
      add_unread_files(repository, seen);
    }
    for (const live::ControlPlane* plane : state_.request.live.control_planes)
      seen.sources.push_back({{SourceKind::control_plane, {}, plane->name()}});
    for (const live::StreamSource* stream : state_.request.live.streams) seen.sources.push_back({{SourceKind::control_plane, {}, "streams " + stream->name()}});
    for (const live::DeploymentSource* source : state_.request.live.deployments) seen.sources.push_back({{SourceKind::control_plane, {}, "deployments " + source->name()}});
    for (const HostReport& host : report_.hosts)
      seen.sources.push_back({{SourceKind::host, {}, host.host}, missing_of(host), "it left " + std::to_string(host.unknown) + " of " +
                                                                                       std::to_string(host.questions) + " questions open"});
  }

  static int missing_of(const HostReport& host) {
    if (host.unknown == 0) return audit::kAllThere;
    return host.unknown == host.questions ? audit::kNothing : host.unknown * 2 >= host.questions ? 3 : host.unknown * 10 >= host.questions ? 2 : 1;
  }

  void add_unread_files(const LoadedRepository& repository, audit::Observation& seen) {
    std::set<facts::FileSetId> sets;
    for (const LoadedPoint& point : repository.points) sets.insert(point.file_set);
    for (const facts::HeadRow& head : repository.heads) sets.insert(head.file_set);
    if (repository.neighbour) sets.insert(*repository.neighbour);
    std::set<std::pair<std::string_view, std::string_view>> told;
    for (const facts::FileSetId set : sets) {
      const auto [first, last] = state_.store.files_of(set);
      for (facts::FileId file = first; file < last; ++file) {
        const facts::Store::File& stored = state_.store.file(file);
        const facts::BlobState blob = state_.store.blob_state(stored.blob);
        if (blob == facts::BlobState::parsed) kinds_read_.emplace(stored.kind);
        if (blob == facts::BlobState::parsed || blob == facts::BlobState::unread || !told.emplace(stored.path, stored.kind).second) continue;
        kinds_unread_.emplace(stored.kind);
        seen.sources.push_back({{audit::SourceKind::file, repository.wanted->slug, std::string(stored.path), std::string(stored.kind)},
                                audit::kNothing,
                                std::string(state_.store.blob_because(stored.blob))});
      }
    }
  }

  RunState& state_;
  const Report& report_;
  std::set<std::string, std::less<>> kinds_read_, kinds_unread_;
};

}  // namespace

bool reads_servers(const RunState& state, const rules::Rule& rule) {
  const rules::RuleShape* const shape = state.shape(rule);
  return shape != nullptr && std::any_of(shape->tables.begin(), shape->tables.end(), is_live);
}

std::optional<EarlierCount> earlier_count(const audit::Measure& measure) {
  const auto parts = split(measure.name, '\n');
  if (parts.size() != 4 || parts[0] != kDlqMeasure) return std::nullopt;
  return EarlierCount{std::string(parts[1]), std::string(parts[2]), std::string(parts[3]), measure.value, formats::rfc3339_text(measure.at)};
}

audit::Observation observe(RunState& state, const Report& report) { return Observer(state, report).observe(); }

}  // namespace trueup::engine
