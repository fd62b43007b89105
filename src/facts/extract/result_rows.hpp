#pragma once

#include "facts/extract/github_reader.hpp"
#include "formats/expression.hpp"

namespace trueup::facts {

/// Writes what an expression compares with the result of a job or step: blob_result_test. The expression stands at `offset`
/// of the scalar's decoded text.
void add_result_tests(GithubReader& reader, const formats::Expression& expression, formats::NodeIndex scalar,
                      std::uint32_t offset, Owner owner, bool in_condition);

}  // namespace trueup::facts
