#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "formats/forge_objects.hpp"
#include "live/forge.hpp"
#include "live/forge_door.hpp"

namespace trueup::live {

/// Open pull requests by GitHub's GraphQL API: with each come its comments and when its labels were put on, for which REST takes
/// a request each. It is asked where there is a token. A server that does not offer it, a token that it refuses, a budget that is
/// spent, and whatever is not the answer: then REST is asked as if there were no GraphQL. Safe to call from many threads.
///
/// Source: GitHub's documentation of the schema and of rate limits; no true exchange was at hand.
class GithubPullRequests {
 public:
  /// `api_url`: of REST.
  GithubPullRequests(ForgeDoor& door, const std::string& api_url);

  /// Fills in all of the list; false: nothing was changed.
  bool read_open(ForgeListReading& reading);
  /// The same for the comments of a pull request whose list was read before.
  bool read_comments(ForgeListReading& reading);

 private:
  ForgeDoor& door_;
  const std::string url_;
  std::atomic<bool> refused_ = false;
  std::atomic<std::size_t> comment_bytes_ = 0;
  std::mutex guard_;
  struct Comments {
    std::vector<formats::PullRequestComment> all;
    Provenance from;
  };
  std::map<std::pair<std::string, std::string>, Comments> comments_;  ///< by slug and number
};

}  // namespace trueup::live
