#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "fixes/file_edits.hpp"

namespace trueup::rules {

enum class Severity : std::uint8_t { error, warning, note, none };  ///< none: switched off by the config
enum class Scope : std::uint8_t { file, repository, fleet, refs };
enum class ParameterType : std::uint8_t { text, integer, duration };  ///< a duration ("14d", "36h") is bound in seconds

std::string_view to_string(Severity severity);
std::string_view to_string(Scope scope);
std::optional<Severity> parse_severity(std::string_view text);

/// A labelled place that a finding shows besides `at`: a column of the query that holds a place.
struct RulePlace {
  std::string_view column, label;
};

/// A value that the config may set and the query reads as `:name`.
struct RuleParameter {
  std::string_view name;
  ParameterType type = ParameterType::text;
  std::string_view default_value;
  std::string_view title;
};

/// A part of how what a rule finds is put right: an edit at a place that the query gives. All parts whose `when` holds are made
/// together, and are one fix.
struct RuleFix {
  fixes::Action action = fixes::Action::replace;
  std::string_view place;  ///< a column with a place, or with a JSON array of places; of `move` two: what moves, and in front of what
  std::string_view text;   ///< what is written, with {column}s
  std::string_view key;    ///< of insert_entry, with {column}s
  std::string_view when;   ///< a column: not made where it is NULL, empty or 0
  std::string_view sure_when;  ///< a column: a guess, and so unsafe, where it is NULL, empty or 0
  bool unsafe = false;     ///< changes what is deployed, or rests on a guess: offered only with --unsafe
  bool ends_subject = false;  ///< nothing is left to judge afterwards
  bool each = false;          ///< `with_each:`, text is a JSON array: as many texts as there are places
};

/// One rule: the shape of an invariant as data. Views bytes that somebody else keeps: the constant table of the built-in
/// rules, or the arena of a RuleFolder.
struct Rule {
  std::string_view id;    ///< pack/name, as people write it
  std::string_view code;  ///< C01: permanent, never reused
  std::string_view pack;
  Severity severity = Severity::error;
  Scope scope = Scope::file;
  std::string_view title, why, query, message;
  std::string_view when;  ///< scope refs: a query on scope fleet; without a row the rule has no subject, and no ref is loaded for it
  std::span<const std::string_view> words;    ///< of both that may name a table or a view, each once, sorted
  std::span<const std::string_view> key;      ///< columns that identify the subject within its path
  std::span<const std::string_view> reads;    ///< kinds of file whose silence means ok (rules without a verdict column)
  /// Kinds of file that the query asks for by their names: `file`, `unreadable_file` or `judged_file` are empty of others. Without
  /// it every kind is there. What it reads of the views of facts need not be named.
  std::span<const std::string_view> files;
  std::span<const std::string_view> needs;    ///< tables: without a row in any of them there is no subject, and nothing is prepared;
                                              ///< ":name": nor without a value of that parameter
  std::span<const std::string_view> nodes;    ///< globs of files whose generic nodes it reads
  std::span<const std::string_view> aliases;  ///< former ids
  std::span<const RulePlace> places;
  std::span<const RuleParameter> parameters;
  std::span<const RuleFix> fixes;
  bool anywhere = false;     ///< the path is no part of the identity
  bool sees_paths = false;   ///< `paths: true`: files of all other kinds are in judged_file too, without what they hold
  bool within_chart = false; ///< `within: chart`: facts::Sight says what that promises
  std::string_view file;     ///< rules/chart/version-published.yaml
  std::uint32_t query_line = 0;  ///< line of the query's first byte in that file, from 1
};

/// A rule's pack brings views that its queries stand on.
struct PackViews {
  std::string_view pack, sql, file;
};

/// The rules that are compiled in, by pack and id, and their packs' views.
std::span<const Rule> builtin_rules();
/// Whether it is one of them, by its address.
bool is_builtin(const Rule& rule);
std::span<const PackViews> builtin_views();

}  // namespace trueup::rules
