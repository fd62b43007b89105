#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/record.hpp"
#include "rules/finding.hpp"

namespace trueup::audit {

enum class SourceKind : std::uint8_t {
  repository,     ///< `repository`
  revision,       ///< of `repository`, what was asked for by `name`: a name or pattern of refs, empty for what is at hand
  file,           ///< of `repository`, at `name`, of `file_kind`; only such as could not be read
  control_plane,  ///< `name`: an instance of ArgoCD, or what takes its place
  host,           ///< `name`: a server that facts made the run ask
};

/// Something that a run reads.
struct SourceName {
  SourceKind kind = SourceKind::repository;
  std::string repository = {}, name = {}, file_kind = {};
  friend auto operator<=>(const SourceName&, const SourceName&) = default;
};

/// How much of it could not be had, from kAllThere to kNothing. Of a host, by the share of questions that it left open: one, a tenth,
/// half, all; so an answer that is always refused does not look like an outage, and hides none.
struct SourceState {
  SourceName source;
  int missing = 0;
  std::string because = {};
};
inline constexpr int kAllThere = 0, kNothing = 4;

/// A rule that was at work, and how far it looks.
struct JudgedRule {
  std::string id;
  std::vector<std::string> aliases = {};  ///< former ids
  bool anywhere = false;              ///< the path is no part of the identity
  bool one_file = false;              ///< what it says of a file hangs on that file alone
  bool fleet = false;                 ///< it looks at other repositories too
  bool live = false;                  ///< it reads what servers answered
  /// Kinds of file that it reads, sorted; empty: every kind.
  std::vector<std::string> kinds = {};
};

/// A violated subject.
struct Seen {
  const rules::Finding* finding = nullptr;
  bool suppressed = false;
  std::optional<StandsSince> since = {};
};

/// A number that a run saw and the next one holds against its own: messages in a dead-letter queue.
struct Measure {
  std::string name;
  std::int64_t value = 0;
  std::int64_t at = 0;  ///< when that run began
};

/// What the history is told of a run. The findings belong to a report that outlives it.
struct Observation {
  std::int64_t now = 0;  ///< when the run began
  std::string version;   ///< of trueup
  std::size_t verified = 0, subjects = 0;
  std::vector<Seen> violated;
  std::vector<const rules::Finding*> unknown;
  std::vector<JudgedRule> rules;
  std::vector<SourceState> sources;
  std::vector<Measure> measures;  ///< their time is the run's
  /// Whether a rule said of that very subject, in this run, that it is right. Unset: nobody knows.
  std::function<bool(const Record& record)> is_ok = {};
};

/// A digest of the lines that a finding shows: when it changes, since when they stand is asked anew.
std::string text_digest(const rules::Finding& finding);
/// Hosts of the servers whose answers it shows, sorted.
std::vector<std::string> hosts_of(const rules::Finding& finding);

}  // namespace trueup::audit
