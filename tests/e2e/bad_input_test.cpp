// Bad input: a clear word with a place, never a crash or a hang, and all else goes on.

#include <gtest/gtest.h>

#include <chrono>

#include "e2e/run_cli.hpp"

namespace trueup::e2e {
namespace {

constexpr const char* kWorkflowPath = ".github/workflows/a.yml";
constexpr const char* kOtherFault = "name: Other\non: push\njobs:\n  a:\n    runs-on: x\n    if: \"${{ true }} \"\n    steps: [{run: 'true'}]\n";

struct BadFile {
  const char* name;
  std::string bytes;
  const char* said;  ///< part of the report; empty: silent
};

std::string alias_bomb() {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 30; ++i) {
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 9; ++j) text += (j > 0 ? ", *a" : "*a") + std::to_string(i - 1);
    text += "]\n";
  }
  return text;
}

std::vector<BadFile> bad_files() {
  return {{"truncated", "name: x\non: {push: [main", "does not parse"},
          {"binary", std::string("\x7f" "ELF\x02\x01\x01\0\0\0", 10), "does not parse"},
          {"invalid UTF-8", "name: caf\xE9\n", "a.yml:1:10"},
          {"UTF-16", std::string("\xFF\xFEn\0a\0", 6), "does not parse"},
          {"tab as indentation", "on:\n\tpush:\n", "a.yml:2:1"},
          {"byte order mark", "\xEF\xBB\xBFname: x\non: push\njobs: {a: {runs-on: x, steps: [{run: 'true'}]}}\n", ""},
          {"CRLF", "name: x\r\non: push\r\njobs:\r\n  a: {runs-on: x, steps: [{run: 'true'}]}\r\n", ""},
          {"anchors and merge keys", "x: &x {runs-on: y}\non: push\njobs:\n  a: {<<: *x, steps: [{run: 'true'}]}\n", ""},
          {"unknown alias", "name: *nowhere\n", "a.yml:1:8"},
          {"alias bomb", alias_bomb(), "D03"},
          {"10,000 deep", std::string(10'000, '[') + std::string(10'000, ']'), "D03"},
          {"empty", "", ""},
          {"a list where a mapping is due", "- a\n- b\n", ""},
          {"duplicate key", "name: x\nname: y\non: push\n", "a.yml:2:1"}};
}

TEST(BadInput, EachFileIsToldWithItsPlaceAndTheOthersGoOn) {
  for (const BadFile& bad : bad_files()) {
    SCOPED_TRACE(bad.name);
    Folder folder;
    folder.write(kWorkflowPath, bad.bytes);
    folder.write(".github/workflows/other.yml", kOtherFault);
    const auto begin = std::chrono::steady_clock::now();
    const Outcome outcome = run_cli(folder.path(), {"check", "--all", "--offline"});
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
    EXPECT_EQ(outcome.code, 1) << outcome.out << outcome.err;
    EXPECT_NE(outcome.out.find("W13"), std::string::npos) << "the other file's fault is found: " << outcome.out;
    if (*bad.said != '\0')
      EXPECT_NE(outcome.out.find(bad.said), std::string::npos) << outcome.out;
    else
      EXPECT_EQ(outcome.out.find("a.yml:"), std::string::npos) << outcome.out;
  }
}

TEST(BadInput, AFileOfAHundredMegabytesIsListedAndNotRead) {
  Folder folder;
  folder.write("charts/values.yaml", "");
  std::filesystem::resize_file(folder.path() / "charts/values.yaml", 100u << 20);
  folder.write(".github/workflows/other.yml", kOtherFault);
  const Outcome outcome = run_cli(folder.path(), {"check", "--offline"});
  EXPECT_EQ(outcome.code, 1) << outcome.out;
  EXPECT_NE(outcome.out.find("charts/values.yaml"), std::string::npos) << outcome.out << outcome.err;
}

TEST(BadInput, WhatIsTooLargeToReadLeavesVerdictsUnknown) {
  Folder folder;
  folder.write("trueup.yaml", "version: 1\nrepositories: {acme/a: {path: a}, acme/b: {path: b}}\nclosed: true\n");
  folder.write("a/.github/workflows/s.yml", "on: push\njobs: {a: {runs-on: x, steps: [{uses: peter-evans/repository-dispatch@v3, with: "
                                            "{repository: acme/b, event-type: boo, token: x}}]}}\n");
  const std::string receiver = "on: {repository_dispatch: {types: [boo]}}\njobs: {a: {runs-on: x, steps: [{run: x}]}}\n";
  folder.write("b/.github/workflows/r.yml", receiver);
  EXPECT_EQ(run_cli(folder.path(), {"check"}).code, 0);
  std::filesystem::resize_file(folder.path() / "b/.github/workflows/r.yml", 40u << 20);
  const Outcome outcome = run_cli(folder.path(), {"check", "--all"});
  EXPECT_EQ(outcome.out.find("error["), std::string::npos) << "the receiver may be in what was not read: " << outcome.out;
  EXPECT_NE(outcome.out.find("unknown[W01]"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("note[D03"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find("r.yml: .github/workflows/r.yml"), std::string::npos) << "the path once: " << outcome.out;
}

TEST(BadInput, RepositoriesInOddStates) {
  Folder empty;
  ASSERT_TRUE(empty.git("init"));
  EXPECT_EQ(run_cli(empty.path(), {"check", "--offline"}).code, 0);

  Folder folder;
  folder.write(".github/workflows/other.yml", kOtherFault);
  ASSERT_TRUE(folder.git("init") && folder.git("add -A") && folder.git("commit -m one") && folder.git("checkout --detach"));
  EXPECT_EQ(run_cli(folder.path(), {"check", "--offline"}).code, 1) << "a detached HEAD";
  EXPECT_EQ(run_cli(folder.path(), {"check", "--offline", "--at", "HEAD"}).code, 1);

  const Outcome unknown = run_cli(folder.path(), {"check", "--at", "mian"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_NE(unknown.err.find("main"), std::string::npos) << "the nearest name: " << unknown.err;

  const Outcome nowhere = run_cli(folder.path(), {"check", "no/such/folder"});
  EXPECT_EQ(nowhere.code, 2);
  EXPECT_NE(nowhere.err.find("no/such/folder"), std::string::npos);
}

TEST(BadInput, AMissingObjectIsUnknownAndAFailure) {
  Folder folder;
  folder.write("charts/Chart.yaml", "apiVersion: v2\nname: p\nversion: v1\n");
  ASSERT_TRUE(folder.git("init") && folder.git("add -A") && folder.git("commit -m one"));
  ASSERT_TRUE(folder.git("rev-parse HEAD:charts/Chart.yaml"));
  const std::string find = "cd '" + folder.path().string() +
                           "' && id=$(git rev-parse HEAD:charts/Chart.yaml) && rm -f .git/objects/$(echo $id | cut -c1-2)/$(echo $id | cut -c3-)";
  ASSERT_EQ(std::system(find.c_str()), 0);
  const Outcome outcome = run_cli(folder.path(), {"check", "--offline", "--at", "main"});
  EXPECT_EQ(outcome.code, 3) << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find("charts/Chart.yaml"), std::string::npos) << outcome.out;
}

TEST(BadInput, LinksAreNotFollowedOutOfTheTree) {
  Folder outside, folder;
  outside.write("secret.yml", kOtherFault);
  std::filesystem::create_directories(folder.path() / ".github/workflows");
  std::filesystem::create_symlink(outside.path() / "secret.yml", folder.path() / ".github/workflows/a.yml");
  const Outcome outcome = run_cli(folder.path(), {"check", "--offline"});
  EXPECT_EQ(outcome.code, 0) << outcome.out;
}

TEST(BadInput, NamesThatWouldSpeakToATerminalAreShownHarmless) {
  Folder folder;
  folder.write(kWorkflowPath, "name: x\non: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n"
                              "      - run: ./\"\x1b[31m\"evil.sh\n      - run: ./::error::x.sh\n");
  const Outcome outcome = run_cli(folder.path(), {"check", "--offline", "--all"});
  EXPECT_EQ(outcome.out.find('\x1b'), std::string::npos);
}

TEST(Usage, ErrorsAreToldWithTheNearestName) {
  Folder folder;
  EXPECT_EQ(run_cli(folder.path(), {"chekc"}).code, 2);
  EXPECT_EQ(run_cli(folder.path(), {"check", "--only", "C99"}).code, 2);
  EXPECT_EQ(run_cli(folder.path(), {"check", "--format", "json", "--format", "terminal"}).code, 2);
  EXPECT_EQ(run_cli(folder.path(), {"query", "SELECT nam FROM chart"}).code, 2);
  const Outcome column = run_cli(folder.path(), {"query", "SELECT nam FROM chart"});
  EXPECT_NE(column.err.find("did you mean `name`"), std::string::npos) << column.err;
  EXPECT_EQ(run_cli(folder.path(), {"query", "DELETE FROM repository"}).code, 2);
  EXPECT_EQ(run_cli(folder.path(), {"query", "SELECT random()"}).code, 2);
  EXPECT_EQ(run_cli(folder.path(), {"explain", "C01"}).code, 0);
  EXPECT_EQ(run_cli(folder.path(), {"schema", "chart_dependency"}).code, 0);
  EXPECT_EQ(run_cli(folder.path(), {"schema", "chart_dependancy"}).code, 2);
  EXPECT_EQ(run_cli(folder.path(), {"version"}).code, 0);
}

TEST(OwnRules, AFolderThatIsNoneOfRulesIsRefused) {
  Folder folder;
  folder.write("trueup.yaml", "version: 1\nrule_folders: [many]\n");
  for (int i = 0; i <= 10'000; ++i) std::filesystem::create_directories(folder.path() / "many" / std::to_string(i));
  const Outcome outcome = run_cli(folder.path(), {"check"});
  EXPECT_EQ(outcome.code, 2) << outcome.out << outcome.err;
  EXPECT_NE(outcome.err.find("more than 10000 files"), std::string::npos) << outcome.err;
}

TEST(OwnRules, LoadWithTheirCasesAndTellTheirFaultsExactly) {
  Folder folder;
  const std::string rule = "id: own/no-latest\ncode: X01\nseverity: warning\nscope: file\ntitle: No chart is called latest\n"
                           "why: A test.\nreads: [chart]\nquery: |\n  SELECT c.span AS at, c.name FROM blob_chart c\n"
                           "  WHERE c.name = 'latest'\nkey: [name]\nmessage: \"{name} is a bad name\"\n";
  const std::string cases = "- case: it is\n  repositories: {acme/a: {Chart.yaml: \"apiVersion: v2\\nname: latest\\n\"}}\n"
                            "  findings: [{at: {text: latest}}]\n- case: it is not\n"
                            "  repositories: {acme/a: {Chart.yaml: \"apiVersion: v2\\nname: kong\\n\"}}\n";
  folder.write("policy/own/no-latest.yaml", rule);
  folder.write("policy/own/no-latest.cases.yaml", cases);
  folder.write("Chart.yaml", "apiVersion: v2\nname: latest\nversion: 1.0.0\n");
  const Outcome tested = run_cli(folder.path(), {"test", "policy"});
  EXPECT_EQ(tested.code, 0) << tested.out << tested.err;
  const Outcome checked = run_cli(folder.path(), {"check", "--offline", "--rules", "policy"});
  EXPECT_NE(checked.out.find("X01 own/no-latest"), std::string::npos) << checked.out << checked.err;

  folder.write("policy/own/no-latest.yaml", std::string(rule).replace(rule.find("c.name FROM"), 6, "c.nmae"));
  const Outcome broken = run_cli(folder.path(), {"check", "--offline", "--rules", "policy"});
  EXPECT_EQ(broken.code, 2);
  EXPECT_NE(broken.err.find("no-latest.yaml:9:24"), std::string::npos) << broken.err;
}

}  // namespace
}  // namespace trueup::e2e
