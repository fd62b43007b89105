#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "facts/rows.hpp"

namespace trueup::facts {

/// The statement that fills one blob table: id, then (blob), then the other columns in the order of the schema.
struct TableInsert {
  std::string_view table, statement;
  std::string_view indexed;  ///< what its rows are found by: "blob", or "blob, step" where they hang on a row of another table
};

/// Statements, without comments, by the name of the table (with its indexes) or view that they create.
struct NamedStatement {
  std::string_view name, sql;
  std::span<const std::string_view> words = {};  ///< of a view, those that may name tables and views
};

extern const std::span<const NamedStatement> kSchemaTables;     ///< of schema.sql
extern const std::span<const NamedStatement> kWorldStatements;  ///< of views.sql and the plain views; the name of what is no view is empty
extern const std::array<TableInsert, kTableCount> kTableInserts;  ///< by Table
extern const std::string_view kSchemaSql;                         ///< schema.sql, comments and all
extern const std::string_view kViewsSql;                          ///< views.sql, comments and all

/// Whether a table of that name holds facts of blobs.
inline bool is_table_of_blobs(std::string_view name) {
  return std::any_of(kTableInserts.begin(), kTableInserts.end(), [&](const TableInsert& insert) { return insert.table == name; });
}

}  // namespace trueup::facts
