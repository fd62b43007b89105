#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "rules/rule.hpp"

namespace trueup::cli {

/// `--format NAME[=FILE]`.
struct FormatChoice {
  std::string name;
  std::string file;  ///< empty: standard output
};

enum class ColourChoice { automatic, always, never };

/// What says which repositories are judged, by which rules, against which servers; the same for check, query and
/// config.
struct SourceArguments {
  /// [SOURCE…]: paths, or slugs of the config; empty: the repository at hand, or the config's
  std::vector<std::string> sources;
  std::vector<std::string> revisions;      ///< --at REV, repeatable; globs over branches and tags
  std::string base;                        ///< --base REV
  std::string config;                      ///< --config FILE
  std::string slug;                        ///< --as SLUG
  std::vector<std::string> only, skip;     ///< --only, --skip: ids, codes or packs
  bool offline = false;                    ///< --offline
  std::vector<std::string> dumps;          ///< --dump [NAME=]FILE
  std::string record, replay;              ///< --record DIR, --replay DIR
  std::vector<std::string> allowed_hosts;  ///< --allow-host HOST[:PORT]
  std::string now;                         ///< --now T, RFC 3339
  std::vector<std::string> rule_folders;   ///< --rules DIR
  std::string cache;                       ///< --cache DIR
  /// Of audit: without [SOURCE…] the whole fleet, and a repository that cannot be had is left out and told.
  bool fleet = false;
  bool full_history = false;               ///< --full-history: of what is fetched
};

/// How a report is written, and what it ends with.
struct ReportArguments {
  std::vector<FormatChoice> formats;   ///< empty: terminal to standard output
  rules::Severity fail_on = rules::Severity::error;  ///< none: `never`
  bool require_complete = false, all = false;
  ColourChoice colour = ColourChoice::automatic;
};

struct CheckArguments : ReportArguments {
  SourceArguments source;
  bool plan = false, explain_credentials = false;
};

struct AuditArguments : ReportArguments {
  SourceArguments source;
  std::string history;    ///< --history FILE; empty: where the user's programs keep their state
  bool new_only = false;  ///< --new-only
};

struct DiffArguments {
  std::string first, second;  ///< JSON reports, or folders of recordings
  bool json = false;
};

struct FixArguments {
  SourceArguments source;
  std::vector<std::string> chosen;  ///< ids, codes or packs of rules, and fingerprints; empty: all findings
  bool apply = false;               ///< --apply
  bool unsafe = false;              ///< --unsafe
  std::string output;               ///< --output DIR
};

struct RulesArguments {
  std::vector<std::string> rule_folders;
  bool json = false;  ///< --format json
};

struct ExplainArguments {
  std::string what;  ///< id, code or fingerprint
  SourceArguments source;  ///< where a fingerprint is looked up
};

struct QueryArguments {
  std::string sql;      ///< 'SELECT …'; empty with --rule
  std::string rule;     ///< --rule ID: the rule's own query
  bool json = false;    ///< --format json
  std::size_t most = 1000;  ///< --limit N
  SourceArguments source;
};

struct SchemaArguments {
  std::string view;  ///< empty: all of them
};

struct TestArguments {
  std::string folder;
};

struct ConfigArguments {
  SourceArguments source;
};

struct VersionArguments {};

using Arguments = std::variant<CheckArguments, AuditArguments, DiffArguments, FixArguments, RulesArguments, ExplainArguments, QueryArguments, SchemaArguments,
                               TestArguments, ConfigArguments, VersionArguments>;

/// What the command line said: a command; or text to print and the code to leave with (--help, --version, a usage
/// error with the nearest right name).
struct ParsedArguments {
  std::optional<Arguments> arguments;
  std::string text;
  int exit_code = 0;  ///< 0 for help, 2 for usage errors
};

/// `words` without the program's name. A function of its arguments: that files, rules and hosts exist is not looked at.
/// `text` is printable, and ends with a line break.
ParsedArguments parse_arguments(const std::vector<std::string>& words);

}  // namespace trueup::cli
