#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace trueup::facts {

enum class Table : std::uint8_t;

/// A row's number within the rows of one blob, from 1; 0 is none (NULL). The store makes it unique in the run.
struct LocalId {
  std::uint32_t number = 0;
  explicit operator bool() const { return number != 0; }
};

/// A span's number within one blob, from 1; 0 is none (NULL).
struct SpanRef {
  std::uint32_t number = 0;
  explicit operator bool() const { return number != 0; }
};

/// Takes the rows of a blob, table by table, columns in the order of the schema without `id` and `blob`.
class RowVisitor {
 public:
  virtual ~RowVisitor() = default;
  virtual void begin_table(Table table) = 0;
  virtual void begin_row(LocalId id) = 0;
  virtual void column(SpanRef span) = 0;
  virtual void column(LocalId id) = 0;
  virtual void column(std::int64_t number) = 0;
  virtual void column(const std::string& text) = 0;
  virtual void column(const std::optional<std::int64_t>& number) = 0;
  virtual void column(const std::optional<std::string>& text) = 0;
  virtual void end_row() = 0;
};

}  // namespace trueup::facts
