#include "facts/ref_names.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <string_view>
#include <tuple>
#include <utility>

#include "facts/virtual_table.hpp"

namespace trueup::facts {
namespace {

using Row = RefNames::Row;

std::tuple<std::int64_t, std::string_view, bool> order_of(const Row& row) { return {row.repository, row.name, !row.is_branch}; }
std::string_view name_of(const Row& row) { return row.name; }

/// Finds rows by repository and name, or a range of names.
class Cursor {
 public:
  explicit Cursor(const RefNames& names) : rows_(names.rows()) {}

  static std::string columns(const RefNames& /*names*/, int /*count*/, const char* const* /*arguments*/) {
    return "id INTEGER, repository INTEGER, name TEXT, kind TEXT";
  }

  static int best_index(const RefNames& /*names*/, sqlite3_index_info& info) {
    PlanTaker taker(info);
    const int repository = taker.equality(kRepository), name = taker.equality(kName),
              lower = taker.find(kName, {SQLITE_INDEX_CONSTRAINT_GT, SQLITE_INDEX_CONSTRAINT_GE}),
              upper = taker.find(kName, {SQLITE_INDEX_CONSTRAINT_LT, SQLITE_INDEX_CONSTRAINT_LE});
    Plan plan = Plan::scan;
    // What SQLite takes for a table with an index on both.
    double cost = 3e6;
    sqlite3_int64 rows = 1'048'576;
    if (repository >= 0) {
      plan = Plan::repository, cost = 35, rows = 10;
      taker.take(repository);
    }
    if (repository >= 0 && name >= 0) {
      plan = Plan::name, cost = 30, rows = 9;
      taker.take(name);
    } else if (repository >= 0 && lower >= 0 && upper >= 0) {
      plan = Plan::names;
      taker.take(lower);
      taker.take(upper);
      if (info.aConstraint[lower].op == SQLITE_INDEX_CONSTRAINT_GT) info.idxNum |= kAbove;
      if (info.aConstraint[upper].op == SQLITE_INDEX_CONSTRAINT_LE) info.idxNum |= kUpTo;
    }
    info.idxNum |= static_cast<int>(plan);
    info.estimatedCost = cost * taker.times();
    info.estimatedRows = rows * taker.times();
    return SQLITE_OK;
  }

  void filter(int number, int /*count*/, sqlite3_value** values) {
    const auto plan = static_cast<Plan>(number & kPlans);
    at_ = rows_.begin();
    end_ = rows_.end();
    if (plan == Plan::scan) return;
    end_ = at_;
    const auto repository = integer_of(values[0]);
    if (!repository) return;
    std::tie(at_, end_) = bounds(std::ranges::equal_range(rows_, *repository, {}, &Row::repository));
    if (plan == Plan::repository) return;
    const std::ranges::subrange of_repository(at_, end_);
    end_ = at_;
    const auto from = text_of(values[1]);
    if (!from) return;
    if (plan == Plan::name) {
      std::tie(at_, end_) = bounds(std::ranges::equal_range(of_repository, *from, {}, name_of));
      return;
    }
    const auto to = text_of(values[2]);
    if (!to) return;
    const auto first = (number & kAbove) != 0 ? std::ranges::upper_bound(of_repository, *from, {}, name_of) : std::ranges::lower_bound(of_repository, *from, {}, name_of);
    const auto last = (number & kUpTo) != 0 ? std::ranges::upper_bound(of_repository, *to, {}, name_of) : std::ranges::lower_bound(of_repository, *to, {}, name_of);
    if (first < last) at_ = first, end_ = last;
  }

  void next() { ++at_; }
  bool at_end() const { return at_ == end_; }
  std::int64_t id() const { return at_ - rows_.begin() + 1; }

  void column(sqlite3_context* context, int column) const {
    switch (column) {
      case kId: return sqlite3_result_int64(context, id());
      case kRepository: return sqlite3_result_int64(context, at_->repository);
      case kName: return give_text(context, at_->name);
      default: return give_text(context, at_->is_branch ? "branch" : "tag");
    }
  }

 private:
  using Place = std::vector<Row>::const_iterator;
  enum Column { kId, kRepository, kName };
  enum class Plan { scan, repository, name, names };
  static constexpr int kPlans = 3, kAbove = 4, kUpTo = 8;

  template <typename Range>
  static std::pair<Place, Place> bounds(const Range& range) {
    return {range.begin(), range.end()};
  }

  const std::vector<Row>& rows_;
  Place at_, end_;
};

}  // namespace

void RefNames::add(std::vector<Row> rows) {
  rows_.insert(rows_.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
  if (!std::ranges::is_sorted(rows_, {}, order_of)) std::ranges::sort(rows_, {}, order_of);
}

void show_ref_names(sqlite3* database, const RefNames& names) {
  using Virtual = VirtualTable<const RefNames, Cursor>;
  Virtual::add_module(database, "ref_name", names, Virtual::Made::by_itself);
}

}  // namespace trueup::facts
