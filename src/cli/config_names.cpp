#include <algorithm>
#include <charconv>
#include <set>

#include "base/text.hpp"
#include "cli/config.hpp"
#include "cli/config_schema.hpp"
#include "rules/loading/rule_folder.hpp"

namespace trueup::cli {
namespace {

std::string pointer(std::initializer_list<std::string_view> names) {
  std::string text;
  for (const std::string_view name : names) text += '/' + replace_all(replace_all(name, "~", "~0"), "/", "~1");
  return text;
}

ConfigProblem problem_at(const Config& config, const std::string& place, std::string message) {
  const auto found = config.places.find(place);
  const LineColumn at = found == config.places.end() ? LineColumn{} : found->second;
  return {config.file, at.line, at.column, std::move(message)};
}

/// "; did you mean `x`?", or what there is.
std::string way_out(std::string_view wanted, const std::vector<std::string>& known, std::string_view otherwise) {
  const auto nearest = nearest_name(wanted, known);
  return nearest ? "; did you mean `" + *nearest + "`?" : std::string(otherwise);
}

const rules::Rule* find_rule(std::span<const rules::Rule> known, std::string_view name) {
  for (const rules::Rule& rule : known) {
    const bool formerly = std::find(rule.aliases.begin(), rule.aliases.end(), name) != rule.aliases.end();
    if (rule.id == name || equal_ignoring_ascii_case(rule.code, name) || formerly) return &rule;
  }
  return nullptr;
}

bool is_of_type(rules::ParameterType type, std::string_view value) {
  if (type == rules::ParameterType::duration) return rules::parse_duration(value).has_value();
  if (type == rules::ParameterType::text) return true;
  std::int64_t number = 0;
  const auto [stop, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  return error == std::errc{} && stop == value.data() + value.size();
}

void check_parameters(const Config& config, const RuleConfig& wanted, const rules::Rule& rule,
                      std::vector<ConfigProblem>& problems) {
  std::vector<std::string> names = {"severity"};
  for (const rules::RuleParameter& parameter : rule.parameters) names.emplace_back(parameter.name);
  for (const auto& [name, value] : wanted.parameters) {
    const std::string place = pointer({"rules", wanted.rule, name});
    const auto found = std::find_if(rule.parameters.begin(), rule.parameters.end(),
                                    [&](const rules::RuleParameter& each) { return each.name == name; });
    if (found == rule.parameters.end()) {
      const std::string known = "; " + quoted(rule.id) + " knows " + join(names, ", ");
      problems.push_back(
          problem_at(config, place, "unknown parameter " + quoted(name) + way_out(name, names, known)));
    } else if (!is_of_type(found->type, value)) {
      const std::string_view form = found->type == rules::ParameterType::integer
                                        ? "is no whole number"
                                        : "is no duration; write a number and s, m, h, d or w, such as 14d";
      problems.push_back(problem_at(config, place, quoted(value) + " in " + quoted(name) + ' ' + std::string(form)));
    }
  }
}

}  // namespace

std::vector<ConfigProblem> check_rule_names(const Config& config, std::span<const rules::Rule> known) {
  std::set<std::string, std::less<>> packs;
  std::vector<std::string> names;
  for (const rules::Rule& rule : known) {
    packs.emplace(rule.pack);
    names.emplace_back(rule.id);
    names.emplace_back(rule.code);
  }
  names.insert(names.end(), packs.begin(), packs.end());

  std::vector<ConfigProblem> problems;
  for (const RuleConfig& wanted : config.rules) {
    if (const rules::Rule* rule = find_rule(known, wanted.rule)) {
      check_parameters(config, wanted, *rule, problems);
    } else if (!packs.contains(wanted.rule)) {
      problems.push_back(problem_at(config, pointer({"rules", wanted.rule}),
                                    "no rule or pack is named " + quoted(wanted.rule) +
                                        way_out(wanted.rule, names, "; `trueup rules` lists them")));
    } else {
      for (const auto& [name, value] : wanted.parameters)
        problems.push_back(
            problem_at(config, pointer({"rules", wanted.rule, name}),
                       "a pack has no parameters, only `severity`; " + quoted(name) + " belongs to a rule"));
    }
  }
  const std::vector<std::string> rules_only(names.begin(), names.end() - static_cast<std::ptrdiff_t>(packs.size()));
  for (std::size_t i = 0; i < config.suppressions.size(); ++i) {
    const std::string& wanted = config.suppressions[i].rule;
    if (find_rule(known, wanted) == nullptr)
      problems.push_back(problem_at(config, pointer({"suppressions", std::to_string(i), "rule"}),
                                    packs.contains(wanted) ? quoted(wanted) + " is a pack; a suppression names one rule"
                                                           : "no rule is named " + quoted(wanted) +
                                                                 way_out(wanted, rules_only, "; `trueup rules` lists them")));
  }
  return problems;
}

std::vector<ConfigProblem> check_kind_names(const Config& config, std::span<const std::string> known) {
  std::vector<std::string> names(known.begin(), known.end());
  names.emplace_back("none");
  std::vector<ConfigProblem> problems;
  for (const KindConfig& each : config.kinds)
    if (std::find(names.begin(), names.end(), each.kind) == names.end())
      problems.push_back(problem_at(config, pointer({"kinds", each.glob}),
                                    "unknown kind " + quoted(each.kind) +
                                        way_out(each.kind, names, "; known are " + join(names, ", "))));
  return problems;
}

}  // namespace trueup::cli
