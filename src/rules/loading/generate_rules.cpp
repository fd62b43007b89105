// Parses the rule files of rules/ and writes them as constant tables: reading them at run time costs more than a whole check.
//
// Usage: generate_rules OUT.cpp ROOT FILE...   (files as paths below ROOT)

#include <fstream>
#include <iostream>
#include <sstream>

#include "rules/loading/rule_folder.hpp"

namespace {

using trueup::rules::Rule;

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A string literal in pieces: compilers limit one literal's length.
std::string literal(std::string_view text) {
  std::string result = "std::string_view(";
  std::size_t at = 0;
  do {
    result += "R\"trueup(" + std::string(text.substr(at, 8000)) + ")trueup\" ";
    at += 8000;
  } while (at < text.size());
  return result + ", " + std::to_string(text.size()) + ")";
}

void write_list(std::ostream& out, const std::string& name, std::span<const std::string_view> list) {
  if (list.empty()) return;
  out << "constexpr std::array<std::string_view, " << list.size() << "> " << name << " = {";
  for (const std::string_view text : list) out << literal(text) << ", ";
  out << "};\n";
}

std::string list_name(const char* field, std::size_t number, bool empty) {
  return empty ? std::string("{}") : std::string(field) + std::to_string(number);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  std::vector<trueup::rules::RuleText> texts;
  for (int i = 3; i < argc; ++i) texts.push_back({argv[i], read_file(std::string(argv[2]) + "/" + argv[i])});
  const auto folder = trueup::rules::RuleFolder::load(std::move(texts));
  for (const auto& problem : folder.problems())
    std::cerr << problem.path << ':' << problem.line << ':' << problem.column << ": error: " << problem.message << '\n';
  if (!folder.problems().empty()) return 1;

  std::ofstream out(argv[1]);
  out << "// Written by generate_rules from rules/.\n#include <array>\n\n#include \"rules/rule.hpp\"\n\nnamespace "
         "trueup::rules {\nnamespace {\n\n";
  for (std::size_t i = 0; i < folder.rules().size(); ++i) {
    const Rule& rule = folder.rules()[i];
    write_list(out, "words" + std::to_string(i), rule.words);
    write_list(out, "key" + std::to_string(i), rule.key);
    write_list(out, "reads" + std::to_string(i), rule.reads);
    write_list(out, "files" + std::to_string(i), rule.files);
    write_list(out, "needs" + std::to_string(i), rule.needs);
    write_list(out, "nodes" + std::to_string(i), rule.nodes);
    write_list(out, "aliases" + std::to_string(i), rule.aliases);
    if (!rule.places.empty()) {
      out << "constexpr std::array<RulePlace, " << rule.places.size() << "> places" << i << " = {{";
      for (const auto& place : rule.places) out << '{' << literal(place.column) << ", " << literal(place.label) << "}, ";
      out << "}};\n";
    }
    if (!rule.parameters.empty()) {
      out << "constexpr std::array<RuleParameter, " << rule.parameters.size() << "> parameters" << i << " = {{";
      for (const auto& parameter : rule.parameters)
        out << '{' << literal(parameter.name) << ", ParameterType(" << static_cast<int>(parameter.type) << "), "
            << literal(parameter.default_value) << ", " << literal(parameter.title) << "}, ";
      out << "}};\n";
    }
    if (!rule.fixes.empty()) {
      out << "constexpr std::array<RuleFix, " << rule.fixes.size() << "> fixes" << i << " = {{";
      for (const auto& fix : rule.fixes)
        out << "{fixes::Action(" << static_cast<int>(fix.action) << "), " << literal(fix.place) << ", " << literal(fix.text) << ", "
            << literal(fix.key) << ", " << literal(fix.when) << ", " << literal(fix.sure_when) << ", " << (fix.unsafe ? "true" : "false") << ", "
            << (fix.ends_subject ? "true" : "false") << ", " << (fix.each ? "true" : "false") << "}, ";
      out << "}};\n";
    }
  }
  out << "\nconstexpr std::array<Rule, " << folder.rules().size() << "> kRules = {{\n";
  for (std::size_t i = 0; i < folder.rules().size(); ++i) {
    const Rule& rule = folder.rules()[i];
    out << "    {" << literal(rule.id) << ", " << literal(rule.code) << ", " << literal(rule.pack) << ", Severity("
        << static_cast<int>(rule.severity) << "), Scope(" << static_cast<int>(rule.scope) << "),\n     "
        << literal(rule.title) << ",\n     " << literal(rule.why) << ",\n     " << literal(rule.query) << ",\n     "
        << literal(rule.message) << ",\n     " << literal(rule.when) << ",\n     "
        << list_name("words", i, rule.words.empty()) << ", " << list_name("key", i, rule.key.empty()) << ", " << list_name("reads", i, rule.reads.empty()) << ", "
        << list_name("files", i, rule.files.empty()) << ", " << list_name("needs", i, rule.needs.empty()) << ", " << list_name("nodes", i, rule.nodes.empty()) << ", " << list_name("aliases", i, rule.aliases.empty()) << ", "
        << list_name("places", i, rule.places.empty()) << ", " << list_name("parameters", i, rule.parameters.empty())
        << ", " << list_name("fixes", i, rule.fixes.empty()) << ", " << (rule.anywhere ? "true" : "false") << ", " << (rule.sees_paths ? "true" : "false") << ", " << (rule.within_chart ? "true" : "false") << ", " << literal("rules/" + std::string(rule.file)) << ", "
        << rule.query_line << "},\n";
  }
  out << "}};\n\nconstexpr std::array<PackViews, " << folder.views().size() << "> kViews = {{\n";
  for (const auto& views : folder.views())
    out << "    {" << literal(views.pack) << ",\n     " << literal(views.sql) << ",\n     "
        << literal("rules/" + std::string(views.file)) << "},\n";
  out << "}};\n\n}  // namespace\n\nstd::span<const Rule> builtin_rules() { return kRules; }\nbool is_builtin(const Rule& rule) { return &rule >= kRules.data() && &rule < "
         "kRules.data() + kRules.size(); }\nstd::span<const PackViews> "
         "builtin_views() { return kViews; }\n\n}  // namespace trueup::rules\n";
  return out.good() ? 0 : 1;
}
