#pragma once

#include <optional>
#include <string_view>

namespace trueup::formats {

/// Whether a constraint of Terraform (">= 1.5, < 2.0", "~> 1.5.0") takes a version. A candidate (1.6.0-rc1) is taken only by a
/// constraint that names it. Nothing where either cannot be read.
/// Source: Terraform, "Version Constraint Syntax".
std::optional<bool> terraform_version_fits(std::string_view constraint, std::string_view version);

}  // namespace trueup::formats
