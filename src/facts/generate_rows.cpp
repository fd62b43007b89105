// Reads schema.sql and writes the C++ row types of its blob tables, so that a column is said once.
//
//   CREATE TABLE blob_job_need (…)   ->   struct JobNeedRow { LocalId job; SpanRef span; std::string needed_job_id; … };
//                                    ->   CREATE TEMP VIEW job_need AS …   (see the head of views.sql)
//
// The statements are written one by one and without comments: a run creates the few that it needs, and SQLite reads every
// byte of them.
//
// Usage: generate_rows SCHEMA.sql VIEWS.sql OUT.hpp OUT.cpp

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/sql_words.hpp"

namespace {

struct Column {
  std::string name, type, references;
  bool not_null = false, primary_key = false;
};
struct Table {
  std::string name;
  std::vector<Column> columns;
};

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::cerr << "generate_rows: cannot read " << path << '\n';
    std::exit(1);
  }
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<Table> read_tables(const std::string& schema) {
  std::vector<Table> tables;
  std::istringstream lines(schema);
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    const std::string code = line.substr(0, line.find("--"));
    std::istringstream words(code);
    std::string first, second, third;
    words >> first;
    if (first == "CREATE") {
      words >> second >> third;
      tables.push_back({third, {}});
      inside = true;
    } else if (inside && first.rfind(')', 0) == 0) {
      inside = false;
    } else if (inside && !first.empty()) {
      Column column;
      column.name = first;
      words >> column.type;
      if (!column.type.empty() && column.type.back() == ',') column.type.pop_back();
      column.not_null = code.find("NOT NULL") != std::string::npos;
      column.primary_key = code.find("PRIMARY KEY") != std::string::npos;
      if (const auto at = code.find("REFERENCES "); at != std::string::npos) {
        std::istringstream target(code.substr(at + 11));
        target >> column.references;
        if (column.references.back() == ',') column.references.pop_back();
      }
      tables.back().columns.push_back(column);
    }
  }
  return tables;
}

bool is_blob_table(const Table& table) { return table.name.rfind("blob_", 0) == 0; }

bool is_implied(const Column& column) { return column.primary_key || column.references == "blob"; }

/// The number of the column, of those that are not implied, by which rows are found beside the blob: where they hang on rows of another
/// blob table, the one that names the nearest; else `key`; -1 where there is none.
int found_by(const Table& table) {
  int key = -1, parent = -1, number = 0;
  for (const Column& column : table.columns) {
    if (is_implied(column)) continue;
    if (column.name == "key") key = number;
    if (column.references.rfind("blob_", 0) == 0 && column.references != table.name) parent = number;
    ++number;
  }
  return parent >= 0 ? parent : key;
}

bool hangs_on_row(const Table& table) {
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [&](const Column& column) { return column.references.rfind("blob_", 0) == 0 && column.references != table.name; });
}

std::string camel(const std::string& name) {
  std::string result;
  bool upper = true;
  for (const char c : name) {
    if (c == '_') {
      upper = true;
    } else {
      result += upper ? static_cast<char>(std::toupper(c)) : c;
      upper = false;
    }
  }
  return result;
}

std::string short_name(const Table& table) { return table.name.substr(5); }

std::string cpp_type(const Column& column) {
  if (column.references == "span") return "SpanRef";
  if (!column.references.empty()) return "LocalId";
  if (column.type == "TEXT") return column.not_null ? "std::string" : "std::optional<std::string>";
  return column.not_null ? "std::int64_t" : "std::optional<std::int64_t>";
}

/// The statements of a text, each without comments and with blanks squeezed. Quotes hide both.
std::vector<std::string> statements(const std::string& sql) {
  std::vector<std::string> result(1);
  char quote = 0;
  for (std::size_t at = 0; at < sql.size(); ++at) {
    std::string& statement = result.back();
    const char c = sql[at];
    if (quote != 0) {
      if (c == quote) quote = 0;
      statement += c;
    } else if (sql.compare(at, 2, "--") == 0) {
      at = std::min(sql.find('\n', at), sql.size()) - 1;
    } else if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      if (!statement.empty() && statement.back() != ' ' && statement.back() != '(') statement += ' ';
    } else if (c == ';') {
      statement += c;
      result.emplace_back();
    } else {
      if (c == '\'' || c == '"') quote = c;
      statement += c;
    }
  }
  if (result.back().find_first_not_of(' ') == std::string::npos) result.pop_back();
  return result;
}

std::string word(const std::string& text, int number) {
  std::istringstream words(text);
  std::string found;
  for (int i = 0; i <= number; ++i) words >> found;
  return found.substr(0, found.find('('));
}

/// The statements that create a table and its indexes; none for a table of blobs, whose rows stay where they are.
std::vector<std::pair<std::string, std::string>> table_statements(const std::string& schema) {
  std::vector<std::pair<std::string, std::string>> result;
  for (const std::string& statement : statements(schema)) {
    if (word(statement, 1) == "TABLE") {
      const std::string name = word(statement, 2);
      result.emplace_back(name, is_blob_table({name, {}}) ? "" : statement);
      continue;
    }
    // CREATE INDEX name ON table(…)
    for (auto& [table, text] : result)
      if (table == word(statement, 4)) text += ' ' + statement;
  }
  return result;
}

/// The plain view of a blob table: every span as a place, and the file's columns before its own.
std::string view_of(const Table& table, std::size_t number) {
  std::string columns;
  bool has_path = false;
  for (const Column& column : table.columns) {
    if (is_implied(column)) continue;
    has_path = has_path || column.name == "path";
    std::string place = column.name;
    if (const auto at = place.find("span"); column.references == "span" && at != std::string::npos) place.replace(at, 4, "place");
    columns += column.references == "span" ? ", (f.file << 32) | b." + column.name + " AS " + place : ", b." + column.name;
  }
  // A table with a path of its own (of an action, say) keeps that name; the file's is then file_path.
  const std::string name = short_name(table);
  return "CREATE TEMP VIEW " + name + " AS SELECT f.file, f.file_set, f.repository, " + (has_path ? "f.path AS file_path" : "f.path") +
         ", f.on_default, b.id AS " + name + columns + " FROM judged_file f CROSS JOIN blob_" + name + " b ON b.blob = f.blob WHERE f.holds = " + std::to_string(number) + ";";
}

/// Statements of the world by the view that they create, empty for others: those of views.sql, and behind its tables a plain
/// view for each blob table that it does not define.
std::vector<std::pair<std::string, std::string>> world_statements(const std::vector<Table>& tables, const std::string& views) {
  std::vector<std::pair<std::string, std::string>> before, plain, after;
  for (const std::string& statement : statements(views)) {
    const bool is_view = word(statement, 2) == "VIEW";
    (is_view ? after : before).emplace_back(is_view ? word(statement, 3) : "", statement);
  }
  std::size_t number = 0;
  for (const Table& table : tables) {
    if (!is_blob_table(table)) continue;
    ++number;
    const bool own = std::any_of(after.begin(), after.end(), [&](const auto& view) { return view.first == short_name(table); });
    if (!own) plain.emplace_back(short_name(table), view_of(table, number - 1));
  }
  before.insert(before.end(), plain.begin(), plain.end());
  before.insert(before.end(), after.begin(), after.end());
  return before;
}

void write_statements(std::ostream& out, const char* name, const std::vector<std::pair<std::string, std::string>>& list) {
  out << "constexpr NamedStatement " << name << "[] = {\n";
  for (const auto& [key, text] : list) out << "    {\"" << key << "\", R\"sql(" << text << ")sql\"},\n";
  out << "};\n";
}

/// The same with the words of each view that name tables and other views: a run follows them from the rules that it has.
void write_world(std::ostream& out, const std::vector<std::pair<std::string, std::string>>& list, std::set<std::string, std::less<>> names) {
  for (const auto& [name, text] : list) names.insert(name);
  std::ostringstream statements;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto& [name, text] = list[i];
    std::set<std::string> words;
    trueup::for_each_sql_word(text, [&, &name = name](std::string_view word) {
      if (word != name && names.contains(word)) words.emplace(word);
    });
    statements << "    {\"" << name << "\", R\"sql(" << text << ")sql\"";
    if (!name.empty() && !words.empty()) {
      out << "constexpr std::string_view kWords" << i << "[] = {";
      for (const std::string& word : words) out << '"' << word << "\", ";
      out << "};\n";
      statements << ", kWords" << i;
    }
    statements << "},\n";
  }
  out << "constexpr NamedStatement kWorld[] = {\n" << statements.str() << "};\n";
}

std::string raw_literals(const std::string& text) {
  // Compilers limit the length of one literal; adjacent ones are joined.
  std::string result;
  for (std::size_t at = 0; at < text.size(); at += 8000)
    result += "R\"sql(" + text.substr(at, 8000) + ")sql\"\n";
  return result;
}

std::string row_struct(const Table& table) {
  std::ostringstream text, cases;
  std::string key;
  const int found_by_column = found_by(table);
  text << "struct " << camel(short_name(table)) << "Row {\n  static constexpr Table table = Table::" << short_name(table)
       << ";\n  static constexpr int found_by_column = " << found_by_column << ";\n";
  int number = 0;
  for (const Column& column : table.columns) {
    if (is_implied(column)) continue;
    text << "  " << cpp_type(column) << ' ' << column.name << "{};\n";
    if (number == found_by_column) key = column.name;
    cases << "      case " << number++ << ": return take(" << column.name << ");\n";
  }
  if (!key.empty()) text << "  const auto& found_by() const { return " << key << "; }\n";
  text << "  static constexpr int columns = " << number << ";\n"
       << "  template <typename Take>\n  void column(int number, const Take& take) const {\n    switch (number) {\n" << cases.str()
       << "      default: return;\n    }\n  }\n};\n\n";
  return text.str();
}

/// What SQLite is told of a table of blobs: columns without what only SQLite's own tables have.
std::string declared_columns(const Table& table) {
  std::string text;
  for (const Column& column : table.columns) text += (text.empty() ? "" : ", ") + column.name + ' ' + column.type;
  return text;
}

/// Leaves a file that is right already as old as it is: what includes the row types is compiled again only when they change.
bool write_if_changed(const std::string& path, const std::string& text) {
  if (std::ifstream file(path, std::ios::binary); file) {
    std::ostringstream present;
    present << file.rdbuf();
    if (present.str() == text) return true;
  }
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  return file.good();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const std::string schema = read_file(argv[1]), views = read_file(argv[2]);
  const std::vector<Table> tables = read_tables(schema);

  std::ostringstream header, source;
  header << "// Written by generate_rows from schema.sql. column(): gives the column of that number, from 0 and without those that a store fills\n"
            "// in, to `take`. found_by(): what rows are found by beside their blob, where there is something.\n#pragma once\n\n#include \"facts/row_types.hpp\"\n\n"
            "namespace trueup::facts {\n\nenum class Table : std::uint8_t {\n";
  for (const Table& table : tables)
    if (is_blob_table(table)) header << "  " << short_name(table) << ",\n";
  header << "};\n\n";
  std::size_t count = 0;
  for (const Table& table : tables) {
    if (!is_blob_table(table)) continue;
    ++count;
    header << row_struct(table);
  }
  header << "inline constexpr std::size_t kTableCount = " << count << ";\n\n";
  header << "/// The rows of one blob, a vector for each table, numbers ascending.\nstruct RowVectors {\n";
  for (const Table& table : tables)
    if (is_blob_table(table))
      header << "  std::vector<std::pair<LocalId, " << camel(short_name(table)) << "Row>> " << short_name(table) << ";\n";
  header << "\n";
  for (const Table& table : tables)
    if (is_blob_table(table))
      header << "  auto& of(const " << camel(short_name(table)) << "Row*) { return " << short_name(table) << "; }\n";
  for (const char* const constness : {"", " const"}) {
    header << "\n  template <typename Take>\n  void each_table(const Take& take)" << constness << " {\n";
    for (const Table& table : tables)
      if (is_blob_table(table)) header << "    take(" << short_name(table) << ");\n";
    header << "  }\n";
  }
  header << "};\n\n}  // namespace trueup::facts\n";

  source << "// Written by generate_rows from schema.sql.\n#include \"facts/rows.hpp\"\n#include "
            "\"facts/schema_text.hpp\"\n\nnamespace trueup::facts {\n\n";
  source << "const std::array<TableOfBlobs, kTableCount> kTablesOfBlobs = {{\n";
  for (const Table& table : tables)
    if (is_blob_table(table)) source << "    {\"" << table.name << "\", \"" << declared_columns(table) << "\", " << found_by(table) << ", " << (hangs_on_row(table) ? "true" : "false") << "},\n";
  source << "}};\n\n";
  source << "namespace {\n";
  write_statements(source, "kTables", table_statements(schema));
  std::set<std::string, std::less<>> names;
  for (const Table& table : tables) names.insert(table.name);
  write_world(source, world_statements(tables, views), std::move(names));
  source << "}  // namespace\n\nconst std::span<const NamedStatement> kSchemaTables = kTables;\n"
            "const std::span<const NamedStatement> kWorldStatements = kWorld;\n\n";
  source << "const std::string_view kSchemaSql =\n" << raw_literals(schema) << ";\n\n";
  source << "const std::string_view kViewsSql =\n" << raw_literals(views) << ";\n\n}  // namespace trueup::facts\n";
  return write_if_changed(argv[3], header.str()) && write_if_changed(argv[4], source.str()) ? 0 : 1;
}
