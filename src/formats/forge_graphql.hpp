#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "formats/forge_objects.hpp"

/// Open pull requests as GitHub's GraphQL API answers what live/github_pull_requests.cpp asks. Written from the documented schema.
namespace trueup::formats {

struct PullRequestPage {
  std::vector<PullRequest> pull_requests;
  /// By number; of a pull request whose comments did not all come there is none.
  std::map<std::int64_t, std::vector<PullRequestComment>> comments;
  std::string next;  ///< the cursor of the last one; empty: there are no more
  std::int64_t points = 0;  ///< what it cost of GraphQL's budget
  std::optional<std::int64_t> points_left;
};

/// Errors: Fault::denied where the server says in `errors` why it does not tell, or not all; Fault::timed_out where that is a spent
/// budget; Fault::malformed, Fault::over_limit.
Result<PullRequestPage> read_pull_request_page(std::string_view json);

}  // namespace trueup::formats
