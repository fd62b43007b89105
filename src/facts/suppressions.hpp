#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "facts/store.hpp"

namespace trueup::facts {

/// A row of blob_suppression that has a reason and can be read, with the rules that it names.
struct StoredSuppression {
  std::int64_t id = 0;
  BlobId blob = 0;
  std::uint32_t line = 1;
  std::string reason, until, owner;
  std::vector<std::string> rules;
};

std::vector<StoredSuppression> read_suppressions(Store& store);

/// Fills suppression_use anew: (suppression, state).
void set_suppression_uses(Store& store, std::span<const std::pair<std::int64_t, std::string_view>> uses);

}  // namespace trueup::facts
