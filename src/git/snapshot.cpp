#include "git/snapshot.hpp"

#include "git/snapshot_content.hpp"

namespace trueup::git {

namespace {

void visit_files(const FileSet::Node& node, const std::function<void(const Entry&)>& visit) {
  std::size_t next = 0;
  for (std::size_t i = 0; i <= node.files.size(); ++i) {
    for (; next < node.folders.size() && node.folders[next].before == i; ++next)
      visit_files(*node.folders[next].node, visit);
    if (i < node.files.size()) visit(node.files[i]);
  }
}

void visit_paths(const Directory& directory, std::string& path,
                 const std::function<void(std::string_view, EntryMode)>& visit) {
  const std::size_t length = path.size();
  for (const Directory::Child& child : directory.children) {
    path += *child.name;
    if (child.directory != nullptr) {
      path += '/';
      visit_paths(*child.directory, path, visit);
    } else {
      visit(path, child.mode);
    }
    path.resize(length);
  }
}

}  // namespace

std::string_view to_string(EntryMode mode) {
  switch (mode) {
    case EntryMode::file: return "file";
    case EntryMode::executable: return "executable";
    case EntryMode::symlink: return "symlink";
    case EntryMode::submodule: return "submodule";
  }
  return "unknown";
}

FileSet::FileSet(std::shared_ptr<const Node> root) : root_(std::move(root)) {}
FileSet::~FileSet() = default;
std::size_t FileSet::size() const { return root_ ? root_->size : 0; }
void FileSet::for_each(const std::function<void(const Entry&)>& visit) const {
  if (root_) visit_files(*root_, visit);
}
std::vector<Entry> FileSet::entries() const {
  std::vector<Entry> all;
  all.reserve(size());
  for_each([&](const Entry& entry) { all.push_back(entry); });
  return all;
}

Snapshot::Snapshot(std::shared_ptr<const Content> content) : content_(std::move(content)) {}
Snapshot::~Snapshot() = default;
Snapshot::Snapshot(const Snapshot&) = default;
Snapshot& Snapshot::operator=(const Snapshot&) = default;
Snapshot::Snapshot(Snapshot&&) noexcept = default;
Snapshot& Snapshot::operator=(Snapshot&&) noexcept = default;

std::optional<CommitId> Snapshot::commit() const { return content_->commit; }
TreeId Snapshot::tree() const { return content_->tree; }
const std::shared_ptr<const FileSet>& Snapshot::files() const { return content_->files; }
const std::vector<Problem>& Snapshot::problems() const { return content_->problems; }
std::size_t Snapshot::path_count() const { return content_->root->path_count; }

PathKind Snapshot::find(std::string_view path) const {
  const Directory* directory = content_->root;
  if (path.starts_with('/')) return PathKind::absent;
  while (true) {
    while (path.starts_with("./") || path.starts_with('/')) path.remove_prefix(path.front() == '/' ? 1 : 2);
    if (path.empty() || path == ".") return PathKind::directory;
    const std::size_t slash = path.find('/');
    const Directory::Child* const child = directory->find(path.substr(0, slash));
    if (child == nullptr) return PathKind::absent;
    if (child->directory == nullptr) {
      if (slash != std::string_view::npos) return PathKind::absent;
      return child->mode == EntryMode::symlink     ? PathKind::symlink
             : child->mode == EntryMode::submodule ? PathKind::submodule
                                                   : PathKind::file;
    }
    directory = child->directory;
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash);
  }
}

void Snapshot::for_each_path(const std::function<void(std::string_view, EntryMode)>& visit) const {
  std::string path;
  visit_paths(*content_->root, path, visit);
}

}  // namespace trueup::git
