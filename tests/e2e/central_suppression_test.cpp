// The config's suppressions, as a person meets them.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "e2e/run_cli.hpp"

namespace trueup::e2e {
namespace {

/// A workflow that names two scripts which are not there.
constexpr const char* kWorkflow = "name: Build\non: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n"
                                  "      - run: ./scripts/one.sh\n      - run: ./scripts/two.sh\n";

class CentralSuppression : public testing::Test {
 protected:
  void SetUp() override {
    folder_.write(".github/workflows/build.yml", kWorkflow);
    ASSERT_TRUE(folder_.git("init"));
  }
  /// Commits a config with these suppressions.
  void configure(const std::string& suppressions) const {
    folder_.write("trueup.yaml", "version: 1\nsuppressions:\n" + suppressions);
    ASSERT_TRUE(folder_.git("add -A") && folder_.git("commit -m config"));
  }
  nlohmann::json report(std::vector<std::string> words = {}) const {
    words.insert(words.begin(), {"check", "--format", "json"});
    const Outcome outcome = run_cli(folder_.path(), words);
    EXPECT_LT(outcome.code, 2) << outcome.err;
    return nlohmann::json::parse(outcome.out);
  }
  Folder folder_;
};

TEST_F(CentralSuppression, SpeaksOfOneRuleInFilesByGlobAndOfOneKey) {
  const struct {
    const char* about;
    std::string said;
    std::size_t suppressed;
  } rows[] = {
      {"by code", "  - {rule: W30, path: .github/workflows/build.yml, reason: the build makes it}\n", 2},
      {"by id and glob", "  - {rule: workflow/path-exists, path: \".github/**\", reason: the build makes it}\n", 2},
      {"by key", "  - {rule: W30, path: \"**\", key: {mentioned: scripts/two.sh}, reason: the build makes it}\n", 1},
      {"another key", "  - {rule: W30, path: \"**\", key: {mentioned: scripts/six.sh}, reason: the build makes it}\n", 0},
      {"a column that the rule has not", "  - {rule: W30, path: \"**\", key: {name: scripts/two.sh}, reason: the build makes it}\n", 0},
      {"another path", "  - {rule: W30, path: \"charts/**\", reason: the build makes it}\n", 0},
      {"another repository", "  - {rule: W30, path: \"**\", repository: acme/other, reason: the build makes it}\n", 0},
      {"another rule", "  - {rule: W13, path: \"**\", reason: the build makes it}\n", 0},
      {"no reason", "  - {rule: W30, path: \"**\"}\n", 0},
      {"ended", "  - {rule: W30, path: \"**\", reason: the build makes it, until: 2026-09-20}\n", 0},
      {"its last day", "  - {rule: W30, path: \"**\", reason: the build makes it, until: 2026-09-21}\n", 2},
  };
  for (const auto& row : rows) {
    configure(row.said);
    EXPECT_EQ(report().at("suppressed").size(), row.suppressed) << row.about;
    EXPECT_EQ(run_cli(folder_.path(), {"check"}).code, row.suppressed == 2 ? 0 : 1) << row.about;
  }
}

TEST_F(CentralSuppression, IsAFindingWhereItStandsWithoutAReasonEndedOrStale) {
  configure("  - {rule: W30, path: \"**\"}\n"
            "  - {rule: W30, path: \"**\", reason: the build makes it, until: 2026-09-20, owner: \"@platform\"}\n"
            "  - {rule: W13, path: \"**\", reason: meant so}\n"
            "  - {rule: C01, path: \"**\", repository: acme/other, reason: it is not checked here}\n");
  const Outcome outcome = run_cli(folder_.path(), {"check"});
  for (const char* said : {"warning[D04 document/suppression-reason] this suppression has no effect: it gives no reason\n  trueup.yaml:3:12 |",
                           "warning[D05 document/suppression-expired] this suppression of W30 ended with 2026-09-20\n  trueup.yaml:4:12 |",
                           "note[D06 document/suppression-stale] this suppression of W13 speaks of nothing any more; remove it\n  trueup.yaml:5:12 |"})
    EXPECT_NE(outcome.out.find(said), std::string::npos) << said << '\n' << outcome.out;
  EXPECT_EQ(outcome.out.find("suppression of C01"), std::string::npos) << "another repository's: " << outcome.out;
  EXPECT_EQ(run_cli(folder_.path(), {"check", "--only", "D06"}).out.find("D06"), std::string::npos) << "the rule that it names was not judged";
}

TEST_F(CentralSuppression, IsCountedInEveryReport) {
  configure("  - {rule: W30, path: \"**\", reason: the build makes it, owner: \"@platform\"}\n");
  const struct {
    const char *format, *says;
  } rows[] = {{"terminal", "2 suppressed"},
              {"json", "\"suppressed\":2"},
              {"markdown", "2 suppressed"},
              {"junit", "suppressed: the build makes it (owner @platform)"},
              {"sarif", "\"suppressions\":[{\"kind\":\"external\",\"justification\":\"the build makes it (owner @platform)\"}]"}};
  for (const auto& row : rows) {
    const Outcome outcome = run_cli(folder_.path(), {"check", "--format", row.format});
    EXPECT_NE(outcome.out.find(row.says), std::string::npos) << row.format << ": " << outcome.out;
  }
  EXPECT_EQ(report().at("suppressed").at(0).at("config_place").at("path"), "trueup.yaml");
  const Outcome all = run_cli(folder_.path(), {"check", "--all"});
  EXPECT_NE(all.out.find("the build makes it (owner @platform), by trueup.yaml:3:12"), std::string::npos) << all.out;
}

TEST_F(CentralSuppression, ManyOfOneFileEachAreAsQuickAsOne) {
  std::string said;
  for (int i = 0; i < 5000; ++i) said += "  - {rule: W30, path: \"w/" + std::to_string(i) + ".yml\", reason: old}\n";
  configure(said + "  - {rule: W30, path: .github/workflows/build.yml, key: {mentioned: scripts/one.sh}, reason: the build makes it}\n");
  EXPECT_EQ(report({"--skip", "D06"}).at("suppressed").size(), 1u);
  EXPECT_EQ(report({"--only", "W30,D06"}).at("summary").at("notes"), 5000);
}

TEST_F(CentralSuppression, IsThatOfTheBase) {
  ASSERT_TRUE(folder_.git("add -A") && folder_.git("commit -m base"));
  folder_.write(".github/workflows/build.yml", std::string(kWorkflow) + "      - run: ./scripts/three.sh\n");
  folder_.write("trueup.yaml", "version: 1\nsuppressions:\n  - {rule: W30, path: \"**\", reason: trust me}\n");
  Outcome outcome = run_cli(folder_.path(), {"check", "--base", "main"});
  EXPECT_EQ(outcome.code, 1) << outcome.out;
  EXPECT_EQ(outcome.out.find("suppressed"), std::string::npos) << outcome.out;

  ASSERT_TRUE(folder_.git("add trueup.yaml") && folder_.git("commit -m accepted"));
  outcome = run_cli(folder_.path(), {"check", "--base", "main"});
  EXPECT_EQ(outcome.code, 0) << outcome.out;
  EXPECT_NE(outcome.out.find("3 suppressed, 1 of them brought by this change"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("trust me, by @main trueup.yaml:3:12"), std::string::npos) << "who reviews it is told: " << outcome.out;
}

TEST_F(CentralSuppression, NamesARuleThatThereIs) {
  const struct {
    const char *said, *told;
  } rows[] = {
      {"  - {rule: W300, path: \"**\", reason: x}\n", "trueup.yaml:3:6: no rule is named `W300`; did you mean `W30`?"},
      {"  - {rule: workflow/path-exist, path: \"**\", reason: x}\n", "did you mean `workflow/path-exists`?"},
      {"  - {rule: workflow, path: \"**\", reason: x}\n", "trueup.yaml:3:6: `workflow` is a pack; a suppression names one rule"},
      {"  - {rule: W30, paths: \"**\", reason: x}\n", "unknown key `paths`; did you mean `path`?"},
  };
  for (const auto& row : rows) {
    configure(row.said);
    const Outcome outcome = run_cli(folder_.path(), {"check"});
    EXPECT_EQ(outcome.code, 2) << row.said;
    EXPECT_NE(outcome.err.find(row.told), std::string::npos) << outcome.err;
  }
}

/// A fleet's config stands elsewhere; the repository at hand has one of its own.
class OwnSuppression : public CentralSuppression {
 protected:
  void SetUp() override {
    CentralSuppression::SetUp();
    fleet_.write("trueup.yaml", "version: 1\nrepositories: {acme/app: {path: " + folder_.path().string() + "}}\n");
  }
  std::vector<std::string> with_fleet() const { return {"--config", (fleet_.path() / "trueup.yaml").string(), "--as", "acme/app"}; }
  Outcome check(std::vector<std::string> more = {}) const {
    std::vector<std::string> words = with_fleet();
    words.insert(words.begin(), "check");
    words.insert(words.end(), more.begin(), more.end());
    return run_cli(folder_.path(), words);
  }
  Folder fleet_;
};

TEST_F(OwnSuppression, NarrowsWhatAFleetsConfigSaysOfItsOwnFiles) {
  configure("  - {rule: W30, path: \"**\", key: {mentioned: scripts/one.sh}, reason: the build makes it}\n");
  const auto seen = report(with_fleet());
  ASSERT_EQ(seen.at("suppressed").size(), 1u);
  const auto& place = seen["suppressed"][0].at("config_place");
  EXPECT_EQ(place.at("repository"), "acme/app");
  EXPECT_EQ(place.at("path"), "trueup.yaml");
  EXPECT_EQ(place.at("begin").at("line"), 3);
  EXPECT_EQ(seen.at("findings").size(), 1u);

  configure("  - {rule: W30, path: \"**\", repository: acme/app, reason: the build makes it}\n");
  EXPECT_EQ(check().code, 0);
}

TEST_F(OwnSuppression, SaysNothingElseAndNothingOfOthers) {
  folder_.write("trueup.yaml", "version: 1\nrules: {W30: none}\n");
  const Outcome outcome = check();
  EXPECT_EQ(outcome.code, 1) << outcome.out;
  EXPECT_NE((outcome.out + outcome.err).find("its suppressions hold, and nothing else of it (rules)"), std::string::npos) << outcome.out << outcome.err;
  folder_.write("trueup.yaml", "version: 1\nsuppressions:\n  - {rule: W30, path: \"**\", repository: acme/other, reason: because}\n");
  EXPECT_EQ(check().code, 2);
  folder_.write("trueup.yaml", "version: 1\nsuppressions:\n  - {rule: W3O, path: \"**\", reason: because}\n");
  EXPECT_EQ(check().code, 2) << "a rule that is not there";
  folder_.write("trueup.yaml", "version: 1\nsuppressions: [\n");
  EXPECT_EQ(check().code, 2);
}

TEST_F(OwnSuppression, OfAChangeIsThatOfItsBase) {
  ASSERT_TRUE(folder_.git("add -A") && folder_.git("commit -m base"));
  folder_.write(".github/workflows/build.yml", std::string(kWorkflow) + "      - run: ./scripts/three.sh\n");
  configure("  - {rule: W30, path: \"**\", reason: says the change itself}\n");
  EXPECT_EQ(check({"--base", "HEAD~1"}).code, 1);
  folder_.write(".github/workflows/build.yml", std::string(kWorkflow) + "      - run: ./scripts/four.sh\n");
  ASSERT_TRUE(folder_.git("commit -a -m change"));
  EXPECT_EQ(check({"--base", "HEAD~1"}).code, 0);
}

}  // namespace
}  // namespace trueup::e2e
