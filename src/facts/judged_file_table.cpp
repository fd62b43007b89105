#include "facts/judged_file_table.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace trueup::facts {

struct JudgedFileTable::Impl {
  explicit Impl(const Store& the_store) : store(the_store) {}

  const Store& store;
  std::vector<Row> rows;  ///< by file, and so by file set and path too
  bool by_blob_sorted = false;
  std::vector<std::pair<BlobId, std::uint32_t>> by_blob;  ///< positions in rows; made when first asked

  const Store::File& file_of(const Row& row) const { return store.file(row.file); }
};

namespace {

using Row = JudgedFileTable::Row;

/// As declared in views.sql.
enum Column { kFile, kFileSet, kRepository, kPath, kBlob, kKind, kOnDefault };

/// How rows are found, and in which order the values for it come; kOfKind is added where the kind comes last.
enum Plan { kScan, kByFile, kByBlob, kBySet, kBySetAndPath, kOfKind = 8 };

struct Planned {
  Plan plan;
  double cost;
  sqlite3_int64 rows;
};
// What SQLite itself takes for a table of which it knows nothing but its indexes, so that it joins in the order that the rules were
// written and measured with.
constexpr double kScanCost = 3e6;
constexpr sqlite3_int64 kScanRows = 1'048'576;

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

}  // namespace

/// What SQLite calls. It deletes tables and cursors itself, by these functions.
struct JudgedFileTable::Module {
  struct Table : sqlite3_vtab {
    std::shared_ptr<Impl> impl;
  };

  struct Cursor : sqlite3_vtab_cursor {
    const Impl* impl = nullptr;
    bool by_blob = false;            ///< `at` and `end` are of that list
    std::size_t at = 0, end = 0;
    std::optional<std::string> kind;

    const Row& row() const { return impl->rows[by_blob ? impl->by_blob[at].second : at]; }
    void skip_other_kinds() {
      while (kind && at < end && impl->file_of(row()).kind != *kind) ++at;
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

  /// The constraint `column = value` that can be had, or -1.
  static int equality(sqlite3_index_info* info, Column column) {
    for (int i = 0; i < info->nConstraint; ++i) {
      const auto& constraint = info->aConstraint[i];
      if (constraint.usable == 0 || constraint.iColumn != column || constraint.op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
      if ((column == kPath || column == kKind) && std::string_view(sqlite3_vtab_collation(info, i)) != "BINARY") continue;
      return i;
    }
    return -1;
  }

  static int best_index(sqlite3_vtab* /*table*/, sqlite3_index_info* info) {
    int taken = 0;
    const auto take = [&](int constraint) {
      info->aConstraintUsage[constraint].argvIndex = ++taken;
      info->aConstraintUsage[constraint].omit = 1;
    };
    const int file = equality(info, kFile), blob = equality(info, kBlob), set = equality(info, kFileSet), path = equality(info, kPath),
              kind = equality(info, kKind);
    Planned planned{kScan, kScanCost, kScanRows};
    if (file >= 0) {
      planned = {kByFile, 12, 1};
      take(file);
      info->idxFlags = SQLITE_INDEX_SCAN_UNIQUE;
    } else if (set >= 0 && path >= 0) {
      planned = {kBySetAndPath, 30, 9};
      take(set);
      take(path);
    } else if (blob >= 0) {
      planned = {kByBlob, 35, 10};
      take(blob);
    } else if (set >= 0) {
      planned = {kBySet, 35, 10};
      take(set);
    }
    if (kind >= 0) {
      take(kind);
      if (planned.rows > 1) planned.rows = (planned.rows + 3) / 4;
    }
    info->idxNum = planned.plan | (kind >= 0 ? kOfKind : 0);
    info->estimatedCost = planned.cost;
    info->estimatedRows = planned.rows;
    // Whatever the plan, rows come by file.
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

  static void find_blob(Impl& impl, Cursor& cursor, BlobId blob) {
    if (!impl.by_blob_sorted) {
      impl.by_blob_sorted = true;
      impl.by_blob.clear();
      impl.by_blob.reserve(impl.rows.size());
      for (std::uint32_t i = 0; i < impl.rows.size(); ++i) impl.by_blob.emplace_back(impl.rows[i].blob, i);
      std::sort(impl.by_blob.begin(), impl.by_blob.end());
    }
    const auto by_blob = [](const auto& entry, BlobId wanted) { return entry.first < wanted; };
    const auto first = std::lower_bound(impl.by_blob.begin(), impl.by_blob.end(), blob, by_blob);
    auto last = first;
    while (last != impl.by_blob.end() && last->first == blob) ++last;
    cursor.by_blob = true;
    cursor.at = static_cast<std::size_t>(first - impl.by_blob.begin());
    cursor.end = static_cast<std::size_t>(last - impl.by_blob.begin());
  }

  static void find_rows(const std::vector<Row>& rows, Cursor& cursor, std::vector<Row>::const_iterator first,
                        std::vector<Row>::const_iterator last) {
    cursor.at = static_cast<std::size_t>(first - rows.begin());
    cursor.end = static_cast<std::size_t>(last - rows.begin());
  }

  static int filter(sqlite3_vtab_cursor* raw, int plan, const char* /*name*/, int count, sqlite3_value** values) {
    auto& cursor = *static_cast<Cursor*>(raw);
    Impl& impl = *static_cast<Table*>(raw->pVtab)->impl;
    const std::vector<Row>& rows = impl.rows;
    cursor.by_blob = false;
    cursor.at = cursor.end = 0;
    cursor.kind.reset();
    if ((plan & kOfKind) != 0) {
      const auto kind = text_of(values[count - 1]);
      if (!kind) return SQLITE_OK;
      cursor.kind = *kind;
    }
    const auto wanted = (plan & ~kOfKind) == kScan ? std::optional<std::int64_t>(0) : integer_of(values[0]);
    if (!wanted) return SQLITE_OK;
    const auto of_set = [&] {
      const auto by_set = [](const Row& row, FileSetId set) { return row.file_set < set; };
      const auto first = std::lower_bound(rows.begin(), rows.end(), *wanted, by_set);
      return std::pair(first, std::lower_bound(first, rows.end(), *wanted + 1, by_set));
    };
    switch (plan & ~kOfKind) {
      case kScan: cursor.end = rows.size(); break;
      case kByFile: {
        const auto found = std::lower_bound(rows.begin(), rows.end(), *wanted, [](const Row& row, FileId file) { return row.file < file; });
        if (found != rows.end() && found->file == *wanted) find_rows(rows, cursor, found, found + 1);
        break;
      }
      case kByBlob: find_blob(impl, cursor, *wanted); break;
      case kBySet: {
        const auto [first, last] = of_set();
        find_rows(rows, cursor, first, last);
        break;
      }
      default: {
        const auto path = text_of(values[1]);
        if (!path) break;
        const auto [begin, end] = of_set();
        const auto first = std::lower_bound(begin, end, *path, [&](const Row& row, std::string_view text) { return impl.file_of(row).path < text; });
        auto last = first;
        while (last != end && impl.file_of(*last).path == *path) ++last;
        find_rows(rows, cursor, first, last);
      }
    }
    cursor.skip_other_kinds();
    return SQLITE_OK;
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
      case kPath: give(cursor.impl->file_of(row).path); break;
      case kBlob: sqlite3_result_int64(context, row.blob); break;
      case kKind: give(cursor.impl->file_of(row).kind); break;
      default: sqlite3_result_int(context, row.on_default ? 1 : 0);
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
  impl_->by_blob_sorted = false;
}

}  // namespace trueup::facts
