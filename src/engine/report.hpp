#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/record.hpp"
#include "rules/finding.hpp"

namespace trueup::engine {

/// A repository as this run saw it.
struct RepositoryReport {
  std::string slug;
  bool loaded = false;
  std::string because;  ///< why not, and the way out
  std::string default_branch;
  std::size_t refs = 0, snapshots = 0, file_sets = 0, files = 0;
  bool subject = false;
  bool missed = false;  ///< it was to be judged, and could not be read, or not all of it
};

/// A server as this run asked it.
struct HostReport {
  std::string host;
  std::size_t questions = 0, present = 0, absent = 0, unknown = 0;
  std::size_t requests = 0;                    ///< of a forge: what was spent of its budget
  std::optional<std::int64_t> requests_left = {};  ///< and what it says is left
  std::int64_t graphql_points = 0;             ///< of GitHub: the same of the budget of GraphQL
  std::optional<std::int64_t> graphql_points_left = {};
};

/// A violated subject that a suppression speaks of, and what that says.
struct Suppressed {
  rules::Finding finding;
  std::string reason;
  std::string until;  ///< YYYY-MM-DD, the last day; empty: it does not end
  std::string owner;  ///< may be empty
  std::optional<rules::FilePlace> config_place;  ///< where the config says it; nothing: a comment does
};

/// Everything that a run came to; what the reports print, and the exit code is made of. Holds no reference to anything.
struct Report {
  /// Violated subjects, sorted by severity, repository, path, offset, rule, key.
  std::vector<rules::Finding> findings;
  /// Unknown subjects, sorted alike.
  std::vector<rules::Finding> unknowns;
  /// Sorted alike: shown, counted, and without effect on the exit code.
  std::vector<Suppressed> suppressed;
  /// Findings of the base that the change mended; empty without a base.
  std::vector<rules::Finding> fixed;
  /// Every chosen rule, by pack and id.
  std::vector<rules::RuleOutcome> rules;
  std::vector<RepositoryReport> repositories;
  std::vector<HostReport> hosts;
  /// What must be said aloud: "HEAD has no commit yet; main is taken as the default branch".
  std::vector<std::string> notes;
  std::string base;  ///< the revision that the gate compares with; empty without one
  std::string now;   ///< RFC 3339, UTC
  std::string version;  ///< of trueup
  /// What the history makes of it; nothing where none is kept.
  std::optional<audit::Chronicle> audit = {};

  std::size_t verified() const;  ///< subjects that are ok or violated
  std::size_t subjects() const;  ///< all of them
};

/// Which findings turn a run red.
struct Gate {
  rules::Severity fail_on = rules::Severity::error;  ///< none: never
  bool require_complete = false;
  bool new_only = false;  ///< with a history: only what is new, or came back
};

/// Whether a finding turns the run red: it is at or above `fail_on`, stands where the gate looks and, with a base, is introduced.
bool turns_red(const Report& report, const rules::Finding& finding, rules::Severity fail_on);

/// Exit code: 0 nothing at or above `fail_on`; 1 a finding at or above it that blocks (with a base: introduced ones only);
/// 3 no such finding, but a verdict at that level is unknown because asking failed, or for any reason with
/// `require_complete` (malformed files excepted: they are findings of their own), or a repository that was to be judged was missed, or a rule was stopped.
int exit_code(const Report& report, const Gate& gate);

}  // namespace trueup::engine
