#include "facts/blob_tables.hpp"

#include <algorithm>
#include <compare>
#include <numeric>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "facts/schema_text.hpp"
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
struct Key {
  bool given = false;
  std::int64_t number = 0;
  std::string_view text;
  friend auto operator<=>(const Key&, const Key&) = default;
};
Key as_key(LocalId id) { return {static_cast<bool>(id), id.number, {}}; }
Key as_key(const std::string& text) { return {true, 0, text}; }
Key as_key(const std::optional<std::string>& text) { return text ? as_key(*text) : Key{}; }

/// The first of [0, size) that is not before what is looked for, as `is_before` says.
template <typename IsBefore>
std::size_t first_not_before(std::size_t size, const IsBefore& is_before) {
  const auto all = std::views::iota(std::size_t{0}, size);
  return static_cast<std::size_t>(std::ranges::partition_point(all, is_before) - all.begin());
}

}  // namespace

/// The rows of one table, in parts: one for each blob that has any. What needs their type is little, since there are many tables.
class TableOfRows {
 public:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  /// Rows of one part: those of the numbers `order` says, else the numbers themselves.
  struct Found {
    std::size_t first = 0, last = 0;  ///< half-open
    const std::uint32_t* order = nullptr;
  };

  virtual ~TableOfRows() = default;
  std::size_t parts() const { return parts_.size(); }
  std::int64_t blob(std::size_t part) const { return parts_[part].blob; }

  /// kNone where the blob has no rows.
  std::size_t part_of_blob(std::int64_t blob) const {
    const auto found = std::ranges::lower_bound(parts_, blob, {}, &Part::blob);
    return found == parts_.end() || found->blob != blob ? kNone : static_cast<std::size_t>(found - parts_.begin());
  }
  /// The part that holds a row, or rows that hang on it, if one does: numbers of a run are those of one blob after another.
  std::size_t part_of_row(std::int64_t id) const {
    const auto after = std::ranges::lower_bound(parts_, id, {}, [](const Part& part) { return part.bases.row; });
    return after == parts_.begin() ? kNone : static_cast<std::size_t>(after - parts_.begin()) - 1;
  }

  Found all(std::size_t part) const { return {0, parts_[part].size, nullptr}; }
  Found with_id(std::size_t part, std::int64_t wanted) const {
    const std::size_t at = first_not_before(parts_[part].size, [&](std::size_t row) { return id(part, row) < wanted; });
    return at == parts_[part].size || id(part, at) != wanted ? Found{} : Found{at, at + 1, nullptr};
  }
  Found found_by_text(std::size_t part, std::string_view text) const { return with_key(part, {true, 0, text}); }
  Found found_by_row(std::size_t part, std::int64_t row) const { return with_key(part, {true, row - parts_[part].bases.row, {}}); }

  std::int64_t id(std::size_t part, std::size_t row) const { return parts_[part].bases.row + local_id(part, row).number; }
  /// `column` without those that a store fills in.
  void give(sqlite3_context* context, std::size_t part, std::size_t row, int column) const {
    give(Giver(context, parts_[part].bases), part, row, column);
  }

  std::vector<std::string_view> kinds;

 protected:
  void add_part(std::int64_t blob, Bases bases, std::size_t size, bool has_key) {
    Part& part = parts_.emplace_back(Part{blob, bases, size, {}});
    const std::size_t number = parts_.size() - 1;
    const auto all = std::views::iota(std::size_t{0}, size);
    const auto key_of = [&](std::size_t row) { return key(number, row); };
    if (!has_key || std::ranges::is_sorted(all, {}, key_of)) return;
    part.order.resize(size);
    std::iota(part.order.begin(), part.order.end(), std::uint32_t{0});
    std::ranges::stable_sort(part.order, {}, key_of);
  }

 private:
  struct Part {
    std::int64_t blob = 0;
    Bases bases;  ///< ascending, as blobs are
    std::size_t size = 0;
    std::vector<std::uint32_t> order;  ///< by what rows are found by; empty where they came so
  };

  virtual LocalId local_id(std::size_t part, std::size_t row) const = 0;
  virtual Key key(std::size_t part, std::size_t row) const = 0;
  virtual void give(const Giver& giver, std::size_t part, std::size_t row, int column) const = 0;

  Found with_key(std::size_t number, const Key& wanted) const {
    const Part& part = parts_[number];
    const std::uint32_t* const order = part.order.empty() ? nullptr : part.order.data();
    const auto key_at = [&](std::size_t at) { return key(number, order == nullptr ? at : order[at]); };
    return {first_not_before(part.size, [&](std::size_t at) { return key_at(at) < wanted; }),
            first_not_before(part.size, [&](std::size_t at) { return key_at(at) <= wanted; }), order};
  }

  std::vector<Part> parts_;
};

namespace {

template <typename Row>
class RowsOf final : public TableOfRows {
 public:
  using Rows = std::vector<std::pair<LocalId, Row>>;

  void add(std::int64_t blob, Bases bases, Rows&& rows) {
    rows_.push_back(std::move(rows));
    add_part(blob, bases, rows_.back().size(), Row::found_by_column >= 0);
  }

 private:
  LocalId local_id(std::size_t part, std::size_t row) const override { return rows_[part][row].first; }
  Key key(std::size_t part, std::size_t row) const override {
    if constexpr (Row::found_by_column >= 0) return as_key(rows_[part][row].second.found_by());
    else return {};
  }
  void give(const Giver& giver, std::size_t part, std::size_t row, int column) const override { rows_[part][row].second.column(column, giver); }

  std::vector<Rows> rows_;
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
      case Plan::key: found_ = rows_->found_by_row(part_, *wanted); break;
      case Plan::blob_and_key:
        if (kTablesOfBlobs[shown_.number].hangs_on_row) {
          if (const auto row = integer_of(values[1])) found_ = rows_->found_by_row(part_, *row);
        } else if (const auto text = text_of(values[1])) {
          found_ = rows_->found_by_text(part_, *text);
        }
        break;
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
  Virtual::add_module(database_, std::string(kTablesOfBlobs[table].name), shown_[table], Virtual::Made::by_itself);
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
