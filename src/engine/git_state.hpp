#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/worlds.hpp"
#include "facts/readings.hpp"

namespace trueup::engine {

/// Looks up what revisions of the loaded repositories hold: other branches, tags and commits than those that are judged. Only what
/// the facts ask, by the views wanted_git_revision and wanted_git_path; nothing of these files is read.
///
/// A name is absent only where every branch and tag is known; a commit that the clone lacks is unknown.
class GitState {
 public:
  GitState(facts::Store& store, const Request& request, const std::vector<LoadedRepository>& repositories)
      : store_(store), request_(request), repositories_(repositories) {}

  /// Answers the questions of the world in the temp tables that were not answered before.
  void ask();
  /// The same for paths of a repository that is changed, before and after: view wanted_change_path, which stands on the answers of ask().
  void ask_change_paths();
  /// The same for commits and what descends from what: views wanted_git_commit and wanted_ancestry. A commit is absent only where
  /// all branches, all tags and the whole history are there.
  void ask_commits();
  /// The same for what commits change: view wanted_git_change, whose questions come of the answers of ask_commits().
  void ask_changes();
  /// The same for Chart.yaml at commits: view wanted_git_chart. True if something was asked that was not before.
  bool ask_charts();

 private:
  facts::GitChartRow look_up_chart(const facts::GitChartQuestion& question);
  facts::GitCommitRow look_up_commit(facts::RepositoryId repository, const std::string& revision);
  struct Revision {
    facts::GitRevisionRow row;
    std::int64_t id = 0;
    std::shared_ptr<const RepositorySnapshot> snapshot;  ///< null where it is not present
    std::set<std::string> paths;                         ///< asked
  };
  Revision look_up(const facts::GitQuestion& question);
  /// Both sides of a change.
  struct Change {
    std::shared_ptr<const RepositorySnapshot> before, after;  ///< null where it cannot be read
    std::map<facts::BlobId, std::vector<facts::FileId>> files_of;  ///< after it, by their bytes
    std::set<std::string> paths;                                   ///< asked
  };
  Change& change_of(const LoadedRepository& repository);
  facts::ChangePathRow look_up_path(const LoadedRepository& repository, const Change& change, const std::string& path) const;
  void resolve(const LoadedRepository& repository, Revision& revision);
  const LoadedRepository* find(facts::RepositoryId id) const;

  facts::Store& store_;
  const Request& request_;
  const std::vector<LoadedRepository>& repositories_;
  std::map<facts::GitQuestion, Revision> revisions_;
  std::map<facts::RepositoryId, Change> paths_of_changes_;
  std::set<std::pair<facts::RepositoryId, std::string>> commits_;
  std::set<std::tuple<facts::RepositoryId, std::string, std::string>> ancestries_;
  std::set<facts::ChangeQuestion> changes_;
  std::set<facts::GitChartQuestion> charts_;
};

}  // namespace trueup::engine
