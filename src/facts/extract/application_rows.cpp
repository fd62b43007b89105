// What an Application says of itself: its name, where it goes, how it syncs, what it overlooks.

#include "facts/extract/argocd_rows.hpp"

namespace trueup::facts {
namespace {

using formats::kNoNode;
using formats::NodeIndex;

void add_ignored(ManifestReader& reader, LocalId application, NodeIndex entry) {
  const bool entry_commented = reader.is_commented(entry);
  const auto add = [&](NodeIndex path, const char* language) {
    const auto text = reader.text(path);
    if (!text) return;
    ApplicationIgnoreRow row;
    row.application = application;
    row.span = reader.span(path);
    row.object_group = reader.text(entry, "group");
    row.object_kind = reader.text(entry, "kind");
    row.object_name = reader.text(entry, "name");
    row.object_namespace = reader.text(entry, "namespace");
    row.language = language;
    row.path = *text;
    row.commented = entry_commented || reader.is_commented(path) || reader.is_commented(reader.child(entry, "kind"));
    reader.rows().add(std::move(row));
  };
  reader.for_each_element(reader.child(entry, "jsonPointers"), [&](NodeIndex path, std::uint32_t) { add(path, "json_pointer"); });
  reader.for_each_element(reader.child(entry, "jqPathExpressions"), [&](NodeIndex path, std::uint32_t) { add(path, "jq"); });
  reader.for_each_element(reader.child(entry, "managedFieldsManagers"), [&](NodeIndex path, std::uint32_t) { add(path, "manager"); });
}

void add_annotation(ManifestReader& reader, LocalId application, std::string_view key, NodeIndex value) {
  const auto text = reader.text(value);
  if (!text) return;
  reader.rows().add(ApplicationAnnotationRow{application, reader.span(value), std::string(key), *text, reader.is_commented(value)});
}

void add_sync_option(ManifestReader& reader, LocalId application, NodeIndex option) {
  const auto text = reader.text(option);
  if (!text) return;
  const std::size_t equals = std::min(text->find('='), text->size());
  const std::string value = equals < text->size() ? text->substr(equals + 1) : std::string();
  reader.rows().add(ApplicationSyncOptionRow{application, reader.span(option), text->substr(0, equals), value});
}

}  // namespace

LocalId add_application(ManifestReader& reader, NodeIndex object, const ApplicationOrigin& origin) {
  const NodeIndex metadata = reader.child(object, "metadata"), spec = reader.child(object, "spec"),
                  destination = reader.child(spec, "destination"), policy = reader.child(spec, "syncPolicy"),
                  automated = reader.child(policy, "automated"), name = reader.child(metadata, "name");
  ApplicationRow row;
  row.application_set = origin.application_set;
  row.element_span = origin.element;
  row.element_slugs = origin.slugs;
  row.document = origin.document;
  row.uncertain = origin.uncertain;
  row.name = reader.text(name);
  const NodeIndex kind = reader.child(object, "kind");
  row.span = reader.span(row.name ? name : kind != kNoNode ? kind : object);
  row.object_namespace = reader.text(metadata, "namespace");
  row.project_name = reader.text(spec, "project");
  row.project_span = reader.span(reader.child(spec, "project"));
  row.destination_server = reader.text(destination, "server");
  row.destination_name = reader.text(destination, "name");
  row.destination_namespace = reader.text(destination, "namespace");
  for (const char* key : {"server", "name", "namespace"})
    if (!row.destination_span) row.destination_span = reader.span(reader.child(destination, key));
  if (reader.document().is_mapping(automated)) {
    const NodeIndex enabled = reader.child(automated, "enabled");
    row.automated = reader.text(enabled) != "false";
    row.automated_span = reader.span(enabled != kNoNode ? enabled : automated);
    row.automated_commented = reader.is_commented(enabled != kNoNode ? enabled : automated);
    row.prune = reader.is_true(reader.child(automated, "prune"));
    row.self_heal = reader.is_true(reader.child(automated, "selfHeal"));
  }

  // `sources` wins over `source`; an empty list is none. A hydrator renders the dry source.
  const NodeIndex sources = reader.child(spec, "sources"), dry = reader.child(reader.child(spec, "sourceHydrator"), "drySource");
  row.multi_source = reader.document().is_sequence(sources) && reader.document()[sources].child_count > 0;
  const bool many = row.multi_source != 0;
  const LocalId application = reader.rows().add(std::move(row));
  if (many) {
    reader.for_each_element(sources, [&](NodeIndex source, std::uint32_t position) { add_application_source(reader, application, source, position); });
  } else if (const NodeIndex source = reader.child(spec, "source"); dry != kNoNode || source != kNoNode) {
    add_application_source(reader, application, dry != kNoNode ? dry : source, 0);
  }
  reader.for_each_element(reader.child(spec, "ignoreDifferences"), [&](NodeIndex entry, std::uint32_t) { add_ignored(reader, application, entry); });
  reader.for_each_element(reader.child(policy, "syncOptions"), [&](NodeIndex option, std::uint32_t) { add_sync_option(reader, application, option); });
  add_application_spec(reader, application, spec);
  reader.for_each_entry(reader.child(metadata, "annotations"), [&](std::string_view key, NodeIndex value) { add_annotation(reader, application, key, value); });
  return application;
}

}  // namespace trueup::facts
