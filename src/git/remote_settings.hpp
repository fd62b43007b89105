#pragma once

// Private to git/: what a repository's config says of its remotes.

#include <string>
#include <vector>

#include "git/libgit.hpp"

namespace trueup::git {

struct RemoteSettings {
  std::string name;
  /// With url.<base>.insteadOf applied.
  std::string url;
  /// The sources of its fetch refspecs: "refs/heads/*"; of a negative one with its '^'.
  std::vector<std::string> fetched;
  /// remote.<name>.tagOpt
  std::string tag_option;
};

/// upstream, origin, then the others by name; those with a URL. Empty where the config cannot be read.
std::vector<RemoteSettings> read_remote_settings(git_repository* repository);

}  // namespace trueup::git
