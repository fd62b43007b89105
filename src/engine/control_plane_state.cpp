#include "engine/control_plane_state.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/work_queue.hpp"
#include "facts/live_argocd_objects.hpp"

namespace trueup::engine {
namespace {

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

/// An object that an answer holds twice is one.
std::pair<std::string, std::string> identity(const facts::LiveRepositoryRow& row) { return {row.project_name, row.url}; }
template <typename Row>
std::pair<std::string, std::string> identity(const Row& row) {
  return {row.object_namespace, row.name};
}

}  // namespace

bool ControlPlaneState::reads(const TablesRead& tables) { return !wanted_kinds(tables).empty(); }

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
  const auto& planes = request_.live.control_planes;
  std::vector<std::pair<live::ControlPlane*, live::ResourceKind>> questions;
  for (const live::ResourceKind kind : wanted_kinds(tables))
    if (listed_.insert(kind).second)
      for (live::ControlPlane* plane : planes) questions.emplace_back(plane, kind);
  if (questions.empty()) return false;
  if (request_.progress) request_.progress("asking ArgoCD");
  std::vector<live::ResourceListReading> readings(questions.size());
  parallel_for(questions.size(), static_cast<unsigned>(std::min<std::size_t>(questions.size(), 16)),
               [&](std::size_t i) { readings[i] = questions[i].first->list(questions[i].second); });
  parts_ = {tables.contains("live_application_resource"), tables.contains("live_application_value")};
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const live::ControlPlane& plane = *questions[i].first;
    store_.begin();
    switch (questions[i].second) {
      case live::ResourceKind::application: take_applications(plane, readings[i]); break;
      case live::ResourceKind::application_set: take(plane, readings[i], facts::read_live_application_set); break;
      case live::ResourceKind::project: take(plane, readings[i], facts::read_live_project); break;
      case live::ResourceKind::repository: take(plane, readings[i], facts::read_live_repository); break;
    }
    store_.commit();
    count(plane, readings[i].state);
  }
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

template <typename Row>
std::vector<Row> ControlPlaneState::read_items(const live::ControlPlane& plane, live::ResourceListReading& reading, const std::function<Result<Row>(std::string_view)>& read) {
  std::vector<std::optional<Result<Row>>> items(reading.items.size());
  parallel_for(items.size(), [&](std::size_t k) {
    items[k] = read(reading.items[k]);
    std::string().swap(reading.items[k]);
  });
  std::vector<Row> rows;
  std::map<std::pair<std::string, std::string>, std::size_t> known;
  for (auto& item : items) {
    if (!*item) {  // one that cannot be read: who knows which is missing
      reading.unknown = live::unknown("malformed", plane.source() + " gave " + item->error().message);
      reading.state = live::ReadingState::unknown;
      return {};
    }
    Row& row = **item;
    const auto [place, fresh] = known.emplace(identity(row), rows.size());
    if (fresh) rows.push_back(std::move(row));
    else rows[place->second] = std::move(row);
  }
  return rows;
}

void ControlPlaneState::take_applications(const live::ControlPlane& plane, live::ResourceListReading& reading) {
  auto rows = read_items<facts::LiveApplicationRow>(plane, reading, [&](std::string_view json) { return facts::read_live_application(json, parts_); });
  for (facts::LiveApplicationRow& row : rows) {
    row.control_plane = plane.name();
    row.asked_at = reading.from.asked_at;
    row.address = reading.from.address;
  }
  store_list(plane, reading);
  store(rows);
}

template <typename Row>
void ControlPlaneState::take(const live::ControlPlane& plane, live::ResourceListReading& reading, Result<Row> (*read)(std::string_view)) {
  const auto rows = read_items<Row>(plane, reading, read);
  const std::int64_t list = store_list(plane, reading);
  for (const Row& row : rows) facts::add_reading(store_, row, plane.name(), list);
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
