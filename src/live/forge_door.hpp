#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "live/api_door.hpp"

namespace trueup::live {

/// Asks the API of one forge: pages, rate limits, and a count of what was spent. Safe to call from many threads.
class ForgeDoor {
 public:
  /// `door` speaks to the API; its token belongs to the forge.
  explicit ForgeDoor(ApiDoor door) : door_(std::move(door)) {}

  /// GET below the API's base. Once the forge has said that its budget is spent nobody asks it again: rate_limited.
  ApiAnswer get(const std::string& target) { return get_url(door_.base_url() + target); }

  /// POST of a question in GraphQL, whose budget is one of its own: that it is spent keeps nobody from asking by GET.
  ApiAnswer post(const std::string& url, const std::string& json);
  void note_points(std::int64_t cost, std::optional<std::int64_t> left);

  /// What came of a list.
  struct Pages {
    Provenance from;
    std::optional<Unknown> unknown;  ///< of any page: a part of a list is none
    int status = 0;                  ///< of the first page
    bool complete = false;           ///< all pages were read; false with `unknown`, and where `take` had enough
    bool cut = false;                ///< there were more pages than `max_pages`
  };
  /// Reads pages by Link: rel="next" of the same origin. `take` gets each body, and says whether it wants another.
  Pages pages(const std::string& target, std::uint32_t max_pages, const std::function<Result<bool>(const std::string& body)>& take);

  const std::string& host() const { return door_.host(); }
  bool has_credential() const { return door_.has_credential(); }
  std::size_t requests() const;
  /// What the forge says is left of its budget; nothing where it does not tell.
  std::optional<std::int64_t> requests_left() const;
  /// The same of GraphQL's budget, in points.
  std::int64_t points() const;
  std::optional<std::int64_t> points_left() const;

 private:
  ApiAnswer get_url(const std::string& url);
  /// Counts a request that is about to be sent to the URL; an answer instead where there must be none.
  std::optional<ApiAnswer> count(const std::string& url);
  /// Looks at what an answer says of limits.
  void note_limits(ApiAnswer& asked);

  const ApiDoor door_;
  mutable std::mutex guard_;
  std::size_t requests_ = 0;
  std::optional<std::int64_t> left_;
  std::int64_t points_ = 0;
  std::optional<std::int64_t> points_left_;
  std::optional<Unknown> spent_;
};

}  // namespace trueup::live
