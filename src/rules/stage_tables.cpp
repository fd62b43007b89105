#include "rules/stage_tables.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string_view>

#include "facts/virtual_table.hpp"

namespace trueup::rules {
namespace {

/// What an emptied table may keep for the next rule. Each thread that judges has some.
constexpr std::size_t kKeptBytes = 64 * 1024;

constexpr std::string_view kLetters = "itc";  ///< of INTEGER, TEXT and no type
constexpr std::size_t kColumns = kLetters.size() * StageTables::kColumnsOfAType;

/// A value as SQLite gave it; a text stands in the table's own.
struct Value {
  std::int64_t number = 0;  ///< or where the text begins, or the bits of a real number
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
      value.number = std::bit_cast<std::int64_t>(sqlite3_value_double(given));
    } else if (value.type != SQLITE_NULL) {
      const auto* bytes = static_cast<const char*>(value.type == SQLITE_TEXT ? static_cast<const void*>(sqlite3_value_text(given))
                                                                             : sqlite3_value_blob(given));
      value.number = static_cast<std::int64_t>(texts.size());
      value.size = static_cast<std::uint32_t>(sqlite3_value_bytes(given));
      if (value.size > 0) texts.append(bytes, value.size);
    }
  }
};

/// Walks its rows, from the first to the last.
class StageTables::Cursor {
 public:
  explicit Cursor(Table& table) : table_(table) {}

  static std::string columns(const Table& /*table*/, int /*count*/, const char* const* /*arguments*/) {
    std::string text;
    for (std::size_t i = 0; i < kColumns; ++i) text += (i == 0 ? "" : ", ") + column_name(i) + (i % 3 == 0 ? " INTEGER" : i % 3 == 1 ? " TEXT" : "");
    return text;
  }
  static int best_index(const Table& /*table*/, sqlite3_index_info& info) {
    // What SQLite takes for a table of which it knows nothing.
    info.estimatedCost = 3e6;
    info.estimatedRows = 1'048'576;
    return SQLITE_OK;
  }
  void filter(int /*plan*/, int /*count*/, sqlite3_value** /*values*/) { row_ = 0; }
  void next() { ++row_; }
  bool at_end() const { return row_ >= table_.rows(); }
  std::int64_t id() const { return static_cast<std::int64_t>(row_ + 1); }

  void column(sqlite3_context* context, int column) const {
    const std::size_t place = table_.place_of.at(static_cast<std::size_t>(column));
    if (place == 0) return;
    const Value& value = table_.values[row_ * table_.width + place - 1];
    const auto text = [&] { return std::string_view(table_.texts).substr(static_cast<std::size_t>(value.number), value.size); };
    switch (value.type) {
      case SQLITE_INTEGER: return sqlite3_result_int64(context, value.number);
      case SQLITE_FLOAT: return sqlite3_result_double(context, std::bit_cast<double>(value.number));
      case SQLITE_TEXT: return facts::give_text(context, text());
      case SQLITE_BLOB: return sqlite3_result_blob(context, text().data(), static_cast<int>(value.size), SQLITE_STATIC);
      default: return;
    }
  }

 private:
  const Table& table_;
  std::size_t row_ = 0;
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
    using Virtual = facts::VirtualTable<Table, Cursor>;
    Virtual::add_module(database_, name(known_), *tables_.at(known_), Virtual::Made::by_itself);
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
    Table& table = *tables_.at(i);
    table.values.clear();
    table.texts.clear();
    if (table.values.capacity() * sizeof(Value) > kKeptBytes) table.values.shrink_to_fit();
    if (table.texts.capacity() > kKeptBytes) table.texts.shrink_to_fit();
  }
}

}  // namespace trueup::rules
