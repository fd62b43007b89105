#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "facts/answer.hpp"
#include "facts/store.hpp"

namespace trueup::facts {

/// Rows of live_application and of the tables below it; columns as in the schema. Empty text is NULL where the schema allows.
struct LiveApplicationRow {
  struct Source {
    std::string repo_url, path, chart, target_revision, ref, compared_revision, deployed_revision;
  };
  struct Condition {
    std::string type, message, since;
  };
  struct Resource {
    std::string object_group, object_kind, object_namespace, name, status, health_status;
  };
  struct Value {
    std::int64_t position = 0;  ///< of its source
    std::string form, field, pointer, value;
    bool effective = true;
  };

  std::string control_plane, name, object_namespace, project_name, asked_at, address, fields, destination_server, destination_name, destination_namespace;
  std::optional<std::int64_t> automated;
  std::string sync_status, health_status, health_since, operation_phase, operation_started_at, operation_finished_at,
      operation_message;
  std::optional<std::int64_t> operation_automated;
  std::string reconciled_at, compared_revision, deployed_revision, deployed_at, owner_kind, owner_name, tracked_by;
  std::string written_parameters = "[]";
  bool writes_images = false, skips_reconcile = false, deleting = false;
  std::vector<Source> sources;
  std::vector<std::string> images;
  std::vector<Condition> conditions;
  std::vector<Resource> resources;
  std::vector<Value> values;
};

/// Reads an Application as a server or a dump has it, one JSON object. Everything but control_plane and what says how it was
/// asked. What is read besides, since it is much: the objects
/// that it manages, and what it gives Helm. A function of its arguments, safe to call
/// from several threads. Errors: Fault::malformed (no JSON, no name, no spec), Fault::over_limit.
struct LiveApplicationParts {
  bool resources = false, values = false;
};
Result<LiveApplicationRow> read_live_application(std::string_view json, LiveApplicationParts parts);

/// Their ids are consecutive; gives the first, from 1.
std::int64_t add_readings(Store& store, std::span<const LiveApplicationRow> rows);

/// Row of application_lookup.
struct ApplicationLookupRow : Answer {
  std::string control_plane, name, object_namespace, project_name;
};
std::int64_t add_reading(Store& store, const ApplicationLookupRow& row);

/// Row of control_plane_list.
struct ControlPlaneListRow : Answer {
  std::string control_plane, kind;
  bool complete = false;
};
std::int64_t add_reading(Store& store, const ControlPlaneListRow& row);

/// An instance of ArgoCD that the config names: table control_plane, before any rule runs. `client` is the program that changes its
/// objects, `target` its context or server, empty where that is not known.
void add_control_plane(Store& store, std::string_view name, std::string_view source, std::string_view client, std::string_view target);
/// Where its Applications are declared: "acme/gitops" or "acme/gitops:clusters/prod".
void add_control_plane_home(Store& store, std::string_view name, std::string_view home);

/// An application that the facts of the world in the temp tables want to know of: view wanted_application.
struct WantedApplication {
  std::string control_plane, name, object_namespace, project_name;
  friend auto operator<=>(const WantedApplication&, const WantedApplication&) = default;
};
std::set<WantedApplication> read_wanted_applications(Store& store);

}  // namespace trueup::facts
