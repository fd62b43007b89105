#include "git/replace_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "git/file_descriptor.hpp"

namespace trueup::git {
namespace {

Error failed(const std::string& path, const char* doing) {
  const int code = errno;
  return {code == ENOENT ? Fault::not_found : Fault::denied, path + ": " + doing + ": " + std::strerror(code)};
}

/// The folder that holds a file, opened step by step so that no link on the way leads elsewhere.
struct OpenedFolder {
  FileDescriptor folder;
  std::string name;
};
Result<OpenedFolder> open_folder_of(const std::filesystem::path& root, const std::string& path) {
  OpenedFolder opened{FileDescriptor(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)), ""};
  if (!opened.folder.is_open()) return failed(root.string(), "opening");
  std::size_t at = 0;
  for (std::size_t slash; (slash = path.find('/', at)) != std::string::npos; at = slash + 1) {
    const std::string part = path.substr(at, slash - at);
    if (part.empty() || part == "." || part == "..") return Error{Fault::denied, path + ": leads elsewhere"};
    FileDescriptor next(::openat(opened.folder.get(), part.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!next.is_open()) return failed(path, "opening");
    opened.folder = std::move(next);
  }
  opened.name = path.substr(at);
  if (opened.name.empty() || opened.name == "." || opened.name == "..") return Error{Fault::denied, path + ": is no file"};
  return opened;
}

/// Its mode, if the file still holds `before`.
Result<mode_t> check_unchanged(const OpenedFolder& at, const ChangedText& file) {
  const FileDescriptor opened(::openat(at.folder.get(), at.name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!opened.is_open()) return failed(file.path, "opening");
  struct stat status {};
  if (::fstat(opened.get(), &status) != 0) return failed(file.path, "reading");
  const Error changed{Fault::malformed, file.path + " has changed since it was read: run trueup fix again"};
  if (!S_ISREG(status.st_mode) || static_cast<std::size_t>(status.st_size) != file.before.size()) return changed;
  std::string bytes(file.before.size(), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::read(opened.get(), bytes.data() + done, bytes.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(file.path, "reading");
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  if (done != bytes.size() || bytes != file.before) return changed;
  return status.st_mode & 07777;
}

Result<void> replace_file(const OpenedFolder& at, const ChangedText& file, mode_t mode) {
  const std::string temporary = ".trueup-" + std::to_string(::getpid()) + ".tmp";
  FileDescriptor written(::openat(at.folder.get(), temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!written.is_open()) return failed(file.path, "writing beside it");
  const auto give_up = [&](const char* doing) {
    Error error = failed(file.path, doing);
    ::unlinkat(at.folder.get(), temporary.c_str(), 0);
    return error;
  };
  std::size_t done = 0;
  while (done < file.after.size()) {
    const ssize_t count = ::write(written.get(), file.after.data() + done, file.after.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return give_up("writing");
    done += static_cast<std::size_t>(count);
  }
  if (::fchmod(written.get(), mode) != 0 || ::fsync(written.get()) != 0) return give_up("writing");
  written.close();
  // Somebody may have written it in between; what they wrote is worth more than this.
  if (auto unchanged = check_unchanged(at, file); !unchanged) {
    ::unlinkat(at.folder.get(), temporary.c_str(), 0);
    return std::move(unchanged).error();
  }
  if (::renameat(at.folder.get(), temporary.c_str(), at.folder.get(), at.name.c_str()) != 0) return give_up("putting it in place");
  return {};
}

}  // namespace

Result<void> replace_files(const std::filesystem::path& root, const std::vector<ChangedText>& files) {
  std::vector<std::pair<OpenedFolder, mode_t>> checked;
  for (const ChangedText& file : files) {
    auto opened = open_folder_of(root, file.path);
    if (!opened) return std::move(opened).error();
    auto mode = check_unchanged(*opened, file);
    if (!mode) return std::move(mode).error();
    checked.emplace_back(*std::move(opened), *mode);
  }
  for (std::size_t i = 0; i < files.size(); ++i)
    if (auto replaced = replace_file(checked[i].first, files[i], checked[i].second); !replaced)
      return std::move(replaced).error().within("after " + std::to_string(i) + " of " + std::to_string(files.size()) + " files");
  return {};
}

}  // namespace trueup::git
