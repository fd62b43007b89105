// `trueup fix` as a person uses it: a patch that git takes, written trees, what is refused, and the codes that scripts read.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <tuple>

#include "e2e/run_cli.hpp"

namespace trueup::e2e {
namespace {

constexpr const char* kValues = "# of atlas\r\nimage:\r\n  tag: 0123  # the build's\r\n";
constexpr const char* kFixed = "# of atlas\r\nimage:\r\n  tag: \"0123\"  # the build's\r\n";
constexpr const char* kWorkflow =
    "on: push\njobs:\n  a:\n    if: github.ref == 'refs/heads/main' || 'refs/heads/beta'\n    runs-on: x\n    steps: []\n";
/// Two values of one key: which is meant is a guess.
constexpr const char* kTwice = "redis:\n  a: 1\natlas: {}\nredis:\n  b: 2\n";

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Fleet {
  Fleet() {
    folder.write("charts/values.yaml", kValues);
    folder.write("charts/Chart.yaml", "apiVersion: v2\nname: platform\nversion: 1.0.0\n");
    folder.write(".github/workflows/build.yml", kWorkflow);
    EXPECT_TRUE(folder.git("init") && folder.git("add -A") && folder.git("commit -m base"));
  }
  Folder folder;
};

TEST(Fix, PrintsAPatchThatGitAppliesAndThenThereIsNothingLeft) {
  const Fleet fleet;
  const Outcome outcome = run_cli(fleet.folder.path(), {"fix"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.err.find("proven: W13 "), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("proven: C25 "), std::string::npos) << outcome.err;
  EXPECT_EQ(read_file(fleet.folder.path() / "charts/values.yaml"), kValues) << "printing writes nothing";
  const Folder elsewhere;
  elsewhere.write("fix.patch", outcome.out);
  ASSERT_TRUE(fleet.folder.git("apply --whitespace=nowarn '" + (elsewhere.path() / "fix.patch").string() + "'")) << outcome.out;
  EXPECT_EQ(read_file(fleet.folder.path() / "charts/values.yaml"), kFixed);
  const Outcome again = run_cli(fleet.folder.path(), {"fix"});
  EXPECT_EQ(again.code, 0);
  EXPECT_EQ(again.out, "");
  EXPECT_EQ(again.err, "nothing to fix\n");
  EXPECT_EQ(run_cli(fleet.folder.path(), {"check"}).code, 0);
}

TEST(Fix, SaysInASubfolderHowGitTakesAllOfThePatch) {
  const Fleet fleet;
  const std::filesystem::path charts = fleet.folder.path() / "charts";
  const Outcome outcome = run_cli(charts, {"fix"});
  EXPECT_NE(outcome.err.find("1 file of the patch of local/"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find(" lies outside of charts, and `git apply` run here would pass over them"), std::string::npos) << outcome.err;
  const Folder elsewhere;
  elsewhere.write("fix.patch", outcome.out);
  const std::string patch = " --whitespace=nowarn '" + (elsewhere.path() / "fix.patch").string() + "'";
  // What git does there: it says that all went well.
  ASSERT_TRUE(fleet.folder.git("-C charts apply" + patch));
  EXPECT_EQ(read_file(charts / "values.yaml"), kFixed);
  EXPECT_EQ(read_file(fleet.folder.path() / ".github/workflows/build.yml"), kWorkflow);
  ASSERT_TRUE(fleet.folder.git("checkout charts"));
  ASSERT_TRUE(fleet.folder.git("-C charts -C \"$(git rev-parse --show-toplevel)\" apply" + patch)) << "what the note says";
  EXPECT_NE(read_file(fleet.folder.path() / ".github/workflows/build.yml"), kWorkflow);
  // Nothing is left out at the top, of a file inside, or where trueup writes it itself.
  EXPECT_EQ(run_cli(fleet.folder.path(), {"fix"}).err.find("git apply"), std::string::npos);
  ASSERT_TRUE(fleet.folder.git("checkout ."));
  EXPECT_EQ(run_cli(charts, {"fix", "C25"}).err.find("git apply"), std::string::npos);
  EXPECT_EQ(run_cli(charts, {"fix", "--apply"}).err.find("git apply"), std::string::npos);
}

TEST(Fix, TakesRulesAndFingerprints) {
  const Fleet fleet;
  const Outcome by_code = run_cli(fleet.folder.path(), {"fix", "C25"});
  EXPECT_NE(by_code.out.find("b/charts/values.yaml"), std::string::npos);
  EXPECT_EQ(by_code.out.find("build.yml"), std::string::npos);
  const auto report = nlohmann::json::parse(run_cli(fleet.folder.path(), {"check", "--format", "json"}).out);
  for (const auto& finding : report.at("findings")) {
    if (finding.at("code") != "W13") continue;
    EXPECT_EQ(finding.at("fix").at("unsafe"), false);
    const Outcome one = run_cli(fleet.folder.path(), {"fix", finding.at("fingerprint")});
    EXPECT_NE(one.out.find("|| github.ref == 'refs/heads/beta'"), std::string::npos);
    EXPECT_EQ(one.out.find("values.yaml"), std::string::npos);
  }
  EXPECT_EQ(run_cli(fleet.folder.path(), {"fix", "C99"}).code, 2);
}

TEST(Fix, WritesTheWorkingTree) {
  const Fleet fleet;
  const Outcome outcome = run_cli(fleet.folder.path(), {"fix", "--apply"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("wrote 2 files of local/"), std::string::npos) << outcome.out;
  EXPECT_EQ(read_file(fleet.folder.path() / "charts/values.yaml"), kFixed);
}

TEST(Fix, WritesOnePatchARepository) {
  const Fleet fleet;
  EXPECT_EQ(run_cli(fleet.folder.path(), {"fix", "--as", "acme/deploy", "--output", "patches"}).code, 0);
  EXPECT_NE(read_file(fleet.folder.path() / "patches/acme-deploy.patch").find("+  tag: \"0123\""), std::string::npos);
}

TEST(Fix, LeavesGuessesToTheOperator) {
  Fleet fleet;
  fleet.folder.write("charts/values.yaml", kTwice);
  const Outcome careful = run_cli(fleet.folder.path(), {"fix", "D02"});
  EXPECT_EQ(careful.code, 1) << careful.err;
  EXPECT_EQ(careful.out, "");
  EXPECT_NE(careful.err.find("withheld: D02 "), std::string::npos) << careful.err;
  EXPECT_NE(careful.err.find("--unsafe makes it"), std::string::npos);
  const Outcome bold = run_cli(fleet.folder.path(), {"fix", "D02", "--unsafe", "--apply"});
  EXPECT_EQ(bold.code, 0) << bold.err;
  EXPECT_EQ(read_file(fleet.folder.path() / "charts/values.yaml"), "redis:\n  a: 1\n  b: 2\natlas: {}\n");
}

TEST(Fix, OfTwoThatChangeTheSameBytesOneIsRefusedWithTheReason) {
  const Fleet fleet;
  const Folder rules;
  for (const auto& [name, code, version] : {std::tuple("one", "X01", "2.0.0"), std::tuple("two", "X02", "3.0.0")})
    rules.write("own/" + std::string(name) + ".yaml",
                "id: own/" + std::string(name) + "\ncode: " + code + "\nseverity: error\nscope: file\nreads: [chart]\ntitle: Another version\nwhy: W.\n" +
                    "query: SELECT c.version_span AS at, c.name FROM blob_chart c WHERE c.version = '1.0.0'\nkey: [name]\nmessage: m\n" +
                    "fix: {replace: at, with: " + version + "}\n");
  const Outcome outcome = run_cli(fleet.folder.path(), {"fix", "--rules", rules.path().string(), "X01", "X02"});
  EXPECT_EQ(outcome.code, 1) << "a finding that could be fixed is left: " << outcome.err;
  EXPECT_NE(outcome.out.find("+version: 2.0.0"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.err.find("refused: X02 "), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("it meets the fix of X01 in charts/Chart.yaml: both change the bytes "), std::string::npos) << outcome.err;
}

TEST(Fix, ChangesNoTag) {
  const Fleet fleet;
  ASSERT_TRUE(fleet.folder.git("tag v1.0.0"));
  const Outcome outcome = run_cli(fleet.folder.path(), {"fix", "--at", "v1.0.0"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find("immutable: C25 "), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("publish what comes after v1.0.0"), std::string::npos) << outcome.err;
}

TEST(Fix, IsOfferedByReports) {
  const Fleet fleet;
  const Outcome terminal = run_cli(fleet.folder.path(), {"check"});
  EXPECT_NE(terminal.out.find("  fix: trueup fix C25\n"), std::string::npos) << terminal.out;
  const auto rdjson = nlohmann::json::parse(run_cli(fleet.folder.path(), {"check", "--format", "rdjson"}).out);
  std::size_t suggestions = 0;
  for (const auto& diagnostic : rdjson.at("diagnostics")) suggestions += diagnostic.contains("suggestions") ? diagnostic.at("suggestions").size() : 0;
  EXPECT_GE(suggestions, 2u) << rdjson.dump(1);
}

/// After everything that can be proven is written, nothing is left that could be: on the fleets that scripts/demo shows, but for rings,
/// whose branches hold copies of their own until their base is merged into them.
class FixedFleet : public testing::TestWithParam<const char*> {};

TEST_P(FixedFleet, IsLeftWithoutAProvenFix) {
  const std::filesystem::path fixtures = std::filesystem::path(TRUEUP_SOURCE_DIR) / "fixtures" / GetParam();
  const Folder folder;
  const bool has_history = std::filesystem::exists(fixtures / "make-history");
  if (has_history) {
    const std::string command = "'" + (fixtures / "make-history").string() + "' '" + folder.path().string() + "' >/dev/null 2>&1";
    ASSERT_EQ(std::system(command.c_str()), 0);
  } else {
    std::filesystem::copy(fixtures, folder.path(), std::filesystem::copy_options::recursive);
  }
  std::vector<std::string> words = {"fix", "--unsafe", "--config", "trueup.yaml"};
  if (std::filesystem::exists(fixtures / "registry")) words.insert(words.end(), {"--replay", "registry"});
  else words.emplace_back("--offline");
  std::vector<std::string> apply = words;
  apply.emplace_back("--apply");
  const Outcome first = run_cli(folder.path(), apply);
  EXPECT_NE(first.code, 2) << first.err;
  for (const auto& repository : std::filesystem::directory_iterator(folder.path() / "acme"))  // a branch is judged as it was committed
    if (std::filesystem::exists(repository.path() / ".git")) folder.git("-C '" + repository.path().string() + "' commit -q -a -m fixed");
  const Outcome again = run_cli(folder.path(), words);
  EXPECT_EQ(again.out, "") << "a patch is left";
  EXPECT_EQ(again.err.find("proven: "), std::string::npos) << again.err;
}

INSTANTIATE_TEST_SUITE_P(Fixtures, FixedFleet, testing::Values("move", "argocd", "streams", "atlantis", "train", "tenants"),
                         [](const auto& parameter) { return std::string(parameter.param); });

}  // namespace
}  // namespace trueup::e2e
