#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace trueup::formats {

/// A repoURL in the one form that ArgoCD compares: lower case, without .git, `git@host:path` as `git@host/path`.
std::string normal_repo_url(std::string_view repo_url);

/// Whether an entry of an AppProject's sourceRepos (without its !) takes a repoURL. Both are brought to that form. `*` stops at '/', `**` does not, and `*` alone takes all.
/// Nothing for a pattern that does not compile. Source: ArgoCD's manual, "Projects"; its own glob library for the wildcards.
std::optional<bool> project_source_matches(std::string_view pattern, std::string_view repo_url);

/// The same for a server, a cluster's name or a namespace of a destination: `*` takes any run of characters.
std::optional<bool> project_destination_matches(std::string_view pattern, std::string_view text);

}  // namespace trueup::formats
