#include "facts/live_argocd_objects.hpp"

#include "base/text.hpp"
#include "facts/application_fields.hpp"
#include "facts/row_writer.hpp"
#include "formats/json.hpp"
#include "formats/remote_url.hpp"

namespace trueup::facts {
namespace {

using formats::Document;
using formats::kNoNode;
using formats::NodeIndex;

constexpr std::size_t kMaxMessage = 300;
constexpr std::size_t kMaxListed = 10'000;  // entries of a project

/// "" for what is not there or no scalar, and for null.
std::string text(const Document& document, NodeIndex mapping, std::string_view key) {
  const NodeIndex node = document.child(mapping, key);
  const auto value = document.text(node);
  if (!value || (*value == "null" && document[node].style == formats::ScalarStyle::plain)) return "";
  return std::string(*value);
}

/// For people: without what opens a repository.
std::string message(const Document& document, NodeIndex mapping, std::string_view key) {
  std::string value = formats::redact_urls(text(document, mapping, key));
  if (value.size() > kMaxMessage) value = value.substr(0, kMaxMessage) + "…";
  return value;
}

template <typename Visit>
void each(const Document& document, NodeIndex sequence, Visit visit) {
  std::size_t count = 0;
  if (!document.is_sequence(sequence)) return;
  for (const NodeIndex element : document.children(sequence))
    if (++count <= kMaxListed) visit(element);
}

/// The parts of an object of Kubernetes; it has a name and a spec.
struct Object {
  Document document;
  NodeIndex metadata = kNoNode, spec = kNoNode;
  std::string name;

  static Result<Object> read(std::string_view json, const char* what) {
    Object object;
    object.document = formats::parse_json(json);
    const Document& document = object.document;
    if (document.problem()) return Error{document.problem()->fault, document.problem()->message, document.problem()->at};
    object.metadata = document.child(document.root(), "metadata");
    object.spec = document.child(document.root(), "spec");
    object.name = text(document, object.metadata, "name");
    if (object.name.empty()) return Error{Fault::malformed, "an object without a name"};
    if (!document.is_mapping(object.spec)) return Error{Fault::malformed, std::string(what) + " without a spec: " + printable(object.name.substr(0, 100))};
    return object;
  }
};

std::optional<std::string> pattern(const Document& document, NodeIndex mapping, std::string_view key) {
  std::string value = text(document, mapping, key);
  return value.empty() ? std::nullopt : std::optional(std::move(value));
}

Cell cell_of(const std::optional<std::string>& value) { return value ? Cell(*value) : Cell(); }

}  // namespace

Result<LiveApplicationSetRow> read_live_application_set(std::string_view json) {
  auto object = Object::read(json, "an application set");
  if (!object) return std::move(object).error();
  const Document& document = object->document;
  LiveApplicationSetRow row;
  row.name = object->name;
  row.object_namespace = text(document, object->metadata, "namespace");
  row.deleting = !text(document, object->metadata, "deletionTimestamp").empty();
  const std::string tracking = text(document, document.child(object->metadata, "annotations"), "argocd.argoproj.io/tracking-id");
  row.tracked_by = tracking.empty() ? text(document, document.child(object->metadata, "labels"), "app.kubernetes.io/instance")
                                    : tracking.substr(0, tracking.find(':'));
  row.fields = to_json(application_set_fields(document, object->spec));
  each(document, document.child(document.child(document.root(), "status"), "conditions"), [&](NodeIndex condition) {
    if (text(document, condition, "type") != "ErrorOccurred" || text(document, condition, "status") != "True") return;
    row.problem = message(document, condition, "message");
    if (row.problem.empty()) row.problem = text(document, condition, "reason");
    row.problem_since = text(document, condition, "lastTransitionTime");
  });
  return row;
}

Result<LiveProjectRow> read_live_project(std::string_view json) {
  auto object = Object::read(json, "a project");
  if (!object) return std::move(object).error();
  const Document& document = object->document;
  LiveProjectRow row;
  row.name = object->name;
  row.object_namespace = text(document, object->metadata, "namespace");
  each(document, document.child(object->spec, "sourceRepos"), [&](NodeIndex source) {
    const std::string_view written = document.text(source).value_or("");
    const bool denied = written.starts_with('!');
    row.sources.push_back({std::string(written.substr(denied)), denied});
  });
  each(document, document.child(object->spec, "destinations"), [&](NodeIndex destination) {
    row.destinations.push_back({pattern(document, destination, "server"), pattern(document, destination, "name"), pattern(document, destination, "namespace")});
  });
  return row;
}

Result<LiveRepositoryRow> read_live_repository(std::string_view json) {
  const Document document = formats::parse_json(json);
  if (document.problem()) return Error{document.problem()->fault, document.problem()->message, document.problem()->at};
  const NodeIndex root = document.root(), connection = document.child(root, "connectionState");
  LiveRepositoryRow row;
  row.url = formats::mask_urls(text(document, root, "repo"));
  if (row.url.empty()) return Error{Fault::malformed, "a repository without an address"};
  row.type = text(document, root, "type");
  row.name = text(document, root, "name");
  row.project_name = text(document, root, "project");
  row.connection_status = text(document, connection, "status");
  row.connection_message = message(document, connection, "message");
  row.attempted_at = text(document, connection, "attemptedAt");
  return row;
}

void add_reading(Store& store, const LiveApplicationSetRow& row, std::string_view control_plane, std::int64_t list) {
  add_row(store, "live_application_set", {list, std::string(control_plane), row.name, cell(row.object_namespace), row.fields, cell(row.tracked_by),
                                          cell(row.problem), cell(row.problem_since), std::int64_t{row.deleting}});
}

void add_reading(Store& store, const LiveProjectRow& row, std::string_view control_plane, std::int64_t list) {
  const std::int64_t id = add_row(store, "live_project", {list, std::string(control_plane), row.name, cell(row.object_namespace)});
  for (const LiveProjectRow::Source& each : row.sources) add_row(store, "live_project_source", {id, each.pattern, std::int64_t{each.denied}});
  for (const LiveProjectRow::Destination& each : row.destinations)
    add_row(store, "live_project_destination", {id, cell_of(each.server), cell_of(each.name), cell_of(each.namespace_pattern)});
}

void add_reading(Store& store, const LiveRepositoryRow& row, std::string_view control_plane, std::int64_t list) {
  add_row(store, "live_repository", {list, std::string(control_plane), row.url, cell(row.type), cell(row.name), cell(row.project_name),
                                     cell(row.connection_status), cell(row.connection_message), cell(row.attempted_at)});
}

}  // namespace trueup::facts
