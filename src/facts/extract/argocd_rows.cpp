// Applications, their sets and their projects, wherever a stream of YAML or JSON holds them.

#include "facts/extract/argocd_rows.hpp"

#include <algorithm>
#include <array>

namespace trueup::facts {
namespace {

using formats::Document;
using formats::kNoNode;
using formats::NodeIndex;

constexpr std::int64_t kMaxObjects = 100'000;

class ObjectReader {
 public:
  ObjectReader(BlobRows& rows, const Document& document) : reader_(rows, document) {}

  void read() {
    std::int64_t number = 0;
    for (const NodeIndex root : reader_.document().roots()) read(root, number++);
    reader_.finish();
  }

 private:
  void read(NodeIndex object, std::int64_t number) {
    if (!reader_.document().is_mapping(object) || ++objects_ > kMaxObjects) return;
    const std::string api_version = reader_.text(object, "apiVersion").value_or(""), kind = reader_.text(object, "kind").value_or("");
    if (kind == "List" || (api_version.starts_with("argoproj.io/") && kind.ends_with("List"))) {
      reader_.for_each_element(reader_.child(object, "items"), [&](NodeIndex item, std::uint32_t) {
        if (item != object) read_one(item, number, reader_.text(item, "apiVersion").value_or(api_version), reader_.text(item, "kind").value_or(kind.substr(0, kind.size() - 4)));
      });
    } else {
      read_one(object, number, api_version, kind);
    }
  }

  /// What a server gave, and somebody keeps: its answers are no declarations.
  bool is_dumped(NodeIndex object) {
    const std::string_view source = reader_.document().source();
    const std::size_t first = source.find_first_not_of(" \t\r\n");
    return first != source.npos && (source[first] == '{' || source[first] == '[') && reader_.child(reader_.child(object, "metadata"), "uid") != kNoNode;
  }

  void read_one(NodeIndex object, std::int64_t number, const std::string& api_version, const std::string& kind) {
    if (is_dumped(object)) return;
    if (api_version.starts_with("argoproj.io/")) {
      if (kind == "Application" && is_whole(object)) add_application(reader_, object, {number, {}, {}, {}});
      else if (kind == "Application" || (kind == "ApplicationSet" && reader_.child(reader_.child(object, "spec"), "generators") == kNoNode)) add_patch(object, object);
      else if (kind == "AppProject") add_project(reader_, object, number);
    } else if (api_version.starts_with("argocd-image-updater.argoproj.io/") && kind == "ImageUpdater") {
      add_image_updater(reader_, object);
    } else if (kind == "ConfigMap" && reader_.text(reader_.child(object, "metadata"), "name") == "argocd-cm") {
      add_settings(reader_, object);
    } else if (kind == "Kustomization" ? api_version.starts_with("kustomize.config.k8s.io/") : kind.empty() && api_version.empty()) {
      read_kustomization(object);
    }
  }

  /// A part of an Application is what a kustomization lays over one.
  bool is_whole(NodeIndex object) {
    const NodeIndex spec = reader_.child(object, "spec");
    if (reader_.child(spec, "sourceHydrator") != kNoNode || reader_.child(reader_.child(spec, "source"), "repoURL") != kNoNode) return true;
    bool found = false;
    reader_.for_each_element(reader_.child(spec, "sources"), [&](NodeIndex source, std::uint32_t) { found = found || reader_.child(source, "repoURL") != kNoNode; });
    return found;
  }

  void read_kustomization(NodeIndex object) {
    for (const char* key : {"patches", "patchesJson6902", "replacements"})
      reader_.for_each_element(reader_.child(object, key), [&](NodeIndex patch, std::uint32_t) {
        read_target(patch, reader_.child(patch, "target"));
        reader_.for_each_element(reader_.child(patch, "targets"), [&](NodeIndex target, std::uint32_t) { read_target(patch, reader_.child(target, "select")); });
        read_text(reader_.child(patch, "patch"));
      });
    reader_.for_each_element(reader_.child(object, "patchesStrategicMerge"), [&](NodeIndex patch, std::uint32_t) { read_text(patch); });
  }

  void read_target(NodeIndex patch, NodeIndex target) {
    if (!reader_.document().is_mapping(target)) return;
    const auto kind = reader_.text(target, "kind");
    // Kinds are patterns. One that is not said is any.
    if (kind && kind->find("Application") == kind->npos && kind->find_first_of(".*[|") == kind->npos) return;
    const auto name = reader_.text(target, "name");
    const bool is_name = name && name->find_first_of(".*[|+?\\") == name->npos;
    reader_.rows().add(ApplicationPatchRow{reader_.span(patch), is_name ? name : std::nullopt});
  }

  /// A patch as a text; what it aims at is not read.
  void read_text(NodeIndex patch) {
    const auto text = reader_.text(patch);
    if (text && text->find("kind: Application") != text->npos) reader_.rows().add(ApplicationPatchRow{reader_.span(patch), std::nullopt});
  }

  void add_patch(NodeIndex place, NodeIndex object) {
    reader_.rows().add(ApplicationPatchRow{reader_.span(place), reader_.text(reader_.child(object, "metadata"), "name")});
  }

  ManifestReader reader_;
  std::int64_t objects_ = 0;
};

bool is_wanted(const BlobRows& rows) {
  constexpr auto kTables = std::to_array<Table>({Table::application, Table::application_set, Table::application_source, Table::application_value_file,
                                                 Table::application_parameter, Table::application_value, Table::application_image,
                                                 Table::application_ignore, Table::application_sync_option, Table::application_annotation,
                                                 Table::application_patch, Table::resource_ignore, Table::image_updater, Table::application_spec, Table::application_field, Table::project, Table::project_source, Table::project_window, Table::project_destination});
  return std::any_of(kTables.begin(), kTables.end(), [&](Table table) { return rows.wants(table); });
}

}  // namespace

LocalId add_unexpanded_set(ManifestReader& reader, NodeIndex object, std::int64_t document, std::string because) {
  const NodeIndex metadata = reader.child(object, "metadata"), name = reader.child(metadata, "name"), kind = reader.child(object, "kind");
  ApplicationSetRow row;
  row.name = reader.text(name);
  row.span = reader.span(row.name ? name : kind != kNoNode ? kind : object);
  row.document = document;
  row.object_namespace = reader.text(metadata, "namespace");
  row.because = std::move(because);
  const LocalId set = reader.rows().add(std::move(row));
  add_application(reader, reader.child(reader.child(object, "spec"), "template"), {document, set, {}, {}});
  return set;
}

void add_argocd_objects(BlobRows& rows, const Document& document) {
  // Most YAML has nothing to do with ArgoCD; the words are sought before the nodes.
  const std::string_view source = document.source();
  constexpr std::string_view kWords[] = {"argoproj.io/", "patch", "replacements", "resource.customizations"};
  if (is_wanted(rows) && std::ranges::any_of(kWords, [&](std::string_view word) { return source.find(word) != source.npos; }))
    ObjectReader(rows, document).read();
}

}  // namespace trueup::facts
