#pragma once

#include <bitset>
#include <cstddef>
#include <limits>
#include <type_traits>

#include "facts/row_types.hpp"

namespace trueup::facts {

/// Tables that somebody will read; extractors may leave the rows of others out.
class TableSet {
 public:
  static TableSet all() {
    TableSet set;
    set.tables_.set();
    return set;
  }
  bool contains(Table table) const { return tables_.test(static_cast<std::size_t>(table)); }
  void insert(Table table) { tables_.set(static_cast<std::size_t>(table)); }

 private:
  // As many as the type can name, so that what holds a set does not hang on the schema.
  std::bitset<std::numeric_limits<std::underlying_type_t<Table>>::max() + 1> tables_;
};

}  // namespace trueup::facts
