#pragma once

#include <sqlite3.h>

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "facts/store.hpp"

namespace trueup::rules {

/// The tables that hold what the stages of a rule gave while it is judged. They are made once, since SQLite compiles every
/// statement anew when a table is made. Each has columns i1, i2 and so on of the type INTEGER, t1 of TEXT and c1 without a type: the
/// type of a column decides how SQLite compares it, and so whether it can be looked up.
class StageTables {
 public:
  static constexpr std::size_t kTables = 12, kColumnsOfAType = 20;

  explicit StageTables(facts::Store& store) : store_(store) {}

  /// Makes the tables if they are not there.
  void create();
  static std::string_view name(std::size_t table);
  /// The columns for the values of a query, in their order; nothing if it has more than fit.
  static std::optional<std::vector<std::string>> columns_for(sqlite3_stmt* query);
  /// Gets ready to keep rows in those columns: what fill() takes.
  sqlite3_stmt* reserve(std::size_t table, const std::vector<std::string>& columns);
  /// Steps a query to its end and keeps its rows. SQLite's result: SQLITE_DONE, or what stopped it.
  static int fill(sqlite3_stmt* insert, sqlite3_stmt* query);
  /// Empties the first tables.
  void clear(std::size_t tables);

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;
  Statement prepare(const std::string& sql);

  facts::Store& store_;
  bool created_ = false;
  std::map<std::string, Statement> inserts_;  ///< by their text
  std::array<Statement, kTables> deletes_;
};

}  // namespace trueup::rules
