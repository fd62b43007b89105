#pragma once

// Private to git/: the files under a folder, without following a link out of it.

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "git/libgit.hpp"
#include "git/snapshot.hpp"

namespace trueup::git {

struct DiskEntry {
  std::string path;
  EntryMode mode = EntryMode::file;
  EntryOrigin origin = EntryOrigin::disk;
  bool wanted = false;
  /// Set where wanted, and for submodules where known.
  BlobId id = {};
};

struct DiskListing {
  /// In byte order of path. What has a Problem is among them (it exists), not wanted.
  std::vector<DiskEntry> entries;
  std::vector<Problem> problems;
};

/// `repository` is null for a plain folder. Errors as SnapshotReader::read_working_tree().
Result<DiskListing> list_disk(const std::filesystem::path& root, git_repository* repository,
                              const PathSelector& wanted);

}  // namespace trueup::git
