#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/request.hpp"

namespace trueup::engine {

/// How one case of a rule came out.
struct CaseResult {
  std::string name;
  std::uint32_t line = 1;             ///< of the case in its file
  std::vector<std::string> failures;  ///< empty: as expected, and so are the tests that are derived from it
  std::size_t derived = 0;            ///< runs with something withheld, copied or duplicated
};

/// The cases of one rule: a small fleet each, with the findings and unknowns that it must give. `with:` names built-in rules
/// that judge beside it, for rules about what others came to.
///
/// From every case these are derived: each reading turned unknown, each repository unread, each branch left out, and each
/// file unreadable must add no finding; a branch `copy` of each repository, and the same bytes under docs/ and testdata/, must
/// change nothing. `folder` is where `replay:` folders are looked up. Errors in the file itself are failures of a case without
/// name.
std::vector<CaseResult> run_cases(std::string_view text, const rules::Rule& rule, std::span<const rules::PackViews> views,
                                  const std::string& folder);

}  // namespace trueup::engine
