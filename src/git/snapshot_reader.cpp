#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <span>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "git/disk.hpp"
#include "git/libgit.hpp"
#include "git/shared.hpp"
#include "git/snapshot.hpp"
#include "git/snapshot_content.hpp"
#include "git/tree_tables.hpp"

namespace trueup::git {
namespace {

void collect_unusable(const Directory& directory, const std::string& path, std::vector<Problem>& problems) {
  if (!directory.has_unusable_below) return;
  for (const std::string& name : directory.unusable_names) {
    problems.push_back({path + name,
                        Error{Fault::malformed, fmt::format("\"{}\" is no name that git writes into a tree: {}",
                                                            printable(name), "the tree was made by other means")},
                        0});
  }
  for (const Directory::Child& child : directory.children) {
    if (child.directory != nullptr) collect_unusable(*child.directory, path + *child.name + "/", problems);
  }
}

bool is_usable_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string_view::npos &&
         !equal_ignoring_ascii_case(name, ".git");
}

/// Adds a file to `node` or a folder to `directory`, keeping count.
void add_folder(Directory& directory, const std::string* name, const Directory* below) {
  directory.children.push_back({name, below, EntryMode::file});
  directory.path_count = std::min(directory.path_count + below->path_count, kCountedEntries);
  directory.entry_count = std::min(directory.entry_count + below->entry_count + 1, kCountedEntries);
  directory.height = std::max(directory.height, below->height + 1);
  directory.has_unusable_below = directory.has_unusable_below || below->has_unusable_below;
}
void add_file(Directory& directory, const std::string* name, EntryMode mode) {
  directory.children.push_back({name, nullptr, mode});
  ++directory.path_count;
  ++directory.entry_count;
}
void add_folder(FileSet::Node& node, const FileSet::Node* below) {
  if (below == nullptr) return;
  node.folders.push_back({static_cast<std::uint32_t>(node.files.size()), below});
  node.size += below->size;
}
void add_file(FileSet::Node& node, Entry entry) {
  node.files.push_back(entry);
  ++node.size;
}

Error too_deep() {
  return Error{Fault::over_limit, fmt::format("folders nested so deep that {}", too_long_path())};
}

}  // namespace

struct SnapshotReader::Tables {
  struct Loaded {
    const Directory* directory = nullptr;
    const FileSet::Node* files = nullptr;  // null: none selected
  };
  struct HashSelected {
    std::size_t operator()(const std::pair<std::uint32_t, TreeId>& key) const {
      return std::hash<TreeId>{}(key.second) + key.first * 0x9E3779B97F4A7C15u;
    }
  };
  /// An entry of a tree in the object database.
  struct TreeEntry {
    std::string_view name;
    std::optional<EntryMode> mode;  // nothing: a folder
    const git_oid* id = nullptr;
  };

  Tables(Source its_source, PathSelector its_wanted) : source(std::move(its_source)), wanted(std::move(its_wanted)) {
    assert(wanted.file);
  }

  Result<TreeHandle> open_tree(git_repository* repository, const TreeId& id) const {
    const git_oid oid = to_oid(id);
    git_tree* raw = nullptr;
    const int code = git_tree_lookup(&raw, repository, &oid);
    if (code == GIT_ENOTFOUND) {
      return Error{Fault::not_found,
                   fmt::format("tree {} is not in this clone (a partial clone, or a damaged one)", id.hex())};
    }
    if (code < 0) return libgit2_error(code, fmt::format("tree {}", id.hex()));
    return TreeHandle(raw);
  }

  /// In git's order, whatever the tree was made with; unusable names apart.
  static std::vector<TreeEntry> entries_of(const git_tree* tree, Directory& directory) {
    std::vector<TreeEntry> entries;
    const std::size_t count = git_tree_entrycount(tree);
    entries.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      const git_tree_entry* const entry = git_tree_entry_byindex(tree, i);
      TreeEntry found{git_tree_entry_name(entry), entry_mode(git_tree_entry_filemode(entry)), git_tree_entry_id(entry)};
      const bool is_folder = git_tree_entry_type(entry) == GIT_OBJECT_TREE;
      if (!is_usable_name(found.name) || (!is_folder && !found.mode)) {
        directory.unusable_names.emplace_back(found.name);
        directory.has_unusable_below = true;
        continue;
      }
      entries.push_back(found);
    }
    const auto before = [](const TreeEntry& a, const TreeEntry& b) {
      return compare_tree_names(a.name, !a.mode, b.name, !b.mode) < 0;
    };
    if (!std::is_sorted(entries.begin(), entries.end(), before))
      std::stable_sort(entries.begin(), entries.end(), before);
    return entries;
  }

  /// The names alone, of folders that the selector does not enter.
  Result<const Directory*> load_names(git_repository* repository, const TreeId& id, std::size_t depth) {
    if (const auto known = directories.find(id); known != directories.end()) {
      if (depth + known->second->height > kMaxDepth) return too_deep();
      return known->second;
    }
    if (depth >= kMaxDepth) return too_deep();
    auto tree = open_tree(repository, id);
    if (!tree) return std::move(tree).error();
    Directory directory;
    for (const TreeEntry& entry : entries_of(tree->get(), directory)) {
      if (entry.mode) {
        add_file(directory, arena->name(entry.name), *entry.mode);
        continue;
      }
      auto below = load_names(repository, to_id<TreeId>(*entry.id), depth + 1);
      if (!below) return below;
      add_folder(directory, arena->name(entry.name), *below);
    }
    return remember(id, std::move(directory));
  }

  /// `path` is "" or ends with '/', and is the same again on return.
  Result<Loaded> load(git_repository* repository, const TreeId& id, std::string& path, std::size_t depth) {
    const auto folder = folders.try_emplace(path, static_cast<std::uint32_t>(folders.size())).first->second;
    const auto known = directories.find(id);
    const Directory* directory = known != directories.end() ? known->second : nullptr;
    if (directory != nullptr) {
      if (const auto found = selected.find({folder, id}); found != selected.end())
        return Loaded{directory, found->second};
    }
    if (depth >= kMaxDepth) return too_deep();
    auto tree = open_tree(repository, id);
    if (!tree) return std::move(tree).error();
    Directory made;
    FileSet::Node node;
    const std::size_t length = path.size();
    const std::vector<TreeEntry> entries = entries_of(tree->get(), made);
    if (auto bounded = count_visited(repository, entries.size() + 1); !bounded) return std::move(bounded).error();
    for (const TreeEntry& entry : entries) {
      path.resize(length);
      path += entry.name;
      if (path.size() > kMaxPathBytes) return Error{Fault::over_limit, too_long_path()};
      if (entry.mode) {
        add_file(made, arena->name(entry.name), *entry.mode);
        if (*entry.mode == EntryMode::submodule || !wanted.file(path)) continue;
        const auto [number, text] = arena->path(path);
        add_file(node, {text, number, to_id<BlobId>(*entry.id), *entry.mode, EntryOrigin::object});
        continue;
      }
      const TreeId below_id = to_id<TreeId>(*entry.id);
      if (wanted.directory && !wanted.directory(path)) {
        auto below = load_names(repository, below_id, depth + 1);
        if (!below) return std::move(below).error();
        add_folder(made, arena->name(entry.name), *below);
        continue;
      }
      path += '/';
      auto below = load(repository, below_id, path, depth + 1);
      if (!below) return below;
      add_folder(made, arena->name(entry.name), below->directory);
      add_folder(node, below->files);
    }
    path.resize(length);
    if (directory == nullptr) directory = remember(id, std::move(made));
    const FileSet::Node* const files = arena->keep(std::move(node));
    selected.emplace(std::pair{folder, id}, files);
    return Loaded{directory, files};
  }

  /// A tree that names the same folder ten times, ten levels deep, stands for 10^10 paths, and selecting goes by path.
  /// Names are loaded once a tree, so they tell how many paths there are; asked only when a snapshot turns out large,
  /// since it means to read its trees twice.
  Result<void> count_visited(git_repository* repository, std::uint64_t entries) {
    constexpr std::uint64_t kLarge = 20'000;
    const bool was_large = visited >= kLarge;
    visited += entries;
    if (was_large || visited < kLarge) return {};
    auto all = load_names(repository, root, 0);
    if (!all) return std::move(all).error();
    return bounded(**all);
  }

  static Result<void> bounded(const Directory& directory) {
    if (directory.entry_count <= limits::kMaxFilesPerSnapshot) return {};
    return Error{Fault::over_limit, too_many_paths()};
  }

  const Directory* remember(const TreeId& id, Directory directory) {
    directory.children.shrink_to_fit();
    const Directory* const kept = arena->keep(std::move(directory));
    directories.emplace(id, kept);
    return kept;
  }

  /// The part of a sorted listing that stands under `path` ("" or with a slash at the end).
  Loaded build(std::span<const DiskEntry> entries, const std::string& path) {
    Directory directory;
    FileSet::Node node;
    for (std::size_t i = 0; i < entries.size();) {
      const std::string_view rest = std::string_view(entries[i].path).substr(path.size());
      const std::size_t slash = rest.find('/');
      if (slash == std::string_view::npos) {
        const DiskEntry& entry = entries[i++];
        add_file(directory, arena->name(rest), entry.mode);
        if (!entry.wanted) continue;
        const auto [number, text] = arena->path(entry.path);
        add_file(node, {text, number, entry.id, entry.mode, entry.origin});
        continue;
      }
      const std::string below_path = entries[i].path.substr(0, path.size() + slash + 1);
      std::size_t end = i + 1;
      while (end < entries.size() && entries[end].path.starts_with(below_path)) ++end;
      const Loaded below = build(entries.subspan(i, end - i), below_path);
      add_folder(directory, arena->name(rest.substr(0, slash)), below.directory);
      add_folder(node, below.files);
      i = end;
    }
    return {arena->keep(std::move(directory)), arena->keep(std::move(node))};
  }

  Snapshot snapshot(const Loaded& loaded, std::optional<CommitId> commit, const TreeId& tree,
                    std::vector<Problem> problems) {
    std::shared_ptr<const FileSet>& files = sets[loaded.files];
    if (!files) files = std::make_shared<FileSet>(std::shared_ptr<const FileSet::Node>(arena, loaded.files));
    auto content = std::make_shared<Snapshot::Content>();
    *content = {arena, loaded.directory, commit, tree, files, std::move(problems)};
    collect_unusable(*loaded.directory, "", content->problems);
    return Snapshot(std::move(content));
  }

  static constexpr std::size_t kMaxDepth = kMaxPathBytes / 2;

  Source source;
  PathSelector wanted;
  std::shared_ptr<TreeArena> arena = std::make_shared<TreeArena>();
  std::unordered_map<std::string, std::uint32_t> folders;  // path to number
  std::unordered_map<TreeId, const Directory*> directories;
  std::unordered_map<std::pair<std::uint32_t, TreeId>, const FileSet::Node*, HashSelected> selected;
  std::unordered_map<const FileSet::Node*, std::shared_ptr<const FileSet>> sets;
  // Of the snapshot that is being read:
  TreeId root;
  std::uint64_t visited = 0;  // entries of folders that were not known before
};

SnapshotReader::SnapshotReader(Source source, PathSelector wanted)
    : tables_(std::make_unique<Tables>(std::move(source), std::move(wanted))) {}
SnapshotReader::~SnapshotReader() = default;
SnapshotReader::SnapshotReader(SnapshotReader&&) noexcept = default;
SnapshotReader& SnapshotReader::operator=(SnapshotReader&&) noexcept = default;

Result<Snapshot> SnapshotReader::read(const CommitId& commit) {
  const auto what = [&] { return fmt::format("commit {}", commit.hex()); };
  auto lease = tables_->source.shared()->borrow();
  if (!lease) return std::move(lease).error();
  const git_oid oid = to_oid(commit);
  git_commit* raw = nullptr;
  const int code = git_commit_lookup(&raw, lease->get(), &oid);
  if (code == GIT_ENOTFOUND) return Error{Fault::not_found, what() + " is not in this clone"};
  if (code < 0) return libgit2_error(code, what());
  const CommitHandle handle(raw);
  const TreeId tree = to_id<TreeId>(*git_commit_tree_id(handle.get()));
  std::string path;
  tables_->root = tree;
  tables_->visited = 0;
  auto loaded = tables_->load(lease->get(), tree, path, 0);
  if (!loaded) return std::move(loaded).error().within(what());
  if (auto bounded = Tables::bounded(*loaded->directory); !bounded) return std::move(bounded).error().within(what());
  return tables_->snapshot(*loaded, commit, tree, {});
}

Result<Snapshot> SnapshotReader::read_working_tree() {
  const Source& source = tables_->source;
  const std::string shown = printable(source.root().string());
  if (source.kind() == SourceKind::bare)
    return Error{Fault::not_found, shown + " is a bare repository: it has no working tree"};
  git_repository* repository = nullptr;
  std::optional<Source::Shared::Lease> lease;
  if (source.kind() == SourceKind::working_tree) {
    auto borrowed = source.shared()->borrow();
    if (!borrowed) return std::move(borrowed).error();
    lease.emplace(std::move(*borrowed));
    repository = lease->get();
  }
  auto listing = list_disk(source.root(), repository, tables_->wanted);
  if (!listing) return std::move(listing).error().within(shown);
  const Tables::Loaded loaded = tables_->build(listing->entries, "");
  return tables_->snapshot(loaded, std::nullopt, TreeId{}, std::move(listing->problems));
}

}  // namespace trueup::git
