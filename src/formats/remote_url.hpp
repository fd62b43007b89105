#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trueup::formats {

/// The parts of "scheme://user@host:port/path" or "user@host:path".
struct RemoteUrlParts {
  std::string scheme;  // lower-case; empty for the short ssh form
  std::string_view user, host, path;
  bool has_user = false;
};

/// Nothing for a path on this machine. Views the text.
std::optional<RemoteUrlParts> split_remote_url(std::string_view url);

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

/// `text` with the user part of every URL in it replaced by "***": for messages, since tokens are given as user names
/// too.
std::string redact_urls(std::string_view text);

/// `text` with each byte of a password, or of the one name that a URL of http(s) gives, replaced by `*`, so that places in it stay. What is
/// filled in from elsewhere (`https://${{ secrets.TOKEN }}@host`, `$TOKEN`) and `git` are left as they are. For lines of files and what they say.
std::string mask_urls(std::string_view text);

}  // namespace trueup::formats
