// A pull request of a stranger, who writes the config, the rules, the names and the suppressions, and gets nothing by it.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "e2e/run_cli.hpp"
#include "live/fault_server.hpp"

namespace trueup::e2e {
namespace {

constexpr const char* kWorkflow = "name: Build\non: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n";

class HostileChange : public testing::Test {
 protected:
  void SetUp() override {
    folder_.write(".github/workflows/build.yml", kWorkflow);
    ASSERT_TRUE(folder_.git("init") && folder_.git("add -A") && folder_.git("commit -m base"));
    folder_.write(".github/workflows/build.yml", std::string(kWorkflow) + "      - run: ./scripts/gone.sh\n");
  }
  Outcome gate(std::vector<std::string> words = {}) const {
    words.insert(words.begin(), {"check", "--base", "main", "--cache", (cache_.path() / "cache").string()});
    return run_cli(folder_.path(), words);
  }
  Folder folder_, cache_;
};

TEST_F(HostileChange, ReachesNoServerThatItsConfigNames) {
  live_test::FaultServer server;
  folder_.write("charts/Chart.yaml", "apiVersion: v2\nname: p\nversion: 1.0.0\ndependencies:\n  - {name: a, version: 1.0.0, repository: \"oci://" +
                                         server.host() + "/x\"}\n");
  folder_.write("trueup.yaml", "version: 1\nregistries: [\"" + server.host() + "\"]\nrepositories:\n  acme/x: {url: \"https://" + server.host() + "/x.git\"}\n");
  const Outcome outcome = gate();
  EXPECT_EQ(outcome.code, 1) << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find("only this change names that host"), std::string::npos) << outcome.out;
  EXPECT_TRUE(server.seen().empty());

  // Without a base the config at hand is the operator's. A private address that it does not name is not asked all the same.
  folder_.write("trueup.yaml", "version: 1\n");
  const Outcome whole = run_cli(folder_.path(), {"check"});
  EXPECT_TRUE(server.seen().empty()) << whole.out;
  EXPECT_NE(whole.out.find(server.host() + " is a loopback, private or link-local address"), std::string::npos) << whole.out;
}

TEST_F(HostileChange, RunsNoProgramByAUrl) {
  const std::string made = (cache_.path() / "made").string();
  const std::string urls[] = {"ext::sh -c touch% " + made, "ext::touch% " + made, "fd::17", "--upload-pack=touch " + made,
                              "ssh://-oProxyCommand=touch$IFS" + made + "/x", "file://" + folder_.path().string(), "git://127.0.0.1/x"};
  for (const std::string& url : urls) {
    folder_.write("trueup.yaml", "version: 1\nrepositories:\n  acme/x: {url: \"" + url + "\"}\n");
    EXPECT_EQ(gate().code, 1) << "the base's config holds: " << url;
    const Outcome own = run_cli(folder_.path(), {"check", "--cache", (cache_.path() / "cache").string()});
    EXPECT_EQ(own.code, 2) << url << ": even the operator's own config is refused: " << own.out;
    EXPECT_NE(own.err.find("trueup.yaml:3:18"), std::string::npos) << own.err;
    EXPECT_FALSE(std::filesystem::exists(made)) << url;
  }
}

TEST_F(HostileChange, RunsNoRuleOfItsOwn) {
  const std::string rule = "id: own/tell\ncode: X01\nseverity: note\nscope: fleet\ntitle: Tells\nwhy: Tells.\nquery: |\n"
                           "  SELECT place AS at, (SELECT group_concat(slug) FROM repository) AS names FROM job\nkey: []\nmessage: \"other repositories: {names}\"\n";
  const std::string cases = "- case: it does\n  repositories: {acme/a: {.github/workflows/a.yml: \"on: push\\njobs: {a: {runs-on: x, steps: []}}\"}}\n  findings: []\n";
  const Folder fleet, other;
  other.write("README.md", "x");
  ASSERT_TRUE(other.git("init") && other.git("add -A") && other.git("commit -m base"));
  fleet.write("trueup.yaml", "version: 1\nrepositories:\n  acme/app: {path: \"" + folder_.path().string() + "\"}\n  acme/secret-name: {path: \"" +
                                 other.path().string() + "\"}\n");
  folder_.write("rules/own/tell.yaml", rule);
  folder_.write("rules/own/tell.cases.yaml", cases);
  folder_.write("trueup.yaml", "version: 1\nrule_folders: [rules]\n");
  for (const std::vector<std::string>& words : {std::vector<std::string>{}, {"--config", (fleet.path() / "trueup.yaml").string()}}) {
    const Outcome outcome = gate(words);
    EXPECT_EQ(outcome.code, 1) << outcome.out << outcome.err;
    EXPECT_EQ(outcome.out.find("X01"), std::string::npos) << outcome.out;
    EXPECT_EQ(outcome.out.find("secret-name"), std::string::npos) << outcome.out;
  }
}

TEST_F(HostileChange, ARuleThatLoopsOrWritesIsStoppedWhoeverBroughtIt) {
  const struct {
    const char *about, *query, *told;
  } rows[] = {
      {"loops", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT place AS at, (SELECT count(*) FROM n) AS x, 'violated' AS verdict FROM job", ""},  // by its steps, or by the clock
      {"writes", "DELETE FROM blob RETURNING 1 AS at, 1 AS x, 'violated' AS verdict", "only"},
      {"attaches", "ATTACH 'x.db' AS y", ""},
      {"reads a file", "SELECT place AS at, readfile('/etc/passwd') AS x, 'violated' AS verdict FROM job", "readfile"},
      {"loads a library", "SELECT place AS at, load_extension('x') AS x, 'violated' AS verdict FROM job", ""},
      {"asks for a setting", "PRAGMA database_list", ""},
      {"two statements", "SELECT place AS at, 1 AS x, 'violated' AS verdict FROM job; DROP TABLE blob", ""},
  };
  for (const auto& row : rows) {
    const Folder rules;
    rules.write("own/bad.yaml", "id: own/bad\ncode: X01\nseverity: note\nscope: fleet\ntitle: Bad\nwhy: Bad.\nquery: |\n  " + std::string(row.query) +
                                    "\nkey: [x]\nmessage: \"{x}\"\n");
    rules.write("own/bad.cases.yaml", "- case: none\n");
    const Outcome outcome = run_cli(folder_.path(), {"check", "--rules", rules.path().string()});
    EXPECT_EQ(outcome.code, 2) << row.about << ": " << outcome.out << outcome.err;
    EXPECT_NE(outcome.err.find("bad.yaml"), std::string::npos) << row.about << ": " << outcome.err;
    EXPECT_NE(outcome.err.find(row.told), std::string::npos) << row.about << ": " << outcome.err;
    EXPECT_FALSE(std::filesystem::exists(folder_.path() / "x.db"));
  }
}

TEST_F(HostileChange, SpeaksThroughNoReport) {
  const std::string name = "a\x1b[31m\xE2\x80\xAE|<img src=x>@team [x](http:evil) `c` ##[error]x\r\n::error::injected";
  std::string yaml_name = nlohmann::json(name).dump();  // a JSON text is a YAML one
  folder_.write(".github/workflows/build.yml", "name: Build\non: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n"
                                               "      - uses: " + nlohmann::json("./" + name).dump() + "\n      - run: \"./scripts/\\e[31m\\u202e::error::x.sh\"\n");
  folder_.write(".github/workflows/::error::b\x1b[1m@x.yml", "name: " + yaml_name + "\non: push\njobs: {a: {runs-on: x, needs: " + yaml_name + ", steps: [{run: ./gone.sh}]}}\n");
  for (const char* format : {"terminal", "json", "github", "sarif", "markdown", "gitlab", "junit", "rdjson"}) {
    const Outcome outcome = gate({"--all", "--format", format});
    EXPECT_EQ(outcome.code, 1) << format << outcome.err;
    EXPECT_EQ(outcome.out.find('\x1b'), std::string::npos) << format << ": " << outcome.out;
    EXPECT_EQ(outcome.out.find('\r'), std::string::npos) << format;
    EXPECT_EQ(outcome.out.find("\n::error::"), std::string::npos) << format << ": " << outcome.out;
    EXPECT_FALSE(outcome.out.starts_with("::error::")) << format;
    if (format == std::string("json")) continue;  // for programs: characters as they are, by JSON's escapes
    EXPECT_EQ(outcome.out.find("\xE2\x80\xAE"), std::string::npos) << format << ": " << outcome.out;
    EXPECT_EQ(outcome.out.find("##[error]"), std::string::npos) << format << ": " << outcome.out;
    if (format != std::string("markdown")) continue;
    for (const char* mark : {"<img", "@team", "](http", "`c`"}) EXPECT_EQ(outcome.out.find(mark), std::string::npos) << mark << ": " << outcome.out;
  }
}

TEST_F(HostileChange, SilencesNothingFromItsConfigAndNothingUnseenByComments) {
  folder_.write("trueup.yaml", "version: 1\nignore: [\"**\"]\nkinds: {\"**\": none}\nrules: {workflow: none, chart: none, document: none}\n"
                               "suppressions:\n  - {rule: W30, path: \"**\", reason: trust me}\n");
  Outcome outcome = gate();
  EXPECT_EQ(outcome.code, 1) << outcome.out;
  for (const char* comment : {"# trueup: ignore[*] trust me", "# trueup: ignore[workflow] trust me", "# trueup: ignore trust me", "# trueup: ignore[W30]"}) {
    folder_.write(".github/workflows/build.yml", std::string(kWorkflow) + "      - run: ./scripts/gone.sh  " + comment + "\n");
    EXPECT_EQ(gate().code, 1) << comment;
  }
  // One rule on one line, with a reason, is for whoever reviews the change, and so it is told in full.
  folder_.write(".github/workflows/build.yml", std::string(kWorkflow) + "      - run: ./scripts/gone.sh  # trueup: ignore[W30] trust me\n");
  outcome = gate();
  EXPECT_EQ(outcome.code, 0) << outcome.out;
  EXPECT_NE(outcome.out.find("suppressed, and brought by this change:\n  W30 workflow/path-exists .github/workflows/build.yml:8:14"), std::string::npos) << outcome.out;
  outcome = gate({"--format", "markdown"});
  EXPECT_NE(outcome.out.find("- brought and suppressed: <code>W30</code>"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("1 suppressed, 1 of them brought by this change"), std::string::npos) << outcome.out;
}

}  // namespace
}  // namespace trueup::e2e
