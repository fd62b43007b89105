#include <filesystem>

#include "audit/history.hpp"
#include "base/digest.hpp"
#include "base/text.hpp"
#include "cli/assembly.hpp"
#include "cli/commands.hpp"

namespace trueup::cli {
namespace {

namespace fs = std::filesystem;

/// Where a history is kept that nobody named: one for each config and folder. Nothing where the user has no folder.
std::optional<fs::path> own_history(const AuditArguments& arguments, const Environment& environment) {
  fs::path folder;
  if (const auto state = environment.variable("XDG_STATE_HOME"); state && !state->empty()) folder = *state;
  else if (const auto home = environment.variable("HOME"); home && !home->empty()) folder = fs::path(*home) / ".local" / "state";
  else return std::nullopt;
  const fs::path named = fs::path(environment.folder) / arguments.source.config;
  std::string name = (arguments.source.config.empty() ? fs::path(environment.folder) : named.parent_path()).lexically_normal().filename().string();
  if (name.empty()) name = "fleet";
  folder /= "trueup";
  std::error_code error;
  fs::create_directories(folder, error);
  return folder / (name + "-" + sha256_hex(named.lexically_normal().string()).substr(0, 12) + ".history");
}

/// Since when the lines stand of those that the history does not know it of for good.
std::map<std::string, audit::StandsSince> look_back(engine::Run& run, const engine::Report& report, const std::map<std::string, std::string>& dated) {
  std::vector<const rules::Finding*> wanted;
  for (const rules::Finding& finding : report.findings) {
    const auto known = dated.find(finding.fingerprint);
    if (known == dated.end() || known->second != audit::text_digest(finding)) wanted.push_back(&finding);
  }
  return wanted.empty() ? decltype(run.stand_since(wanted)){} : run.stand_since(wanted);
}

}  // namespace

int run_audit(const AuditArguments& arguments, const Environment& environment) {
  const auto fail = [&](const std::string& message) {
    environment.err("trueup: " + printable(message) + "\n");
    return 2;
  };
  fs::path file = fs::path(environment.folder) / arguments.history;
  if (arguments.history.empty()) {
    const auto own = own_history(arguments, environment);
    if (!own) return fail("neither XDG_STATE_HOME nor HOME is set: name the history with --history FILE");
    file = *own;
  }
  // Before the run: a history that cannot be kept is better told at once.
  auto history = audit::History::open(file.string());
  if (!history) return fail("--history: " + history.error().message);

  auto measures = history->measures();
  if (!measures) return fail("--history: " + measures.error().message);
  RunWishes wishes{.judges = true};
  for (const audit::Measure& measure : *measures)
    if (auto count = engine::earlier_count(measure)) wishes.earlier.push_back(*std::move(count));
  PreparedRun prepared = prepare_run(arguments.source, environment, std::move(wishes));
  if (prepared.exit_code != 0) return prepared.exit_code;
  auto judged = judged_report(prepared, arguments.formats, environment);
  if (const int* code = std::get_if<int>(&judged)) return *code;
  auto& report = std::get<engine::Report>(judged);

  auto dated = history->dated();
  if (!dated) return fail("--history: " + dated.error().message);
  const auto since = look_back(*prepared.run, report, *dated);
  audit::Observation seen = prepared.run->observe(report);
  for (audit::Seen& each : seen.violated)
    if (const auto known = since.find(each.finding->fingerprint); known != since.end()) each.since = known->second;
  auto chronicle = history->record(seen);
  // What was found is told, whether it could be kept or not.
  if (chronicle) {
    chronicle->history = arguments.history.empty() ? file.string() : arguments.history;
    if (chronicle->late) report.notes.push_back("a later run was kept in the history meanwhile: this one changes nothing in it");
    report.audit = std::move(*chronicle);
  }
  const bool written = write_reports(report, arguments, *prepared.assembly, command_line("audit", arguments.source, arguments.history), environment);
  if (!chronicle) return fail("--history: " + chronicle.error().message);
  if (!written) return 2;
  return recorded(*prepared.assembly, engine::exit_code(report, {arguments.fail_on, arguments.require_complete, arguments.new_only}), environment);
}

}  // namespace trueup::cli
