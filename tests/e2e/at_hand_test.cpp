// Which repository and which config a folder stands for, and which of a fleet a runner's annotations can name.

#include <gtest/gtest.h>

#include "e2e/run_cli.hpp"

namespace trueup::e2e {
namespace {

constexpr const char* kMissing = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
                                 "      - uses: actions/checkout@v4\n      - run: ./gone.sh\n";
constexpr const char* kFleet = "version: 1\nrepositories:\n  acme/app: {path: app}\n  acme/deploy: {path: deploy}\n";

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

class AtHand : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"app", "deploy"}) folder_.write(std::string("fleet/") + name + "/.github/workflows/a.yml", kMissing);
    folder_.write("fleet/trueup.yaml", kFleet);
    folder_.write(".github/workflows/own.yml", kMissing);
    folder_.write("docs/README.md", "");
    ASSERT_TRUE(folder_.git("init") && folder_.git("add -A") && folder_.git("commit -m all"));
  }
  std::filesystem::path below(const char* name) const { return folder_.path() / name; }
  Folder folder_;
};

TEST_F(AtHand, OnlyTheRunnersWorkspaceIsAnnotatedInAFleet) {
  const std::vector<std::string> words = {"check", "--config", "fleet/trueup.yaml", "--format", "github"};
  const Outcome outside = run_cli(folder_.path(), words);
  EXPECT_TRUE(holds(outside.out, "::error file=.github/workflows/a.yml,")) << outside.out;

  const Outcome app = run_cli(folder_.path(), words, {{"GITHUB_WORKSPACE", below("fleet/app").string()}, {"GITHUB_REPOSITORY", "acme/app"}});
  EXPECT_EQ(app.code, 1);
  const std::size_t first = app.out.find("::error file=.github/workflows/a.yml,");
  EXPECT_NE(first, std::string::npos) << app.out;
  EXPECT_EQ(app.out.find("::error file=", first + 1), std::string::npos) << app.out;
  EXPECT_TRUE(holds(app.out, "acme/deploy .github/workflows/a.yml:7:14")) << "told, not annotated: " << app.out;

  const Outcome other = run_cli(folder_.path(), words, {{"GITHUB_WORKSPACE", folder_.path().string()}, {"GITHUB_REPOSITORY", "acme/fleet"}});
  EXPECT_EQ(other.code, 1);
  EXPECT_FALSE(holds(other.out, "::error file=")) << "no file of the workspace is meant: " << other.out;
  EXPECT_TRUE(holds(other.out, "acme/app .github/workflows/a.yml:7:14")) << other.out;
}

TEST_F(AtHand, AFolderWithAConfigStandsForItsFleet) {
  for (const Outcome& outcome : {run_cli(below("fleet"), {"check"}), run_cli(folder_.path(), {"check", "fleet"})}) {
    EXPECT_EQ(outcome.code, 1) << outcome.err;
    EXPECT_TRUE(holds(outcome.out, "acme/app .github/workflows/a.yml")) << outcome.out;
    EXPECT_TRUE(holds(outcome.out, "acme/deploy .github/workflows/a.yml")) << outcome.out;
    EXPECT_FALSE(holds(outcome.out, "own.yml")) << outcome.out;
    EXPECT_EQ(outcome.err, "");
  }
}

TEST_F(AtHand, AnyOtherFolderStandsForItsRepositoryAndThatIsSaid) {
  for (const Outcome& outcome : {run_cli(below("docs"), {"check"}), run_cli(folder_.path(), {"check", "docs"})}) {
    EXPECT_EQ(outcome.code, 1) << outcome.err;
    EXPECT_TRUE(holds(outcome.out, ".github/workflows/own.yml:7:14")) << outcome.out;
    EXPECT_FALSE(holds(outcome.out, "acme/")) << "the fleet's config is another folder's: " << outcome.out;
    EXPECT_TRUE(holds(outcome.err, "note: docs is a folder of the repository ")) << outcome.err;
  }
  EXPECT_EQ(run_cli(folder_.path(), {"check"}).err, "") << "nothing to say at the root";
}

TEST_F(AtHand, ABasesConfigOfTheFolderHolds) {
  folder_.write("docs/trueup.yaml", "version: 1\nrules: {W30: none}\nrule_folders: [policy]\n");
  folder_.write("docs/policy/views.sql", "-- none\n");
  EXPECT_EQ(run_cli(below("docs"), {"check"}).code, 0);
  folder_.write(".github/workflows/more.yml", kMissing);
  EXPECT_EQ(run_cli(below("docs"), {"check", "--base", "main"}).code, 1) << "a config of the change";
  ASSERT_TRUE(folder_.git("add docs") && folder_.git("commit -m config"));
  const Outcome outcome = run_cli(below("docs"), {"check", "--base", "main"});
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
}

TEST_F(AtHand, ConfigSaysOnceThatThereIsNone) {
  const Outcome none = run_cli(folder_.path(), {"config"});
  EXPECT_EQ(none.code, 0);
  EXPECT_EQ(none.out.find("rueup.yaml"), none.out.rfind("rueup.yaml")) << none.out;
  const Outcome some = run_cli(below("fleet"), {"config"});
  EXPECT_TRUE(holds(some.out, "acme/deploy")) << some.out;
}

TEST_F(AtHand, BracketsInASourceAreNoList) {
  const Outcome outcome = run_cli(folder_.path(), {"check", "[x]"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_TRUE(holds(outcome.err, "[x]: there is no such folder")) << outcome.err;
}

}  // namespace
}  // namespace trueup::e2e
