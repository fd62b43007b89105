// GitHub and GitLab by their REST APIs, spoken to through a client that answers by script.
#include <gmock/gmock.h>

#include <map>
#include <mutex>

#include "live/fake_http.hpp"
#include "live/forge_servers.hpp"
#include "live/recordings.hpp"

namespace trueup::live {
namespace {

using live_test::answered;
using live_test::FakeHttp;
using testing::ElementsAre;
using testing::HasSubstr;

std::string pull(int number, const std::string& updated, const std::string& state = "open") {
  return R"({"number":)" + std::to_string(number) + R"(,"state":")" + state + R"(","head":{"ref":"x","sha":"a","repo":{"full_name":"acme/app"}},"base":{"ref":"main","sha":"b"},
    "created_at":"2026-01-01T00:00:00Z","updated_at":")" + updated + R"(","labels":[{"name":"l"}]})";
}

/// A forge that answers by path and query.
struct World {
  std::map<std::string, HttpAnswer> answers;
  live_test::OneToken token;
  NoCredentials nothing;
  bool anonymous = false;
  FakeHttp http{[this](const HttpRequest& request) {
    const auto known = answers.find(request.url.substr(request.url.find('/', 8)));
    return known == answers.end() ? answered(404, R"({"message":"Not Found"})") : known->second;
  }};

  CredentialSource& credentials() { return anonymous ? static_cast<CredentialSource&>(nothing) : token; }
  std::unique_ptr<Forge> github(const std::string& host = "github.com") {
    return make_forge({ForgeKind::github, host, default_api_url(ForgeKind::github, host), "2026-06-01T00:00:00Z"}, http, credentials());
  }
  std::unique_ptr<Forge> gitlab() {
    return make_forge({ForgeKind::gitlab, "gitlab.example", default_api_url(ForgeKind::gitlab, "gitlab.example"), "2026-06-01T00:00:00Z"}, http, credentials());
  }
  ForgeRepositoryReading repository(Forge& forge, const std::string& slug) { return forge.repositories({&slug, 1}).at(0); }
  ForgeListReading list(Forge& forge, ForgeListKind kind, const std::string& about = "", const std::string& slug = "acme/app") {
    const ForgeListQuestion question{slug, kind, about};
    return forge.lists({&question, 1}).at(0);
  }
};

const std::string kRepository = R"({"full_name":"acme/app","default_branch":"main","private":true,"visibility":"private","archived":false})";

TEST(Forge, TokenOfGithubGoesToItsApi) {
  World world;
  world.answers["/repos/acme/app"] = answered(200, kRepository);
  const auto forge = world.github();
  const auto reading = world.repository(*forge, "acme/app");
  EXPECT_EQ(reading.state, ReadingState::present);
  EXPECT_EQ(reading.visibility, "private");
  const auto asked = world.http.asked();
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].url, "https://api.github.com/repos/acme/app");
  EXPECT_EQ(asked[0].authorization.scheme, AuthorizationScheme::bearer);
  EXPECT_EQ(asked[0].authorization.credential_of, "github.com");
  (void)world.repository(*forge, "Acme/App");
  EXPECT_EQ(world.http.asked().size(), 1u) << "a repository is asked for once, whatever its case";
}

TEST(Forge, EnterpriseServersAreAskedBelowApiV3) {
  World world;
  world.answers["/api/v3/repos/acme/app"] = answered(200, kRepository);
  EXPECT_EQ(world.repository(*world.github("github.example"), "acme/app").state, ReadingState::present);
}

TEST(Forge, WhatIsNotShownIsUnknownUnlessTheAccountIsNotThere) {
  World world;
  world.answers["/users/acme"] = answered(200, R"({"login":"acme"})");
  const auto shown = world.repository(*world.github(), "acme/gone");
  EXPECT_EQ(shown.state, ReadingState::unknown);
  EXPECT_EQ(shown.unknown->code, "name_unknown");
  EXPECT_EQ(shown.unknown->kind, UnknownKind::not_asked);
  EXPECT_EQ(world.repository(*world.github(), "gone/app").state, ReadingState::absent);
  EXPECT_THAT(world.repository(*world.github(), "gone/app").evidence, HasSubstr("no account gone"));
  EXPECT_EQ(world.repository(*world.github(), "gone_corp/app").state, ReadingState::unknown) << "an enterprise may manage it";
  EXPECT_EQ(world.repository(*world.github("github.example"), "gone/app").state, ReadingState::unknown);
  world.anonymous = true;
  const auto anonymous = world.repository(*world.github(), "gone/app");
  EXPECT_EQ(anonymous.state, ReadingState::unknown);
  EXPECT_THAT(anonymous.unknown->because, HasSubstr("give a token"));
}

TEST(Forge, NamesOfStrangersStayNames) {
  World world;
  for (const char* slug : {"acme", "acme/", "/app", "acme/..", "../app", "", "a//b"})
    EXPECT_EQ(world.repository(*world.github(), slug).unknown->code, "invalid_reference") << slug;
  EXPECT_TRUE(world.http.asked().empty());
  (void)world.repository(*world.github("github.example"), "acme/a?b#c d");
  ASSERT_EQ(world.http.asked().size(), 1u);
  EXPECT_EQ(world.http.asked()[0].url, "https://github.example/api/v3/repos/acme/a%3Fb%23c%20d");
}

TEST(Forge, PagesAreFollowedOnTheSameOriginOnly) {
  World world;
  const std::string first = "/repos/acme/app/pulls?state=open&sort=updated&direction=desc&per_page=100";
  world.answers[first] = answered(200, "[" + pull(2, "2026-07-02T00:00:00Z") + "]", {{"Link", "<https://api.github.com/repositories/1/pulls?page=2>; rel=\"next\""}});
  world.answers["/repositories/1/pulls?page=2"] = answered(200, "[" + pull(1, "2026-07-01T00:00:00Z") + "]");
  const auto whole = world.list(*world.github(), ForgeListKind::pull_request, "open");
  ASSERT_EQ(whole.state, ReadingState::present) << whole.unknown->because;
  EXPECT_TRUE(whole.complete);
  EXPECT_EQ(whole.since, "");
  ASSERT_EQ(whole.items.pull_requests.size(), 2u);
  EXPECT_EQ(whole.items.pull_requests[1].labels.at(0).name, "l");

  world.answers[first] = answered(200, "[]", {{"Link", "<https://evil.example/pulls?page=2>; rel=\"next\""}});
  const auto elsewhere = world.list(*world.github(), ForgeListKind::pull_request, "open");
  EXPECT_EQ(elsewhere.state, ReadingState::unknown);
  EXPECT_EQ(elsewhere.unknown->code, "redirect_refused");
  world.answers[first] = answered(200, "[]", {{"Link", "<https://api.github.com" + first + ">; rel=\"next\""}});
  EXPECT_EQ(world.list(*world.github(), ForgeListKind::pull_request, "open").unknown->code, "malformed") << "in a circle";
  world.answers[first] = answered(200, "[" + pull(2, "2026-07-02T00:00:00Z") + "]", {{"Link", "</repos/acme/app/x>; rel=\"next\""}});
  world.answers["/repos/acme/app/x"] = answered(500, "");
  const auto half = world.list(*world.github(), ForgeListKind::pull_request, "open");
  EXPECT_EQ(half.state, ReadingState::unknown) << "half a list is none";
  EXPECT_TRUE(half.items.pull_requests.empty());
  EXPECT_EQ(half.unknown->code, "http_500");
}

TEST(Forge, ClosedPullRequestsAreReadAsFarBackAsIsLookedAt) {
  World world;
  const std::string first = "/repos/acme/app/pulls?state=closed&sort=updated&direction=desc&per_page=100";
  world.answers[first] = answered(200, "[" + pull(9, "2026-07-01T00:00:00Z", "closed") + "," + pull(3, "2026-05-01T00:00:00Z", "closed") + "]",
                                  {{"Link", "</repos/acme/app/never>; rel=\"next\""}});
  const auto list = world.list(*world.github(), ForgeListKind::pull_request, "closed");
  ASSERT_EQ(list.state, ReadingState::present) << list.unknown->because;
  EXPECT_TRUE(list.complete);
  EXPECT_EQ(list.since, "2026-05-01T00:00:00Z");
  EXPECT_EQ(world.http.asked().size(), 1u);
}

TEST(Forge, RunsAreAskedByCommitOrByBranch) {
  World world;
  const std::string commit(40, 'a');
  const std::string run = R"({"total_count":1,"workflow_runs":[{"id":1,"status":"completed","conclusion":"success","head_sha":"a","created_at":"2026-07-01T00:00:00Z"}]})";
  world.answers["/repos/acme/app/actions/runs?head_sha=" + commit + "&per_page=100"] = answered(200, run);
  world.answers["/repos/acme/app/actions/runs?branch=ring%2Fa&per_page=100"] = answered(200, run);
  EXPECT_EQ(world.list(*world.github(), ForgeListKind::workflow_run, commit).items.workflow_runs.size(), 1u);
  EXPECT_EQ(world.list(*world.github(), ForgeListKind::workflow_run, "ring/a").items.workflow_runs.size(), 1u);
}

TEST(Forge, RequiredChecksAreThoseOfProtectionAndOfRulesets) {
  World world;
  world.answers["/repos/acme/app"] = answered(200, kRepository);
  world.answers["/repos/acme/app/branches/main"] = answered(200, R"({"name":"main","protection":{"required_status_checks":{"checks":[{"context":"build","app_id":15368}]}}})");
  const auto old_server = world.list(*world.github(), ForgeListKind::required_check, "main");
  ASSERT_EQ(old_server.state, ReadingState::present) << old_server.unknown->because;
  EXPECT_TRUE(old_server.complete);
  world.answers["/repos/acme/app/rules/branches/main?per_page=100"] =
      answered(200, R"([{"type":"required_status_checks","parameters":{"required_status_checks":[{"context":"test"}]}}])");
  const auto both = world.list(*world.github(), ForgeListKind::required_check, "main");
  ASSERT_EQ(both.items.required_checks.size(), 2u);
  EXPECT_EQ(both.items.required_checks[1].source, "ruleset");
  world.answers["/repos/acme/app/rules/branches/main?per_page=100"] = answered(502, "");
  EXPECT_EQ(world.list(*world.github(), ForgeListKind::required_check, "main").state, ReadingState::unknown);
}

TEST(Forge, NamesOfSecretsAreCompleteOnlyWithThoseOfOrganizationAndEnvironments) {
  World world;
  const std::string base = "/repos/acme/app/";
  const auto names = [](const std::string& name) { return answered(200, R"({"total_count":1,"secrets":[{"name":")" + name + R"("}]})"); };
  world.answers["/repos/acme/app"] = answered(200, kRepository);
  world.answers[base + "actions/secrets?per_page=100"] = names("PAT");
  world.answers[base + "actions/organization-secrets?per_page=100"] = names("ORG_PAT");
  world.answers[base + "environments?per_page=100"] = answered(200, R"({"environments":[{"name":"prod/eu"}]})");
  world.answers[base + "environments/prod%2Feu/secrets?per_page=100"] = names("KEY");
  const auto whole = world.list(*world.github(), ForgeListKind::secret);
  ASSERT_EQ(whole.state, ReadingState::present) << whole.unknown->because;
  EXPECT_TRUE(whole.complete) << whole.incomplete_because;
  ASSERT_EQ(whole.items.secrets.size(), 3u);
  EXPECT_EQ(whole.items.secrets[1].organization, "acme");
  EXPECT_EQ(whole.items.secrets[2].environment, "prod/eu");

  world.answers.erase(base + "actions/organization-secrets?per_page=100");
  const auto without_organization = world.list(*world.github(), ForgeListKind::secret);
  EXPECT_EQ(without_organization.state, ReadingState::present);
  EXPECT_FALSE(without_organization.complete);
  world.answers[base + "actions/organization-secrets?per_page=100"] = answered(403, R"({"message":"Resource not accessible by personal access token"})");
  EXPECT_FALSE(world.list(*world.github(), ForgeListKind::secret).complete);
  world.answers[base + "actions/organization-secrets?per_page=100"] = names("ORG_PAT");
  world.answers[base + "environments/prod%2Feu/secrets?per_page=100"] = answered(500, "");
  EXPECT_EQ(world.list(*world.github(), ForgeListKind::secret).state, ReadingState::unknown) << "a part that failed might have shown anything";

  world.answers[base + "actions/secrets?per_page=100"] = answered(403, R"({"message":"Resource not accessible by integration"})");
  const auto withheld = world.list(*world.github(), ForgeListKind::secret);
  EXPECT_EQ(withheld.unknown->code, "not_permitted");
  EXPECT_EQ(withheld.unknown->kind, UnknownKind::not_asked) << "names of secrets are for few";
}

TEST(Forge, SpentBudgetEndsTheQuestions) {
  for (const auto& answer : {answered(403, R"({"message":"API rate limit exceeded"})", {{"x-ratelimit-remaining", "0"}}),
                             answered(403, R"({"message":"You have exceeded a secondary rate limit"})"), answered(429, "", {{"Retry-After", "3600"}})}) {
    World world;
    world.answers["/repos/acme/app"] = answer;
    const auto forge = world.github();
    EXPECT_EQ(world.repository(*forge, "acme/app").unknown->code, "rate_limited");
    const auto list = world.list(*forge, ForgeListKind::release, "", "acme/other");
    EXPECT_EQ(list.unknown->code, "rate_limited");
    EXPECT_EQ(list.unknown->kind, UnknownKind::failed);
    EXPECT_EQ(world.http.asked().size(), 1u) << "nobody asks on";
    EXPECT_EQ(forge->requests(), 1u);
  }
  World world;
  world.answers["/repos/acme/app"] = answered(200, kRepository, {{"X-RateLimit-Remaining", "4711"}});
  const auto forge = world.github();
  EXPECT_EQ(world.repository(*forge, "acme/app").state, ReadingState::present);
  EXPECT_EQ(forge->requests_left(), 4711);
}

TEST(Forge, ListOfARepositoryThatIsNotShownIsUnknownForThatReason) {
  World world;
  EXPECT_EQ(world.list(*world.github("github.example"), ForgeListKind::release).unknown->code, "name_unknown");
  world.answers["/api/v3/repos/acme/app"] = answered(200, kRepository);
  EXPECT_EQ(world.list(*world.github("github.example"), ForgeListKind::release).unknown->code, "not_offered");
}

TEST(Forge, GitlabGivesTheSameThings) {
  World world;
  world.answers["/api/v4/projects/group%2Fsub%2Fapp"] = answered(200, R"({"path_with_namespace":"group/sub/app","default_branch":"main","visibility":"internal"})");
  const std::string request = R"([{"iid":3,"state":"opened","source_branch":"a","target_branch":"main","sha":"a","source_project_id":1,"target_project_id":1,
    "references":{"full":"group/sub/app!3"},"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-07-01T00:00:00Z"},
    {"iid":2,"state":"merged","source_branch":"b","target_branch":"main","sha":"b","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-06-30T00:00:00Z"}])";
  const std::string base = "/api/v4/projects/group%2Fsub%2Fapp";
  world.answers[base + "/merge_requests?state=all&order_by=updated_at&sort=desc&per_page=100"] = answered(200, request);
  world.answers[base + "/releases?per_page=100"] = answered(200, R"([{"tag_name":"v1","created_at":"2026-01-01T00:00:00Z","released_at":"2026-01-01T00:00:00Z"}])");
  const auto forge = world.gitlab();
  EXPECT_EQ(world.repository(*forge, "group/sub/app").visibility, "internal");
  const auto closed = world.list(*forge, ForgeListKind::pull_request, "closed", "group/sub/app");
  ASSERT_EQ(closed.items.pull_requests.size(), 1u);
  EXPECT_EQ(closed.items.pull_requests[0].number, 2);
  EXPECT_EQ(world.list(*forge, ForgeListKind::release, "", "group/sub/app").items.releases.size(), 1u);
  for (const ForgeListKind kind : {ForgeListKind::secret, ForgeListKind::variable, ForgeListKind::required_check}) {
    const std::size_t before = world.http.asked().size();
    EXPECT_EQ(world.list(*forge, kind, "main", "group/sub/app").unknown->code, "not_offered");
    EXPECT_EQ(world.http.asked().size(), before) << "values of variables never leave the server";
  }
}

TEST(Forge, GitlabTellsWhenLabelsWerePutOn) {
  World world;
  world.answers["/api/v4/projects/group%2Fapp/merge_requests/3/resource_label_events?per_page=100"] = answered(200, R"([
    {"action":"add","created_at":"2026-01-01T00:00:00.123Z","label":{"name":"ring"}},{"action":"remove","created_at":"2026-01-02T00:00:00.000Z","label":{"name":"ring"}},
    {"action":"add","created_at":"2026-01-03T00:00:00.000Z","label":{"name":"ring"}},{"action":"add","created_at":"2026-01-03T00:00:00.000Z","label":null}])");
  const auto list = world.list(*world.gitlab(), ForgeListKind::label_event, "3", "group/app");
  ASSERT_EQ(list.state, ReadingState::present) << list.unknown->because;
  ASSERT_EQ(list.items.label_events.size(), 2u);
  EXPECT_EQ(list.items.label_events[0].added_at, "2026-01-01T00:00:00Z");
  EXPECT_EQ(list.items.label_events[1].added_at, "2026-01-03T00:00:00Z");
}

/// What GitLab gives a job.
class JobToken final : public CredentialSource {
 public:
  std::optional<Credential> find(const HostPort&) override { return Credential{CredentialKind::job_token, "", Secret("j0b"), "CI_JOB_TOKEN"}; }
  std::vector<CredentialNote> explain(const HostPort&) override { return {}; }
};

TEST(Forge, TokenOfAJobIsSentWhereGitlabTakesItAndNowhereElse) {
  World world;
  JobToken token;
  const auto forge = make_forge({ForgeKind::gitlab, "gitlab.example", default_api_url(ForgeKind::gitlab, "gitlab.example"), "2026-06-01T00:00:00Z"}, world.http, token);
  world.answers["/api/v4/projects/group%2Fapp/releases?per_page=100"] = answered(200, "[]");
  EXPECT_EQ(world.list(*forge, ForgeListKind::release, "", "group/app").state, ReadingState::present);
  EXPECT_EQ(world.http.asked().back().authorization.scheme, AuthorizationScheme::job_token);
  EXPECT_EQ(world.http.asked().back().authorization.credential_of, "gitlab.example");
  world.answers["/api/v4/projects/group%2Fapp/releases?per_page=100"] = answered(401, R"({"message":"401 Unauthorized"})");
  const auto refused = world.list(*forge, ForgeListKind::release, "", "group/app");
  EXPECT_EQ(refused.unknown->code, "invalid_credentials");
  EXPECT_THAT(refused.unknown->because, HasSubstr("CI_JOB_TOKEN"));
  const auto withheld = world.repository(*forge, "group/app");
  EXPECT_EQ(world.http.asked().back().authorization.scheme, AuthorizationScheme::none);
  EXPECT_EQ(withheld.unknown->kind, UnknownKind::not_asked);
  EXPECT_THAT(withheld.unknown->because, HasSubstr("give a token"));
  for (const ForgeListKind kind : {ForgeListKind::tag, ForgeListKind::pull_request}) {
    (void)world.list(*forge, kind, "open", "group/app");
    EXPECT_EQ(world.http.asked().back().authorization.scheme, AuthorizationScheme::none);
  }
}

}  // namespace
}  // namespace trueup::live
