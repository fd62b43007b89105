#include "facts/live_applications.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "facts/application_fields.hpp"
#include "facts/image_updater.hpp"
#include "facts/live_values.hpp"
#include "facts/statement.hpp"
#include "formats/image_reference.hpp"
#include "formats/json.hpp"

namespace trueup::facts {
namespace {

using formats::Document;
using formats::kNoNode;
using formats::NodeIndex;

constexpr std::size_t kMaxMessage = 300;
constexpr std::size_t kMaxListed = 10'000;  // images, conditions, sources, objects of one Application

class ApplicationReader {
 public:
  ApplicationReader(const Document& document, LiveApplicationParts parts) : document_(document), parts_(parts) {}

  Result<LiveApplicationRow> read() {
    const NodeIndex root = document_.root(), metadata = document_.child(root, "metadata"), spec = document_.child(root, "spec");
    row_.name = text(metadata, "name");
    if (row_.name.empty()) return Error{Fault::malformed, "an object without a name"};
    if (!document_.is_mapping(spec)) return Error{Fault::malformed, "an application without a spec: " + printable(row_.name.substr(0, 100))};
    read_metadata(metadata);
    read_spec(spec);
    read_status(document_.child(root, "status"));
    return std::move(row_);
  }

 private:
  /// "" for what is not there or no scalar, and for null.
  std::string text(NodeIndex mapping, std::string_view key) const {
    const NodeIndex node = document_.child(mapping, key);
    const auto value = document_.text(node);
    if (!value || (*value == "null" && document_[node].style == formats::ScalarStyle::plain)) return "";
    return std::string(*value);
  }
  std::string short_text(NodeIndex mapping, std::string_view key) const {
    std::string value = text(mapping, key);
    if (value.size() > kMaxMessage) value = value.substr(0, kMaxMessage) + "…";
    return value;
  }
  template <typename Visit>
  void each(NodeIndex sequence, Visit visit) const {
    std::size_t count = 0;
    if (!document_.is_sequence(sequence)) return;
    for (const NodeIndex element : document_.children(sequence))
      if (++count <= kMaxListed) visit(element);
  }

  void read_metadata(NodeIndex metadata) {
    row_.object_namespace = text(metadata, "namespace");
    row_.deleting = !text(metadata, "deletionTimestamp").empty();
    each(document_.child(metadata, "ownerReferences"), [&](NodeIndex owner) {
      if (!row_.owner_kind.empty()) return;
      row_.owner_kind = text(owner, "kind");
      row_.owner_name = text(owner, "name");
    });
    const NodeIndex annotations = document_.child(metadata, "annotations");
    const std::string tracking = text(annotations, "argocd.argoproj.io/tracking-id");
    row_.tracked_by = tracking.empty() ? text(document_.child(metadata, "labels"), "app.kubernetes.io/instance")
                                       : tracking.substr(0, tracking.find(':'));
    row_.skips_reconcile = text(annotations, "argocd.argoproj.io/skip-reconcile") == "true";
    const std::string method = text(annotations, "argocd-image-updater.argoproj.io/write-back-method");
    const std::string images = text(annotations, "argocd-image-updater.argoproj.io/image-list");
    row_.writes_images = !images.empty() && !method.starts_with("git");
    if (row_.writes_images) row_.written_parameters = written_parameters(annotations, images);
  }

  /// Of each image of the list what annotations of its alias say, and the updater's own names where they say nothing.
  std::string written_parameters(NodeIndex annotations, const std::string& images) const {
    WrittenParameters written;
    for (std::string_view image : split(images, ',')) {
      image = trim(image);
      if (image.empty()) continue;
      const std::size_t equals = image.find('=');
      const auto annotation = [&](std::string_view name) {
        return equals == image.npos ? "" : text(annotations, "argocd-image-updater.argoproj.io/" + std::string(trim(image.substr(0, equals))) + "." + std::string(name));
      };
      written.add(annotation("helm.image-spec"), annotation("helm.image-name"), annotation("helm.image-tag"));
    }
    return written.json();
  }

  void read_spec(NodeIndex spec) {
    row_.project_name = text(spec, "project");
    const NodeIndex destination = document_.child(spec, "destination");
    row_.destination_server = text(destination, "server");
    row_.destination_name = text(destination, "name");
    if (row_.destination_server.empty() && row_.destination_name == "in-cluster") row_.destination_server = "https://kubernetes.default.svc";
    row_.destination_namespace = text(destination, "namespace");
    const NodeIndex automated = document_.child(document_.child(spec, "syncPolicy"), "automated");
    if (document_.is_mapping(automated)) row_.automated = text(automated, "enabled") != "false";
    const std::vector<ApplicationField> fields = application_fields(document_, spec);
    row_.fields = to_json(fields);
    if (parts_.values) row_.values = live_values(document_, fields);
    const auto add = [&](NodeIndex source) {
      row_.sources.push_back({text(source, "repoURL"), text(source, "path"), text(source, "chart"), text(source, "targetRevision"),
                              text(source, "ref"), "", ""});
    };
    each(document_.child(spec, "sources"), add);
    const NodeIndex source = document_.child(spec, "source");
    if (row_.sources.empty() && source != kNoNode) add(source);
  }

  void read_status(NodeIndex status) {
    const NodeIndex sync = document_.child(status, "sync"), health = document_.child(status, "health"),
                    operation = document_.child(status, "operationState");
    row_.sync_status = text(sync, "status");
    row_.health_status = text(health, "status");
    row_.health_since = text(health, "lastTransitionTime");
    row_.operation_phase = text(operation, "phase");
    row_.operation_started_at = text(operation, "startedAt");
    row_.operation_finished_at = text(operation, "finishedAt");
    row_.operation_message = short_text(operation, "message");
    if (!row_.operation_phase.empty())
      row_.operation_automated = text(document_.child(document_.child(operation, "operation"), "initiatedBy"), "automated") == "true";
    row_.reconciled_at = text(status, "reconciledAt");
    read_revisions(sync, document_.child(status, "history"));
    each(document_.child(document_.child(status, "summary"), "images"),
         [&](NodeIndex image) { row_.images.emplace_back(document_.text(image).value_or("")); });
    each(document_.child(status, "conditions"), [&](NodeIndex condition) {
      row_.conditions.push_back({text(condition, "type"), short_text(condition, "message"), text(condition, "lastTransitionTime")});
    });
    if (!parts_.resources) return;
    each(document_.child(status, "resources"), [&](NodeIndex resource) {
      row_.resources.push_back({text(resource, "group"), text(resource, "kind"), text(resource, "namespace"), text(resource, "name"),
                                text(resource, "status"), text(document_.child(resource, "health"), "status")});
    });
  }

  void read_revisions(NodeIndex sync, NodeIndex history) {
    NodeIndex last = kNoNode;
    each(history, [&](NodeIndex entry) { last = entry; });
    row_.deployed_at = text(last, "deployedAt");
    const auto spread = [&](NodeIndex holder, std::string LiveApplicationRow::Source::* column) {
      std::size_t position = 0;
      each(document_.child(holder, "revisions"), [&](NodeIndex revision) {
        if (position < row_.sources.size()) row_.sources[position].*column = document_.text(revision).value_or("");
        ++position;
      });
      if (const std::string one = text(holder, "revision"); position == 0 && row_.sources.size() == 1) row_.sources[0].*column = one;
    };
    spread(sync, &LiveApplicationRow::Source::compared_revision);
    spread(last, &LiveApplicationRow::Source::deployed_revision);
    if (row_.sources.size() != 1) return;
    row_.compared_revision = row_.sources[0].compared_revision;
    row_.deployed_revision = row_.sources[0].deployed_revision;
  }

  const Document& document_;
  const LiveApplicationParts parts_;
  LiveApplicationRow row_;
};

/// Compiles each statement once.
class ApplicationInserter {
 public:
  explicit ApplicationInserter(sqlite3* database) : database_(database) {}

  std::int64_t add(const LiveApplicationRow& row) {
    const std::int64_t id = add_application(row);
    std::int64_t position = 0;
    for (const LiveApplicationRow::Source& each : row.sources) {
      source_.bind(1, id).bind(2, position++);
      int column = 3;
      for (const std::string* text : {&each.repo_url, &each.path, &each.chart, &each.target_revision, &each.ref, &each.compared_revision, &each.deployed_revision})
        source_.bind_or_null(column++, *text);
      source_.run();
    }
    for (const std::string& each : row.images) {
      const auto read = formats::ImageReference::parse(each);
      const std::string repository = read ? read->registry + "/" + read->repository : "";
      image_.bind(1, id).bind(2, each).bind_or_null(3, repository);
      image_.bind_or_null(4, read ? std::string_view(read->tag) : "").bind_or_null(5, read ? std::string_view(read->digest) : "").run();
    }
    for (const LiveApplicationRow::Condition& each : row.conditions)
      condition_.bind(1, id).bind(2, each.type).bind_or_null(3, each.message).bind_or_null(4, each.since).run();
    for (const LiveApplicationRow::Resource& each : row.resources)
      resource_.bind(1, id).bind(2, each.object_group).bind(3, each.object_kind).bind(4, each.object_namespace).bind(5, each.name)
          .bind_or_null(6, each.status).bind_or_null(7, each.health_status).run();
    for (const LiveApplicationRow::Value& each : row.values)
      value_.bind(1, id).bind(2, each.position).bind(3, each.form).bind(4, each.field).bind(5, each.pointer).bind(6, each.value)
          .bind(7, std::int64_t{each.effective}).run();
    return id;
  }

 private:
  std::int64_t add_application(const LiveApplicationRow& row) {
    int at = 1;
    const auto texts = [&](std::initializer_list<const std::string*> list) {
      for (const std::string* text : list) application_.bind_or_null(at++, *text);
    };
    const auto number = [&](const std::optional<std::int64_t>& value) { application_.bind(at++, value); };
    texts({&row.control_plane, &row.name, &row.object_namespace, &row.project_name});
    application_.bind(at++, row.asked_at);
    application_.bind(at++, row.address);
    texts({&row.fields, &row.destination_server, &row.destination_name, &row.destination_namespace});
    number(row.automated);
    texts({&row.sync_status, &row.health_status, &row.health_since, &row.operation_phase, &row.operation_started_at, &row.operation_finished_at,
           &row.operation_message});
    number(row.operation_automated);
    texts({&row.reconciled_at, &row.compared_revision, &row.deployed_revision, &row.deployed_at, &row.owner_kind, &row.owner_name, &row.tracked_by});
    number(row.writes_images);
    application_.bind(at++, row.written_parameters);
    number(row.skips_reconcile);
    number(row.deleting);
    application_.run();
    return sqlite3_last_insert_rowid(database_);
  }

  sqlite3* database_;
  Statement application_{database_, "INSERT INTO live_application VALUES(NULL,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"};
  Statement source_{database_, "INSERT INTO live_application_source VALUES(NULL,?,?,?,?,?,?,?,?,?)"};
  Statement image_{database_, "INSERT INTO live_application_image VALUES(NULL,?,?,?,?,?)"};
  Statement condition_{database_, "INSERT INTO live_application_condition VALUES(NULL,?,?,?,?)"};
  Statement value_{database_, "INSERT INTO live_application_value VALUES(NULL,?,?,?,?,?,?,?)"};
  Statement resource_{database_, "INSERT INTO live_application_resource VALUES(NULL,?,?,?,?,?,?,?)"};
};

}  // namespace

Result<LiveApplicationRow> read_live_application(std::string_view json, LiveApplicationParts parts) {
  const Document document = formats::parse_json(json);
  if (document.problem()) return Error{document.problem()->fault, document.problem()->message, document.problem()->at};
  return ApplicationReader(document, parts).read();
}

std::int64_t add_readings(Store& store, std::span<const LiveApplicationRow> rows) {
  for (const char* table : {"live_application", "live_application_source", "live_application_image", "live_application_condition", "live_application_resource",
                            "live_application_value"})
    store.create_table(table);
  ApplicationInserter inserter(store.database());
  std::int64_t first = 0;
  for (const LiveApplicationRow& row : rows) {
    const std::int64_t id = inserter.add(row);
    if (first == 0) first = id;
  }
  return first;
}

std::int64_t add_reading(Store& store, const ApplicationLookupRow& row) {
  store.create_table("application_lookup");
  Statement(store.database(), "INSERT INTO application_lookup VALUES(NULL,?,?,?,?,?,?,?,?,?,?)")
      .bind(1, row.control_plane)
      .bind(2, row.name)
      .bind_or_null(3, row.object_namespace)
      .bind(4, row.project_name)
      .bind_answer(5, row)
      .bind(9, row.asked_at)
      .bind(10, row.address)
      .run();
  return sqlite3_last_insert_rowid(store.database());
}

std::int64_t add_reading(Store& store, const ControlPlaneListRow& row) {
  store.create_table("control_plane_list");
  Statement(store.database(), "INSERT INTO control_plane_list VALUES(NULL,?,?,?,?,?,?,?,?,?)")
      .bind(1, row.control_plane)
      .bind(2, row.kind)
      .bind_answer(3, row)
      .bind(7, std::int64_t{row.complete})
      .bind(8, row.asked_at)
      .bind(9, row.address)
      .run();
  return sqlite3_last_insert_rowid(store.database());
}

void add_control_plane_home(Store& store, std::string_view name, std::string_view home) {
  const std::size_t colon = std::min(home.find(':'), home.size());
  std::string_view folder = home.substr(std::min(colon + 1, home.size()));
  while (folder.starts_with('/')) folder.remove_prefix(1);
  while (folder.ends_with('/')) folder.remove_suffix(1);
  store.create_table("control_plane_home");
  Statement(store.database(), "INSERT INTO control_plane_home VALUES(NULL,?,?,?)").bind(1, name).bind(2, home.substr(0, colon)).bind(3, folder).run();
}

void add_control_plane(Store& store, std::string_view name, std::string_view source, std::string_view client, std::string_view target) {
  store.create_table("control_plane");
  Statement(store.database(), "INSERT INTO control_plane VALUES(NULL,?,?,?,?)")
      .bind(1, name)
      .bind(2, source)
      .bind(3, client)
      .bind_or_null(4, target)
      .run();
}

std::set<WantedApplication> read_wanted_applications(Store& store) {
  std::set<WantedApplication> wanted;
  Statement rows(store.database(), "SELECT control_plane, name, object_namespace, project_name FROM wanted_application");
  while (rows.row()) wanted.insert({rows.text(0), rows.text(1), rows.text(2), rows.text(3)});
  return wanted;
}

}  // namespace trueup::facts
