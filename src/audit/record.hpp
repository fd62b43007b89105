#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/finding.hpp"

namespace trueup::audit {

/// Since when the lines that a finding shows stand as they are. From `commit_id` on, every commit on the line of first parents has,
/// at each file place of the finding, that path with a line of the same text; of several places the youngest commit is told. So the
/// disagreement is, in this form, no older; what servers said, and what other files said then, was not looked at.
struct StandsSince {
  std::string repository;         ///< whose commit it is
  std::string commit_id;          ///< hex
  std::int64_t committed_at = 0;  ///< seconds since 1970
  bool at_least = false;          ///< the walk ended here (its bounds, or the clone's): the lines may be older
  friend bool operator==(const StandsSince&, const StandsSince&) = default;
};

/// What a run means for a finding.
enum class Standing : std::uint8_t {
  fresh,       ///< never seen before
  returned,    ///< it was fixed, and is violated again
  persisting,  ///< violated, as before
  unverified,  ///< violated when last seen; this run could not tell
  fixed,       ///< violated when last seen; this run looked, and it is not
  suppressed,  ///< a suppression speaks of it, now or when it was last seen
};
/// "new", "returned", "persisting", "unverified", "fixed", "suppressed".
std::string_view to_string(Standing standing);

/// One finding over time. All times are those of runs, in seconds since 1970.
struct Record {
  std::string fingerprint;
  std::string rule_id, code;
  rules::Severity severity = rules::Severity::error;
  std::string message;                  ///< when it was last seen; so are the place and what else it says
  std::string repository, revision, path;
  std::uint32_t line = 1, column = 1;
  std::vector<std::string> key;         ///< values that identify it within its path
  std::uint32_t ordinal = 0;
  std::vector<std::string> hosts;       ///< of the servers whose answers it shows, sorted
  std::string text;                     ///< digest of the lines that it shows
  std::int64_t first_seen = 0;          ///< the first run that ever saw it
  std::int64_t opened = 0;              ///< the run since which it was not fixed
  std::int64_t last_seen = 0;           ///< the last run that saw it violated
  std::int64_t last_run = 0;            ///< number of that run in the history
  std::optional<std::int64_t> fixed_at; ///< the run that no longer found it, having looked
  std::optional<std::int64_t> unverified_since;  ///< the first run in a row that could not tell
  std::string because;                  ///< why not, and the way out
  std::size_t times_returned = 0;
  bool suppressed = false;
  std::optional<StandsSince> since;
  Standing standing = Standing::persisting;
};

/// A run of the history.
struct RunEntry {
  std::int64_t at = 0;
  std::size_t verified = 0, subjects = 0, open = 0, unverified = 0;
};

/// What the history says after a run.
struct Chronicle {
  std::string history;            ///< the file, as it was named
  std::size_t runs = 0;           ///< this one included
  std::int64_t now = 0;           ///< of this run
  std::int64_t began = 0;         ///< of the first
  std::optional<RunEntry> before; ///< the run before this one
  /// A later run was kept before this one ended: this one changed nothing but the count of runs.
  bool late = false;
  /// Open ones, and those fixed within the last kRecentDays; by standing, severity, age (oldest first), repository, path.
  std::vector<Record> records;

  std::size_t count(Standing standing) const;
  /// Those that this very run found fixed.
  std::size_t fixed_now() const;
  std::unordered_map<std::string_view, const Record*> by_fingerprint() const;
};

/// How long a fixed finding is told.
inline constexpr int kRecentDays = 14;

}  // namespace trueup::audit
