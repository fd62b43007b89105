#include "facts/judged_file_table.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "facts/virtual_table.hpp"

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

/// The number of a plan for SQLite, with what is asked besides.
constexpr int kPlans = 7, kOfKind = 8, kAbove = 16, kFrom = 32, kBelow = 64, kUpTo = 128, kHolding = 256;

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

/// Walks the files.
class JudgedFileTable::Cursor {
 public:
  explicit Cursor(Impl& impl) : impl_(impl) {}

  static std::string columns(const Impl& /*impl*/, int count, const char* const* arguments) {
    std::string text;
    for (int i = 3; i < count; ++i) text += std::string(i == 3 ? "" : ", ") + arguments[i];
    return text;
  }

  static int best_index(const Impl& /*impl*/, sqlite3_index_info& info) {
    PlanTaker taker(info);
    const int file = taker.equality(kFile), blob = taker.equality(kBlob), set = taker.equality(kFileSet), path = taker.equality(kPath),
              kind = taker.equality(kKind), holds = taker.equality(kHolds),
              lower = taker.find(kPath, {SQLITE_INDEX_CONSTRAINT_GT, SQLITE_INDEX_CONSTRAINT_GE}),
              upper = taker.find(kPath, {SQLITE_INDEX_CONSTRAINT_LT, SQLITE_INDEX_CONSTRAINT_LE});
    Plan plan = Plan::scan;
    if (file >= 0) {
      plan = Plan::file;
      taker.take(file);
      info.idxFlags = SQLITE_INDEX_SCAN_UNIQUE;
    } else if (set >= 0 && path >= 0) {
      plan = Plan::set_and_path;
      taker.take(set);
      taker.take(path);
    } else if (blob >= 0) {
      plan = Plan::blob;
      taker.take(blob);
    } else if (set >= 0 && lower >= 0 && upper >= 0) {
      plan = Plan::set_and_paths;
      taker.take(set);
      taker.take(lower);
      taker.take(upper);
      info.idxNum |= info.aConstraint[lower].op == SQLITE_INDEX_CONSTRAINT_GT ? kAbove : kFrom;
      info.idxNum |= info.aConstraint[upper].op == SQLITE_INDEX_CONSTRAINT_LT ? kBelow : kUpTo;
    } else if (set >= 0) {
      plan = Plan::set;
      taker.take(set);
    } else if (path >= 0) {
      plan = Plan::path;
      taker.take(path);
    }
    info.idxNum |= static_cast<int>(plan);
    const int of_kind = kind >= 0 ? 4 : 1;  // one in four is of a kind
    if (kind >= 0) {
      info.idxNum |= kOfKind;
      taker.take(kind);
    }
    // What the planner expects stays as it is: that others hold no row of a table is found without it too.
    if (holds >= 0) {
      info.idxNum |= kHolding;
      taker.take(holds);
    }
    info.estimatedCost = price_of(plan).cost * taker.times();
    info.estimatedRows = (price_of(plan).rows * taker.times() + of_kind - 1) / of_kind;
    info.orderByConsumed = info.nOrderBy == 1 && info.aOrderBy[0].iColumn == kFile && info.aOrderBy[0].desc == 0 ? 1 : 0;
    return SQLITE_OK;
  }

  void filter(int number, int count, sqlite3_value** values) {
    order_ = nullptr;
    at_ = end_ = 0;
    kind_.reset();
    kinds_.reset();
    held_ = -1;
    if ((number & kHolding) != 0) {
      held_ = sqlite3_value_int64(values[--count]);
      kinds_ = impl_.store.kinds_in(static_cast<std::size_t>(held_));
    }
    if ((number & kOfKind) != 0) {
      const auto kind = text_of(values[count - 1]);
      if (!kind) return;
      kind_ = *kind;
    }
    const auto plan = static_cast<Plan>(number & kPlans);
    if (plan == Plan::scan) {
      end_ = impl_.rows.size();
    } else if (plan == Plan::path) {
      if (const auto path = text_of(values[0])) show(impl_.by_path.find(impl_.rows, [&](const Row& row) { return impl_.path_of(row); }, *path));
    } else if (const auto wanted = integer_of(values[0])) {
      find(plan, *wanted, number, values + 1);
    }
    skip_other_kinds();
  }

  void next() {
    ++at_;
    skip_other_kinds();
  }
  bool at_end() const { return at_ >= end_; }
  std::int64_t id() const { return row().file; }

  void column(sqlite3_context* context, int column) const {
    switch (column) {
      case kFile: return sqlite3_result_int64(context, row().file);
      case kFileSet: return sqlite3_result_int64(context, row().file_set);
      case kRepository: return sqlite3_result_int64(context, row().repository);
      case kPath: return give_text(context, impl_.path_of(row()));
      case kBlob: return sqlite3_result_int64(context, row().blob);
      case kKind: return give_text(context, impl_.kind_of(row()));
      case kOnDefault: return sqlite3_result_int(context, row().on_default ? 1 : 0);
      // What is asked of kHolds is always taken; where rows are sought by `a OR b`, SQLite asks again of each that comes.
      case kHolds: return sqlite3_result_int64(context, held_);
      default: return;
    }
  }

 private:
  const Row& row() const { return impl_.rows[order_ == nullptr ? at_ : order_[at_]]; }
  void show(std::span<const std::uint32_t> found) {
    order_ = found.data();
    end_ = found.size();
  }
  void show(std::ranges::subrange<std::vector<Row>::const_iterator> found) {
    at_ = static_cast<std::size_t>(found.begin() - impl_.rows.begin());
    end_ = static_cast<std::size_t>(found.end() - impl_.rows.begin());
  }
  void skip_other_kinds() {
    if (kind_)
      while (at_ < end_ && impl_.kind_of(row()) != *kind_) ++at_;
    if (kinds_)
      while (at_ < end_ && std::ranges::find(*kinds_, impl_.kind_of(row())) == kinds_->end()) ++at_;
  }

  /// By a number, and the values behind it.
  void find(Plan plan, std::int64_t wanted, int number, sqlite3_value** values) {
    const std::vector<Row>& rows = impl_.rows;
    const auto path = [&](const Row& row) { return impl_.path_of(row); };
    if (plan == Plan::file) return show(std::ranges::equal_range(rows, wanted, {}, &Row::file));
    if (plan == Plan::blob) return show(impl_.by_blob.find(rows, [](const Row& row) { return row.blob; }, wanted));
    auto of_set = std::ranges::equal_range(rows, wanted, {}, &Row::file_set);
    if (plan == Plan::set) return show(of_set);
    const auto from = text_of(values[0]);
    if (!from) return;
    if (plan == Plan::set_and_path) return show(std::ranges::equal_range(of_set, *from, {}, path));
    const auto to = text_of(values[1]);
    if (!to) return;
    const auto first = (number & kAbove) != 0 ? std::ranges::upper_bound(of_set, *from, {}, path) : std::ranges::lower_bound(of_set, *from, {}, path);
    const auto last = (number & kBelow) != 0 ? std::ranges::lower_bound(of_set, *to, {}, path) : std::ranges::upper_bound(of_set, *to, {}, path);
    if (first < last) show({first, last});
  }

  Impl& impl_;
  const std::uint32_t* order_ = nullptr;  ///< what at_ and end_ count; null: the rows themselves
  std::size_t at_ = 0, end_ = 0;
  std::optional<std::string> kind_;
  std::optional<std::span<const std::string_view>> kinds_;  ///< any of these
  std::int64_t held_ = -1;  ///< what kHolds was asked to be: -1: nothing
};

JudgedFileTable::JudgedFileTable(sqlite3* database, const Store& store) : impl_(std::make_unique<Impl>(store)) {
  using Table = VirtualTable<Impl, Cursor>;
  Table::add_module(database, "world_file", *impl_, Table::Made::by_statement);
}

JudgedFileTable::~JudgedFileTable() = default;

void JudgedFileTable::set(std::vector<Row> rows) {
  impl_->rows = std::move(rows);
  for (Order* const order : {&impl_->by_blob, &impl_->by_path}) order->forget();
}

}  // namespace trueup::facts
