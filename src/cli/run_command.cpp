#include <exception>

#include "base/text.hpp"
#include "cli/commands.hpp"

namespace trueup::cli {
namespace {

template <typename... F>
struct Overloaded : F... {
  using F::operator()...;
};

}  // namespace

int run_command(const std::vector<std::string>& words, const Environment& environment) {
  try {
    const ParsedArguments parsed = parse_arguments(words);
    if (!parsed.arguments) {
      (parsed.exit_code == 0 ? environment.out : environment.err)(parsed.text);
      return parsed.exit_code;
    }
    return std::visit(Overloaded{[&](const CheckArguments& a) { return run_check(a, environment); },
                                 [&](const AuditArguments& a) { return run_audit(a, environment); },
                                 [&](const DiffArguments& a) { return run_diff(a, environment); },
                                 [&](const FixArguments& a) { return run_fix(a, environment); },
                                 [&](const RulesArguments& a) { return run_rules(a, environment); },
                                 [&](const ExplainArguments& a) { return run_explain(a, environment); },
                                 [&](const QueryArguments& a) { return run_query(a, environment); },
                                 [&](const SchemaArguments& a) { return run_schema(a, environment); },
                                 [&](const TestArguments& a) { return run_test(a, environment); },
                                 [&](const ConfigArguments& a) { return run_config(a, environment); },
                                 [&](const VersionArguments&) {
                                   environment.out("trueup " + std::string(trueup_version()) + "\n");
                                   return 0;
                                 }},
                      *parsed.arguments);
  } catch (const std::exception& failure) {
    environment.err("trueup: a bug of trueup's own, please report it: " + printable(failure.what()) + "\n");
    return 4;
  }
}

}  // namespace trueup::cli
