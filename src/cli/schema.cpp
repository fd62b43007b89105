#include <algorithm>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "facts/schema_docs.hpp"
#include "rules/sql_functions.hpp"

namespace trueup::cli {

int run_schema(const SchemaArguments& arguments, const Environment& environment) {
  const std::vector<facts::ViewDoc> views = facts::view_docs();
  std::string text;
  if (arguments.view.empty()) {
    std::size_t widest = 0;
    for (const facts::ViewDoc& view : views) widest = std::max(widest, view.name.size());
    for (const facts::ViewDoc& view : views)
      text += view.name + std::string(widest - view.name.size() + 2, ' ') + view.title + "\n";
    text += "\nFunctions:\n";
    for (const rules::SqlFunctionEntry& function : rules::sql_functions())
      text += "  " + std::string(function.name) + "(" + std::string(function.arguments) + ")  " + std::string(function.text) + "\n";
    text += "\ntrueup schema VIEW tells the columns; trueup query 'SELECT …' asks them.\n";
    environment.out(text);
    return 0;
  }
  const auto view = std::find_if(views.begin(), views.end(), [&](const facts::ViewDoc& v) { return v.name == arguments.view; });
  if (view == views.end()) {
    std::vector<std::string> names;
    for (const facts::ViewDoc& known : views) names.push_back(known.name);
    const auto nearest = nearest_name(arguments.view, names);
    environment.err("trueup: no view is called " + printable(arguments.view) + (nearest ? "; did you mean " + *nearest + "?" : "") + "\n");
    return 2;
  }
  text = view->name + ": " + view->title + "\n";
  std::size_t widest = 0;
  for (const facts::ColumnDoc& column : view->columns) widest = std::max(widest, column.name.size());
  for (const facts::ColumnDoc& column : view->columns)
    text += "  " + column.name + std::string(widest - column.name.size() + 2, ' ') + column.title + "\n";
  environment.out(text);
  return 0;
}

}  // namespace trueup::cli
