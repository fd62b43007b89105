#include "live/package_index.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "live/curl_client.hpp"
#include "live/fake_http.hpp"
#include "live/fault_server.hpp"
#include "live/recordings.hpp"

namespace trueup::live {
namespace {

using namespace std::chrono_literals;
using formats::Ecosystem;
using live_test::FaultServer;
using live_test::json_reply;
using live_test::OneCredential;
using live_test::Reply;
using live_test::Wire;

const std::string kNpm = R"({"name":"client","dist-tags":{"latest":"1.1.0"},"versions":{"1.0.0":{},"1.1.0":{}}})";
const std::string kPypi = R"({"meta":{"api-version":"1.1"},"name":"client","versions":["1.0.0","1.1.0"],"files":[]})";
const std::string kInfo = R"({"Version":"v1.2.0","Time":"2026-01-01T00:00:00Z","Origin":{"Hash":"0123456789abcdef0123456789abcdef01234567"}})";

/// Each kind with the path that is asked for a package, and what a good answer is.
struct Shape {
  Ecosystem ecosystem;
  const char* package;
  const char* path;
  std::string body;
};
const std::vector<Shape>& shapes() {
  static const std::vector<Shape> all = {{Ecosystem::npm, "client", "/index/client", kNpm},
                                         {Ecosystem::pypi, "Client", "/index/client/", kPypi},
                                         {Ecosystem::go, "git.example/Client", "/index/git.example/!client/@v/list", "v1.0.0\nv1.1.0\n"}};
  return all;
}

class PackageIndexFaults : public testing::Test {
 protected:
  PackageIndexFaults() {
    options.connect_timeout = 2s;
    options.total_timeout = 30s;
    options.first_backoff = 5ms;
    options.max_wait = 200ms;
    EXPECT_TRUE(hosts.allow(server.host()));
  }

  PackageReading read(const Shape& shape, std::vector<std::string> versions = {}, CredentialSource* credentials = nullptr, std::string index = "") {
    const auto client = make_curl_client(options, hosts, empty_surroundings());
    NoCredentials none;
    PackageIndexes indexes(*client, credentials != nullptr ? *credentials : none);
    const PackageQuestion question{shape.ecosystem, index.empty() ? server.url("/index") : index, shape.package, std::move(versions)};
    return indexes.read({&question, 1}).at(0);
  }

  FaultServer server, other;
  HttpOptions options;
  HostPolicy hosts;
};

TEST_F(PackageIndexFaults, EachKindIsReadAtItsAddress) {
  for (const Shape& shape : shapes()) {
    SCOPED_TRACE(to_string(shape.ecosystem));
    server.on(shape.path, Reply{200, {}, shape.body});
    const PackageReading reading = read(shape);
    EXPECT_EQ(reading.state, ReadingState::present) << (reading.unknown ? reading.unknown->because : "");
    EXPECT_TRUE(reading.complete);
    EXPECT_EQ(reading.list.versions.size(), 2U);
    EXPECT_THAT(reading.evidence, testing::HasSubstr("lists 2 versions of"));
    EXPECT_THAT(reading.from.address, testing::HasSubstr("/index/"));
  }
}

TEST_F(PackageIndexFaults, WhatIsNoListOfThePackageReadsAsUnknown) {
  const struct {
    const char* what;
    Reply reply;
    const char* code;
  } cases[] = {
      {"unauthorized", Reply{401, {{"WWW-Authenticate", "Basic"}}}, "no_credentials"},
      {"forbidden", Reply{403}, "no_credentials"},
      {"not there, or not shown", Reply{404}, "name_unknown"},
      {"gone", Reply{410, {}, "not found: git.example/client: private\n"}, "name_unknown"},
      {"rate limit", Reply{429, {{"Retry-After", "120"}}}, "rate_limited"},
      {"error of the server", Reply{500}, "http_500"},
      {"no content", Reply{204}, "http_204"},
      {"web page", Reply{200, {{"Content-Type", "text/html"}}, "<!doctype html><a href=/login>Sign in</a>"}, "malformed"},
      {"garbage", Reply{200, {}, "\x01\x02{{{"}, "malformed"},
      {"another object", json_reply(R"({"message":"maintenance"})"), "malformed"},
      {"half a body", Reply{200, {}, kNpm, Wire::cut_in_half}, "cut_off"},
      {"closed", Reply{200, {}, "", Wire::closed}, "cut_off"},
      {"gzip bomb", Reply{200, {{"Content-Encoding", "gzip"}}, live_test::gzip_bomb(80u << 20)}, "over_limit"},
      {"redirect to an address that nobody named", Reply{302, {{"Location", other.url("/steal")}}}, "private_address"},
  };
  for (const auto& [what, reply, code] : cases) {
    for (const Shape& shape : shapes()) {
      SCOPED_TRACE(std::string(what) + ", " + std::string(to_string(shape.ecosystem)));
      server.on(shape.path, reply);
      const PackageReading reading = read(shape, {"1.1.0"});
      EXPECT_EQ(reading.state, ReadingState::unknown);
      EXPECT_FALSE(reading.complete);
      EXPECT_TRUE(reading.list.versions.empty());
      ASSERT_TRUE(reading.unknown);
      EXPECT_EQ(reading.unknown->code, code) << reading.unknown->because;
      EXPECT_EQ(reading.unknown->kind, unknown_kind(code));
      EXPECT_GT(reading.unknown->because.size(), 15U);
    }
  }
  EXPECT_TRUE(other.seen().empty());
}

TEST_F(PackageIndexFaults, ServerThatNeverAnswersIsTimedOutAndOneThatIsNotThereUnreachable) {
  options.total_timeout = 250ms;
  server.otherwise(Reply{200, {}, "", Wire::silent});
  for (const Shape& shape : shapes()) {
    EXPECT_EQ(read(shape).unknown.value_or(Unknown{}).code, "timed_out");
    EXPECT_EQ(read(shape, {}, nullptr, "https://no-such-host.invalid").unknown.value_or(Unknown{}).code, "unreachable");
    EXPECT_EQ(read(shape, {}, nullptr, "ftp://x").unknown.value_or(Unknown{}).code, "invalid_reference");
  }
}

TEST_F(PackageIndexFaults, GoVersionThatNoListShowsIsAskedForByItself) {
  const Shape& go = shapes()[2];
  server.on(go.path, Reply{200, {}, "v1.0.0\nv1.1.0\n"});
  const std::string info = "/index/git.example/!client/@v/v1.2.0.info";
  server.on(info, json_reply(kInfo));
  const PackageReading found = read(go, {"1.2.0"});
  ASSERT_EQ(found.list.versions.size(), 3U);
  EXPECT_EQ(found.list.versions[2].commit_id, "0123456789abcdef0123456789abcdef01234567");
  server.on(info, Reply{404, {}, "not found: unknown revision v1.2.0\n"});
  const PackageReading absent = read(go, {"v1.2.0"});
  EXPECT_TRUE(absent.complete);
  EXPECT_EQ(absent.list.versions.size(), 2U);
  for (const Reply& broken : {Reply{500}, Reply{200, {}, "<html>"}, Reply{200, {}, kInfo, Wire::cut_in_half}}) {
    server.on(info, broken);
    const PackageReading unknown = read(go, {"v1.2.0"});
    EXPECT_EQ(unknown.state, ReadingState::unknown);
    ASSERT_TRUE(unknown.unknown);
    EXPECT_EQ(unknown.unknown->kind, UnknownKind::failed);
    const PackageReading listed = read(go, {"v1.1.0"});
    EXPECT_EQ(listed.state, ReadingState::present) << "what the list shows is there, whatever else the proxy says of it";
  }
}

TEST_F(PackageIndexFaults, CredentialsGoToTheirHostAlone) {
  for (const Shape& shape : shapes()) {
    server.on(shape.path, Reply{200, {}, shape.body});
    OneCredential mine(server.host()), of_another(other.host());
    EXPECT_EQ(read(shape, {}, &mine).state, ReadingState::present);
    EXPECT_EQ(server.seen().back().header("authorization"), "Basic cm9ib3Q6czNjcmV0");
    EXPECT_EQ(read(shape, {}, &of_another).state, ReadingState::present);
    EXPECT_EQ(server.seen().back().header("authorization"), "");
    server.on(shape.path, Reply{401});
    const PackageReading refused = read(shape, {}, &mine);
    ASSERT_TRUE(refused.unknown);
    EXPECT_EQ(refused.unknown->code, "refused_credentials");
    EXPECT_EQ(refused.unknown->because.find("s3cret"), std::string::npos);
  }
}

TEST_F(PackageIndexFaults, PackageIsFetchedOnceForAllQuestions) {
  server.on("/index/client", Reply{200, {}, kNpm});
  const auto client = make_curl_client(options, hosts, empty_surroundings());
  NoCredentials none;
  PackageIndexes indexes(*client, none);
  const std::vector<PackageQuestion> questions{{Ecosystem::npm, server.url("/index"), "client"}, {Ecosystem::npm, server.url("/index/"), "client"}};
  for (int round = 0; round < 2; ++round) EXPECT_EQ(indexes.read(questions).at(1).list.latest, "1.1.0");
  EXPECT_EQ(server.seen().size(), 1U);
}

TEST(PackageIndex, AbsenceNeedsAnIndexThatKeepsNothingFromAnybody) {
  live_test::FakeHttp http([](const HttpRequest&) { return live_test::answered(404, "Not found"); });
  NoCredentials none;
  PackageIndexes indexes(http, none);
  const struct {
    PackageQuestion question;
    ReadingState state;
  } cases[] = {
      {{Ecosystem::npm, "https://registry.npmjs.org", "client"}, ReadingState::absent},
      {{Ecosystem::npm, "https://registry.npmjs.org", "@acme/client"}, ReadingState::unknown},
      {{Ecosystem::npm, "https://npm.example", "client"}, ReadingState::unknown},
      {{Ecosystem::pypi, "https://pypi.org/simple/", "client"}, ReadingState::absent},
      {{Ecosystem::pypi, "https://pypi.example/simple", "client"}, ReadingState::unknown},
      {{Ecosystem::go, "https://proxy.golang.org", "git.example/client"}, ReadingState::unknown},
  };
  for (const auto& [question, state] : cases) {
    const PackageReading reading = indexes.read({&question, 1}).at(0);
    EXPECT_EQ(reading.state, state) << question.index << ' ' << question.package;
    EXPECT_EQ(reading.unknown.has_value(), state == ReadingState::unknown);
  }
}

}  // namespace
}  // namespace trueup::live
