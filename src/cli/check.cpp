#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>
#include <vector>

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

/// Where a credential was looked for, host by host.
void print_credentials(const std::vector<std::string>& hosts, live::CredentialSource* credentials, const Environment& environment) {
  std::string text;
  if (hosts.empty()) text = "no host would be asked\n";
  for (const std::string& host : hosts) {
    text += printable(host) + "\n";
    const auto parsed = live::HostPort::parse(host);
    if (!parsed || credentials == nullptr) continue;
    std::vector<live::CredentialNote> notes = credentials->explain(*parsed);
    std::size_t width = 0;
    for (const live::CredentialNote& note : notes) width = std::max(width, printable(note.source).size());
    for (const live::CredentialNote& note : notes) {
      const std::string source = printable(note.source);
      text += "  " + source + std::string(width - source.size() + 2, ' ') + printable(note.outcome) + (note.problem ? " (!)" : "") + "\n";
    }
    if (!credentials->find(*parsed)) text += "  asked without a credential\n";
  }
  environment.out(text);
}

}  // namespace

int run_check(const CheckArguments& arguments, const Environment& environment) {
  const auto begin = std::chrono::steady_clock::now();
  const bool judges = !arguments.plan && !arguments.explain_credentials;
  PreparedRun prepared = prepare_run(arguments.source, environment, {.fetches = judges, .judges = judges});
  if (prepared.exit_code != 0) return prepared.exit_code;
  if (arguments.plan) {
    print_plan(prepared.run->plan(), environment);
    return 0;
  }
  if (arguments.explain_credentials) {
    print_credentials(prepared.run->plan().hosts, prepared.assembly->servers.credentials(), environment);
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
  // Some hundred thousand blocks, which the end of the process gives back at once.
  if (environment.ends_process) {
    static auto& kept = *new std::vector<std::unique_ptr<engine::Run>>;
    kept.push_back(std::move(prepared.run));
  }
  return code;
}

}  // namespace trueup::cli
