#include "rules/stage_tables.hpp"

#include <stdexcept>

#include "base/text.hpp"

namespace trueup::rules {
namespace {

constexpr std::array<std::string_view, StageTables::kTables> kNames = {
    "temp.rule_stage_1", "temp.rule_stage_2", "temp.rule_stage_3", "temp.rule_stage_4",  "temp.rule_stage_5",  "temp.rule_stage_6",
    "temp.rule_stage_7", "temp.rule_stage_8", "temp.rule_stage_9", "temp.rule_stage_10", "temp.rule_stage_11", "temp.rule_stage_12"};

}  // namespace

std::string_view StageTables::name(std::size_t table) { return kNames.at(table); }

void StageTables::create() {
  if (created_) return;
  created_ = true;
  std::string columns;
  for (std::size_t i = 1; i <= kColumnsOfAType; ++i) {
    const std::string number = std::to_string(i);
    columns += (i == 1 ? "i" : ", i") + number + " INTEGER, t" + number + " TEXT, c" + number;
  }
  std::string sql;
  for (const std::string_view name : kNames) sql += "CREATE TABLE " + std::string(name) + "(" + columns + ");";
  store_.execute(sql);
}

StageTables::Statement StageTables::prepare(const std::string& sql) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v3(store_.database(), sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr) != SQLITE_OK)
    throw std::logic_error(sql + ": " + sqlite3_errmsg(store_.database()));
  return Statement(raw);
}

std::optional<std::vector<std::string>> StageTables::columns_for(sqlite3_stmt* query) {
  std::vector<std::string> columns;
  std::map<char, std::size_t> taken;
  for (int i = 0; i < sqlite3_column_count(query); ++i) {
    const char* declared = sqlite3_column_decltype(query, i);
    const std::string_view type = declared == nullptr ? std::string_view{} : declared;
    const char letter = type == "INTEGER" ? 'i' : type == "TEXT" ? 't' : 'c';
    const std::size_t number = ++taken[letter];
    if (number > kColumnsOfAType) return std::nullopt;
    columns.push_back(letter + std::to_string(number));
  }
  return columns;
}

sqlite3_stmt* StageTables::reserve(std::size_t table, const std::vector<std::string>& columns) {
  std::string values;
  for (std::size_t i = 0; i < columns.size(); ++i) values += i == 0 ? "?" : ", ?";
  const std::string sql = "INSERT INTO " + std::string(name(table)) + "(" + join(columns, ", ") + ") VALUES (" + values + ")";
  Statement& insert = inserts_[sql];
  if (!insert) insert = prepare(sql);
  if (!deletes_.at(table)) deletes_.at(table) = prepare("DELETE FROM " + std::string(name(table)));
  return insert.get();
}

int StageTables::fill(sqlite3_stmt* insert, sqlite3_stmt* query) {
  const int columns = sqlite3_column_count(query);
  int result = SQLITE_ROW;
  while ((result = sqlite3_step(query)) == SQLITE_ROW) {
    for (int i = 0; i < columns; ++i) sqlite3_bind_value(insert, i + 1, sqlite3_column_value(query, i));
    const int inserted = sqlite3_step(insert);
    sqlite3_reset(insert);
    if (inserted != SQLITE_DONE) {
      result = inserted;
      break;
    }
  }
  sqlite3_clear_bindings(insert);
  return result;
}

void StageTables::clear(std::size_t tables) {
  for (std::size_t i = 0; i < tables; ++i) {
    sqlite3_step(deletes_.at(i).get());
    sqlite3_reset(deletes_.at(i).get());
  }
}

}  // namespace trueup::rules
