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

TEST(ActionByAct, IsRedWithAnnotationsAndGreenAfterThePatch) {
  const std::string act = find_tool("act");
  if (act.empty()) GTEST_SKIP() << "act is not there (scripts/install-go-tools): the action was NOT run as a runner runs it";
  for (const char* program : {"bash", "jq", "curl"})
    if (find_program(program).empty()) GTEST_SKIP() << program << " is not installed: the action was NOT run";

  live_test::FaultServer github;
  const std::string comments = "/repos/acme/deploy/issues/7/comments";
  github.on("/user", live_test::json_reply("{}", 403));
  github.on("/repos/acme/deploy/code-scanning/sarifs", live_test::json_reply("{\"id\": \"1\"}", 202));
  github.on(comments, {live_test::json_reply("[]"), live_test::json_reply("{\"id\": 11}", 201),
                       live_test::json_reply(R"([{"id": 11, "user": {"login": "github-actions[bot]"}, "body": "<!-- trueup: trueup -->\nold"}])")});
  github.on("/repos/acme/deploy/issues/comments/11", live_test::json_reply("{}"));

  const Folder folder;
  folder.write("repository/.github/workflows/build.yml", kBuild);
  folder.write("repository/.github/workflows/trueup.yml", replaced(kCheck, "BINARY", TRUEUP_BINARY));
  folder.write("repository/scripts/one.sh", "");
  // act copies the whole of an action's repository: here without what building left in it.
  fs::create_directories(folder.path() / "action");
  for (const char* part : {"action", "action.yml", "CMakeLists.txt"}) fs::copy(kRoot / part, folder.path() / "action" / part, fs::copy_options::recursive);
  folder.write("stub/action.yml", "name: stub\nruns: {using: composite, steps: []}\n");
  const std::string git = "git -C repository -c user.name=t -c user.email=t@acme.example ";
  auto [code, log] = run_shell(folder, "git init -q -b main repository && " + git + "add -A && " + git + "commit -q -m base && " + git + "rev-parse HEAD");
  ASSERT_EQ(code, 0) << log;
  folder.write("event.json", R"({"pull_request": {"number": 7, "base": {"ref": "main", "sha": ")" + log.substr(0, 40) +
                                 R"("}, "head": {"ref": "change", "repo": {"full_name": "acme/deploy"}}}})");
  folder.write("repository/.github/workflows/build.yml", std::string(kBuild) + "      - run: ./scripts/two.sh\n");
  ASSERT_EQ(run_shell(folder, git + "commit -q -am change").first, 0);

  // --local-repository: nothing is fetched; the checkout is act's own. A runner gives these variables itself.
  const std::string stub = shell_quoted((folder.path() / "stub").string());
  const std::string run = "cd repository && HOME=" + shell_quoted(folder.path().string()) + ' ' + shell_quoted(act) +
                          " pull_request -P ubuntu-latest=-self-hosted -W .github/workflows/trueup.yml -e ../event.json --pull=false"
                          " --action-cache-path " + shell_quoted((folder.path() / "act-cache").string()) +
                          " --local-repository actions/cache@v4=" + stub + " --local-repository actions/checkout@v4=" + stub +
                          " --local-repository acme/trueup@v0.1.0=" + shell_quoted((folder.path() / "action").string()) +
                          " --env GITHUB_REPOSITORY=acme/deploy --env GITHUB_API_URL=" + github.url("");
  std::tie(code, log) = run_shell(folder, run);
  EXPECT_EQ(code, 1) << log;
  EXPECT_NE(log.find("::error file=.github/workflows/build.yml,line=9,endLine=9,col=14,endColumn=29,title=W30 workflow/path-exists::"), std::string::npos) << log;
  EXPECT_NE(log.find("outputs findings errors=1 fixed=0"), std::string::npos) << log;
  EXPECT_EQ(github.seen_count("/repos/acme/deploy/code-scanning/sarifs"), 1u) << log;
  EXPECT_EQ(github.seen_count(comments), 2u) << "asked for, and written: " << log;

  folder.write("repository/scripts/two.sh", "");
  ASSERT_EQ(run_shell(folder, git + "add -A && " + git + "commit -q -m patch").first, 0);
  std::tie(code, log) = run_shell(folder, run);
  EXPECT_EQ(code, 0) << log;
  EXPECT_EQ(log.find("::error "), std::string::npos) << log;
  EXPECT_NE(log.find("outputs clean errors=0 fixed=0"), std::string::npos) << log;
  EXPECT_EQ(github.seen_count("/repos/acme/deploy/issues/comments/11"), 1u) << "the comment says so too: " << log;
}

}  // namespace
}  // namespace trueup::e2e
