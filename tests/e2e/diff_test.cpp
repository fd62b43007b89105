// trueup diff: two results, two recordings, and what is neither.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/run_cli.hpp"
#include "golden.hpp"

namespace trueup::e2e {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class DiffTest : public testing::Test {
 protected:
  static constexpr const char* kWorkflow = "name: Build\non: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n";

  void check(const std::string& script, const std::string& file, const std::vector<std::string>& more = {}) {
    folder_.write("app/.github/workflows/build.yml", kWorkflow + script);
    std::vector<std::string> words = {"check", "app", "--as", "acme/app", "--only", "W30,C25", "--format", "json=" + file};
    words.insert(words.end(), more.begin(), more.end());
    ASSERT_NE(run_cli(folder_.path(), words).code, 2);
  }
  Outcome diff(const std::string& a, const std::string& b, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"diff", a, b};
    words.insert(words.end(), more.begin(), more.end());
    return run_cli(folder_.path(), words);
  }
  Folder folder_;
};

TEST_F(DiffTest, TellsWhatTwoResultsDoNotHaveInCommon) {
  check("      - run: ./scripts/one.sh\n      - run: ./scripts/two.sh\n", "a.json");
  check("\n      - run: ./scripts/two.sh\n      - run: ./scripts/three.sh\n", "b.json");
  const Outcome same = diff("a.json", "a.json");
  EXPECT_EQ(same.code, 0);
  EXPECT_EQ(same.out, "the same\n");
  const Outcome outcome = diff("a.json", "b.json");
  EXPECT_EQ(outcome.code, 1) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("new: error[W30 workflow/path-exists] acme/app .github/workflows/build.yml:10:14"));
  EXPECT_THAT(outcome.out, HasSubstr("gone: error[W30 workflow/path-exists] acme/app .github/workflows/build.yml:8:14"));
  EXPECT_THAT(outcome.out, testing::EndsWith("\n1 new, 1 gone\n"));
  const Outcome back = diff("b.json", "a.json", {"--format", "json"});
  EXPECT_THAT(back.out, HasSubstr("\"kind\":\"gone\""));
}

TEST_F(DiffTest, AnUnknownIsNeitherNewNorGone) {
  const fs::path move = fs::path(TRUEUP_SOURCE_DIR) / "fixtures/move";
  const auto run = [&](const std::string& file, const std::vector<std::string>& more) {
    std::vector<std::string> words = {"check", "--config", (move / "trueup.yaml").string(), "--only", "C01", "--format", "json=" + file};
    words.insert(words.end(), more.begin(), more.end());
    run_cli(folder_.path(), words);
  };
  run("asked.json", {"--replay", (move / "registry").string()});
  run("offline.json", {"--offline"});
  const Outcome lost = diff("asked.json", "offline.json");
  EXPECT_EQ(lost.code, 1);
  EXPECT_THAT(lost.out, HasSubstr("now unknown: error[C01 chart/version-published]"));
  EXPECT_THAT(lost.out, testing::Not(HasSubstr("gone")));
  const Outcome found = diff("offline.json", "asked.json");
  EXPECT_THAT(found.out, HasSubstr("now known: "));
  EXPECT_THAT(found.out, HasSubstr("new: error[C01 chart/version-published]"));
}

TEST_F(DiffTest, WhatAServerThatAnswersLessDoesNotTellIsNotGone) {
  const auto report = [](const std::string& findings, int open, bool reads_servers) {
    return R"({"schema_version":1,"tool":{"name":"trueup"},"unknowns":[],"suppressed":[],"repositories":[],"rules":[{"rule_id":"ring/x","reads_servers":)" +
           std::string(reads_servers ? "true" : "false") + R"(}],"hosts":[{"host":"argocd.example","unknown":)" + std::to_string(open) + R"(}],"findings":[)" + findings + "]}";
  };
  const std::string finding = R"({"fingerprint":"f1","rule_id":"ring/x","code":"R99","severity":"error","message":"left over","at":{"path":"x","begin":{"line":1,"column":1}}})";
  const auto diff_of = [&](int open_before, int open_after, bool reads_servers) {
    folder_.write("a.json", report(finding, open_before, reads_servers));
    folder_.write("b.json", report("", open_after, reads_servers));
    return diff("a.json", "b.json").out;
  };
  EXPECT_THAT(diff_of(0, 1, true), testing::AllOf(HasSubstr("now unknown: error[R99 ring/x]"), HasSubstr("+ argocd.example left 1 questions open")));
  EXPECT_THAT(diff_of(2, 2, true), HasSubstr("gone: "));
  EXPECT_THAT(diff_of(0, 1, false), HasSubstr("gone: ")) << "what it says hangs on no server";
}

TEST_F(DiffTest, WhatWasNotJudgedIsNotGone) {
  check("      - run: ./scripts/one.sh\n", "a.json");
  run_cli(folder_.path(), {"check", "app", "--as", "acme/app", "--only", "C25", "--format", "json=other-rule.json"});
  EXPECT_THAT(diff("a.json", "other-rule.json").out, HasSubstr("now unknown: error[W30 workflow/path-exists]"));
  run_cli(folder_.path(), {"check", "app", "--as", "acme/else", "--only", "W30,C25", "--format", "json=other-name.json"});
  EXPECT_THAT(diff("a.json", "other-name.json").out, HasSubstr("+ acme/app was not judged\n"));
}

TEST_F(DiffTest, TellsWhatTwoRecordingsDoNotHaveInCommon) {
  const fs::path registry = fs::path(TRUEUP_SOURCE_DIR) / "fixtures/move/registry";
  fs::copy(registry, folder_.path() / "a");
  fs::copy(registry, folder_.path() / "b");
  EXPECT_EQ(diff("a", "b").code, 0);
  std::string tags = test::read_text(folder_.path() / "b/tags-charts-heka-200.json");
  folder_.write("b/tags-charts-heka-200.json", tags.replace(tags.find("\"status\": 200"), 13, "\"status\": 503"));
  std::string atlas = test::read_text(folder_.path() / "b/tags-charts-atlas-200.json");
  folder_.write("b/tags-charts-atlas-200.json", atlas.replace(atlas.find("fff0000"), 7, "fff0001"));
  fs::remove(folder_.path() / "b/tags-charts-atlas-read-200.json");
  const Outcome outcome = diff("a", "b");
  EXPECT_EQ(outcome.code, 1) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("now unknown: GET registry.example/v2/charts/heka/tags/list"));
  EXPECT_THAT(outcome.out, HasSubstr("changed: GET registry.example/v2/charts/atlas/tags/list"));
  EXPECT_THAT(outcome.out, HasSubstr("gone: GET registry.example/v2/charts/atlas-read/tags/list"));
}

TEST_F(DiffTest, SaysWhatIsNeither) {
  folder_.write("a.json", "{}");
  folder_.write("deep.json", std::string(100'000, '['));
  fs::create_directories(folder_.path() / "empty");
  fs::create_directories(folder_.path() / "other");
  folder_.write("other/x.json", "[]");
  const struct {
    const char *a, *b, *says;
  } rows[] = {
      {"a.json", "gone.json", "there is no such file"},   {"a.json", "a.json", "the first is no report of trueup"},
      {"deep.json", "a.json", "no report of trueup"},     {"a.json", "empty", "is a folder, and the other one a file"},
      {"empty", "empty", "holds no recorded exchange"},   {"other", "empty", "is no recorded exchange"},
  };
  for (const auto& row : rows) {
    const Outcome outcome = diff(row.a, row.b);
    EXPECT_EQ(outcome.code, 2) << row.a << ' ' << row.b;
    EXPECT_THAT(outcome.err, HasSubstr(row.says)) << row.a << ' ' << row.b;
  }
}

}  // namespace
}  // namespace trueup::e2e
