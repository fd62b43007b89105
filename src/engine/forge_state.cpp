#include "engine/forge_state.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.hpp"

namespace trueup::engine {
namespace {

/// Which tables a kind of list fills.
struct Filled {
  std::string_view table;
  live::ForgeListKind kind;
};
constexpr std::array<Filled, 13> kFilled = {{{"pull_request", live::ForgeListKind::pull_request},
                                            {"pull_request_label", live::ForgeListKind::pull_request},
                                            {"pull_request_label", live::ForgeListKind::label_event},
                                            {"pull_request_comment", live::ForgeListKind::pull_request_comment},
                                            {"workflow_run", live::ForgeListKind::workflow_run},
                                            {"forge_release", live::ForgeListKind::release},
                                            {"forge_tag", live::ForgeListKind::tag},
                                            {"required_check", live::ForgeListKind::required_check},
                                            {"forge_secret", live::ForgeListKind::secret},
                                            {"forge_secret", live::ForgeListKind::variable},
                                            {"forge_branch", live::ForgeListKind::required_check},
                                            {"forge_environment", live::ForgeListKind::environment},
                                            {"forge_app_grant", live::ForgeListKind::app}}};

bool is_read(live::ForgeListKind kind, const ForgeState::TablesRead& tables) {
  return std::ranges::any_of(kFilled, [&](const Filled& filled) { return filled.kind == kind && tables.contains(filled.table); });
}

}  // namespace

bool ForgeState::reads(const TablesRead& tables) {
  return tables.contains("forge_repository") || tables.contains("forge_list") ||
         std::ranges::any_of(kFilled, [&](const Filled& filled) { return tables.contains(filled.table); });
}

ForgeState::Wanted ForgeState::wanted(const TablesRead& tables) {
  Wanted wanted;
  if (request_.live.forges.empty()) return wanted;
  facts::ForgeQuestions questions = facts::read_forge_questions(store_);
  if (!tables.contains("forge_repository")) questions.repositories.clear();
  for (const auto& question : questions.repositories) {
    if (!asked_.repositories.insert(question).second) continue;
    if (trusted_ && !trusted_->contains(question))
      wanted.not_trusted.push_back(question);
    else
      wanted.repositories[question.first].push_back(question.second);
  }
  for (const auto& question : questions.lists) {
    const auto kind = live::forge_list_kind(question.kind);
    if (!kind || !is_read(*kind, tables) || !asked_.lists.insert(question).second) continue;
    wanted.lists[question.host].push_back({question.slug, *kind, question.about});
  }
  return wanted;
}

bool ForgeState::ask(const TablesRead& tables) {
  const Wanted wanted = this->wanted(tables);
  if (wanted.repositories.empty() && wanted.lists.empty() && wanted.not_trusted.empty()) return false;
  if (request_.progress) request_.progress("asking forges");
  for (live::Forge* forge : request_.live.forges) {
    for (const auto& [host, slug] : wanted.not_trusted) {
      if (host != forge->host()) continue;
      live::ForgeRepositoryReading reading;
      reading.unknown = live::unknown("not_trusted", "only this change names " + slug + ", so it was not asked for; check it without a base");
      store(*forge, slug, reading);
    }
    const auto slugs = wanted.repositories.find(forge->host());
    const auto questions = wanted.lists.find(forge->host());
    if (slugs != wanted.repositories.end()) {
      std::vector<std::string> paths;
      for (const std::string& slug : slugs->second) paths.push_back(path_of(forge->host(), slug));
      const auto readings = forge->repositories(paths);
      store_.begin();
      for (std::size_t i = 0; i < readings.size(); ++i) store(*forge, slugs->second[i], readings[i]);
      store_.commit();
    }
    if (questions != wanted.lists.end()) {
      std::vector<live::ForgeListQuestion> asked = questions->second;
      for (live::ForgeListQuestion& question : asked) question.slug = path_of(forge->host(), question.slug);
      const auto readings = forge->lists(asked);
      store_.begin();
      for (std::size_t i = 0; i < readings.size(); ++i) store(*forge, questions->second[i].slug, readings[i]);
      store_.commit();
    }
  }
  return true;
}

void ForgeState::trust_only_wanted() {
  if (request_.live.forges.empty()) return;
  trusted_ = facts::read_forge_questions(store_).repositories;
  for (const FleetRepository& repository : request_.repositories)
    if (repository.forge) trusted_->emplace(repository.forge->host, repository.slug);
}

std::vector<std::string> ForgeState::plan(const TablesRead& tables) {
  std::vector<std::string> lines;
  const facts::ForgeQuestions before = asked_;
  const Wanted wanted = this->wanted(tables);
  asked_ = before;
  for (const auto& [host, slugs] : wanted.repositories)
    for (const std::string& slug : slugs) lines.push_back("repository " + slug + " (" + host + ")");
  for (const auto& [host, questions] : wanted.lists)
    for (const live::ForgeListQuestion& question : questions)
      lines.push_back(replace_all(to_string(question.kind), "_", " ") + " list of " + question.slug +
                      (question.about.empty() ? "" : ", " + question.about) + " (" + host + ")");
  return lines;
}

std::string ForgeState::path_of(const std::string& host, const std::string& slug) const {
  for (const FleetRepository& repository : request_.repositories)
    if (repository.slug == slug && repository.forge && repository.forge->host == host) return repository.forge->path;
  return slug;
}

void ForgeState::store(const live::Forge& forge, const std::string& slug, const live::ForgeRepositoryReading& reading) {
  facts::ForgeRepositoryRow row;
  fill(row, reading);
  row.slug = slug;
  row.host = forge.host();
  row.kind = to_string(forge.kind());
  if (reading.state == live::ReadingState::present) {
    // A path of the forge that is called otherwise in the config has not been renamed.
    row.full_name = equal_ignoring_ascii_case(reading.full_name, path_of(forge.host(), slug)) ? slug : reading.full_name;
    row.default_branch = reading.default_branch;
    row.visibility = reading.visibility;
    row.archived = reading.archived;
  }
  facts::add_reading(store_, row);
  repositories_.push_back({row.address, row.asked_at, row.state, row.because.empty() ? row.visibility : row.because});
  count(forge, reading.state);
}

void ForgeState::store(const live::Forge& forge, const std::string& slug, const live::ForgeListReading& reading) {
  facts::ForgeListRow row;
  fill(row, reading);
  row.slug = slug;
  row.kind = to_string(reading.asked.kind);
  row.about = reading.asked.about;
  row.complete = reading.complete;
  if (!reading.unknown && !reading.complete) row.because = reading.incomplete_because;
  row.since = reading.since;
  facts::add_reading(store_, row);
  lists_.push_back(place_of(row));
  const auto added = items_.add(row, reading.items);
  const auto at = [&](const std::string& what) { return row.address + " (" + what + ")"; };
  for (const formats::PullRequest* pull : added.pull_requests)
    pull_requests_.push_back({at("#" + std::to_string(pull->number)), row.asked_at, "present", pull->state + ", " + pull->head_ref});
  for (const formats::WorkflowRun* run : added.workflow_runs)
    runs_.push_back({at("run " + std::to_string(run->run_id)), row.asked_at, "present",
                     run->conclusion.empty() ? run->status : run->conclusion});
  for (const formats::ForgeRelease* release : added.releases)
    releases_.push_back({at(release->tag_name), row.asked_at, "present", release->draft ? "a draft" : "published"});
  count(forge, reading.state);
}

void ForgeState::count(const live::Forge& forge, live::ReadingState state) {
  HostReport& host = hosts_.count(forge.host(), state);
  host.requests = forge.requests();
  host.requests_left = forge.requests_left();
  host.graphql_points = forge.graphql_points();
  host.graphql_points_left = forge.graphql_points_left();
}

const rules::LivePlace* ForgeState::place(std::int64_t table, std::int64_t id) const {
  const std::array<const std::vector<rules::LivePlace>*, 5> all = {&repositories_, &lists_, &pull_requests_, &runs_, &releases_};
  if (table < 6 || table >= 6 + static_cast<std::int64_t>(all.size())) return nullptr;
  return place_at(*all[static_cast<std::size_t>(table - 6)], id);
}

}  // namespace trueup::engine
