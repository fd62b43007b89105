// Chart.yaml at a commit that is not judged: the little of it that rules hold against what runs.

#include "facts/extract/helm_fields.hpp"
#include "facts/readings.hpp"
#include "facts/row_writer.hpp"
#include "facts/statement.hpp"
#include "formats/image_reference.hpp"
#include "formats/yaml.hpp"

namespace trueup::facts {
namespace {

constexpr std::size_t kMaxMessage = 4'096;

}  // namespace

void add_git_chart(Store& store, const GitChartRow& row) {
  store.create_table("git_chart");
  store.create_table("git_chart_dependency");
  const auto add = [&](std::string_view state, std::string_view because, std::string_view name, std::string_view version) {
    return add_row(store, "git_chart", {row.asked.repository, row.asked.revision, row.asked.folder, std::string(state), cell(because), cell(name), cell(version)});
  };
  if (row.state != "present") {
    add(row.state, row.because, "", "");
    return;
  }
  const formats::Document document = formats::parse_yaml(row.bytes);
  HelmFields fields(document);
  const formats::NodeIndex root = document.root();
  if (document.problem() || !document.is_mapping(root)) {
    add("unknown", "its Chart.yaml does not parse", "", "");
    return;
  }
  std::vector<formats::ChartDependency> dependencies;
  for (const formats::NodeIndex entry : fields.entries(fields.field(root, "dependencies"))) dependencies.push_back(formats::sanitised(fields.dependency(entry)));
  const std::string name = fields.text(fields.field(root, "name")).value_or(""), version = fields.text(fields.field(root, "version")).value_or("");
  if (fields.is_spent()) {
    add("unknown", kTooManyAliases, "", "");
    return;
  }
  const std::int64_t chart = add("present", "", name, version);
  for (const formats::ChartDependency& dependency : dependencies) {
    std::string oci_repository;
    if (const auto url = formats::parse_oci_url(dependency.repository))
      if (const std::string kept_in = url->repository_of(dependency.name); formats::oci_repository_valid(kept_in)) oci_repository = url->host + '/' + kept_in;
    add_row(store, "git_chart_dependency",
            {chart, dependency.name, cell(dependency.version), cell(dependency.repository), cell(dependency.alias), cell(oci_repository)});
  }
}

void add_base_set(Store& store, RepositoryId repository, FileSetId file_set, const std::optional<std::string>& branch) {
  store.create_table("base_set");
  add_row(store, "base_set", {repository, file_set, cell(branch.value_or(""))});
}

void add_change_path(Store& store, const ChangePathRow& row) {
  store.create_table("change_path");
  add_row(store, "change_path",
          {row.repository, row.path, row.state_before, row.state_after, row.base_file != 0 ? Cell(row.base_file) : Cell(), cell(row.moved_to)});
}

std::set<std::pair<RepositoryId, std::string>> read_change_paths(Store& store) {
  std::set<std::pair<RepositoryId, std::string>> paths;
  Statement rows(store.database(), "SELECT held_by, wanted_path FROM wanted_change_path");
  while (rows.row()) paths.emplace(rows.number(0), rows.text(1));
  return paths;
}

void add_change_commit(Store& store, RepositoryId repository, std::string_view commit_id, std::string_view message) {
  store.create_table("change_commit");
  add_row(store, "change_commit", {repository, std::string(commit_id), std::string(message.substr(0, kMaxMessage))});
}

}  // namespace trueup::facts
