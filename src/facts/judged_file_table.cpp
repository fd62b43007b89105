#include "facts/judged_file_table.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <new>
#include <numeric>
#include <optional>
#include <ranges>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace trueup::facts {

namespace {

using Row = JudgedFileTable::Row;

/// As declared in views.sql.
enum Column { kFile, kFileSet, kRepository, kPath, kBlob, kKind, kOnDefault, kHolds };

/// How rows are found. Whatever the plan, they come by file.
enum class Plan { scan, file, blob, set, set_and_path, set_and_paths, path };

/// What SQLite is told of a plan. It is what it takes itself for a table of which it knows nothing but its indexes, so that it joins
/// in the order that the rules were written and measured with.
struct Price {
  double cost;
  sqlite3_int64 rows;
};
constexpr Price price_of(Plan plan) {
  switch (plan) {
    case Plan::scan: return {3e6, 1'048'576};
    case Plan::file: return {12, 1};
    case Plan::set_and_path: return {30, 9};
    case Plan::set_and_paths: return {100, 60};
    case Plan::path: return {100'000, 10'000};  // in every file set
    default: return {35, 10};
  }
}

constexpr int kValuesOfIn = 25;  ///< of `x IN (SELECT …)`

/// The number of a plan for SQLite, with what is asked besides.
constexpr int kPlans = 7, kOfKind = 8, kAbove = 16, kFrom = 32, kBelow = 64, kUpTo = 128, kHolding = 256;

std::optional<std::int64_t> integer_of(sqlite3_value* value) {
  if (sqlite3_value_numeric_type(value) != SQLITE_INTEGER) return std::nullopt;
  return sqlite3_value_int64(value);
}

std::optional<std::string_view> text_of(sqlite3_value* value) {
  const int type = sqlite3_value_type(value);
  if (type == SQLITE_NULL || type == SQLITE_BLOB) return std::nullopt;
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(value));
  if (bytes == nullptr) return std::nullopt;
  return std::string_view(bytes, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

/// Positions of rows in another order, made when first asked.
class Order {
 public:
  void forget() { made_ = false; }
  /// Those whose key is `wanted`, by file. `key` takes a row.
  template <typename Key, typename Wanted>
  std::span<const std::uint32_t> find(const std::vector<Row>& rows, const Key& key, const Wanted& wanted) {
    const auto key_at = [&](std::uint32_t at) { return key(rows[at]); };
    if (!made_) {
      made_ = true;
      at_.resize(rows.size());
      std::iota(at_.begin(), at_.end(), std::uint32_t{0});
      std::ranges::stable_sort(at_, {}, key_at);
    }
    const auto found = std::ranges::equal_range(at_, wanted, {}, key_at);
    return {found.begin(), found.end()};
  }

 private:
  bool made_ = false;
  std::vector<std::uint32_t> at_;
};

}  // namespace

struct JudgedFileTable::Impl {
  explicit Impl(const Store& the_store) : store(the_store) {}

  const Store& store;
  std::vector<Row> rows;  ///< by file, and so by file set and path too
  Order by_blob, by_path;

  std::string_view path_of(const Row& row) const { return store.file(row.file).path; }
  std::string_view kind_of(const Row& row) const { return store.file(row.file).kind; }
};

/// What SQLite calls. It deletes tables and cursors itself, by these functions.
struct JudgedFileTable::Module {
  struct Table : sqlite3_vtab {
    std::shared_ptr<Impl> impl;
  };

  struct Cursor : sqlite3_vtab_cursor {
    const Impl* impl = nullptr;
    const std::uint32_t* order = nullptr;  ///< what `at` and `end` count; null: the rows themselves
    std::size_t at = 0, end = 0;
    std::optional<std::string> kind;
    std::optional<std::span<const std::string_view>> kinds;  ///< any of these

    const Row& row() const { return impl->rows[order == nullptr ? at : order[at]]; }
    void show(std::span<const std::uint32_t> found) {
      order = found.data();
      end = found.size();
    }
    void show(std::ranges::subrange<std::vector<Row>::const_iterator> found) {
      at = static_cast<std::size_t>(found.begin() - impl->rows.begin());
      end = static_cast<std::size_t>(found.end() - impl->rows.begin());
    }
    void skip_other_kinds() {
      if (kind)
        while (at < end && impl->kind_of(row()) != *kind) ++at;
      if (kinds)
        while (at < end && std::ranges::find(*kinds, impl->kind_of(row())) == kinds->end()) ++at;
    }
  };

  static int create(sqlite3* database, void* impl, int count, const char* const* arguments, sqlite3_vtab** result, char** /*error*/) {
    std::string columns;
    for (int i = 3; i < count; ++i) columns += std::string(i == 3 ? "" : ", ") + arguments[i];
    const int declared = sqlite3_declare_vtab(database, ("CREATE TABLE judged_file(" + columns + ")").c_str());
    if (declared != SQLITE_OK) return declared;
    sqlite3_vtab_config(database, SQLITE_VTAB_INNOCUOUS);
    auto* const table = new (std::nothrow) Table{};
    if (table == nullptr) return SQLITE_NOMEM;
    table->impl = *static_cast<std::shared_ptr<Impl>*>(impl);
    *result = table;
    return SQLITE_OK;
  }

  static int disconnect(sqlite3_vtab* table) {
    delete static_cast<Table*>(table);
    return SQLITE_OK;
  }

  /// The first usable constraint on a column by one of these operators, or -1.
  static int constraint_on(sqlite3_index_info* info, Column column, std::initializer_list<int> operators) {
    for (int i = 0; i < info->nConstraint; ++i) {
      const auto& constraint = info->aConstraint[i];
      if (constraint.usable == 0 || constraint.iColumn != column || std::ranges::find(operators, constraint.op) == operators.end()) continue;
      if ((column == kPath || column == kKind) && std::string_view(sqlite3_vtab_collation(info, i)) != "BINARY") continue;
      return i;
    }
    return -1;
  }

  static int best_index(sqlite3_vtab* /*table*/, sqlite3_index_info* info) {
    int taken = 0, times = 1;
    const auto take = [&](int constraint) {
      info->aConstraintUsage[constraint].argvIndex = ++taken;
      info->aConstraintUsage[constraint].omit = 1;
      if (sqlite3_vtab_in(info, constraint, -1) != 0) times *= kValuesOfIn;
    };
    const auto equality = [&](Column column) { return constraint_on(info, column, {SQLITE_INDEX_CONSTRAINT_EQ}); };
    const int file = equality(kFile), blob = equality(kBlob), set = equality(kFileSet), path = equality(kPath), kind = equality(kKind),
              holds = equality(kHolds),
              lower = constraint_on(info, kPath, {SQLITE_INDEX_CONSTRAINT_GT, SQLITE_INDEX_CONSTRAINT_GE}),
              upper = constraint_on(info, kPath, {SQLITE_INDEX_CONSTRAINT_LT, SQLITE_INDEX_CONSTRAINT_LE});
    Plan plan = Plan::scan;
    if (file >= 0) {
      plan = Plan::file;
      take(file);
      info->idxFlags = SQLITE_INDEX_SCAN_UNIQUE;
    } else if (set >= 0 && path >= 0) {
      plan = Plan::set_and_path;
      take(set);
      take(path);
    } else if (blob >= 0) {
      plan = Plan::blob;
      take(blob);
    } else if (set >= 0 && lower >= 0 && upper >= 0) {
      plan = Plan::set_and_paths;
      take(set);
      take(lower);
      take(upper);
      info->idxNum |= info->aConstraint[lower].op == SQLITE_INDEX_CONSTRAINT_GT ? kAbove : kFrom;
      info->idxNum |= info->aConstraint[upper].op == SQLITE_INDEX_CONSTRAINT_LT ? kBelow : kUpTo;
    } else if (set >= 0) {
      plan = Plan::set;
      take(set);
    } else if (path >= 0) {
      plan = Plan::path;
      take(path);
    }
    info->idxNum |= static_cast<int>(plan);
    const int of_kind = kind >= 0 ? 4 : 1;  // one in four is of a kind
    if (kind >= 0) {
      info->idxNum |= kOfKind;
      take(kind);
    }
    // What the planner expects stays as it is: that others hold no row of a table is found without it too.
    if (holds >= 0) {
      info->idxNum |= kHolding;
      take(holds);
    }
    info->estimatedCost = price_of(plan).cost * times;
    info->estimatedRows = (price_of(plan).rows * times + of_kind - 1) / of_kind;
    info->orderByConsumed = info->nOrderBy == 1 && info->aOrderBy[0].iColumn == kFile && info->aOrderBy[0].desc == 0 ? 1 : 0;
    return SQLITE_OK;
  }

  static int open(sqlite3_vtab* table, sqlite3_vtab_cursor** result) {
    auto* const cursor = new (std::nothrow) Cursor{};
    if (cursor == nullptr) return SQLITE_NOMEM;
    cursor->impl = static_cast<Table*>(table)->impl.get();
    *result = cursor;
    return SQLITE_OK;
  }

  static int close(sqlite3_vtab_cursor* cursor) {
    delete static_cast<Cursor*>(cursor);
    return SQLITE_OK;
  }

  static int filter(sqlite3_vtab_cursor* raw, int number, const char* /*name*/, int count, sqlite3_value** values) {
    auto& cursor = *static_cast<Cursor*>(raw);
    Impl& impl = *static_cast<Table*>(raw->pVtab)->impl;
    cursor.order = nullptr;
    cursor.at = cursor.end = 0;
    cursor.kind.reset();
    cursor.kinds.reset();
    if ((number & kHolding) != 0) cursor.kinds = impl.store.kinds_in(static_cast<std::size_t>(sqlite3_value_int64(values[--count])));
    if ((number & kOfKind) != 0) {
      const auto kind = text_of(values[count - 1]);
      if (!kind) return SQLITE_OK;
      cursor.kind = *kind;
    }
    const auto plan = static_cast<Plan>(number & kPlans);
    if (plan == Plan::scan) {
      cursor.end = impl.rows.size();
    } else if (plan == Plan::path) {
      if (const auto path = text_of(values[0])) cursor.show(impl.by_path.find(impl.rows, [&](const Row& row) { return impl.path_of(row); }, *path));
    } else if (const auto wanted = integer_of(values[0])) {
      find(impl, cursor, plan, *wanted, number, values + 1);
    }
    cursor.skip_other_kinds();
    return SQLITE_OK;
  }

  /// By a number, and the values behind it.
  static void find(Impl& impl, Cursor& cursor, Plan plan, std::int64_t wanted, int number, sqlite3_value** values) {
    const std::vector<Row>& rows = impl.rows;
    const auto path = [&](const Row& row) { return impl.path_of(row); };
    switch (plan) {
      case Plan::file: return cursor.show(std::ranges::equal_range(rows, wanted, {}, &Row::file));
      case Plan::blob: return cursor.show(impl.by_blob.find(rows, [](const Row& row) { return row.blob; }, wanted));
      default: break;
    }
    auto of_set = std::ranges::equal_range(rows, wanted, {}, &Row::file_set);
    if (plan == Plan::set) return cursor.show(of_set);
    const auto from = text_of(values[0]);
    if (!from) return;
    if (plan == Plan::set_and_path) return cursor.show(std::ranges::equal_range(of_set, *from, {}, path));
    const auto to = text_of(values[1]);
    if (!to) return;
    const auto first = (number & kAbove) != 0 ? std::ranges::upper_bound(of_set, *from, {}, path) : std::ranges::lower_bound(of_set, *from, {}, path);
    const auto last = (number & kBelow) != 0 ? std::ranges::lower_bound(of_set, *to, {}, path) : std::ranges::upper_bound(of_set, *to, {}, path);
    if (first < last) cursor.show({first, last});
  }

  static int next(sqlite3_vtab_cursor* raw) {
    auto& cursor = *static_cast<Cursor*>(raw);
    ++cursor.at;
    cursor.skip_other_kinds();
    return SQLITE_OK;
  }

  static int at_end(sqlite3_vtab_cursor* raw) {
    const auto& cursor = *static_cast<Cursor*>(raw);
    return cursor.at >= cursor.end ? 1 : 0;
  }

  static int column(sqlite3_vtab_cursor* raw, sqlite3_context* context, int column) {
    const auto& cursor = *static_cast<Cursor*>(raw);
    const Row& row = cursor.row();
    const auto give = [&](std::string_view text) {
      sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    };
    switch (column) {
      case kFile: sqlite3_result_int64(context, row.file); break;
      case kFileSet: sqlite3_result_int64(context, row.file_set); break;
      case kRepository: sqlite3_result_int64(context, row.repository); break;
      case kPath: give(cursor.impl->path_of(row)); break;
      case kBlob: sqlite3_result_int64(context, row.blob); break;
      case kKind: give(cursor.impl->kind_of(row)); break;
      case kOnDefault: sqlite3_result_int(context, row.on_default ? 1 : 0); break;
      default: break;  // what is asked of kHolds is always taken
    }
    return SQLITE_OK;
  }

  static int rowid(sqlite3_vtab_cursor* raw, sqlite3_int64* id) {
    *id = static_cast<Cursor*>(raw)->row().file;
    return SQLITE_OK;
  }

  static const sqlite3_module* methods() {
    static const sqlite3_module module = [] {
      sqlite3_module made{};
      made.xCreate = made.xConnect = &create;
      made.xDestroy = made.xDisconnect = &disconnect;
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

JudgedFileTable::JudgedFileTable(sqlite3* database, const Store& store) : impl_(std::make_shared<Impl>(store)) {
  const int created = sqlite3_create_module_v2(database, "world_file", Module::methods(), new std::shared_ptr<Impl>(impl_),
                                               [](void* impl) { delete static_cast<std::shared_ptr<Impl>*>(impl); });
  if (created != SQLITE_OK) throw std::logic_error(std::string("judged_file: ") + sqlite3_errmsg(database));
}

JudgedFileTable::~JudgedFileTable() = default;

void JudgedFileTable::set(std::vector<Row> rows) {
  impl_->rows = std::move(rows);
  for (Order* const order : {&impl_->by_blob, &impl_->by_path}) order->forget();
}

}  // namespace trueup::facts
