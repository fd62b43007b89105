#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "base/text.hpp"
#include "cli/assembly.hpp"

namespace trueup::cli {
namespace {

namespace fs = std::filesystem;

bool is_called(const rules::Rule& rule, std::string_view name) {
  return rule.id == name || equal_ignoring_ascii_case(rule.code, name) || rule.pack == name ||
         std::find(rule.aliases.begin(), rule.aliases.end(), name) != rule.aliases.end();
}

}  // namespace

const rules::RuleFolder* Assembly::folder_of(const rules::Rule& rule) const {
  for (const rules::RuleFolder& folder : folders)
    for (const rules::Rule& own : folder.rules())
      if (&own == &rule) return &folder;
  return nullptr;
}

RuleChoice choose_rules(const std::deque<rules::RuleFolder>& folders, const Config& config, const std::vector<std::string>& only,
                        const std::vector<std::string>& skip) {
  RuleChoice choice;
  std::vector<const rules::Rule*> all;
  for (const rules::Rule& rule : rules::builtin_rules()) all.push_back(&rule);
  choice.views.assign(rules::builtin_views().begin(), rules::builtin_views().end());
  for (const rules::RuleFolder& folder : folders) {
    for (const rules::Rule& rule : folder.rules()) {
      for (const rules::Rule* other : all)
        if (other->id == rule.id || other->code == rule.code)
          choice.problems.push_back(std::string(rule.file) + ": id " + std::string(rule.id) + " or code " +
                                    std::string(rule.code) + " belongs to " + std::string(other->file) + " already");
      all.push_back(&rule);
    }
    choice.views.insert(choice.views.end(), folder.views().begin(), folder.views().end());
  }

  std::vector<std::string> names;
  for (const rules::Rule* rule : all)
    for (const std::string_view name : {rule->id, rule->code, rule->pack}) names.emplace_back(name);
  for (const auto* list : {&only, &skip}) {
    for (const std::string& name : *list) {
      if (std::any_of(all.begin(), all.end(), [&](const rules::Rule* rule) { return is_called(*rule, name); })) continue;
      const auto nearest = nearest_name(name, names);
      choice.problems.push_back("no rule or pack is called " + name + (nearest ? "; did you mean " + *nearest + "?" : "") +
                                " (trueup rules lists them)");
    }
  }

  for (const rules::Rule* rule : all) {
    const auto named_in = [&](const std::vector<std::string>& list) {
      return std::any_of(list.begin(), list.end(), [&](const std::string& name) { return is_called(*rule, name); });
    };
    if ((!only.empty() && !named_in(only)) || named_in(skip)) continue;
    engine::ChosenRule chosen;
    chosen.rule = rule;
    // What is said of a rule wins over what is said of its pack.
    for (const bool exact : {false, true}) {
      for (const RuleConfig& entry : config.rules) {
        if (!is_called(*rule, entry.rule) || (entry.rule != rule->pack) != exact) continue;
        if (entry.severity) chosen.severity = entry.severity;
        for (const auto& [name, value] : entry.parameters) chosen.parameters[name] = value;
      }
    }
    if (chosen.severity == rules::Severity::none) continue;
    choice.rules.push_back(std::move(chosen));
  }
  return choice;
}

Result<std::vector<rules::RuleText>> read_rule_folder(const std::string& folder) {
  std::error_code error;
  std::vector<rules::RuleText> texts;
  if (!fs::is_directory(folder, error)) return Error{Fault::not_found, "there is no folder " + folder};
  constexpr std::size_t kMostEntries = 10'000;
  std::size_t entries = 0;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const fs::directory_entry& entry = *at;
    if (++entries > kMostEntries) return Error{Fault::over_limit, folder + " holds more than 10000 files; name the folder of the rules"};
    const std::string name = entry.path().filename().string();
    std::error_code ignored;
    if (!entry.is_regular_file(ignored) || entry.is_symlink(ignored)) continue;
    if (!name.ends_with(".yaml") && name != "views.sql") continue;
    constexpr std::uintmax_t kMost = 1u << 20;
    if (entry.file_size(ignored) > kMost) return Error{Fault::over_limit, entry.path().string() + " is larger than 1 MiB"};
    std::ifstream file(entry.path(), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) return Error{Fault::denied, entry.path().string() + " cannot be read"};
    texts.push_back({entry.path().string(), text.str()});
  }
  if (error) return Error{Fault::denied, folder + ": " + error.message()};
  return texts;
}

}  // namespace trueup::cli
