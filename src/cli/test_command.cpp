#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.hpp"
#include "cli/assembly.hpp"
#include "cli/commands.hpp"
#include "engine/cases.hpp"

namespace trueup::cli {

int run_test(const TestArguments& arguments, const Environment& environment) {
  namespace fs = std::filesystem;
  const std::string root = (fs::path(environment.folder) / arguments.folder).lexically_normal().string();
  auto texts = read_rule_folder(root);
  if (!texts) {
    environment.err("trueup: " + printable(texts.error().message) + "\n");
    return 2;
  }
  const rules::RuleFolder folder = rules::RuleFolder::load(std::move(*texts));
  for (const rules::RuleProblem& problem : folder.problems())
    environment.err(printable(problem.path) + ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column) + ": " +
                    printable(problem.message) + "\n");
  if (!folder.problems().empty()) return 2;
  if (folder.rules().empty()) {
    environment.err("trueup: there is no rule in " + printable(arguments.folder) + "\n");
    return 2;
  }

  // A rule of one's own may stand on the views of a built-in pack.
  std::vector<rules::PackViews> views(folder.views().begin(), folder.views().end());
  for (const rules::PackViews& builtin : rules::builtin_views()) {
    const bool own = std::any_of(views.begin(), views.end(), [&](const rules::PackViews& v) { return v.pack == builtin.pack; });
    if (!own) views.push_back(builtin);
  }
  std::size_t passed = 0, failed = 0, derived = 0;
  for (const rules::Rule& rule : folder.rules()) {
    std::string path(rule.file);
    path.replace(path.size() - 5, 5, ".cases.yaml");
    std::ifstream file(path, std::ios::binary);
    if (!file) {
      environment.err(printable(path) + ": missing; a rule has cases beside it\n");
      ++failed;
      continue;
    }
    std::ostringstream text;
    text << file.rdbuf();
    for (const engine::CaseResult& result : engine::run_cases(text.str(), rule, views, fs::path(path).parent_path().string())) {
      ++(result.failures.empty() ? passed : failed);
      derived += result.derived;
      for (const std::string& failure : result.failures)
        environment.out(printable(path) + ":" + std::to_string(result.line) + ": " + printable(result.name) + ": " +
                        printable(failure) + "\n");
    }
  }
  environment.out(std::to_string(passed) + " cases passed, " + std::to_string(failed) + " failed; " + std::to_string(derived) +
                  " derived runs\n");
  return failed == 0 ? 0 : 1;
}

}  // namespace trueup::cli
