#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "facts/answer.hpp"

/// Prepared statements for trueup's own SQL, where a failure is a bug. Private to facts/: include it in .cpp files only.
namespace trueup::facts {

class Statement {
 public:
  Statement() = default;
  Statement(sqlite3* database, std::string_view sql) {
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &raw, nullptr) != SQLITE_OK)
      throw std::logic_error(std::string(sql) + ": " + sqlite3_errmsg(database));
    handle_.reset(raw);
  }

  explicit operator bool() const { return handle_ != nullptr; }
  sqlite3_stmt* get() const { return handle_.get(); }

  Statement& bind(int at, std::int64_t number) {
    sqlite3_bind_int64(get(), at, number);
    return *this;
  }
  /// The text must live until the next run() or row() is done.
  Statement& bind(int at, std::string_view text) {
    // A null pointer would bind NULL.
    sqlite3_bind_text(get(), at, text.data() == nullptr ? "" : text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    return *this;
  }
  Statement& bind_null(int at) {
    sqlite3_bind_null(get(), at);
    return *this;
  }
  template <typename T>
  Statement& bind(int at, const std::optional<T>& value) {
    return value ? bind(at, *value) : bind_null(at);
  }
  /// NULL where the text is empty.
  Statement& bind_or_null(int at, std::string_view text) { return text.empty() ? bind_null(at) : bind(at, text); }

  /// The columns state, because, failed and answer, which follow one another in every table of readings.
  Statement& bind_answer(int at, const Answer& row) {
    return bind(at, row.state).bind_or_null(at + 1, row.because).bind(at + 2, std::int64_t{row.failed}).bind_or_null(at + 3, row.answer);
  }

  /// Steps once to the end and makes the statement ready for the next binding.
  void run() {
    if (sqlite3_step(get()) != SQLITE_DONE)
      throw std::logic_error(std::string("insert: ") + sqlite3_errmsg(sqlite3_db_handle(get())));
    sqlite3_reset(get());
  }
  /// Whether there is another row; resets at the end.
  bool row() {
    const int result = sqlite3_step(get());
    if (result == SQLITE_ROW) return true;
    const std::string message = sqlite3_errmsg(sqlite3_db_handle(get()));
    sqlite3_reset(get());
    if (result != SQLITE_DONE) throw std::logic_error("query: " + message);
    return false;
  }
  /// Whether there is a row at all.
  bool row_once() {
    const bool any = row();
    sqlite3_reset(get());
    return any;
  }
  std::int64_t number(int column) const { return sqlite3_column_int64(get(), column); }
  std::string text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(get(), column));
    return bytes == nullptr ? std::string() : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(get(), column)));
  }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

}  // namespace trueup::facts
