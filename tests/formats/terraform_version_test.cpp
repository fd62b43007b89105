#include "formats/terraform_version.hpp"

#include <gtest/gtest.h>

namespace trueup::formats {
namespace {

TEST(TerraformVersion, FitsItsConstraintOrCannotBeTold) {
  const struct { const char *constraint, *version; std::optional<bool> fits; } rows[] = {
      {">= 1.5, < 2.0", "1.5.7", true}, {">= 1.5, < 2.0", "2.0.0", false}, {"~> 1.5", "1.9.0", true}, {"~> 1.5", "2.0.0", false},
      {"~> 1.5.0", "1.5.9", true},      {"~> 1.5.0", "1.6.0", false},      {"~> 1.5.3", "1.5.2", false}, {"~> 1", "9.0.0", true},
      {"1.2.5", "1.2.5", true},         {"= 1.2.5", "1.2.6", false},       {"!= 1.2.5", "1.2.5", false}, {"> 1.2", "1.2.0", false},
      {"<=1.2.5", "v1.2.5", true},      {">= 1.5", "1.6.0-rc1", false},    {"1.6.0-rc1", "1.6.0-rc1", true}, {">= 1.6.0-rc1", "1.6.0", true},
      {">= 1.6.0-rc1", "1.6.0-rc2", true}, {">= 1.6.0-rc1", "1.7.0", true}, {"latest", "1.5.0", std::nullopt}, {">= 1.5", "1.5", std::nullopt},
      {"=> 1.5", "1.5.0", std::nullopt}, {"", "1.5.0", std::nullopt}, {">= 1.5.", "1.5.0", std::nullopt}, {"~> 99999999999999999999", "1.0.0", std::nullopt}};
  for (const auto& row : rows) EXPECT_EQ(terraform_version_fits(row.constraint, row.version), row.fits) << row.constraint << " takes " << row.version;
}

}  // namespace
}  // namespace trueup::formats
