// The fleet of fixtures/ring as `scripts/demo` shows it, and the recorded answers of a real ArgoCD, held against promises about rings.

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "e2e/run_cli.hpp"
#include "golden.hpp"

namespace trueup::e2e {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::vector<std::string> findings(const Outcome& outcome) {
  std::vector<std::string> lines;
  const Json report = Json::parse(outcome.out);
  for (const Json& finding : report["findings"]) {
    const Json& at = finding["at"];
    const std::string revision = at["revision"].is_string() ? at["revision"].get<std::string>() : "";
    lines.push_back(finding["code"].get<std::string>() + ' ' + (at["repository"].is_string() ? at["repository"].get<std::string>() : "") + (revision.starts_with("ring-") ? '@' + revision : "") + ' ' +
                    at["path"].get<std::string>() + ':' + std::to_string(at["begin"]["line"].get<int>()));
  }
  return lines;
}

TEST(RingDemo, EveryMistakeOfTheFleetIsFound) {
  Folder folder;
  const std::string script = (fs::path(TRUEUP_SOURCE_DIR) / "fixtures/ring/make-history").string();
  ASSERT_EQ(std::system(("'" + script + "' '" + folder.path().string() + "' >/dev/null 2>&1").c_str()), 0);
  const Outcome outcome = run_cli(folder.path(), {"check", "--replay", "registry", "--only", "ring", "--format", "json", "--fail-on", "never"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const std::vector<std::string> expected = {
      "R02  trueup.yaml:12", "R01  trueup.yaml:12", "R21  trueup.yaml:16", "R07  trueup.yaml:18", "R33 acme/metastore@ring-Auth .github/workflows/maven.yml:3",
      "R34 acme/metastore .github/workflows/maven.yml:24", "R15 acme/metastore .github/workflows/pr-close-release.yml:7", "R09 acme/metastore .github/workflows/pr-label-release.yml:18",
      "R12 acme/releases cohorts/enterprise-level-1.json:1", "R12 acme/releases cohorts/enterprise-level-1.json:1", "R30 acme/releases cohorts/enterprise-level-1.json:1",
      "R03 acme/releases cohorts/enterprise-level-1.json:1", "R16 acme/releases cohorts/internal-level-1.json:1", "R11 acme/releases cohorts/internal-level-2.json:2",
      "R17 acme/releases cohorts/internal-level-2.json:2", "R10 acme/releases cohorts/internal-level-2.json:2", "R11 acme/releases cohorts/internal-level-2.json:2",
      "R03 acme/releases cohorts/partner-level-1.json:1", "R19  trueup.yaml:18", "R20  trueup.yaml:18", "R25  trueup.yaml:18", "R22  trueup.yaml:24",
      "R35 acme/metastore .github/workflows/maven.yml:15", "R18 acme/metastore@ring-lineage helm/atlas/templates/statefulset.yaml:6",
      "R31 acme/releases cohorts/enterprise-level-1.json:1", "R31 acme/releases cohorts/internal-level-2.json:2", "R32 acme/releases cohorts/internal-level-2.json:2",
      "R29  trueup.yaml:18"};
  EXPECT_EQ(findings(outcome), expected);
}

/// Mended, made again, and not to be seen while the forge was down: the report of each day.
TEST(RingDemo, ThreeDaysOfItAreAudited) {
  Folder folder;
  const std::string script = (fs::path(TRUEUP_SOURCE_DIR) / "fixtures/ring/make-days").string();
  ASSERT_EQ(std::system(("'" + script + "' '" + folder.path().string() + "' >/dev/null 2>&1").c_str()), 0);
  const std::string history = (folder.path() / "fleet.history").string();
  const auto ring_codes = "R01,R02,R03,R07,R09,R10,R11,R12,R15,R16,R17,R18,R19,R20,R21,R22,R25,R30,R31,R32,R33,R34,R35";
  std::map<int, std::map<std::string, int>> counts;
  for (int day = 1; day <= 3; ++day) {
    const std::string name = "day-" + std::to_string(day), report = (folder.path() / (name + ".json")).string();
    const Outcome outcome = run_cli(folder.path(), {"audit", "--config", name + "/trueup.yaml", "--replay", name + "/registry", "--history", history, "--only", ring_codes,
                                                    "--format", "markdown", "--format", "json=" + report});
    EXPECT_EQ(outcome.code, 1) << outcome.err;
    test::expect_golden("fixtures/ring/" + name + ".md", outcome.out);
    std::ifstream file(report);
    const Json audit = Json::parse(file)["audit"];
    for (const char* count : {"new", "returned", "persisting", "unverified", "fixed"}) counts[day][count] = audit[count].get<int>();
  }
  EXPECT_EQ(counts[2]["fixed"], 1) << "that t09 stands once can be read without the forge";
  EXPECT_GT(counts[2]["unverified"], 0);
  EXPECT_EQ(counts[3]["unverified"], 0);
  EXPECT_GT(counts[3]["fixed"], 0);
}

/// Overrides in valuesObject, in parameters and in the text of values, and Applications of twins.
TEST(RecordedRings, OverridesInAllThreeFormsGiveTheirVerdicts) {
  const char* shared = std::getenv("TRUEUP_SHARED");
  const fs::path recorded = (shared != nullptr ? fs::path(shared) : fs::path(TRUEUP_SOURCE_DIR) / ".." / "shared") / "recorded/argocd/applications-200.json";
  if (!fs::exists(recorded)) GTEST_SKIP() << "no recordings at " << recorded << "; set TRUEUP_SHARED to the folder above recorded/";
  Folder folder;
  folder.write("releases/cohorts/all.json", "[\"t1\", \"t2\", \"t3\", \"t4\", \"t5\", \"t6\", \"t7\"]\n");
  folder.write("metastore/README.md", "x\n");
  std::ifstream exchange(recorded);
  folder.write("live.json", Json::parse(exchange)["response"]["body"].dump());
  folder.write("trueup.yaml",
               "version: 1\nrepositories:\n  acme/metastore: {path: metastore}\n  acme/releases: {path: releases}\n"
               "argocd: {prod: {dump: live.json, complete: true}}\npromises:\n  ring:\n    branches: staging\n    cohorts: \"acme/releases:cohorts/*.json\"\n"
               "    services:\n      atlas: {repository: acme/metastore, image: atlas.image, application: \"{tenant}-atlas\", name: registry.example.test/images/atlas,\n"
               "              tag: \"{branch}-{commit:11}\", twin: atlas-read, twin_application: \"{tenant}-atlas-read\"}\n"
               "      atlas-read: {repository: acme/metastore, image: atlas.image, application: \"{tenant}-atlas-read\"}\n");
  const Outcome outcome = run_cli(folder.path(), {"check", "--offline", "--only", "ring", "--format", "json", "--fail-on", "never", "--now", "2026-11-21T12:00:00Z"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  std::vector<std::string> messages;
  const Json report = Json::parse(outcome.out);
  for (const Json& finding : report["findings"]) {
    const std::string message = finding["message"].get<std::string>();
    messages.push_back(finding["code"].get<std::string>() + ' ' + message.substr(0, std::min(message.find("; move it:"), message.find(": kubectl"))));
  }
  const std::vector<std::string> expected = {
      "R16 t1-atlas-read runs staging:staging-6123746abcd as atlas-read, and atlas, which moves with it, runs no ring: set both, or remove it",
      "R16 t4-atlas-read runs staging:staging-6123746abcd as atlas-read, and atlas, which moves with it, runs no ring: set both, or remove it",
      "R16 t5-atlas-read runs staging:staging-6123746abcd as atlas-read, and atlas, which moves with it, runs no ring: set both, or remove it",
      "R16 t6-atlas-read runs staging:staging-6123746abcd as atlas-read, and atlas, which moves with it, runs no ring: set both, or remove it",
      "R17 t1-atlas has registry.example.test/images/atlas:staging-6123746abcd at atlas.atlas.image, which nothing reads: atlas reads atlas.image, so the ring does not run",
      "R16 t3-atlas runs staging:staging-9f0c2de4417 as atlas, and atlas-read, which moves with it, runs staging:staging-6123746abcd: set both, or neither",
      "R30 the cohort all lists t7, and no instance of ArgoCD has its Application t7-atlas; is t1-atlas meant?",
      "R30 the cohort all lists t7, and no instance of ArgoCD has its Application t7-atlas-read; is t1-atlas-read meant?",
      "R31 2 of the 6 tenants of all run the image of staging, and these do not: t1, t4, t5, t6; release it to all of them, or clean it up"};
  EXPECT_EQ(messages, expected);
}

}  // namespace
}  // namespace trueup::e2e
