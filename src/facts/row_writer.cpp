#include "facts/row_writer.hpp"

#include "facts/statement.hpp"

namespace trueup::facts {

std::int64_t add_row(Store& store, std::string_view table, const std::vector<Cell>& cells) {
  store.create_table(table);
  std::string sql = "INSERT INTO " + std::string(table) + " VALUES(NULL";
  for (std::size_t i = 0; i < cells.size(); ++i) sql += ",?";
  Statement insert(store.database(), sql + ")");
  int at = 1;
  for (const Cell& value : cells) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) insert.bind(at++, *number);
    else if (const auto* text = std::get_if<std::string>(&value)) insert.bind(at++, std::string_view(*text));
    else insert.bind_null(at++);
  }
  insert.run();
  return sqlite3_last_insert_rowid(store.database());
}

}  // namespace trueup::facts
