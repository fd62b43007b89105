#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.hpp"

struct sqlite3;

namespace trueup::rules {

/// What the functions know beside their arguments.
struct SqlFunctionInputs {
  std::int64_t now = 0;  ///< seconds since 1970, UTC: what age_days() counts from
};

/// A function that rules may call, as `trueup schema` and the manual show it.
struct SqlFunctionEntry {
  std::string_view name;
  std::string_view arguments;  ///< their names, joined by ", "
  std::string_view text;       ///< what it gives, in a line
};

/// All functions, sorted by name. All are pure, marked deterministic and innocuous, and hold to this: NULL for a NULL or a
/// BLOB argument, and for a text over its limit (1 MiB; 256 KiB for re2_*; 4,096 bytes for a name or path that a pattern is
/// matched with); a number is read as its text; yes is 1 and no is 0.
std::span<const SqlFunctionEntry> sql_functions();

/// Gives a connection all functions. Patterns are compiled once and kept with the connection, which only one thread uses.
/// An error while a statement runs: a pattern of re2_* or a glob that does not compile, and a group that it does not have.
/// Errors: Fault::malformed with SQLite's message.
Result<void> register_sql_functions(sqlite3* database, const SqlFunctionInputs& inputs);

}  // namespace trueup::rules
