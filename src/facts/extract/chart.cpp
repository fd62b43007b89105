// Chart.yaml, and the requirements.yaml of charts of apiVersion v1.

#include "facts/extract/helm_fields.hpp"
#include "facts/extract/kinds.hpp"
#include "formats/image_reference.hpp"

namespace trueup::facts {
namespace {

using formats::Document;
using formats::kNoNode;
using formats::NodeIndex;

std::string json_array(const std::vector<std::string>& texts) {
  std::string json = "[";
  for (const std::string& text : texts) {
    if (json.size() > 1) json += ',';
    json += formats::canonical_json_string(text);
  }
  return json += ']';
}

class ChartReader {
 public:
  ChartReader(BlobRows& rows, const Document& document) : rows_(rows), document_(document), fields_(document) {}

  void read_chart() {
    const NodeIndex root = document_.root();
    const NodeIndex name = fields_.field(root, "name");
    const NodeIndex version = fields_.field(root, "version"), app_version = fields_.field(root, "appVersion");
    ChartRow row;
    row.span = span_of_first(rows_, document_, root, {name});
    row.api_version = fields_.text(fields_.field(root, "apiVersion"));
    row.name = sanitised(fields_.text(name));
    row.version = fields_.text(version);
    row.version_text = as_written(version);
    row.version_span = scalar_span(version);
    row.app_version = sanitised(fields_.text(app_version));
    row.app_version_text = as_written(app_version);
    row.app_version_span = scalar_span(app_version);
    row.type = fields_.text(fields_.field(root, "type"));
    row.kube_version = sanitised(fields_.text(fields_.field(root, "kubeVersion")));
    row.deprecated = fields_.is_true(fields_.field(root, "deprecated"));
    row.requirements = read_dependencies(root);
    rows_.add(std::move(row));
    finish();
  }

  void read_requirements() {
    const NodeIndex root = document_.root();
    ChartRequirementsRow row;
    row.span = span_of_first(rows_, document_, root, {});
    row.requirements = read_dependencies(root);
    rows_.add(std::move(row));
    finish();
  }

 private:
  static std::optional<std::string> sanitised(std::optional<std::string> text) {
    if (text) text = sanitised_text(*std::move(text));
    return text;
  }

  SpanRef scalar_span(NodeIndex value) {
    return document_.is_scalar(value) ? rows_.span(document_[document_.resolved(value)].span) : SpanRef{};
  }

  std::optional<std::string> as_written(NodeIndex value) {
    if (!document_.is_scalar(value)) return std::nullopt;
    return std::string(slice(rows_.source(), document_[document_.resolved(value)].span));
  }

  /// Adds a row for each entry and gives the list as Helm hashes it.
  std::string read_dependencies(NodeIndex root) {
    const NodeIndex list = fields_.field(root, "dependencies");
    if (!document_.is_sequence(list)) return std::string(formats::kMissingDependencies);
    std::vector<formats::ChartDependency> dependencies;
    for (const NodeIndex entry : fields_.entries(list)) {
      dependencies.push_back(formats::sanitised(fields_.dependency(entry)));
      if (fields_.is_spent()) break;
      if (rows_.wants(Table::chart_dependency)) add_dependency(entry, dependencies.back());
      if (rows_.wants(Table::path_mention)) add_mention(entry, dependencies.back().repository);
    }
    if (!dependencies.empty() && rows_.wants(Table::path_mention)) add_templates(list);
    return formats::canonical_dependencies(dependencies);
  }

  /// Templates of its own may read any value.
  void add_templates(NodeIndex list) {
    PathMentionRow row;
    row.span = rows_.span(document_[list].span);
    row.relative_to = "file";
    row.path = "templates";
    row.purpose = "templates";
    rows_.add(std::move(row));
  }

  void add_dependency(NodeIndex entry, const formats::ChartDependency& dependency) {
    const auto written = [](NodeIndex value, const std::string& text) {
      return value == kNoNode ? std::nullopt : std::optional(text);
    };
    const auto scalar = [this, entry](std::string_view field) {
      const NodeIndex value = fields_.field(entry, field);
      return document_.is_scalar(value) ? value : kNoNode;
    };
    const NodeIndex name = scalar("name"), version = scalar("version"), repository = scalar("repository");
    ChartDependencyRow row;
    row.span = span_of_first(rows_, document_, entry, {name});
    row.position = document_[entry].position;
    row.name = written(name, dependency.name);
    row.version = written(version, dependency.version);
    row.version_text = as_written(version);
    row.version_span = scalar_span(version);
    row.repository_url = written(repository, dependency.repository);
    row.repository_span = scalar_span(repository);
    if (const auto url = formats::parse_oci_url(dependency.repository)) {
      row.oci_parent = url->path.empty() ? url->host : url->host + '/' + url->path;
      const std::string kept_in = url->repository_of(dependency.name);
      if (formats::oci_repository_valid(kept_in)) row.oci_repository = url->host + '/' + kept_in;
    }
    row.alias = written(scalar("alias"), dependency.alias);
    row.condition = written(scalar("condition"), dependency.condition);
    if (document_.is_sequence(fields_.field(entry, "tags"))) row.tags = json_array(dependency.tags);
    if (const NodeIndex imports = fields_.field(entry, "import-values"); document_.is_sequence(imports)) row.imports = json_array(parents_of(imports));
    rows_.add(std::move(row));
  }

  /// Where `import-values` puts what a subchart exports: the `parent` of each entry; "" where an entry names none, and so says no key.
  std::vector<std::string> parents_of(NodeIndex imports) {
    std::vector<std::string> parents;
    for (const NodeIndex import : document_.children(imports)) {
      if (fields_.is_spent()) break;
      parents.push_back(fields_.text(fields_.field(import, "parent")).value_or(""));
    }
    return parents;
  }

  /// A chart beside this one. That it is there counts even where its file is not read (in docs/, say).
  void add_mention(NodeIndex entry, std::string_view repository) {
    constexpr std::string_view kScheme = "file://";
    if (!repository.starts_with(kScheme) || repository.substr(kScheme.size()).starts_with('/')) return;
    const NodeIndex written = fields_.field(entry, "repository");
    if (written == kNoNode) return;  // is_spent()
    PathMentionRow row;
    row.span = rows_.span(document_[written].span);
    row.relative_to = "file";
    row.path = repository.substr(kScheme.size());
    row.purpose = "chart";
    row.certain = true;
    rows_.add(std::move(row));
  }

  void finish() {
    if (fields_.is_spent()) give_up(rows_, document_[document_.root()].span, kTooManyAliases);
  }

  BlobRows& rows_;
  const Document& document_;
  HelmFields fields_;
};

}  // namespace

void extract_chart(BlobRows& rows) {
  const auto document = parse_yaml_into(rows);
  if (document && document->is_mapping(document->root())) ChartReader(rows, *document).read_chart();
}

void extract_chart_requirements(BlobRows& rows) {
  const auto document = parse_yaml_into(rows);
  if (document && document->is_mapping(document->root())) ChartReader(rows, *document).read_requirements();
}

}  // namespace trueup::facts
