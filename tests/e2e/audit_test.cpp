// trueup audit over the three recorded days of fixtures/audit, by the command line; and the program itself, killed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "e2e/run_cli.hpp"
#include "golden.hpp"

namespace trueup::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

class AuditTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    days_ = new Folder;
    const std::string command = std::string(TRUEUP_SOURCE_DIR) + "/fixtures/audit/make-history " + days_->path().string();
    ASSERT_EQ(std::system(command.c_str()), 0);
  }
  static void TearDownTestSuite() { delete days_; }

  std::vector<std::string> words(int day, const std::vector<std::string>& more = {}) const {
    const std::string name = "day-" + std::to_string(day);
    std::vector<std::string> words = {"audit", "--config", name + "/trueup.yaml", "--replay", name + "/registry", "--history", history_,
                                      // A rule that is added changes nothing here.
                                      "--only", "C01,C08,C11,C12,C25,C34,W01,W02,W03,W04,W08,W13,W20,W30"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  Outcome audit(int day, const std::vector<std::string>& more = {}) const { return run_cli(days_->path(), words(day, more)); }
  nlohmann::json json(int day) const { return nlohmann::json::parse(audit(day, {"--format", "json"}).out); }

  /// A report without the folders of this run.
  std::string anywhere(std::string text) const {
    for (const auto& [folder, name] : {std::pair{history_, "fleet.history"}, {days_->path().string(), "…"}})
      for (std::size_t at; (at = text.find(folder)) != std::string::npos;) text.replace(at, folder.size(), name);
    return text;
  }

  static Folder* days_;
  Folder folder_;
  std::string history_ = (folder_.path() / "fleet.history").string();
};
Folder* AuditTest::days_ = nullptr;

TEST_F(AuditTest, ThreeRecordedDays) {
  for (int day = 1; day <= 3; ++day) {
    const std::string file = (folder_.path() / "report").string();
    std::vector<std::string> more = {"--format", "terminal"};
    for (const char* format : {"markdown", "prometheus"}) more.insert(more.end(), {"--format", std::string(format) + "=" + file + "." + format});
    const Outcome outcome = audit(day, more);
    EXPECT_EQ(outcome.code, 1) << outcome.err;
    const std::string golden = "fixtures/audit/day-" + std::to_string(day);
    test::expect_golden(golden + ".txt", anywhere(outcome.out));
    test::expect_golden(golden + ".md", anywhere(test::read_text(file + ".markdown")));
    test::expect_golden(golden + ".prom", test::read_text(file + ".prometheus"));
  }
}

TEST_F(AuditTest, SaysSinceWhichCommitTheLinesStand) {
  const auto report = json(1);
  std::map<std::string, std::string> since;
  for (const auto& record : report["records"])
    if (!record["since"].is_null()) since[record["code"]] = record["since"]["committed_at"].get<std::string>() + (record["since"]["at_least"] ? " at least" : "");
  EXPECT_EQ(since["C01"], "2026-11-12T08:00:00Z") << "the commit that asked for that version";
  EXPECT_EQ(since["C08"], "2026-11-12T08:00:00Z") << "of both lines the younger";
  EXPECT_EQ(since["C25"], "2026-10-05T08:00:00Z") << "the first commit of all";
}

/// A repository whose workflow runs scripts that are not there: one finding a line.
class SinceTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(app_.git("init")); }
  std::string commit(const std::string& scripts, const std::string& path = ".github/workflows/build.yml") {
    app_.write(path, "name: Build\non: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n" + scripts);
    EXPECT_TRUE(app_.git("add -A") && app_.git("commit --allow-empty -m change"));
    EXPECT_TRUE(app_.git("log -1 --format=%H --output=" + (folder_.path() / "id").string()));
    return test::read_text(folder_.path() / "id").substr(0, 40);
  }
  /// By line: the commit, "at least" before it, or nothing.
  std::map<int, std::string> since(const std::filesystem::path& source) {
    const Outcome outcome = run_cli(folder_.path(), {"audit", source.string(), "--as", "acme/app", "--only", "W30", "--format", "json", "--history",
                                                     (folder_.path() / "fleet.history").string()});
    std::map<int, std::string> lines;
    const auto report = nlohmann::json::parse(outcome.out);
    for (const auto& record : report["records"]) {
      const auto& told = record["since"];
      lines[record["line"]] = told.is_null() ? "" : (told["at_least"] ? "at least " : "") + told["commit_id"].get<std::string>();
    }
    std::filesystem::remove(folder_.path() / "fleet.history");
    return lines;
  }
  static std::string run(const std::string& script) { return "      - run: ./scripts/" + script + ".sh\n"; }
  Folder app_, folder_;
};

TEST_F(SinceTest, IsWhereTheLineCame) {
  const std::string first = commit(run("one"));
  commit("# a comment\n" + run("one"));
  const std::string third = commit(run("one") + run("two"));
  EXPECT_EQ(since(app_.path()), (std::map<int, std::string>{{8, first}, {9, third}})) << "moving a line is no change of it";
}

TEST_F(SinceTest, OfALineThatStandsTwiceIsToldForEach) {
  const std::string first = commit(run("one") + run("else"));
  const std::string second = commit(run("one") + run("else") + run("one"));
  const auto lines = since(app_.path());
  EXPECT_EQ(lines.at(8), first);
  EXPECT_EQ(lines.at(10), second);
}

TEST_F(SinceTest, IsNotBeforeALineThatWentAndCameBack) {
  commit(run("one"));
  commit(run("else"));
  const std::string third = commit(run("one"));
  EXPECT_EQ(since(app_.path()).at(8), third);
}

TEST_F(SinceTest, AnotherPathIsAnotherPlace) {
  commit(run("one"));
  ASSERT_TRUE(app_.git("mv .github/workflows/build.yml .github/workflows/other.yml") && app_.git("commit -m move"));
  const std::string second = commit(run("one"), ".github/workflows/other.yml");
  const auto lines = since(app_.path());
  EXPECT_EQ(lines.size(), 1u);
  EXPECT_NE(lines.at(8), second) << "an empty commit changes nothing";
  EXPECT_EQ(lines.at(8).size(), 40u);
}

TEST_F(SinceTest, OfWhatIsNotCommittedNothingIsSaid) {
  commit(run("else"));
  app_.write(".github/workflows/build.yml", "name: Build\non: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n" + run("one"));
  EXPECT_EQ(since(app_.path()).at(8), "");
}

TEST_F(SinceTest, WhereTheCloneEndsItIsAtLeast) {
  commit(run("one"));
  const std::string tip = commit("# a comment\n" + run("one"));
  const std::filesystem::path clone = folder_.path() / "clone";
  ASSERT_EQ(std::system(("git clone -q --depth=1 file://" + app_.path().string() + " " + clone.string() + " 2>/dev/null").c_str()), 0);
  EXPECT_EQ(since(clone).at(9), "at least " + tip);
}

TEST_F(AuditTest, AnOutageFixesNothing) {
  const auto first = json(1), second = json(2), third = json(3);
  std::map<std::string, std::string> standing[3];
  int day = 0;
  for (const auto* report : {&first, &second, &third}) {
    for (const auto& record : (*report)["records"]) standing[day][record["fingerprint"]] = record["standing"];
    ++day;
  }
  std::size_t fixed = 0;
  for (const auto& [fingerprint, was] : standing[1]) {
    if (was != "fixed") continue;
    ++fixed;
    EXPECT_EQ(standing[2][fingerprint], "returned") << "only the tag was mended on day 2, and it is back on day 3";
  }
  EXPECT_EQ(fixed, 2u) << "the tag, C25, and what it says of the version, C34";
  EXPECT_GT(second["audit"]["unverified"].get<int>(), 0);
  EXPECT_EQ(third["audit"]["unverified"].get<int>(), 0);
}

TEST_F(AuditTest, NewOnlyEndsWithOneForWhatIsNewOrCameBack) {
  EXPECT_EQ(audit(1, {"--new-only"}).code, 1);
  EXPECT_EQ(audit(1, {"--new-only"}).code, 0) << "all of it stood before";
  EXPECT_EQ(audit(1).code, 1);
  EXPECT_EQ(audit(2, {"--new-only", "--skip", "W13"}).code, 3) << "nothing new, but the registry was down";
}

TEST_F(AuditTest, AHistoryThatCannotBeKeptIsToldBeforeTheRun) {
  folder_.write("fleet.history", "not a database at all, but long enough to be taken for one" + std::string(200, '.'));
  const Outcome outcome = audit(1);
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("is no history of trueup"));
  EXPECT_EQ(outcome.out, "");
}

TEST_F(AuditTest, KeepsAHistoryOfItsOwnForEachConfig) {
  const std::map<std::string, std::string> state = {{"XDG_STATE_HOME", folder_.path().string()}};
  const std::vector<std::string> first = {"audit", "--config", "day-1/trueup.yaml", "--replay", "day-1/registry"};
  EXPECT_THAT(run_cli(days_->path(), first, state).out, HasSubstr("run 1 since"));
  EXPECT_THAT(run_cli(days_->path(), first, state).out, HasSubstr("run 2 since"));
  EXPECT_THAT(run_cli(days_->path(), {"audit", "--config", "day-3/trueup.yaml", "--replay", "day-3/registry"}, state).out, HasSubstr("run 1 since"));
  const Outcome nowhere = run_cli(days_->path(), first);
  EXPECT_EQ(nowhere.code, 2);
  EXPECT_THAT(nowhere.err, HasSubstr("--history FILE"));
}

TEST_F(AuditTest, TheProgramKilledTwoHundredTimesLeavesASoundHistory) {
  const Outcome whole = audit(1);
  ASSERT_EQ(whole.code, 1);
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_EQ(audit(1).code, 1);
  const auto length = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin).count();
  std::mt19937 random(11);
  std::vector<std::string> arguments = words(1);
  arguments.insert(arguments.begin(), TRUEUP_BINARY);
  std::vector<char*> raw;
  for (std::string& argument : arguments) raw.push_back(argument.data());
  raw.push_back(nullptr);
  int killed = 0;
  for (int i = 0; i < 200; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      if (chdir(days_->path().c_str()) != 0 || freopen("/dev/null", "w", stdout) == nullptr || freopen("/dev/null", "w", stderr) == nullptr) _exit(9);
      execv(raw.front(), raw.data());
      _exit(9);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(static_cast<long>(random() % static_cast<unsigned long>(length * 3 / 2))));
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) ++killed;
    else ASSERT_EQ(WEXITSTATUS(status), 1) << "run " << i;
  }
  EXPECT_GT(killed, 60);
  const Outcome after = audit(1);
  EXPECT_EQ(after.code, 1) << after.err;
  EXPECT_THAT(after.out, Not(HasSubstr("new:")));
  EXPECT_THAT(after.out, HasSubstr("persisting"));
}

}  // namespace
}  // namespace trueup::e2e
