#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/case_file.hpp"
#include "rules/finding.hpp"

namespace trueup::engine {

/// Why a finding is not the expected one; empty if it is.
std::string mismatch(const Case& wanted, const Expected& expected, const rules::Finding& finding);

/// Holds each expectation against one finding or unknown (`what`) of its own; what is missing or too much is a failure.
void compare(const Case& wanted, std::string_view what, const std::vector<Expected>& expected,
             const std::vector<rules::Finding>& given, std::vector<std::string>& failures);

}  // namespace trueup::engine
