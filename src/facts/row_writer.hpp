#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "facts/store.hpp"

namespace trueup::facts {

/// A value of a row; nothing is NULL.
using Cell = std::variant<std::monostate, std::int64_t, std::string>;

inline Cell cell(const std::optional<std::int64_t>& number) { return number ? Cell(*number) : Cell(); }
/// NULL where the text is empty.
inline Cell cell(std::string_view text) { return text.empty() ? Cell() : Cell(std::string(text)); }

/// Adds a row to a table of the schema, its id left out, and gives that. For tables of few rows: the statement is compiled each time.
std::int64_t add_row(Store& store, std::string_view table, const std::vector<Cell>& cells);

}  // namespace trueup::facts
