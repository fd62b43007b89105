// Forges that misbehave in every way that was thought of, spoken to through the real client.
#include <gmock/gmock.h>

#include "live/curl_client.hpp"
#include "live/fault_server.hpp"
#include "live/forge_servers.hpp"
#include "live/recordings.hpp"

namespace trueup::live {
namespace {

using namespace std::chrono_literals;
using live_test::FaultServer;
using live_test::json_reply;
using live_test::Reply;
using live_test::Wire;

class ForgeFaults : public testing::Test {
 protected:
  ForgeFaults() {
    options.connect_timeout = 2s;
    options.total_timeout = 30s;
    options.first_backoff = 5ms;
    options.max_wait = 200ms;
    EXPECT_TRUE(hosts.allow(server.host()));
  }

  std::unique_ptr<Forge> forge(ForgeKind kind, HttpClient& client, const std::string& url = "") {
    return make_forge({kind, server.host(), url.empty() ? server.url("") : url, "2026-01-01T00:00:00Z"}, client, token);
  }

  void expect_unknown(ForgeKind kind, HttpClient& client, const std::string& code, const std::string& url = "") {
    const std::string slug = "acme/app";
    const auto fresh = forge(kind, client, url);
    std::vector<std::optional<Unknown>> reasons = {fresh->repositories({&slug, 1}).at(0).unknown};
    for (const ForgeListKind list : {ForgeListKind::pull_request, ForgeListKind::workflow_run, ForgeListKind::release}) {
      const ForgeListQuestion question{slug, list, list == ForgeListKind::release ? "" : "open"};
      const auto reading = fresh->lists({&question, 1}).at(0);
      EXPECT_EQ(reading.state, ReadingState::unknown);
      EXPECT_FALSE(reading.complete);
      EXPECT_EQ(reading.items.size(), 0u);
      reasons.push_back(reading.unknown);
    }
    for (const auto& unknown : reasons) {
      ASSERT_TRUE(unknown);
      EXPECT_EQ(unknown->code, code) << unknown->because;
      EXPECT_EQ(unknown->kind, unknown_kind(code));
      EXPECT_EQ(unknown->because.find("t0ken-s3cret"), std::string::npos);
      EXPECT_GT(unknown->because.size(), 20u);
    }
  }

  FaultServer server, other;
  HttpOptions options;
  HostPolicy hosts;
  live_test::OneToken token;
};

TEST_F(ForgeFaults, AnswerThatIsNoneReadsAsUnknown) {
  const struct {
    const char* what;
    Reply reply;
    const char* code;
  } cases[] = {
      {"unauthorized", json_reply(R"({"message":"Bad credentials"})", 401), "invalid_credentials"},
      {"forbidden", json_reply(R"({"message":"Resource not accessible by integration"})", 403), "refused_credentials"},
      {"not there, or not shown", json_reply(R"({"message":"Not Found"})", 404), "name_unknown"},
      {"rate limit", Reply{429, {{"Retry-After", "120"}}}, "rate_limited"},
      {"budget spent", Reply{403, {{"x-ratelimit-remaining", "0"}}, "{}"}, "rate_limited"},
      {"second limit", json_reply(R"({"message":"You have exceeded a secondary rate limit"})", 403), "rate_limited"},
      {"error of the server", json_reply(R"({"message":"Server Error"})", 500), "http_500"},
      {"error of the server that stays", Reply{503}, "http_503"},
      {"no content", Reply{204}, "http_204"},
      {"web page", {200, {{"Content-Type", "text/html"}}, "<!doctype html><title>Sign in</title>"}, "malformed"},
      {"garbage", json_reply("\x01\x02{{{"), "malformed"},
      {"another JSON", json_reply("[1,2]"), "malformed"},
      {"half a body", {200, {}, R"([{"number":1}])", Wire::cut_in_half}, "cut_off"},
      {"closed", {200, {}, "", Wire::closed}, "cut_off"},
      {"gzip bomb", {200, {{"Content-Encoding", "gzip"}}, live_test::gzip_bomb(64u << 20)}, "over_limit"},
      {"redirect to an address that nobody named", {302, {{"Location", other.url("/steal")}}}, "private_address"},
  };
  for (const auto& [what, reply, code] : cases) {
    SCOPED_TRACE(what);
    server.otherwise(reply);
    for (const ForgeKind kind : {ForgeKind::github, ForgeKind::gitlab}) {
      const auto client = make_curl_client(options, hosts, empty_surroundings());
      expect_unknown(kind, *client, code);
    }
  }
  EXPECT_TRUE(other.seen().empty());
}

TEST_F(ForgeFaults, ServerThatIsNotThereIsUnreachable) {
  for (const char* url : {"http://127.0.0.1:1", "https://no-such-host.invalid"}) {
    EXPECT_TRUE(hosts.allow("127.0.0.1:1"));
    const auto client = make_curl_client(options, hosts, empty_surroundings());
    expect_unknown(ForgeKind::github, *client, "unreachable", url);
  }
}

TEST_F(ForgeFaults, ServerThatNeverAnswersIsTimedOut) {
  options.total_timeout = 250ms;
  server.otherwise(Reply{200, {}, "", Wire::silent});
  const auto client = make_curl_client(options, hosts, empty_surroundings());
  expect_unknown(ForgeKind::github, *client, "timed_out");
}

TEST_F(ForgeFaults, RenamedRepositoryIsFollowedAndSaysItsNameOfToday) {
  server.on("/repos/acme/app", Reply{301, {{"Location", "/repositories/7"}}});
  server.on("/repositories/7", json_reply(R"({"full_name":"acme/new","default_branch":"trunk","visibility":"public"})"));
  const auto client = make_curl_client(options, hosts, empty_surroundings());
  const std::string slug = "acme/app";
  const auto reading = forge(ForgeKind::github, *client)->repositories({&slug, 1}).at(0);
  EXPECT_EQ(reading.full_name, "acme/new");
  EXPECT_EQ(reading.default_branch, "trunk");
  EXPECT_EQ(server.seen().at(1).header("authorization"), "Bearer t0ken-s3cret") << "the same origin";
}

TEST_F(ForgeFaults, TokenFollowsNoRedirectElsewhere) {
  EXPECT_TRUE(hosts.allow(other.host()));
  server.on("/repos/acme/app", Reply{301, {{"Location", other.url("/repos/acme/app")}}});
  other.on("/repos/acme/app", json_reply(R"({"full_name":"acme/app","default_branch":"main","visibility":"public"})"));
  const auto client = make_curl_client(options, hosts, empty_surroundings());
  const std::string slug = "acme/app";
  (void)forge(ForgeKind::github, *client)->repositories({&slug, 1});
  ASSERT_FALSE(other.seen().empty());
  EXPECT_EQ(other.seen().at(0).header("authorization"), "");
}

}  // namespace
}  // namespace trueup::live
