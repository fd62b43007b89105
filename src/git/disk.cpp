#include "git/disk.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "git/disk_files.hpp"
#include "git/file_descriptor.hpp"
#include "git/tree_tables.hpp"

namespace trueup::git {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};

bool is_later_or_same(const git_index_time& a, const struct timespec& b) {
  return a.seconds > b.tv_sec || (a.seconds == b.tv_sec && static_cast<long>(a.nanoseconds) >= b.tv_nsec);
}

bool is_same(const git_index_time& a, const struct timespec& b) {
  // An index keeps 32 bits of the seconds.
  return static_cast<std::uint32_t>(a.seconds) == static_cast<std::uint32_t>(b.tv_sec) &&
         static_cast<long>(a.nanoseconds) == b.tv_nsec;
}

/// What git's index knows about the files of a work tree.
class IndexView {
 public:
  IndexView(git_repository* repository, DiskListing& listing) {
    git_index* raw_index = nullptr;
    git_odb* raw_odb = nullptr;
    // Before it is read: if it is written in between, more of its entries count as too fresh to prove anything.
    struct stat status {};
    const std::string path = std::string(git_repository_path(repository)) + "index";
    if (::stat(path.c_str(), &status) == 0) written_ = status.st_mtim;
    int code = git_repository_index(&raw_index, repository);
    IndexHandle read(raw_index);
    if (code == 0) code = git_index_read(raw_index, 0);  // the handle may have seen an older one
    if (code < 0) {
      listing.problems.push_back({".git/index", libgit2_error(code, "the index cannot be read"), 0});
      return;
    }
    index_ = std::move(read);
    if (git_repository_odb(&raw_odb, repository) == 0) odb_.reset(raw_odb);
    git_config* raw_config = nullptr;
    if (git_repository_config_snapshot(&raw_config, repository) == 0) {
      const ConfigHandle config(raw_config);
      int file_mode = 1;
      if (git_config_get_bool(&file_mode, config.get(), "core.filemode") == 0) trusts_mode_ = file_mode != 0;
    }
  }

  const git_index_entry* find(const std::string& path) const {
    return index_ ? git_index_get_bypath(index_.get(), path.c_str(), 0) : nullptr;
  }
  /// Also with a merge conflict, which has no entry at stage 0.
  bool is_tracked(const std::string& path) const {
    return index_ && git_index_find(nullptr, index_.get(), path.c_str()) == 0;
  }
  bool has_below(const std::string& folder_with_slash) const {
    return index_ && git_index_find_prefix(nullptr, index_.get(), folder_with_slash.c_str()) == 0;
  }
  bool trusts_mode() const { return trusts_mode_; }

  /// Do size and times prove that the file has the bytes of its entry? As git itself decides: a file that was changed
  /// in the moment when the index was written proves nothing.
  bool is_unchanged(const git_index_entry& entry, const struct stat& status) const {
    return entry.file_size == static_cast<std::uint32_t>(status.st_size) && is_same(entry.mtime, status.st_mtim) &&
           is_same(entry.ctime, status.st_ctim) && !is_later_or_same(entry.mtime, written_) &&
           (entry.mode & S_IFMT) == (status.st_mode & S_IFMT);
  }
  /// Does the object database hold the entry's blob, with as many bytes as the file has? A filter (autocrlf, LFS) may
  /// have made the file from other bytes.
  bool holds_as_many_bytes(const git_index_entry& entry, std::uint64_t size) const {
    std::size_t held = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    return odb_ && git_odb_read_header(&held, &type, odb_.get(), &entry.id) == 0 && type == GIT_OBJECT_BLOB &&
           held == size;
  }
  template <typename Visit>
  void for_each_left_out(const Visit& visit) const {
    const std::size_t count = index_ ? git_index_entrycount(index_.get()) : 0;
    for (std::size_t i = 0; i < count; ++i) {
      const git_index_entry* const entry = git_index_get_byindex(index_.get(), i);
      if ((entry->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE) != 0) visit(*entry);
    }
  }

 private:
  IndexHandle index_;
  OdbHandle odb_;
  struct timespec written_ {};
  bool trusts_mode_ = true;
};

class Walk {
 public:
  Walk(git_repository* repository, const PathSelector& wanted, DiskListing& listing)
      : repository_(repository), wanted_(wanted), listing_(listing) {
    if (repository != nullptr) index_.emplace(repository, listing);
  }

  /// `prefix` is "" or ends with '/'. `selecting`: the selector enters this folder.
  Result<void> folder(FileDescriptor opened, const std::string& prefix, unsigned depth, bool selecting) {
    std::unique_ptr<DIR, CloseFolder> reading(::fdopendir(opened.get()));
    if (!reading) return report(prefix, system_error(errno, prefix));
    opened.release();  // closed with `reading`
    const int number = ::dirfd(reading.get());
    while (true) {
      errno = 0;
      const dirent* const found = ::readdir(reading.get());
      if (found == nullptr) {
        if (errno != 0) return report(prefix, system_error(errno, prefix));
        return {};
      }
      const std::string_view name = found->d_name;
      if (name == "." || name == ".." || name == ".git") continue;
      if (auto gone = child(number, found->d_name, prefix, depth, selecting); !gone) return gone;
    }
  }

  Result<void> add_left_out() {
    if (!index_) return {};
    const auto by_path = [](const DiskEntry& a, const DiskEntry& b) { return a.path < b.path; };
    std::vector<DiskEntry>& entries = listing_.entries;
    std::sort(entries.begin(), entries.end(), by_path);
    std::vector<DiskEntry> added;
    index_->for_each_left_out([&](const git_index_entry& entry) {
      DiskEntry left{entry.path, EntryMode::file, EntryOrigin::object, false, {}};
      if (std::binary_search(entries.begin(), entries.end(), left, by_path)) return;
      left.mode = entry_mode(entry.mode).value_or(EntryMode::file);
      left.wanted = left.mode != EntryMode::submodule && selects(left.path) && wanted_.file(left.path);
      left.id = to_id<BlobId>(entry.id);
      added.push_back(std::move(left));
    });
    if (added.empty()) return {};
    entries.insert(entries.end(), std::make_move_iterator(added.begin()), std::make_move_iterator(added.end()));
    std::sort(entries.begin(), entries.end(), by_path);
    return count_is_bounded();
  }

 private:
  Result<void> child(int parent, const char* name, const std::string& prefix, unsigned depth, bool selecting) {
    std::string path = prefix + name;
    if (path.size() > kMaxPathBytes)
      return report(path.substr(0, 100) + "…", Error{Fault::over_limit, too_long_path()});
    struct stat status {};
    if (::fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno == ENOENT) return {};  // removed in this moment
      return report(path, system_error(errno, path));
    }
    if (S_ISDIR(status.st_mode)) return child_folder(parent, name, std::move(path), depth, selecting);
    if (!S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode)) return {};  // git passes over sockets and pipes too

    const git_index_entry* const indexed = index_ ? index_->find(path) : nullptr;
    if (index_ && indexed == nullptr && !index_->is_tracked(path) && is_ignored(path)) return {};

    DiskEntry entry{std::move(path), EntryMode::file, EntryOrigin::disk, false, {}};
    if (S_ISLNK(status.st_mode)) {
      entry.mode = EntryMode::symlink;
    } else if (index_ && !index_->trusts_mode() && indexed != nullptr) {
      entry.mode = indexed->mode == GIT_FILEMODE_BLOB_EXECUTABLE ? EntryMode::executable : EntryMode::file;
    } else {
      entry.mode = (status.st_mode & S_IXUSR) != 0 ? EntryMode::executable : EntryMode::file;
    }
    if (selecting && wanted_.file(entry.path)) identify(parent, name, status, indexed, entry);
    listing_.entries.push_back(std::move(entry));
    return count_is_bounded();
  }

  Result<void> child_folder(int parent, const char* name, std::string path, unsigned depth, bool selecting) {
    const std::string with_slash = path + "/";
    const git_index_entry* const indexed = index_ ? index_->find(path) : nullptr;
    const bool tracked_below = index_ && index_->has_below(with_slash);
    FileDescriptor opened(::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    const bool submodule = indexed != nullptr && indexed->mode == GIT_FILEMODE_COMMIT;
    if (submodule || (!tracked_below && opened.is_open() && holds_repository(opened.get()))) {
      if (!submodule && index_ && is_ignored(with_slash)) return {};
      listing_.entries.push_back({std::move(path), EntryMode::submodule, EntryOrigin::disk, false,
                                  submodule ? to_id<BlobId>(indexed->id) : BlobId{}});
      return count_is_bounded();
    }
    if (index_ && !tracked_below && is_ignored(with_slash)) return {};
    if (!opened.is_open()) return report(path, system_error(errno, path));
    if (depth >= limits::kMaxDepth)
      return report(path, Error{Fault::over_limit, fmt::format("folders nested deeper than {}", limits::kMaxDepth)});
    const bool enters = selecting && (!wanted_.directory || wanted_.directory(path));
    return folder(std::move(opened), with_slash, depth + 1, enters);
  }

  /// Fills id, origin and wanted of a wanted file, or makes a Problem of it.
  void identify(int parent, const char* name, const struct stat& status, const git_index_entry* indexed,
                DiskEntry& entry) {
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size > limits::kMaxBlobBytes) {
      listing_.problems.push_back({entry.path, too_large(entry.path, size), size});
      return;
    }
    entry.wanted = true;
    if (indexed != nullptr && index_->is_unchanged(*indexed, status) && index_->holds_as_many_bytes(*indexed, size)) {
      entry.id = to_id<BlobId>(indexed->id);
      entry.origin = EntryOrigin::object;
      return;
    }
    auto bytes = entry.mode == EntryMode::symlink ? read_link_at(parent, name, entry.path)
                                                  : read_file_at(parent, name, entry.path);
    if (!bytes) {
      entry.wanted = false;
      listing_.problems.push_back({entry.path, std::move(bytes).error(), size});
      return;
    }
    entry.id = hash_blob(*bytes);
    if (indexed != nullptr && to_id<BlobId>(indexed->id) == entry.id &&
        index_->holds_as_many_bytes(*indexed, bytes->size()))
      entry.origin = EntryOrigin::object;
  }

  bool is_ignored(const std::string& path) const {
    int ignored = 0;
    return git_ignore_path_is_ignored(&ignored, repository_, path.c_str()) == 0 && ignored != 0;
  }

  /// A folder with a .git that git would take for a repository: a folder with a HEAD, or a file that points elsewhere.
  static bool holds_repository(int folder) {
    struct stat status {};
    if (::fstatat(folder, ".git", &status, AT_SYMLINK_NOFOLLOW) != 0) return false;
    return S_ISREG(status.st_mode) || ::faccessat(folder, ".git/HEAD", F_OK, 0) == 0;
  }

  bool selects(const std::string& path) const {
    if (!wanted_.directory) return true;
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
      if (!wanted_.directory(std::string_view(path).substr(0, slash))) return false;
    }
    return true;
  }

  Result<void> report(std::string path, Error error) {
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    listing_.problems.push_back({std::move(path), std::move(error), 0});
    return {};
  }

  Result<void> count_is_bounded() const {
    if (listing_.entries.size() <= limits::kMaxFilesPerSnapshot) return {};
    return Error{Fault::over_limit, too_many_paths()};
  }

  git_repository* repository_;
  const PathSelector& wanted_;
  DiskListing& listing_;
  std::optional<IndexView> index_;
};

}  // namespace

Result<DiskListing> list_disk(const std::filesystem::path& root, git_repository* repository,
                              const PathSelector& wanted) {
  FileDescriptor opened(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened.is_open()) return system_error(errno, root.native());
  DiskListing listing;
  Walk walk(repository, wanted, listing);
  if (auto walked = walk.folder(std::move(opened), "", 0, true); !walked) return std::move(walked).error();
  if (auto added = walk.add_left_out(); !added) return std::move(added).error();
  std::sort(listing.entries.begin(), listing.entries.end(),
            [](const DiskEntry& a, const DiskEntry& b) { return a.path < b.path; });
  std::sort(listing.problems.begin(), listing.problems.end(),
            [](const Problem& a, const Problem& b) { return a.path < b.path; });
  return listing;
}

}  // namespace trueup::git
