#include "live/helm_repository.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "live/curl_client.hpp"
#include "live/fault_server.hpp"
#include "live/recordings.hpp"
#include "live/temporary_folder.hpp"

namespace trueup::live {
namespace {

using namespace std::chrono_literals;
using live_test::FaultServer;
using live_test::OneCredential;
using live_test::Reply;
using live_test::Wire;

const std::string kIndex = "apiVersion: v1\nentries:\n  atlas:\n  - {name: atlas, version: 1.1.0, urls: [a.tgz]}\n  - {name: atlas, version: 1.0.0, urls: [a.tgz]}\n";

TEST(HelmRepository, RecordedIndexTellsWhatItHolds) {
  SKIP_WITHOUT_RECORDINGS_OF("helm-repo");
  const auto replay = live_test::replay_of("helm-repo", {"index-200", "index-not-found-404"});
  NoCredentials none;
  HelmRepositories repositories(*replay, none);
  const std::string base = "https://charts.example.test";
  const auto readings = repositories.read(std::vector<ChartListQuestion>{{base, "atlas"}, {base + "/", "gone"}, {base + "/elsewhere", "atlas"}});
  ASSERT_EQ(readings.size(), 3U);
  EXPECT_EQ(readings[0].state, ReadingState::present);
  ASSERT_FALSE(readings[0].versions.empty());
  EXPECT_EQ(readings[0].versions.front().version, "1.1.0");
  EXPECT_EQ(readings[0].versions.front().app_version, "3.0.0");
  EXPECT_EQ(readings[0].versions.front().digest.size(), 64U);
  EXPECT_THAT(readings[0].from.address, testing::HasSubstr("/index.yaml"));
  EXPECT_EQ(readings[1].state, ReadingState::absent);
  EXPECT_THAT(readings[1].evidence, testing::HasSubstr("none of gone"));
  ASSERT_TRUE(readings[2].unknown);
  EXPECT_EQ(readings[2].unknown->code, "http_404");
}

class HelmRepositoryFaults : public testing::Test {
 protected:
  HelmRepositoryFaults() {
    options.connect_timeout = 2s;
    options.total_timeout = 30s;
    options.first_backoff = 5ms;
    options.max_wait = 200ms;
    EXPECT_TRUE(hosts.allow(server.host()));
  }

  ChartListReading read(CredentialSource* credentials = nullptr) {
    const auto client = make_curl_client(options, hosts, empty_surroundings());
    NoCredentials none;
    HelmRepositories repositories(*client, credentials != nullptr ? *credentials : none);
    return repositories.read(std::vector<ChartListQuestion>{{server.url("/stable"), "atlas"}}).at(0);
  }

  FaultServer server, other;
  HttpOptions options;
  HostPolicy hosts;
};

TEST_F(HelmRepositoryFaults, AnIndexIsFetchedOnceForAllQuestions) {
  server.on("/stable/index.yaml", Reply{200, {}, kIndex});
  const auto client = make_curl_client(options, hosts, empty_surroundings());
  NoCredentials none;
  HelmRepositories repositories(*client, none);
  const std::vector<ChartListQuestion> questions{{server.url("/stable"), "atlas"}, {server.url("/stable/"), "gone"}};
  for (int round = 0; round < 2; ++round) {
    const auto readings = repositories.read(questions);
    EXPECT_EQ(readings[0].versions.size(), 2U);
    EXPECT_EQ(readings[1].state, ReadingState::absent);
  }
  EXPECT_EQ(server.seen().size(), 1U);
}

TEST_F(HelmRepositoryFaults, WhatIsNoWholeIndexReadsAsUnknown) {
  const struct {
    const char* what;
    Reply reply;
    const char* code;
  } cases[] = {
      {"unauthorized", Reply{401, {{"WWW-Authenticate", "Basic"}}}, "no_credentials"},
      {"forbidden", Reply{403}, "no_credentials"},
      {"not there", Reply{404}, "http_404"},
      {"rate limit", Reply{429, {{"Retry-After", "120"}}}, "rate_limited"},
      {"error of the server", Reply{500}, "http_500"},
      {"web page", Reply{200, {{"Content-Type", "text/html"}}, "<!doctype html><title>Sign in</title>"}, "malformed"},
      {"half a body", Reply{200, {}, kIndex, Wire::cut_in_half}, "cut_off"},
      {"half a gzip body", Reply{200, {{"Content-Encoding", "gzip"}}, live_test::gzip_stored(kIndex), Wire::cut_in_half}, "cut_off"},
      {"gzip that ends early", Reply{200, {{"Content-Encoding", "gzip"}}, live_test::gzip_stored(kIndex).substr(0, 100)}, "cut_off"},
      {"no gzip", Reply{200, {{"Content-Encoding", "gzip"}}, kIndex}, "malformed"},
      {"nothing", Reply{200, {}, ""}, "malformed"},
      {"a part of it", Reply{206, {}, kIndex}, "http_206"},
      {"closed", Reply{200, {}, "", Wire::closed}, "cut_off"},
      {"gzip bomb", Reply{200, {{"Content-Encoding", "gzip"}}, live_test::gzip_bomb(300u << 20)}, "malformed"},
      {"redirect to an address that nobody named", Reply{302, {{"Location", other.url("/steal")}}}, "private_address"},
  };
  for (const auto& [what, reply, code] : cases) {
    SCOPED_TRACE(what);
    server.on("/stable/index.yaml", reply);
    const ChartListReading reading = read();
    EXPECT_EQ(reading.state, ReadingState::unknown);
    EXPECT_TRUE(reading.versions.empty());
    ASSERT_TRUE(reading.unknown);
    EXPECT_EQ(reading.unknown->code, code) << reading.unknown->because;
    EXPECT_EQ(reading.unknown->kind, unknown_kind(code));
  }
  EXPECT_TRUE(other.seen().empty());
}

TEST_F(HelmRepositoryFaults, CredentialsGoToTheirHostAlone) {
  server.on("/stable/index.yaml", Reply{200, {}, kIndex});
  OneCredential mine(server.host()), of_another(other.host());
  EXPECT_EQ(read(&mine).state, ReadingState::present);
  EXPECT_EQ(server.seen().back().header("authorization"), "Basic cm9ib3Q6czNjcmV0");
  EXPECT_EQ(read(&of_another).state, ReadingState::present);
  EXPECT_EQ(server.seen().back().header("authorization"), "");
  server.on("/stable/index.yaml", Reply{401});
  const ChartListReading refused = read(&mine);
  ASSERT_TRUE(refused.unknown);
  EXPECT_EQ(refused.unknown->code, "refused_credentials");
  EXPECT_EQ(refused.unknown->because.find("s3cret"), std::string::npos);
}

TEST(HelmRepository, AnIndexInAFileStandsForItsServerAndNobodyIsAsked) {
  live_test::TemporaryFolder folder;
  const auto file = [&](const std::string& name, const std::string& text) {
    return HelmRepositories::IndexFile{folder.write(name, text).string(), "live/" + name};
  };
  OfflineClient offline;
  NoCredentials none;
  HelmRepositories repositories(offline, none,
                                {{"https://charts.example/stable/", file("index.yaml", kIndex)},
                                 {"https://html.example", file("page.yaml", "<!doctype html>")},
                                 {"https://gone.example", {(folder.path() / "gone").string(), "live/gone"}}},
                                "2026-01-01T00:00:00Z");
  const auto readings = repositories.read(std::vector<ChartListQuestion>{{"https://charts.example/stable", "atlas"},
                                                                         {"https://charts.example/stable", "gone"},
                                                                         {"https://html.example", "atlas"},
                                                                         {"https://gone.example", "atlas"},
                                                                         {"https://other.example", "atlas"}});
  EXPECT_EQ(readings[0].versions.size(), 2U);
  EXPECT_EQ(readings[0].from.address, "live/index.yaml");
  EXPECT_EQ(readings[0].from.asked_at, "2026-01-01T00:00:00Z");
  EXPECT_EQ(readings[1].state, ReadingState::absent);
  EXPECT_EQ(readings[2].unknown->code, "malformed");
  EXPECT_EQ(readings[3].unknown->code, "not_found");
  EXPECT_EQ(readings[4].unknown->code, "offline");
  EXPECT_EQ(readings[4].unknown->kind, UnknownKind::not_asked);
}

}  // namespace
}  // namespace trueup::live
