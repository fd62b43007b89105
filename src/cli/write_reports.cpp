#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/text.hpp"
#include "cli/assembly.hpp"
#include "cli/commands.hpp"
#include "report/format.hpp"

namespace trueup::cli {
namespace {

namespace fs = std::filesystem;

std::string quoted(const std::string& word) {
  const bool plain = !word.empty() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                                             "-_./:@=,+%~^") == std::string::npos;
  return plain ? word : "'" + replace_all(word, "'", "'\\''") + "'";
}

/// Findings whose safe fix is proven get its edits.
void add_proven_fixes(engine::Run& run, engine::Report& report) {
  auto fixes = run.fix({});
  if (!fixes) return;
  for (engine::FixOutcome& outcome : fixes->outcomes) {
    if (outcome.state != engine::FixState::proven || outcome.edits.empty()) continue;
    for (rules::Finding& finding : report.findings)
      if (finding.fingerprint == outcome.finding.fingerprint) finding.fix = rules::FixOffer{outcome.unsafe, true, std::move(outcome.edits)};
  }
}

/// Whoever reads the file meanwhile (a scrape, an exporter) sees the old one or the new one. A pipe or a device is written to.
bool write_whole(const fs::path& path, const std::string& text) {
  std::error_code error;
  const fs::path target = fs::is_symlink(path, error) ? fs::weakly_canonical(path, error) : path;
  const bool in_place = fs::exists(target, error) && !fs::is_regular_file(target, error);
  const fs::path written = in_place ? target : target.parent_path() / ("." + target.filename().string() + "." + std::to_string(getpid()) + ".tmp");
  std::ofstream file(written, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  if (in_place) return static_cast<bool>(file);
  if (file) fs::rename(written, target, error);
  if (file && !error) return true;
  fs::remove(written, error);
  return false;
}

}  // namespace

std::string command_line(std::string_view command, const SourceArguments& source, const std::string& history) {
  std::string text = "trueup " + std::string(command);
  for (const std::string& path : source.sources) text += " " + quoted(path);
  const auto option = [&](const char* name, const std::string& value) {
    if (!value.empty()) text += std::string(" ") + name + " " + quoted(value);
  };
  for (const std::string& revision : source.revisions) option("--at", revision);
  option("--base", source.base);
  option("--config", source.config);
  option("--history", history);
  option("--replay", source.replay);
  if (source.offline) text += " --offline";
  return text;
}

std::variant<engine::Report, int> judged_report(PreparedRun& prepared, const std::vector<FormatChoice>& formats, const Environment& environment) {
  auto judged = prepared.run->judge();
  if (!judged) {
    prepared.wipe_progress();
    environment.err("trueup: " + printable(judged.error().message) + "\n");
    return 2;
  }
  engine::Report& report = *judged;
  report.version = trueup_version();
  report.notes.insert(report.notes.begin(), prepared.assembly->notes.begin(), prepared.assembly->notes.end());
  const auto shows_fixes = [](const FormatChoice& choice) {
    const report::Format* format = report::find_format(choice.name);
    return format != nullptr && format->shows_fixes;
  };
  if (std::any_of(formats.begin(), formats.end(), shows_fixes)) add_proven_fixes(*prepared.run, report);
  prepared.wipe_progress();
  return std::move(*judged);
}

bool write_reports(const engine::Report& report, const ReportArguments& arguments, const Assembly& assembly, const std::string& command,
                   const Environment& environment) {
  std::vector<FormatChoice> formats = arguments.formats;
  if (formats.empty()) formats.push_back({"terminal", ""});
  report::ReportOptions options;
  const bool no_colour = environment.variable("NO_COLOR").value_or("") != "";
  options.colour = arguments.colour == ColourChoice::always ||
                   (arguments.colour == ColourChoice::automatic && environment.out_is_terminal && !no_colour);
  options.width = environment.width;
  options.show_all = arguments.all;
  options.fail_on = arguments.fail_on;
  options.at_hand = assembly.at_hand;
  options.command = command;
  options.head = assembly.head;
  for (const FormatChoice& choice : formats) {
    std::string text;
    report::ReportOptions own = options;
    if (!choice.file.empty() && arguments.colour != ColourChoice::always) own.colour = false;
    report::find_format(choice.name)->write(report, own, text);
    if (choice.file.empty()) {
      environment.out(text);
    } else if (!write_whole(fs::path(environment.folder) / choice.file, text)) {
      environment.err("trueup: " + printable(choice.file) + " cannot be written\n");
      return false;
    }
  }
  return true;
}

int recorded(const Assembly& assembly, int code, const Environment& environment) {
  const auto problem = assembly.servers.recording_problem();
  if (!problem) return code;
  environment.err("trueup: --record: " + printable(problem->message) + "\n");
  return code == 0 ? 3 : code;
}

}  // namespace trueup::cli
