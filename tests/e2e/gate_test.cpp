// The gate: two worlds that differ in the subject only, and what a change may not say about its own check.

#include <gtest/gtest.h>

#include "e2e/run_cli.hpp"

namespace trueup::e2e {
namespace {

constexpr const char* kWorkflow = "name: Build\non: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
                                  "      - uses: actions/checkout@v4\n      - run: ./scripts/one.sh\n";

class Gate : public testing::Test {
 protected:
  void SetUp() override {
    folder_.write(".github/workflows/build.yml", kWorkflow);
    ASSERT_TRUE(folder_.git("init") && folder_.git("add -A") && folder_.git("commit -m base"));
  }
  Folder folder_;
};

TEST_F(Gate, BlocksWhatTheChangeBringsAndLetsThePastBe) {
  Outcome outcome = run_cli(folder_.path(), {"check"});
  EXPECT_EQ(outcome.code, 1) << "scripts/one.sh was missing before: " << outcome.out;
  outcome = run_cli(folder_.path(), {"check", "--base", "main"});
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;

  folder_.write(".github/workflows/build.yml", std::string(kWorkflow) + "      - run: ./scripts/two.sh\n");
  outcome = run_cli(folder_.path(), {"check", "--base", "main"});
  EXPECT_EQ(outcome.code, 1) << outcome.out;
  EXPECT_NE(outcome.out.find("scripts/two.sh"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find("scripts/one.sh is not"), std::string::npos) << "it stood before: " << outcome.out;

  folder_.write("scripts/one.sh", "");
  folder_.write("scripts/two.sh", "");
  outcome = run_cli(folder_.path(), {"check", "--base", "main"});
  EXPECT_EQ(outcome.code, 0) << outcome.out;
  EXPECT_NE(outcome.out.find("1 fixed"), std::string::npos) << outcome.out;
}

TEST_F(Gate, ReadsTheConfigOfTheBaseAndNotThatOfTheChange) {
  folder_.write(".github/workflows/build.yml", std::string(kWorkflow) + "      - run: ./scripts/two.sh\n");
  folder_.write("trueup.yaml", "version: 1\nrules:\n  W30: none\n");
  EXPECT_EQ(run_cli(folder_.path(), {"check"}).code, 0) << "without a base the config at hand holds";
  EXPECT_EQ(run_cli(folder_.path(), {"check", "--base", "main"}).code, 1) << "a change cannot switch its check off";
  EXPECT_EQ(run_cli(folder_.path(), {"check", "--base", "main", "--config", "trueup.yaml"}).code, 2)
      << "nor by a config that is named and stands in the change";
}

TEST_F(Gate, IgnoresRulesThatTheChangeBrings) {
  folder_.write("trueup.yaml", "version: 1\nrule_folders: [policy]\n");
  folder_.write("policy/views.sql", "DROP TABLE repository;");
  const Outcome outcome = run_cli(folder_.path(), {"check", "--base", "main"});
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
}

TEST_F(Gate, AsksNoHostThatOnlyTheChangeNames) {
  folder_.write("charts/Chart.yaml", "apiVersion: v2\nname: p\nversion: 1.0.0\ndependencies:\n"
                                     "  - {name: a, version: 1.0.0, repository: \"oci://127.0.0.1:1/x\"}\n");
  const Outcome outcome = run_cli(folder_.path(), {"check", "--base", "main"});
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find("only this change names that host"), std::string::npos) << outcome.out;
}

TEST_F(Gate, NamesTheWayOutForABaseThatIsNotThere) {
  const Outcome outcome = run_cli(folder_.path(), {"check", "--base", "origin/main"}, {{"GITHUB_ACTIONS", "true"}});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("fetch-depth: 0"), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace trueup::e2e
