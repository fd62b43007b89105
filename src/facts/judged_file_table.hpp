#pragma once

#include <memory>
#include <vector>

#include "facts/store.hpp"

struct sqlite3;

namespace trueup::facts {

/// The virtual table judged_file of views.sql: the files of the world at hand. Its rows are not copied into SQLite: paths and kinds
/// are those of the store, and what is looked for by file, by blob, by file set and path is found in sorted lists.
class JudgedFileTable {
 public:
  struct Row {
    FileId file = 0;
    FileSetId file_set = 0;
    RepositoryId repository = 0;
    BlobId blob = 0;  ///< 0: seen by its path alone
    bool on_default = false;
  };

  /// Registers the module `world_file` on a database. Both must outlive every statement that reads the table.
  JudgedFileTable(sqlite3* database, const Store& store);
  ~JudgedFileTable();
  JudgedFileTable(const JudgedFileTable&) = delete;
  JudgedFileTable& operator=(const JudgedFileTable&) = delete;

  /// In ascending order of file; no statement that reads the table may be at work.
  void set(std::vector<Row> rows);

 private:
  struct Impl;
  class Cursor;

  std::unique_ptr<Impl> impl_;
};

}  // namespace trueup::facts
