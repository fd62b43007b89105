// A registry that misbehaves in every way that was thought of, spoken to through the real client.
#include <gtest/gtest.h>

#include <functional>

#include "live/base64.hpp"
#include "live/curl_client.hpp"
#include "live/fault_server.hpp"
#include "live/oci_registry.hpp"
#include "live/recordings.hpp"
#include "live/registry_fixture.hpp"

namespace trueup::live {
namespace {

using namespace std::chrono_literals;
using live_test::chart_artifact;
using live_test::FaultServer;
using live_test::json_reply;
using live_test::kOciManifestType;
using live_test::OneCredential;
using live_test::Reply;
using live_test::Wire;

const std::string kRobot = "Basic cm9ib3Q6czNjcmV0";

class RegistryFaults : public testing::Test {
 protected:
  RegistryFaults() {
    registry.on("/v2/", json_reply("{}"));
    registry.on("/v2/charts/atlas/tags/list", json_reply(R"({"name":"charts/atlas","tags":["1.0.0","1.0.1"]})"));
    put_chart("1.0.0");
    options.connect_timeout = 2s;
    options.total_timeout = 30s;
    options.first_backoff = 5ms;
    options.max_wait = 200ms;
    allow(registry.host());
  }

  void allow(const std::string& host) { EXPECT_TRUE(hosts.allow(host)); }

  void put_chart(const std::string& version) {
    const auto chart = chart_artifact("atlas", version);
    registry.on("/v2/charts/atlas/manifests/" + version,
                Reply{200, {{"Content-Type", kOciManifestType}, {"Docker-Content-Digest", chart.manifest_digest()}},
                      chart.manifest});
    registry.on("/v2/charts/atlas/blobs/" + chart.config_digest(), Reply{200, {}, chart.config});
  }

  ArtifactReading read(const std::string& reference, CredentialSource* credentials = nullptr) {
    const auto client = make_curl_client(options, hosts, empty_surroundings());
    NoCredentials none;
    OciRegistry oci(*client, credentials ? *credentials : none, hosts);
    const ArtifactQuestion question{registry.host() + "/charts/atlas", reference, true};
    return oci.read({&question, 1}, {}).artifacts.at(0);
  }

  static void expect_unknown(const ArtifactReading& reading, const std::string& code) {
    EXPECT_EQ(reading.state, ReadingState::unknown);
    ASSERT_TRUE(reading.unknown);
    EXPECT_EQ(reading.unknown->code, code) << reading.unknown->because;
    EXPECT_EQ(reading.unknown->kind, unknown_kind(code));
    EXPECT_EQ(reading.unknown->because.find("s3cret"), std::string::npos);
    EXPECT_GT(reading.unknown->because.size(), 20u);
    EXPECT_EQ(reading.from.asked_at.size(), 20u);
  }

  FaultServer registry, other;
  HttpOptions options;
  HostPolicy hosts;
};

TEST_F(RegistryFaults, NoFaultAtAll) {
  const auto reading = read("1.0.0");
  EXPECT_EQ(reading.state, ReadingState::present) << (reading.unknown ? reading.unknown->because : "");
  EXPECT_EQ(reading.digest, chart_artifact("atlas", "1.0.0").manifest_digest());
  ASSERT_TRUE(reading.chart);
  EXPECT_EQ(*reading.chart, (ChartMetadata{"atlas", "1.0.0", "3.0.0", R"([{"name":"redis","version":"1.x"}])"}));
  EXPECT_EQ(reading.from.address, registry.url("/v2/charts/atlas/manifests/1.0.0"));
}

TEST_F(RegistryFaults, MissingTagOfAListedRepositoryIsAbsent) {
  const auto reading = read("9.9.9");
  EXPECT_EQ(reading.state, ReadingState::absent);
  EXPECT_NE(reading.evidence.find("lists 2 tags of charts/atlas, and 9.9.9 is not one of them"), std::string::npos)
      << reading.evidence;
}

// ---- the table: what the manifest is answered with, and what that reads as

TEST_F(RegistryFaults, ManifestThatIsNoAnswerReadsAsUnknown) {
  const auto chart = chart_artifact("atlas", "1.0.0");
  const std::vector<std::pair<std::string, std::string>> oci = {{"Content-Type", kOciManifestType}};
  const struct {
    const char* what;
    Reply reply;
    const char* code;
  } cases[] = {
      {"forbidden", json_reply(R"({"errors":[{"code":"DENIED"}]})", 403), "no_credentials"},
      {"unauthorized", json_reply(R"({"errors":[{"code":"UNAUTHORIZED"}]})", 401), "no_credentials"},
      {"rate limit", Reply{429, {{"Retry-After", "120"}}}, "rate_limited"},
      {"rate limit without a time", Reply{429}, "rate_limited"},
      {"error of the server", Reply{500}, "http_500"},
      {"error of the server that stays", Reply{503}, "http_503"},
      {"teapot", Reply{418}, "http_418"},
      {"no content", Reply{204}, "http_204"},
      {"garbage", {200, oci, "\x00\xff{{{"}, "malformed"},
      {"JSON that is no manifest", json_reply("[1,2]"), "malformed"},
      {"manifest of an unknown type", {200, {{"Content-Type", "application/vnd.acme"}}, "{}"}, "malformed"},
      {"web page", {200, {{"Content-Type", "text/html"}}, "<html>Please sign in</html>"}, "malformed"},
      {"half a body", {200, oci, chart.manifest, Wire::cut_in_half}, "cut_off"},
      {"half a manifest, said to be whole", {200, oci, chart.manifest.substr(0, 100)}, "malformed"},
      {"closed", {200, {}, "", Wire::closed}, "cut_off"},
      {"huge", {200, oci, "{\"a\":\"" + std::string(limits::kMaxManifestBytes, 'x') + "\"}"}, "over_limit"},
      {"gzip bomb",
       {200, {{"Content-Encoding", "gzip"}, {"Content-Type", kOciManifestType}}, live_test::gzip_bomb(200u << 20)},
       "over_limit"},
      {"deep", {200, oci, std::string(100'000, '[')}, "over_limit"},
      {"other bytes",
       {200, {oci[0], {"Docker-Content-Digest", "sha256:" + std::string(64, '0')}}, chart.manifest},
       "other_bytes"},
      {"redirect to an address that nobody named", {302, {{"Location", other.url("/steal")}}}, "private_address"},
      {"redirect in a circle", {302, {{"Location", "/v2/charts/atlas/manifests/1.0.0"}}}, "redirect_refused"},
  };
  for (const auto& [what, reply, code] : cases) {
    SCOPED_TRACE(what);
    registry.on("/v2/charts/atlas/manifests/1.0.0", reply);
    expect_unknown(read("1.0.0"), code);
  }
  EXPECT_TRUE(other.seen().empty());
}

TEST_F(RegistryFaults, ServerThatNeverAnswersIsTimedOut) {
  options.total_timeout = 250ms;
  registry.on("/v2/charts/atlas/manifests/1.0.0", Reply{200, {}, "", Wire::silent});
  expect_unknown(read("1.0.0"), "timed_out");
  registry.on("/v2/charts/atlas/manifests/1.0.0", Reply{200, {}, std::string(100, ' '), Wire::dripping});
  expect_unknown(read("1.0.0"), "timed_out");
}

TEST_F(RegistryFaults, RegistryThatIsDownIsAskedNothingElse) {
  registry.on("/v2/", Reply{503});
  expect_unknown(read("1.0.0"), "http_503");
  EXPECT_EQ(registry.seen_count("/v2/charts/atlas/manifests/1.0.0"), 0u);
}

TEST_F(RegistryFaults, RegistryThatIsNotThere) {
  const std::string host = "127.0.0.1:" + std::to_string(live_test::unused_port());
  allow(host);
  const auto client = make_curl_client(options, hosts, empty_surroundings());
  NoCredentials none;
  OciRegistry oci(*client, none, hosts);
  const ArtifactQuestion question{host + "/charts/atlas", "1.0.0", false};
  expect_unknown(oci.read({&question, 1}, {}).artifacts.at(0), "unreachable");
}

TEST_F(RegistryFaults, HostThatNobodyNamed) {
  hosts = {};
  expect_unknown(read("1.0.0"), "private_address");
  EXPECT_TRUE(registry.seen().empty());
}

// ---- a missing manifest, and lists that prove nothing

TEST_F(RegistryFaults, ABare404ProvesNothing) {
  const auto unknown_name = json_reply(R"({"errors":[{"code":"NAME_UNKNOWN"}]})", 404);
  const struct {
    const char* what;
    Reply tags;
    Reply catalog;
    const char* code;  // "" for absent
  } cases[] = {
      {"repository and catalog are unknown", unknown_name, unknown_name, "name_unknown"},
      {"catalog shows other folders only", unknown_name,
       json_reply(R"({"repositories":["images/atlas","charts/a/b"]})"),
       "name_unknown"},
      {"catalog is forbidden", unknown_name, json_reply("{}", 401), "name_unknown"},
      {"catalog is garbage", unknown_name, json_reply("<"), "name_unknown"},
      {"catalog has no end", unknown_name,
       Reply{200, {{"Link", "</v2/_catalog?n=1000>; rel=\"next\""}}, R"({"repositories":["charts/beta"]})"},
       "name_unknown"},
      {"catalog shows a neighbour", unknown_name, json_reply(R"({"repositories":["charts/beta"]})"), ""},
      {"an empty list is no proof", json_reply(R"({"name":"charts/atlas","tags":null})"), unknown_name, "name_unknown"},
      {"an empty list, and the catalog knows it", json_reply(R"({"tags":[]})"),
       json_reply(R"({"repositories":["charts/atlas"]})"),
       ""},
      {"tags are forbidden", json_reply("{}", 403), unknown_name, "no_credentials"},
      {"tags fail", Reply{500}, unknown_name, "http_500"},
      {"tags are a web page", Reply{200, {}, "<html>"}, unknown_name, "malformed"},
      {"tags hold something else", json_reply(R"({"tags":[1]})"), unknown_name, "malformed"},
      {"tags list what has no manifest", json_reply(R"({"tags":["9.9.9"]})"), unknown_name, "inconsistent"},
  };
  for (const auto& [what, tags, catalog, code] : cases) {
    SCOPED_TRACE(what);
    registry.on("/v2/charts/atlas/tags/list", tags);
    registry.on("/v2/_catalog", catalog);
    const auto reading = read("9.9.9");
    if (std::string_view(code).empty()) {
      EXPECT_EQ(reading.state, ReadingState::absent) << (reading.unknown ? reading.unknown->because : "");
      EXPECT_NE(reading.evidence.find("catalog"), std::string::npos) << reading.evidence;
    } else {
      expect_unknown(reading, code);
    }
  }
}

// ---- charts

TEST_F(RegistryFaults, ChartWhoseConfigCannotBeReadIsPresentAllTheSame) {
  const auto chart = chart_artifact("atlas", "1.0.0");
  const std::string blob = "/v2/charts/atlas/blobs/" + chart.config_digest();
  const struct {
    Reply reply;
    const char* code;
  } cases[] = {{Reply{404}, "inconsistent"},
               {Reply{500}, "http_500"},
               {Reply{200, {}, chart.config + " "}, "other_bytes"},
               {Reply{302, {{"Location", other.url("/blob")}}}, "private_address"}};
  for (const auto& [reply, code] : cases) {
    registry.on(blob, reply);
    const auto reading = read("1.0.0");
    EXPECT_EQ(reading.state, ReadingState::present);
    EXPECT_FALSE(reading.chart);
    ASSERT_TRUE(reading.chart_unknown) << code;
    EXPECT_EQ(reading.chart_unknown->code, code);
  }
}

TEST_F(RegistryFaults, BlobMayLieElsewhereAndGetsNoCredentialThere) {
  const auto chart = chart_artifact("atlas", "1.0.0");
  registry.on("/v2/", Reply{401, {{"WWW-Authenticate", "Basic realm=\"x\""}}});
  registry.on("/v2/charts/atlas/blobs/" + chart.config_digest(),
              Reply{307, {{"Location", other.url("/blob?X-Signature=abc")}}});
  other.on("/blob", Reply{200, {}, chart.config});
  allow(other.host());
  OneCredential robot(registry.host());
  const auto reading = read("1.0.0", &robot);
  EXPECT_TRUE(reading.chart);
  ASSERT_EQ(other.seen().size(), 1u);
  EXPECT_EQ(other.seen()[0].header("authorization"), "");
}

// ---- logins

TEST_F(RegistryFaults, WrongPasswordIsARefusalAndNoneIsNot) {
  registry.on("/v2/", Reply{401, {{"WWW-Authenticate", "Basic realm=\"x\""}}});
  registry.on("/v2/charts/atlas/manifests/1.0.0", Reply{401, {{"WWW-Authenticate", "Basic realm=\"x\""}}});
  OneCredential robot(registry.host());
  expect_unknown(read("1.0.0", &robot), "refused_credentials");
  EXPECT_EQ(registry.seen().back().header("authorization"), kRobot);
  const auto anonymous = read("1.0.0");
  expect_unknown(anonymous, "no_credentials");
  EXPECT_NE(anonymous.unknown->because.find("docker login " + registry.host()), std::string::npos);
  EXPECT_EQ(registry.seen().back().header("authorization"), "");
}

TEST_F(RegistryFaults, RegistryThatAsksForALoginOnlyAtTheRepository) {
  const auto chart = chart_artifact("atlas", "1.0.0");
  registry.on("/v2/charts/atlas/manifests/1.0.0", {Reply{401, {{"WWW-Authenticate", "Basic realm=\"x\""}}},
                                                   Reply{200, {{"Content-Type", kOciManifestType}}, chart.manifest}});
  OneCredential robot(registry.host());
  EXPECT_EQ(read("1.0.0", &robot).state, ReadingState::present);
}

class TokenFaults : public RegistryFaults {
 protected:
  /// The registry sends its clients to the token server at `realm`, and opens to the token "granted".
  void ask_for_tokens_of(const std::string& realm) {
    const Reply challenge{401, {{"WWW-Authenticate", "Bearer realm=\"" + realm + "\",service=\"reg\""}}};
    registry.on("/v2/", challenge);
  }
  std::string token_target() const { return "/token?service=reg&scope=repository%3Acharts%2Fatlas%3Apull"; }
};

TEST_F(TokenFaults, TokenOfTheSameHostIsFetchedWithTheCredential) {
  ask_for_tokens_of(registry.url("/token"));
  registry.on("/token", json_reply(R"({"token":"granted","expires_in":300})"));
  OneCredential robot(registry.host());
  EXPECT_EQ(read("1.0.0", &robot).state, ReadingState::present);
  const auto seen = registry.seen();
  ASSERT_EQ(seen.size(), 4u);  // greeting, token, manifest, config: one token for all
  EXPECT_EQ(seen[1].target, token_target());
  EXPECT_EQ(seen[1].header("authorization"), kRobot);
  EXPECT_EQ(seen[2].header("authorization"), "Bearer granted");
}

TEST_F(TokenFaults, TokenServerOnAnotherHostGetsNoCredentialUnlessNamed) {
  ask_for_tokens_of(other.url("/token"));
  other.on("/token", json_reply(R"({"access_token":"granted"})"));
  OneCredential robot(registry.host());
  expect_unknown(read("1.0.0", &robot), "private_address");  // nobody named it: not even asked
  EXPECT_TRUE(other.seen().empty());
  allow(other.host());
  EXPECT_EQ(read("1.0.0", &robot).state, ReadingState::present);
  EXPECT_EQ(other.seen().at(0).header("authorization"), kRobot);
}

TEST_F(TokenFaults, TokenServerThatMisbehaves) {
  ask_for_tokens_of(registry.url("/token"));
  OneCredential robot(registry.host());
  const struct {
    Reply reply;
    const char* code;
  } cases[] = {{json_reply("{}", 401), "refused_credentials"},
               {json_reply("{}", 403), "refused_credentials"},
               {json_reply("{}"), "malformed"},
               {json_reply(R"({"token":"a\r\nX-Evil: 1"})"), "malformed"},
               {json_reply(R"({"token":null})"), "malformed"},
               {Reply{200, {}, "<html>"}, "malformed"},
               {Reply{404}, "http_404"},
               {Reply{429}, "rate_limited"},
               {Reply{500}, "http_500"},
               {Reply{200, {}, "", Wire::closed}, "cut_off"},
               {json_reply("{\"token\":\"" + std::string(limits::kMaxTokenAnswerBytes, 'x') + "\"}"), "over_limit"},
               {Reply{302, {{"Location", other.url("/steal")}}}, "private_address"}};
  for (const auto& [reply, code] : cases) {
    registry.on("/token", reply);
    expect_unknown(read("1.0.0", &robot), code);
  }
  EXPECT_TRUE(other.seen().empty());
  ask_for_tokens_of("file:///etc/passwd");
  expect_unknown(read("1.0.0", &robot), "malformed");
}

TEST_F(TokenFaults, TokenThatGrantsNothing) {
  ask_for_tokens_of(registry.url("/token"));
  registry.on("/token", json_reply(R"({"token":"empty"})"));
  const std::string challenge = "Bearer realm=\"" + registry.url("/token") + "\",error=\"insufficient_scope\"";
  registry.on("/v2/charts/atlas/manifests/1.0.0", Reply{401, {{"WWW-Authenticate", challenge}}});
  expect_unknown(read("1.0.0"), "no_credentials");
  OneCredential robot(registry.host());
  expect_unknown(read("1.0.0", &robot), "refused_credentials");
}

// ---- pages

class Pages : public RegistryFaults {
 protected:
  TagListReading tags() {
    const auto client = make_curl_client(options, hosts, empty_surroundings());
    NoCredentials none;
    OciRegistry oci(*client, none, hosts);
    const TagListQuestion question{registry.host() + "/charts/atlas"};
    return oci.read({}, {&question, 1}).tag_lists.at(0);
  }
  void page(const std::string& query, const std::string& link, const std::string& tags) {
    Reply reply = json_reply(R"({"tags":[)" + tags + "]}");
    if (!link.empty()) reply.headers.emplace_back("Link", "<" + link + ">; rel=\"next\"");
    registry.on("/v2/charts/atlas/tags/list?" + query, reply);
  }
};

TEST_F(Pages, RelativeAndAbsoluteLinksAreFollowed) {
  page("n=1000", "/v2/charts/atlas/tags/list?last=b", R"("b","a")");
  page("last=b", registry.url("/v2/charts/atlas/tags/list?last=c"), R"("c","a")");
  page("last=c", "", R"("d")");
  const auto reading = tags();
  EXPECT_EQ(reading.tags, (std::vector<std::string>{"a", "b", "c", "d"}));
  EXPECT_TRUE(reading.complete);
}

TEST_F(Pages, WhatCutsAListShortIsSaid) {
  const struct {
    std::string link;
    const char* because;
  } cases[] = {{other.url("/v2/charts/atlas/tags/list?last=b"), "another host"},
               {"//evil.example/x", "another host"},
               {"/v2/charts/atlas/tags/list?n=1000", "circle"},
               {"/v2/charts/atlas/tags/list?last=missing", "page 2"},
               {"/v2/charts/atlas/tags/list?last=failing", "page 2"}};
  registry.on("/v2/charts/atlas/tags/list?last=missing", Reply{404});
  registry.on("/v2/charts/atlas/tags/list?last=failing", Reply{500});
  for (const auto& [link, because] : cases) {
    page("n=1000", link, R"("a")");
    const auto reading = tags();
    EXPECT_EQ(reading.state, ReadingState::present);
    EXPECT_EQ(reading.tags, std::vector<std::string>{"a"});
    EXPECT_FALSE(reading.complete);
    EXPECT_NE(reading.incomplete_because.find(because), std::string::npos) << reading.incomplete_because;
  }
  EXPECT_TRUE(other.seen().empty());
}

}  // namespace
}  // namespace trueup::live
