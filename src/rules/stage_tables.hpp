#pragma once

#include <sqlite3.h>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace trueup::rules {

/// The tables that hold what the stages of a rule gave while it is judged: virtual ones, over rows that are kept here, since SQLite
/// compiles every statement anew when a table is made, and takes a tree and a page for what is read once from end to end. Each
/// has columns i1, i2 and so on of the type INTEGER, t1 of TEXT and c1 without a type: the type of a column decides how SQLite
/// compares it, and so whether it can be looked up.
class StageTables {
 public:
  static constexpr std::size_t kTables = 12, kColumnsOfAType = 20;

  /// On a database of which no statement may read them once this has ended.
  explicit StageTables(sqlite3* database);
  ~StageTables();
  StageTables(const StageTables&) = delete;
  StageTables& operator=(const StageTables&) = delete;

  /// Makes the first tables known, where they are not yet: SQLite would do so in the midst of a rule, which the authorizer refuses.
  void know(std::size_t tables);
  static std::string name(std::size_t table);
  static std::string column_name(std::size_t column);
  /// The columns for the values of a query, in their order; nothing if it has more than fit.
  static std::optional<std::vector<std::size_t>> columns_for(sqlite3_stmt* query);
  /// Steps a query to its end and keeps its rows in those columns. SQLite's result: SQLITE_DONE, or what stopped it.
  int fill(std::size_t table, const std::vector<std::size_t>& columns, sqlite3_stmt* query);
  /// Empties the first tables.
  void clear(std::size_t tables);

 private:
  struct Table;
  class Cursor;

  sqlite3* database_;
  std::array<std::unique_ptr<Table>, kTables> tables_;
  std::size_t known_ = 0;
};

}  // namespace trueup::rules
