// What others copy or install: the examples, the action as a runner runs it, the packages.

#include <gtest/gtest.h>

#include <cstdio>

#include "cli/config.hpp"
#include "e2e/run_action.hpp"
#include "live/child_process.hpp"
#include "live/fault_server.hpp"

namespace trueup::e2e {
namespace {

using live_test::find_program;
namespace fs = std::filesystem;

const fs::path kRoot = TRUEUP_SOURCE_DIR;

/// A program on PATH, or where scripts/install-go-tools builds it.
std::string find_tool(const std::string& name) {
  const std::string on_path = find_program(name);
  const fs::path built = kRoot / "build/tools" / name;
  return !on_path.empty() ? on_path : fs::exists(built) ? built.string() : "";
}

/// Runs a shell command; its code and all that it prints.
std::pair<int, std::string> run_shell(const Folder& folder, const std::string& command) {
  const fs::path log = folder.path() / "command.log";
  const int status = std::system(("cd " + shell_quoted(folder.path().string()) + " && { " + command + "; } >" + shell_quoted(log.string()) + " 2>&1").c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text_of(log)};
}

std::vector<fs::path> examples() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(kRoot / "examples"))
    if (entry.path().extension() == ".yml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
  return text;
}

/// A repository that has the action in it, so that its inputs are known, and an example as its workflow.
void write_example(const Folder& folder, const fs::path& example) {
  folder.write("action.yml", text_of(kRoot / "action.yml"));
  folder.write(".github/workflows/" + example.filename().string(), replaced(text_of(example), "acme/trueup@v0.1.0", "./"));
}

TEST(Examples, AreRightByTrueupItself) {
  ASSERT_EQ(examples().size(), 6u);
  for (const fs::path& example : examples()) {
    const Folder folder;
    write_example(folder, example);
    for (const char* file : {"charts/app/values.yaml", "teams/payments/trueup.yaml"}) folder.write(file, "version: 1\n");
    ASSERT_TRUE(folder.git("init") && folder.git("add -A") && folder.git("commit -m base"));
    const Outcome outcome = run_cli(folder.path(), {"check", "--offline", "--fail-on", "note"});
    EXPECT_EQ(outcome.code, 0) << example << '\n' << outcome.out << outcome.err;
  }
}

TEST(Examples, TheManifestsConfigHolds) {
  const std::string manifest = text_of(kRoot / "examples/kubernetes/audit.yaml");
  const std::string begin = "  trueup.yaml: |\n";
  const std::size_t at = manifest.find(begin) + begin.size();
  const std::string config = replaced('\n' + manifest.substr(at, manifest.find("  gitconfig:") - at), "\n    ", "\n");
  const cli::ConfigResult read = cli::parse_config("trueup.yaml", config);
  ASSERT_TRUE(read.config) << config;
  EXPECT_EQ(read.config->repositories.size(), 2u);
  // Each option of its command is one.
  std::istringstream lines(manifest);
  std::vector<std::string> words = {"audit"};
  for (std::string line; std::getline(lines, line);)
    if (const std::size_t option = line.find("- --"); option != std::string::npos) words.push_back(line.substr(option + 2));
  EXPECT_GT(words.size(), 6u);
  const cli::ParsedArguments parsed = cli::parse_arguments(words);
  EXPECT_TRUE(parsed.arguments) << parsed.text;
}

TEST(OwnWorkflows, AreRightByTrueupItself) {
  const Folder folder;
  for (const char* part : {"action.yml", "action", "scripts", ".github", "CMakeLists.txt"})
    fs::copy(kRoot / part, folder.path() / part, fs::copy_options::recursive);
  ASSERT_TRUE(folder.git("init") && folder.git("add -A") && folder.git("commit -m base"));
  const Outcome outcome = run_cli(folder.path(), {"check", "--offline", "--fail-on", "note"});
  EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
}

TEST(Examples, AreRightByActionlint) {
  const std::string actionlint = find_tool("actionlint");
  if (actionlint.empty()) GTEST_SKIP() << "actionlint is not there (scripts/install-go-tools): the examples were NOT checked by it";
  for (const fs::path& example : examples()) {
    const Folder folder;
    write_example(folder, example);
    ASSERT_TRUE(folder.git("init"));
    const auto [code, log] = run_shell(folder, shell_quoted(actionlint) + " -no-color");
    EXPECT_EQ(code, 0) << example << '\n' << log;
  }
  const Folder own;
  own.write("action.yml", text_of(kRoot / "action.yml"));
  own.write(".github/workflows/release.yml", text_of(kRoot / ".github/workflows/release.yml"));
  ASSERT_TRUE(own.git("init"));
  const auto [code, log] = run_shell(own, shell_quoted(actionlint) + " -no-color");
  EXPECT_EQ(code, 0) << log;
}

TEST(ActionFile, HandsTextToScriptsOnlyByVariables) {
  std::vector<fs::path> files = examples();
  files.push_back(kRoot / "action.yml");
  files.push_back(kRoot / ".github/workflows/release.yml");
  for (const fs::path& file : files) {
    std::istringstream lines(text_of(file));
    std::size_t run_indent = std::string::npos;
    for (std::string line; std::getline(lines, line);) {
      const std::size_t indent = line.find_first_not_of(" -");
      if (indent == std::string::npos) continue;
      if (run_indent != std::string::npos && indent <= run_indent) run_indent = std::string::npos;
      if (line.compare(indent, 4, "run:") == 0) run_indent = indent;
      EXPECT_FALSE(run_indent != std::string::npos && line.find("${{") != std::string::npos) << file << ": " << line;
    }
  }
}

TEST(ActionFile, ItsScriptsGetEveryVariableThatTheyRead) {
  // What the runner sets, what a script sets itself, and what lib.sh says of the rest.
  const std::string action = text_of(kRoot / "action.yml");
  for (const char* script : {"choose.sh", "install.sh", "history.sh", "check.sh", "issue.sh", "upload-sarif.sh", "comment.sh", "verdict.sh"}) {
    const std::string text = text_of(kRoot / "action" / script);
    const std::size_t step = action.find(std::string("action/") + script);
    ASSERT_NE(step, std::string::npos) << script;
    const std::string below = action.substr(step, action.find("\n    - ", step) - step);
    const std::size_t in = text.find("In: ");
    ASSERT_NE(in, std::string::npos) << script << " says what it reads";
    for (std::size_t at = below.find("\n        "); at != std::string::npos; at = below.find("\n        ", at + 1)) {
      const std::string name = below.substr(at + 9, below.find(':', at) - at - 9);
      EXPECT_TRUE(text.find('$' + name) != std::string::npos || text.find("${" + name) != std::string::npos ||
                  (name == "TOKEN" && text.find("api ") != std::string::npos) || (name == "WANTED" && text.find("could_not") != std::string::npos))
          << script << " is given " << name << " and reads it nowhere";
    }
  }
}

TEST(Scripts, AreRightByShellcheck) {
  const std::string shellcheck = find_program("shellcheck");
  if (shellcheck.empty()) GTEST_SKIP() << "shellcheck is not installed: the scripts were NOT checked by it";
  const Folder folder;
  const auto [code, log] = run_shell(folder, "cd " + shell_quoted(kRoot.string()) + " && " + shell_quoted(shellcheck) + " -x action/*.sh scripts/*");
  EXPECT_EQ(code, 0) << log;
}

TEST(JunitReports, AreWellFormedAndCountThemselves) {
  const std::string python = find_program("python3");
  if (python.empty()) GTEST_SKIP() << "python3 is not installed: the JUnit goldens were NOT parsed by another reader";
  const Folder folder;
  folder.write("check.py", R"(import sys, xml.etree.ElementTree as tree
for file in sys.argv[1:]:
    root = tree.parse(file).getroot()
    assert root.tag == 'testsuites', root.tag
    for suite in [root] + list(root):
        cases = suite.findall('.//testcase')
        assert cases and int(suite.get('tests')) == len(cases), file
        for kind, count in (('failure', 'failures'), ('error', 'errors'), ('skipped', 'skipped')):
            assert int(suite.get(count)) == len(suite.findall('.//' + kind)), (file, kind)
    for case in root.iter('testcase'):
        assert case.get('name') and case.get('classname'), file
        assert len(case) <= 1 and all(child.tag in ('failure', 'error', 'skipped', 'system-out') for child in case), file
)");
  std::string command = shell_quoted(python) + " check.py";
  for (const char* file : {"junit.xml", "junit-base.xml", "junit-nothing.xml"})
    command += ' ' + shell_quoted((kRoot / "tests/report/goldens" / file).string());
  const auto [code, log] = run_shell(folder, command);
  EXPECT_EQ(code, 0) << log;
}

// ------------------------------------------------------------------------------------------------ the packages

TEST(Packages, HoldAProgramThatRuns) {
  if (find_program("cpack").empty() || find_program("dpkg-deb").empty() || find_program("dpkg-shlibdeps").empty())
    GTEST_SKIP() << "cpack or dpkg-dev is not installed: the packages were NOT made";
  const Folder folder;
  const auto [code, log] = run_shell(folder, "cpack --config " + shell_quoted(TRUEUP_BINARY_DIR "/CPackConfig.cmake") + " -B . && mkdir tarball deb && "
                                             "tar -xzf trueup-*.tar.gz -C tarball --strip-components=1 && dpkg-deb --extract trueup_*.deb deb");
  ASSERT_EQ(code, 0) << log;
  const auto [asked, fields] = run_shell(folder, "dpkg-deb --field trueup_*.deb Package Version Depends");
  EXPECT_NE(fields.find("libcurl4"), std::string::npos) << "loaded by name, so no tool finds it: " << fields;
  EXPECT_NE(fields.find("libc6"), std::string::npos) << fields;
  for (const char* program : {"tarball/bin/trueup", "deb/usr/bin/trueup"}) {
    ASSERT_TRUE(fs::exists(folder.path() / program)) << log;
    const auto [found, report] = run_shell(folder, "./" + std::string(program) + " check --config " + shell_quoted((kRoot / "fixtures/move/trueup.yaml").string()) +
                                                       " --replay " + shell_quoted((kRoot / "fixtures/move/registry").string()));
    EXPECT_EQ(found, 1) << report;
    EXPECT_NE(report.find("error[C01 chart/version-published]"), std::string::npos) << report;
  }
}

// ------------------------------------------------------------------------------------------------ the action by act

constexpr const char* kBuild = "name: Build\non: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
                               "      - uses: actions/checkout@v4\n      - run: ./scripts/one.sh\n";
constexpr const char* kCheck = R"(name: trueup
on: pull_request
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - id: trueup
        uses: acme/trueup@v0.1.0
        with:
          binary: BINARY
      - if: ${{ always() }}
        env:
          RESULT: ${{ steps.trueup.outputs.result }}
          ERRORS: ${{ steps.trueup.outputs.errors }}
          FIXED: ${{ steps.trueup.outputs.fixed }}
        run: echo "outputs $RESULT errors=$ERRORS fixed=$FIXED"
)";

constexpr const char* kAudit = R"(name: audit
on: schedule
jobs:
  audit:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - id: trueup
        uses: acme/trueup@v0.1.0
        with:
          binary: BINARY
          mode: audit
          history: HISTORY
          new-only: true
)";

/// A repository whose workflows act runs as a runner would, against a forge of the test's own.
class ActionByAct : public testing::Test {
 protected:
  void SetUp() override {
    act_ = find_tool("act");
    if (act_.empty()) GTEST_SKIP() << "act is not there (scripts/install-go-tools): the action was NOT run as a runner runs it";
    for (const char* program : {"bash", "jq", "curl"})
      if (find_program(program).empty()) GTEST_SKIP() << program << " is not installed: the action was NOT run";
    github_.on("/user", live_test::json_reply("{}", 403));
    github_.on("/repos/acme/deploy/code-scanning/sarifs", live_test::json_reply("{\"id\": \"1\"}", 202));
    folder_.write("repository/.github/workflows/build.yml", kBuild);
    folder_.write("repository/scripts/one.sh", "");
    // act copies the whole of an action's repository: here without what building left in it.
    fs::create_directories(folder_.path() / "action");
    for (const char* part : {"action", "action.yml", "CMakeLists.txt"}) fs::copy(kRoot / part, folder_.path() / "action" / part, fs::copy_options::recursive);
    for (const char* stub : {"stub/action.yml", "stub/restore/action.yml", "stub/save/action.yml"}) folder_.write(stub, "name: stub\nruns: {using: composite, steps: []}\n");
    // act reads actions as they are committed.
    ASSERT_EQ(run_shell(folder_, "git init -q -b main stub && git -C stub add -A && git -C stub -c user.name=t -c user.email=t@acme.example commit -q -m stub").first, 0);
  }

  /// Commits all of the repository and gives the id.
  std::string commit(const std::string& message) {
    const std::string git = "git -C repository -c user.name=t -c user.email=t@acme.example ";
    const auto [code, log] = run_shell(folder_, "git init -q -b main repository && " + git + "add -A && " + git + "commit -q -m " + message + " && " + git + "rev-parse HEAD");
    EXPECT_EQ(code, 0) << log;
    return log.substr(0, 40);
  }

  /// --local-repository: nothing is fetched; the checkout is act's own. A runner gives these variables itself.
  std::pair<int, std::string> run(const std::string& event, const std::string& workflow) {
    const std::string stub = shell_quoted((folder_.path() / "stub").string());
    return run_shell(folder_, "cd repository && HOME=" + shell_quoted(folder_.path().string()) + ' ' + shell_quoted(act_) + ' ' + event +
                                  " -P ubuntu-latest=-self-hosted -W .github/workflows/" + workflow + " -e ../event.json --pull=false" +
                                  " --action-cache-path " + shell_quoted((folder_.path() / "act-cache").string()) +
                                  " --local-repository actions/cache@v4=" + stub + " --local-repository actions/checkout@v4=" + stub +
                                  " --local-repository acme/trueup@v0.1.0=" + shell_quoted((folder_.path() / "action").string()) +
                                  " --env GITHUB_REPOSITORY=acme/deploy --env GITHUB_API_URL=" + github_.url(""));
  }

  std::string act_;
  live_test::FaultServer github_;
  Folder folder_;
};

TEST_F(ActionByAct, IsRedWithAnnotationsAndGreenAfterThePatch) {
  const std::string comments = "/repos/acme/deploy/issues/7/comments";
  github_.on(comments, {live_test::json_reply("[]"), live_test::json_reply("{\"id\": 11}", 201),
                        live_test::json_reply(R"([{"id": 11, "user": {"login": "github-actions[bot]"}, "body": "<!-- trueup: trueup -->\nold"}])")});
  github_.on("/repos/acme/deploy/issues/comments/11", live_test::json_reply("{}"));
  folder_.write("repository/.github/workflows/trueup.yml", replaced(kCheck, "BINARY", TRUEUP_BINARY));
  folder_.write("event.json", R"({"pull_request": {"number": 7, "base": {"ref": "main", "sha": ")" + commit("base") +
                                  R"("}, "head": {"ref": "change", "repo": {"full_name": "acme/deploy"}}}})");
  folder_.write("repository/.github/workflows/build.yml", std::string(kBuild) + "      - run: ./scripts/two.sh\n");
  commit("change");

  auto [code, log] = run("pull_request", "trueup.yml");
  EXPECT_EQ(code, 1) << log;
  EXPECT_NE(log.find("::error file=.github/workflows/build.yml,line=9,endLine=9,col=14,endColumn=29,title=W30 workflow/path-exists::"), std::string::npos) << log;
  EXPECT_NE(log.find("outputs findings errors=1 fixed=0"), std::string::npos) << log;
  EXPECT_EQ(github_.seen_count("/repos/acme/deploy/code-scanning/sarifs"), 1u) << log;
  EXPECT_EQ(github_.seen_count(comments), 2u) << "asked for, and written: " << log;

  folder_.write("repository/scripts/two.sh", "");
  commit("patch");
  std::tie(code, log) = run("pull_request", "trueup.yml");
  EXPECT_EQ(code, 0) << log;
  EXPECT_EQ(log.find("::error "), std::string::npos) << log;
  EXPECT_NE(log.find("outputs clean errors=0 fixed=0"), std::string::npos) << log;
  EXPECT_EQ(github_.seen_count("/repos/acme/deploy/issues/comments/11"), 1u) << "the comment says so too: " << log;
}

TEST_F(ActionByAct, AuditsAndKeepsOneIssue) {
  const std::string issues = "/repos/acme/deploy/issues";
  const std::string known = R"([{"number": 5, "state": "open", "user": {"login": "github-actions[bot]"}, "body": "<!-- trueup audit: trueup -->\nold"}])";
  github_.on(issues, {live_test::json_reply("[]"), live_test::json_reply("{\"number\": 5}", 201), live_test::json_reply(known)});
  github_.on(issues + "/5", live_test::json_reply("{}"));
  folder_.write("event.json", "{}");
  folder_.write("repository/.github/workflows/audit.yml",
                replaced(replaced(kAudit, "BINARY", TRUEUP_BINARY), "HISTORY", (folder_.path() / "fleet.history").string()));
  folder_.write("repository/.github/workflows/build.yml", std::string(kBuild) + "      - run: ./scripts/two.sh\n");
  commit("base");

  auto [code, log] = run("schedule", "audit.yml");
  EXPECT_EQ(code, 1) << "new: " << log;
  EXPECT_EQ(github_.seen_count(issues), 2u) << "looked up, and opened: " << log;
  std::tie(code, log) = run("schedule", "audit.yml");
  EXPECT_EQ(code, 0) << "persisting: " << log;
  EXPECT_EQ(github_.seen_count(issues + "/5"), 1u) << log;
  folder_.write("repository/scripts/two.sh", "");
  commit("patch");
  std::tie(code, log) = run("schedule", "audit.yml");
  EXPECT_EQ(code, 0) << log;
  ASSERT_EQ(github_.seen_count(issues + "/5"), 2u) << log;
  EXPECT_NE(github_.seen().back().body.find("\"state\": \"closed\""), std::string::npos) << github_.seen().back().body;
}

}  // namespace
}  // namespace trueup::e2e
