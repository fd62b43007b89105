// Declared Applications held against a cluster's custom resources: a server on the loopback that plays along or does not.

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

const std::string kGroup = "/apis/argoproj.io/v1alpha1/";

std::string application(const std::string& name, const std::string& revision) {
  return R"({"apiVersion":"argoproj.io/v1alpha1","kind":"Application","metadata":{"name":")" + name + R"(","namespace":"argocd"},"spec":{"project":"fleet",)" +
         R"("source":{"repoURL":"registry.example/charts","chart":"atlas","targetRevision":")" + revision + R"("},"destination":{"namespace":")" + name +
         R"(","server":"https://kubernetes.default.svc"}}})";
}

std::string list_of(const std::string& items, const std::string& more = "") {
  return R"({"apiVersion":"argoproj.io/v1alpha1","kind":"ApplicationList","metadata":{"continue":")" + more + R"(","resourceVersion":"7"},"items":[)" + items + "]}";
}

class Kubernetes : public testing::Test {
 protected:
  Kubernetes() {
    // Manifests in JSON, as ArgoCD reads them too.
    folder.write("argocd/one.json", application("one", "1.0.0"));
    folder.write("argocd/two.json", application("two", "1.0.0"));
    configure(server.url(""));
    folder.write("trueup.yaml", "version: 1\nslug: acme/deploy\nkubernetes: {prod: {context: prod}}\n");
    ::setenv("KUBECONFIG", (folder.path() / "kubeconfig").c_str(), 1);
  }
  ~Kubernetes() override { ::unsetenv("KUBECONFIG"); }

  void configure(const std::string& url) {
    folder.write("kubeconfig", "apiVersion: v1\nkind: Config\ncurrent-context: prod\nclusters: [{name: c, cluster: {server: \"" + url + "\"}}]\n"
                               "users: [{name: u, user: {token: t0ken-s3cret}}]\ncontexts: [{name: prod, context: {cluster: c, user: u}}]\n");
  }
  Outcome check(const std::string& rules = "A11,A20") {
    return run_cli(folder.path(), {"check", "--only", rules, "--fail-on", "warning"}, {}, near_servers(patience));
  }
  std::size_t asked(const std::string& plural) {
    std::size_t count = 0;
    for (const auto& request : server.seen()) count += request.target.starts_with(kGroup + plural + "?") ? 1 : 0;
    return count;
  }

  std::chrono::milliseconds patience = std::chrono::seconds(60);
  Folder folder;
  FaultServer server;
};

TEST_F(Kubernetes, DriftAndAbsenceAreProvenByAWholeList) {
  server.on(kGroup + "applications", json_reply(list_of(application("one", "1.0.9"))));
  const Outcome outcome = check();
  EXPECT_EQ(outcome.code, 1) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("/source/targetRevision is 1.0.0 in Git, and 1.0.9 live"));
  EXPECT_THAT(outcome.out, HasSubstr("kubectl --context prod -n argocd patch applications.argoproj.io one --type json -p"));
  EXPECT_THAT(outcome.out, HasSubstr("the Application two is declared and does not run in prod"));
  EXPECT_EQ(server.seen().at(0).header("authorization"), "Bearer t0ken-s3cret");
  EXPECT_EQ(server.seen().size(), 1u);
}

TEST_F(Kubernetes, SourceThatIsCutIsNeverCleanAndNeverAFinding) {
  const std::string whole = list_of(application("one", "1.0.9"));
  const struct {
    const char* what;
    Reply reply;
  } cases[] = {{"unauthorized", json_reply(R"({"kind":"Status","status":"Failure","reason":"Unauthorized","code":401})", 401)},
               {"forbidden", json_reply(R"({"kind":"Status","status":"Failure","reason":"Forbidden","code":403})", 403)},
               {"not there", Reply{404, {}, "404 page not found"}},
               {"expired, and again", json_reply(R"({"kind":"Status","status":"Failure","reason":"Expired","code":410})", 410)},
               {"rate limit", Reply{429, {{"Retry-After", "3600"}}}},
               {"error of the server", Reply{500}},
               {"unavailable", Reply{503}},
               {"truncated", json_reply(whole.substr(0, whole.size() - 9))},
               {"cut off", Reply{200, {}, whole, Wire::cut_in_half}},
               {"web page", Reply{200, {{"Content-Type", "text/html"}}, "<html>Sign in</html>"}},
               {"an object that is no list", json_reply(application("one", "1.0.9"))},
               {"a list of nothing", json_reply(list_of(""))},
               {"pages that go round", json_reply(list_of(application("one", "1.0.9"), "again"))},
               {"no answer", Reply{200, {}, "", Wire::silent}},
               {"closed", Reply{200, {}, "", Wire::closed}}};
  for (const auto& [what, reply] : cases) {
    SCOPED_TRACE(what);
    patience = reply.wire == Wire::silent ? kImpatient : std::chrono::seconds(60);
    server.on(kGroup + "applications", reply);
    const Outcome outcome = check();
    EXPECT_EQ(outcome.code, 3) << outcome.out << outcome.err;
    EXPECT_THAT(outcome.out, Not(HasSubstr("warning[A")));
    EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr("s3cret")));
  }
  patience = kImpatient;  // a handshake that nobody answers
  for (const std::string& url : {"http://127.0.0.1:" + std::to_string(live_test::unused_port()), std::string("https://nobody.invalid:6443"), "https://" + server.host()}) {
    SCOPED_TRACE(url);  // refused, no such host, no TLS
    configure(url);
    const Outcome outcome = check();
    EXPECT_EQ(outcome.code, 3) << outcome.out << outcome.err;
    EXPECT_THAT(outcome.out, Not(HasSubstr("warning[A")));
  }
}

TEST_F(Kubernetes, ListsOfSetsAndProjectsAreCutAlone) {
  folder.write("argocd/set.json", R"({"apiVersion":"argoproj.io/v1alpha1","kind":"ApplicationSet","metadata":{"name":"made","namespace":"argocd"},)"
                                  R"("spec":{"generators":[{"clusters":{}}],"template":{"metadata":{"name":"x"},"spec":{"project":"fleet"}}}})");
  server.on(kGroup + "applications", json_reply(list_of(application("one", "1.0.0") + "," + application("two", "1.0.0"))));
  const std::string sets = list_of(R"({"kind":"ApplicationSet","metadata":{"name":"made","namespace":"argocd"},"spec":{"generators":[{"clusters":{}}],"template":{"metadata":{"name":"x"},"spec":{"project":"other"}}}})"),
                    projects = list_of(R"({"kind":"AppProject","metadata":{"name":"fleet"},"spec":{"sourceRepos":["https://elsewhere.example"],"destinations":[{"server":"*","namespace":"*"}]}})");
  const struct {
    std::string plural, whole;
    const char *code, *other;
  } lists[] = {{"applicationsets", sets, "A24", "A25"}, {"appprojects", projects, "A25", "A24"}};
  for (const auto& each : lists) server.on(kGroup + each.plural, json_reply(each.whole));
  const Outcome whole = check("A24,A25,A26");
  EXPECT_EQ(whole.code, 1) << whole.err;
  for (const auto& each : lists) EXPECT_THAT(whole.out, HasSubstr("[" + std::string(each.code) + " argocd/"));
  EXPECT_EQ(asked("applications") + asked("applicationsets") + asked("appprojects"), server.seen().size());  // no Secret
  for (const auto& cut : lists) {
    for (const Reply& reply : {json_reply(R"({"kind":"Status","status":"Failure","reason":"Forbidden","code":403})", 403), Reply{404, {}, "404 page not found"}, Reply{500},
                               Reply{200, {}, cut.whole, Wire::cut_in_half}, Reply{200, {{"Content-Type", "text/html"}}, "<html>"}}) {
      SCOPED_TRACE(cut.plural + " " + std::to_string(reply.status));
      server.on(kGroup + cut.plural, reply);
      const Outcome outcome = check("A24,A25");
      EXPECT_THAT(outcome.out, Not(HasSubstr("[" + std::string(cut.code) + " argocd/")));
      EXPECT_THAT(outcome.out, HasSubstr("[" + std::string(cut.other) + " argocd/"));
      EXPECT_EQ(check(cut.code).code, 3);
    }
    server.on(kGroup + cut.plural, json_reply(cut.whole));
  }
}

}  // namespace
}  // namespace trueup::e2e
