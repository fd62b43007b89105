#include "live/oci_registry.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "live/fake_http.hpp"
#include "live/registry_fixture.hpp"

namespace trueup::live {
namespace {

using live_test::answered;
using live_test::chart_artifact;
using live_test::FakeHttp;
using live_test::kOciManifestType;

class Wallet final : public CredentialSource {
 public:
  explicit Wallet(std::map<std::string, Credential> credentials) : credentials_(std::move(credentials)) {}
  std::optional<Credential> find(const HostPort& host) override {
    const auto found = credentials_.find(host.to_string());
    return found == credentials_.end() ? std::nullopt : std::optional(found->second);
  }
  std::vector<CredentialNote> explain(const HostPort&) override { return {}; }

 private:
  std::map<std::string, Credential> credentials_;
};

Credential password() { return {CredentialKind::basic, "robot", Secret("s3cret"), "a test"}; }

HttpAnswer manifest_answer() {
  return answered(200, chart_artifact("atlas", "1.0.0").manifest, {{"Content-Type", kOciManifestType}});
}

std::set<std::string> urls(const FakeHttp& http) {
  std::set<std::string> all;
  for (const auto& request : http.asked()) all.insert(request.url);
  return all;
}

TEST(OciRegistry, DockerHubIsAskedWhereItIs) {
  FakeHttp http([](const HttpRequest&) { return manifest_answer(); });
  NoCredentials none;
  HostPolicy hosts;
  OciRegistry oci(http, none, hosts);
  const std::vector<ArtifactQuestion> questions = {{"ubuntu", "24.04"}, {"docker.io/acme/foo", "1"},
                                                   {"index.docker.io/acme/foo", "1"}};
  for (const auto& reading : oci.read(questions, {}).artifacts) EXPECT_EQ(reading.state, ReadingState::present);
  EXPECT_EQ(urls(http), (std::set<std::string>{"https://registry-1.docker.io/v2/",
                                               "https://registry-1.docker.io/v2/acme/foo/manifests/1",
                                               "https://registry-1.docker.io/v2/library/ubuntu/manifests/24.04"}));
}

TEST(OciRegistry, EachDistinctQuestionIsAskedOnceInItsLife) {
  FakeHttp http([](const HttpRequest& request) {
    return request.url.ends_with("/v2/") ? answered(200, "{}") : manifest_answer();
  });
  NoCredentials none;
  HostPolicy hosts;
  OciRegistry oci(http, none, hosts);
  const std::vector<ArtifactQuestion> questions(50, {"registry.example/charts/atlas", "1.0.0"});
  EXPECT_EQ(oci.read(questions, {}).artifacts.size(), 50u);
  oci.read(questions, {});
  EXPECT_EQ(http.asked().size(), 2u);
}

TEST(OciRegistry, ChartVersionsArePushedWithUnderscore) {
  FakeHttp http([](const HttpRequest& request) {
    return request.url.find("manifests") != std::string::npos ? manifest_answer() : answered(200, "{}");
  });
  NoCredentials none;
  HostPolicy hosts;
  OciRegistry oci(http, none, hosts);
  const std::vector<ArtifactQuestion> questions = {{"registry.example/charts/atlas", "1.0.0+build.5", true},
                                                   {"registry.example/charts/atlas", "1.0.0+build.5", false}};
  const auto readings = oci.read(questions, {}).artifacts;
  EXPECT_EQ(readings[0].from.address, "https://registry.example/v2/charts/atlas/manifests/1.0.0_build.5");
  EXPECT_EQ(readings[1].unknown->code, "invalid_reference");
}

TEST(OciRegistry, WhatBreaksTheGrammarIsNotAsked) {
  FakeHttp http([](const HttpRequest&) { return answered(500, ""); });
  NoCredentials none;
  HostPolicy hosts;
  OciRegistry oci(http, none, hosts);
  const std::vector<ArtifactQuestion> questions = {
      {"registry.example/Charts", "1"},      {"registry.example/a:5", "1"},       {"registry.example/a", "1/../../x"},
      {"registry.example/a", ""},            {"registry.example/a", ".x"},        {"registry.example/a", "sha256:abc"},
      {"registry.example/a", "sha512:" + std::string(128, 'a')},                  {"https://registry.example/a", "1"},
      {"registry.example/a b", "1"},         {"", "1"},                           {"registry.example/a?x", "1"}};
  for (const auto& reading : oci.read(questions, {}).artifacts) {
    EXPECT_EQ(reading.state, ReadingState::unknown);
    EXPECT_EQ(reading.unknown->code, "invalid_reference") << reading.asked.repository << " " << reading.asked.reference;
  }
  for (const auto& request : http.asked()) EXPECT_EQ(request.url, "https://registry.example/v2/");
}

TEST(OciRegistry, DigestIsComparedWithTheBytes) {
  const std::string digest = chart_artifact("atlas", "1.0.0").manifest_digest();
  FakeHttp http([](const HttpRequest&) { return manifest_answer(); });
  NoCredentials none;
  HostPolicy hosts;
  OciRegistry oci(http, none, hosts);
  const std::vector<ArtifactQuestion> questions = {{"registry.example/a", digest},
                                                   {"registry.example/a", "sha256:" + std::string(64, '0')}};
  const auto readings = oci.read(questions, {}).artifacts;
  EXPECT_EQ(readings[0].state, ReadingState::present);
  EXPECT_EQ(readings[1].unknown->code, "other_bytes");
}

TEST(OciRegistry, APackageThatCannotBeReadIsUnknown) {
  const std::vector<std::pair<std::string, std::string>> files = {{"Chart.yaml", "name: atlas\n"}};
  const std::string package = formats::pack_chart("atlas", files);
  const struct {
    const char* what;
    std::string named;  ///< what the manifest names
    HttpAnswer served;
    std::string code;
  } cases[] = {{"as it should be", package, answered(200, package), ""},
               {"other bytes", package, answered(200, package + "x"), "other_bytes"},
               {"not there", package, answered(404, "{}"), "inconsistent"},
               {"a web page", "<html>", answered(200, "<html>"), "malformed"},
               {"cut short", package.substr(0, 40), answered(200, package.substr(0, 40)), "malformed"},
               {"refused", package, answered(403, "{}"), "no_credentials"}};
  for (const auto& each : cases) {
    const auto chart = chart_artifact("atlas", "1.0.0", each.named);
    FakeHttp http([&](const HttpRequest& request) {
      if (request.url.find("/manifests/") != std::string::npos) return answered(200, chart.manifest, {{"Content-Type", kOciManifestType}});
      if (request.url.ends_with(chart.config_digest())) return answered(200, chart.config);
      return request.url.find("/blobs/") == std::string::npos ? answered(200, "{}") : each.served;
    });
    NoCredentials none;
    HostPolicy hosts;
    const ArtifactQuestion question{"registry.example/charts/atlas", "1.0.0", true};
    const auto reading = OciRegistry(http, none, hosts).read_packages({&question, 1}).at(0);
    EXPECT_EQ(reading.state, each.code.empty() ? ReadingState::present : ReadingState::unknown) << each.what;
    EXPECT_EQ(reading.unknown ? reading.unknown->code : "", each.code) << each.what;
  }
}

TEST(OciRegistry, ManifestIsAskedForWithAllFourTypes) {
  FakeHttp http([](const HttpRequest&) { return manifest_answer(); });
  NoCredentials none;
  HostPolicy hosts;
  const ArtifactQuestion question{"registry.example/a", "1"};
  OciRegistry(http, none, hosts).read({&question, 1}, {});
  const auto requests = http.asked();
  const auto manifest = std::ranges::find_if(requests, [](const auto& r) { return r.url.ends_with("manifests/1"); });
  ASSERT_NE(manifest, requests.end());
  const auto accept = find_header(manifest->headers, "Accept").value_or("");
  for (const char* type : {"oci.image.manifest.v1", "oci.image.index.v1", "docker.distribution.manifest.v2",
                           "docker.distribution.manifest.list.v2"}) {
    EXPECT_NE(accept.find(type), std::string::npos) << type;
  }
}

/// A registry behind a token server elsewhere; what reaches the token server with a credential is remembered.
struct TokenRig {
  explicit TokenRig(std::string registry_host, std::string realm_url)
      : http([host = std::move(registry_host), realm = std::move(realm_url)](const HttpRequest& request) {
          if (request.url.starts_with(realm)) {
            // Whoever brings no credential gets a token that grants nothing.
            const bool known = request.authorization.scheme != AuthorizationScheme::none || request.secret_body;
            return answered(200, known ? R"({"token":"granted"})" : R"({"token":"empty"})");
          }
          if (request.authorization.value.reveal() == "granted") return manifest_answer();
          return answered(401, "", {{"WWW-Authenticate", "Bearer realm=\"" + realm + "\",service=\"" + host + "\""}});
        }) {}

  ArtifactReading read(const std::string& repository, const HostPolicy& hosts, Credential credential = password()) {
    Wallet wallet({{HostPort::parse(repository.substr(0, repository.find('/')))->to_string(), credential},
                   {"registry-1.docker.io", credential}});
    OciRegistry oci(http, wallet, hosts);
    const ArtifactQuestion question{repository, "1"};
    return oci.read({&question, 1}, {}).artifacts.at(0);
  }
  FakeHttp http;
};

TEST(TokenServer, SeesTheCredentialOnlyWhereItMay) {
  const auto policy = [](std::string_view named, HostSettings settings = {}) {
    HostPolicy hosts;
    EXPECT_EQ(hosts.configure(named, std::move(settings)).has_value(), !named.empty());
    return hosts;
  };
  const struct {
    const char* what;
    const char* repository;
    const char* realm;
    HostPolicy hosts;
    bool sent;
  } cases[] = {
      {"same host", "registry.example/a", "https://registry.example/token", policy(""), true},
      {"same host, other port", "registry.example/a", "https://registry.example:444/token", policy(""), false},
      {"same host without TLS", "registry.example/a", "http://registry.example/token", policy(""), false},
      {"other host", "registry.example/a", "https://auth.example/token", policy(""), false},
      {"other host that is named", "registry.example/a", "https://auth.example/token", policy("auth.example"), true},
      {"named, but without TLS", "registry.example/a", "http://auth.example/token", policy("auth.example"), false},
      {"token host of this registry", "registry.example/a", "https://auth.example/token",
       policy("registry.example", {.token_hosts = {"auth.example"}}), true},
      {"token host of another registry", "registry.example/a", "https://auth.example/token",
       policy("other.example", {.token_hosts = {"auth.example"}}), false},
      {"docker hub", "docker.io/acme/a", "https://auth.docker.io/token", policy(""), true},
      {"docker hub's token server for another registry", "registry.example/a", "https://auth.docker.io/token",
       policy(""), false},
      {"a name that only begins alike", "registry.example/a", "https://registry.example.evil.example/token",
       policy(""), false},
  };
  for (const auto& [what, repository, realm, hosts, sent] : cases) {
    SCOPED_TRACE(what);
    TokenRig rig("registry.example", realm);
    const auto reading = rig.read(repository, hosts);
    EXPECT_EQ(reading.state, sent ? ReadingState::present : ReadingState::unknown);
    if (!sent) {
      EXPECT_EQ(reading.unknown->code, "realm_not_trusted") << reading.unknown->because;
      for (const auto& request : rig.http.asked()) {
        EXPECT_NE(request.authorization.scheme, AuthorizationScheme::basic) << request.url;
      }
    }
  }
}

TEST(TokenServer, IdentityTokenIsExchanged) {
  TokenRig rig("registry.example", "https://registry.example/token");
  const Credential credential{CredentialKind::identity_token, "", Secret("refresh+me"), "a test"};
  const auto reading = rig.read("registry.example/a", {}, credential);
  EXPECT_EQ(reading.state, ReadingState::present);
  const auto asked = rig.http.asked();
  const auto post = std::ranges::find(asked, "POST", &HttpRequest::method);
  ASSERT_NE(post, asked.end());
  EXPECT_EQ(post->url, "https://registry.example/token");
  EXPECT_EQ(post->body,
            "grant_type=refresh_token&client_id=trueup&service=registry.example&scope=repository%3Aa%3Apull&"
                        "refresh_token=refresh%2Bme");
  EXPECT_TRUE(post->secret_body);
}

TEST(TokenServer, BearerTokenOfTheOperatorIsSentAsItIs) {
  TokenRig rig("registry.example", "https://auth.example/token");
  const Credential credential{CredentialKind::bearer_token, "", Secret("granted"), "a test"};
  const auto reading = rig.read("registry.example/a", {}, credential);
  EXPECT_EQ(reading.state, ReadingState::present);
}

TEST(OciRegistry, TagListsThatServedAsProofAreKept) {
  FakeHttp http([](const HttpRequest& request) {
    if (request.url.find("/manifests/") != std::string::npos) return answered(404, "");
    return answered(200, R"({"tags":["1.0.0"]})");
  });
  NoCredentials none;
  HostPolicy hosts;
  OciRegistry oci(http, none, hosts);
  const std::vector<ArtifactQuestion> questions = {{"registry.example/b", "2"}, {"registry.example/a", "2"}};
  oci.read(questions, {});
  const auto lists = oci.tag_lists();
  ASSERT_EQ(lists.size(), 2u);
  EXPECT_EQ(lists[0].asked.repository, "registry.example/a");
  EXPECT_EQ(lists[1].tags, std::vector<std::string>{"1.0.0"});
}

TEST(OciRegistry, OfflineIsSaidOfEverything) {
  OfflineClient http;
  NoCredentials none;
  HostPolicy hosts;
  OciRegistry oci(http, none, hosts);
  const ArtifactQuestion artifact{"registry.example/a", "1"};
  const TagListQuestion tags{"registry.example/a"};
  const auto readings = oci.read({&artifact, 1}, {&tags, 1});
  EXPECT_EQ(readings.artifacts[0].unknown->code, "offline");
  EXPECT_EQ(readings.artifacts[0].unknown->kind, UnknownKind::not_asked);
  EXPECT_EQ(readings.tag_lists[0].unknown->code, "offline");
}

}  // namespace
}  // namespace trueup::live
