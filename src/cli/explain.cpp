#include <algorithm>

#include "base/text.hpp"
#include "cli/assembly.hpp"
#include "cli/commands.hpp"
#include "report/format.hpp"

namespace trueup::cli {
namespace {

bool is_fingerprint(std::string_view text) {
  return text.size() == 16 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::string indented(std::string_view text) {
  std::string result;
  for (const std::string_view line : split(trim(text), '\n')) result += "  " + std::string(line) + "\n";
  return result;
}

std::string describe(const rules::Rule& rule) {
  std::string text = std::string(rule.code) + " " + std::string(rule.id) + " (" + std::string(to_string(rule.severity)) +
                     ", scope " + std::string(to_string(rule.scope)) + ")\n\n" + std::string(rule.title) + "\n\n" +
                     std::string(trim(rule.why)) + "\n\nIt says: " + std::string(rule.message) + "\n";
  for (const rules::RuleParameter& parameter : rule.parameters)
    text += "\nParameter " + std::string(parameter.name) + " (default " + std::string(parameter.default_value) + "): " +
            std::string(parameter.title) + "\n";
  for (const rules::RuleFix& fix : rule.fixes)
    text += "\nIts fix" + std::string(fix.unsafe ? " (unsafe: only with --unsafe)" : "") + (fix.when.empty() ? "" : ", where `" + std::string(fix.when) + "` is known") +
            ": " + std::string(to_string(fix.action)) + " at `" + std::string(fix.place) + "`" +
            (fix.key.empty() ? "" : " " + std::string(fix.key) + ":") + (fix.text.empty() ? "" : " with " + std::string(fix.text)) +
            "; trueup fix " + std::string(rule.code) + (fix.unsafe ? " --unsafe" : "") + "\n";
  text += "\nIn trueup.yaml:\n  rules:\n    " + std::string(rule.id) + ": none     # error, warning, note, or none\n";
  text += "\nIts query, one row for each subject (" + std::string(rule.file) + "; trueup schema tells the views):\n" +
          indented(rule.query);
  return text;
}

int explain_finding(const ExplainArguments& arguments, const Environment& environment) {
  PreparedRun prepared = prepare_run(arguments.source, environment, {});
  if (prepared.exit_code != 0) return prepared.exit_code;
  auto report = prepared.run->judge();
  if (!report) {
    environment.err("trueup: " + printable(report.error().message) + "\n");
    return 2;
  }
  const auto other = [&](const rules::Finding& finding) { return finding.fingerprint != arguments.what; };
  std::erase_if(report->findings, other);
  std::erase_if(report->unknowns, other);
  if (report->findings.empty() && report->unknowns.empty()) {
    environment.err("trueup: no finding here has the fingerprint " + printable(arguments.what) + "\n");
    return 2;
  }
  std::string text;
  report::ReportOptions options;
  options.show_all = true;
  options.width = environment.width;
  report::find_format("terminal")->write(*report, options, text);
  const rules::Finding& finding = report->findings.empty() ? report->unknowns.front() : report->findings.front();
  for (const auto& [column, value] : finding.values) text += "  " + printable(column) + " = " + printable(value) + "\n";
  if (const rules::Rule* rule = prepared.run->find_rule(finding.rule_id)) text += "\n" + describe(*rule);
  environment.out(text);
  return 0;
}

}  // namespace

int run_explain(const ExplainArguments& arguments, const Environment& environment) {
  if (is_fingerprint(arguments.what)) return explain_finding(arguments, environment);
  std::deque<rules::RuleFolder> folders;
  for (const std::string& folder : arguments.source.rule_folders)
    if (auto texts = read_rule_folder(environment.folder + "/" + folder))
      folders.push_back(rules::RuleFolder::load(std::move(*texts)));
  const RuleChoice choice = choose_rules(folders, Config{}, {arguments.what}, {});
  for (const std::string& problem : choice.problems) environment.err("trueup: " + printable(problem) + "\n");
  if (!choice.problems.empty()) return 2;
  std::string text;
  for (const engine::ChosenRule& chosen : choice.rules) text += (text.empty() ? "" : "\n") + describe(*chosen.rule);
  environment.out(text);
  return 0;
}

}  // namespace trueup::cli
