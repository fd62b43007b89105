#pragma once

// Private to git/: what a Snapshot shows.

#include <memory>
#include <optional>
#include <vector>

#include "git/snapshot.hpp"
#include "git/tree_tables.hpp"

namespace trueup::git {

struct Snapshot::Content {
  std::shared_ptr<const TreeArena> arena;  // owns `root`
  const Directory* root = nullptr;
  std::optional<CommitId> commit;
  TreeId tree;
  std::shared_ptr<const FileSet> files;
  std::vector<Problem> problems;
};

}  // namespace trueup::git
