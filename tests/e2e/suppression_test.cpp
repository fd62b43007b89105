// Suppressions, as a person meets them: what they keep quiet, what they do not, and that they are counted.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "e2e/run_cli.hpp"

namespace trueup::e2e {
namespace {

/// A workflow that names a script which is not there, with a comment behind the step or above it.
std::string workflow(const std::string& above, const std::string& behind) {
  return "name: Build\non: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n" +
         (above.empty() ? "" : "      " + above + "\n") + "      - run: ./scripts/gone.sh" + behind + '\n';
}

TEST(Suppression, AReasonKeepsAFindingFromBlocking) {
  const struct {
    const char* about;
    std::string text;
    int code;
    std::size_t suppressed;
  } rows[] = {
      {"none", workflow("", ""), 1, 0},
      {"behind", workflow("", "  # trueup: ignore[W30] the build makes it"), 0, 1},
      {"above", workflow("# trueup: ignore[workflow/path-exists] the build makes it", ""), 0, 1},
      {"without a reason", workflow("", "  # trueup: ignore[W30]"), 1, 0},
      {"another rule", workflow("", "  # trueup: ignore[W13] the build makes it"), 1, 0},
      {"ended", workflow("", "  # trueup: ignore[W30] the build makes it (until 2026-09-20)"), 1, 0},
      {"its last day", workflow("", "  # trueup: ignore[W30] the build makes it (until 2026-09-21)"), 0, 1},
  };
  for (const auto& row : rows) {
    Folder folder;
    folder.write(".github/workflows/build.yml", row.text);
    ASSERT_TRUE(folder.git("init") && folder.git("add -A") && folder.git("commit -m base"));
    const Outcome outcome = run_cli(folder.path(), {"check", "--format", "json"});
    EXPECT_EQ(outcome.code, row.code) << row.about << ": " << outcome.out << outcome.err;
    EXPECT_EQ(nlohmann::json::parse(outcome.out).at("suppressed").size(), row.suppressed) << row.about;
  }
}

TEST(Suppression, IsCountedInEveryReport) {
  Folder folder;
  folder.write(".github/workflows/build.yml", workflow("", "  # trueup: ignore[W30] the build makes it (owner @platform)"));
  ASSERT_TRUE(folder.git("init") && folder.git("add -A") && folder.git("commit -m base"));
  const struct {
    const char *format, *says;
  } rows[] = {{"terminal", "1 suppressed"},
              {"json", "\"suppressed\":1"},
              {"markdown", "1 suppressed"},
              {"junit", "suppressed: the build makes it (owner @platform)"},
              {"sarif", "\"suppressions\":[{\"kind\":\"inSource\",\"justification\":\"the build makes it (owner @platform)\"}]"}};
  for (const auto& row : rows) {
    const Outcome outcome = run_cli(folder.path(), {"check", "--format", row.format});
    EXPECT_NE(outcome.out.find(row.says), std::string::npos) << row.format << ": " << outcome.out;
  }
  const Outcome all = run_cli(folder.path(), {"check", "--all"});
  EXPECT_NE(all.out.find("the build makes it (owner @platform)"), std::string::npos) << all.out;
}

TEST(Suppression, WhatWasMendedLeavesItStale) {
  Folder folder;
  folder.write(".github/workflows/build.yml", workflow("", "  # trueup: ignore[W30] the build makes it"));
  folder.write("scripts/gone.sh", "");
  ASSERT_TRUE(folder.git("init") && folder.git("add -A") && folder.git("commit -m base"));
  const Outcome outcome = run_cli(folder.path(), {"check"});
  EXPECT_NE(outcome.out.find("note[D06 document/suppression-stale]"), std::string::npos) << outcome.out;
  EXPECT_EQ(run_cli(folder.path(), {"check", "--only", "D06"}).out.find("D06"), std::string::npos)
      << "the rule that it names was not judged";
}

/// Two workflows of one name and path on two branches; a comment on one of them says nothing of the other.
TEST(Suppression, OfOneBranchIsNoneOfTheOthers) {
  const struct {
    const char* about;
    std::string main, beta;
    int code;
    std::size_t findings, suppressed;
    const char* shown_at;
  } rows[] = {
      {"on main alone", workflow("", "  # trueup: ignore[W30] the build makes it"), workflow("", ""), 1, 1, 0, "beta"},
      {"on beta alone", workflow("", ""), workflow("", "  # trueup: ignore[W30] the build makes it"), 1, 1, 0, "main"},
      {"on both, in other places", workflow("", "  # trueup: ignore[W30] the build makes it"), workflow("# trueup: ignore[W30] the build makes it", ""), 0, 0, 1, ""},
      {"on none", workflow("", ""), workflow("", " # later"), 1, 1, 0, "main"},
  };
  for (const auto& row : rows) {
    Folder folder;
    folder.write(".github/workflows/build.yml", row.main);
    ASSERT_TRUE(folder.git("init") && folder.git("add -A") && folder.git("commit -m base") && folder.git("checkout -b beta"));
    folder.write(".github/workflows/build.yml", row.beta);
    ASSERT_TRUE(folder.git("commit --allow-empty -am beta"));
    const Outcome outcome = run_cli(folder.path(), {"check", "--at", "main", "--at", "beta", "--format", "json"});
    EXPECT_EQ(outcome.code, row.code) << row.about << ": " << outcome.out << outcome.err;
    const auto report = nlohmann::json::parse(outcome.out);
    std::size_t findings = 0;
    for (const auto& finding : report.at("findings")) {
      EXPECT_NE(finding.at("code"), "D06") << row.about << ": a comment that keeps one branch quiet is in use";
      if (finding.at("code") != "W30") continue;
      ++findings;
      EXPECT_EQ(finding.at("at").at("revision"), row.shown_at) << row.about;
      EXPECT_EQ(finding.at("refs").at("count"), std::string(row.about) == "on none" ? 2 : 1) << row.about;
    }
    EXPECT_EQ(findings, row.findings) << row.about << ": " << outcome.out;
    EXPECT_EQ(report.at("suppressed").size(), row.suppressed) << row.about << ": " << outcome.out;
  }
}

TEST(Suppression, InEveryFormatThatHasComments) {
  Folder folder;
  folder.write("main.tf", "terraform {\n  required_version = \"1.0.0\" // trueup: ignore[T99] x\n}\n");
  folder.write("go.mod", "module acme.example/x // trueup: ignore[T99] x\n");
  folder.write("README.md", "# X\n\n<!-- trueup: ignore[T99] x -->\nUse `.env`.\n\n```\n<!-- trueup: ignore[T98] x -->\n```\n\nWrite `<!-- trueup: ignore[T98] x -->`.\n");
  ASSERT_TRUE(folder.git("init") && folder.git("add -A") && folder.git("commit -m base"));
  const Outcome outcome = run_cli(folder.path(), {"check", "--all"});
  EXPECT_NE(outcome.out.find("main.tf:2:30"), std::string::npos) << "a name that no rule has is told where it stands: " << outcome.out;
  EXPECT_NE(outcome.out.find("go.mod:1:23"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("README.md:3:1"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find("T98"), std::string::npos) << "what stands in code is an example: " << outcome.out;
}

}  // namespace
}  // namespace trueup::e2e
