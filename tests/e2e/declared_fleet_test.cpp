// The fleet of fixtures/argocd, which the demo shows: one of each mistake, and all of them found.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "e2e/run_cli.hpp"

namespace trueup::e2e {
namespace {

/// "A01 argocd/atlas.yaml:29:59" of each finding that the terminal shows, in its order.
std::vector<std::string> findings_in(const std::string& shown) {
  std::vector<std::string> found;
  const std::regex finding(R"((?:error|warning|note)\[([A-Z]\d+) [^\n]*\n\s+\S+ (\S+))");
  for (std::sregex_iterator at(shown.begin(), shown.end(), finding), end; at != end; ++at) found.push_back((*at)[1].str() + ' ' + (*at)[2].str());
  return found;
}

class DeclaredFleet : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::copy(std::filesystem::path(TRUEUP_SOURCE_DIR) / "fixtures/argocd", folder_.path(), std::filesystem::copy_options::recursive);
    for (const char* repository : {"acme/deploy", "acme/config"})
      for (const char* command : {"init -q -b main .", "add -A", "commit -q -m all"})
        ASSERT_TRUE(folder_.git("-C " + std::string(repository) + ' ' + command)) << repository << ' ' << command;
  }
  Folder folder_;
};

TEST_F(DeclaredFleet, HasOneOfEachMistake) {
  const Outcome outcome = run_cli(folder_.path(), {"check", "--config", "trueup.yaml", "--replay", "registry", "--all"});
  EXPECT_EQ(outcome.code, 1) << outcome.err;
  EXPECT_THAT(findings_in(outcome.out),
              testing::ElementsAre("A02 argocd/atlas.yaml:13:13", "A03 argocd/atlas.yaml:15:13", "A18 argocd/atlas.yaml:17:72", "A13 argocd/atlas.yaml:18:72",
                                   "A01 argocd/atlas.yaml:29:59", "A04 argocd/atlas.yaml:30:25", "A17 argocd/atlas.yaml:37:82",
                                   "A05 argocd/registry-secret.yaml:3:18", "A06 argocd/registry-secret.yaml:9:13", "A14 argocd/tenants.yaml:13:13",
                                   "A02 argocd/tenants.yaml:22:30", "A12 argocd/atlas.yaml:10:23", "A12 argocd/atlas.yaml:18:72", "A15 argocd/atlas.yaml:26:41", "A19 argocd/atlas.yaml:53:59",
                                   "A16 .github/workflows/secret.yml:7:14"))
      << outcome.out;
}

TEST_F(DeclaredFleet, OfWhichNoneIsFoundThatHangsOnARepositoryThatIsNotLoaded) {
  const Outcome outcome = run_cli(folder_.path(), {"check", "acme/deploy", "--as", "acme/deploy", "--offline", "--only", "A17", "--all"});
  EXPECT_EQ(outcome.code, 0) << outcome.out;
  EXPECT_THAT(findings_in(outcome.out), testing::IsEmpty());
}

}  // namespace
}  // namespace trueup::e2e
