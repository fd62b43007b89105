// Each source is cut in every way: the run is never clean, finds nothing that was not found before, and ends red where asking failed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <functional>

#include "e2e/run_cli.hpp"
#include "live/fault_server.hpp"

namespace trueup::e2e {
namespace {

using live_test::FaultServer;
using live_test::json_reply;
using live_test::Reply;
using live_test::Wire;
using testing::HasSubstr;
using testing::Not;

/// A fleet that asks one server one thing.
struct Source {
  const char* name;
  const char* rule;
  std::function<void(const Folder&, const std::string& host)> write;
  /// What a body that is cut, or a page in its place, would be the beginning of.
  const char* body;
};

void write_chart(const Folder& folder, const std::string& repository) {
  folder.write("Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies: [{name: redis, version: 9.9.9, repository: \"" + repository + "\"}]\n");
}

void write_forge_fleet(const Folder& folder, const std::string& host, const std::string& kind) {
  folder.write("metastore/.github/workflows/publish.yml",
               "on: {push: {branches: [staging]}}\njobs:\n  publish: {runs-on: x, steps: [{run: helm push atlas.tgz oci://registry.example/charts}]}\n");
  folder.write("deploy/Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\n"
                                    "dependencies: [{name: atlas, version: 1.0.0-staging.abc1234, repository: \"oci://registry.example/charts\"}]\n");
  folder.write("trueup.yaml", "version: 1\nrepositories:\n  acme/metastore: {path: metastore, forge: \"" + host + "\"}\n  acme/deploy: {path: deploy}\n" +
                                  "forges: {\"" + host + "\": {kind: " + kind + ", url: \"http://" + host + "/api\"}}\n" +
                                  "promises: {chart: {owners: {atlas: acme/metastore}, versions: \"{base}-{branch}.{commit}\"}}\n");
}

const Source kSources[] = {
    {"helm", "C40", [](const Folder& folder, const std::string& host) { write_chart(folder, "http://" + host + "/stable"); },
     "apiVersion: v1\nentries:\n  redis:\n  - {name: redis, version: 1.0.0, urls: [redis.tgz]}\n"},
    {"oci", "C01", [](const Folder& folder, const std::string& host) { write_chart(folder, "oci://" + host + "/charts"); }, R"({"name":"charts/redis","tags":["1.0.0"]})"},
    {"github", "C30", [](const Folder& folder, const std::string& host) { write_forge_fleet(folder, host, "github"); }, R"([{"tag_name":"atlas-9.9.9-staging.abc1234"}])"},
    {"gitlab", "C30", [](const Folder& folder, const std::string& host) { write_forge_fleet(folder, host, "gitlab"); }, R"([{"tag_name":"atlas-9.9.9-staging.abc1234"}])"},
};

class CutSource : public testing::TestWithParam<Source> {
 protected:
  CutSource() {
    ::setenv("TRUEUP_TEST_CUT", "s3cret-value", 1);
    folder.write("README.md", "x");
  }
  ~CutSource() override { ::unsetenv("TRUEUP_TEST_CUT"); }

  Outcome check(const std::string& host, std::vector<std::string> more = {}, std::chrono::milliseconds patience = std::chrono::seconds(60)) {
    const bool forge = GetParam().rule == std::string("C30");
    folder.write("hosts.yaml", "version: 1\nhosts: {\"" + host + "\": {plain_http: true, " + (forge ? "token_env" : "username: robot, password_env") + ": TRUEUP_TEST_CUT}}\n");
    GetParam().write(folder, host);
    std::vector<std::string> words = {"check", "--only", GetParam().rule, "--fail-on", "note", "--all"};
    words.insert(words.end(), more.begin(), more.end());
    return run_cli(folder.path(), words, {{"TRUEUP_HOSTS", (folder.path() / "hosts.yaml").string()}}, near_servers(patience));
  }

  void expect_red_without_a_finding(const Outcome& outcome) {
    EXPECT_EQ(outcome.code, 3) << outcome.out << outcome.err;
    EXPECT_THAT(outcome.out, Not(HasSubstr("[" + std::string(GetParam().rule) + " ")));
    EXPECT_THAT(outcome.out, HasSubstr("unknown["));
    EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr("s3cret")));
  }

  Folder folder;
};

TEST_P(CutSource, IsNeverCleanAndNeverAFinding) {
  const std::string body = GetParam().body;
  const struct {
    const char* what;
    Reply reply;
  } cases[] = {{"401", json_reply(R"({"message":"no"})", 401)},
               {"403", json_reply(R"({"message":"no"})", 403)},
               {"429", Reply{429, {{"Retry-After", "3600"}}}},
               {"500", Reply{500}},
               {"closed", Reply{200, {}, "", Wire::closed}},
               {"cut off", Reply{200, {}, body, Wire::cut_in_half}},
               {"gzip that ends early", Reply{200, {{"Content-Encoding", "gzip"}}, live_test::gzip_stored(body).substr(0, 10 + 5 + body.size() / 2)}},
               {"web page", Reply{200, {{"Content-Type", "text/html"}}, "<!doctype html><title>Sign in</title>"}},
               {"nothing", Reply{200, {}, ""}}};
  for (const auto& [what, reply] : cases) {
    SCOPED_TRACE(what);
    FaultServer server;
    // Registries are given a credential where they ask for one.
    server.by([&reply](const live_test::SeenRequest& request) {
      return request.header("authorization").empty() ? Reply{401, {{"WWW-Authenticate", "Basic realm=\"x\""}}} : std::optional<Reply>(reply);
    });
    expect_red_without_a_finding(check(server.host()));
    EXPECT_FALSE(server.seen().empty());
  }
}

TEST_P(CutSource, OneThatIsSilentIsNotWaitedForAndEndsTheRunRed) {
  const std::string body = GetParam().body;
  for (const Reply& reply : {Reply{200, {}, "", Wire::silent}, Reply{200, {}, body + std::string(1000, ' '), Wire::dripping}}) {
    FaultServer server;
    server.otherwise(reply);
    const Outcome outcome = check(server.host(), {}, kImpatient);
    expect_red_without_a_finding(outcome);
    EXPECT_THAT(outcome.out, HasSubstr("did not answer in time"));
  }
}

TEST_P(CutSource, WhatIsNotThereOrNotShownIsNoFindingEither) {
  FaultServer server;
  server.otherwise(json_reply(R"({"message":"Not Found"})", 404));
  const Outcome outcome = check(server.host(), {"--require-complete"});
  EXPECT_EQ(outcome.code, 3) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, Not(HasSubstr("[" + std::string(GetParam().rule) + " ")));
}

TEST_P(CutSource, OneThatNobodyReachesEndsTheRunRed) {
  expect_red_without_a_finding(check("127.0.0.1:" + std::to_string(live_test::unused_port())));
  expect_red_without_a_finding(check("nobody.invalid"));
}

INSTANTIATE_TEST_SUITE_P(Each, CutSource, testing::ValuesIn(kSources), [](const auto& parameter) { return std::string(parameter.param.name); });

}  // namespace
}  // namespace trueup::e2e
