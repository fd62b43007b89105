#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "facts/answer.hpp"
#include "facts/store.hpp"
#include "formats/forge_objects.hpp"

namespace trueup::facts {

/// A row of repository_forge: where a repository of this run is hosted.
void add_repository_forge(Store& store, RepositoryId repository, std::string_view slug, std::string_view host, std::string_view kind);

/// Rows of forge_repository and forge_list; columns as in the schema. Empty text is NULL where the schema allows it.
struct ForgeRepositoryRow : Answer {
  std::string slug, host, kind, full_name, default_branch, visibility;
  bool archived = false;
};
struct ForgeListRow : Answer {
  std::string slug, kind, about;
  bool complete = false;
  std::string since;
};

/// Both give the row's id, from 1.
std::int64_t add_reading(Store& store, const ForgeRepositoryRow& row);
std::int64_t add_reading(Store& store, const ForgeListRow& row);

/// Stores what lists hold, each thing once: a list that was asked later repeats what others showed.
class ForgeItemStore {
 public:
  explicit ForgeItemStore(Store& store) : store_(store) {}

  /// What was new of the items of `list`: rows of pull_request, workflow_run and forge_release have consecutive ids.
  struct Added {
    std::vector<const formats::PullRequest*> pull_requests;
    std::vector<const formats::WorkflowRun*> workflow_runs;
    std::vector<const formats::ForgeRelease*> releases;
  };
  Added add(const ForgeListRow& list, const formats::ForgeItems& items);

 private:
  void add_pull_request(const ForgeListRow& list, const formats::PullRequest& pull);
  void add_comments(const ForgeListRow& list, const formats::ForgeItems& items);
  /// When labels of a pull request that is there were put on.
  void add_label_times(const ForgeListRow& list, const formats::ForgeItems& items);
  void add_run(const ForgeListRow& list, const formats::WorkflowRun& run);
  /// Of a branch, of environments and of an app.
  void add_settings(const ForgeListRow& list, const formats::ForgeItems& items);
  void add_release(const ForgeListRow& list, const formats::ForgeRelease& release);

  Store& store_;
  std::map<std::pair<std::string, std::int64_t>, std::int64_t> pull_requests_;  ///< (slug, number) -> id
  std::set<std::pair<std::string, std::int64_t>> runs_;
};

/// What the facts of the world in the temp tables ask of forges: views wanted_forge_repository and wanted_forge_list.
struct ForgeQuestions {
  std::set<std::pair<std::string, std::string>> repositories;  ///< (host, slug)
  struct List {
    std::string host, slug, kind, about;
    friend auto operator<=>(const List&, const List&) = default;
  };
  std::set<List> lists;
};
ForgeQuestions read_forge_questions(Store& store);

}  // namespace trueup::facts
