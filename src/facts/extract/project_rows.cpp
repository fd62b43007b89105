// AppProjects: what their Applications may be rendered from, and where they may go.

#include "facts/extract/argocd_rows.hpp"
#include "facts/extract/github_reader.hpp"

namespace trueup::facts {

using formats::kNoNode;
using formats::NodeIndex;

LocalId add_project(ManifestReader& reader, NodeIndex object, std::int64_t document) {
  const NodeIndex metadata = reader.child(object, "metadata"), spec = reader.child(object, "spec"),
                  sources = reader.child(spec, "sourceRepos"), destinations = reader.child(spec, "destinations"),
                  name = reader.child(metadata, "name"), kind = reader.child(object, "kind");
  ProjectRow row;
  row.name = reader.text(name);
  row.span = reader.span(row.name ? name : kind != kNoNode ? kind : object);
  row.document = document;
  row.object_namespace = reader.text(metadata, "namespace");
  row.sources_span = reader.span(sources);
  row.destinations_span = reader.span(destinations);
  const LocalId project = reader.rows().add(std::move(row));
  reader.for_each_element(sources, [&](NodeIndex source, std::uint32_t) {
    const auto text = reader.text(source);
    if (!text) return;
    const bool denied = text->starts_with('!');
    reader.rows().add(ProjectSourceRow{project, reader.span(source), denied ? text->substr(1) : *text, denied});
  });
  reader.for_each_element(reader.child(spec, "syncWindows"), [&](NodeIndex window, std::uint32_t) {
    const auto list = [&](const char* key) {
      std::string json;
      reader.for_each_element(reader.child(window, key), [&](NodeIndex each, std::uint32_t) { append_json_string(reader.text(each).value_or(""), json += json.empty() ? "[" : ","); });
      return json.empty() ? std::string("[]") : json + "]";
    };
    reader.rows().add(ProjectWindowRow{project, reader.span(window), reader.text(window, "kind").value_or(""), reader.text(window, "schedule"),
                                       reader.text(window, "duration"), list("applications"), list("namespaces"), list("clusters")});
  });
  reader.for_each_element(destinations, [&](NodeIndex destination, std::uint32_t) {
    reader.rows().add(ProjectDestinationRow{project, reader.span(destination), reader.text(destination, "server"), reader.text(destination, "name"),
                                            reader.text(destination, "namespace")});
  });
  return project;
}

}  // namespace trueup::facts
