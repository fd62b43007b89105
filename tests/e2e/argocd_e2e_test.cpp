// Declared Applications held against what runs: a server on the loopback that plays along or does not, dumps, and recordings.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

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

std::string application(const std::string& name, const std::string& revision) {
  return "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: " + name + ", namespace: argocd}\nspec:\n  project: fleet\n" +
         "  source: {repoURL: registry.example/charts, chart: atlas, targetRevision: " + revision + "}\n" +
         "  destination: {server: \"https://kubernetes.default.svc\", namespace: " + name + "}\n";
}

/// As the API has it.
std::string live(const std::string& name, const std::string& revision) {
  return R"({"metadata":{"name":")" + name + R"(","namespace":"argocd","managedFields":[{"f:x":{}}]},"spec":{"project":"fleet","source":{"chart":"atlas",)" +
         R"("repoURL":"registry.example/charts","targetRevision":")" + revision + R"("},"destination":{"namespace":")" + name +
         R"(","server":"https://kubernetes.default.svc"}},"status":{}})";
}

const std::string kPath = "/api/v1/applications";
const std::string kBoth = R"({"metadata":{},"items":[)" + live("one", "1.0.0") + "," + live("two", "1.0.0") + "]}";
const std::string kDrifted = R"({"metadata":{},"items":[)" + live("one", "1.0.9") + "]}";

class Argocd : public testing::Test {
 protected:
  Argocd() {
    folder.write("argocd/one.yaml", application("one", "1.0.0"));
    folder.write("argocd/two.yaml", application("two", "1.0.0"));
    folder.write("hosts.yaml", "version: 1\nhosts: {\"" + server.host() + "\": {token_env: TRUEUP_TEST_ARGOCD, plain_http: true}}\n");
    configure("argocd: {prod: {url: \"" + server.url("") + "\"}}");
    ::setenv("TRUEUP_TEST_ARGOCD", "t0ken-s3cret", 1);
    server.on(kPath + "/two", json_reply(R"({"error":"not found","code":5,"message":"not found"})", 404));
  }
  ~Argocd() override { ::unsetenv("TRUEUP_TEST_ARGOCD"); }

  void configure(const std::string& planes) { folder.write("trueup.yaml", "version: 1\nslug: acme/deploy\n" + planes + "\n"); }
  Outcome check(std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"check", "--only", "A08,A10,A11,A20", "--fail-on", "warning"};
    words.insert(words.end(), more.begin(), more.end());
    return run_cli(folder.path(), words, {{"TRUEUP_HOSTS", (folder.path() / "hosts.yaml").string()}}, near_servers(patience));
  }

  std::chrono::milliseconds patience = std::chrono::seconds(60);
  Folder folder;
  FaultServer server;
};

TEST_F(Argocd, WhatRunsAsDeclaredIsClean) {
  server.on(kPath, json_reply(kBoth));
  const Outcome outcome = check();
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  ASSERT_EQ(server.seen().size(), 1u);
  EXPECT_EQ(server.seen()[0].header("authorization"), "Bearer t0ken-s3cret");
}

TEST_F(Argocd, DriftAndWhatIsMissingAreFound) {
  server.on(kPath, json_reply(kDrifted));
  const Outcome outcome = check();
  EXPECT_EQ(outcome.code, 1) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("/source/targetRevision is 1.0.0 in Git, and 1.0.9 live"));
  EXPECT_THAT(outcome.out, HasSubstr("the Application two is declared and does not run in prod"));
  EXPECT_EQ(server.seen().back().target, kPath + "/two?appNamespace=argocd&project=fleet");
}

TEST_F(Argocd, SourceThatIsCutIsNeverCleanAndNeverAFinding) {
  const struct {
    const char* what;
    Reply reply;
  } cases[] = {{"unauthorized", json_reply(R"({"code":16,"message":"no session information"})", 401)},
               {"forbidden", json_reply(R"({"code":7,"message":"permission denied"})", 403)},
               {"not there", Reply{404, {}, "Not Found"}},
               {"rate limit", Reply{429, {{"Retry-After", "3600"}}}},
               {"error of the server", Reply{500}},
               {"truncated", json_reply(kDrifted.substr(0, kDrifted.size() - 9))},
               {"cut off", Reply{200, {}, kDrifted, Wire::cut_in_half}},
               {"web page", Reply{200, {{"Content-Type", "text/html"}}, "<html>Sign in</html>"}},
               {"an application without a name", json_reply(R"({"items":[{"spec":{}}]})")},
               {"no answer", Reply{200, {}, "", Wire::silent}},
               {"closed", Reply{200, {}, "", Wire::closed}}};
  for (const auto& [what, reply] : cases) {
    SCOPED_TRACE(what);
    patience = reply.wire == Wire::silent ? kImpatient : std::chrono::seconds(60);
    server.on(kPath, reply);
    const Outcome outcome = check();
    EXPECT_EQ(outcome.code, 3) << outcome.out << outcome.err;
    EXPECT_THAT(outcome.out, Not(HasSubstr("warning[A")));
    EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr("s3cret")));
  }
  // Refused, no such host, no TLS.
  for (const std::string& url : {"http://127.0.0.1:" + std::to_string(live_test::unused_port()), std::string("https://nobody.invalid")}) {
    SCOPED_TRACE(url);
    configure("argocd: {prod: {url: \"" + url + "\"}}");
    const Outcome outcome = check();
    EXPECT_EQ(outcome.code, 3) << outcome.out << outcome.err;
    EXPECT_THAT(outcome.out, Not(HasSubstr("warning[A")));
  }
}

/// Objects that are wrong each in its way: with all of the lists there is a finding of each rule.
const std::string kWrongSet = R"({"metadata":{},"items":[{"metadata":{"name":"made","namespace":"argocd"},"spec":{"generators":[{"clusters":{}}],"template":{"metadata":{"name":"x"},"spec":{"project":"other"}}}}]})";
const std::string kWrongProject = R"({"metadata":{},"items":[{"metadata":{"name":"fleet"},"spec":{"sourceRepos":["https://elsewhere.example"],"destinations":[{"server":"*","namespace":"*"}]}}]})";
const std::string kWrongRepository = R"({"metadata":{},"items":[{"repo":"registry.example/charts","connectionState":{"status":"Failed","message":"authentication required"}}]})";

TEST_F(Argocd, EachListIsCutAloneAndTheOthersAreJudged) {
  folder.write("argocd/set.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: made, namespace: argocd}\nspec:\n  generators: [clusters: {}]\n"
                                  "  template: {metadata: {name: x}, spec: {project: fleet}}\n");
  const struct {
    std::string path, whole;
    const char* code;
  } lists[] = {{"/api/v1/applicationsets", kWrongSet, "A24"}, {"/api/v1/projects", kWrongProject, "A25"}, {"/api/v1/repositories", kWrongRepository, "A26"}};
  const auto look = [&] {
    return run_cli(folder.path(), {"check", "--only", "A24,A25,A26", "--fail-on", "warning"}, {{"TRUEUP_HOSTS", (folder.path() / "hosts.yaml").string()}});
  };
  server.on(kPath, json_reply(kBoth));
  for (const auto& list : lists) server.on(list.path, json_reply(list.whole));
  const Outcome whole = look();
  EXPECT_EQ(whole.code, 1) << whole.out << whole.err;
  for (const auto& list : lists) EXPECT_THAT(whole.out, HasSubstr("[" + std::string(list.code) + " argocd/"));

  for (const auto& cut : lists) {
    const Reply replies[] = {json_reply(R"({"code":16,"message":"no session information"})", 401),
                             json_reply(R"({"code":7,"message":"permission denied"})", 403),
                             Reply{404, {}, "Not Found"},
                             Reply{429, {{"Retry-After", "3600"}}},
                             Reply{500},
                             json_reply(cut.whole.substr(0, cut.whole.size() - 9)),
                             Reply{200, {}, cut.whole, Wire::cut_in_half},
                             Reply{200, {{"Content-Type", "text/html"}}, "<html>Sign in</html>"},
                             json_reply(R"({"items":[{"spec":{}}]})"),
                             Reply{200, {}, "", Wire::closed}};
    for (const Reply& reply : replies) {
      SCOPED_TRACE(std::string(cut.code) + " " + std::to_string(reply.status) + " " + reply.body.substr(0, 30));
      server.on(cut.path, reply);
      const Outcome outcome = look();
      EXPECT_EQ(outcome.code, 1) << outcome.out << outcome.err;  // the others are judged
      for (const auto& list : lists)
        EXPECT_EQ(outcome.out.find("[" + std::string(list.code) + " argocd/") != std::string::npos, list.path != cut.path) << outcome.out;
      const Outcome alone = run_cli(folder.path(), {"check", "--only", cut.code, "--fail-on", "warning"}, {{"TRUEUP_HOSTS", (folder.path() / "hosts.yaml").string()}});
      EXPECT_EQ(alone.code, 3) << alone.out << alone.err;
    }
    server.on(cut.path, json_reply(cut.whole));
  }
}

TEST_F(Argocd, ListsAreAskedForOnlyWhereARuleReadsThem) {
  server.on(kPath, json_reply(kBoth));
  EXPECT_EQ(check().code, 0);
  for (const auto& request : server.seen()) EXPECT_EQ(request.target.find(kPath), 0u) << request.target;
}

TEST_F(Argocd, ListsAreAskedForOnceAndNeverByAPlan) {
  server.on(kPath, json_reply(kBoth));
  EXPECT_EQ(check({"--plan"}).code, 0);
  EXPECT_EQ(check({"--explain-credentials"}).code, 0);
  EXPECT_TRUE(server.seen().empty());
  EXPECT_EQ(check().code, 0);
  EXPECT_EQ(server.seen_count(kPath), 1u);
  // A rule that has no subject before the repositories are read.
  folder.write("argocd/one.yaml", "kind: ConfigMap\n");
  folder.write("argocd/two.yaml", "kind: ConfigMap\n");
  EXPECT_EQ(check({"--only", "A25"}).code, 0);
  EXPECT_EQ(server.seen_count("/api/v1/projects"), 0u);
}

TEST_F(Argocd, OneSourceFailsAloneAndTheOtherIsJudged) {
  server.on(kPath, Reply{500});
  folder.write("live/apps.json", kDrifted);
  configure("argocd:\n  prod: {url: \"" + server.url("") + "\"}\n  copy: {dump: live, complete: true}");
  const Outcome outcome = check();
  EXPECT_EQ(outcome.code, 1) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("live Application one of copy"));
  EXPECT_THAT(outcome.out, HasSubstr("does not run in copy"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("of prod is not what Git says")));
}

TEST_F(Argocd, MissingOneThatIsRefusedIsUnknown) {
  server.on(kPath, json_reply(R"({"items":[)" + live("one", "1.0.0") + "]}"));
  server.on(kPath + "/two", json_reply(R"({"code":7,"message":"permission denied"})", 403));
  const Outcome outcome = check();
  EXPECT_EQ(outcome.code, 3) << outcome.out << outcome.err;
}

TEST_F(Argocd, DumpTakesThePlaceOfTheServer) {
  folder.write("apps.json", kDrifted);
  const Outcome outcome = check({"--dump", "prod=apps.json"});
  EXPECT_EQ(outcome.code, 1) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("and 1.0.9 live"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("does not run in prod")));  // nobody says that the dump is whole
  EXPECT_TRUE(server.seen().empty());
  EXPECT_EQ(check({"--dump", "prod=apps.json", "--offline"}).code, 1);
  EXPECT_EQ(check({"--dump", "prod=gone.json"}).code, 3);
}

TEST_F(Argocd, DumpMayComeFromStandardInput) {
  const auto given = [&](const std::string& text) {
    Outcome outcome;
    cli::Environment environment;
    environment.folder = folder.path().string();
    environment.variable = [](std::string_view) { return std::optional<std::string>(); };
    environment.now = [] { return std::int64_t{1'790'000'000}; };
    environment.standard_input = [&](std::size_t most) { return text.substr(0, most); };
    environment.out = [&](std::string_view said) { outcome.out += said; };
    environment.err = [&](std::string_view said) { outcome.err += said; };
    outcome.code = cli::run_command({"check", "--offline", "--only", "A11", "--fail-on", "warning", "--dump", "prod=-"}, environment);
    return outcome;
  };
  EXPECT_THAT(given(kDrifted).out, HasSubstr("and 1.0.9 live"));
  EXPECT_EQ(given(kDrifted).code, 1);
  for (const std::string& text : {std::string(), kDrifted.substr(0, kDrifted.size() - 9), std::string("<html>")}) {
    const Outcome outcome = given(text);
    EXPECT_NE(outcome.code, 1) << text;
    EXPECT_THAT(outcome.out, Not(HasSubstr("warning[A")));
    EXPECT_THAT(outcome.out, HasSubstr("unknown[A11"));
  }
}

TEST_F(Argocd, DeclaredAndLiveAreRowsOfOneRelation) {
  folder.write("live/apps.json", kBoth);
  folder.write("live/more.json", R"({"kind":"List","items":[{"kind":"AppProject","metadata":{"name":"fleet"},"spec":{}},
      {"kind":"ApplicationSet","metadata":{"name":"made"},"spec":{"generators":[],"template":{"metadata":{"name":"x"}}}}]})");
  folder.write("argocd/set.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: made}\nspec: {generators: [], template: {metadata: {name: x}}}\n---\n"
                                  "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: fleet}\nspec: {}\n");
  configure("argocd: {prod: {dump: live}}");
  const auto rows = [&](const std::string& view, const std::string& same) {
    const Outcome outcome = run_cli(folder.path(), {"query", "--offline", "SELECT d.name || ' is ' || d.side || ' and ' || l.side || ' in ' || l.control_plane AS said FROM " + view + " d JOIN " + view +
                                                                              " l ON l.side = 'live' AND l.name = d.name" + same + " WHERE d.side = 'declared' ORDER BY 1"});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return outcome.out;
  };
  const std::string same = " AND l.fields = d.fields AND l.place < 0 AND d.place > 0";
  EXPECT_THAT(rows("known_application", same + " AND l.destination_namespace = d.destination_namespace"), HasSubstr("one is declared and live in prod"));
  EXPECT_THAT(rows("known_application", same), HasSubstr("two is declared and live in prod"));
  EXPECT_THAT(rows("known_application_set", same), HasSubstr("made is declared and live in prod"));
  EXPECT_THAT(rows("known_project", ""), HasSubstr("fleet is declared and live in prod"));
}

TEST_F(Argocd, ARecordingReplaysToTheSameReport) {
  server.on(kPath, json_reply(kDrifted));
  const std::string recording = (folder.path() / "recording").string();
  const Outcome recorded = check({"--record", recording, "--format", "json"});
  const std::size_t asked = server.seen().size();
  ::unsetenv("TRUEUP_TEST_ARGOCD");
  const Outcome replayed = check({"--replay", recording, "--format", "json"});
  EXPECT_EQ(recorded.code, 1) << recorded.err;
  EXPECT_EQ(replayed.out, recorded.out);
  EXPECT_EQ(server.seen().size(), asked);
}

TEST_F(Argocd, WhereAChangeIsJudgedWhatRunsIsNoSubject) {
  server.on(kPath, json_reply(kDrifted));
  ASSERT_TRUE(folder.git("init") && folder.git("add -A") && folder.git("commit -m base"));
  folder.write("argocd/one.yaml", application("one", "1.1.0"));
  const Outcome outcome = check({"--base", "HEAD"});
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
}

/// Real servers took patches and answered with what they made of them. What is printed for an Application that is live as it was before,
/// and declared as it was after, does the same.
class RecordedPatch : public testing::Test {
 protected:
  using Json = nlohmann::json;

  void SetUp() override {
    const char* shared = std::getenv("TRUEUP_SHARED");
    recorded_ = (shared != nullptr ? std::filesystem::path(shared) : std::filesystem::path(TRUEUP_SOURCE_DIR) / ".." / "shared") / "recorded";
    if (!std::filesystem::exists(recorded_)) GTEST_SKIP() << "no recordings at " << recorded_ << "; set TRUEUP_SHARED to the folder above recorded/";
  }

  Json read(const std::string& name) const {
    std::ifstream file(recorded_ / (name + ".json"));
    return Json::parse(file);
  }

  static Json application(const Json& spec) {
    return {{"apiVersion", "argoproj.io/v1alpha1"}, {"kind", "Application"}, {"metadata", {{"name", "t2-atlas"}, {"namespace", "argocd"}}}, {"spec", spec}};
  }

  /// The document that findings carry: the same in each of them. "null" where there is none.
  static Json printed_for(const Json& live, const Json& declared) {
    Folder folder;
    folder.write("live.json", application(live).dump());
    folder.write("deploy/apps.yaml", application(declared).dump());
    folder.write("trueup.yaml", "version: 1\nrepositories: {acme/deploy: {path: deploy}}\nargocd: {prod: {dump: live.json}}\n");
    const Outcome outcome = run_cli(folder.path(), {"check", "--offline", "--only", "A11", "--format", "json", "--fail-on", "never"});
    Json printed;
    const Json report = Json::parse(outcome.out);
    for (const Json& finding : report["findings"]) {
      const std::string message = finding["message"];
      const std::size_t begin = message.find(" patch applications.argoproj.io t2-atlas --type json -p '"), end = message.rfind('\'');
      EXPECT_NE(begin, std::string::npos) << message;
      const std::size_t text = message.find('\'', begin) + 1;
      const Json document = Json::parse(message.substr(text, end - text));
      EXPECT_TRUE(printed.is_null() || printed == document) << message;
      printed = document;
    }
    return printed;
  }

  std::filesystem::path recorded_;
};

TEST_F(RecordedPatch, WhatIsPrintedForTheOperatorIsWhatTheServerTook) {
  const Json list = read("argocd/applications-200")["response"]["body"], exchange = read("argocd/patch-json-200");
  const auto live = std::find_if(list["items"].begin(), list["items"].end(), [](const Json& each) { return each["metadata"]["name"] == "t2-atlas"; });
  ASSERT_NE(live, list["items"].end());
  EXPECT_EQ(printed_for((*live)["spec"], exchange["response"]["body"]["spec"]), Json::parse(exchange["request"]["body"]["patch"].get<std::string>()));
  EXPECT_EQ(printed_for((*live)["spec"], read("kubernetes/patch-json-dry-run-200")["response"]["body"]["spec"]),
            read("kubernetes/patch-json-dry-run-200")["request"]["body"]);
}

TEST_F(RecordedPatch, EveryPatchThatAServerTookIsMadeUpForFromEitherSide) {
  const Json changed = read("argocd/patch-json-200")["response"]["body"]["spec"];
  std::size_t met = 0;
  for (const char* server : {"argocd", "kubernetes"}) {
    for (const auto& entry : std::filesystem::directory_iterator(recorded_ / server)) {
      const std::string name = entry.path().stem().string();
      if (!name.starts_with("patch-") || !name.ends_with("-200")) continue;
      SCOPED_TRACE(name);
      ++met;
      const Json after = read(std::string(server) + "/" + name)["response"]["body"]["spec"];
      for (const auto& [live, declared] : {std::pair(changed, after), std::pair(after, changed)}) {
        const Json printed = printed_for(live, declared);
        EXPECT_EQ(printed.is_null(), live == declared);
        if (printed.is_null()) continue;
        EXPECT_EQ(declared, Json({{"spec", live}}).patch(printed)["spec"]) << printed;
      }
    }
  }
  EXPECT_EQ(met, 8u);
}

}  // namespace
}  // namespace trueup::e2e
