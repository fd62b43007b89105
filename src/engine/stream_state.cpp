#include "engine/stream_state.hpp"

#include <algorithm>
#include <array>

#include "facts/live_streams.hpp"

namespace trueup::engine {
namespace {

constexpr std::array<std::string_view, 5> kTables = {"stream_list", "live_stream_workspace", "live_stream_processor", "live_stream_connection",
                                                     "live_stream_field"};

}  // namespace

bool StreamState::reads(const TablesRead& tables) {
  return std::ranges::any_of(kTables, [&](std::string_view name) { return tables.contains(name); });
}

live::StreamSource* StreamState::source_of(const std::string& name) const {
  for (live::StreamSource* source : request_.live.streams)
    if (source->name() == name) return source;
  return nullptr;
}

bool StreamState::ask() {
  bool any = false;
  if (request_.live.streams.empty()) return false;
  for (const auto& question : facts::read_stream_questions(store_)) {
    if (!asked_.insert(question).second) continue;
    const auto& [name, workspace] = question;
    live::StreamSource* const source = source_of(name);
    if (source == nullptr) continue;
    if (!any && request_.progress) request_.progress("asking Atlas");
    any = true;
    std::vector<live::StreamListReading> readings;
    if (workspace.empty() && !source->host().empty()) {
      const auto nameless = live::make_silent_stream_source(
          name, source->source(),
          live::unknown("invalid_reference", "nobody says how the workspace of " + name + " is called: WORKSPACE_NAME of its config.env, or `workspace:` in the config"));
      readings = nameless->read(workspace);
    } else {
      readings = source->read(workspace);
    }
    store_.begin();
    for (live::StreamListReading& reading : readings) store(name, workspace, *source, std::move(reading));
    store_.commit();
  }
  return any;
}

std::vector<std::string> StreamState::plan() {
  std::vector<std::string> lines;
  if (request_.live.streams.empty()) return lines;
  for (const auto& [name, workspace] : facts::read_stream_questions(store_))
    if (const live::StreamSource* source = source_of(name))
      lines.push_back("processors and connections of " + (workspace.empty() ? name : workspace) + " (" + source->source() + ")");
  return lines;
}

void StreamState::store(const std::string& name, const std::string& workspace, const live::StreamSource& source, live::StreamListReading reading) {
  facts::StreamListRow row;
  row.kind = to_string(reading.kind);
  std::vector<facts::LiveStreamObject> objects;
  for (const std::string& item : reading.items) {
    auto object = facts::read_live_stream_object(row.kind, item);
    if (!object) {  // one that cannot be read: who knows which is missing
      reading.unknown = live::unknown("malformed", source.source() + " gave " + object.error().message);
      reading.state = live::ReadingState::unknown;
      objects.clear();
      break;
    }
    objects.push_back(std::move(*object));
  }
  row.stream_workspace = name;
  row.workspace = workspace;
  fill(row, reading);
  row.complete = reading.complete && !reading.unknown;
  facts::add_reading(store_, row);
  lists_.push_back(place_of(row));
  facts::add_readings(store_, row, objects);
  for (const facts::LiveStreamObject& object : objects) {
    const rules::LivePlace place{row.address + " (" + object.name + ")", row.asked_at, "present", object.state.empty() ? object.type : object.state};
    if (reading.kind == live::StreamListKind::processor) processors_.push_back(place);
    if (reading.kind == live::StreamListKind::connection) connections_.push_back(place);
  }
  hosts_.count(source.host().empty() ? source.source() : source.host(), reading.state);
}

const rules::LivePlace* StreamState::place(std::int64_t table, std::int64_t id) const {
  const std::array<const std::vector<rules::LivePlace>*, 3> all = {&lists_, &processors_, &connections_};
  if (table < 11 || table >= 11 + static_cast<std::int64_t>(all.size())) return nullptr;
  const auto& readings = *all[static_cast<std::size_t>(table - 11)];
  return place_at(readings, id);
}

}  // namespace trueup::engine
