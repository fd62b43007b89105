// A source of an Application: where it is rendered from, and with which values.

#include <functional>

#include "facts/extract/argocd_rows.hpp"
#include "facts/extract/document_rows.hpp"
#include "facts/extract/pointer.hpp"
#include "formats/image_reference.hpp"
#include "formats/path_join.hpp"
#include "formats/remote_url.hpp"
#include "formats/scalar_types.hpp"
#include "formats/yaml.hpp"

namespace trueup::facts {
namespace {

using formats::Document;
using formats::kNoNode;
using formats::Node;
using formats::NodeIndex;
using formats::NodeKind;

/// A text that nobody has filled in yet: a template of a set or of another tool, a variable of ArgoCD's build environment.
bool is_open(std::string_view text) { return text.find("{{") != text.npos || text.find('$') != text.npos; }

std::optional<std::string> clean_path(std::string_view folder, std::string_view path) {
  if (is_open(path)) return std::nullopt;
  return formats::join_path(folder, path);
}

/// Helm values that stand in an Application. Aliases are not followed.
class ValuesWalk {
 public:
  /// `place` gives the span of a node.
  ValuesWalk(BlobRows& rows, LocalId source, const Document& document, std::function<SpanRef(const Node&, NodeIndex)> place)
      : rows_(rows), source_(source), document_(document), place_(std::move(place)) {}

  bool walk(NodeIndex collection) {
    const bool mapping = document_[collection].kind == NodeKind::mapping;
    for (NodeIndex value = document_[collection].first_child; value != kNoNode; value = document_[value].next) {
      const Node& node = document_[value];
      const std::size_t above = pointer_.size();
      if (mapping)
        pointer_.push(document_.text(node.key).value_or(""));
      else
        pointer_.push(node.position);
      if (!budget_.spend(pointer_.size())) {
        give_up(rows_, {}, "its keys are longer, in all the places that repeat them, than trueup keeps");
        return false;
      }
      if (node.kind == NodeKind::scalar)
        rows_.add(ApplicationValueRow{source_, place_(node, value), pointer_.text(), std::string(node.value), type_of(node)});
      else if (node.kind != NodeKind::alias && !walk(value))
        return false;
      pointer_.cut(above);
    }
    return true;
  }

 private:
  static std::string type_of(const Node& node) {
    switch (formats::type_as_helm(node.value, node.style, node.tag)) {
      case formats::ScalarType::null: return "null";
      case formats::ScalarType::boolean: return "boolean";
      case formats::ScalarType::integer: return "integer";
      case formats::ScalarType::floating: return "float";
      case formats::ScalarType::string: break;
    }
    return "string";
  }

  BlobRows& rows_;
  LocalId source_;
  const Document& document_;
  std::function<SpanRef(const Node&, NodeIndex)> place_;
  Pointer pointer_;
  TextBudget budget_;
};

class SourceReader {
 public:
  SourceReader(ManifestReader& reader, NodeIndex source) : reader_(reader), source_(source) {}

  void read(LocalId application, std::int64_t position) {
    const NodeIndex helm = reader_.child(source_, "helm"), kustomize = reader_.child(source_, "kustomize"),
                    repo_url = reader_.child(source_, "repoURL");
    ApplicationSourceRow row;
    row.application = application;
    row.span = reader_.span(repo_url != kNoNode ? repo_url : source_);
    row.position = position;
    row.repo_url = reader_.text(repo_url);
    row.path = field("path", row.path_span);
    row.chart = field("chart", row.chart_span);
    row.target_revision = field("targetRevision", row.target_revision_span);
    row.ref = field("ref", row.ref_span);
    row.tag_prefix = reader_.text(source_, "tagPrefix");
    place_repository(row);
    if (row.path) row.folder = clean_path("", *row.path);
    for (const char* tool : {"helm", "kustomize", "directory", "plugin"})
      if (!row.tool && reader_.child(source_, tool) != kNoNode) row.tool = tool;
    row.release_name = reader_.text(helm, "releaseName");
    row.ignore_missing_value_files = reader_.is_true(reader_.child(helm, "ignoreMissingValueFiles"));
    if (row.folder && !row.folder->empty() && !row.chart) mention(*row.folder, row.path_span, "application_source");
    chart_ = row.chart.has_value();
    folder_ = row.folder;
    id_ = reader_.rows().add(std::move(row));

    reader_.for_each_element(reader_.child(helm, "valueFiles"), [&](NodeIndex file, std::uint32_t at) { add_value_file(file, at); });
    reader_.for_each_element(reader_.child(helm, "parameters"), [&](NodeIndex parameter, std::uint32_t at) { add_parameter(parameter, at); });
    reader_.for_each_element(reader_.child(kustomize, "images"), [&](NodeIndex image, std::uint32_t) { add_image(image); });
    if (reader_.rows().wants(Table::application_value)) add_values(helm);
  }

 private:
  std::optional<std::string> field(std::string_view key, SpanRef& span) {
    const NodeIndex node = reader_.child(source_, key);
    auto text = reader_.text(node);
    if (text && text->empty()) text.reset();
    if (text) span = reader_.span(node);
    return text;
  }

  void place_repository(ApplicationSourceRow& row) {
    if (!row.repo_url || is_open(*row.repo_url)) return;
    constexpr std::string_view kOci = "oci://";
    const bool oci = row.repo_url->starts_with(kOci);
    if (row.chart ? !oci && row.repo_url->find("://") == row.repo_url->npos : oci) {
      // With a chart the registry is written without a scheme, and the chart's name comes behind it.
      if (const auto url = formats::parse_oci_url(oci ? *row.repo_url : std::string(kOci) + *row.repo_url); url && (!row.chart || !is_open(*row.chart)))
        row.oci_repository = row.chart ? url->host + '/' + url->repository_of(*row.chart) : url->host + '/' + url->path;
    } else if (const auto address = formats::parse_remote_url(*row.repo_url); address && !row.chart) {
      row.host = address->host;
      row.slug = address->slug;
    }
  }

  void mention(const std::string& path, SpanRef span, const char* purpose) {
    reader_.rows().add(PathMentionRow{{}, {}, span, "root", path, purpose, 1});
  }

  void add_value_file(NodeIndex node, std::int64_t position) {
    const auto text = reader_.text(node);
    if (!text) return;
    ApplicationValueFileRow row;
    row.application_source = id_;
    row.span = reader_.span(node);
    row.position = position;
    row.value_file = *text;
    std::string_view file = *text;
    if (file.starts_with('$') && !file.starts_with("${")) {
      const std::size_t slash = std::min(file.find('/'), file.size());
      row.ref = file.substr(1, slash - 1);
      file.remove_prefix(std::min(slash + 1, file.size()));
    }
    const bool is_plain = file.find_first_of("*?[") == file.npos && file.find("://") == file.npos && !file.empty();
    const bool from_root = row.ref || file.starts_with('/');
    while (from_root && file.starts_with('/')) file.remove_prefix(1);
    if (is_plain && (row.ref || !chart_) && (from_root || folder_)) row.path = clean_path(from_root ? "" : *folder_, file);
    if (row.path) mention(*row.path, row.span, "value_file");
    reader_.rows().add(std::move(row));
  }

  void add_parameter(NodeIndex parameter, std::int64_t position) {
    const NodeIndex name = reader_.child(parameter, "name"), value = reader_.child(parameter, "value");
    const auto text = reader_.text(name);
    if (!text) return;
    reader_.rows().add(ApplicationParameterRow{id_, reader_.span(value != kNoNode ? value : name), position, *text, reader_.text(value),
                                               reader_.is_true(reader_.child(parameter, "forceString"))});
  }

  /// `old=new:tag`, or what becomes of the image of that name: `name:tag`, `name@digest`.
  void add_image(NodeIndex image) {
    const auto text = reader_.text(image);
    if (!text) return;
    const std::size_t equals = text->find('=');
    std::string old_name = text->substr(0, std::min(equals, text->size()));
    if (equals == text->npos) {
      old_name.resize(std::min(old_name.find('@'), old_name.size()));
      if (const std::size_t colon = old_name.rfind(':'); colon != old_name.npos && old_name.find('/', colon) == old_name.npos) old_name.resize(colon);
    }
    reader_.rows().add(ApplicationImageRow{id_, reader_.span(image), std::move(old_name), equals == text->npos ? *text : text->substr(equals + 1)});
  }

  /// `values` is a text that is YAML; a valuesObject beside it hides it as a whole, an empty one too.
  void add_values(NodeIndex helm) {
    const Document& document = reader_.document();
    if (const NodeIndex object = reader_.child(helm, "valuesObject"); object != kNoNode) {
      if (document.is_mapping(object) && reader_.pay(document[object].child_count))
        ValuesWalk(reader_.rows(), id_, document, [&](const Node& node, NodeIndex) { return reader_.rows().span(node.span); }).walk(object);
      return;
    }
    const NodeIndex values = reader_.child(helm, "values");
    const auto text = reader_.text(values);
    if (!text || !reader_.pay(text->size() / 8)) return;
    const Document inner = formats::parse_yaml(*text);
    if (inner.problem() || !inner.is_mapping(inner.root())) return;
    const bool as_written = document.text(values) == *text;
    ValuesWalk(reader_.rows(), id_, inner, [&](const Node& node, NodeIndex) {
      return as_written ? reader_.rows().span(document.source_range(values, node.span)) : reader_.span(values);
    }).walk(inner.root());
  }

  ManifestReader& reader_;
  NodeIndex source_;
  LocalId id_;
  bool chart_ = false;
  std::optional<std::string> folder_;
};

}  // namespace

void add_application_source(ManifestReader& reader, LocalId application, NodeIndex source, std::int64_t position) {
  SourceReader(reader, source).read(application, position);
}

}  // namespace trueup::facts
