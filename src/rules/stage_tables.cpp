#include "rules/stage_tables.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <new>
#include <stdexcept>
#include <string_view>

namespace trueup::rules {
namespace {

constexpr std::string_view kLetters = "itc";  ///< of INTEGER, TEXT and no type
constexpr std::size_t kColumns = kLetters.size() * StageTables::kColumnsOfAType;

/// A value as SQLite gave it; a text stands in the table's own.
struct Value {
  std::int64_t number = 0;  ///< or where the text begins
  double real = 0;
  std::uint32_t size = 0;
  std::uint8_t type = SQLITE_NULL;
};

}  // namespace

struct StageTables::Table {
  std::array<std::size_t, kColumns> place_of{};  ///< of a column in a row, from 1; 0: it holds NULL
  std::size_t width = 0;
  std::vector<Value> values;  ///< row by row
  std::string texts;

  std::size_t rows() const { return width == 0 ? 0 : values.size() / width; }

  void add(sqlite3_value* given) {
    Value& value = values.emplace_back();
    value.type = static_cast<std::uint8_t>(sqlite3_value_type(given));
    if (value.type == SQLITE_INTEGER) {
      value.number = sqlite3_value_int64(given);
    } else if (value.type == SQLITE_FLOAT) {
      value.real = sqlite3_value_double(given);
    } else if (value.type != SQLITE_NULL) {
      const auto* bytes = static_cast<const char*>(value.type == SQLITE_TEXT ? static_cast<const void*>(sqlite3_value_text(given))
                                                                             : sqlite3_value_blob(given));
      value.number = static_cast<std::int64_t>(texts.size());
      value.size = static_cast<std::uint32_t>(sqlite3_value_bytes(given));
      if (value.size > 0) texts.append(bytes, value.size);
    }
  }
};

/// What SQLite calls.
struct StageTables::Module {
  struct Cursor : sqlite3_vtab_cursor {
    std::size_t row = 0;
  };
  struct Opened : sqlite3_vtab {
    Table* table = nullptr;
  };
  static const Table& table_of(sqlite3_vtab_cursor* cursor) { return *static_cast<Opened*>(cursor->pVtab)->table; }
  static Cursor& cursor_of(sqlite3_vtab_cursor* cursor) { return *static_cast<Cursor*>(cursor); }

  static int connect(sqlite3* database, void* table, int /*count*/, const char* const* /*arguments*/, sqlite3_vtab** result, char** /*error*/) {
    std::string columns;
    for (std::size_t i = 0; i < kColumns; ++i)
      columns += (i == 0 ? "" : ", ") + column_name(i) + (i % 3 == 0 ? " INTEGER" : i % 3 == 1 ? " TEXT" : "");
    const int declared = sqlite3_declare_vtab(database, ("CREATE TABLE stage(" + columns + ")").c_str());
    if (declared != SQLITE_OK) return declared;
    auto* const opened = new (std::nothrow) Opened{};
    if (opened == nullptr) return SQLITE_NOMEM;
    opened->table = static_cast<Table*>(table);
    *result = opened;
    return SQLITE_OK;
  }
  static int disconnect(sqlite3_vtab* opened) {
    delete static_cast<Opened*>(opened);
    return SQLITE_OK;
  }
  static int best_index(sqlite3_vtab* /*table*/, sqlite3_index_info* info) {
    // What SQLite takes for a table of which it knows nothing.
    info->estimatedCost = 3e6;
    info->estimatedRows = 1'048'576;
    return SQLITE_OK;
  }
  static int open(sqlite3_vtab* /*table*/, sqlite3_vtab_cursor** result) {
    *result = new (std::nothrow) Cursor{};
    return *result == nullptr ? SQLITE_NOMEM : SQLITE_OK;
  }
  static int close(sqlite3_vtab_cursor* cursor) {
    delete static_cast<Cursor*>(cursor);
    return SQLITE_OK;
  }
  static int filter(sqlite3_vtab_cursor* cursor, int /*plan*/, const char* /*name*/, int /*count*/, sqlite3_value** /*values*/) {
    cursor_of(cursor).row = 0;
    return SQLITE_OK;
  }
  static int next(sqlite3_vtab_cursor* cursor) {
    ++cursor_of(cursor).row;
    return SQLITE_OK;
  }
  static int at_end(sqlite3_vtab_cursor* cursor) { return cursor_of(cursor).row >= table_of(cursor).rows() ? 1 : 0; }
  static int column(sqlite3_vtab_cursor* cursor, sqlite3_context* context, int column) {
    const Table& table = table_of(cursor);
    const std::size_t place = table.place_of.at(static_cast<std::size_t>(column));
    if (place == 0) return SQLITE_OK;
    const Value& value = table.values[cursor_of(cursor).row * table.width + place - 1];
    const char* const text = table.texts.data() + value.number;
    switch (value.type) {
      case SQLITE_INTEGER: sqlite3_result_int64(context, value.number); break;
      case SQLITE_FLOAT: sqlite3_result_double(context, value.real); break;
      case SQLITE_TEXT: sqlite3_result_text(context, text, static_cast<int>(value.size), SQLITE_STATIC); break;
      case SQLITE_BLOB: sqlite3_result_blob(context, text, static_cast<int>(value.size), SQLITE_STATIC); break;
      default: break;
    }
    return SQLITE_OK;
  }
  static int rowid(sqlite3_vtab_cursor* cursor, sqlite3_int64* id) {
    *id = static_cast<sqlite3_int64>(cursor_of(cursor).row + 1);
    return SQLITE_OK;
  }

  /// Without xCreate: the tables are there without a statement that makes them.
  static const sqlite3_module* methods() {
    static const sqlite3_module module = [] {
      sqlite3_module made{};
      made.xConnect = &connect;
      made.xDisconnect = &disconnect;
      made.xBestIndex = &best_index;
      made.xOpen = &open;
      made.xClose = &close;
      made.xFilter = &filter;
      made.xNext = &next;
      made.xEof = &at_end;
      made.xColumn = &column;
      made.xRowid = &rowid;
      return made;
    }();
    return &module;
  }
};

StageTables::StageTables(sqlite3* database) : database_(database) {}
StageTables::~StageTables() = default;

std::string StageTables::name(std::size_t table) { return "rule_stage_" + std::to_string(table + 1); }

std::string StageTables::column_name(std::size_t column) {
  return kLetters[column % kLetters.size()] + std::to_string(1 + column / kLetters.size());
}

void StageTables::know(std::size_t tables) {
  for (; known_ < tables; ++known_) {
    tables_.at(known_) = std::make_unique<Table>();
    const std::string sql = "SELECT 1 FROM " + name(known_);
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_create_module_v2(database_, name(known_).c_str(), Module::methods(), tables_.at(known_).get(), nullptr) != SQLITE_OK ||
        sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
      throw std::logic_error(name(known_) + ": " + sqlite3_errmsg(database_));
    sqlite3_finalize(statement);
  }
}

std::optional<std::vector<std::size_t>> StageTables::columns_for(sqlite3_stmt* query) {
  std::vector<std::size_t> columns;
  std::array<std::size_t, kLetters.size()> taken{};
  for (int i = 0; i < sqlite3_column_count(query); ++i) {
    const char* declared = sqlite3_column_decltype(query, i);
    const std::string_view type = declared == nullptr ? std::string_view{} : declared;
    const std::size_t letter = type == "INTEGER" ? 0 : type == "TEXT" ? 1 : 2;
    if (taken.at(letter) == kColumnsOfAType) return std::nullopt;
    columns.push_back(taken.at(letter)++ * kLetters.size() + letter);
  }
  return columns;
}

int StageTables::fill(std::size_t table, const std::vector<std::size_t>& columns, sqlite3_stmt* query) {
  Table& filled = *tables_.at(table);
  filled.place_of.fill(0);
  filled.width = columns.size();
  for (std::size_t i = 0; i < columns.size(); ++i) filled.place_of.at(columns[i]) = i + 1;
  int result = SQLITE_ROW;
  while ((result = sqlite3_step(query)) == SQLITE_ROW)
    for (int i = 0; i < static_cast<int>(columns.size()); ++i) filled.add(sqlite3_column_value(query, i));
  return result;
}

void StageTables::clear(std::size_t tables) {
  for (std::size_t i = 0; i < tables; ++i) {
    tables_.at(i)->values.clear();
    tables_.at(i)->texts.clear();
  }
}

}  // namespace trueup::rules
