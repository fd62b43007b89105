#pragma once

#include <array>
#include <string_view>

#include "facts/rows.hpp"

namespace trueup::facts {

/// The statement that fills one blob table: id, then (blob), then the other columns in the order of the schema.
struct TableInsert {
  std::string_view table, statement;
};

extern const std::array<TableInsert, kTableCount> kTableInserts;  ///< by Table
extern const std::string_view kSchemaSql;                         ///< schema.sql, comments and all
extern const std::string_view kViewsSql;                          ///< views.sql, comments and all

}  // namespace trueup::facts
