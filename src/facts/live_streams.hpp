#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "facts/answer.hpp"
#include "facts/store.hpp"
#include "facts/stream_fields.hpp"

namespace trueup::facts {

/// A workspace of Atlas Stream Processing that the config names: table stream_workspace, before any rule runs. Empty text is NULL.
void add_stream_workspace(Store& store, std::string_view name, std::string_view environment, std::string_view slug,
                          const std::optional<std::string>& root, std::string_view branch, std::string_view workspace, std::string_view source);

/// (name in the config, name in Atlas): view wanted_stream_workspace.
std::set<std::pair<std::string, std::string>> read_stream_questions(Store& store);

/// A row of earlier_stream_count, before any rule runs.
void add_earlier_count(Store& store, std::string_view stream_workspace, std::string_view workspace, std::string_view name, std::int64_t dlq_messages,
                       std::string_view asked_at);
/// (stream_workspace, workspace, name, dlq_messages) of every processor whose service told it.
std::vector<std::tuple<std::string, std::string, std::string, std::int64_t>> read_dlq_counts(Store& store);

/// Row of stream_list.
struct StreamListRow : Answer {
  std::string stream_workspace, workspace, kind;
  bool complete = false;
};
void add_reading(Store& store, const StreamListRow& row);

/// What a workspace is or holds, as the service or a tool wrote it down: rows of live_stream_workspace, live_stream_processor and
/// live_stream_connection. Of a connection no secret is read.
struct LiveStreamObject {
  std::string name, type, state, tier, max_tier;
  bool has_pipeline = false;
  std::optional<std::int64_t> dlq_messages, memory_bytes;
  std::vector<StreamField> fields;  ///< `node` is of no use any more
};

/// `kind` is stream_list's. Errors: Fault::malformed (no JSON, no name), Fault::over_limit.
Result<LiveStreamObject> read_live_stream_object(std::string_view kind, std::string_view json);
void add_readings(Store& store, const StreamListRow& list, std::span<const LiveStreamObject> objects);

}  // namespace trueup::facts
