#pragma once

#include <string>
#include <variant>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/environment.hpp"
#include "engine/run.hpp"
#include "rules/loading/rule_folder.hpp"

namespace trueup::cli {

struct Assembly;

// One file a command. Each gives the exit code: 0, 1 a finding that blocks (or a case that fails), 2 usage, config or a rule
// that does not load, 3 a verdict that is unknown because asking failed.
int run_check(const CheckArguments& arguments, const Environment& environment);
int run_audit(const AuditArguments& arguments, const Environment& environment);
int run_diff(const DiffArguments& arguments, const Environment& environment);
int run_fix(const FixArguments& arguments, const Environment& environment);
int run_rules(const RulesArguments& arguments, const Environment& environment);
int run_explain(const ExplainArguments& arguments, const Environment& environment);
int run_query(const QueryArguments& arguments, const Environment& environment);
int run_schema(const SchemaArguments& arguments, const Environment& environment);
int run_test(const TestArguments& arguments, const Environment& environment);
int run_config(const ConfigArguments& arguments, const Environment& environment);

/// Parses and runs; never throws.
int run_command(const std::vector<std::string>& words, const Environment& environment);

// What commands share.

/// An assembly and a run that is loaded; or the code to leave with, everything told.
struct PreparedRun {
  std::unique_ptr<Assembly> assembly;
  std::unique_ptr<engine::Run> run;
  std::function<void()> wipe_progress;  ///< before anything is printed; the end of the run does so too
  int exit_code = 0;
};
struct RunWishes {
  bool all_tables = false;  ///< extract what no rule reads too
  bool fetches = true;      ///< the network may be used for repositories
  std::vector<engine::EarlierCount> earlier = {};  ///< what an audit before saw
  bool judges = false;      ///< the run is judged, whatever it loads: servers may be asked meanwhile
};
PreparedRun prepare_run(const SourceArguments& arguments, const Environment& environment, RunWishes wishes);

/// A judged run's report, with the notes of its assembly, the version, and proven fixes if a format shows them. Or the code to
/// leave with, everything told.
std::variant<engine::Report, int> judged_report(PreparedRun& prepared, const std::vector<FormatChoice>& formats, const Environment& environment);
/// Writes a report in all its formats; a file is there as a whole or not at all. False: one could not be written, which is told.
/// `command`: how a person would give the command again.
bool write_reports(const engine::Report& report, const ReportArguments& arguments, const Assembly& assembly, const std::string& command,
                   const Environment& environment);
/// "trueup check" with the arguments that say what is checked.
std::string command_line(std::string_view command, const SourceArguments& source, const std::string& history = {});
/// What --record came to: a run that ends well otherwise ends with 3 if it could not record.
int recorded(const Assembly& assembly, int code, const Environment& environment);

/// "rules/x.yaml:14:9: no such column: nam; did you mean `name`?" with the line of the query and a caret.
std::string describe_rule_error(const engine::RuleError& error, const rules::RuleFolder* folder);
/// The line of a text that holds a byte, and a caret below it.
std::string caret_below(std::string_view text, std::uint32_t offset);

std::string_view trueup_version();

}  // namespace trueup::cli
