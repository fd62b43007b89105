#include <algorithm>

#include "base/text.hpp"
#include "cli/assembly.hpp"
#include "cli/commands.hpp"
#include "cli/json_text.hpp"

namespace trueup::cli {
namespace {

using Table = rules::Evaluator::Table;

std::string as_text(const Table& table) {
  constexpr std::size_t kWidest = 60;
  const auto shown = [](const std::optional<std::string>& cell) { return cell ? printable(*cell) : std::string("NULL"); };
  std::vector<std::size_t> widths;
  for (const std::string& column : table.columns) widths.push_back(column.size());
  for (const auto& row : table.rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::min(kWidest, std::max(widths[i], shown(row[i]).size()));
  std::string text;
  const auto add_row = [&](const auto& cell_of) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const std::string cell = cell_of(i);
      text += cell;
      if (i + 1 < table.columns.size()) text += std::string(cell.size() < widths[i] ? widths[i] - cell.size() + 2 : 2, ' ');
    }
    text += "\n";
  };
  add_row([&](std::size_t i) { return table.columns[i]; });
  add_row([&](std::size_t i) { return std::string(widths[i], '-'); });
  for (const auto& row : table.rows) add_row([&](std::size_t i) { return shown(row[i]); });
  return text;
}

std::string as_json(const Table& table) {
  std::string text = "[";
  for (const auto& row : table.rows) {
    text += text.size() > 1 ? ",\n  {" : "\n  {";
    for (std::size_t i = 0; i < row.size(); ++i)
      text += (i == 0 ? "" : ", ") + json_text(table.columns[i]) + ": " + (row[i] ? json_text(*row[i]) : "null");
    text += "}";
  }
  return text + "\n]\n";
}

}  // namespace

int run_query(const QueryArguments& arguments, const Environment& environment) {
  PreparedRun prepared = prepare_run(arguments.source, environment, {true, true});
  if (prepared.exit_code != 0) return prepared.exit_code;
  std::string sql = arguments.sql;
  if (!arguments.rule.empty()) {
    const rules::Rule* rule = prepared.run->find_rule(arguments.rule);
    if (rule == nullptr) {
      environment.err("trueup: no rule is called " + printable(arguments.rule) + " (trueup rules lists them)\n");
      return 2;
    }
    sql = rule->query;
  }
  Table table;
  if (const auto fault = prepared.run->query(sql, arguments.most, table)) {
    environment.err("trueup: " + printable(fault->message) + "\n" + (fault->offset ? caret_below(sql, *fault->offset) : ""));
    return 2;
  }
  environment.out(arguments.json ? as_json(table) : as_text(table));
  if (table.cut) environment.err("more than " + std::to_string(arguments.most) + " rows: --limit N shows more\n");
  return 0;
}

}  // namespace trueup::cli
