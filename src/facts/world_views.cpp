// The view of each blob table, derived from the schema's text: see the head of views.sql.

#include "base/text.hpp"
#include "facts/schema_text.hpp"
#include "facts/store.hpp"

namespace trueup::facts {
namespace {

/// "  version_span INTEGER REFERENCES span,  -- …" as it stands in a view, or nothing for `id` and `blob`.
std::string view_column(std::string_view name, bool is_span) {
  if (!is_span) return "b." + std::string(name);
  const std::string place = replace_all(name, "span", "place");
  return "(f.file << 32) | b." + std::string(name) + " AS " + place;
}

std::string view_of(std::string_view what, std::string_view body) {
  const std::string name(what);
  std::string sql = "CREATE TEMP VIEW " + name + " AS SELECT f.file, f.file_set, f.repository, ";
  std::string columns;
  bool has_path = false;
  for (std::string_view line : split(body, '\n')) {
    line = trim(line.substr(0, line.find("--")));
    const std::string_view column = line.substr(0, line.find(' '));
    if (column.empty() || column == "id" || column == "blob") continue;
    has_path = has_path || column == "path";
    columns += ", " + view_column(column, line.find("REFERENCES span") != std::string_view::npos);
  }
  // A table with a path of its own (of an action, say) keeps that name; the file's is then file_path.
  sql += has_path ? "f.path AS file_path" : "f.path";
  sql += ", f.on_default, b.id AS " + name + columns + " FROM judged_file f CROSS JOIN blob_" + name + " b ON b.blob = f.blob;\n";
  return sql;
}

}  // namespace

std::string world_views_sql() {
  std::string generated;
  constexpr std::string_view kBegin = "CREATE TABLE blob_";
  for (std::size_t at = 0; (at = kSchemaSql.find(kBegin, at)) != std::string_view::npos;) {
    at += kBegin.size();
    const std::string_view rest = kSchemaSql.substr(at);
    const std::string_view what = rest.substr(0, rest.find_first_of(" ("));
    const std::size_t open = rest.find('\n'), close = rest.find("\n);");
    if (kViewsSql.find("CREATE TEMP VIEW " + std::string(what) + " AS") == std::string_view::npos)
      generated += view_of(what, rest.substr(open, close - open));
  }
  // The generated ones stand on judged_file, which views.sql begins with; views of views.sql may use them.
  const std::size_t first_view = kViewsSql.find("CREATE TEMP VIEW");
  return std::string(kViewsSql.substr(0, first_view)) + generated + std::string(kViewsSql.substr(first_view));
}

}  // namespace trueup::facts
