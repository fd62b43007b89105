#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/span.hpp"
#include "rules/rule.hpp"

namespace trueup::rules {

/// Columns of a place in another unit than bytes, from 1; `end` is one past the last.
struct Columns {
  std::uint32_t begin = 1, end = 1;
  friend bool operator==(const Columns&, const Columns&) = default;
};

/// A place in a repository's file, as a person is shown it. Owns its text: it outlives the store and the sources.
struct FilePlace {
  std::string repository;   ///< slug
  std::string revision;     ///< short name of the branch or tag, an abbreviated commit id; empty: the working tree
  std::string path;
  ByteRange bytes;
  LineColumn begin, end;    ///< `end` is one past the last byte
  std::string line_text;    ///< bytes of the first line, at most 400, not made printable
  std::uint32_t line_text_from = 0;  ///< column - 1 at which line_text begins, where a long line was cut
  /// Nothing far into a long line, or where the file has changed since.
  std::optional<Columns> in_characters, in_utf16;
  friend bool operator==(const FilePlace&, const FilePlace&) = default;
};

/// A place in a server's answer.
struct LivePlace {
  std::string address;   ///< URL that was asked
  std::string asked_at;  ///< RFC 3339, UTC
  std::string state;     ///< present | absent | unknown
  std::string said;      ///< how that was proven, or why it is unknown
  friend bool operator==(const LivePlace&, const LivePlace&) = default;
};

struct RelatedPlace {
  std::string label;   ///< what it is: "the registry's answer", "the receiver"
  std::variant<FilePlace, LivePlace> place;
  std::string column = {};  ///< of the rule's query: evidence, receiver_place
};

/// How a finding stands to the base of a gate.
enum class Change : std::uint8_t {
  none,         ///< there is no base
  introduced,   ///< ok or no subject before, violated now
  persisting,   ///< violated before and now
  unconfirmed,  ///< unknown before, violated now, and no place of it lies in bytes that the change touched
};
std::string_view to_string(Change change);

/// The refs that show one finding or unknown.
struct RefSummary {
  std::size_t count = 0;
  std::string current;  ///< the one whose place is shown; empty: the working tree
  std::string oldest, newest;
  std::vector<std::string> first_ten;
};

/// A piece of a file that a fix writes anew.
struct FindingEdit {
  FilePlace at;      ///< what it takes the place of; empty: an insertion
  std::string text;
  friend bool operator==(const FindingEdit&, const FindingEdit&) = default;
};

/// That a finding can be put right by `trueup fix`.
struct FixOffer {
  bool unsafe = false;  ///< changes what is deployed, or rests on a guess: only with --unsafe
  bool proven = false;  ///< judged with the edits: `edits` are known then
  std::vector<FindingEdit> edits;
};

/// A subject of a rule that is violated or unknown.
struct Finding {
  std::string rule_id, code, title;
  Severity severity = Severity::error;
  std::string message;
  FilePlace at;
  std::vector<RelatedPlace> related;
  std::vector<std::pair<std::string, std::string>> key;     ///< column, value
  std::vector<std::pair<std::string, std::string>> values;  ///< column, value: what the query told besides
  std::string because;      ///< of an unknown: why, and the way out
  bool failed = false;      ///< unknown because asking failed
  bool malformed = false;   ///< unknown because a file does not parse or is over a limit, which is a finding of its own
  std::uint32_t ordinal = 0;  ///< counts equals within one file set
  std::string fingerprint;  ///< 16 hex digits: the same across edits and refs
  RefSummary refs;
  Change change = Change::none;
  bool blocks = true;       ///< stands where the gate looks
  std::optional<FixOffer> fix = {};
};

/// The part of a path that is the same in every run: of a config that stands in no repository its name, since the way to it is as the command
/// line spells it.
std::string_view lasting_path(std::string_view repository, std::string_view path);

/// 16 hex digits that name a subject of a rule, the same in every run. `path` is empty where the rule says anywhere.
std::string fingerprint(std::string_view rule_id, std::string_view repository, std::string_view path, const std::vector<std::string>& key,
                        std::uint32_t ordinal);

/// What one rule came to.
enum class Outcome : std::uint8_t { clean, violated, unknown, no_subject };
std::string_view to_string(Outcome outcome);

struct RuleOutcome {
  std::string rule_id, code, title, why;
  Severity severity = Severity::error;
  Outcome outcome = Outcome::no_subject;
  std::size_t ok = 0, violated = 0, unknown = 0;  ///< subjects
  bool stopped = false;  ///< at a limit: nothing is said of its subjects
  bool reads_servers = false;  ///< it was run, and its verdicts hang on answers of servers
};

}  // namespace trueup::rules
