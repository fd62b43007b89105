#include "facts/readings.hpp"

#include "facts/packaged_values.hpp"
#include "facts/row_writer.hpp"
#include "facts/statement.hpp"
#include "formats/json.hpp"
#include "formats/yaml.hpp"

namespace trueup::facts {
namespace {

/// Nodes of a values.yaml that are looked at: anchors may multiply.
constexpr std::size_t kMaxValueNodes = 50'000;

void add_dependencies(Store& store, const OciArtifactRow& row) {
  store.create_table("oci_chart_dependency");
  if (row.chart_dependencies.empty()) return;
  const formats::Document list = formats::parse_json(row.chart_dependencies);
  std::int64_t position = 0;
  const auto text = [&](formats::NodeIndex entry, std::string_view key) { return list.text(list.child(entry, key)).value_or(""); };
  Statement insert(store.database(), "INSERT INTO oci_chart_dependency VALUES(NULL,?,?,?,?,?,?,?)");
  for (const formats::NodeIndex entry : list.children(list.root())) {
    if (text(entry, "name").empty()) continue;
    insert.bind(1, row.oci_repository)
        .bind(2, row.reference)
        .bind(3, position++)
        .bind(4, text(entry, "name"))
        .bind_or_null(5, text(entry, "version"))
        .bind_or_null(6, text(entry, "repository"))
        .bind_or_null(7, text(entry, "alias"))
        .run();
  }
}

void add_values(Store& store, std::int64_t package, const std::string& values_yaml) {
  const formats::Document values = formats::parse_yaml(values_yaml);
  if (values.problem()) return;
  Statement insert(store.database(), "INSERT INTO oci_chart_value VALUES(NULL,?,?,?)");
  std::vector<formats::NodeIndex> open = {values.root()};
  for (std::size_t visited = 0; !open.empty() && visited < kMaxValueNodes; ++visited) {
    const formats::NodeIndex node = open.back();
    open.pop_back();
    for (const formats::NodeIndex child : values.children(node)) open.push_back(child);
    if (!values.is_scalar(node) || node == values.root()) continue;
    insert.bind(1, package).bind(2, values.pointer(node)).bind(3, values.text(node).value_or("")).run();
  }
}

}  // namespace

std::int64_t add_reading(Store& store, const OciArtifactRow& row) {
  store.create_table("oci_artifact");
  store.create_table("oci_platform");
  Statement(store.database(), "INSERT INTO oci_artifact VALUES(NULL,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
      .bind(1, row.oci_repository)
      .bind(2, row.reference)
      .bind_answer(3, row)
      .bind_or_null(7, row.digest)
      .bind_or_null(8, row.media_type)
      .bind_or_null(9, row.config_media_type)
      .bind_or_null(10, row.chart_name)
      .bind_or_null(11, row.chart_version)
      .bind_or_null(12, row.chart_app_version)
      .bind(13, row.asked_at)
      .bind(14, row.address)
      .run();
  const std::int64_t id = sqlite3_last_insert_rowid(store.database());
  add_dependencies(store, row);
  for (const std::string& platform : row.platforms)
    Statement(store.database(), "INSERT INTO oci_platform VALUES(NULL,?,?,?)").bind(1, row.oci_repository).bind(2, row.reference).bind(3, platform).run();
  return id;
}

std::int64_t add_reading(Store& store, const OciRepositoryRow& row) {
  store.create_table("oci_tag_list");
  store.create_table("oci_tag");
  Statement(store.database(), "INSERT INTO oci_tag_list VALUES(NULL,?,?,?,?,?,?,?,?)")
      .bind(1, row.oci_repository)
      .bind_answer(2, row)
      .bind(6, std::int64_t{row.complete})
      .bind(7, row.asked_at)
      .bind(8, row.address)
      .run();
  const std::int64_t id = sqlite3_last_insert_rowid(store.database());
  Statement tag(store.database(), "INSERT INTO oci_tag VALUES(NULL,?,?)");
  for (const std::string& name : row.tags) tag.bind(1, row.oci_repository).bind(2, name).run();
  return id;
}

void add_reading(Store& store, const ChartPackageRow& row) {
  for (const char* table : {"oci_chart_package", "oci_chart_file", "oci_chart_value", "oci_chart_known_value"}) store.create_table(table);
  Statement package(store.database(), "INSERT INTO oci_chart_package VALUES(NULL,?,?,?,?,?,?,?,?,?,?,?)");
  package.bind(1, row.oci_repository)
      .bind(2, row.reference)
      .bind_answer(3, row);
  if (row.package != nullptr)
    package.bind(7, static_cast<std::int64_t>(row.packed_bytes))
        .bind(8, static_cast<std::int64_t>(row.package->unpacked_bytes))
        .bind(9, std::int64_t{row.package->whole});
  package.bind(10, row.asked_at).bind(11, row.address).run();
  if (row.package == nullptr) return;
  const std::int64_t id = sqlite3_last_insert_rowid(store.database());
  Statement file(store.database(), "INSERT INTO oci_chart_file VALUES(NULL,?,?,?,?,?)");
  for (const formats::PackagedFile& each : row.package->files)
    file.bind(1, id)
        .bind(2, each.path)
        .bind(3, static_cast<std::int64_t>(each.bytes))
        .bind(4, std::int64_t{each.is_link})
        .bind(5, std::int64_t{each.outside})
        .run();
  add_values(store, id, row.package->values_yaml);
  if (!row.with_known_values) return;
  Statement known(store.database(), "INSERT INTO oci_chart_known_value VALUES(NULL,?,?,?,?)");
  for (const KnownValue& each : known_values(*row.package)) known.bind(1, id).bind(2, each.pointer).bind(3, each.kind).bind(4, each.path).run();
}

std::int64_t add_reading(Store& store, const HelmChartRow& row) {
  store.create_table("helm_chart_list");
  store.create_table("helm_chart_version");
  Statement(store.database(), "INSERT INTO helm_chart_list VALUES(NULL,?,?,?,?,?,?,?,?)")
      .bind(1, row.repository_url)
      .bind(2, row.chart)
      .bind_answer(3, row)
      .bind(7, row.asked_at)
      .bind(8, row.address)
      .run();
  const std::int64_t id = sqlite3_last_insert_rowid(store.database());
  Statement version(store.database(), "INSERT INTO helm_chart_version VALUES(NULL,?,?,?,?,?,?)");
  for (const formats::HelmIndexVersion& each : row.versions)
    version.bind(1, id)
        .bind(2, each.version)
        .bind_or_null(3, each.app_version)
        .bind_or_null(4, each.digest)
        .bind_or_null(5, each.created)
        .bind(6, std::int64_t{each.deprecated})
        .run();
  return id;
}

std::set<std::pair<std::string, std::string>> read_helm_questions(Store& store) {
  std::set<std::pair<std::string, std::string>> questions;
  Statement rows(store.database(), "SELECT repository_url, chart FROM wanted_helm_chart");
  while (rows.row()) questions.emplace(rows.text(0), rows.text(1));
  return questions;
}

std::set<std::pair<std::string, std::string>> read_package_questions(Store& store) {
  std::set<std::pair<std::string, std::string>> questions;
  Statement rows(store.database(), "SELECT oci_repository, reference FROM wanted_chart_package");
  while (rows.row()) questions.emplace(rows.text(0), rows.text(1));
  return questions;
}

std::int64_t add_reading(Store& store, const PackageListRow& row) {
  store.create_table("package_list");
  store.create_table("package_version");
  Statement(store.database(), "INSERT INTO package_list VALUES(NULL,?,?,?,?,?,?,?,?,?,?,?)")
      .bind(1, row.ecosystem)
      .bind(2, row.package_index)
      .bind(3, row.package)
      .bind_answer(4, row)
      .bind(8, std::int64_t{row.complete})
      .bind_or_null(9, row.list.latest)
      .bind(10, row.asked_at)
      .bind(11, row.address)
      .run();
  const std::int64_t id = sqlite3_last_insert_rowid(store.database());
  Statement version(store.database(), "INSERT INTO package_version VALUES(NULL,?,?,?,?,?)");
  for (const formats::PackageVersion& each : row.list.versions)
    version.bind(1, id)
        .bind(2, each.version)
        .bind_or_null(3, each.released_at)
        .bind_or_null(4, each.commit_id)
        .bind(5, std::int64_t{each.withdrawn})
        .run();
  return id;
}

PackageQuestions read_index_questions(Store& store) {
  PackageQuestions questions;
  Statement rows(store.database(), "SELECT ecosystem, package_index, package, version FROM wanted_package");
  while (rows.row()) {
    std::set<std::string>& versions = questions[{std::string(rows.text(0)), std::string(rows.text(1)), std::string(rows.text(2))}];
    if (const std::string version(rows.text(3)); !version.empty()) versions.insert(version);
  }
  return questions;
}

Questions read_questions(Store& store) {
  Questions questions;
  Statement artifacts(store.database(), "SELECT oci_repository, reference FROM wanted_oci_artifact");
  while (artifacts.row()) questions.oci_artifacts.emplace(artifacts.text(0), artifacts.text(1));
  Statement repositories(store.database(), "SELECT oci_repository FROM wanted_oci_repository");
  while (repositories.row()) questions.oci_repositories.insert(repositories.text(0));
  return questions;
}

std::int64_t add_reading(Store& store, const GitRevisionRow& row) {
  store.create_table("git_revision");
  store.create_table("git_path");
  Statement(store.database(), "INSERT INTO git_revision VALUES(NULL,?,?,?,?,?,?,?,?)")
      .bind(1, row.repository)
      .bind(2, row.revision)
      .bind(3, row.tag_prefix)
      .bind(4, row.state)
      .bind_or_null(5, row.because)
      .bind_or_null(6, row.resolved)
      .bind_or_null(7, row.kind)
      .bind(8, std::int64_t{row.is_range})
      .run();
  return sqlite3_last_insert_rowid(store.database());
}

void add_git_path(Store& store, std::int64_t git_revision, std::string_view path, std::string_view state) {
  Statement(store.database(), "INSERT INTO git_path VALUES(NULL,?,?,?)").bind(1, git_revision).bind(2, path).bind(3, state).run();
}

std::map<GitQuestion, std::set<std::string>> read_git_questions(Store& store) {
  std::map<GitQuestion, std::set<std::string>> questions;
  const auto question = [](Statement& row) { return GitQuestion{row.number(0), std::string(row.text(1)), std::string(row.text(2))}; };
  Statement revisions(store.database(), "SELECT held_by, revision, tag_prefix FROM wanted_git_revision");
  while (revisions.row()) questions.try_emplace(question(revisions));
  Statement paths(store.database(), "SELECT held_by, revision, tag_prefix, wanted_path FROM wanted_git_path");
  while (paths.row()) questions[question(paths)].emplace(paths.text(3));
  return questions;
}

void add_git_commit(Store& store, const GitCommitRow& row) {
  store.create_table("git_commit");
  Statement(store.database(), "INSERT INTO git_commit VALUES(NULL,?,?,?,?,?,?)")
      .bind(1, row.repository)
      .bind(2, row.revision)
      .bind(3, row.state)
      .bind_or_null(4, row.because)
      .bind_or_null(5, row.commit_id)
      .bind_or_null(6, row.committed_at)
      .run();
}

void add_ancestry(Store& store, RepositoryId repository, std::string_view ancestor, std::string_view descendant, std::string_view state,
                  std::string_view because) {
  store.create_table("ancestry");
  Statement(store.database(), "INSERT INTO ancestry VALUES(NULL,?,?,?,?,?)")
      .bind(1, repository)
      .bind(2, ancestor)
      .bind(3, descendant)
      .bind(4, state)
      .bind_or_null(5, because)
      .run();
}

std::set<std::pair<RepositoryId, std::string>> read_commit_questions(Store& store) {
  std::set<std::pair<RepositoryId, std::string>> questions;
  Statement rows(store.database(), "SELECT held_by, revision FROM wanted_git_commit");
  while (rows.row()) questions.emplace(rows.number(0), rows.text(1));
  return questions;
}

std::set<std::tuple<RepositoryId, std::string, std::string>> read_ancestry_questions(Store& store) {
  std::set<std::tuple<RepositoryId, std::string, std::string>> questions;
  Statement rows(store.database(), "SELECT held_by, ancestor, descendant FROM wanted_ancestry");
  while (rows.row()) questions.emplace(rows.number(0), rows.text(1), rows.text(2));
  return questions;
}

std::set<ChangeQuestion> read_change_questions(Store& store) {
  std::set<ChangeQuestion> questions;
  Statement rows(store.database(), "SELECT held_by, ancestor, descendant, folders FROM wanted_git_change");
  while (rows.row()) questions.insert({rows.number(0), std::string(rows.text(1)), std::string(rows.text(2)), std::string(rows.text(3))});
  return questions;
}

void add_git_change(Store& store, const ChangeQuestion& question, const ChangeAnswer& answer) {
  const bool known = answer.state == "known";
  add_row(store, "git_change", {question.repository, question.ancestor, question.descendant, question.folders, answer.state, cell(answer.because),
                                known ? Cell(answer.commits) : Cell(), cell(answer.oldest), cell(answer.oldest_at), cell(answer.path)});
}

std::set<GitChartQuestion> read_chart_questions(Store& store) {
  std::set<GitChartQuestion> questions;
  Statement rows(store.database(), "SELECT held_by, revision, folder FROM wanted_git_chart");
  while (rows.row()) questions.insert({rows.number(0), std::string(rows.text(1)), std::string(rows.text(2))});
  return questions;
}

void set_run(Store& store, bool closed, bool offline, bool gate) {
  store.create_table("run");
  Statement(store.database(), "INSERT INTO run VALUES(1,?,?,?)")
      .bind(1, std::int64_t{closed})
      .bind(2, std::int64_t{offline})
      .bind(3, std::int64_t{gate})
      .run();
}

void add_lockstep(Store& store, const std::vector<std::vector<std::string>>& groups) {
  if (groups.empty()) return;
  store.create_table("promise_lockstep");
  Statement insert(store.database(), "INSERT INTO promise_lockstep VALUES(NULL,?,?)");
  for (std::size_t i = 0; i < groups.size(); ++i)
    for (const std::string& chart : groups[i]) insert.bind(1, static_cast<std::int64_t>(i)).bind(2, chart).run();
}

void add_chart_owners(Store& store, const std::vector<std::pair<std::string, std::string>>& owners) {
  if (owners.empty()) return;
  store.create_table("promise_chart_owner");
  Statement insert(store.database(), "INSERT INTO promise_chart_owner VALUES(NULL,?,?)");
  for (const auto& [chart, slug] : owners) insert.bind(1, chart).bind(2, slug).run();
}

void add_chart_version_form(Store& store, std::string_view form, std::string_view pattern, int branch_group, int commit_group) {
  store.create_table("promise_chart_version");
  Statement(store.database(), "INSERT INTO promise_chart_version VALUES(NULL,?,?,?,?)")
      .bind(1, form)
      .bind(2, pattern)
      .bind(3, std::int64_t{branch_group})
      .bind(4, std::int64_t{commit_group})
      .run();
}

void add_environment(Store& store, std::string_view slug, std::string_view branch, std::string_view takes) {
  store.create_table("promise_environment");
  Statement(store.database(), "INSERT INTO promise_environment VALUES(NULL,?,?,?)").bind(1, slug).bind(2, branch).bind(3, takes).run();
}

void set_unknown(Store& store, RepositoryId repository, const std::string& because) {
  Statement(store.database(), "UPDATE repository SET state='unknown', because=? WHERE id=?")
      .bind(1, std::string_view(because))
      .bind(2, repository)
      .run();
}

void set_refs_known(Store& store, RepositoryId repository, bool heads_complete, bool tags_complete, bool history_complete) {
  Statement(store.database(), "UPDATE repository SET heads_complete=?, tags_complete=?, history_complete=? WHERE id=?")
      .bind(1, std::int64_t{heads_complete})
      .bind(2, std::int64_t{tags_complete})
      .bind(3, std::int64_t{history_complete})
      .bind(4, repository)
      .run();
}

}  // namespace trueup::facts
