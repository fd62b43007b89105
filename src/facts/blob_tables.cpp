#include "facts/blob_tables.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "facts/schema_text.hpp"
#include "facts/statement.hpp"
#include "facts/virtual_table.hpp"

namespace trueup::facts {
namespace {

/// A row's number or a place, as it is in the run.
struct Bases {
  std::int64_t row = 0, span = 0;
};

/// Gives SQLite one value; NULL where nothing is given.
class Giver {
 public:
  Giver(sqlite3_context* context, Bases bases) : context_(context), bases_(bases) {}

  void operator()(LocalId id) const { give(id.number, bases_.row); }
  void operator()(SpanRef span) const { give(span.number, bases_.span); }
  void operator()(std::int64_t number) const { sqlite3_result_int64(context_, number); }
  void operator()(const std::string& text) const { give_text(context_, text); }
  template <typename T>
  void operator()(const std::optional<T>& value) const {
    if (value) (*this)(*value);
  }

 private:
  void give(std::uint32_t local, std::int64_t base) const {
    if (local != 0) sqlite3_result_int64(context_, base + local);
  }

  sqlite3_context* context_;
  Bases bases_;
};

/// What rows are found by, as it is compared: NULL before all else.
std::int64_t as_key(LocalId id) { return id.number; }
std::optional<std::string_view> as_key(const std::string& text) { return text; }
std::optional<std::string_view> as_key(const std::optional<std::string>& text) { return text ? std::optional<std::string_view>(*text) : std::nullopt; }

}  // namespace

/// The rows of one table, in parts: one for each blob that has any.
class TableOfRows {
 public:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  /// Rows of one part: those of the numbers `order` says, else the numbers themselves.
  struct Found {
    std::size_t first = 0, last = 0;  ///< half-open
    const std::uint32_t* order = nullptr;
  };

  virtual ~TableOfRows() = default;
  std::size_t parts() const { return heads_.size(); }
  std::int64_t blob(std::size_t part) const { return heads_[part].blob; }

  /// kNone where the blob has no rows.
  std::size_t part_of_blob(std::int64_t blob) const {
    const auto found = std::ranges::lower_bound(heads_, blob, {}, &Head::blob);
    return found == heads_.end() || found->blob != blob ? kNone : static_cast<std::size_t>(found - heads_.begin());
  }
  /// The part that holds a row, or rows that hang on it, if one does: numbers of a run are those of one blob after another.
  std::size_t part_of_row(std::int64_t id) const {
    const auto after = std::ranges::lower_bound(heads_, id, {}, [](const Head& head) { return head.bases.row; });
    return after == heads_.begin() ? kNone : static_cast<std::size_t>(after - heads_.begin()) - 1;
  }

  virtual Found all(std::size_t part) const = 0;
  virtual Found with_id(std::size_t part, std::int64_t id) const = 0;
  virtual Found found_by(std::size_t part, sqlite3_value* wanted) const = 0;
  virtual std::int64_t id(std::size_t part, std::size_t row) const = 0;
  /// `column` without those that a store fills in.
  virtual void give(sqlite3_context* context, std::size_t part, std::size_t row, int column) const = 0;

  std::vector<std::string_view> kinds;

 protected:
  struct Head {
    std::int64_t blob = 0;
    Bases bases;  ///< ascending, as blobs are
  };
  std::vector<Head> heads_;
};

namespace {

template <typename Row>
class RowsOf final : public TableOfRows {
 public:
  using Rows = std::vector<std::pair<LocalId, Row>>;

  void add(std::int64_t blob, Bases bases, Rows&& rows) {
    heads_.push_back({blob, bases});
    std::vector<std::uint32_t> order;
    if constexpr (Row::found_by_column >= 0) {
      if (!std::ranges::is_sorted(rows, {}, key_of)) {
        order.resize(rows.size());
        std::iota(order.begin(), order.end(), std::uint32_t{0});
        std::ranges::stable_sort(order, {}, [&](std::uint32_t at) { return key_of(rows[at]); });
      }
    }
    parts_.push_back({std::move(rows), std::move(order)});
  }

  Found all(std::size_t part) const override { return {0, parts_[part].rows.size(), nullptr}; }

  Found with_id(std::size_t part, std::int64_t id) const override {
    const Rows& rows = parts_[part].rows;
    const auto found = std::ranges::lower_bound(rows, id - heads_[part].bases.row, {}, [](const auto& row) { return std::int64_t{row.first.number}; });
    if (found == rows.end() || heads_[part].bases.row + found->first.number != id) return {};
    const auto at = static_cast<std::size_t>(found - rows.begin());
    return {at, at + 1, nullptr};
  }

  Found found_by(std::size_t part, sqlite3_value* wanted) const override {
    if constexpr (Row::found_by_column >= 0) {
      using Key = decltype(key_of(parts_[part].rows[0]));
      if constexpr (std::is_same_v<Key, std::optional<std::string_view>>) {
        const auto text = text_of(wanted);
        return text ? equal(part, Key(*text)) : Found{};
      } else {
        const auto number = integer_of(wanted);
        // Rows are found by other rows: what is not among those of this blob is none, and 0 is NULL.
        if (!number || *number <= heads_[part].bases.row) return {};
        return equal(part, Key(*number - heads_[part].bases.row));
      }
    }
    return {};
  }

  std::int64_t id(std::size_t part, std::size_t row) const override { return heads_[part].bases.row + parts_[part].rows[row].first.number; }

  void give(sqlite3_context* context, std::size_t part, std::size_t row, int column) const override {
    parts_[part].rows[row].second.column(column, Giver(context, heads_[part].bases));
  }

 private:
  struct Part {
    Rows rows;
    std::vector<std::uint32_t> order;  ///< by what they are found by; empty where they came so
  };

  static auto key_of(const std::pair<LocalId, Row>& row) { return as_key(row.second.found_by()); }

  template <typename Key>
  Found equal(std::size_t part, const Key& wanted) const {
    const auto& [rows, order] = parts_[part];
    const auto range = [](const auto& all, const auto& found, const std::uint32_t* numbers) {
      return Found{static_cast<std::size_t>(found.begin() - all.begin()), static_cast<std::size_t>(found.end() - all.begin()), numbers};
    };
    if (order.empty()) return range(rows, std::ranges::equal_range(rows, wanted, {}, key_of), nullptr);
    return range(order, std::ranges::equal_range(order, wanted, {}, [&rows = rows](std::uint32_t at) { return key_of(rows[at]); }), order.data());
  }

  std::vector<Part> parts_;
};

}  // namespace

/// Walks the rows of one part, or of all.
class ShownBlobTables::Cursor {
 public:
  explicit Cursor(const Shown& shown) : shown_(shown) {}

  static std::string columns(const Shown& shown, int /*count*/, const char* const* /*arguments*/) {
    return std::string(kTablesOfBlobs[shown.number].columns);
  }

  static int best_index(const Shown& shown, sqlite3_index_info& info) {
    PlanTaker taker(info);
    const int found_by = kTablesOfBlobs[shown.number].found_by;
    const int row = std::max(taker.equality(kRow), taker.equality(kId)), blob = taker.equality(kBlob),
              key = found_by < 0 ? -1 : taker.equality(kOwn + found_by);
    // As SQLite takes it for a table of its own that is indexed by them: in that order of joins rules were measured.
    double cost = 3e6;
    sqlite3_int64 rows = 1'048'576;
    Plan plan = Plan::scan;
    if (row >= 0) {
      plan = Plan::id, cost = 12, rows = 1;
      taker.take(row);
      info.idxFlags = SQLITE_INDEX_SCAN_UNIQUE;
    } else if (blob >= 0 && key >= 0) {
      plan = Plan::blob_and_key, cost = 30, rows = 9;
      taker.take(blob);
      taker.take(key);
    } else if (key >= 0 && kTablesOfBlobs[shown.number].hangs_on_row) {
      plan = Plan::key, cost = 31, rows = 9;
      taker.take(key);
    } else if (blob >= 0) {
      plan = Plan::blob, cost = 35, rows = 10;
      taker.take(blob);
    }
    info.idxNum = static_cast<int>(plan);
    info.estimatedCost = cost * taker.times();
    info.estimatedRows = rows * taker.times();
    return SQLITE_OK;
  }

  void filter(int plan, int /*count*/, sqlite3_value** values) {
    rows_ = shown_.tables->tables_[shown_.number].get();
    found_ = {};
    last_part_ = 0;
    if (rows_ == nullptr) return;
    if (static_cast<Plan>(plan) == Plan::scan) {
      part_ = 0;
      last_part_ = rows_->parts();
      found_ = rows_->all(part_);
      return;
    }
    const auto wanted = integer_of(values[0]);
    if (!wanted) return;
    const bool by_row = static_cast<Plan>(plan) == Plan::id || static_cast<Plan>(plan) == Plan::key;
    part_ = by_row ? rows_->part_of_row(*wanted) : rows_->part_of_blob(*wanted);
    if (part_ == TableOfRows::kNone) return;
    last_part_ = part_ + 1;
    switch (static_cast<Plan>(plan)) {
      case Plan::id: found_ = rows_->with_id(part_, *wanted); break;
      case Plan::key: found_ = rows_->found_by(part_, values[0]); break;
      case Plan::blob_and_key: found_ = rows_->found_by(part_, values[1]); break;
      default: found_ = rows_->all(part_);
    }
  }

  void next() {
    if (++found_.first < found_.last || ++part_ >= last_part_) return;
    found_ = rows_->all(part_);  // no part is empty
  }
  bool at_end() const { return found_.first >= found_.last; }
  std::int64_t id() const { return rows_->id(part_, row()); }

  void column(sqlite3_context* context, int column) const {
    if (column == kId) return sqlite3_result_int64(context, id());
    if (column == kBlob) return sqlite3_result_int64(context, rows_->blob(part_));
    rows_->give(context, part_, row(), column - kOwn);
  }

 private:
  enum Column { kRow = -1, kId, kBlob, kOwn };
  enum class Plan { scan, id, blob, key, blob_and_key };

  std::size_t row() const { return found_.order == nullptr ? found_.first : found_.order[found_.first]; }

  const Shown& shown_;
  const TableOfRows* rows_ = nullptr;
  std::size_t part_ = 0, last_part_ = 0;
  TableOfRows::Found found_;
};

void ShownBlobTables::show(std::size_t table) {
  shown_[table] = {&tables_, table};
  using Virtual = VirtualTable<Shown, Cursor>;
  const std::string name(kTablesOfBlobs[table].name);
  Virtual::add_module(database_, name, shown_[table], Virtual::Made::by_itself);
  // Opened here: a rule's authorizer would refuse to.
  (void)Statement(database_, "SELECT 1 FROM " + name);
}

BlobTables::BlobTables() = default;
BlobTables::~BlobTables() = default;

std::vector<std::size_t> BlobTables::add(std::int64_t blob, std::string_view kind, std::int64_t first_row, std::int64_t first_span, RowVectors&& rows) {
  std::vector<std::size_t> first;
  rows.each_table([&]<typename Row>(std::vector<std::pair<LocalId, Row>>& of_blob) {
    if (of_blob.empty()) return;
    constexpr auto kNumber = static_cast<std::size_t>(Row::table);
    std::unique_ptr<TableOfRows>& table = tables_[kNumber];
    if (!table) {
      table = std::make_unique<RowsOf<Row>>();
      first.push_back(kNumber);
    }
    static_cast<RowsOf<Row>&>(*table).add(blob, {first_row, first_span}, std::move(of_blob));
    if (std::ranges::find(table->kinds, kind) == table->kinds.end()) table->kinds.push_back(kind);
  });
  return first;
}

std::span<const std::string_view> BlobTables::kinds_in(std::size_t table) const {
  return has_rows(table) ? std::span<const std::string_view>(tables_[table]->kinds) : std::span<const std::string_view>{};
}

}  // namespace trueup::facts
