#include "git/source.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "git/disk_files.hpp"
#include "git/shared.hpp"
#include "git/snapshot.hpp"

namespace trueup::git {
namespace {

namespace fs = std::filesystem;

/// The folder at or above `path` that libgit2 took for a work tree: git's safe.directory wants its exact name.
fs::path work_tree_around(const fs::path& path) {
  std::error_code ignored;
  for (fs::path folder = path; folder.has_relative_path(); folder = folder.parent_path()) {
    if (fs::exists(folder / ".git", ignored)) return folder;
  }
  return path;
}

Error cannot_open(int code, const fs::path& path) {
  const std::string shown = printable((code == GIT_EOWNER ? work_tree_around(path) : path).string());
  if (code == GIT_EOWNER) {
    return Error{Fault::denied,
                 fmt::format("{} belongs to another user, and git's ownership check (safe.directory) refuses it; if "
                             "you trust it: git config --global --add safe.directory '{}'",
                             shown, shown)};
  }
  Error error = libgit2_error(code, fmt::format("{} is a repository that cannot be opened", shown));
  if (error.message.find("unsupported extension") != std::string::npos)
    error.message += " (SHA-256 and reftable repositories are not supported)";
  error.fault = Fault::malformed;
  return error;
}

/// Is there something at `path` that only a repository would have, so that "a plain folder" would be a wrong answer?
bool looks_like_repository(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path / ".git", ignored)) ||
         (fs::is_directory(path / "objects", ignored) && fs::is_directory(path / "refs", ignored) &&
          (fs::exists(path / "HEAD", ignored) || fs::exists(path / "config", ignored)));
}

/// The folder of a work tree is no part of it if git ignores the folder and tracks nothing below.
bool is_left_out(git_repository* repository, const std::string& subfolder) {
  git_index* raw_index = nullptr;
  if (git_repository_index(&raw_index, repository) == 0) {
    const IndexHandle index(raw_index);
    if (git_index_find_prefix(nullptr, index.get(), (subfolder + "/").c_str()) == 0) return false;
  }
  int ignored = 0;
  return git_ignore_path_is_ignored(&ignored, repository, (subfolder + "/").c_str()) == 0 && ignored != 0;
}

/// The work tree that tracks git's own files in `bare`. Whoever writes commits would choose with them what is checked, as
/// git's safe.bareRepository has it.
std::optional<fs::path> work_tree_that_holds(const fs::path& bare) {
  auto around = open_repository(bare.parent_path(), 0u);
  const char* const workdir = around ? git_repository_workdir(around->get()) : nullptr;
  std::error_code failed;
  const fs::path root = workdir == nullptr ? fs::path() : fs::canonical(workdir, failed);
  git_index* raw_index = nullptr;
  if (root.empty() || git_repository_index(&raw_index, around->get()) != 0) return std::nullopt;
  const IndexHandle index(raw_index);
  const std::string head = (bare / "HEAD").lexically_relative(root).string();
  return git_index_get_bypath(index.get(), head.c_str(), 0) != nullptr ? std::optional(root) : std::nullopt;
}

std::string without_slash_at_end(std::string text) {
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

}  // namespace

std::string_view to_string(SourceKind kind) {
  switch (kind) {
    case SourceKind::working_tree: return "working tree";
    case SourceKind::bare: return "bare repository";
    case SourceKind::plain: return "plain folder";
  }
  return "unknown";
}

std::string_view to_string(RefKind kind) { return kind == RefKind::branch ? "branch" : "tag"; }

Result<RepositoryHandle> open_repository(const fs::path& path, unsigned flags) {
  start_libgit2();
  git_repository* raw = nullptr;
  int code = git_repository_open_ext(&raw, path.c_str(), flags, nullptr);
  // libgit2 1.5 answers so where the ownership check fails and the user's config has no safe.directory at all.
  if (const git_error* last = code == GIT_ENOTFOUND ? git_error_last() : nullptr;
      last != nullptr && std::string_view(last->message).find("safe.directory") != std::string_view::npos)
    code = GIT_EOWNER;
  if (code == GIT_ENOTFOUND)
    return Error{Fault::not_found, fmt::format("{} is no repository", printable(path.string()))};
  if (code < 0) return cannot_open(code, path);
  return RepositoryHandle(raw);
}

Source::Shared::Shared(SourceKind its_kind, fs::path its_root, std::string its_subfolder, RepositoryHandle first)
    : kind(its_kind), root(std::move(its_root)), subfolder(std::move(its_subfolder)) {
  if (first) idle_.push_back(std::move(first));
}

Result<Source::Shared::Lease> Source::Shared::borrow() {
  if (kind == SourceKind::plain)
    return Error{Fault::not_found,
                 fmt::format("{} is a plain folder without git: it has no revisions", printable(root.string()))};
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      RepositoryHandle handle = std::move(idle_.back());
      idle_.pop_back();
      return Lease(*this, std::move(handle));
    }
  }
  auto opened = open_repository(root, GIT_REPOSITORY_OPEN_NO_SEARCH);
  if (!opened) return std::move(opened).error();
  return Lease(*this, std::move(*opened));
}

Source::Shared::Lease::~Lease() {
  if (!handle_) return;
  const std::lock_guard lock(owner_->mutex_);
  owner_->idle_.push_back(std::move(handle_));
}

Source::Source(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}

Result<Source> Source::open(const fs::path& path, Discover discover) {
  const std::string shown = printable(path.string());
  std::error_code failed;
  const fs::path given = fs::canonical(path, failed);
  if (failed) {
    if (failed == std::errc::permission_denied) return Error{Fault::denied, fmt::format("{} is not readable", shown)};
    return Error{Fault::not_found, fmt::format("{} does not exist", shown)};
  }
  if (!fs::is_directory(given, failed))
    return Error{Fault::not_found, fmt::format("{} is a file; give the folder of a repository", shown)};
  if (::access(given.c_str(), R_OK | X_OK) != 0)
    return Error{Fault::denied, fmt::format("{} is not readable: {}", shown, std::strerror(errno))};

  const auto plain = [&] { return Source(std::make_shared<Shared>(SourceKind::plain, given, "", nullptr)); };
  auto opened = open_repository(given, discover == Discover::here ? unsigned{GIT_REPOSITORY_OPEN_NO_SEARCH} : 0u);
  if (!opened && opened.error().fault != Fault::not_found) return std::move(opened).error();
  // libgit2 passes over a broken .git and goes on upwards: the folder would silently be something else.
  const bool here = opened && (fs::equivalent(git_repository_path(opened->get()), given / ".git", failed) ||
                               fs::equivalent(git_repository_path(opened->get()), given, failed) ||
                               (git_repository_workdir(opened->get()) != nullptr &&
                                fs::equivalent(git_repository_workdir(opened->get()), given, failed)));
  if (!here && looks_like_repository(given)) {
    return Error{Fault::malformed,
                 fmt::format("{} looks like a repository, but git's files there are damaged or incomplete; "
                             "`git -C '{}' status` says more",
                             shown, shown)};
  }
  if (!opened) return plain();

  const char* const workdir = git_repository_workdir(opened->get());
  if (workdir == nullptr) {
    const fs::path root = without_slash_at_end(git_repository_path(opened->get()));
    if (const auto holder = work_tree_that_holds(root))
      return Error{Fault::denied, fmt::format("{} is a repository whose own files are committed in {}: it is not opened, since a commit could replace by it what is checked",
                                              printable(root.string()), printable(holder->string()))};
    return Source(std::make_shared<Shared>(SourceKind::bare, root, "", std::move(*opened)));
  }
  const fs::path root = fs::canonical(workdir, failed);
  if (failed)
    return Error{Fault::not_found, fmt::format("the work tree of {} ({}) does not exist", shown, printable(workdir))};
  std::string subfolder = given.lexically_relative(root).string();
  const bool inside_git = fs::path(git_repository_path(opened->get())) == given / "" || subfolder.starts_with(".git");
  if (subfolder == "." || subfolder.starts_with("..") || inside_git) subfolder.clear();
  if (!subfolder.empty() && is_left_out(opened->get(), subfolder)) return plain();
  return Source(std::make_shared<Shared>(SourceKind::working_tree, root, std::move(subfolder), std::move(*opened)));
}

SourceKind Source::kind() const { return shared_->kind; }
const fs::path& Source::root() const { return shared_->root; }
const std::string& Source::subfolder() const { return shared_->subfolder; }

Result<std::string> Source::read_blob(const BlobId& id) const {
  auto lease = shared_->borrow();
  if (!lease) return std::move(lease).error();
  const auto what = [&] { return fmt::format("blob {}", id.hex()); };
  git_odb* raw_odb = nullptr;
  if (const int code = git_repository_odb(&raw_odb, lease->get()); code < 0) return libgit2_error(code, what());
  const OdbHandle odb(raw_odb);
  const git_oid oid = to_oid(id);
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  // The size first: a blob of gigabytes compresses to nothing.
  int code = git_odb_read_header(&size, &type, odb.get(), &oid);
  git_odb_object* raw_object = nullptr;
  if (code == 0 && type == GIT_OBJECT_BLOB && size <= limits::kMaxBlobBytes)
    code = git_odb_read(&raw_object, odb.get(), &oid);
  const OdbObjectHandle object(raw_object);
  if (code == GIT_ENOTFOUND) {
    return Error{Fault::not_found,
                 fmt::format("{} is not in this clone (a partial clone, or a damaged one); "
                             "`git -C '{}' cat-file -e {}` fetches it from a promisor",
                             what(), printable(root().string()), id.hex())};
  }
  if (code < 0) return libgit2_error(code, what());
  if (type != GIT_OBJECT_BLOB) return Error{Fault::malformed, what() + " is no blob"};
  if (size > limits::kMaxBlobBytes) return too_large(what(), size);
  return std::string(static_cast<const char*>(git_odb_object_data(object.get())), git_odb_object_size(object.get()));
}

Result<std::string> Source::read(const Entry& entry) const {
  if (entry.mode == EntryMode::submodule)
    return Error{Fault::malformed, printable(entry.path) + " is a submodule: it has no bytes of its own"};
  if (entry.origin == EntryOrigin::object) {
    auto bytes = read_blob(entry.id);
    if (!bytes) return std::move(bytes).error().within(printable(entry.path));
    return bytes;
  }
  auto bytes = entry.mode == EntryMode::symlink ? read_link_below(root(), std::string(entry.path))
                                                : read_file_below(root(), std::string(entry.path));
  if (!bytes) return bytes;
  // Facts hang on ids, so bytes that no longer have the id must not get in under it.
  if (hash_blob(*bytes) != entry.id)
    return Error{Fault::unreachable, printable(entry.path) + " was changed while it was being checked; run again"};
  return bytes;
}

}  // namespace trueup::git
