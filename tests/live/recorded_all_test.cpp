// Every exchange that was recorded of real servers has a place: a loader asks just that, or it stands here with why none does. What was
// recorded of servers that loaders know, but for a question that none asks, is given to the loaders all the same: no answer of a
// server may pass for another one's.
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "live/argocd.hpp"
#include "live/fake_http.hpp"
#include "live/helm_repository.hpp"
#include "live/kubernetes.hpp"
#include "live/oci_registry.hpp"
#include "live/recordings.hpp"

namespace trueup::live {
namespace {

using nlohmann::json;

constexpr const char* kFolders[] = {"argocd", "helm-repo", "kubernetes", "oci"};
constexpr ResourceKind kLists[] = {ResourceKind::application, ResourceKind::application_set, ResourceKind::project, ResourceKind::repository};

json recorded(const std::string& folder, const std::string& name) {
  return json::parse(live_test::read_file(live_test::recordings_of(folder) / (name + ".json")));
}

/// Names that begin so, and why no loader asks what they answer.
struct NotAsked {
  const char* folder;
  const char* prefix;
  const char* reason;
};
constexpr const char* kWrites = "trueup writes nothing; answers to PATCH stand beside A11's documents in tests/e2e/argocd_e2e_test.cpp";
constexpr const char* kWatches = "a run looks once; nothing is watched";
constexpr const char* kAccount = "tokens come from the environment; no session is opened, and no account asked for";
constexpr const char* kRendered = "what is rendered or runs below an Application is not asked for";
constexpr const char* kHealth = "the health and version of a server say nothing of what it holds";
constexpr const char* kOther = "asked with a method, an Accept or a condition that the loader does not use";
constexpr NotAsked kNotAsked[] = {
    {"argocd", "account", kAccount},
    {"argocd", "session-", kAccount},
    {"argocd", "userinfo-", kAccount},
    {"argocd", "can-i-", kAccount},
    {"argocd", "settings-", kAccount},
    {"argocd", "applicationset-", "sets are listed"},
    {"argocd", "project-", "projects are listed"},
    {"argocd", "clusters-", "where a cluster is, its Applications say"},
    {"argocd", "repository-", "registries and git are asked themselves"},
    {"argocd", "chartdetails-", kRendered},
    {"argocd", "events-", kRendered},
    {"argocd", "links-", kRendered},
    {"argocd", "managed-resources-", kRendered},
    {"argocd", "manifests-", kRendered},
    {"argocd", "resource-", kRendered},
    {"argocd", "revision-metadata-", kRendered},
    {"argocd", "syncwindows-", kRendered},
    {"argocd", "outage-redis-resource-tree-", kRendered},
    {"argocd", "outage-repo-server-chartdetails-", kRendered},
    {"argocd", "outage-repo-server-manifests-", kRendered},
    {"argocd", "healthz-", kHealth},
    {"argocd", "version-", kHealth},
    {"argocd", "outage-kubernetes-healthz-", kHealth},
    {"argocd", "outage-redis-healthz-", kHealth},
    {"argocd", "outage-repo-server-version-", kHealth},
    {"argocd", "patch-", kWrites},
    {"argocd", "delete-", kWrites},
    {"argocd", "sync-", kWrites},
    {"argocd", "stream-", kWatches},
    {"argocd", "unknown-path-", "a path that ArgoCD has not; given to the lists in recorded_argocd_test.cpp"},
    {"kubernetes", "patch-", kWrites},
    {"kubernetes", "method-forbidden-", kWrites},
    {"kubernetes", "watch-", kWatches},
    {"kubernetes", "admin-deployment-", kRendered},
    {"kubernetes", "secrets-forbidden-", "Secrets are not read"},
    {"kubernetes", "api-", "the group is asked for what it holds, not for what it is"},
    {"kubernetes", "group-unknown-", "a group that is none of ArgoCD's"},
    {"kubernetes", "resource-unknown-", "a resource that the group has not; given to the lists in recorded_kubernetes_test.cpp"},
    {"kubernetes", "version-not-served-", "a version that the group has not; given to the lists in recorded_kubernetes_test.cpp"},
    {"kubernetes", "healthz-", kHealth},
    {"kubernetes", "version-anonymous-", kHealth},
    {"helm-repo", "chart-", "of a classic repository the index is read, and no package"},
    {"helm-repo", "index-absolute-", "an index under another name; given to the loader below"},
    {"helm-repo", "index-head-", kOther},
    {"helm-repo", "index-not-modified-", "conditions are put by cached_client.hpp, whose test answers 304"},
};

/// Of registries, what open() of recorded_registry_test.cpp never meets stands there, with why; it is counted here.
bool is_listed(const std::string& folder, const std::string& name, std::set<std::string>& rows) {
  bool listed = false;
  for (const NotAsked& row : kNotAsked) {
    if (folder != row.folder || !name.starts_with(row.prefix)) continue;
    rows.insert(folder + "/" + row.prefix);
    listed = true;
  }
  return listed;
}

std::string without_query(const std::string& path) { return path.substr(0, path.find('?')); }

/// The answer as it was given; its body as bytes of JSON where only the value is known.
HttpAnswer answer_of(const json& exchange) {
  const json& response = exchange["response"];
  std::vector<HttpHeader> headers;
  for (const auto& [name, value] : response["headers"].items())
    for (const json& each : value.is_array() ? value : json::array({value})) headers.push_back({name, each.get<std::string>()});
  std::string body;
  if (response.contains("body_text")) body = response["body_text"].get<std::string>();
  else if (response.contains("body") && !response["body"].is_null()) body = response["body"].dump();
  return live_test::answered(response["status"].get<int>(), std::move(body), std::move(headers));
}

std::unique_ptr<ControlPlane> kubernetes_at(HttpClient& http) {
  KubernetesAccess access;
  access.server = "https://kubernetes.example.test:6443";
  access.host = *HostPort::parse("kubernetes.example.test:6443");
  access.token = Credential{CredentialKind::bearer_token, "", Secret("t0ken"), "kubeconfig"};
  return make_kubernetes_api({"prod", std::move(access), ""}, http);
}

/// Asks all that a control plane can be asked, of one object by its name; gives the states that came of it.
std::vector<ReadingState> ask_all(ControlPlane& plane, const std::string& name) {
  std::vector<ReadingState> states;
  for (const ResourceKind kind : kLists) {
    const ResourceListReading reading = plane.list(kind);
    EXPECT_EQ(reading.unknown.has_value(), reading.state != ReadingState::present);
    EXPECT_TRUE(reading.state == ReadingState::present || reading.items.empty());
    states.push_back(reading.state);
  }
  const ApplicationQuestion question{name, "argocd", "fleet"};
  const ApplicationReading reading = plane.find({&question, 1}).at(0);
  EXPECT_EQ(reading.unknown.has_value(), reading.state == ReadingState::unknown);
  states.push_back(reading.state);
  return states;
}

/// Whether a loader asks for the path of the exchange, with its method.
bool is_asked(const std::string& folder, const json& exchange) {
  if (exchange["request"]["method"] != "GET") return false;
  const std::string path = without_query(exchange["request"]["path"]);
  if (exchange["request"]["path"].get<std::string>().find("watch=") != std::string::npos) return false;
  live_test::FakeHttp http([](const HttpRequest&) { return live_test::answered(200, R"({"items":[{"metadata":{"name":"x"},"spec":{}}]})"); });
  live_test::OneToken token;
  const std::string name = path.substr(path.rfind('/') + 1);
  if (folder == "argocd") {
    ask_all(*make_argocd_api({"prod", "https://argocd.example.test", {}}, http, token), name);
  } else if (folder == "kubernetes") {
    ask_all(*kubernetes_at(http), name);
    KubernetesAccess access;
    access.server = "https://kubernetes.example.test:6443";
    const std::string in = "/namespaces/", below = path.substr(std::min(path.find(in), path.size()));
    if (below.size() > in.size()) {  // one namespace
      const std::string space = below.substr(in.size(), below.find('/', in.size()) - in.size());
      ask_all(*make_kubernetes_api({"prod", std::move(access), space}, http), name);
    }
  } else {
    NoCredentials none;
    HelmRepositories repositories(http, none, {}, "2026-01-01T00:00:00Z");
    const ChartListQuestion question{"https://charts.example.test" + path.substr(0, path.rfind('/')), "atlas"};
    repositories.read({&question, 1});
  }
  for (const HttpRequest& request : http.asked()) {
    const std::string target = request.url.substr(std::min(request.url.find('/', 8), request.url.size()));
    if (without_query(target) == path) return true;
  }
  return false;
}

TEST(RecordedExchanges, EachIsAskedForByALoaderOrListedWithTheReason) {
  SKIP_WITHOUT_RECORDINGS_OF("argocd");
  std::map<std::string, std::size_t> asked, listed;
  std::set<std::string> rows;
  for (const std::string folder : kFolders) {
    if (folder == "oci") continue;  // WhatTheLoaderNeverMeetsIsListedHere, which plays all of its 141 to one loader
    for (const std::string& name : live_test::exchanges_of(folder)) {
      const bool is_met = is_asked(folder, recorded(folder, name)), is_told = is_listed(folder, name, rows);
      if (is_met) ++asked[folder];
      else if (is_told) ++listed[folder];
      else ADD_FAILURE() << folder << "/" << name << " is asked for by no loader, and nothing here says why";
    }
  }
  for (const NotAsked& row : kNotAsked) EXPECT_TRUE(rows.contains(std::string(row.folder) + "/" + row.prefix)) << row.prefix << " is the name of nothing";
  std::size_t all = live_test::exchanges_of("oci").size();
  for (const auto* counts : {&asked, &listed})
    for (const auto& [folder, count] : *counts) all += count;
  EXPECT_EQ(all, 355u);
  RecordProperty("asked", static_cast<int>(asked["argocd"] + asked["kubernetes"] + asked["helm-repo"]));
}

TEST(RecordedExchanges, NoAnswerPassesForThatOfAnotherQuestion) {
  SKIP_WITHOUT_RECORDINGS_OF("argocd");
  std::size_t played = 0;
  for (const std::string folder : kFolders) {
    for (const std::string& name : live_test::exchanges_of(folder)) {
      SCOPED_TRACE(folder + "/" + name);
      const json exchange = recorded(folder, name);
      live_test::FakeHttp http([&](const HttpRequest&) { return answer_of(exchange); });
      live_test::OneToken token;
      const int status = exchange["response"]["status"];
      const json body = json::parse(answer_of(exchange).response->body, nullptr, false);
      const bool list = status == 200 && body.is_object() && body.contains("items");
      const auto argocd = ask_all(*make_argocd_api({"prod", "https://argocd.example.test", {}}, http, token), "nothing");
      const auto kubernetes = ask_all(*kubernetes_at(http), "nothing");
      for (std::size_t i = 0; i < std::size(kLists) && !list; ++i) {
        EXPECT_EQ(argocd[i], ReadingState::unknown) << "ArgoCD's list " << i;
        EXPECT_EQ(kubernetes[i], ReadingState::unknown) << "Kubernetes' list " << i;
      }
      // Absence is told by one word of each server alone.
      const std::string code = body.is_object() && body.contains("code") ? body["code"].dump() : "";
      EXPECT_EQ(argocd.back() == ReadingState::absent, status == 404 && code == "5");
      EXPECT_EQ(kubernetes.back() == ReadingState::absent, status == 404 && body.is_object() && body.value("kind", "") == "Status" && body.value("reason", "") == "NotFound");

      HostPolicy hosts;
      NoCredentials none;
      const ArtifactQuestion artifact{"registry.example.test/charts/elsewhere", "7.7.7", true};
      const TagListQuestion tags{"registry.example.test/charts/elsewhere"};
      const RegistryReadings registry = OciRegistry(http, none, hosts).read({&artifact, 1}, {&tags, 1});
      EXPECT_NE(registry.artifacts[0].state, ReadingState::absent);
      const bool whole_catalog = body.is_object() && body.contains("repositories");  // which shows the neighbours, and proves it
      EXPECT_TRUE(registry.tag_lists[0].state != ReadingState::absent || whole_catalog);
      HelmRepositories helm(http, none, {}, "2026-01-01T00:00:00Z");
      const ChartListQuestion chart{"https://charts.example.test", "elsewhere"};
      const bool index = folder == "helm-repo" && status == 200 && name.starts_with("index-") && name != "index-head-200";
      EXPECT_EQ(helm.read({&chart, 1}).at(0).state, index ? ReadingState::absent : ReadingState::unknown);
      ++played;
    }
  }
  EXPECT_EQ(played, 355u);
}

}  // namespace
}  // namespace trueup::live
