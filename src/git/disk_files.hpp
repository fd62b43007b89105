#pragma once

// Private to git/: files on disk, without following a link.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "git/ids.hpp"

namespace trueup::git {

/// At most limits::kMaxBlobBytes of the regular file at `path` below `root`; no part of `path` may be a symlink.
/// Errors: not_found, denied, over_limit, malformed (no regular file).
Result<std::string> read_file_below(const std::filesystem::path& root, const std::string& path);
/// The text of the symlink at `path`. Errors likewise.
Result<std::string> read_link_below(const std::filesystem::path& root, const std::string& path);

/// The same for `name` in an open folder; `path` is for messages.
Result<std::string> read_file_at(int folder, const char* name, std::string_view path);
Result<std::string> read_link_at(int folder, const char* name, std::string_view path);

/// What an errno value says about `path`.
Error system_error(int number, std::string_view path);
Error too_large(std::string_view path, std::uint64_t size);

/// The id that git gives these bytes as a blob.
BlobId hash_blob(std::string_view bytes);

}  // namespace trueup::git
