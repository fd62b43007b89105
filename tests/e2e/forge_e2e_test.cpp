// What a forge knows, held against workflows: a server on the loopback that plays along or does not, and recordings.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

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

class ForgeOfFleet : public testing::Test {
 protected:
  ForgeOfFleet() {
    folder.write(".github/workflows/a.yml",
                 "on: pull_request\njobs:\n  build:\n    name: Build all\n    runs-on: ubuntu-latest\n    steps:\n"
                 "      - env: {GH_TOKEN: \"${{ secrets.PAT }}\"}\n        run: gh workflow run build.yml -R acme/old\n");
    folder.write("hosts.yaml", "version: 1\nhosts: {\"" + server.host() + "\": {token_env: TRUEUP_TEST_FORGE, plain_http: true}}\n");
    configure(server.url("/api/v3"));
    ::setenv("TRUEUP_TEST_FORGE", "t0ken-s3cret", 1);
    const std::string base = "/api/v3/repos/acme/app";
    server.on(base, repository("acme/app"));
    server.on("/api/v3/repos/acme/old", repository("acme/new"));
    server.on(base + "/branches/main",
              json_reply(R"({"name":"main","protection":{"required_status_checks":{"checks":[{"context":"build","app_id":15368}]}}})"));
    server.on(base + "/rules/branches/main", json_reply("[]"));
    server.on(base + "/actions/secrets", json_reply(R"({"secrets":[{"name":"PATT"}]})"));
    server.on(base + "/actions/organization-secrets", json_reply(R"({"secrets":[]})"));
    server.on(base + "/environments", json_reply(R"({"environments":[]})"));
  }
  ~ForgeOfFleet() override { ::unsetenv("TRUEUP_TEST_FORGE"); }

  static Reply repository(const std::string& name) {
    return Reply{200, {{"x-ratelimit-remaining", "4711"}}, R"({"full_name":")" + name + R"(","default_branch":"main","visibility":"private"})"};
  }
  void configure(const std::string& url) {
    folder.write("trueup.yaml", "version: 1\nslug: acme/app\nrepositories: {acme/app: {path: ., default_branch: main, forge: \"" + server.host() + "\"}}\n" +
                                    "forges: {\"" + server.host() + "\": {kind: github, url: \"" + url + "\"}}\n");
  }
  Outcome check(std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"check", "--only", "W06,W59", "--fail-on", "warning"};
    words.insert(words.end(), more.begin(), more.end());
    return run_cli(folder.path(), words, {{"TRUEUP_HOSTS", (folder.path() / "hosts.yaml").string()}}, near_servers(patience));
  }

  std::chrono::milliseconds patience = std::chrono::seconds(60);
  Folder folder;
  FaultServer server;
};

TEST_F(ForgeOfFleet, WhatItKnowsOtherwiseIsFound) {
  const Outcome outcome = check();
  EXPECT_EQ(outcome.code, 1) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("acme/old is called acme/new today"));
  EXPECT_THAT(outcome.out, HasSubstr("main of acme/app requires the check build, which no job reports: what is meant is shown as Build all"));
  EXPECT_EQ(server.seen_count("/api/v3/repos/acme/app/pulls"), 0u) << "no rule reads pull requests";
  EXPECT_EQ(server.seen_count("/api/v3/repos/acme/app/actions/secrets"), 0u) << "nor names of secrets";
  for (const auto& request : server.seen()) EXPECT_EQ(request.header("authorization"), "Bearer t0ken-s3cret");
  EXPECT_THAT(check({"--format", "json"}).out, HasSubstr("\"requests_left\":4711"));
  EXPECT_THAT(outcome.out, testing::ContainsRegex("\n" + server.host() + ": [0-9]+ requests \\(4,711 left\\)\n$"));
  EXPECT_THAT(check({"--offline"}).out, Not(HasSubstr("requests (")));
}

TEST_F(ForgeOfFleet, SourceThatIsCutIsNeverCleanAndNeverAFinding) {
  const struct {
    const char* what;
    Reply reply;
  } cases[] = {{"unauthorized", json_reply(R"({"message":"Bad credentials"})", 401)},
               {"forbidden", json_reply(R"({"message":"Resource not accessible by integration"})", 403)},
               {"rate limit", Reply{429, {{"Retry-After", "3600"}}}},
               {"error of the server", Reply{500}},
               {"truncated", json_reply(R"({"full_name":"acme/ne)")},
               {"cut off", Reply{200, {}, R"({"full_name":"acme/new"})", Wire::cut_in_half}},
               {"web page", Reply{200, {{"Content-Type", "text/html"}}, "<html>Sign in</html>"}},
               {"no answer", Reply{200, {}, "", Wire::silent}},
               {"closed", Reply{200, {}, "", Wire::closed}}};
  for (const auto& [what, reply] : cases) {
    SCOPED_TRACE(what);
    patience = reply.wire == Wire::silent ? kImpatient : std::chrono::seconds(60);
    for (const char* path : {"/api/v3/repos/acme/old", "/api/v3/repos/acme/app", "/api/v3/repos/acme/app/branches/main"})
      server.on(path, reply);
    const Outcome outcome = check();
    EXPECT_EQ(outcome.code, 3) << outcome.out << outcome.err;
    EXPECT_THAT(outcome.out, Not(HasSubstr("warning[W")));
    EXPECT_THAT(outcome.out, Not(HasSubstr("error[W")));
    EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr("s3cret")));
  }
  for (const std::string& url : {"http://127.0.0.1:" + std::to_string(live_test::unused_port()), std::string("https://nobody.invalid")}) {
    SCOPED_TRACE(url);
    configure(url);
    EXPECT_EQ(check().code, 3);
  }
}

TEST_F(ForgeOfFleet, RecordingSaysTheSameWithoutTheServer) {
  Folder recording;
  const std::string place = (recording.path() / "r").string();
  const Outcome live = check({"--record", place});
  server.otherwise(Reply{500});
  for (const char* path : {"/api/v3/repos/acme/old", "/api/v3/repos/acme/app"}) server.on(path, Reply{500});
  const Outcome replayed = check({"--replay", place});
  EXPECT_EQ(replayed.code, 1) << replayed.out << replayed.err;
  EXPECT_EQ(replayed.out, live.out);
}

TEST_F(ForgeOfFleet, TokenOfAForgeGoesToNoOtherServerThatTheConfigNames) {
  folder.write("hosts.yaml", "version: 1\nhosts: {\"" + server.host() + "\": {plain_http: true}}\n");
  folder.write("trueup.yaml", "version: 1\nslug: acme/app\nrepositories: {acme/app: {path: ., default_branch: main, forge: github.com}}\n"
                              "forges: {github.com: {kind: github, url: \"" + server.url("/api/v3") + "\"}}\n");
  const Outcome outcome = run_cli(folder.path(), {"check", "--only", "W06,W59"}, {{"TRUEUP_HOSTS", (folder.path() / "hosts.yaml").string()}, {"GITHUB_TOKEN", "t0ken-s3cret"}});
  EXPECT_FALSE(server.seen().empty()) << outcome.out << outcome.err;
  for (const auto& request : server.seen()) EXPECT_EQ(request.header("authorization"), "");
}

TEST_F(ForgeOfFleet, WhatHasNotChangedIsConfirmedAndWhatGitKnowsIsNotAsked) {
  server.by([](const live_test::SeenRequest& request) -> std::optional<Reply> {
    if (request.target.find("/repos/acme/app") == std::string::npos) return std::nullopt;
    if (request.header("if-none-match") == "\"one\"") return Reply{304, {{"ETag", "\"one\""}}};
    const bool list = request.target.find("/rules/") != std::string::npos;
    return Reply{200, {{"ETag", "\"one\""}}, list ? "[]" : R"({"full_name":"acme/app","name":"main","default_branch":"main","visibility":"private"})"};
  });
  Folder cache;
  const std::vector<std::string> with_cache = {"--cache", (cache.path() / "c").string()};
  const Outcome first = check(with_cache);
  const std::size_t asked = server.seen().size();
  const Outcome second = check(with_cache);
  EXPECT_EQ(second.out, first.out);
  EXPECT_EQ(server.seen().size(), 2 * asked);
  for (std::size_t i = asked; i < 2 * asked; ++i) {
    const auto request = server.seen()[i];
    const bool tagged = request.target.find("/repos/acme/app") != std::string::npos;
    EXPECT_EQ(request.header("if-none-match"), tagged ? "\"one\"" : "") << request.target;
  }
  // Branches, tags and commits are git's; one branch is asked for what it requires.
  for (const auto& request : server.seen())
    for (const char* path : {"/git/", "/commits", "/tags", "/branches?", "/compare/", "/contents/"}) EXPECT_EQ(request.target.find(path), std::string::npos) << request.target;
}

TEST_F(ForgeOfFleet, CredentialsAreExplainedAndNobodyIsAsked) {
  const Outcome outcome = check({"--explain-credentials"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr(server.host() + "\n"));
  EXPECT_THAT(outcome.out, HasSubstr("TRUEUP_HOSTS"));
  EXPECT_THAT(outcome.out, HasSubstr("token, used"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("s3cret")));
  EXPECT_TRUE(server.seen().empty());
}

TEST(ForgeDump, WhatItHasNoFileForIsUnknownAndFailsNothing) {
  Folder folder;
  folder.write("metastore/.github/workflows/maven.yml",
               "on: {push: {branches: [staging]}}\njobs:\n  publish: {runs-on: x, steps: [{run: helm push atlas.tgz oci://registry.example/charts}]}\n");
  folder.write("deploy/Chart.yaml",
               "apiVersion: v2\nname: app\nversion: 1.0.0\n"
               "dependencies: [{name: atlas, version: 1.0.0-staging.abc1234, repository: \"oci://registry.example/charts\"}]\n");
  folder.write("forge/repos/acme/metastore.json", R"({"full_name":"acme/metastore","default_branch":"main","private":false})");
  folder.write("trueup.yaml",
               "version: 1\nrepositories:\n  acme/metastore: {path: metastore, forge: github.com}\n  acme/deploy: {path: deploy}\n"
               "forges: {github.com: {kind: github, dump: forge}}\n"
               "promises: {chart: {owners: {atlas: acme/metastore}, versions: \"{base}-{branch}.{commit}\"}}\n");
  const Outcome outcome = run_cli(folder.path(), {"check", "--offline", "--only", "C30"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("forge has no repos/acme/metastore/releases.json"));
}

/// The line that a finding shows, and what it says, hold the URL of a source.
TEST(Secrets, OfAUrlInAFileAreShownNowhere) {
  Folder folder;
  folder.write("deploy/apps.yaml",
               "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: one, namespace: argocd}\nspec:\n"
               "  source: {repoURL: \"https://robot:hunter2@git.example/acme/deploy\", path: nothing, targetRevision: main}\n"
               "  destination: {server: \"https://kubernetes.default.svc\", namespace: one}\n  project: fleet\n");
  folder.write("live.yaml",
               "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: one, namespace: argocd}\nspec:\n"
               "  source: {repoURL: \"https://robot:hunter3@git.example/acme/deploy\", path: nothing, targetRevision: main}\n"
               "  destination: {server: \"https://kubernetes.default.svc\", namespace: one}\n  project: fleet\n");
  folder.write("trueup.yaml", "version: 1\nrepositories: {acme/deploy: {path: deploy}}\nargocd: {prod: {dump: live.yaml}}\n");
  for (const char* format : {"terminal", "json", "sarif", "markdown", "github"}) {
    const Outcome outcome = run_cli(folder.path(), {"check", "--offline", "--only", "A11", "--format", format, "--fail-on", "never"});
    EXPECT_THAT(outcome.out, HasSubstr("/source/repoURL")) << format;
    EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr("hunter"))) << format << outcome.out;
  }
}

}  // namespace
}  // namespace trueup::e2e
