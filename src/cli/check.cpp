#include <chrono>

#include "base/text.hpp"
#include "cli/assembly.hpp"
#include "cli/commands.hpp"

namespace trueup::cli {
namespace {

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
  PreparedRun prepared = prepare_run(arguments.source, environment, {false, !arguments.plan});
  if (prepared.exit_code != 0) return prepared.exit_code;
  if (arguments.plan) {
    print_plan(prepared.run->plan(), environment);
    return 0;
  }
  const auto judged = judged_report(prepared, arguments.formats, environment);
  if (const int* code = std::get_if<int>(&judged)) return *code;
  const auto& report = std::get<engine::Report>(judged);
  if (!write_reports(report, arguments, *prepared.assembly, command_line("check", arguments.source), environment)) return 2;
  const int code = recorded(*prepared.assembly, engine::exit_code(report, {arguments.fail_on, arguments.require_complete}), environment);
  if (environment.err_is_terminal) {
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    environment.err("in " + std::to_string(elapsed.count()) + " ms\n");
  }
  return code;
}

}  // namespace trueup::cli
