// atlantis.yaml, and the configuration of repositories that an Atlantis server reads.

#include <algorithm>
#include <initializer_list>

#include "base/text.hpp"
#include "facts/extract/document_rows.hpp"
#include "facts/extract/github_reader.hpp"
#include "facts/extract/kinds.hpp"
#include "formats/path_join.hpp"

namespace trueup::facts {
namespace {

using formats::NodeIndex;

class AtlantisReader {
 public:
  AtlantisReader(BlobRows& rows, const formats::Document& document) : rows_(rows), reader_(rows, document), document_(document) {}

  void read_repository() {
    const NodeIndex root = reader_.root();
    if (!document_.is_mapping(root) || document_[root].first_child == formats::kNoNode) return;
    const LocalId config = add_config("repository");
    reader_.for_each_element(document_.child(root, "projects"), [&](NodeIndex project, std::uint32_t position) { read_project(config, project, position); });
    reader_.finish();
  }

  void read_server() {
    const NodeIndex root = reader_.root(), repos = document_.child(root, "repos");
    bool named = false;  // `repos:` of other tools are lists of something else
    reader_.for_each_element(repos, [&](NodeIndex repo, std::uint32_t) { named = named || reader_.text(document_.child(repo, "id")).has_value(); });
    if (!named) return;
    const LocalId config = add_config("server");
    reader_.for_each_element(repos, [&](NodeIndex repo, std::uint32_t position) {
      const NodeIndex id = document_.child(repo, "id");
      const auto text = reader_.text(id);
      if (!text) return;
      AtlantisRepoRow row;
      row.atlantis_config = config;
      row.span = reader_.span(id);
      row.position = position;
      row.pattern = *text;
      set(document_.child(repo, "workflow"), row.workflow, row.workflow_span);
      const LocalId of_repo = rows_.add(std::move(row));
      add_settings(config, of_repo, {}, repo, {"id", "workflow"}, "", 0);
    });
    add_settings(config, {}, {}, root, {"repos", "workflows", "policies"}, "", 0);
    reader_.finish();
  }

 private:
  /// Scalars and lists of scalars below a mapping, by their keys with dots.
  void add_settings(LocalId config, LocalId repo, LocalId project, NodeIndex mapping, std::initializer_list<std::string_view> without, const std::string& within,
                    int depth) {
    constexpr int kDeepest = 4;
    if (depth > kDeepest || !rows_.wants(Table::atlantis_setting)) return;
    reader_.for_each_entry(mapping, [&](const GithubReader::Entry& entry) {
      if (std::ranges::find(without, entry.name) != without.end()) return;
      const std::string key = within + std::string(entry.name);
      const NodeIndex value = document_.resolved(entry.value);
      if (document_.is_mapping(value)) {
        add_settings(config, repo, project, value, {}, key + ".", depth + 1);
        return;
      }
      AtlantisSettingRow row;
      row.atlantis_config = config;
      row.atlantis_repo = repo;
      row.atlantis_project = project;
      row.key = key;
      if (document_.is_sequence(value)) {
        std::string items;
        reader_.for_each_in_list(value, [&](NodeIndex each, std::uint32_t) {
          if (const auto text = reader_.text(each)) append_json_string(*text, items += items.empty() ? "" : ",");
        });
        row.items = "[" + items + "]";
        row.span = reader_.span(entry.key);
      } else if (const auto text = reader_.text(value)) {
        row.value = std::string(*text);
        row.span = reader_.span(entry.value);
      } else {
        return;
      }
      rows_.add(std::move(row));
    });
  }

  void set(NodeIndex node, std::optional<std::string>& text, SpanRef& span) {
    if (const auto value = reader_.text(node); value && !reader_.is_null(node)) {
      text = std::string(*value);
      span = reader_.span(node);
    }
  }

  LocalId add_config(std::string_view side) {
    const NodeIndex root = reader_.root();
    AtlantisConfigRow row;
    row.span = reader_.span(document_[document_[root].first_child].key);
    row.side = side;
    set(document_.child(root, "version"), row.version, row.version_span);
    row.autodiscover = reader_.setting(document_.at(root, {"autodiscover", "mode"}));
    const LocalId config = rows_.add(std::move(row));
    reader_.for_each_entry(document_.child(root, "workflows"), [&](const GithubReader::Entry& workflow) {
      rows_.add(AtlantisWorkflowRow{config, reader_.span(workflow.key), std::string(workflow.name)});
    });
    return config;
  }

  void read_project(LocalId config, NodeIndex project, std::uint32_t position) {
    if (!document_.is_mapping(project) || document_[document_.resolved(project)].first_child == formats::kNoNode) return;
    const NodeIndex dir = document_.child(project, "dir");
    AtlantisProjectRow row;
    row.atlantis_config = config;
    row.span = reader_.span(reader_.text(dir) ? dir : document_[document_[document_.resolved(project)].first_child].key);
    row.position = position;
    set(document_.child(project, "name"), row.name, row.name_span);
    row.dir = reader_.setting(dir);
    if (row.dir) row.folder = formats::join_path("", *row.dir);
    row.has_wildcard = row.dir && row.dir->find_first_of("*?[") != std::string::npos;
    row.workspace = reader_.setting(document_.child(project, "workspace")).value_or("default");
    set(document_.child(project, "workflow"), row.workflow, row.workflow_span);
    set(document_.child(project, "terraform_version"), row.terraform_version, row.terraform_version_span);
    if (row.folder && !row.has_wildcard) {
      const std::string within = row.folder->empty() ? "" : *row.folder + "/";
      if (!row.folder->empty()) mention(row.span, *row.folder);
      for (const char* file : {"terragrunt.hcl", "cdktf.json", "Pulumi.yaml"}) mention(row.span, within + file);
    }
    const LocalId id = rows_.add(std::move(row));
    add_settings(config, {}, id, project, {"name", "dir", "workspace", "workflow", "terraform_version"}, "", 0);
    std::int64_t number = 0;
    reader_.for_each_in_list(document_.at(project, {"autoplan", "when_modified"}), [&](NodeIndex each, std::uint32_t) {
      if (const auto text = reader_.text(each)) rows_.add(AtlantisPatternRow{id, reader_.span(each), number++, std::string(*text)});
    });
  }

  void mention(SpanRef span, std::string path) { rows_.add(PathMentionRow{{}, {}, span, "root", std::move(path), "terraform_root", 0}); }

  BlobRows& rows_;
  GithubReader reader_;
  const formats::Document& document_;
};

}  // namespace

void extract_atlantis_config(BlobRows& rows) {
  if (const auto document = parse_yaml_into(rows)) AtlantisReader(rows, *document).read_repository();
}

void extract_atlantis_server(BlobRows& rows) {
  if (const auto document = parse_yaml_into(rows)) AtlantisReader(rows, *document).read_server();
}

void add_atlantis_server(BlobRows& rows, const formats::Document& document) {
  const std::string_view source = rows.source();
  if (!source.starts_with("repos:") && source.find("\nrepos:") == source.npos) return;
  if (rows.wants(Table::atlantis_config) && document.is_mapping(document.root())) AtlantisReader(rows, document).read_server();
}

}  // namespace trueup::facts
