// Answers of a real argocd-server 3.2.11.
#include <map>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "live/argocd.hpp"
#include "live/fake_http.hpp"
#include "live/recordings.hpp"

namespace trueup::live {
namespace {

using live_test::replay_of;
using nlohmann::json;
using testing::HasSubstr;

constexpr ResourceKind kLists[] = {ResourceKind::application, ResourceKind::application_set, ResourceKind::project,
                                   ResourceKind::repository};

json recorded(const std::string& name) {
  return json::parse(live_test::read_file(live_test::recordings_of("argocd") / (name + ".json")));
}

std::unique_ptr<ControlPlane> server_of(HttpClient& http, CredentialSource& credentials, std::vector<std::string> projects = {}) {
  return make_argocd_api({"prod", "https://argocd.example.test", std::move(projects)}, http, credentials);
}

std::vector<std::string> names_of(const std::vector<std::string>& items) {
  std::vector<std::string> names;
  for (const std::string& item : items) names.push_back(json::parse(item)["metadata"]["name"]);
  return names;
}

TEST(RecordedArgocd, ListsAreReadWithTheQuestionsThatWereRecorded) {
  SKIP_WITHOUT_RECORDINGS_OF("argocd");
  const struct {
    ResourceKind kind;
    const char* file;
    std::size_t count;
  } cases[] = {{ResourceKind::application, "applications-200", 16},
               {ResourceKind::application_set, "applicationsets-200", 1},
               {ResourceKind::project, "projects-200", 3},
               {ResourceKind::repository, "repositories-200", 3},
               {ResourceKind::application_set, "applicationsets-alice-200", 0},
               {ResourceKind::repository, "repositories-alice-200", 0}};
  live_test::OneToken token;
  for (const auto& [kind, file, count] : cases) {
    SCOPED_TRACE(file);
    const auto replay = replay_of("argocd", {file});
    const auto reading = server_of(*replay, token)->list(kind);
    EXPECT_EQ(reading.state, ReadingState::present) << (reading.unknown ? reading.unknown->because : "");
    EXPECT_EQ(reading.items.size(), count);
    EXPECT_FALSE(reading.complete);  // it leaves out what the token may not see
    EXPECT_TRUE(reading.from.asked_at.starts_with("2026-11-21T10:45:"));
    EXPECT_TRUE(replay->unused().empty());
    for (const std::string& item : reading.items) EXPECT_EQ(item.find("f:spec"), std::string::npos) << "managed fields are not kept";
  }
}

TEST(RecordedArgocd, ProjectsOfTheConfigNarrowTheQuestion) {
  SKIP_WITHOUT_RECORDINGS_OF("argocd");
  live_test::OneToken token;
  const auto replay = replay_of("argocd", {"applications-projects-200"});
  const auto reading = server_of(*replay, token, {"platform"})->list(ResourceKind::application);
  EXPECT_EQ(names_of(reading.items), std::vector<std::string>{"t6-plain"});
  EXPECT_TRUE(replay->unused().empty());
}

TEST(RecordedArgocd, OneApplicationIsAskedForWithItsProject) {
  SKIP_WITHOUT_RECORDINGS_OF("argocd");
  const struct {
    const char* file;
    ApplicationQuestion question;
    ReadingState state;
  } cases[] = {{"application-with-namespace-200", {"t6-plain", "argocd", "platform"}, ReadingState::present},
               {"application-not-found-project-404", {"nothing", "", "fleet"}, ReadingState::absent},
               {"application-not-found-alice-404", {"nothing", "", "fleet"}, ReadingState::absent},
               {"application-wrong-project-404", {"t6-plain", "", "fleet"}, ReadingState::absent}};
  live_test::OneToken token;
  for (const auto& [file, question, state] : cases) {
    SCOPED_TRACE(file);
    const auto replay = replay_of("argocd", {file});
    const auto reading = server_of(*replay, token)->find({&question, 1}).at(0);
    EXPECT_EQ(reading.state, state) << (reading.unknown ? reading.unknown->because : "");
    EXPECT_TRUE(replay->unused().empty());
  }
}

/// What the loader makes of an answer, whatever the query that it was recorded with: one word.
std::string made_of(const std::string& name, const json& exchange) {
  const std::string path = exchange["request"]["path"];
  const auto replay = replay_of("argocd", {name});
  live_test::FakeHttp http([&](const HttpRequest& request) {
    HttpRequest as_recorded = request;
    as_recorded.url = "https://argocd.example.test" + path;
    return replay->send(as_recorded);
  });
  live_test::OneToken token;
  NoCredentials none;
  const bool anonymous = !exchange["request"].contains("auth");
  const auto server = server_of(http, anonymous ? static_cast<CredentialSource&>(none) : token);
  const std::string plain = path.substr(0, path.find('?'));
  const auto word = [](ReadingState state, const std::optional<Unknown>& unknown, std::size_t count) {
    if (unknown) return "unknown: " + unknown->code;
    return std::string(to_string(state)) + (state == ReadingState::present ? " " + std::to_string(count) : "");
  };
  const std::map<std::string, ResourceKind> lists = {{"/api/v1/applications", ResourceKind::application},
                                                     {"/api/v1/applicationsets", ResourceKind::application_set},
                                                     {"/api/v1/projects", ResourceKind::project},
                                                     {"/api/v1/repositories", ResourceKind::repository}};
  if (const auto list = lists.find(plain); list != lists.end()) {
    const auto reading = server->list(list->second);
    return word(reading.state, reading.unknown, reading.items.size());
  }
  if (plain == "/api/v1/nothing") {  // any path that the server does not know
    const auto reading = server->list(ResourceKind::project);
    return word(reading.state, reading.unknown, 0);
  }
  const std::string single = "/api/v1/applications/";
  if (plain.starts_with(single) && plain.find('/', single.size()) == std::string::npos && exchange["request"]["method"] == "GET") {
    const ApplicationQuestion question{plain.substr(single.size()), "", "fleet"};
    const auto reading = server->find({&question, 1}).at(0);
    return word(reading.state, reading.unknown, 1);
  }
  return "";
}

std::string made_plain(const json& exchange) {
  const std::string path = exchange["request"]["path"];
  return path.substr(0, path.find('?'));
}

TEST(RecordedArgocd, EveryExchangeThatALoaderMayMeetIsReadAsWhatItIs) {
  SKIP_WITHOUT_RECORDINGS_OF("argocd");
  const std::map<std::string, std::string> other = {
      {"applications-garbage-token-401", "unknown: invalid_credentials"},
      {"applications-expired-token-401", "unknown: invalid_credentials"},
      {"applications-bad-signature-401", "unknown: invalid_credentials"},
      {"applications-no-token-401", "unknown: no_credentials"},
      {"applications-basic-401", "unknown: no_credentials"},
      {"applications-gzip-200", "unknown: not_recorded"},  // only its size is known
      {"applications-selector-invalid-500", "unknown: http_500"},
      {"outage-kubernetes-projects-500", "unknown: http_500"},
      {"unknown-path-404", "unknown: http_404"},
      // Missing, forbidden, or the Kubernetes API is down: all the same 403.
      {"application-bad-namespace-403", "unknown: refused_credentials"},
      {"application-forbidden-403", "unknown: refused_credentials"},
      {"application-not-found-403", "unknown: refused_credentials"},
      {"outage-kubernetes-application-403", "unknown: refused_credentials"},
      {"application-not-found-alice-404", "absent"},
      {"application-not-found-project-404", "absent"},
      {"application-wrong-project-404", "absent"}};
  std::size_t met = 0;
  for (const std::string& name : live_test::exchanges_of("argocd")) {
    SCOPED_TRACE(name);
    const json exchange = recorded(name);
    const std::string made = made_of(name, exchange);
    if (made.empty()) continue;
    ++met;
    const auto special = other.find(name);
    if (special != other.end()) {
      EXPECT_EQ(made, special->second);
      continue;
    }
    const json& body = exchange["response"]["body"];
    const std::size_t count = !body.contains("items") ? 1 : body["items"].is_null() ? 0 : body["items"].size();
    const bool is_nothing = count == 0 && made_plain(exchange) == "/api/v1/applications";
    EXPECT_EQ(made, is_nothing ? "unknown: empty_list" : "present " + std::to_string(count));
  }
  // The rest are other calls: accounts, sessions, settings, streams, manifests, trees, patches.
  EXPECT_EQ(met, 66u);
}

TEST(RecordedArgocd, TokenIsNoPartOfWhatIsSaid) {
  SKIP_WITHOUT_RECORDINGS_OF("argocd");
  live_test::OneToken token;
  const auto replay = replay_of("argocd", {"applications-expired-token-401"});
  const auto reading = server_of(*replay, token)->list(ResourceKind::application);
  EXPECT_THAT(reading.unknown->because, HasSubstr("token is expired"));
  EXPECT_EQ(reading.unknown->because.find("s3cret"), std::string::npos);
}

TEST(RecordedArgocd, WholeObjectsOfTheNamedProjectsAreAskedFor) {
  // Of `fields` the server drops what it does not know without an error (applications-fields-unsupported-200), so none are named.
  live_test::OneToken token;
  live_test::FakeHttp http([](const HttpRequest&) { return live_test::answered(200, R"({"items":null})"); });
  const auto server = make_argocd_api({"prod", "https://argocd.example.test/root/", {"a b"}}, http, token);
  const auto reading = server->list(ResourceKind::application);
  ASSERT_TRUE(reading.unknown) << "a token that may see nothing is shown an empty list";
  EXPECT_EQ(reading.unknown->code, "empty_list");
  EXPECT_EQ(http.asked().at(0).url,
            "https://argocd.example.test/root/api/v1/applications?projects=a%20b");
}

}  // namespace
}  // namespace trueup::live
