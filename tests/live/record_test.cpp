#include "live/record.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "live/base64.hpp"
#include "live/fake_http.hpp"
#include "live/oci_registry.hpp"
#include "live/registry_fixture.hpp"
#include "live/temporary_folder.hpp"

namespace trueup::live {
namespace {

using live_test::answered;
using live_test::FakeHttp;
using live_test::TemporaryFolder;

HttpRequest get(std::string url) {
  HttpRequest request;
  request.url = std::move(url);
  return request;
}

HttpRequest with_password(HttpRequest request) {
  request.authorization = {AuthorizationScheme::basic, Secret(base64_encode("robot:s3cret")), "registry.example"};
  return request;
}

std::string all_files(const std::filesystem::path& folder) {
  std::string text;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    text += entry.path().filename().string() + "\n" + live_test::read_file(entry.path());
  }
  return text;
}

/// Records what `inner` answers to `requests`, and opens the recording.
std::unique_ptr<Replay> record(const TemporaryFolder& folder, FakeHttp::Answerer inner,
                               const std::vector<HttpRequest>& requests) {
  FakeHttp http(std::move(inner));
  RecordedRun run{"2026-11-21T10:45:00Z", {}};
  auto recorder = Recorder::open(folder.path() / "rec", run, http);
  EXPECT_TRUE(recorder);
  for (const auto& request : requests) (*recorder)->send(request);
  EXPECT_FALSE((*recorder)->problem());
  auto replay = Replay::open(folder.path() / "rec");
  EXPECT_TRUE(replay) << replay.error().message;
  return std::move(*replay);
}

TEST(Recording, GivesBackWhatWasAnswered) {
  const TemporaryFolder folder;
  const std::string binary("\x1f\x8b\x00\xff", 4);
  const auto inner = [&](const HttpRequest& request) {
    if (request.url.ends_with("/binary")) return answered(200, binary);
    if (request.url.ends_with("/failed")) {
      HttpAnswer failed;
      failed.failure = {"timed_out", "registry.example did not answer in time"};
      return failed;
    }
    return answered(404, "{\"a\": 1}\n", {{"Link", "</2>; rel=next"}, {"X", "1"}, {"X", "2"}});
  };
  const auto replay = record(folder, inner,
                             {get("https://registry.example/text"), get("https://registry.example/binary"),
                                             get("https://registry.example/failed")});
  const auto text = replay->send(get("https://registry.example/text"));
  ASSERT_TRUE(text.has_status(404));
  EXPECT_EQ(text.response->body, "{\"a\": 1}\n");
  EXPECT_EQ(find_headers(text.response->headers, "x").size(), 2u);
  EXPECT_EQ(text.from, (Provenance{"https://registry.example/text", "2026-11-21T10:45:39Z", true}));
  EXPECT_EQ(replay->send(get("https://registry.example/binary")).response->body, binary);
  const auto failed = replay->send(get("https://registry.example/failed"));
  EXPECT_EQ(failed.failure.code, "timed_out");
  EXPECT_EQ(failed.from.asked_at, "2026-11-21T10:45:39Z");
  EXPECT_EQ(replay->send(get("https://registry.example/other")).failure.code, "not_recorded");
  EXPECT_EQ(replay->size(), 3u);
  EXPECT_TRUE(replay->unused().empty());
  EXPECT_EQ(replay->latest(), "2026-11-21T10:45:39Z");
}

TEST(Recording, HoldsABodyThatWasToBeReadWhileItComes) {
  const TemporaryFolder folder;
  HttpRequest request = get("https://charts.example/index.yaml");
  bool called = false;
  request.read_body = [&](const HttpResponse&, const NextBytes&) { called = true; };
  const auto inner = [](const HttpRequest& asked) { return answered(200, asked.read_body ? "" : "apiVersion: v1"); };
  EXPECT_EQ(record(folder, inner, {request})->send(request).response->body, "apiVersion: v1");
  EXPECT_FALSE(called);
}

TEST(Recording, HoldsNoSecret) {
  const TemporaryFolder folder;
  const std::string packed = base64_encode("robot:s3cret");
  const auto inner = [&](const HttpRequest& request) {
    if (request.secret_answer) {
      return answered(200, R"({"token":"tok3n","refresh_token":"refr3sh","expires_in":300,"issued_at":"x",)"
                           R"("other":{"a":"hidd3n"}})");
    }
    return answered(200, "you sent Basic " + packed + ", that is robot:s3cret",
                    {{"Set-Cookie", "sess1on"}, {"X-Auth-Token", "tok3n"}, {"X-Echo", "s3cret"}});
  };
  HttpRequest token = with_password(get("https://auth.example/token?service=registry.example&scope=a"));
  token.secret_answer = true;
  HttpRequest exchange = get("https://auth.example/token");
  exchange.method = "POST";
  exchange.body = "grant_type=refresh_token&refresh_token=refr3sh&scope=a";
  exchange.secret_body = exchange.secret_answer = true;
  exchange.authorization.credential_of = "other.example";
  HttpRequest signed_url = with_password(get("https://registry.example/blob?X-Amz-Signature=sign3d&n=1"));
  const auto replay = record(folder, inner, {token, exchange, signed_url});
  const std::string all = all_files(folder.path() / "rec");
  for (const char* secret : {"s3cret", "tok3n", "refr3sh", "hidd3n", "sess1on", "sign3d", packed.c_str()}) {
    EXPECT_EQ(all.find(secret), std::string::npos) << secret;
  }
  EXPECT_NE(all.find("\"expires_in\": 300"), std::string::npos);
  EXPECT_NE(all.find("Basic REDACTED"), std::string::npos);
  EXPECT_TRUE(replay->send(token).has_status(200));
  EXPECT_TRUE(replay->send(exchange).has_status(200));
  EXPECT_TRUE(replay->send(signed_url).has_status(200));
  EXPECT_EQ(replay->credentials().find(*HostPort::parse("registry.example"))->kind, CredentialKind::basic);
  EXPECT_EQ(replay->credentials().find(*HostPort::parse("other.example"))->kind, CredentialKind::identity_token);
  EXPECT_FALSE(replay->credentials().find(*HostPort::parse("auth.example")));
}

TEST(Recording, KeepsTheRun) {
  const TemporaryFolder folder;
  FakeHttp http([](const HttpRequest&) { return answered(200, ""); });
  RecordedRun run{"2026-11-21T10:45:00Z", {}};
  ASSERT_TRUE(run.hosts.allow("127.0.0.1:5000"));
  const HostSettings settings{.plain_http = false, .ca_file = "/secret/place", .token_hosts = {"auth.example"}};
  ASSERT_TRUE(run.hosts.configure("registry.example", settings));
  ASSERT_TRUE(Recorder::open(folder.path() / "rec", run, http));
  const auto replay = Replay::open(folder.path() / "rec");
  ASSERT_TRUE(replay) << replay.error().message;
  ASSERT_TRUE((*replay)->run());
  EXPECT_EQ((*replay)->run()->now, run.now);
  EXPECT_EQ((*replay)->run()->hosts.base_url(*HostPort::parse("127.0.0.1:5000")), "http://127.0.0.1:5000");
  EXPECT_EQ((*replay)->run()->hosts.settings(*HostPort::parse("registry.example"))->token_hosts.at(0), "auth.example");
  EXPECT_EQ(all_files(folder.path() / "rec").find("/secret/place"), std::string::npos);
}

TEST(Recording, TwoRunsGiveTheSameFiles) {
  const TemporaryFolder one, two;
  const auto inner = [](const HttpRequest& request) { return answered(200, request.url); };
  std::vector<HttpRequest> requests = {get("https://a.example/x"), get("https://a.example/y"),
                                       with_password(get("https://a.example/x"))};
  record(one, inner, requests);
  std::ranges::reverse(requests);
  record(two, inner, requests);
  for (const auto& entry : std::filesystem::directory_iterator(one.path() / "rec")) {
    EXPECT_EQ(live_test::read_file(entry.path()), live_test::read_file(two.path() / "rec" / entry.path().filename()));
  }
}

TEST(Recording, ExchangeThatComesAgainReplacesTheEarlierOne) {
  const TemporaryFolder folder;
  int count = 0;
  const auto inner = [&](const HttpRequest&) { return answered(++count == 1 ? 401 : 200, ""); };
  const auto replay = record(folder, inner, {get("https://a.example/x"), get("https://a.example/x")});
  EXPECT_EQ(replay->size(), 1u);
  EXPECT_TRUE(replay->send(get("https://a.example/x")).has_status(200));
}

TEST(Recording, DoesNotMixWithWhatIsThere) {
  const TemporaryFolder folder;
  FakeHttp http([](const HttpRequest&) { return answered(200, ""); });
  folder.write("notes.txt", "x");
  EXPECT_EQ(Recorder::open(folder.path(), {}, http).error().fault, Fault::malformed);
  EXPECT_EQ(Recorder::open(folder.path() / "notes.txt" / "rec", {}, http).error().fault, Fault::denied);
}

TEST(Replay, SaysWhichFileIsBroken) {
  EXPECT_EQ(Replay::open("/no/such/folder").error().fault, Fault::not_found);
  const std::string request = R"("request":{"method":"GET","path":"/","headers":{"Host":"a.example"}})";
  for (const std::string& text :
       {std::string("{"), std::string("[]"), std::string("{}"), std::string(R"({"request":1})"), "{" + request + "}",
        "{" + request + R"(,"response":{"status":"200"}})", "{" + request + R"(,"response":7})",
        std::string(100'000, '['),
        std::string(R"({"request":{"method":"GET","path":"/","headers":{"Host":"a/b"}},"response":{"status":200}})")}) {
    const auto replay = Replay::from_texts({{"broken.json", text}});
    ASSERT_FALSE(replay) << text.substr(0, 80);
    EXPECT_NE(replay.error().message.find("broken.json"), std::string::npos);
  }
  EXPECT_FALSE(Replay::from_texts({{"run.json", R"({"now":"yesterday"})"}}));
  EXPECT_FALSE(Replay::from_texts({{"run.json", R"({"now":"2026-11-21T10:45:00Z","hosts":{"a":1}})"}}));
}

std::pair<std::string, std::string> exchange(const std::string& name, const std::string& path, int status,
                                             const std::string& extra = "") {
  return {name, R"({"request":{"method":"GET","path":")" + path + R"(","headers":{"Host":"a.example"})" + extra +
                    R"(},"response":{"status":)" + std::to_string(status) + R"(,"headers":{},"body_text":")" + name +
                        R"("}})"};
}

TEST(Replay, PrefersTheLowerStatusAndThenTheFirstName) {
  const auto replay = Replay::from_texts({exchange("b", "/x", 200), exchange("a", "/x", 200),
                                          exchange("0", "/x", 401)});
  EXPECT_EQ((*replay)->send(get("https://a.example/x")).response->body, "a");
  EXPECT_EQ((*replay)->unused(), (std::vector<std::string>{"0", "b"}));
}

TEST(Replay, WhatAnyoneMaySeeACredentialMaySeeToo) {
  const auto replay = Replay::from_texts({exchange("open", "/x", 200), exchange("refused", "/y", 401)});
  EXPECT_TRUE((*replay)->send(with_password(get("https://a.example/x"))).has_status(200));
  EXPECT_EQ((*replay)->send(with_password(get("https://a.example/y"))).failure.code, "not_recorded");
}

TEST(Replay, PageSizeIsAWishAndOtherParametersAreNot) {
  const auto replay = Replay::from_texts({exchange("first", "/tags", 200),
                                          exchange("second", "/tags?n=3&last=b", 200)});
  EXPECT_EQ((*replay)->send(get("https://a.example/tags?n=1000")).response->body, "first");
  EXPECT_EQ((*replay)->send(get("https://a.example/tags?last=b&n=3")).response->body, "second");
  EXPECT_EQ((*replay)->send(get("https://a.example/tags?n=1000&last=c")).failure.code, "not_recorded");
}

TEST(Replay, BodyOfWhichOnlyTheSizeIsKnownIsNotRecorded) {
  const std::string text = R"({"request":{"method":"GET","path":"/x","headers":{"Host":"a.example"}},)"
                           R"("response":{"status":200,"headers":{},"body_size":9}})";
  const auto replay = Replay::from_texts({{"x", text}});
  EXPECT_EQ((*replay)->send(get("https://a.example/x")).failure.code, "not_recorded");
}

TEST(Recording, OfARegistryReplaysToTheSameReadings) {
  const TemporaryFolder folder;
  const auto chart = live_test::chart_artifact("atlas", "1.0.0");
  FakeHttp http([&](const HttpRequest& request) {
    const auto contains = [&](std::string_view part) { return request.url.find(part) != std::string::npos; };
    if (contains("auth.example")) return answered(200, R"({"token":"granted"})");
    if (request.authorization.value.reveal() != "granted") {
      return answered(401, "",
                      {{"WWW-Authenticate",
                        R"(Bearer realm="https://auth.example/token",service="registry.example")"}});
    }
    if (contains("charts/atlas/manifests/1.0.0")) {
      return answered(200, chart.manifest, {{"Content-Type", live_test::kOciManifestType}});
    }
    if (contains("/blobs/")) return answered(200, chart.config);
    if (contains("charts/atlas/tags/list")) return answered(200, R"({"tags":["1.0.0"]})");
    if (contains("_catalog")) return answered(200, R"({"repositories":["charts/atlas"]})");
    return answered(404, "");
  });
  struct Wallet final : CredentialSource {
    std::optional<Credential> find(const HostPort&) override {
      return Credential{CredentialKind::basic, "robot", Secret("s3cret"), "a test"};
    }
    std::vector<CredentialNote> explain(const HostPort&) override { return {}; }
  } wallet;
  RecordedRun run{"2026-11-21T10:45:00Z", {}};
  ASSERT_TRUE(run.hosts.allow("auth.example"));
  const std::vector<ArtifactQuestion> questions = {{"registry.example/charts/atlas", "1.0.0", true},
                                                   {"registry.example/charts/atlas", "2.0.0", true},
                                                   {"registry.example/charts/nothing", "1.0.0", true},
                                                   {"registry.example/images/x", "1.0.0", false}};
  auto recorder = Recorder::open(folder.path() / "rec", run, http);
  ASSERT_TRUE(recorder);
  const auto live = OciRegistry(**recorder, wallet, run.hosts).read(questions, {}).artifacts;
  auto replay = Replay::open(folder.path() / "rec");
  ASSERT_TRUE(replay);
  OciRegistry again(**replay, (*replay)->credentials(), (*replay)->run()->hosts);
  const auto replayed = again.read(questions, {}).artifacts;
  const ReadingState states[] = {ReadingState::present, ReadingState::absent, ReadingState::absent,
                                 ReadingState::unknown};
  for (std::size_t i = 0; i < questions.size(); ++i) {
    EXPECT_EQ(live[i].state, states[i]);
    EXPECT_EQ(replayed[i].state, live[i].state);
    EXPECT_EQ(replayed[i].unknown, live[i].unknown);
    EXPECT_EQ(replayed[i].evidence, live[i].evidence);
    EXPECT_EQ(replayed[i].chart, live[i].chart);
    EXPECT_EQ(replayed[i].from.asked_at, live[i].from.asked_at);
    EXPECT_EQ(replayed[i].from.address, live[i].from.address);
  }
  EXPECT_TRUE((*replay)->unused().empty());
}

}  // namespace
}  // namespace trueup::live
