// The scripts of the action, step by step, on a runner of their own with GitHub's API on the loopback.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "e2e/run_action.hpp"
#include "live/child_process.hpp"
#include "live/fault_server.hpp"

namespace trueup::e2e {
namespace {

using live_test::FaultServer;
using live_test::find_program;
using live_test::json_reply;

constexpr const char* kWorkflow = "name: Build\non: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
                                  "      - uses: actions/checkout@v4\n      - run: ./scripts/one.sh\n";

/// A workspace as GitHub checks out a pull request: a clone of one commit, which merges the change into the base.
class Action : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* program : {"bash", "jq", "curl", "git", "gzip"})
      if (find_program(program).empty()) GTEST_SKIP() << program << " is not installed: the action's scripts were NOT run";
    origin_.write(".github/workflows/build.yml", kWorkflow);
    ASSERT_TRUE(origin_.git("init") && origin_.git("add -A") && origin_.git("commit -m base"));
    stale_ = head_of(origin_);
    ASSERT_TRUE(origin_.git("checkout -b change"));
    origin_.write(".github/workflows/build.yml", std::string(kWorkflow) + "      - run: ./scripts/two.sh\n");
    ASSERT_TRUE(origin_.git("commit -am change") && origin_.git("checkout main"));
    origin_.write("other.txt", "meanwhile");
    ASSERT_TRUE(origin_.git("add -A") && origin_.git("commit -m meanwhile"));
    base_ = head_of(origin_);
    ASSERT_TRUE(origin_.git("checkout --detach") && origin_.git("merge --no-ff -m merge change"));
    merge_ = head_of(origin_);
    ASSERT_TRUE(origin_.git("update-ref refs/pull/7/merge HEAD") && origin_.git("config uploadpack.allowAnySHA1InWant true"));
    const std::string clone = "git init -q " + shell_quoted(runner_.workspace().string()) + " && cd " + shell_quoted(runner_.workspace().string()) +
                              " && git remote add origin " + shell_quoted("file://" + origin_.path().string()) +
                              " && git fetch -q --no-tags --depth=1 origin refs/pull/7/merge && git checkout -q --detach FETCH_HEAD";
    ASSERT_EQ(std::system(clone.c_str()), 0);
    runner_.pull_request(stale_);
    runner_.variables["GITHUB_REF"] = "refs/pull/7/merge";
    runner_.variables["GITHUB_SHA"] = merge_;
  }

  static std::string head_of(const Folder& repository) {
    repository.git("rev-parse HEAD");
    std::string id = text_of(repository.path() / ".git/HEAD");
    if (id.starts_with("ref: ")) id = text_of(repository.path() / ".git" / id.substr(5, id.size() - 6));
    return id.substr(0, id.find('\n'));
  }

  Folder origin_;
  Runner runner_;
  std::string stale_, base_, merge_;
};

TEST_F(Action, HoldsAPullRequestAgainstTheBaseOfItsMerge) {
  const StepOutcome outcome = runner_.check();
  ASSERT_EQ(outcome.code, 0) << outcome.log;
  EXPECT_EQ(outcome.outputs.at("result"), "findings") << outcome.log;
  EXPECT_EQ(outcome.outputs.at("exit-code"), "1");
  EXPECT_EQ(outcome.outputs.at("errors"), "1") << "what stood before is not counted: " << outcome.log;
  EXPECT_NE(outcome.log.find("::error file=.github/workflows/build.yml,line=9"), std::string::npos) << outcome.log;
  EXPECT_NE(runner_.summary().find("1 error introduced since <code>" + base_.substr(0, 10)), std::string::npos) << runner_.summary();
  for (const char* file : {"json", "sarif", "markdown"}) EXPECT_TRUE(std::filesystem::exists(outcome.outputs.at(file))) << file;
  EXPECT_EQ(runner_.step("verdict.sh", {{"EXIT_CODE", "1"}}).code, 1);
}

TEST_F(Action, IsGreenAfterThePatch) {
  std::filesystem::create_directories(runner_.workspace() / "scripts");
  std::ofstream(runner_.workspace() / "scripts/two.sh").put('\n');
  const StepOutcome outcome = runner_.check();
  EXPECT_EQ(outcome.outputs.at("result"), "clean") << outcome.log;
  EXPECT_EQ(outcome.log.find("::error"), std::string::npos) << outcome.log;
  EXPECT_EQ(runner_.step("verdict.sh", {{"EXIT_CODE", outcome.outputs.at("exit-code")}}).code, 0);
}

TEST_F(Action, WithoutABaseAllCounts) {
  runner_.variables["GITHUB_EVENT_NAME"] = "push";
  EXPECT_EQ(runner_.check().outputs.at("errors"), "2");
  runner_.pull_request(stale_);
  EXPECT_EQ(runner_.check({{"BASE", "none"}}).outputs.at("errors"), "2");
}

TEST_F(Action, SaysWhatIsWrongInOneCommand) {
  const struct {
    const char* about;
    std::map<std::string, std::string> inputs;
    const char* says;
  } rows[] = {
      {"a name that would be a path", {{"NAME", "../x"}}, "holds more than letters"},
      {"a name that would be a command", {{"NAME", "x\n::error::injected"}}, "holds more than letters"},
      {"a config that is not there", {{"CONFIG", "x\n::error::injected.yaml"}}, "it is not there at"},
      {"an option that is none", {{"ARGUMENTS", "--nope\n"}}, "--nope"},
      {"a config repository that is none", {{"CONFIG_REPOSITORY", "https://forge.example/a/b"}}, "is no owner/name"},
      {"one that cannot be read", {{"CONFIG_REPOSITORY", "acme/fleet"}}, "fleet-token"},
  };
  for (const auto& row : rows) {
    const StepOutcome outcome = runner_.check(row.inputs);
    EXPECT_EQ(outcome.code, 0) << row.about << outcome.log;
    EXPECT_EQ(outcome.outputs.at("result"), "broken") << row.about << outcome.log;
    EXPECT_EQ(outcome.outputs.at("exit-code"), "2") << row.about;
    EXPECT_NE(outcome.log.find(row.says), std::string::npos) << row.about << ": " << outcome.log;
    EXPECT_EQ(outcome.log.find("\n::error::injected"), std::string::npos) << row.about << ": " << outcome.log;
  }
}

TEST_F(Action, RunsNoProgramOfAFolderThatLooksLikeARepository) {
  const std::filesystem::path made = runner_.temp() / "made", folder = runner_.workspace() / "app";
  ASSERT_EQ(std::system(("git init -q --bare " + shell_quoted(folder.string())).c_str()), 0);
  std::ofstream(folder / "config", std::ios::app) << "[core]\n\tfsmonitor = \"touch " << made.string() << "\"\n[remote \"origin\"]\n\turl = file://"
                                                  << origin_.path().string() << "\n\tuploadpack = \"touch " << made.string() << "; git-upload-pack\"\n";
  const StepOutcome outcome = runner_.check({{"CHECK_PATH", "app"}});
  EXPECT_FALSE(std::filesystem::exists(made)) << outcome.log;
  EXPECT_EQ(outcome.outputs.at("result"), "broken") << outcome.log;
}

TEST_F(Action, ReadsAFleetsConfigOutsideOfTheWorkspace) {
  // The fleet's server, as a folder of repositories.
  const Folder server;
  server.write("acme/fleet/trueup.yaml", "version: 1\nrules:\n  W30: none\n");
  const std::string make = "cd " + shell_quoted((server.path() / "acme/fleet").string()) +
                           " && git init -q && git add -A && git -c user.name=t -c user.email=t@acme.example commit -q -m config";
  ASSERT_EQ(std::system(make.c_str()), 0);
  runner_.variables["GITHUB_SERVER_URL"] = "file://" + server.path().string();
  StepOutcome outcome = runner_.check({{"CONFIG_REPOSITORY", "acme/fleet"}});
  EXPECT_EQ(outcome.outputs.at("result"), "clean") << "the fleet's config switches the rule off: " << outcome.log;
  EXPECT_EQ(text_of(runner_.temp() / "trueup-config/acme/fleet/.git/config").find("token"), std::string::npos);

  outcome = runner_.check({{"CONFIG_REPOSITORY", "acme/fleet"}, {"CONFIG", "gone.yaml"}});
  EXPECT_EQ(outcome.outputs.at("result"), "broken") << outcome.log;

  // A fork's run has no secret: the check goes on without the fleet, and says so.
  runner_.pull_request(stale_, true);
  outcome = runner_.check({{"CONFIG_REPOSITORY", "acme/secret"}});
  EXPECT_EQ(outcome.outputs.at("result"), "findings") << outcome.log;
  EXPECT_NE(outcome.log.find("::notice title=trueup::acme/secret cannot be read without the secrets"), std::string::npos) << outcome.log;
}

TEST_F(Action, AuditsTheFleetOfAConfigAndKeepsAHistory) {
  runner_.variables["GITHUB_EVENT_NAME"] = "schedule";
  const StepOutcome place = runner_.step("history.sh", {{"NAME", "trueup"}, {"HISTORY", ""}, {"RUN", "5-1"}});
  ASSERT_EQ(place.code, 0) << place.log;
  EXPECT_EQ(place.outputs.at("cached"), "true");
  EXPECT_EQ(place.outputs.at("key"), "trueup-history-trueup-5-1");
  EXPECT_TRUE(place.outputs.at("key").starts_with(place.outputs.at("keys")));
  EXPECT_EQ(std::filesystem::path(place.outputs.at("file")).parent_path(), place.outputs.at("folder"));
  const std::map<std::string, std::string> inputs = {{"MODE", "audit"}, {"HISTORY", place.outputs.at("file")}, {"NEW_ONLY", "true"}};
  StepOutcome outcome = runner_.check(inputs);
  EXPECT_EQ(outcome.outputs.at("result"), "findings") << outcome.log;
  EXPECT_EQ(outcome.outputs.at("new"), "2") << outcome.log;
  EXPECT_EQ(outcome.outputs.at("history"), place.outputs.at("file"));
  EXPECT_FALSE(outcome.outputs.contains("sarif")) << "an audit hands nothing to code scanning";
  EXPECT_NE(runner_.summary().find("### trueup audit: 2 new"), std::string::npos) << runner_.summary();
  for (const char* file : {"json", "markdown", "prometheus"}) EXPECT_TRUE(std::filesystem::exists(outcome.outputs.at(file))) << file;
  outcome = runner_.check(inputs);
  EXPECT_EQ(outcome.outputs.at("result"), "clean") << "nothing is new: " << outcome.log;
  EXPECT_EQ(outcome.outputs.at("persisting"), "2");
  EXPECT_EQ(runner_.check({{"MODE", "adit"}}).outputs.at("result"), "broken");
  const StepOutcome own = runner_.step("history.sh", {{"NAME", "trueup"}, {"HISTORY", "/data/fleet.history"}, {"RUN", "5-1"}});
  EXPECT_EQ(own.outputs.at("file"), "/data/fleet.history");
  EXPECT_FALSE(own.outputs.contains("cached"));
}

TEST_F(Action, ChecksOfOneRepositoryHaveAlertsOfTheirOwn) {
  const StepOutcome outcome = runner_.check({{"NAME", "payments"}});
  const auto sarif = nlohmann::json::parse(text_of(outcome.outputs.at("sarif")));
  EXPECT_EQ(sarif.at("runs").at(0).at("automationDetails").at("id"), "trueup/payments/");
}

TEST_F(Action, OnAPrivilegedEventTheChangeIsReadFromGit) {
  runner_.variables["GITHUB_EVENT_NAME"] = "pull_request_target";
  runner_.variables["GITHUB_REF"] = "refs/heads/main";
  ASSERT_EQ(std::system(("cd " + shell_quoted(runner_.workspace().string()) +
                         " && git fetch -q --depth=2 origin refs/pull/7/merge && git checkout -q --detach FETCH_HEAD^1").c_str()), 0);
  StepOutcome outcome = runner_.check({{"AT", merge_}, {"BASE", base_}});
  EXPECT_EQ(outcome.outputs.at("errors"), "1") << outcome.log;
  EXPECT_NE(outcome.log.find("::error file=.github/workflows/build.yml,line=9"), std::string::npos) << outcome.log;
  EXPECT_EQ(text_of(runner_.workspace() / ".github/workflows/build.yml"), kWorkflow) << "the change is not on the disk";
  outcome = runner_.check({{"AT", merge_}, {"BASE", "none"}});
  EXPECT_EQ(outcome.outputs.at("result"), "broken") << "without a base a stranger's config would hold: " << outcome.log;
}

// ------------------------------------------------------------------------------------------------ GitHub's API

class ActionApi : public Action {
 protected:
  void SetUp() override {
    Action::SetUp();
    if (IsSkipped()) return;
    runner_.variables["GITHUB_API_URL"] = github_.url("");
    runner_.folder().write("report.md", "### trueup: 1 error\n");
    runner_.folder().write("report.sarif", "{\"runs\": []}\n");
    github_.on("/user", json_reply(R"({"message": "Resource not accessible by integration"})", 403));
  }
  StepOutcome comment(const std::string& found = "1", const std::string& wanted = "auto") {
    return runner_.step("comment.sh", {{"WANTED", wanted}, {"NAME", "trueup"}, {"FOUND", found},
                                       {"MARKDOWN", (runner_.folder().path() / "report.md").string()}});
  }
  StepOutcome upload(const std::string& wanted = "auto") {
    return runner_.step("upload-sarif.sh", {{"WANTED", wanted}, {"SARIF", (runner_.folder().path() / "report.sarif").string()}});
  }
  std::vector<std::string> methods() const {
    std::vector<std::string> all;
    for (const auto& request : github_.seen())
      if (request.target != "/user" && request.target != "/graphql") all.push_back(request.method + ' ' + request.target);
    return all;
  }
  FaultServer github_;
  const std::string comments_ = "/repos/acme/deploy/issues/7/comments";
};

TEST_F(ActionApi, WritesOneCommentAndThenKeepsIt) {
  github_.on(comments_, {json_reply("[]"), json_reply("{\"id\": 11}", 201)});
  StepOutcome outcome = comment();
  EXPECT_EQ(outcome.code, 0) << outcome.log;
  EXPECT_EQ(methods(), (std::vector<std::string>{"GET " + comments_ + "?per_page=100&page=1", "POST " + comments_}));
  EXPECT_EQ(nlohmann::json::parse(github_.seen().back().body).at("body"), "<!-- trueup: trueup -->\n### trueup: 1 error\n");
  EXPECT_EQ(github_.seen().back().header("authorization"), "Bearer the-token");

  // A stranger's comment with our mark stands before ours, and is let be.
  github_.on(comments_, json_reply(R"([{"id": 5, "user": {"login": "mallory"}, "body": "<!-- trueup: trueup -->\nall is well"},
                                       {"id": 10, "user": {"login": "github-actions[bot]"}, "body": "<!-- trueup: other -->\n"},
                                       {"id": 11, "user": {"login": "github-actions[bot]"}, "body": "<!-- trueup: trueup -->\nold"}])"));
  github_.on("/repos/acme/deploy/issues/comments/11", json_reply("{}"));
  outcome = comment("0");
  EXPECT_EQ(outcome.code, 0) << outcome.log;
  EXPECT_EQ(methods().back(), "PATCH /repos/acme/deploy/issues/comments/11") << "also when nothing is left to say";
}

TEST_F(ActionApi, AnAppsTokenFindsItsOwnComment) {
  github_.on("/graphql", json_reply(R"({"data": {"viewer": {"login": "fleet-bot[bot]"}}})"));
  github_.on(comments_, json_reply(R"([{"id": 5, "user": {"login": "github-actions[bot]"}, "body": "<!-- trueup: trueup -->\nall is well"},
                                       {"id": 12, "user": {"login": "fleet-bot[bot]"}, "body": "<!-- trueup: trueup -->\nold"}])"));
  github_.on("/repos/acme/deploy/issues/comments/12", json_reply("{}"));
  EXPECT_EQ(comment().code, 0);
  EXPECT_EQ(methods().back(), "PATCH /repos/acme/deploy/issues/comments/12");
}

TEST_F(ActionApi, SaysNothingWhereThereIsNothingToSay) {
  github_.on(comments_, json_reply("[]"));
  EXPECT_EQ(comment("0").code, 0);
  EXPECT_EQ(methods().size(), 1u) << "the list, and no comment";
}

TEST_F(ActionApi, AForksRunAsksNothingOfATokenThatOnlyReads) {
  runner_.pull_request(stale_, true);
  for (const StepOutcome& outcome : {comment("1", "true"), upload("true")}) {
    EXPECT_EQ(outcome.code, 0) << outcome.log;
    EXPECT_NE(outcome.log.find("this run's token only reads"), std::string::npos) << outcome.log;
  }
  runner_.pull_request(stale_);
  runner_.variables["GITHUB_ACTOR"] = "dependabot[bot]";
  EXPECT_NE(comment().log.find("only reads"), std::string::npos);
  EXPECT_TRUE(github_.seen().empty());
}

TEST_F(ActionApi, ATokenThatMayNotIsSaidAndRedOnlyIfItWasWanted) {
  github_.on(comments_, {json_reply("[]"), json_reply(R"({"message": "Resource not\r\n::error::injected"})", 403), json_reply("[]"),
                         json_reply(R"({"message": "Resource not"})", 403)});
  const StepOutcome outcome = comment();
  EXPECT_EQ(outcome.code, 0) << outcome.log;
  EXPECT_NE(outcome.log.find("::notice title=trueup::no comment is written: the job lacks `permissions: {pull-requests: write}`"), std::string::npos) << outcome.log;
  EXPECT_EQ(outcome.log.find("\n::error::injected"), std::string::npos) << outcome.log;
  EXPECT_EQ(comment("1", "true").code, 1);

  github_.on("/repos/acme/deploy/code-scanning/sarifs", json_reply(R"({"message": "Code scanning is not enabled"})", 403));
  EXPECT_EQ(upload().code, 0);
  const StepOutcome red = upload("true");
  EXPECT_EQ(red.code, 1);
  EXPECT_NE(red.log.find("Code scanning is not enabled"), std::string::npos) << red.log;
}

TEST_F(ActionApi, KeepsOneTrackingIssue) {
  const std::string issues = "/repos/acme/deploy/issues";
  const std::string list = issues + "?state=all&creator=github-actions%5Bbot%5D&sort=created&direction=desc&per_page=100&page=1";
  runner_.variables["GITHUB_EVENT_NAME"] = "schedule";
  runner_.folder().write("report.md", "<!-- trueup audit -->\n### trueup audit: 1 new\n");
  const auto issue = [&](const std::string& found, const std::string& wanted = "auto") {
    return runner_.step("issue.sh", {{"WANTED", wanted}, {"NAME", "trueup"}, {"FOUND", found}, {"MARKDOWN", (runner_.folder().path() / "report.md").string()}});
  };
  github_.on(issues, {json_reply("[]"), json_reply("[]"), json_reply("{}", 201)});
  EXPECT_EQ(issue("0").code, 0);
  EXPECT_EQ(methods(), (std::vector<std::string>{"GET " + list})) << "a fleet without findings gets no issue";
  EXPECT_EQ(issue("1").code, 0);
  EXPECT_EQ(methods().back(), "POST " + issues);
  const auto opened = nlohmann::json::parse(github_.seen().back().body);
  EXPECT_EQ(opened, (nlohmann::json{{"title", "trueup audit"}, {"body", "<!-- trueup audit: trueup -->\n### trueup audit: 1 new\n"}}));

  // A stranger's issue with our mark, a pull request of ours, and another audit's issue are let be.
  const auto known = [](const std::string& state) {
    return json_reply(R"([{"number": 9, "state": "open", "user": {"login": "mallory"}, "body": "<!-- trueup audit: trueup -->\n"},
                          {"number": 8, "state": "open", "user": {"login": "github-actions[bot]"}, "body": "<!-- trueup audit: trueup -->\n", "pull_request": {}},
                          {"number": 7, "state": "open", "user": {"login": "github-actions[bot]"}, "body": "<!-- trueup audit: other -->\n"},
                          {"number": 6, "state": "open", "user": {"login": "github-actions[bot]"}, "body": null},
                          {"number": 5, "state": ")" + state + R"(", "user": {"login": "github-actions[bot]"}, "body": "<!-- trueup audit: trueup -->\nold"}])");
  };
  const struct {
    const char *found, *state, *becomes;
  } rows[] = {{"3", "open", "open"}, {"0", "open", "closed"}, {"2", "closed", "open"}, {"0", "closed", ""}};
  for (const auto& row : rows) {
    github_.on(issues, known(row.state));
    github_.on(issues + "/5", json_reply("{}"));
    const std::size_t before = methods().size();
    const StepOutcome outcome = issue(row.found);
    EXPECT_EQ(outcome.code, 0) << outcome.log;
    if (row.becomes == std::string()) {
      EXPECT_EQ(methods().size(), before + 1) << "a closed issue is let be while there is nothing";
      continue;
    }
    EXPECT_EQ(methods().back(), "PATCH " + issues + "/5");
    EXPECT_EQ(nlohmann::json::parse(github_.seen().back().body).at("state"), row.becomes);
  }
  github_.on(issues, json_reply(R"({"message": "Resource not accessible"})", 403));
  EXPECT_EQ(issue("1").code, 0);
  EXPECT_EQ(issue("1", "true").code, 1);
}

TEST_F(ActionApi, HandsTheAlertsOver) {
  github_.on("/repos/acme/deploy/code-scanning/sarifs", json_reply("{\"id\": \"1\"}", 202));
  const StepOutcome outcome = upload();
  EXPECT_EQ(outcome.code, 0) << outcome.log;
  ASSERT_EQ(github_.seen().size(), 1u);
  const auto body = nlohmann::json::parse(github_.seen().front().body);
  EXPECT_EQ(body.at("commit_sha"), merge_);
  EXPECT_EQ(body.at("ref"), "refs/pull/7/merge");
  runner_.folder().write("sent", body.at("sarif").get<std::string>());
  EXPECT_EQ(std::system(("cd " + shell_quoted(runner_.folder().path().string()) + " && base64 -d sent | gunzip | cmp -s - report.sarif").c_str()), 0);
}

// ------------------------------------------------------------------------------------------------ installing

class ActionInstall : public ActionApi {
 protected:
  void SetUp() override {
    ActionApi::SetUp();
    if (IsSkipped()) return;
    runner_.variables["GITHUB_SERVER_URL"] = github_.url("");
    runner_.folder().write("trueup-1.2.3/bin/trueup", "#!/bin/sh\necho trueup 1.2.3\n");
    const std::string pack = "cd " + shell_quoted(runner_.folder().path().string()) +
                             " && chmod +x trueup-1.2.3/bin/trueup && tar -czf packed.tar.gz trueup-1.2.3 && sha256sum packed.tar.gz >sum && uname -m >machine";
    ASSERT_EQ(std::system(pack.c_str()), 0);
    const std::string machine = text_of(runner_.folder().path() / "machine");
    name_ = "trueup-1.2.3-linux-" + machine.substr(0, machine.size() - 1) + ".tar.gz";
    sum_ = text_of(runner_.folder().path() / "sum").substr(0, 64);
    github_.on(release_ + name_, {200, {}, text_of(runner_.folder().path() / "packed.tar.gz")});
  }
  StepOutcome install(const std::string& sums, const std::string& checksum = "") {
    std::filesystem::remove_all(runner_.temp() / "trueup");
    github_.on(release_ + "SHA256SUMS", {200, {}, sums});
    return runner_.step("install.sh", {{"HOW", "release"}, {"FOLDER", (runner_.temp() / "trueup").string()}, {"RELEASE", "v1.2.3"},
                                       {"BINARY", ""}, {"CHECKSUM", checksum}, {"ACTION_REPOSITORY", "acme/trueup"}});
  }
  const std::string release_ = "/acme/trueup/releases/download/v1.2.3/";
  std::string name_, sum_;
};

TEST_F(ActionInstall, TakesAReleaseWhoseChecksumHolds) {
  const std::string wrong(64, '0');
  const struct {
    const char* about;
    std::string sums, checksum;
    bool installed;
  } rows[] = {
      {"as listed", wrong + "  other.deb\n" + sum_ + "  " + name_ + "\n", "", true},
      {"pinned", wrong + "  " + name_ + "\n", sum_, true},
      {"another file's checksum", wrong + "  " + name_ + "\n", "", false},
      {"not listed", sum_ + "  other.tar.gz\n", "", false},
      {"listed twice", sum_ + "  " + name_ + "\n" + wrong + "  " + name_ + "\n", "", false},
      {"pinned to another", sum_ + "  " + name_ + "\n", wrong, false},
      {"no list", "", "", false},
  };
  for (const auto& row : rows) {
    const StepOutcome outcome = install(row.sums, row.checksum);
    EXPECT_EQ(outcome.code == 0, row.installed) << row.about << ": " << outcome.log;
    EXPECT_EQ(std::filesystem::exists(runner_.temp() / "trueup/bin/trueup"), row.installed) << row.about << ": nothing is unpacked before";
    EXPECT_EQ(outcome.outputs.contains("binary"), row.installed) << row.about;
  }
  EXPECT_EQ(github_.seen().back().header("authorization"), "") << "the token is this repository's, not the action's";
}

TEST_F(Action, ChoosesTheReleaseOfATagAndTheSourceOfACommit) {
  const struct {
    const char *version, *ref, *binary, *how, *release;
  } rows[] = {
      {"auto", "v0.1.0", "", "release", "v0.1.0"}, {"auto", "v0", "", "release", "v0.1.0"},
      {"auto", "0123456789012345678901234567890123456789", "", "source", ""},
      {"auto", "main", "", "source", ""},          {"auto", "", "", "source", ""},
      {"source", "v0.1.0", "", "source", ""},      {"v0.0.9", "main", "", "release", "v0.0.9"},
      {"auto", "v0.1.0", "/usr/bin/trueup", "binary", ""},
  };
  for (const auto& row : rows) {
    const StepOutcome outcome = runner_.step("choose.sh", {{"VERSION", row.version}, {"ACTION_REF", row.ref}, {"BINARY", row.binary}});
    EXPECT_EQ(outcome.code, 0) << outcome.log;
    EXPECT_EQ(outcome.outputs.at("how"), row.how) << row.version << ' ' << row.ref;
    EXPECT_EQ(outcome.outputs.contains("release") ? outcome.outputs.at("release") : "", row.release) << row.version << ' ' << row.ref;
    EXPECT_EQ(outcome.outputs.contains("key"), row.how == std::string("source"));
  }
  EXPECT_EQ(runner_.step("choose.sh", {{"VERSION", "1.2.3; rm -rf /"}, {"ACTION_REF", ""}, {"BINARY", ""}}).code, 1);
}

}  // namespace
}  // namespace trueup::e2e
