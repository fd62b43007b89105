// Reads schema.sql and writes the C++ row types of its blob tables, so that a column is said once.
//
//   CREATE TABLE blob_job_need (…)   ->   struct JobNeedRow { LocalId job; SpanRef span; std::string needed_job_id; };
//
// Usage: generate_rows SCHEMA.sql VIEWS.sql OUT.hpp OUT.cpp

#include <cctype>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

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

bool is_implied(const Column& column) { return column.primary_key || column.references == "blob"; }

std::string raw_literals(const std::string& text) {
  // Compilers limit the length of one literal; adjacent ones are joined.
  std::string result;
  for (std::size_t at = 0; at < text.size(); at += 8000)
    result += "R\"sql(" + text.substr(at, 8000) + ")sql\"\n";
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const std::string schema = read_file(argv[1]), views = read_file(argv[2]);
  const std::vector<Table> tables = read_tables(schema);

  std::ofstream header(argv[3]), source(argv[4]);
  header << "// Written by generate_rows from schema.sql.\n#pragma once\n\n#include \"facts/row_types.hpp\"\n\n"
            "namespace trueup::facts {\n\nenum class Table : std::uint8_t {\n";
  for (const Table& table : tables)
    if (is_blob_table(table)) header << "  " << short_name(table) << ",\n";
  header << "};\n\n";
  std::size_t count = 0;
  for (const Table& table : tables) {
    if (!is_blob_table(table)) continue;
    ++count;
    header << "struct " << camel(short_name(table)) << "Row {\n  static constexpr Table table = Table::"
           << short_name(table) << ";\n";
    for (const Column& column : table.columns)
      if (!is_implied(column)) header << "  " << cpp_type(column) << ' ' << column.name << "{};\n";
    header << "};\n\n";
  }
  header << "inline constexpr std::size_t kTableCount = " << count << ";\n\n";
  header << "/// The rows of one blob, a vector for each table.\nstruct RowVectors {\n";
  for (const Table& table : tables)
    if (is_blob_table(table))
      header << "  std::vector<std::pair<LocalId, " << camel(short_name(table)) << "Row>> " << short_name(table) << ";\n";
  header << "\n";
  for (const Table& table : tables)
    if (is_blob_table(table))
      header << "  auto& of(const " << camel(short_name(table)) << "Row*) { return " << short_name(table) << "; }\n";
  header << "};\n\n/// Gives every row of every table to `bind`, which takes (table, local id, columns in schema order).\n"
            "void visit_rows(const RowVectors& rows, RowVisitor& visitor);\n\n"
            "}  // namespace trueup::facts\n";

  source << "// Written by generate_rows from schema.sql.\n#include \"facts/rows.hpp\"\n#include "
            "\"facts/schema_text.hpp\"\n\nnamespace trueup::facts {\n\n";
  source << "void visit_rows(const RowVectors& rows, RowVisitor& visitor) {\n";
  for (const Table& table : tables) {
    if (!is_blob_table(table)) continue;
    source << "  if (!rows." << short_name(table) << ".empty()) {\n    visitor.begin_table(Table::" << short_name(table)
           << ");\n    for (const auto& [id, row] : rows." << short_name(table)
           << ") {\n      visitor.begin_row(id);\n";
    for (const Column& column : table.columns)
      if (!is_implied(column)) source << "      visitor.column(row." << column.name << ");\n";
    source << "      visitor.end_row();\n    }\n  }\n";
  }
  source << "}\n\n";
  source << "const std::array<TableInsert, kTableCount> kTableInserts = {{\n";
  for (const Table& table : tables) {
    if (!is_blob_table(table)) continue;
    source << "    {\"" << table.name << "\", \"INSERT INTO " << table.name << " VALUES(?";
    for (std::size_t i = 1; i < table.columns.size(); ++i) source << ",?";
    source << ")\"},\n";
  }
  source << "}};\n\n";
  source << "const std::string_view kSchemaSql =\n" << raw_literals(schema) << ";\n\n";
  source << "const std::string_view kViewsSql =\n" << raw_literals(views) << ";\n\n}  // namespace trueup::facts\n";
  return header.good() && source.good() ? 0 : 1;
}
