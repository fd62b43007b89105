#pragma once

// Private to audit/. SQLite on a file of the operator's, where failures are ordinary: each is thrown as a Failure, which the
// functions of History turn into an Error.

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace trueup::audit {

struct Failure : std::runtime_error {
  Failure(int the_code, const std::string& message) : std::runtime_error(message), code(the_code) {}
  int code;  ///< of SQLite, the primary one
};

struct CloseDatabase {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

inline void check(sqlite3* database, int code) {
  if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE) throw Failure(code & 0xFF, sqlite3_errmsg(database));
}

inline void execute(sqlite3* database, const char* sql) { check(database, sqlite3_exec(database, sql, nullptr, nullptr, nullptr)); }

class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql) : database_(database) {
    sqlite3_stmt* raw = nullptr;
    check(database, sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &raw, nullptr));
    handle_.reset(raw);
  }

  /// Binds the next parameter. Text must live until the next reset().
  Statement& add(std::int64_t number) {
    check(database_, sqlite3_bind_int64(handle_.get(), ++bound_, number));
    return *this;
  }
  Statement& add(std::string_view text) {
    check(database_, sqlite3_bind_text(handle_.get(), ++bound_, text.data() == nullptr ? "" : text.data(), static_cast<int>(text.size()), SQLITE_STATIC));
    return *this;
  }
  Statement& add(std::optional<std::int64_t> number) {
    if (number) return add(*number);
    check(database_, sqlite3_bind_null(handle_.get(), ++bound_));
    return *this;
  }

  /// Whether there is another row; at the end the statement is ready for the next binding.
  bool row() {
    const int code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW) {
      column_ = 0;
      return true;
    }
    reset();
    check(database_, code);
    return false;
  }
  /// For what gives no rows.
  void run() {
    while (row()) {
    }
  }
  void reset() {
    sqlite3_reset(handle_.get());
    bound_ = 0;
  }

  /// The next column of the row.
  std::int64_t number() { return sqlite3_column_int64(handle_.get(), column_++); }
  std::optional<std::int64_t> optional_number() {
    if (sqlite3_column_type(handle_.get(), column_) == SQLITE_NULL) {
      ++column_;
      return std::nullopt;
    }
    return number();
  }
  std::string text() {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column_));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column_++));
    return bytes == nullptr ? std::string() : std::string(bytes, size);
  }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
  int bound_ = 0, column_ = 0;
};

/// Undone unless commit() is reached.
class Transaction {
 public:
  explicit Transaction(sqlite3* database) : database_(database) { execute(database, "BEGIN IMMEDIATE"); }
  ~Transaction() {
    if (database_ != nullptr) sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit() {
    execute(database_, "COMMIT");
    database_ = nullptr;
  }

 private:
  sqlite3* database_;
};

}  // namespace trueup::audit
