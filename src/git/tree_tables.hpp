#pragma once

// Private to git/: folders and file lists that many snapshots share.

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/limits.hpp"
#include "git/snapshot.hpp"

namespace trueup::git {

/// A longer path cannot be checked out (PATH_MAX).
inline constexpr std::size_t kMaxPathBytes = 4096;
/// One over the limit: folders that share folders can stand for more paths than a number holds.
inline constexpr std::uint64_t kCountedEntries = limits::kMaxFilesPerSnapshot + 1;
std::string too_long_path();
std::string too_many_paths();

/// The mode of an entry of a tree or an index; nothing for a folder and what git does not write.
std::optional<EntryMode> entry_mode(unsigned git_mode);

/// Git's order of the entries of a tree: negative, 0 or positive.
int compare_tree_names(std::string_view a, bool a_is_folder, std::string_view b, bool b_is_folder);

/// The names of one folder in git's order (a folder sorts as if its name ended with '/'), which makes a walk meet paths
/// in byte order.
struct Directory {
  struct Child {
    const std::string* name = nullptr;
    const Directory* directory = nullptr;  // null: a file, link or submodule
    EntryMode mode = EntryMode::file;
  };
  std::vector<Child> children;
  std::vector<std::string> unusable_names;  // a damaged tree's: "..", "a/b"
  std::uint64_t path_count = 0;             // of files, links and submodules, here and below
  std::uint64_t entry_count = 0;            // the same with folders; both stop at kCountedEntries
  std::uint32_t height = 1;                 // folders on the longest way down, this one included
  bool has_unusable_below = false;

  const Child* find(std::string_view name) const;
};

/// The selected files of one folder path, with those of the folders below.
class FileSet::Node {
 public:
  struct Folder {
    std::uint32_t before = 0;  // stands before files[before]
    const Node* node = nullptr;
    friend bool operator==(const Folder&, const Folder&) = default;
  };
  std::vector<Entry> files;
  std::vector<Folder> folders;
  std::size_t size = 0;

  friend bool operator==(const Node& a, const Node& b);
};

/// Owns what the snapshots of one reader point into. Grows only; addresses stay. One reader adds to it while snapshots
/// are read elsewhere: those follow pointers to what no longer changes and never look into the tables.
class TreeArena {
 public:
  const std::string* name(std::string_view text) { return &*names_.emplace(text).first; }
  /// The number of a path, and its text for as long as the arena lives.
  std::pair<std::uint32_t, std::string_view> path(std::string_view text);
  const Directory* keep(Directory directory) { return &directories_.emplace_back(std::move(directory)); }
  /// Null for a node without files; the same address for equal nodes.
  const FileSet::Node* keep(FileSet::Node node);

 private:
  struct HashNode {
    std::size_t operator()(const FileSet::Node* node) const;
  };
  struct EqualNode {
    bool operator()(const FileSet::Node* a, const FileSet::Node* b) const { return *a == *b; }
  };
  std::unordered_set<std::string> names_;
  std::unordered_map<std::string, std::uint32_t> paths_;
  std::deque<Directory> directories_;
  std::deque<FileSet::Node> nodes_;
  std::unordered_set<const FileSet::Node*, HashNode, EqualNode> distinct_nodes_;
};

}  // namespace trueup::git
