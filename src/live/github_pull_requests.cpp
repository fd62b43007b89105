#include "live/github_pull_requests.hpp"

#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "formats/forge_graphql.hpp"
#include "live/oci_lists.hpp"

namespace trueup::live {

namespace {

/// A pull request has at most 100 labels. Of comments few are read: who has more is asked for by REST.
constexpr std::string_view kQuery =
    "query($owner:String!,$name:String!,$count:Int!,$after:String){rateLimit{cost remaining} repository(owner:$owner,name:$name){"
    "pullRequests(first:$count,after:$after,states:[OPEN],orderBy:{field:CREATED_AT,direction:DESC}){pageInfo{hasNextPage endCursor} nodes{"
    "number title isDraft mergeStateStatus createdAt updatedAt headRefName headRefOid baseRefName baseRefOid author{__typename login} "
    "headRepository{nameWithOwner} labels(first:100){nodes{name}} "
    "timelineItems(last:100,itemTypes:[LABELED_EVENT]){nodes{... on LabeledEvent{createdAt label{name}}}} "
    "comments(first:30){pageInfo{hasNextPage} nodes{body createdAt author{__typename login}}}}}}}";


constexpr std::uint32_t kFirstCount = 50, kLeastCount = 10;
constexpr std::uint32_t kMaxPages = 100;
/// Of comments that are held for the questions to come; those of further pull requests are asked of REST.
constexpr std::size_t kMaxCommentBytes = 32u << 20;

std::size_t bytes_of(const std::vector<formats::PullRequestComment>& comments) {
  std::size_t bytes = 0;
  for (const formats::PullRequestComment& comment : comments) bytes += comment.body.size() + comment.author.size() + 64;
  return bytes;
}

std::string body_of(const std::string& slug, std::uint32_t count, const std::string& after) {
  const std::size_t slash = slug.find('/');
  nlohmann::ordered_json body = {{"query", kQuery}, {"variables", {{"owner", slug.substr(0, slash)}, {"name", slug.substr(slash + 1)}, {"count", count}, {"after", nullptr}}}};
  if (!after.empty()) body["variables"]["after"] = after;
  return body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

/// A page that the server could not make, or that came out too large: half of it may do.
bool is_too_much(const ApiAnswer& asked) {
  if (!asked.answer.response) return asked.answer.failure.code == "over_limit" || asked.answer.failure.code == "timed_out";
  return asked.answer.response->status == 502 || asked.answer.response->status == 504;
}

/// "https://github.example/api/graphql" stands beside ".../api/v3".
std::string graphql_url(std::string api_url) {
  while (api_url.ends_with('/')) api_url.pop_back();
  if (api_url.ends_with("/api/v3")) api_url.resize(api_url.size() - 2);
  else api_url += '/';
  return api_url + "graphql";
}

}  // namespace

GithubPullRequests::GithubPullRequests(ForgeDoor& door, const std::string& api_url) : door_(door), url_(graphql_url(api_url)) {}

bool GithubPullRequests::read_open(ForgeListReading& reading) {
  if (refused_ || !door_.has_credential()) return false;
  ForgeListReading list;
  std::map<std::pair<std::string, std::string>, Comments> comments;
  std::set<std::string> cursors;
  std::set<std::int64_t> numbers;
  std::string after;
  std::uint32_t count = kFirstCount;
  for (std::uint32_t page = 0; page < kMaxPages; ++page) {
    const ApiAnswer asked = door_.post(url_, body_of(reading.asked.slug, count, after));
    if (is_too_much(asked) && count / 2 >= kLeastCount) {
      count /= 2;
      continue;
    }
    if (asked.unknown || !asked.answer.has_status(200)) {
      refused_ = true;
      return false;
    }
    auto read = formats::read_pull_request_page(asked.body());
    if (!read) {
      if (read.error().fault == Fault::timed_out) refused_ = true;
      return false;
    }
    door_.note_points(read->points, read->points_left);
    if (page == 0 || list.from.address.empty()) list.from = asked.answer.from;
    for (formats::PullRequest& pull : read->pull_requests)
      if (numbers.insert(pull.number).second) list.items.pull_requests.push_back(std::move(pull));
    for (auto& [number, all] : read->comments) {
      const std::size_t bytes = bytes_of(all);
      if (comment_bytes_.fetch_add(bytes) + bytes > kMaxCommentBytes) break;
      comments.try_emplace({ascii_lower(reading.asked.slug), std::to_string(number)}, Comments{std::move(all), asked.answer.from});
    }
    list.complete = read->next.empty();
    after = std::move(read->next);
    if (list.complete) break;
    if (!cursors.insert(after).second) return false;  // round in a circle
  }
  if (!list.complete) return false;  // what REST says of long lists holds
  reading.state = ReadingState::present;
  reading.complete = true;
  reading.items = std::move(list.items);
  reading.from = std::move(list.from);
  reading.evidence = counted(reading.items.size(), "pull request");
  const std::lock_guard lock(guard_);
  comments_.merge(comments);
  return true;
}

bool GithubPullRequests::read_comments(ForgeListReading& reading) {
  const std::lock_guard lock(guard_);
  const auto known = comments_.find({ascii_lower(reading.asked.slug), reading.asked.about});
  if (known == comments_.end()) return false;
  reading.state = ReadingState::present;
  reading.complete = true;
  reading.items.comments = known->second.all;
  reading.from = known->second.from;
  reading.evidence = counted(reading.items.size(), "pull request comment");
  return true;
}

}  // namespace trueup::live
