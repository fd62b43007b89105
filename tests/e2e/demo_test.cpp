// What scripts/demo shows of each fleet beside the first: every finding, in a file that is reviewed as a diff.

#include <gtest/gtest.h>

#include <cstdlib>

#include "e2e/run_cli.hpp"
#include "golden.hpp"

namespace trueup::e2e {
namespace {

class DemoFleet : public testing::TestWithParam<const char*> {};

TEST_P(DemoFleet, ShowsOneOfEachMistake) {
  const std::string folder = "fixtures/" + std::string(GetParam());
  if (std::filesystem::exists(std::filesystem::path(TRUEUP_SOURCE_DIR) / folder / "make-history")) {
    // Its repositories are real ones: what is deployed is held against their history.
    const Folder made;
    ASSERT_EQ(std::system(("'" TRUEUP_SOURCE_DIR "/" + folder + "/make-history' '" + made.path().string() + "' >/dev/null 2>&1").c_str()), 0);
    std::vector<std::string> words = {"check", "--all"};
    const bool recorded = std::filesystem::exists(made.path() / "recorded");
    for (const char* word : recorded ? std::vector<const char*>{"--replay", "recorded"} : std::vector<const char*>{"--offline", "--now", "2026-11-20T09:00:00Z"}) words.push_back(word);
    const Outcome outcome = run_cli(made.path(), words);
    EXPECT_EQ(outcome.code, 1) << outcome.err;
    test::expect_golden(folder + "/findings.txt", outcome.out);
    return;
  }
  std::vector<std::string> words = {"check", "--config", folder + "/trueup.yaml", "--all"};
  const bool recorded = std::filesystem::exists(std::filesystem::path(TRUEUP_SOURCE_DIR) / folder / "recorded");
  for (const std::string& word : recorded ? std::vector<std::string>{"--replay", folder + "/recorded"} : std::vector<std::string>{"--offline"}) words.push_back(word);
  const Outcome outcome = run_cli(std::filesystem::path(TRUEUP_SOURCE_DIR), words);
  EXPECT_EQ(outcome.code, 1) << outcome.err;
  test::expect_golden(folder + "/findings.txt", outcome.out);
}

INSTANTIATE_TEST_SUITE_P(Fixtures, DemoFleet, testing::Values("streams", "atlantis", "tenants"), [](const auto& parameter) { return std::string(parameter.param); });

/// The last commit of the tenants' repository takes an older chart: seen against the one before it.
TEST(DemoOfTenants, AChangeThatGoesBackIsFound) {
  const Folder made;
  ASSERT_EQ(std::system(("'" TRUEUP_SOURCE_DIR "/fixtures/tenants/make-history' '" + made.path().string() + "' >/dev/null 2>&1").c_str()), 0);
  const Outcome outcome = run_cli(made.path() / "acme/gitops", {"check", "--base", "main~1", "--config", "../../trueup.yaml", "--replay", "../../recorded", "--only", "C09"});
  EXPECT_NE(outcome.out.find("warning[C09 chart/commit-forward] introduced: atlas goes back from 1.0.0-staging.302f0f9 to 1.0.0-staging.4f0db16"), std::string::npos) << outcome.out << outcome.err;
}

}  // namespace
}  // namespace trueup::e2e
