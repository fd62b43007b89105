#include "formats/forge_graphql.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "formats/answer_reader.hpp"

namespace trueup::formats {
namespace {

/// Of a comment; a row keeps 4,096 of them, and no half a character.
constexpr std::size_t kBodyBytes = 4'100;

/// REST marks the names of apps.
std::string login_of(const AnswerReader& in, NodeIndex author) {
  std::string login = in.text(author, "login");
  if (!login.empty() && in.text(author, "__typename") == "Bot" && !login.ends_with("[bot]")) login += "[bot]";
  return login;
}

PullRequest pull_request(AnswerReader& in, NodeIndex node) {
  PullRequest pull;
  pull.number = in.needed_number(node, "number");
  pull.title = in.text(node, "title");
  pull.state = "open";
  pull.draft = in.is_true(node, "isDraft");
  pull.author = login_of(in, in.child(node, "author"));
  pull.head_slug = in.text(in.child(node, "headRepository"), "nameWithOwner");
  pull.head_ref = in.needed(node, "headRefName");
  pull.head_sha = in.needed(node, "headRefOid");
  pull.base_ref = in.needed(node, "baseRefName");
  pull.base_sha = in.text(node, "baseRefOid");
  pull.merge_state = ascii_lower(in.text(node, "mergeStateStatus"));
  if (pull.merge_state == "unknown") pull.merge_state.clear();  // not worked out yet
  pull.created_at = in.needed(node, "createdAt");
  pull.updated_at = in.text(node, "updatedAt");
  std::map<std::string, std::string, std::less<>> added;  // label -> when it was put on last
  in.each(in.child(in.child(node, "timelineItems"), "nodes"), [&](NodeIndex event) {
    std::string& last = added[in.text(in.child(event, "label"), "name")];
    last = std::max(last, in.text(event, "createdAt"));
  });
  if (const NodeIndex labels = in.child(in.child(node, "labels"), "nodes"); labels != kNoNode)
    in.each(labels, [&](NodeIndex label) {
      std::string name = in.needed(label, "name");
      const auto when = added.find(name);
      pull.labels.push_back({std::move(name), when == added.end() ? "" : when->second});
    });
  return pull;
}

void read_comments(AnswerReader& in, NodeIndex node, std::int64_t number, PullRequestPage& page) {
  const NodeIndex comments = in.child(node, "comments");
  if (in.is_true(in.child(comments, "pageInfo"), "hasNextPage")) return;
  auto& read = page.comments[number];
  in.each(in.child(comments, "nodes"), [&](NodeIndex comment) {
    read.push_back({login_of(in, in.child(comment, "author")), in.text(comment, "body").substr(0, kBodyBytes), in.needed(comment, "createdAt")});
  });
}

}  // namespace

Result<PullRequestPage> read_pull_request_page(std::string_view json) {
  std::optional<Error> told;
  auto read = read_answer<PullRequestPage>(json, [&](AnswerReader& in) {
    PullRequestPage page;
    if (const NodeIndex errors = in.child(in.root(), "errors"); errors != kNoNode) {
      told = Error{Fault::denied, "GraphQL answers with errors"};
      in.each(errors, [&](NodeIndex error) {
        if (in.text(error, "type").starts_with("RATE_LIMIT")) told->fault = Fault::timed_out;
      });
      return page;
    }
    const NodeIndex answer = in.child(in.root(), "data"), limit = in.child(answer, "rateLimit");
    page.points = std::max<std::int64_t>(in.number(limit, "cost").value_or(0), 0);
    page.points_left = in.number(limit, "remaining");
    const NodeIndex list = in.child(in.child(answer, "repository"), "pullRequests"), info = in.child(list, "pageInfo");
    if (in.child(info, "hasNextPage") == kNoNode) in.fail("without `pageInfo`");
    if (in.is_true(info, "hasNextPage")) page.next = in.needed(info, "endCursor");
    in.each(in.child(list, "nodes"), [&](NodeIndex node) {
      page.pull_requests.push_back(pull_request(in, node));
      read_comments(in, node, page.pull_requests.back().number, page);
    });
    return page;
  });
  if (told) return *told;
  return read;
}

}  // namespace trueup::formats
