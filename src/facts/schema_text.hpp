#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "facts/rows.hpp"

namespace trueup::facts {

/// A table of blobs, and its columns as SQLite has them declared: id, blob, then the others in the order of the schema.
struct TableOfBlobs {
  std::string_view name, columns;
  int found_by = -1;  ///< the column, of those behind blob, that its rows are found by beside the blob; -1: none
  bool hangs_on_row = false;  ///< that column is the id of a row, and so names the blob
};

/// Statements, without comments, by the name of the table (with its indexes) or view that they create. A table of blobs has none: SQLite
/// reads the rows where they are.
struct NamedStatement {
  std::string_view name, sql;
  std::span<const std::string_view> words = {};  ///< of a view, those that may name tables and views
};

extern const std::span<const NamedStatement> kSchemaTables;     ///< of schema.sql
extern const std::span<const NamedStatement> kWorldStatements;  ///< of views.sql and the plain views; the name of what is no view is empty
extern const std::array<TableOfBlobs, kTableCount> kTablesOfBlobs;  ///< by Table
extern const std::string_view kSchemaSql;                         ///< schema.sql, comments and all
extern const std::string_view kViewsSql;                          ///< views.sql, comments and all

/// Whether a table of that name holds facts of blobs.
inline bool is_table_of_blobs(std::string_view name) {
  return std::any_of(kTablesOfBlobs.begin(), kTablesOfBlobs.end(), [&](const TableOfBlobs& table) { return table.name == name; });
}

}  // namespace trueup::facts
