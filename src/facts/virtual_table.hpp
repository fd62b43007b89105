#pragma once

#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "facts/statement.hpp"

namespace trueup::facts {

/// A table of SQLite that can only be read, over rows that are held elsewhere. `Cursor` walks them, made from a `Data&`:
///   static std::string columns(const Data&, int count, const char* const* arguments)   as CREATE TABLE has them; of the statement that makes it
///   static int best_index(const Data&, sqlite3_index_info&)               SQLite's result
///   void filter(int plan, int count, sqlite3_value** values); void next(); bool at_end() const;
///   void column(sqlite3_context*, int) const; std::int64_t id() const
/// None of them may throw. Include it in .cpp files only.
template <typename Data, typename Cursor>
class VirtualTable {
 public:
  enum class Made { by_statement, by_itself };  ///< by CREATE VIRTUAL TABLE … USING name, or there under that name

  /// `data` must outlive every statement that reads the table.
  static void add_module(sqlite3* database, const std::string& name, Data& data, Made made) {
    // SQLite keeps the pointer, and only it.
    void* const kept = const_cast<void*>(static_cast<const void*>(&data));
    static const sqlite3_module stated = module_of(Made::by_statement), itself = module_of(Made::by_itself);
    if (sqlite3_create_module_v2(database, name.c_str(), made == Made::by_itself ? &itself : &stated, kept, nullptr) != SQLITE_OK)
      throw std::logic_error(name + ": " + sqlite3_errmsg(database));
    // Opened here, where it is there by itself: a rule's authorizer would refuse to.
    if (made == Made::by_itself) (void)Statement(database, "SELECT 1 FROM " + name);
  }

 private:
  struct Opened : sqlite3_vtab {
    Data* data = nullptr;
  };
  struct Walk : sqlite3_vtab_cursor {
    explicit Walk(Data& data) : sqlite3_vtab_cursor(), cursor(data) {}
    Cursor cursor;
  };

  static Cursor& cursor_of(sqlite3_vtab_cursor* walk) { return static_cast<Walk*>(walk)->cursor; }

  static int connect(sqlite3* database, void* data, int count, const char* const* arguments, sqlite3_vtab** result, char** /*error*/) {
    const int declared = sqlite3_declare_vtab(database, ("CREATE TABLE x(" + Cursor::columns(*static_cast<const Data*>(data), count, arguments) + ")").c_str());
    if (declared != SQLITE_OK) return declared;
    // Rules and views may read it, though the schema is not trusted.
    sqlite3_vtab_config(database, SQLITE_VTAB_INNOCUOUS);
    auto* const opened = new (std::nothrow) Opened{};
    if (opened == nullptr) return SQLITE_NOMEM;
    opened->data = static_cast<Data*>(data);
    *result = opened;
    return SQLITE_OK;
  }
  static int disconnect(sqlite3_vtab* opened) {
    delete static_cast<Opened*>(opened);
    return SQLITE_OK;
  }
  static int best_index(sqlite3_vtab* table, sqlite3_index_info* info) { return Cursor::best_index(*static_cast<Opened*>(table)->data, *info); }
  static int open(sqlite3_vtab* table, sqlite3_vtab_cursor** result) {
    *result = new (std::nothrow) Walk(*static_cast<Opened*>(table)->data);
    return *result == nullptr ? SQLITE_NOMEM : SQLITE_OK;
  }
  static int close(sqlite3_vtab_cursor* walk) {
    delete static_cast<Walk*>(walk);
    return SQLITE_OK;
  }
  static int filter(sqlite3_vtab_cursor* walk, int plan, const char* /*name*/, int count, sqlite3_value** values) {
    cursor_of(walk).filter(plan, count, values);
    return SQLITE_OK;
  }
  static int next(sqlite3_vtab_cursor* walk) {
    cursor_of(walk).next();
    return SQLITE_OK;
  }
  static int at_end(sqlite3_vtab_cursor* walk) { return cursor_of(walk).at_end() ? 1 : 0; }
  static int column(sqlite3_vtab_cursor* walk, sqlite3_context* context, int column) {
    cursor_of(walk).column(context, column);
    return SQLITE_OK;
  }
  static int rowid(sqlite3_vtab_cursor* walk, sqlite3_int64* id) {
    *id = cursor_of(walk).id();
    return SQLITE_OK;
  }

  static sqlite3_module module_of(Made made) {
    sqlite3_module module{};
    module.xCreate = made == Made::by_statement ? &connect : nullptr;
    module.xConnect = &connect;
    module.xDestroy = module.xDisconnect = &disconnect;
    module.xBestIndex = &best_index;
    module.xOpen = &open;
    module.xClose = &close;
    module.xFilter = &filter;
    module.xNext = &next;
    module.xEof = &at_end;
    module.xColumn = &column;
    module.xRowid = &rowid;
    return module;
  }
};

/// What a plan takes of what SQLite would like to have looked up. Texts are compared byte by byte, whatever else it asks is left to it.
class PlanTaker {
 public:
  explicit PlanTaker(sqlite3_index_info& info) : info_(info) {}

  /// The first usable constraint on a column by one of these operators, or -1.
  int find(int column, std::initializer_list<int> operators) const {
    for (int i = 0; i < info_.nConstraint; ++i) {
      const auto& constraint = info_.aConstraint[i];
      if (constraint.usable == 0 || constraint.iColumn != column || std::ranges::find(operators, constraint.op) == operators.end()) continue;
      if (std::string_view(sqlite3_vtab_collation(&info_, i)) == "BINARY") return i;
    }
    return -1;
  }
  int equality(int column) const { return find(column, {SQLITE_INDEX_CONSTRAINT_EQ}); }

  /// The value comes to filter(), behind those that were taken before, and SQLite does not look at it again.
  void take(int constraint) {
    info_.aConstraintUsage[constraint].argvIndex = ++taken_;
    info_.aConstraintUsage[constraint].omit = 1;
    if (sqlite3_vtab_in(&info_, constraint, -1) != 0) times_ *= kValuesOfIn;
  }
  /// How often the plan is gone through: once for each value of an IN.
  int times() const { return times_; }

 private:
  static constexpr int kValuesOfIn = 25;  ///< as SQLite guesses

  sqlite3_index_info& info_;
  int taken_ = 0, times_ = 1;
};

/// The integer that equals the value of a constraint, as SQLite compares columns of integers; nothing where none does.
inline std::optional<std::int64_t> integer_of(sqlite3_value* value) {
  const int type = sqlite3_value_numeric_type(value);
  if (type == SQLITE_INTEGER) return sqlite3_value_int64(value);
  constexpr double kExact = 9e15;  // beyond it not every integer is a double
  const double real = type == SQLITE_FLOAT ? sqlite3_value_double(value) : kExact;
  if (real <= -kExact || real >= kExact || static_cast<double>(static_cast<std::int64_t>(real)) != real) return std::nullopt;
  return static_cast<std::int64_t>(real);
}

inline std::optional<std::string_view> text_of(sqlite3_value* value) {
  const int type = sqlite3_value_type(value);
  if (type == SQLITE_NULL || type == SQLITE_BLOB) return std::nullopt;
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(value));
  if (bytes == nullptr) return std::nullopt;
  return std::string_view(bytes, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

/// A text that stays where it is until the statement is done.
inline void give_text(sqlite3_context* context, std::string_view text) {
  sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

}  // namespace trueup::facts
