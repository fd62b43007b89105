#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "facts/rows.hpp"

struct sqlite3;

namespace trueup::facts {

class TableOfRows;

/// The rows of all blobs, as extractors gave them, table by table. Read by many threads while nothing is added.
class BlobTables {
 public:
  BlobTables();
  ~BlobTables();

  /// Takes the rows of a blob, whose number is above those before. `first_row`, `first_span`: what local numbers are added to.
  /// Gives the tables whose first rows these are.
  std::vector<std::size_t> add(std::int64_t blob, std::string_view kind, std::int64_t first_row, std::int64_t first_span, RowVectors&& rows);

  bool has_rows(std::size_t table) const { return tables_[table] != nullptr; }
  /// The kinds of documents that rows of a table were read from.
  std::span<const std::string_view> kinds_in(std::size_t table) const;

 private:
  friend class ShownBlobTables;
  std::array<std::unique_ptr<TableOfRows>, kTableCount> tables_;  ///< by Table; null without rows
};

/// Shows the tables to SQL, in one database. SQLite finds rows by id, by blob, and by what a row hangs on.
class ShownBlobTables {
 public:
  /// Both must outlive it, and it every statement of the database.
  ShownBlobTables(sqlite3* database, const BlobTables& tables) : database_(database), tables_(tables) {}
  ShownBlobTables(const ShownBlobTables&) = delete;
  ShownBlobTables& operator=(const ShownBlobTables&) = delete;

  /// Makes a table known by its name in the schema. Once for each.
  void show(std::size_t table);

 private:
  class Cursor;
  struct Shown {
    const BlobTables* tables = nullptr;
    std::size_t number = 0;
  };

  sqlite3* database_;
  const BlobTables& tables_;
  std::array<Shown, kTableCount> shown_;
};

}  // namespace trueup::facts
