#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace trueup::git {

/// Where a repository lives, from its URL.
struct RemoteAddress {
  /// Lower-case, without user and port: "github.com".
  std::string host;
  /// The path without slashes at the ends and without ".git": "acme/deploy"; "group/subgroup/name" on a GitLab.
  std::string slug;
  friend bool operator==(const RemoteAddress&, const RemoteAddress&) = default;
};

/// Understands https, http, ssh, git+ssh and git URLs and "user@host:owner/name". Nothing for paths, file URLs, and
/// URLs without an owner and a name.
std::optional<RemoteAddress> parse_remote_url(std::string_view url);

enum class LocalUrls { refused, allowed };

/// Whether `git` may be started with this URL: https://, ssh:// and user@host:path; also file:// and absolute paths if
/// `allowed`. Refused, with the reason: other transports (ext:: runs commands), what could be read as an option,
/// control characters, and a password within the URL (credentials come from git's credential helpers).
Result<void> validate_fetch_url(std::string_view url, LocalUrls local);

/// `text` with the user part of every URL in it replaced by "***": for messages, since tokens are given as user names
/// too.
std::string redact_urls(std::string_view text);

}  // namespace trueup::git
