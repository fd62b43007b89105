#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trueup::facts {

enum class UsesForm : std::uint8_t { action, workflow, local_action, local_workflow, docker, unreadable };
/// As blob_uses.form has it.
std::string_view to_string(UsesForm form);

/// What a `uses:` names.
struct UsesReference {
  UsesForm form = UsesForm::unreadable;
  std::string slug;                     ///< owner/name of an action's or workflow's repository
  std::optional<std::string> path;      ///< from that repository's root; "" is the root; nothing: not written
  std::optional<std::string> revision;  ///< after @
  bool of_own_repository = false;       ///< `$/path`: needs no checkout

  bool is_action(std::string_view wanted) const;  ///< slug, case ignored, and no path
};

/// Reads the `uses:` of a step: `owner/name[/path]@revision`, `./path` and `$/path` (a folder), `docker://image`.
/// Anything else, also a text with `${{ }}`, is unreadable. Source: github-actions manual,
/// "jobs.<job_id>.steps[*].uses".
UsesReference parse_step_uses(std::string_view text);
/// Reads the `uses:` of a job: `owner/name/path@revision`, `./path` and `$/path` (a file, no revision allowed).
UsesReference parse_job_uses(std::string_view text);

/// "./a/b/" -> "a/b"; "./" -> "".
std::string clean_local_path(std::string_view path);
/// owner/name and nothing else, without holes of any kind.
bool is_slug(std::string_view text);

}  // namespace trueup::facts
