#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
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
  std::vector<std::int64_t> rule_ids;  ///< of blob_suppression_rule, in the same order
};

/// A row of suppression_use.
struct SuppressionUse {
  std::int64_t suppression = 0;
  std::optional<std::int64_t> suppression_rule;  ///< nothing: the whole
  std::string_view state;
};

std::vector<StoredSuppression> read_suppressions(Store& store);

/// Fills suppression_use anew.
void set_suppression_uses(Store& store, std::span<const SuppressionUse> uses);

}  // namespace trueup::facts
