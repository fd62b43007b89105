#pragma once

#include <compare>
#include <map>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "facts/answer.hpp"
#include "facts/store.hpp"
#include "formats/chart_package.hpp"
#include "formats/helm_index.hpp"
#include "formats/package_list.hpp"

namespace trueup::facts {

/// Rows of the tables of live readings; columns as in the schema. Empty text is NULL where the schema allows it.
struct OciArtifactRow : Answer {
  std::string oci_repository, reference, digest, media_type, chart_name, chart_version, chart_app_version;
  std::string chart_dependencies;  ///< of a chart: its list as JSON
  std::string config_media_type;
  std::vector<std::string> platforms;  ///< of an image index
};
struct ChartPackageRow : Answer {
  std::string oci_repository, reference;
  std::size_t packed_bytes = 0;
  const formats::ChartPackage* package = nullptr;  ///< null unless present
  bool with_known_values = false;  ///< fill oci_chart_known_value
};
struct OciRepositoryRow : Answer {
  std::string oci_repository;
  bool complete = false;
  std::vector<std::string> tags;
};

/// Both give the row's id, from 1.
std::int64_t add_reading(Store& store, const OciArtifactRow& row);
std::int64_t add_reading(Store& store, const OciRepositoryRow& row);
/// With the files and the values of the package.
void add_reading(Store& store, const ChartPackageRow& row);

/// What a Helm repository says of a chart: tables helm_chart_list and helm_chart_version.
struct HelmChartRow : Answer {
  std::string repository_url, chart;
  std::vector<formats::HelmIndexVersion> versions;
};
std::int64_t add_reading(Store& store, const HelmChartRow& row);
/// (repository_url, chart): view wanted_helm_chart.
std::set<std::pair<std::string, std::string>> read_helm_questions(Store& store);
/// View wanted_chart_package: repository in a registry, and reference.
std::set<std::pair<std::string, std::string>> read_package_questions(Store& store);

/// What an index says of a package: tables package_list and package_version.
struct PackageListRow : Answer {
  std::string ecosystem, package_index, package;
  bool complete = false;
  formats::PackageList list;
};
std::int64_t add_reading(Store& store, const PackageListRow& row);
/// (ecosystem, package_index, package) -> versions, newest release of each member: view wanted_package.
using PackageQuestions = std::map<std::tuple<std::string, std::string, std::string>, std::set<std::string>>;
PackageQuestions read_index_questions(Store& store);

/// What the facts of the world in the temp tables ask: views wanted_* of views.sql.
struct Questions {
  std::set<std::pair<std::string, std::string>> oci_artifacts;  ///< (oci_repository, reference)
  std::set<std::string> oci_repositories;
  bool empty() const { return oci_artifacts.empty() && oci_repositories.empty(); }
};
Questions read_questions(Store& store);

/// A revision of a loaded repository, and what it stands for: table git_revision.
struct GitRevisionRow {
  RepositoryId repository = 0;
  std::string revision, tag_prefix, state, because, resolved, kind;
  bool is_range = false;
};
std::int64_t add_reading(Store& store, const GitRevisionRow& row);
void add_git_path(Store& store, std::int64_t git_revision, std::string_view path, std::string_view state);

/// What the facts of the world in the temp tables ask of repositories: views wanted_git_revision, wanted_git_path.
struct GitQuestion {
  RepositoryId repository = 0;
  std::string revision, tag_prefix;
  friend auto operator<=>(const GitQuestion&, const GitQuestion&) = default;
};
std::map<GitQuestion, std::set<std::string>> read_git_questions(Store& store);

/// A commit of a loaded repository that something names: table git_commit. What is asked: views wanted_git_commit, wanted_ancestry.
struct GitCommitRow {
  RepositoryId repository = 0;
  std::string revision, state, because, commit_id, committed_at;
};
void add_git_commit(Store& store, const GitCommitRow& row);
void add_ancestry(Store& store, RepositoryId repository, std::string_view ancestor, std::string_view descendant, std::string_view state,
                  std::string_view because);
std::set<std::pair<RepositoryId, std::string>> read_commit_questions(Store& store);

/// A Chart.yaml in a folder at a commit: tables git_chart and git_chart_dependency. What is asked: view wanted_git_chart.
struct GitChartQuestion {
  RepositoryId repository = 0;
  std::string revision, folder;
  friend auto operator<=>(const GitChartQuestion&, const GitChartQuestion&) = default;
};
struct GitChartRow {
  GitChartQuestion asked;
  std::string state = "unknown", because;
  std::string bytes;  ///< of the file, where it is present; what does not parse is unknown
};
void add_git_chart(Store& store, const GitChartRow& row);
std::set<GitChartQuestion> read_chart_questions(Store& store);

/// What the change at hand is held against, and the commits of the change: tables base_set and change_commit.
void add_base_set(Store& store, RepositoryId repository, FileSetId file_set, const std::optional<std::string>& branch);
void add_change_commit(Store& store, RepositoryId repository, std::string_view commit_id, std::string_view message);

/// A path of the repository that is changed, before and after: table change_path. What is asked: view wanted_change_path.
struct ChangePathRow {
  RepositoryId repository = 0;
  std::string path, state_before, state_after;
  FileId base_file = 0;  ///< 0: none is read
  std::string moved_to;  ///< empty: not known
};
void add_change_path(Store& store, const ChangePathRow& row);
std::set<std::pair<RepositoryId, std::string>> read_change_paths(Store& store);

std::set<std::tuple<RepositoryId, std::string, std::string>> read_ancestry_questions(Store& store);

/// What commits change below some folders: table git_change. What is asked: view wanted_git_change.
struct ChangeQuestion {
  RepositoryId repository = 0;
  std::string ancestor, descendant;
  std::string folders;  ///< JSON: {"in": [...], "out": [...]}
  friend auto operator<=>(const ChangeQuestion&, const ChangeQuestion&) = default;
};
struct ChangeAnswer {
  std::string state, because;
  std::int64_t commits = 0;
  std::string oldest, oldest_at, path;
};
std::set<ChangeQuestion> read_change_questions(Store& store);
void add_git_change(Store& store, const ChangeQuestion& question, const ChangeAnswer& answer);

/// Row `run` and the promises, before any rule runs.
void set_run(Store& store, bool closed, bool offline, bool gate);
void add_lockstep(Store& store, const std::vector<std::vector<std::string>>& groups);
void add_chart_owners(Store& store, const std::vector<std::pair<std::string, std::string>>& owners);
void add_chart_version_form(Store& store, std::string_view form, std::string_view pattern, int branch_group, int commit_group);
void add_environment(Store& store, std::string_view slug, std::string_view branch, std::string_view takes);
/// A repository that could not be read after all.
void set_unknown(Store& store, RepositoryId repository, const std::string& because);
/// What is known of a repository's refs once they are listed.
void set_refs_known(Store& store, RepositoryId repository, bool heads_complete, bool tags_complete, bool history_complete);

}  // namespace trueup::facts
