#include <deque>

#include "base/text.hpp"
#include "cli/assembly.hpp"
#include "cli/commands.hpp"
#include "cli/json_text.hpp"

namespace trueup::cli {

int run_rules(const RulesArguments& arguments, const Environment& environment) {
  std::deque<rules::RuleFolder> folders;
  for (const std::string& folder : arguments.rule_folders) {
    auto texts = read_rule_folder(environment.folder + "/" + folder);
    if (!texts) texts = read_rule_folder(folder);
    if (!texts) {
      environment.err("trueup: --rules " + printable(folder) + ": " + printable(texts.error().message) + "\n");
      return 2;
    }
    folders.push_back(rules::RuleFolder::load(std::move(*texts)));
    for (const rules::RuleProblem& problem : folders.back().problems())
      environment.err(printable(problem.path) + ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column) +
                      ": " + printable(problem.message) + "\n");
    if (!folders.back().problems().empty()) return 2;
  }
  RuleChoice choice = choose_rules(folders, Config{}, {}, {});
  std::sort(choice.rules.begin(), choice.rules.end(),
            [](const auto& a, const auto& b) { return a.rule->id < b.rule->id; });
  std::string text;
  if (arguments.json) {
    text = "[";
    for (const engine::ChosenRule& chosen : choice.rules) {
      const rules::Rule& rule = *chosen.rule;
      if (text.size() > 1) text += ",";
      text += "\n  {\"code\": " + json_text(rule.code) + ", \"id\": " + json_text(rule.id) + ", \"severity\": " +
              json_text(to_string(rule.severity)) + ", \"scope\": " + json_text(to_string(rule.scope)) + ", \"title\": " +
              json_text(rule.title) + ", \"why\": " + json_text(rule.why) + "}";
    }
    text += "\n]\n";
  } else {
    std::size_t widest = 0;
    for (const engine::ChosenRule& chosen : choice.rules) widest = std::max(widest, chosen.rule->id.size());
    for (const engine::ChosenRule& chosen : choice.rules) {
      const rules::Rule& rule = *chosen.rule;
      const auto padded = [](std::string_view word, std::size_t width) {
        return std::string(word) + std::string(word.size() < width ? width - word.size() : 0, ' ');
      };
      text += padded(rule.code, 4) + " " + padded(rule.id, widest) + "  " + padded(to_string(rule.severity), 7) + "  " +
              std::string(rule.title) + "\n";
    }
  }
  environment.out(text);
  return 0;
}

}  // namespace trueup::cli
