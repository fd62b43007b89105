#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "facts/store.hpp"

namespace trueup::facts {

/// Rows of live_application_set, live_project and live_repository, and of the tables below them; columns as in the schema. Empty text is
/// NULL where the schema allows.
struct LiveApplicationSetRow {
  std::string name, object_namespace, fields, tracked_by, problem, problem_since;
  bool deleting = false;
};
struct LiveProjectRow {
  struct Source {
    std::string pattern;
    bool denied = false;
  };
  struct Destination {
    std::optional<std::string> server, name, namespace_pattern;
  };
  std::string name, object_namespace;
  std::vector<Source> sources;
  std::vector<Destination> destinations;
};
struct LiveRepositoryRow {
  std::string url, type, name, project_name, connection_status, connection_message, attempted_at;
};

/// Read such an object as a server or a dump has it, one JSON object; of a repository also as the Secret that ArgoCD keeps it in, of which
/// nothing is taken but these columns. Functions of their argument, safe to call from several threads.
/// Errors: Fault::malformed (no JSON, no name, no spec; a repository without an address), Fault::over_limit.
Result<LiveApplicationSetRow> read_live_application_set(std::string_view json);
Result<LiveProjectRow> read_live_project(std::string_view json);
Result<LiveRepositoryRow> read_live_repository(std::string_view json);

/// `list`: id of the row of control_plane_list that showed it.
void add_reading(Store& store, const LiveApplicationSetRow& row, std::string_view control_plane, std::int64_t list);
void add_reading(Store& store, const LiveProjectRow& row, std::string_view control_plane, std::int64_t list);
void add_reading(Store& store, const LiveRepositoryRow& row, std::string_view control_plane, std::int64_t list);

}  // namespace trueup::facts
