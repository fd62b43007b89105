#pragma once

#include <compare>
#include <map>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "facts/store.hpp"
#include "formats/chart_package.hpp"
#include "formats/helm_index.hpp"
#include "formats/package_list.hpp"

namespace trueup::facts {

/// Rows of the tables of live readings; columns as in the schema. Empty text is NULL where the schema allows it.
struct OciArtifactRow {
  std::string oci_repository, reference, state, because;
  bool failed = false;
  std::string answer, digest, media_type, chart_name, chart_version, chart_app_version, asked_at, address;
  std::string chart_dependencies;  ///< of a chart: its list as JSON
};
struct ChartPackageRow {
  std::string oci_repository, reference, state, because;
  bool failed = false;
  std::string answer, asked_at, address;
  std::size_t packed_bytes = 0;
  const formats::ChartPackage* package = nullptr;  ///< null unless present
};
struct OciRepositoryRow {
  std::string oci_repository, state, because;
  bool failed = false;
  std::string answer;
  bool complete = false;
  std::string asked_at, address;
  std::vector<std::string> tags;
};

/// Both give the row's id, from 1.
std::int64_t add_reading(Store& store, const OciArtifactRow& row);
std::int64_t add_reading(Store& store, const OciRepositoryRow& row);
/// With the files and the values of the package.
void add_reading(Store& store, const ChartPackageRow& row);

/// What a Helm repository says of a chart: tables helm_chart_list and helm_chart_version.
struct HelmChartRow {
  std::string repository_url, chart, state, because;
  bool failed = false;
  std::string answer, asked_at, address;
  std::vector<formats::HelmIndexVersion> versions;
};
std::int64_t add_reading(Store& store, const HelmChartRow& row);
/// (repository_url, chart): view wanted_helm_chart.
std::set<std::pair<std::string, std::string>> read_helm_questions(Store& store);
/// View wanted_chart_package: repository in a registry, and reference.
std::set<std::pair<std::string, std::string>> read_package_questions(Store& store);

/// What an index says of a package: tables package_list and package_version.
struct PackageListRow {
  std::string ecosystem, package_index, package, state, because;
  bool failed = false;
  std::string answer;
  bool complete = false;
  std::string asked_at, address;
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
std::set<std::tuple<RepositoryId, std::string, std::string>> read_ancestry_questions(Store& store);

/// Row `run` and the promises, before any rule runs.
void set_run(Store& store, bool closed, bool offline, bool gate);
void add_lockstep(Store& store, const std::vector<std::vector<std::string>>& groups);
void add_chart_owners(Store& store, const std::vector<std::pair<std::string, std::string>>& owners);
void add_chart_version_form(Store& store, std::string_view form, std::string_view pattern, int branch_group, int commit_group);
void add_environment(Store& store, std::string_view slug, std::string_view branch, std::string_view takes);
/// A repository that could not be read after all.
void set_unknown(Store& store, RepositoryId repository, const std::string& because);
/// The names of its branches (else of its tags).
void add_ref_names(Store& store, RepositoryId repository, std::span<const std::string> names, bool branches);
/// What is known of a repository's refs once they are listed.
void set_refs_known(Store& store, RepositoryId repository, bool heads_complete, bool tags_complete, bool history_complete);

}  // namespace trueup::facts
