#include "engine/control_plane_state.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <utility>

#include "base/memory.hpp"

namespace trueup::engine {
namespace {

/// Their texts and rows are some megabytes.
constexpr std::size_t kManyApplications = 1000;

/// What lists of a kind fill. Whatever is asked of an instance is held against its Applications, so they are listed with all else.
struct Listing {
  live::ResourceKind kind;
  std::string_view plural;
  std::array<std::string_view, 8> tables;
};
constexpr Listing kListings[] = {
    {live::ResourceKind::application, "applications",
     {"control_plane_list", "live_application", "live_application_source", "live_application_image", "live_application_condition",
      "live_application_resource", "live_application_value", "application_lookup"}},
    {live::ResourceKind::application_set, "application sets", {"live_application_set"}},
    {live::ResourceKind::project, "projects", {"live_project", "live_project_source", "live_project_destination"}},
    {live::ResourceKind::repository, "repositories", {"live_repository"}},
};

bool is_read(const Listing& listing, const ControlPlaneState::TablesRead& tables) {
  return std::ranges::any_of(listing.tables, [&](std::string_view name) { return tables.contains(name); });
}

std::vector<live::ResourceKind> wanted_kinds(const ControlPlaneState::TablesRead& tables) {
  std::vector<live::ResourceKind> kinds;
  for (const Listing& listing : kListings)
    if (is_read(listing, tables)) kinds.push_back(listing.kind);
  return kinds;
}

facts::LiveApplicationParts wanted_parts(const ControlPlaneState::TablesRead& tables) {
  return {tables.contains("live_application_resource"), tables.contains("live_application_value")};
}

}  // namespace

bool ControlPlaneState::reads(const TablesRead& tables) { return !wanted_kinds(tables).empty(); }

void ControlPlaneState::begin(const TablesRead& tables, const TablesRead& possible) {
  std::vector<ListQuestion> questions;
  for (const live::ResourceKind kind : wanted_kinds(tables))
    for (live::ControlPlane* plane : request_.live.control_planes) questions.emplace_back(plane, kind);
  if (!questions.empty()) early_.begin(std::move(questions), wanted_parts(possible));
}

bool ControlPlaneState::ask(const TablesRead& tables) {
  const bool listed = list(tables);
  return (tables.contains("application_lookup") && find_applications()) || listed;
}

std::vector<std::string> ControlPlaneState::plan(const TablesRead& tables) const {
  std::vector<std::string> lines;
  for (const live::ControlPlane* plane : request_.live.control_planes)
    for (const Listing& listing : kListings)
      if (is_read(listing, tables)) lines.push_back(std::string(listing.plural) + " of " + plane->name() + " (" + plane->source() + ")");
  return lines;
}

const rules::LivePlace* ControlPlaneState::place(std::int64_t table, std::int64_t id) const {
  if (table == 3) return place_at(applications_, id);
  if (table == 4) return place_at(lists_, id);
  return table == 5 ? place_at(lookups_, id) : nullptr;
}

bool ControlPlaneState::list(const TablesRead& tables) {
  std::vector<ListQuestion> questions;
  for (const live::ResourceKind kind : wanted_kinds(tables))
    if (listed_.insert(kind).second)
      for (live::ControlPlane* plane : request_.live.control_planes) questions.emplace_back(plane, kind);
  if (questions.empty()) return false;
  if (request_.progress) request_.progress("asking ArgoCD");
  parts_ = wanted_parts(tables);
  std::map<ListQuestion, ListAnswer> answers = early_.take();
  std::vector<ListQuestion> rest;
  std::ranges::copy_if(questions, std::back_inserter(rest), [&](const ListQuestion& question) { return !answers.contains(question); });
  std::vector<ListAnswer> asked_now = ask_lists(rest, parts_);
  for (std::size_t i = 0; i < rest.size(); ++i) answers.emplace(rest[i], std::move(asked_now[i]));
  for (const ListQuestion& question : questions) {
    store_.begin();
    take(*question.first, std::move(answers.at(question)));
    store_.commit();
  }
  // They were read in threads, each with a heap of its own, in which nobody else finds room.
  if (applications_.size() >= kManyApplications) give_back_memory();
  return true;
}

std::int64_t ControlPlaneState::store_list(const live::ControlPlane& plane, const live::ResourceListReading& reading) {
  facts::ControlPlaneListRow row;
  row.control_plane = plane.name();
  row.kind = to_string(reading.kind);
  fill(row, reading);
  row.complete = reading.complete;
  lists_.push_back(place_of(row));
  return facts::add_reading(store_, row);
}

void ControlPlaneState::take(const live::ControlPlane& plane, ListAnswer answer) {
  const std::int64_t list = store_list(plane, answer.reading);
  count(plane, answer.reading.state);
  if (auto* const applications = std::get_if<std::vector<facts::LiveApplicationRow>>(&answer.rows)) {
    for (facts::LiveApplicationRow& row : *applications) {
      row.control_plane = plane.name();
      row.asked_at = answer.reading.from.asked_at;
      row.address = answer.reading.from.address;
      // What was read early is all that some rule might have read.
      if (!parts_.resources) row.resources.clear();
      if (!parts_.values) row.values.clear();
    }
    return store(*applications);
  }
  std::visit([&](const auto& rows) {
    if constexpr (!std::is_same_v<std::decay_t<decltype(rows)>, std::vector<facts::LiveApplicationRow>>)
      for (const auto& row : rows) facts::add_reading(store_, row, plane.name(), list);
  }, answer.rows);
}

bool ControlPlaneState::find_applications() {
  std::map<std::string, std::vector<live::ApplicationQuestion>> questions;
  for (const facts::WantedApplication& wanted : facts::read_wanted_applications(store_))
    if (asked_applications_.insert(wanted).second)
      questions[wanted.control_plane].push_back({wanted.name, wanted.object_namespace, wanted.project_name});
  for (live::ControlPlane* plane : request_.live.control_planes) {
    const auto asked = questions.find(plane->name());
    if (asked == questions.end()) continue;
    store_.begin();
    for (const live::ApplicationReading& reading : plane->find(asked->second)) {
      facts::ApplicationLookupRow row;
      row.control_plane = plane->name();
      row.name = reading.asked.name;
      row.object_namespace = reading.asked.app_namespace;
      row.project_name = reading.asked.project;
      fill(row, reading);
      if (auto found = facts::read_live_application(reading.item, {false, parts_.values}); found && reading.state == live::ReadingState::present) {
        found->control_plane = row.control_plane;
        found->asked_at = row.asked_at;
        found->address = row.address;
        store({&*found, 1});
      }
      facts::add_reading(store_, row);
      lookups_.push_back(place_of(row));
      count(*plane, reading.state);
    }
    store_.commit();
  }
  return !questions.empty();
}

void ControlPlaneState::store(std::span<const facts::LiveApplicationRow> rows) {
  facts::add_readings(store_, rows);
  for (const facts::LiveApplicationRow& row : rows) {
    const std::string said = (row.sync_status.empty() ? "not compared yet" : row.sync_status) +
                             (row.health_status.empty() ? "" : ", " + row.health_status);
    applications_.push_back({row.address + " (" + row.name + ")", row.asked_at, "present", said});
  }
}

void ControlPlaneState::count(const live::ControlPlane& plane, live::ReadingState state) {
  counts_.count(plane.host().empty() ? plane.source() : plane.host(), state);
}

}  // namespace trueup::engine
