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

}  // namespace trueup::facts
