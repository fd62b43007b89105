// Answers of a real kube-apiserver 1.34.2.
#include <map>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "live/fake_http.hpp"
#include "live/kubernetes.hpp"
#include "live/recordings.hpp"

namespace trueup::live {
namespace {

using live_test::replay_of;
using nlohmann::json;

KubernetesCluster cluster(bool with_token = true, std::string only_namespace = "") {
  KubernetesAccess access;
  access.server = "https://kubernetes.example.test:6443";
  access.host = *HostPort::parse("kubernetes.example.test:6443");
  if (with_token) access.token = Credential{CredentialKind::bearer_token, "", Secret("t0ken"), "kubeconfig"};
  return {"prod", std::move(access), std::move(only_namespace)};
}

TEST(RecordedKubernetes, ListsAreReadWithTheQuestionsThatWereRecorded) {
  SKIP_WITHOUT_RECORDINGS_OF("kubernetes");
  const struct {
    ResourceKind kind;
    const char* file;
    std::size_t count;
  } cases[] = {{ResourceKind::application, "applications-200", 15},
               {ResourceKind::application_set, "applicationsets-200", 1},
               {ResourceKind::project, "appprojects-200", 3}};
  for (const auto& [kind, file, count] : cases) {
    SCOPED_TRACE(file);
    const auto replay = replay_of("kubernetes", {file});
    const auto reading = make_kubernetes_api(cluster(), *replay)->list(kind);
    EXPECT_EQ(reading.state, ReadingState::present) << (reading.unknown ? reading.unknown->because : "");
    EXPECT_EQ(reading.items.size(), count);
    EXPECT_TRUE(reading.complete);  // RBAC refuses a list as a whole
    EXPECT_TRUE(replay->unused().empty());
  }
}

/// Asks for pages as small as the recorded ones.
class SmallPages final : public HttpClient {
 public:
  explicit SmallPages(HttpClient& inner, std::string size = "6") : inner_(inner), size_(std::move(size)) {}
  HttpAnswer send(const HttpRequest& request) override {
    HttpRequest small = request;
    small.url.replace(small.url.find("limit=500"), 9, "limit=" + size_);
    ++asked;
    return inner_.send(small);
  }
  int asked = 0;

 private:
  HttpClient& inner_;
  std::string size_;
};

TEST(RecordedKubernetes, PagesAreFollowedToTheirEnd) {
  SKIP_WITHOUT_RECORDINGS_OF("kubernetes");
  const auto replay = replay_of("kubernetes", {"applications-page-1-200", "applications-page-2-200", "applications-page-3-200"});
  SmallPages small(*replay);
  const auto reading = make_kubernetes_api(cluster(), small)->list(ResourceKind::application);
  EXPECT_EQ(reading.items.size(), 15u);
  EXPECT_TRUE(reading.complete);
  EXPECT_TRUE(replay->unused().empty());
  EXPECT_EQ(small.asked, 3);
}

TEST(RecordedKubernetes, ExpiredListIsBegunAgain) {
  SKIP_WITHOUT_RECORDINGS_OF("kubernetes");
  const auto first = replay_of("kubernetes", {"applications-page-1-200"});
  const auto expired = replay_of("kubernetes", {"applications-continue-expired-410"});
  const json gone = json::parse(live_test::read_file(live_test::recordings_of("kubernetes") / "applications-continue-expired-410.json"));
  const auto play = [&](int expiries) {
    int pages = 0;
    live_test::FakeHttp http([&, expiries](const HttpRequest& request) {
      HttpRequest as_recorded = request;
      const bool goes_on = request.url.find("continue=") != std::string::npos;
      if (goes_on && ++pages <= expiries) {
        as_recorded.url = "https://kubernetes.example.test:6443" + gone["request"]["path"].get<std::string>();
        return expired->send(as_recorded);
      }
      if (goes_on) return live_test::answered(200, R"({"metadata":{"continue":""},"items":[{"last":1}]})");
      as_recorded.url.replace(as_recorded.url.find("limit=500"), 9, "limit=6");
      return first->send(as_recorded);
    });
    return make_kubernetes_api(cluster(), http)->list(ResourceKind::application);
  };
  const auto once = play(1);
  EXPECT_EQ(once.state, ReadingState::present);
  EXPECT_EQ(once.items.size(), 7u);  // six and one, none of them twice
  const auto always = play(100);
  EXPECT_EQ(always.state, ReadingState::unknown);
  EXPECT_EQ(always.unknown->code, "inconsistent");
  EXPECT_TRUE(always.items.empty());
}

TEST(RecordedKubernetes, EveryExchangeThatALoaderMayMeetIsReadAsWhatItIs) {
  SKIP_WITHOUT_RECORDINGS_OF("kubernetes");
  const std::map<std::string, std::string> other = {
      {"application-forbidden-403", "unknown: refused_credentials"},
      {"application-not-found-404", "absent"},
      {"applications-yaml-200", "unknown: malformed"},  // for another Accept
      {"applications-protobuf-406", "unknown: not_recorded"},
      {"applications-gzip-200", "unknown: not_recorded"},
      {"applications-table-200", "unknown: malformed"},
      {"applications-bad-token-401", "unknown: invalid_credentials"},
      {"applications-forbidden-403", "unknown: refused_credentials"},
      {"applications-no-token-401", "unknown: no_credentials"},
      {"applications-no-token-403", "unknown: no_credentials"},
      {"applications-continue-expired-410", "unknown: inconsistent"},
      {"applications-rv-exact-expired-410", "unknown: inconsistent"},
      {"applications-continue-invalid-400", "unknown: http_400"},
      {"applications-fieldselector-spec-400", "unknown: http_400"},
      {"applications-none-200", "unknown: empty_list"},
      {"namespace-not-found-200", "unknown: empty_list"},
      {"applications-limit-invalid-400", "unknown: http_400"},
      {"applications-selector-invalid-400", "unknown: http_400"},
      {"applications-rv-future-504", "unknown: http_504"},
      {"version-not-served-404", "unknown: http_404"},
      {"resource-unknown-admin-404", "unknown: http_404"},
      {"resource-unknown-reader-403", "unknown: refused_credentials"}};
  std::size_t met = 0;
  for (const std::string& name : live_test::exchanges_of("kubernetes")) {
    SCOPED_TRACE(name);
    const json exchange = json::parse(live_test::read_file(live_test::recordings_of("kubernetes") / (name + ".json")));
    const std::string path = exchange["request"]["path"];
    if (exchange["request"]["method"] != "GET" || path.find("watch=1") != std::string::npos) continue;
    const auto replay = replay_of("kubernetes", {name});
    bool another_page = false;
    live_test::FakeHttp http([&](const HttpRequest& request) {
      // A page that others follow: here the next one is empty.
      if (request.url.find("continue=") != std::string::npos && another_page) return live_test::answered(200, R"({"items":[]})");
      another_page = true;
      HttpRequest as_recorded = request;
      as_recorded.url = "https://kubernetes.example.test:6443" + path;
      return replay->send(as_recorded);
    });
    const auto server = make_kubernetes_api(cluster(exchange["request"].contains("auth")), http);
    const std::string plain = path.substr(0, path.find('?'));
    std::string made;
    std::size_t count = 0;
    const auto single = plain.rfind("/applications/");
    if (single != std::string::npos) {
      const ApplicationQuestion question{plain.substr(single + 14), "", "fleet"};
      const auto reading = server->find({&question, 1}).at(0);
      made = reading.unknown ? "unknown: " + reading.unknown->code : std::string(to_string(reading.state));
      count = 1;
    } else if (plain.starts_with("/apis/argoproj.io/v1") && plain != "/apis/argoproj.io/v1alpha1") {
      const auto reading = server->list(plain.ends_with("sets") ? ResourceKind::application_set
                                        : plain.ends_with("projects") ? ResourceKind::project
                                                                      : ResourceKind::application);
      made = reading.unknown ? "unknown: " + reading.unknown->code : std::string(to_string(reading.state));
      count = reading.items.size();
    } else {
      continue;
    }
    ++met;
    const auto special = other.find(name);
    if (special != other.end()) {
      EXPECT_EQ(made, special->second);
      continue;
    }
    EXPECT_EQ(made, "present");
    const json& body = exchange["response"]["body"];
    EXPECT_EQ(count, body.contains("items") ? body["items"].size() : 1);
  }
  // The rest: discovery, Deployments, Secrets, watches, patches.
  EXPECT_GT(met, 40u);
}

TEST(RecordedKubernetes, EmptyListAndOneNamespaceProveNothing) {
  SKIP_WITHOUT_RECORDINGS_OF("kubernetes");
  live_test::FakeHttp empty([](const HttpRequest&) { return live_test::answered(200, R"({"items":[],"metadata":{"continue":""}})"); });
  const auto nothing = make_kubernetes_api(cluster(), empty)->list(ResourceKind::application);
  ASSERT_TRUE(nothing.unknown);
  EXPECT_EQ(nothing.unknown->code, "empty_list");
  live_test::FakeHttp one([](const HttpRequest&) { return live_test::answered(200, R"({"items":[{"kind":"Application"}]})"); });
  EXPECT_FALSE(make_kubernetes_api(cluster(true, "argocd"), one)->list(ResourceKind::application).complete);
  EXPECT_EQ(one.asked().at(0).url, "https://kubernetes.example.test:6443/apis/argoproj.io/v1alpha1/namespaces/argocd/applications?limit=500");
  EXPECT_TRUE(make_kubernetes_api(cluster(), one)->list(ResourceKind::application).complete);
  EXPECT_EQ(make_kubernetes_api(cluster(), one)->list(ResourceKind::repository).unknown->code, "not_offered");
}

}  // namespace
}  // namespace trueup::live
