#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "base/text.hpp"
#include "cli/assembly.hpp"
#include "cli/commands.hpp"
#include "report/format.hpp"

namespace trueup::cli {
namespace {

std::string quoted(const std::string& word) {
  const bool plain = !word.empty() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                                             "-_./:@=,+%~^") == std::string::npos;
  return plain ? word : "'" + replace_all(word, "'", "'\\''") + "'";
}

/// The command as a person would give it again, for hints.
std::string command_line(const SourceArguments& source) {
  std::string text = "trueup check";
  for (const std::string& path : source.sources) text += " " + quoted(path);
  const auto option = [&](const char* name, const std::string& value) {
    if (!value.empty()) text += std::string(" ") + name + " " + quoted(value);
  };
  for (const std::string& revision : source.revisions) option("--at", revision);
  option("--base", source.base);
  option("--config", source.config);
  option("--replay", source.replay);
  if (source.offline) text += " --offline";
  return text;
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

void print_plan(const engine::Plan& plan, const Environment& environment) {
  std::string text;
  for (const auto& repository : plan.repositories) {
    text += (repository.subject ? "judge     " : "read      ") + printable(repository.slug);
    if (!repository.loaded && !repository.subject)
      text += ": not loaded: " + printable(repository.because);
    else
      text += ": " + printable(join(repository.refs, ", "));
    text += "\n";
  }
  for (const std::string& question : plan.questions) text += "ask       " + printable(question) + "\n";
  text += "rules     " + std::to_string(plan.rules.size()) + ": " + join(plan.rules, ", ") + "\n";
  environment.out(text);
}

}  // namespace

int run_check(const CheckArguments& arguments, const Environment& environment) {
  const auto begin = std::chrono::steady_clock::now();
  std::vector<FormatChoice> formats = arguments.formats;
  if (formats.empty()) formats.push_back({"terminal", ""});
  std::size_t to_output = 0;
  for (const FormatChoice& format : formats) to_output += format.file.empty() ? 1 : 0;
  if (to_output > 1) {
    environment.err("trueup: two formats cannot both go to standard output; give all but one a file: --format NAME=FILE\n");
    return 2;
  }

  PreparedRun prepared = prepare_run(arguments.source, environment, {false, !arguments.plan});
  if (prepared.exit_code != 0) return prepared.exit_code;
  if (arguments.plan) {
    print_plan(prepared.run->plan(), environment);
    return 0;
  }
  auto judged = prepared.run->judge();
  if (!judged) {
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

  report::ReportOptions options;
  const bool no_colour = environment.variable("NO_COLOR").value_or("") != "";
  options.colour = arguments.colour == ColourChoice::always ||
                   (arguments.colour == ColourChoice::automatic && environment.out_is_terminal && !no_colour);
  options.width = environment.width;
  options.show_all = arguments.all;
  options.fail_on = arguments.fail_on;
  options.at_hand = prepared.assembly->at_hand;
  options.command = command_line(arguments.source);
  options.head = prepared.assembly->head;
  for (const FormatChoice& choice : formats) {
    std::string text;
    const report::Format* format = report::find_format(choice.name);
    if (format == nullptr) {
      environment.err("trueup: no format is called " + printable(choice.name) + "\n");
      return 2;
    }
    report::ReportOptions own = options;
    if (!choice.file.empty() && arguments.colour != ColourChoice::always) own.colour = false;
    format->write(report, own, text);
    if (choice.file.empty()) {
      environment.out(text);
      continue;
    }
    const std::filesystem::path path = std::filesystem::path(environment.folder) / choice.file;
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    if (!file) {
      environment.err("trueup: " + printable(choice.file) + " cannot be written\n");
      return 2;
    }
  }

  int code = engine::exit_code(report, {arguments.fail_on, arguments.require_complete});
  if (prepared.assembly->recorder) {
    if (const auto problem = prepared.assembly->recorder->problem()) {
      environment.err("trueup: --record: " + printable(problem->message) + "\n");
      if (code == 0) code = 3;
    }
  }
  if (environment.err_is_terminal) {
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    environment.err("in " + std::to_string(elapsed.count()) + " ms\n");
  }
  return code;
}

}  // namespace trueup::cli
