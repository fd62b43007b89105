#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/request.hpp"
#include "formats/application_set.hpp"

namespace trueup::engine {

/// The trees of a fleet's repositories, as the generators of ApplicationSets look into them. The repository that holds the set is
/// seen as it stands at hand where the generator follows its default branch, or the branch at hand; all others at the
/// revision that it names.
class FleetTrees final : public formats::GeneratorTrees {
 public:
  FleetTrees(const std::vector<FleetRepository>& repositories, const Withheld& withheld) : repositories_(repositories), withheld_(withheld) {}

  /// Which repository and snapshot is at hand from here on.
  void stand_in(const std::string& slug, RepositorySource& source, std::shared_ptr<const RepositorySnapshot> snapshot, const Point& point);

  Result<const std::vector<std::string>*> paths(std::string_view repo_url, std::string_view revision) override;
  Result<std::string> read(std::string_view repo_url, std::string_view revision, const std::string& path) override;

 private:
  struct Tree {
    std::string slug;
    RepositorySource* source = nullptr;
    std::shared_ptr<const RepositorySnapshot> snapshot;
    std::vector<std::string> paths;
    std::map<std::string, SnapshotFile> files;
    bool listed = false;
  };
  Result<Tree*> tree(std::string_view repo_url, std::string_view revision);
  Result<Tree> open(const FleetRepository& repository, const std::string& revision) const;
  static void list(Tree& tree);

  const std::vector<FleetRepository>& repositories_;
  const Withheld& withheld_;
  Tree own_;
  std::string own_branch_;
  std::map<std::pair<std::string, std::string>, Tree> others_;  ///< by slug and revision
};

}  // namespace trueup::engine
