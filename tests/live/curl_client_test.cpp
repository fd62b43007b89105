#include "live/curl_client.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "live/fault_server.hpp"

namespace trueup::live {
namespace {

using namespace std::chrono_literals;
using live_test::FaultServer;
using live_test::Reply;
using live_test::Wire;

using Headers = std::vector<std::pair<std::string, std::string>>;

HttpOptions quick() {
  HttpOptions options;
  options.connect_timeout = 2s;
  options.total_timeout = 5s;
  options.first_backoff = 5ms;
  options.max_wait = 300ms;
  return options;
}

HttpOptions impatient() {
  HttpOptions options = quick();
  options.total_timeout = 250ms;
  return options;
}

HostPolicy naming(std::initializer_list<std::string> hosts) {
  HostPolicy policy;
  for (const std::string& host : hosts) EXPECT_TRUE(policy.allow(host));
  return policy;
}

HttpAnswer get(const std::string& url, const HostPolicy& hosts, HttpOptions options = quick(),
               std::size_t max_bytes = 1000) {
  const auto client = make_curl_client(std::move(options), hosts, empty_surroundings());
  HttpRequest request;
  request.url = url;
  request.max_bytes = max_bytes;
  return client->send(request);
}

TEST(CurlClient, AnswersWithStatusHeadersAndBody) {
  FaultServer server;
  server.on("/x", Reply{404, {{"X-One", "1"}, {"x-one", "2"}}, "not here"});
  const auto answer = get(server.url("/x?n=3&access_token=abc"), naming({server.host()}));
  ASSERT_TRUE(answer.response) << answer.failure.message;
  EXPECT_EQ(answer.response->status, 404);
  EXPECT_EQ(answer.response->body, "not here");
  EXPECT_EQ(find_headers(answer.response->headers, "X-ONE").size(), 2u);
  EXPECT_EQ(answer.from.address, server.url("/x?n=3&access_token=REDACTED"));
  EXPECT_EQ(answer.from.asked_at.size(), 20u);
  EXPECT_EQ(server.seen().at(0).header("user-agent"), "trueup/0.1");
}

struct FaultCase {
  const char* name;
  Reply reply;
  const char* code;
};
void PrintTo(const FaultCase& fault, std::ostream* out) { *out << fault.name; }

class CurlClientFaults : public testing::TestWithParam<FaultCase> {};

TEST_P(CurlClientFaults, EndAsTheirCode) {
  FaultServer server;
  server.on("/x", GetParam().reply);
  const bool waits = GetParam().reply.wire == Wire::silent || GetParam().reply.wire == Wire::dripping;
  const auto answer = get(server.url("/x"), naming({server.host()}), waits ? impatient() : quick());
  ASSERT_FALSE(answer.response);
  EXPECT_EQ(answer.failure.code, GetParam().code);
  EXPECT_NE(answer.failure.message.find(server.host()), std::string::npos) << answer.failure.message;
}

INSTANTIATE_TEST_SUITE_P(
    All, CurlClientFaults,
    testing::Values(FaultCase{"silent", {200, {}, "", Wire::silent}, "timed_out"},
                    FaultCase{"dripping", {200, {}, std::string(900, 'x'), Wire::dripping}, "timed_out"},
                    FaultCase{"cut_in_half", {200, {}, std::string(900, 'x'), Wire::cut_in_half}, "cut_off"},
                    FaultCase{"closed", {200, {}, "", Wire::closed}, "cut_off"},
                    FaultCase{"huge", {200, {}, std::string(5'000'000, 'x')}, "over_limit"},
                    FaultCase{"gzip_bomb",
                              {200, {{"Content-Encoding", "gzip"}}, live_test::gzip_bomb(50'000'000).substr(0, 900)},
                              "over_limit"},
                    FaultCase{"broken_gzip", {200, {{"Content-Encoding", "gzip"}}, "no gzip at all"}, "malformed"},
                    FaultCase{"endless_headers",
                              {200, {}, "HTTP/1.1 200 OK\r\n" + std::string(2'000'000, 'x'), Wire::raw},
                              "malformed"},
                    FaultCase{"many_headers",
                              {200, Headers(40, {"X", std::string(10'000, 'x')}), ""},
                              "over_limit"},
                    FaultCase{"no_http", {200, {}, "220 mail.example ESMTP\r\n", Wire::raw}, "malformed"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(CurlClient, CountsBytesAfterDecompression) {
  FaultServer server;
  server.on("/x", Reply{200, {{"Content-Encoding", "gzip"}}, live_test::gzip_stored("unpacked")});
  const auto answer = get(server.url("/x"), naming({server.host()}));
  ASSERT_TRUE(answer.response) << answer.failure.message;
  EXPECT_EQ(answer.response->body, "unpacked");
  EXPECT_EQ(server.seen().at(0).header("accept-encoding"), "gzip");
}

TEST(CurlClient, NobodyListening) {
  const std::string host = "127.0.0.1:" + std::to_string(live_test::unused_port());
  EXPECT_EQ(get("http://" + host + "/", naming({host})).failure.code, "unreachable");
}

TEST(CurlClient, NameThatDoesNotResolve) {
  HttpOptions options = quick();
  options.retries = 0;
  const std::string label(64, 'a');  // too long for DNS, so that no resolver is bothered with it
  EXPECT_EQ(get("https://" + label + ".example/", {}, options).failure.code, "unreachable");
}

TEST(CurlClient, AsksAgainWhileTheServerIsBusy) {
  FaultServer server;
  server.on("/x", {Reply{503}, Reply{502}, Reply{200, {}, "at last"}});
  const auto answer = get(server.url("/x"), naming({server.host()}));
  ASSERT_TRUE(answer.has_status(200));
  EXPECT_EQ(server.seen_count("/x"), 3u);
}

TEST(CurlClient, GivesTheLastAnswerWhenRetriesAreSpent) {
  FaultServer server;
  server.on("/x", Reply{504});
  EXPECT_TRUE(get(server.url("/x"), naming({server.host()})).has_status(504));
  EXPECT_EQ(server.seen_count("/x"), 3u);
}

TEST(CurlClient, StatusThatWillNotChangeIsNotAskedAgain) {
  FaultServer server;
  server.on("/x", Reply{500});
  EXPECT_TRUE(get(server.url("/x"), naming({server.host()})).has_status(500));
  EXPECT_EQ(server.seen_count("/x"), 1u);
}

TEST(CurlClient, RetryAfterIsHonouredWithinBounds) {
  FaultServer server;
  server.on("/soon", {Reply{429, {{"Retry-After", "0"}}}, Reply{200}});
  server.on("/later", {Reply{429, {{"Retry-After", "3600"}}}, Reply{200}});
  server.on("/date", {Reply{503, {{"Retry-After", "Fri, 01 Jan 2100 00:00:00 GMT"}}}, Reply{200}});
  const auto started = std::chrono::steady_clock::now();
  EXPECT_TRUE(get(server.url("/soon"), naming({server.host()})).has_status(200));
  EXPECT_TRUE(get(server.url("/later"), naming({server.host()})).has_status(429));
  EXPECT_TRUE(get(server.url("/date"), naming({server.host()})).has_status(503));
  EXPECT_LT(std::chrono::steady_clock::now() - started, 5s);
  EXPECT_EQ(server.seen_count("/later"), 1u);
}

TEST(CurlClient, HostThatKeepsFailingIsGivenUp) {
  FaultServer server;
  server.on("/x", Reply{503});
  HttpOptions options = quick();
  options.retries = 0;
  options.give_up_after = 3;
  const auto client = make_curl_client(options, naming({server.host()}), empty_surroundings());
  HttpRequest request;
  request.url = server.url("/x");
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(client->send(request).has_status(503));
  EXPECT_EQ(server.seen_count("/x"), 3u);
}

TEST(CurlClient, AnAnswerInBetweenKeepsAHost) {
  FaultServer server;
  server.on("/bad", Reply{503});
  server.on("/good", Reply{200});
  HttpOptions options = quick();
  options.retries = 0;
  options.give_up_after = 2;
  const auto client = make_curl_client(options, naming({server.host()}), empty_surroundings());
  HttpRequest bad, good;
  bad.url = server.url("/bad");
  good.url = server.url("/good");
  for (int i = 0; i < 5; ++i) {
    client->send(bad);
    client->send(good);
  }
  EXPECT_EQ(server.seen_count("/bad"), 5u);
}

TEST(CurlClient, FewRequestsReachAHostAtOnce) {
  FaultServer server;
  server.on("/x", Reply{200, {}, "xxxxx", Wire::dripping});
  HttpOptions options = quick();
  options.max_per_host = 3;
  const auto client = make_curl_client(options, naming({server.host()}), empty_surroundings());
  std::vector<std::jthread> threads;
  for (int i = 0; i < 9; ++i) {
    threads.emplace_back([&] {
      HttpRequest request;
      request.url = server.url("/x");
      EXPECT_TRUE(client->send(request).has_status(200));
    });
  }
  threads.clear();
  EXPECT_LE(server.most_at_once(), 3);
  EXPECT_GE(server.most_at_once(), 2);
}

// ---- redirects

HttpAnswer get_with_credential(const std::string& url, const HostPolicy& hosts) {
  const auto client = make_curl_client(quick(), hosts, empty_surroundings());
  HttpRequest request;
  request.url = url;
  request.authorization = {AuthorizationScheme::bearer, Secret("abc123")};
  return client->send(request);
}

TEST(Redirect, SameHostStillGetsTheCredential) {
  FaultServer server;
  server.on("/a", Reply{307, {{"Location", "b?x=1"}}});
  server.on("/b", Reply{200, {}, "moved"});
  const auto answer = get_with_credential(server.url("/a"), naming({server.host()}));
  ASSERT_TRUE(answer.has_status(200));
  EXPECT_EQ(server.seen().at(1).header("authorization"), "Bearer abc123");
  EXPECT_EQ(answer.from.address, server.url("/a"));
}

TEST(Redirect, OtherPortOfTheHostGetsNoCredential) {
  FaultServer server, other;
  server.on("/a", Reply{302, {{"Location", other.url("/b")}}});
  other.on("/b", Reply{302, {{"Location", server.url("/c")}}});
  server.on("/c", Reply{200, {}, "back"});
  ASSERT_TRUE(get_with_credential(server.url("/a"), naming({server.host(), other.host()})).has_status(200));
  EXPECT_EQ(other.seen().at(0).header("authorization"), "");
  EXPECT_EQ(server.seen().at(1).header("authorization"), "Bearer abc123");  // home again
}

TEST(Redirect, IntoAnUnnamedLoopbackAddressIsRefused) {
  FaultServer server, other;
  const std::string port = other.host().substr(other.host().find(':'));
  const std::vector<std::string> locations = {other.url("/b"),
                                              "http://localhost" + port + "/b",
                                              "https://2130706433" + port + "/b",
                                              "https://0x7f.1" + port + "/b",
                                              "https://[::1]" + port + "/b",
                                              "https://[::ffff:127.0.0.1]" + port + "/b",
                                              "https://169.254.169.254/latest/meta-data"};
  for (const std::string& location : locations) {
    server.on("/a", Reply{302, {{"Location", location}}});
    EXPECT_EQ(get_with_credential(server.url("/a"), naming({server.host()})).failure.code, "private_address")
        << location;
  }
  EXPECT_TRUE(other.seen().empty());
}

TEST(Redirect, CirclesAndNonsenseEnd) {
  FaultServer server;
  server.on("/a", Reply{302, {{"Location", "/a"}}});
  server.on("/file", Reply{302, {{"Location", "file:///etc/passwd"}}});
  server.on("/plain", Reply{302, {{"Location", "http://registry.example/"}}});
  server.on("/without", Reply{302});
  const auto hosts = naming({server.host()});
  EXPECT_EQ(get(server.url("/a"), hosts).failure.code, "redirect_refused");
  EXPECT_EQ(server.seen_count("/a"), 1 + limits::kMaxRedirects);
  EXPECT_EQ(get(server.url("/file"), hosts).failure.code, "redirect_refused");
  EXPECT_EQ(get(server.url("/plain"), hosts).failure.code, "plain_http");
  EXPECT_TRUE(get(server.url("/without"), hosts).has_status(302));
}

TEST(Redirect, PostIsNotFollowed) {
  FaultServer server;
  server.on("/a", Reply{307, {{"Location", "/b"}}});
  const auto client = make_curl_client(quick(), naming({server.host()}), empty_surroundings());
  HttpRequest request;
  request.method = "POST";
  request.url = server.url("/a");
  request.body = "grant_type=refresh_token";
  EXPECT_TRUE(client->send(request).has_status(307));
  EXPECT_EQ(server.seen().at(0).body, request.body);
  EXPECT_EQ(server.seen().size(), 1u);
}

// ---- whom is asked at all

TEST(AddressGuard, HostsThatNobodyNamedAreNotAsked) {
  FaultServer server;
  const std::string port = server.host().substr(server.host().find(':'));
  for (const std::string& url : {server.url("/"), "https://" + server.host() + "/", "https://localhost" + port + "/",
                                 "https://2130706433" + port + "/", std::string("https://10.0.0.1/")}) {
    const auto answer = get(url, naming({"registry.example"}));
    EXPECT_EQ(answer.failure.code, "private_address") << url;
  }
  EXPECT_TRUE(server.seen().empty());
}

TEST(AddressGuard, PlainHttpNeedsToBeNamed) {
  EXPECT_EQ(get("http://registry.example/", naming({"registry.example"})).failure.code, "plain_http");
}

TEST(CurlClient, ProxyOfTheEnvironmentIsUsed) {
  FaultServer proxy;
  proxy.otherwise(Reply{200, {}, "by proxy"});
  Surroundings surroundings = empty_surroundings();
  surroundings.environment = [&](std::string_view name) -> std::optional<std::string> {
    return name == "http_proxy" ? std::optional(proxy.url("")) : std::nullopt;
  };
  HostPolicy hosts;
  ASSERT_TRUE(hosts.configure("registry.example", {.plain_http = true}));
  const auto client = make_curl_client(quick(), hosts, surroundings);
  HttpRequest request;
  request.url = "http://registry.example/v2/";
  ASSERT_TRUE(client->send(request).has_status(200));
  EXPECT_EQ(proxy.seen().at(0).target, "http://registry.example/v2/");
}

TEST(CurlClient, LineBreaksSmuggleNothing) {
  FaultServer server;
  const auto client = make_curl_client(quick(), naming({server.host()}), empty_surroundings());
  HttpRequest request;
  request.url = server.url("/x");
  request.authorization = {AuthorizationScheme::bearer, Secret("a\r\nX-Evil: 1")};
  EXPECT_EQ(client->send(request).failure.code, "invalid_reference");
  EXPECT_TRUE(server.seen().empty());
}

TEST(OfflineClient, AsksNobody) {
  OfflineClient client;
  EXPECT_EQ(client.send({}).failure.code, "offline");
}

}  // namespace
}  // namespace trueup::live
