// Servers of ArgoCD and Kubernetes that misbehave in every way that was thought of, spoken to through the real client.
#include <gmock/gmock.h>

#include "live/argocd.hpp"
#include "live/curl_client.hpp"
#include "live/fault_server.hpp"
#include "live/kubernetes.hpp"
#include "live/recordings.hpp"

namespace trueup::live {
namespace {

using namespace std::chrono_literals;
using live_test::FaultServer;
using live_test::json_reply;
using live_test::Reply;
using live_test::Wire;

const std::string kList = R"({"metadata":{},"items":[{"metadata":{"name":"a"},"spec":{"project":"p"}}]})";
const std::string kArgocdList = "/api/v1/applications";
const std::string kKubernetesList = "/apis/argoproj.io/v1alpha1/applications";
/// What other lists are asked for, of either server.
const struct {
  ResourceKind kind;
  std::string argocd, kubernetes;
} kOthers[] = {{ResourceKind::application_set, "/api/v1/applicationsets", "/apis/argoproj.io/v1alpha1/applicationsets"},
               {ResourceKind::project, "/api/v1/projects", "/apis/argoproj.io/v1alpha1/appprojects"},
               {ResourceKind::repository, "/api/v1/repositories", ""}};

class ControlPlaneFaults : public testing::Test {
 protected:
  ControlPlaneFaults() {
    options.connect_timeout = 2s;
    options.total_timeout = 30s;  // a gzip bomb takes its time under sanitizers
    options.first_backoff = 5ms;
    options.max_wait = 200ms;
    EXPECT_TRUE(hosts.allow(server.host()));
  }

  std::unique_ptr<ControlPlane> argocd(HttpClient& client, std::string url = "") {
    return make_argocd_api({"prod", url.empty() ? server.url("") : url, {}}, client, token);
  }
  std::unique_ptr<ControlPlane> kubernetes(HttpClient& client) {
    KubernetesAccess access;
    access.server = server.url("");
    access.host = *HostPort::parse(server.host());
    access.token = token.find(access.host);
    return make_kubernetes_api({"prod", std::move(access), ""}, client);
  }

  static void expect_unknown(const std::optional<Unknown>& unknown, const std::string& code) {
    ASSERT_TRUE(unknown);
    EXPECT_EQ(unknown->code, code) << unknown->because;
    EXPECT_EQ(unknown->kind, unknown_kind(code));
    EXPECT_EQ(unknown->because.find("t0ken-s3cret"), std::string::npos);
    EXPECT_GT(unknown->because.size(), 20u);
  }

  FaultServer server, other;
  HttpOptions options;
  HostPolicy hosts;
  live_test::OneToken token;
};

TEST_F(ControlPlaneFaults, NoFaultAtAll) {
  server.on(kArgocdList, Reply{200, {{"Content-Encoding", "gzip"}}, live_test::gzip_stored(kList)});
  server.on(kKubernetesList, json_reply(kList));
  const auto client = make_curl_client(options, hosts, empty_surroundings());
  for (const auto& plane : {argocd(*client), kubernetes(*client)}) {
    const auto reading = plane->list(ResourceKind::application);
    EXPECT_EQ(reading.state, ReadingState::present) << (reading.unknown ? reading.unknown->because : "");
    EXPECT_EQ(reading.items.size(), 1u);
  }
  EXPECT_EQ(server.seen().at(0).header("authorization"), "Bearer t0ken-s3cret");
  EXPECT_THAT(server.seen().at(0).header("accept-encoding"), testing::HasSubstr("gzip"));
}

// ---- the table: what a list and a single application are answered with, and what that reads as

TEST_F(ControlPlaneFaults, AnswerThatIsNoneReadsAsUnknown) {
  const struct {
    const char* what;
    Reply reply;
    const char* code;
  } cases[] = {
      {"unauthorized", json_reply(R"({"error":"no session information","code":16,"message":"no session information"})", 401), "invalid_credentials"},
      {"forbidden", json_reply(R"({"error":"permission denied","code":7,"message":"permission denied"})", 403), "refused_credentials"},
      {"not there", Reply{404, {{"Content-Type", "text/plain"}}, "Not Found\n"}, "http_404"},
      {"rate limit", Reply{429, {{"Retry-After", "120"}}}, "rate_limited"},
      {"rate limit without a time", Reply{429}, "rate_limited"},
      {"error of the server", json_reply(R"({"code":2,"message":"dial tcp"})", 500), "http_500"},
      {"bad gateway", Reply{502, {{"Content-Type", "text/html"}}, "<html>"}, "http_502"},
      {"error of the server that stays", Reply{503}, "http_503"},
      {"no content", Reply{204}, "http_204"},
      {"web page", {200, {{"Content-Type", "text/html"}}, "<!doctype html><title>Sign in</title>"}, "malformed"},
      {"garbage", json_reply("\x01\x02{{{"), "malformed"},
      {"another JSON", json_reply("[1,2]"), "malformed"},
      {"text", json_reply("\"items\""), "malformed"},
      {"half a body", {200, {}, kList, Wire::cut_in_half}, "cut_off"},
      {"half a list, said to be whole", json_reply(kList.substr(0, kList.size() / 2)), "malformed"},
      {"closed", {200, {}, "", Wire::closed}, "cut_off"},
      {"gzip bomb", {200, {{"Content-Encoding", "gzip"}}, live_test::gzip_bomb(300u << 20)}, "over_limit"},
      {"redirect to an address that nobody named", {302, {{"Location", other.url("/steal")}}}, "private_address"},
      {"redirect in a circle", {302, {{"Location", kArgocdList}}}, "redirect_refused"},
  };
  for (const auto& [what, reply, code] : cases) {
    SCOPED_TRACE(what);
    const std::string single = kArgocdList + "/a", kubernetes_single = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/a";
    for (const std::string& path : {kArgocdList, kKubernetesList, single, kubernetes_single}) server.on(path, reply);
    for (const auto& [kind, argocd_path, kubernetes_path] : kOthers)
      for (const std::string& path : {argocd_path, kubernetes_path})
        if (!path.empty()) server.on(path, reply);
    const auto client = make_curl_client(options, hosts, empty_surroundings());
    for (const auto& [kind, argocd_path, kubernetes_path] : kOthers) {
      SCOPED_TRACE(to_string(kind));
      const auto list = argocd(*client)->list(kind);
      EXPECT_TRUE(list.items.empty());
      if (std::string(what) != "redirect in a circle") expect_unknown(list.unknown, code);  // which leads to the list of Applications here
      if (kubernetes_path.empty()) continue;
      const auto custom = kubernetes(*client)->list(kind);
      EXPECT_TRUE(custom.items.empty());
      if (std::string(what) != "redirect in a circle") expect_unknown(custom.unknown, code);
    }
    const ApplicationQuestion question{"a", "", "p"};
    for (const auto& plane : {argocd(*client), kubernetes(*client)}) {
      const auto list = plane->list(ResourceKind::application);
      EXPECT_EQ(list.state, ReadingState::unknown);
      EXPECT_TRUE(list.items.empty());
      expect_unknown(list.unknown, code);
      const auto one = plane->find({&question, 1}).at(0);
      EXPECT_EQ(one.state, ReadingState::unknown);
      expect_unknown(one.unknown, code);
    }
  }
  EXPECT_TRUE(other.seen().empty());
}

TEST_F(ControlPlaneFaults, ServerThatNeverAnswersIsTimedOut) {
  options.total_timeout = 250ms;
  server.on(kArgocdList, Reply{200, {}, "", Wire::silent});
  const auto client = make_curl_client(options, hosts, empty_surroundings());
  expect_unknown(argocd(*client)->list(ResourceKind::application).unknown, "timed_out");
}

TEST_F(ControlPlaneFaults, ServerThatIsNotThere) {
  const std::string host = "127.0.0.1:" + std::to_string(live_test::unused_port());
  EXPECT_TRUE(hosts.allow(host));
  EXPECT_TRUE(hosts.allow("nobody.invalid"));
  const auto client = make_curl_client(options, hosts, empty_surroundings());
  expect_unknown(argocd(*client, "http://" + host)->list(ResourceKind::application).unknown, "unreachable");
  expect_unknown(argocd(*client, "https://nobody.invalid")->list(ResourceKind::application).unknown, "unreachable");
}

TEST_F(ControlPlaneFaults, ServerThatWasNotSaidToSpeakWithoutTls) {
  ASSERT_TRUE(hosts.configure(server.host(), {.plain_http = false}));
  const auto client = make_curl_client(options, hosts, empty_surroundings());
  expect_unknown(argocd(*client)->list(ResourceKind::application).unknown, "plain_http");
}

TEST_F(ControlPlaneFaults, AbsenceNeedsTheWordOfTheApi) {
  const auto client = make_curl_client(options, hosts, empty_surroundings());
  const ApplicationQuestion question{"a", "", "p"};
  const auto single = [&](Reply reply) {
    server.on(kArgocdList + "/a", std::move(reply));
    return argocd(*client)->find({&question, 1}).at(0);
  };
  EXPECT_EQ(single(json_reply(R"({"code":5,"message":"not found"})", 404)).state, ReadingState::absent);
  for (const char* body : {"", "{}", R"({"code":"5x"})", "Not Found", R"({"code":12})"})
    EXPECT_EQ(single(json_reply(body, 404)).state, ReadingState::unknown) << body;
  EXPECT_EQ(server.seen().back().target, kArgocdList + "/a?project=p");
}

TEST_F(ControlPlaneFaults, PagesThatGoRoundInACircleEnd) {
  server.on(kKubernetesList, json_reply(R"({"metadata":{"continue":"again"},"items":[{"a":1}]})"));
  const auto client = make_curl_client(options, hosts, empty_surroundings());
  expect_unknown(kubernetes(*client)->list(ResourceKind::application).unknown, "malformed");
  EXPECT_EQ(server.seen().size(), 2u);
}

}  // namespace
}  // namespace trueup::live
