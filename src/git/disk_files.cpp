#include "git/disk_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "base/digest.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "git/file_descriptor.hpp"

namespace trueup::git {
namespace {

/// The folder that holds `path` and the last part of it, every part opened without following a link.
struct OpenedParent {
  FileDescriptor folder;
  std::string name;
};
Result<OpenedParent> open_parent(const std::filesystem::path& root, const std::string& path) {
  FileDescriptor folder(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open()) return system_error(errno, root.native());
  const std::vector<std::string_view> parts = split(path, '/');
  for (const std::string_view part : parts) {
    if (part.empty() || part == "." || part == "..")
      return Error{Fault::malformed, fmt::format("\"{}\" is no path below a repository's root", printable(path))};
  }
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    FileDescriptor next(
        ::openat(folder.get(), std::string(parts[i]).c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!next.is_open()) return system_error(errno, path);
    folder = std::move(next);
  }
  return OpenedParent{std::move(folder), std::string(parts.back())};
}

}  // namespace

Error system_error(int number, std::string_view path) {
  const Fault fault = number == ENOENT || number == ENOTDIR                   ? Fault::not_found
                      : number == EACCES || number == EPERM                   ? Fault::denied
                      : number == ENAMETOOLONG || number == EMFILE            ? Fault::over_limit
                      : number == ELOOP /* a link, where none is followed */  ? Fault::malformed
                                                                              : Fault::unreachable;
  const std::string_view what = number == ELOOP ? "a symbolic link, which is not followed" : std::strerror(number);
  return Error{fault, fmt::format("{}: {}", printable(path), what)};
}

Error too_large(std::string_view path, std::uint64_t size) {
  return Error{Fault::over_limit,
               fmt::format("{} has {} bytes; the limit is {}", printable(path), size, limits::kMaxBlobBytes)};
}

Result<std::string> read_file_at(int folder, const char* name, std::string_view path) {
  // Non-blocking, so that a pipe that stands where a file was does not hang.
  const FileDescriptor file(::openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file.is_open()) return system_error(errno, path);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return system_error(errno, path);
  if (!S_ISREG(status.st_mode)) return Error{Fault::malformed, printable(path) + " is no regular file"};
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size > limits::kMaxBlobBytes) return too_large(path, size);
  std::string bytes(size + 1, '\0');  // one more, to see the end without growing
  std::size_t used = 0;
  while (true) {
    const ssize_t got = ::read(file.get(), bytes.data() + used, bytes.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(errno, path);
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
    if (used > limits::kMaxBlobBytes) return too_large(path, used);
    if (used == bytes.size()) bytes.resize(2 * bytes.size());
  }
  bytes.resize(used);
  return bytes;
}

Result<std::string> read_link_at(int folder, const char* name, std::string_view path) {
  std::string text(4096, '\0');
  const ssize_t got = ::readlinkat(folder, name, text.data(), text.size());
  if (got < 0) return system_error(errno == EINVAL ? ELOOP : errno, path);
  text.resize(static_cast<std::size_t>(got));
  return text;
}

BlobId hash_blob(std::string_view bytes) {
  // Not libgit2's: it looks for collisions, at a fifth of the speed. A collision here would only make two files of one
  // working tree share their facts, and git refuses to store such a pair.
  return BlobId{sha1("blob " + std::to_string(bytes.size()) + '\0', bytes)};
}

Result<std::string> read_file_below(const std::filesystem::path& root, const std::string& path) {
  auto parent = open_parent(root, path);
  if (!parent) return std::move(parent).error();
  return read_file_at(parent->folder.get(), parent->name.c_str(), path);
}

Result<std::string> read_link_below(const std::filesystem::path& root, const std::string& path) {
  auto parent = open_parent(root, path);
  if (!parent) return std::move(parent).error();
  return read_link_at(parent->folder.get(), parent->name.c_str(), path);
}

}  // namespace trueup::git
