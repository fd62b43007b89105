// Open pull requests by GitHub's GraphQL API, and by REST where that is refused. The answers are written from the documented schema.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "live/fake_http.hpp"
#include "live/forge_servers.hpp"
#include "live/recordings.hpp"

namespace trueup::live {
namespace {

using live_test::answered;
using live_test::FakeHttp;
using nlohmann::json;

constexpr const char* kSha = "0a1b2c3000000000000000000000000000000000";

json pull(int number) {
  return {{"number", number}, {"title", "t"}, {"isDraft", false}, {"mergeStateStatus", "BEHIND"}, {"createdAt", "2026-01-01T00:00:00Z"}, {"updatedAt", "2026-01-03T00:00:00Z"},
          {"headRefName", "ring-a"}, {"headRefOid", kSha}, {"baseRefName", "main"}, {"baseRefOid", "b"}, {"author", {{"__typename", "Bot"}, {"login", "dependabot"}}},
          {"headRepository", {{"nameWithOwner", "acme/app"}}}, {"labels", {{"nodes", {{{"name", "cohort:a"}}, {{"name", "old"}}}}}},
          {"timelineItems", {{"nodes", {{{"createdAt", "2026-01-01T01:00:00Z"}, {"label", {{"name", "cohort:a"}}}}, {{"createdAt", "2026-01-02T00:00:00Z"}, {"label", {{"name", "cohort:a"}}}}}}}},
          {"comments", {{"pageInfo", {{"hasNextPage", false}}}, {"nodes", {{{"body", "released"}, {"createdAt", "2026-01-02T00:00:00Z"}, {"author", nullptr}}}}}}};
}

json page(const std::vector<json>& pulls, const std::string& next = "") {
  return {{"data",
           {{"rateLimit", {{"cost", 2}, {"remaining", 4990}}},
            {"repository", {{"pullRequests", {{"pageInfo", {{"hasNextPage", !next.empty()}, {"endCursor", next.empty() ? json(nullptr) : json(next)}}}, {"nodes", pulls}}}}}}}};
}

/// GitHub with `count` open pull requests, by both APIs.
struct Github {
  explicit Github(int pulls) : count(pulls) {}

  int count;
  bool offers_graphql = true;
  std::function<std::optional<HttpAnswer>(const HttpRequest&, int asked)> fault = [](const HttpRequest&, int) { return std::nullopt; };
  int asked_graphql = 0;
  live_test::OneToken token;
  NoCredentials nobody;
  FakeHttp http{[this](const HttpRequest& request) { return answer(request); }};

  HttpAnswer answer(const HttpRequest& request) {
    if (request.method == "POST") {
      if (auto broken = fault(request, asked_graphql++)) return *broken;
      if (!offers_graphql) return answered(404, R"({"message":"Not Found"})");
      const json asked = json::parse(request.body)["variables"];
      const int first = asked["after"].is_null() ? 0 : std::stoi(asked["after"].get<std::string>()), last = std::min(first + asked["count"].get<int>(), count);
      std::vector<json> pulls;
      for (int i = first; i < last; ++i) pulls.push_back(pull(i + 1));
      return answered(200, page(pulls, last < count ? std::to_string(last) : "").dump(), {{"x-ratelimit-resource", "graphql"}, {"x-ratelimit-remaining", "4990"}});
    }
    if (request.url.find("/comments") != std::string::npos) return answered(200, R"([{"user":{"login":"x"},"body":"by REST","created_at":"2026-01-02T00:00:00Z"}])");
    if (request.url.find("/pulls?") == std::string::npos) return answered(404, "{}");
    const std::size_t at = request.url.find("&page=");
    const int first = at == std::string::npos ? 0 : std::stoi(request.url.substr(at + 6));
    json pulls = json::array();
    for (int i = first; i < std::min(first + 100, count); ++i)
      pulls.push_back({{"number", i + 1}, {"state", "open"}, {"head", {{"ref", "ring-a"}, {"sha", kSha}, {"repo", {{"full_name", "acme/app"}}}}}, {"base", {{"ref", "main"}, {"sha", "b"}}},
                       {"created_at", "2026-01-01T00:00:00Z"}, {"updated_at", "2026-01-03T00:00:00Z"}, {"labels", {{{"name", "cohort:a"}}}}});
    std::vector<HttpHeader> headers{{"x-ratelimit-remaining", "900"}};
    if (first + 100 < count) headers.push_back({"Link", "<" + request.url.substr(0, at) + "&page=" + std::to_string(first + 100) + ">; rel=\"next\""});
    return answered(200, pulls.dump(), headers);
  }

  std::unique_ptr<Forge> forge(const std::string& host = "github.com", bool with_token = true) {
    return make_forge({ForgeKind::github, host, default_api_url(ForgeKind::github, host), "2026-01-01T00:00:00Z"}, http, with_token ? static_cast<CredentialSource&>(token) : nobody);
  }
};

ForgeListReading ask(Forge& forge, ForgeListKind kind, const std::string& about) {
  const ForgeListQuestion question{"acme/app", kind, about};
  return forge.lists({&question, 1}).at(0);
}

TEST(GithubGraphql, PullRequestsComeWithTheTimesOfTheirLabelsAndTheirComments) {
  Github github(1);
  const auto forge = github.forge();
  const auto open = ask(*forge, ForgeListKind::pull_request, "open");
  ASSERT_EQ(open.state, ReadingState::present) << open.unknown->because;
  EXPECT_TRUE(open.complete);
  ASSERT_EQ(open.items.pull_requests.size(), 1u);
  const formats::PullRequest& read = open.items.pull_requests[0];
  EXPECT_EQ(read.author, "dependabot[bot]") << "as REST calls it";
  EXPECT_EQ(read.merge_state, "behind");
  EXPECT_EQ(read.head_slug, "acme/app");
  ASSERT_EQ(read.labels.size(), 2u);
  EXPECT_EQ(read.labels[0].added_at, "2026-01-02T00:00:00Z") << "when it was put on last";
  EXPECT_EQ(read.labels[1].added_at, "") << "not told";
  const auto comments = ask(*forge, ForgeListKind::pull_request_comment, "1");
  ASSERT_EQ(comments.items.comments.size(), 1u);
  EXPECT_EQ(comments.items.comments[0].body, "released");
  EXPECT_TRUE(comments.complete);
  ASSERT_EQ(github.http.asked().size(), 1u);
  EXPECT_EQ(github.http.asked()[0].url, "https://api.github.com/graphql");
  EXPECT_EQ(github.http.asked()[0].authorization.credential_of, "github.com");
  EXPECT_EQ(forge->graphql_points(), 2);
  EXPECT_EQ(forge->graphql_points_left(), 4990);
  EXPECT_EQ(forge->requests_left(), std::nullopt) << "REST has a budget of its own";
}

TEST(GithubGraphql, TwoHundredPullRequestsTakeFourRequestsInPlaceOfTwoHundredAndTwo) {
  const auto requests = [](bool offers) {
    Github github(200);
    github.offers_graphql = offers;
    const auto forge = github.forge();
    const auto open = ask(*forge, ForgeListKind::pull_request, "open");
    EXPECT_EQ(open.items.pull_requests.size(), 200u);
    for (const auto& each : open.items.pull_requests) EXPECT_EQ(ask(*forge, ForgeListKind::pull_request_comment, std::to_string(each.number)).items.comments.size(), 1u);
    EXPECT_EQ(forge->requests(), github.http.asked().size());
    return github.http.asked().size();
  };
  EXPECT_EQ(requests(true), 4u);
  EXPECT_EQ(requests(false), 203u) << "one was refused";
}

TEST(GithubGraphql, EnterpriseServersHaveItBesideRest) {
  Github github(1);
  EXPECT_TRUE(ask(*github.forge("github.example"), ForgeListKind::pull_request, "open").complete);
  EXPECT_TRUE(ask(*github.forge("acme.ghe.com"), ForgeListKind::pull_request, "open").complete);
  EXPECT_EQ(github.http.asked()[0].url, "https://github.example/api/graphql");
  EXPECT_EQ(github.http.asked()[1].url, "https://api.acme.ghe.com/graphql");
}

TEST(GithubGraphql, IsRecordedAndReplayedWithoutTheToken) {
  Github github(60);
  const live_test::TemporaryFolder folder;
  auto recorder = Recorder::open(folder.path() / "r", {"2026-01-01T00:00:00Z", {}}, github.http);
  ASSERT_TRUE(recorder);
  const ForgeServer server{ForgeKind::github, "github.com", default_api_url(ForgeKind::github, "github.com"), "2026-01-01T00:00:00Z"};
  const auto live = ask(*make_forge(server, **recorder, github.token), ForgeListKind::pull_request, "open");
  const auto replay = Replay::open(folder.path() / "r");
  ASSERT_TRUE(replay) << replay.error().message;
  const auto replayed = ask(*make_forge(server, **replay, (*replay)->credentials()), ForgeListKind::pull_request, "open");
  ASSERT_EQ(replayed.state, ReadingState::present) << replayed.unknown->because;
  EXPECT_EQ(replayed.items.pull_requests.size(), 60u);
  EXPECT_EQ(replayed.items.pull_requests.at(59).labels.at(0).added_at, live.items.pull_requests.at(59).labels.at(0).added_at);
  EXPECT_EQ((*replay)->size(), 2u);
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "r")) EXPECT_EQ(live_test::read_file(entry.path()).find("s3cret"), std::string::npos);
}

TEST(GithubGraphql, WithoutATokenItIsNotAsked) {
  Github github(1);
  EXPECT_EQ(ask(*github.forge("github.com", false), ForgeListKind::pull_request, "open").items.pull_requests.size(), 1u);
  EXPECT_EQ(github.asked_graphql, 0);
}

TEST(GithubGraphql, WhateverIsNotTheAnswerIsAskedOfRest) {
  const auto errors = [](const std::string& type) { return answered(200, R"({"data":null,"errors":[{"type":")" + type + R"(","message":"m"}]})"); };
  json half = page({pull(1)}), without_head = half, endless = page({pull(1)}, "1");
  half["errors"] = {{{"type", "FORBIDDEN"}}};
  without_head["data"]["repository"]["pullRequests"]["nodes"][0].erase("headRefOid");
  HttpAnswer cut_off;
  cut_off.failure = {"cut_off", "it closed the connection"};
  const std::vector<std::pair<const char*, HttpAnswer>> faults = {
      {"401", answered(401, R"({"message":"Bad credentials"})")},
      {"403", answered(403, R"({"message":"Resource not accessible by personal access token"})")},
      {"404", answered(404, "{}")},
      {"500", answered(500, "")},
      {"502", answered(502, "")},
      {"redirect", answered(301, "", {{"Location", "https://evil.example/graphql"}})},
      {"no connection", cut_off},
      {"web page", answered(200, "<!doctype html>")},
      {"nothing", answered(200, "{}")},
      {"not found", errors("NOT_FOUND")},
      {"its budget is spent", errors("RATE_LIMIT")},
      {"its budget is spent, by status", answered(403, R"({"message":"API rate limit exceeded"})", {{"x-ratelimit-resource", "graphql"}, {"x-ratelimit-remaining", "0"}})},
      {"a part of it", answered(200, half.dump())},
      {"a pull request without its commit", answered(200, without_head.dump())},
      {"pages that go round in a circle", answered(200, endless.dump())}};
  for (const auto& [what, answer] : faults) {
    SCOPED_TRACE(what);
    Github github(3);
    github.fault = [&](const HttpRequest&, int) { return std::optional(answer); };
    const auto forge = github.forge();
    const auto open = ask(*forge, ForgeListKind::pull_request, "open");
    ASSERT_EQ(open.state, ReadingState::present) << open.unknown->because;
    EXPECT_TRUE(open.complete);
    EXPECT_EQ(open.items.pull_requests.size(), 3u);
    EXPECT_EQ(ask(*forge, ForgeListKind::pull_request_comment, "1").items.comments.at(0).body, "by REST");
    EXPECT_LE(github.asked_graphql, 3);
  }
}

TEST(GithubGraphql, APageThatIsTooMuchIsHalved) {
  Github github(60);
  github.fault = [](const HttpRequest&, int asked) { return asked == 0 ? std::optional(answered(502, "")) : std::nullopt; };
  EXPECT_EQ(ask(*github.forge(), ForgeListKind::pull_request, "open").items.pull_requests.size(), 60u);
  EXPECT_EQ(github.asked_graphql, 4);
  EXPECT_EQ(json::parse(github.http.asked()[1].body)["variables"]["count"], 25);
}

TEST(GithubGraphql, TheSecondaryLimitHoldsForAllThatIsAsked) {
  Github github(1);
  github.fault = [](const HttpRequest&, int) { return std::optional(answered(403, R"({"message":"You have exceeded a secondary rate limit"})", {{"x-ratelimit-resource", "graphql"}})); };
  const auto open = ask(*github.forge(), ForgeListKind::pull_request, "open");
  EXPECT_EQ(open.state, ReadingState::unknown);
  EXPECT_EQ(open.unknown->code, "rate_limited");
  EXPECT_EQ(github.http.asked().size(), 1u);
}

TEST(GithubGraphql, CommentsAreHeldAsFarAsTheirBoundGoes) {
  Github github(500);
  github.fault = [](const HttpRequest& request, int) {
    const json asked = json::parse(request.body)["variables"];
    const int first = asked["after"].is_null() ? 0 : std::stoi(asked["after"].get<std::string>());
    std::vector<json> pulls;
    for (int i = first; i < first + 50; ++i) {
      pulls.push_back(pull(i + 1));
      const json comment = {{"body", std::string(10'000, 'x')}, {"createdAt", "2026-01-02T00:00:00Z"}, {"author", nullptr}};
      pulls.back()["comments"]["nodes"] = std::vector<json>(30, comment);
    }
    return std::optional(answered(200, page(pulls, first + 50 < 500 ? std::to_string(first + 50) : "").dump()));
  };
  const auto forge = github.forge();
  EXPECT_EQ(ask(*forge, ForgeListKind::pull_request, "open").items.pull_requests.size(), 500u);
  const auto held = ask(*forge, ForgeListKind::pull_request_comment, "1"), beyond = ask(*forge, ForgeListKind::pull_request_comment, "500");
  EXPECT_EQ(held.items.comments.size(), 30u);
  EXPECT_LT(held.items.comments[0].body.size(), 5'000u);
  EXPECT_EQ(beyond.items.comments.at(0).body, "by REST");
}

TEST(GithubGraphql, MoreCommentsThanCameAreAskedOfRest) {
  Github github(1);
  github.fault = [](const HttpRequest&, int) {
    json many = page({pull(1)});
    many["data"]["repository"]["pullRequests"]["nodes"][0]["comments"]["pageInfo"]["hasNextPage"] = true;
    return std::optional(answered(200, many.dump()));
  };
  const auto forge = github.forge();
  (void)ask(*forge, ForgeListKind::pull_request, "open");
  EXPECT_EQ(ask(*forge, ForgeListKind::pull_request_comment, "1").items.comments.at(0).body, "by REST");
}

}  // namespace
}  // namespace trueup::live
