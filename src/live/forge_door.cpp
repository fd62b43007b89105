#include "live/forge_door.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "live/header_fields.hpp"
#include "live/oci_lists.hpp"
#include "live/url.hpp"

namespace trueup::live {

namespace {

std::optional<std::int64_t> number_of(const HttpResponse& response, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    const auto header = find_header(response.headers, name);
    if (!header) continue;
    const std::string_view text = trim(*header);
    std::int64_t value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault == std::errc() && end == text.data() + text.size()) return value;
  }
  return std::nullopt;
}

}  // namespace

std::optional<ApiAnswer> ForgeDoor::count(const std::string& url) {
  const std::lock_guard lock(guard_);
  if (!spent_ && requests_ == limits::kMaxForgeRequests)
    spent_ = unknown("over_limit", fmt::format("{} is asked at most {} times in one run; judge fewer repositories at once", host(), requests_));
  if (!spent_) {
    ++requests_;
    return std::nullopt;
  }
  ApiAnswer none;
  none.unknown = spent_;
  none.answer.from.address = without_secrets(url);
  return none;
}

ApiAnswer ForgeDoor::post(const std::string& url, const std::string& json) {
  if (auto none = count(url)) return std::move(*none);
  ApiAnswer asked = door_.post_url(url, json, limits::kMaxForgePageBytes);
  note_limits(asked);
  return asked;
}

void ForgeDoor::note_points(std::int64_t cost, std::optional<std::int64_t> left) {
  const std::lock_guard lock(guard_);
  points_ += cost;
  if (left) points_left_ = std::min(points_left_.value_or(*left), *left);
}

ApiAnswer ForgeDoor::get_url(const std::string& url) {
  if (auto none = count(url)) return std::move(*none);
  ApiAnswer asked = door_.get_url(url, limits::kMaxForgePageBytes);
  note_limits(asked);
  return asked;
}

void ForgeDoor::note_limits(ApiAnswer& asked) {
  if (!asked.answer.response) return;
  const HttpResponse& response = *asked.answer.response;
  const std::lock_guard lock(guard_);
  const bool graphql = find_header(response.headers, "x-ratelimit-resource") == "graphql";
  if (const auto left = number_of(response, {"x-ratelimit-remaining", "RateLimit-Remaining"})) {
    auto& known = graphql ? points_left_ : left_;
    known = std::min(known.value_or(*left), *left);
  }
  if (response.status != 403 && response.status != 429) return;
  // GitHub's second limit has no counter, and says so in words; it holds for all that is asked.
  const std::string said = error_message(asked.answer);
  const bool second = find_header(response.headers, "Retry-After") || said.find("secondary rate limit") != std::string::npos;
  const bool empty = number_of(response, {"x-ratelimit-remaining"}) == 0;
  if (!second && !empty && response.status != 429 && said.find("rate limit") == std::string::npos) return;
  asked.unknown = unknown("rate_limited", fmt::format("{} answers no more questions for now ({}), {} were asked; ask later{}", host(),
                                                      response.status, counted(requests_, "question"),
                                                      has_credential() ? "" : ", or with a token, which may ask more"));
  if (second || !graphql) spent_ = asked.unknown;
}

ForgeDoor::Pages ForgeDoor::pages(const std::string& target, std::uint32_t max_pages,
                                  const std::function<Result<bool>(const std::string& body)>& take) {
  Pages read;
  std::set<std::string> visited;
  std::string url = door_.base_url() + target;
  for (std::uint32_t page = 0;; ++page) {
    if (page == max_pages) {
      read.cut = true;
      return read;
    }
    if (!visited.insert(url).second) {
      read.unknown = unknown("malformed", "the pages of " + host() + " go round in a circle");
      return read;
    }
    const ApiAnswer asked = get_url(url);
    if (page == 0) {
      read.from = asked.answer.from;
      read.status = asked.answer.response ? asked.answer.response->status : 0;
    }
    read.unknown = asked.unknown;
    if (!read.unknown && !asked.answer.has_status(200)) {
      const int status = asked.answer.response->status;
      read.unknown = unknown(fmt::format("http_{}", status), fmt::format("{} answered with status {}", host(), status));
    }
    if (read.unknown) return read;
    const auto more = take(asked.body());
    if (!more) {
      read.unknown = unknown(more.error().fault == Fault::over_limit ? "over_limit" : "malformed",
                             fmt::format("{} answered, but not with the list that it was asked for: {}", host(), more.error().message));
      return read;
    }
    const auto next = next_link(find_headers(asked.answer.response->headers, "Link"));
    read.complete = !next;
    if (!next || !*more) return read;
    const auto here = Url::parse(url);
    const auto there = here ? here->resolve(*next) : Result<Url>(Error{Fault::malformed, ""});
    if (!there || !there->same_origin(*here)) {
      read.complete = false;
      read.unknown = unknown("redirect_refused", host() + " has the next page of its list at an address that is not its own");
      return read;
    }
    url = there->to_string();
  }
}

std::size_t ForgeDoor::requests() const {
  const std::lock_guard lock(guard_);
  return requests_;
}

std::int64_t ForgeDoor::points() const {
  const std::lock_guard lock(guard_);
  return points_;
}

std::optional<std::int64_t> ForgeDoor::points_left() const {
  const std::lock_guard lock(guard_);
  return points_left_;
}

std::optional<std::int64_t> ForgeDoor::requests_left() const {
  const std::lock_guard lock(guard_);
  return left_;
}

}  // namespace trueup::live
