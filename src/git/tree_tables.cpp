#include "git/tree_tables.hpp"

#include <fmt/format.h>
#include <git2.h>

#include <algorithm>

namespace trueup::git {
namespace {

void mix(std::size_t& hash, std::size_t value) { hash = (hash ^ value) * 0x9E3779B97F4A7C15u + (hash >> 29); }

}  // namespace

int compare_tree_names(std::string_view a, bool a_is_folder, std::string_view b, bool b_is_folder) {
  const std::size_t common = std::min(a.size(), b.size());
  if (const int order = a.substr(0, common).compare(b.substr(0, common)); order != 0) return order;
  const auto after = [common](std::string_view name, bool is_folder) {
    return name.size() > common ? static_cast<unsigned char>(name[common]) : is_folder ? int{'/'} : 0;
  };
  return after(a, a_is_folder) - after(b, b_is_folder);
}

std::string too_long_path() { return fmt::format("a path is longer than {} bytes", kMaxPathBytes); }

std::string too_many_paths() {
  return fmt::format("more than {} files and folders, which is the limit", limits::kMaxFilesPerSnapshot);
}

std::optional<EntryMode> entry_mode(unsigned git_mode) {
  switch (git_mode) {
    case GIT_FILEMODE_BLOB: return EntryMode::file;
    case GIT_FILEMODE_BLOB_EXECUTABLE: return EntryMode::executable;
    case GIT_FILEMODE_LINK: return EntryMode::symlink;
    case GIT_FILEMODE_COMMIT: return EntryMode::submodule;
    default: return std::nullopt;
  }
}

const Directory::Child* Directory::find(std::string_view name) const {
  for (const bool as_folder : {true, false}) {
    const auto before = [as_folder](const Child& child, std::string_view wanted) {
      return compare_tree_names(*child.name, child.directory != nullptr, wanted, as_folder) < 0;
    };
    const auto found = std::lower_bound(children.begin(), children.end(), name, before);
    if (found != children.end() && *found->name == name && (found->directory != nullptr) == as_folder) return &*found;
  }
  return nullptr;
}

bool operator==(const FileSet::Node& a, const FileSet::Node& b) {
  const auto same = [](const Entry& x, const Entry& y) {
    return x.path_number == y.path_number && x.id == y.id && x.mode == y.mode && x.origin == y.origin;
  };
  return a.folders == b.folders && std::equal(a.files.begin(), a.files.end(), b.files.begin(), b.files.end(), same);
}

std::size_t TreeArena::HashNode::operator()(const FileSet::Node* node) const {
  std::size_t hash = node->files.size();
  for (const Entry& file : node->files) {
    mix(hash, std::hash<BlobId>{}(file.id));
    mix(hash, file.path_number * 8u + static_cast<std::size_t>(file.mode) * 2u + static_cast<std::size_t>(file.origin));
  }
  for (const FileSet::Node::Folder& folder : node->folders) mix(hash, reinterpret_cast<std::size_t>(folder.node));
  return hash;
}

std::pair<std::uint32_t, std::string_view> TreeArena::path(std::string_view text) {
  const auto [found, added] = paths_.try_emplace(std::string(text), static_cast<std::uint32_t>(paths_.size()));
  return {found->second, found->first};
}

const FileSet::Node* TreeArena::keep(FileSet::Node node) {
  if (node.files.empty() && node.folders.empty()) return nullptr;
  if (const auto found = distinct_nodes_.find(&node); found != distinct_nodes_.end()) return *found;
  node.files.shrink_to_fit();
  node.folders.shrink_to_fit();
  const FileSet::Node* const kept = &nodes_.emplace_back(std::move(node));
  distinct_nodes_.insert(kept);
  return kept;
}

}  // namespace trueup::git
