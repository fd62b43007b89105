// Files of the repository that steps name, and whether a missing one may be missed.

#include <gmock/gmock.h>

#include "facts/row_lines.hpp"

namespace trueup::facts {
namespace {

using testing::ElementsAre;

/// "path?" for a mention that is not certain, "path" for one that is; of the steps of one job.
std::string mentions(std::string_view steps, std::string_view job = "") {
  std::string text = "jobs:\n  j:\n" + std::string(job) + "    steps:\n";
  for (std::size_t at = 0; at < steps.size();) {
    const std::size_t end = std::min(steps.find('\n', at), steps.size());
    text += "      " + std::string(steps.substr(at, end - at)) + '\n';
    at = end + 1;
  }
  const Extracted extracted("workflow", text);
  EXPECT_EQ(extracted.blob().state, BlobState::parsed) << text;
  std::string found;
  for (const auto& [id, mention] : extracted->path_mention)
    found += (found.empty() ? "" : " ") + mention.path + (mention.certain ? "" : "?");
  return found;
}

constexpr std::string_view kCheckout = "- uses: actions/checkout@v4\n";

std::string after_checkout(std::string_view steps, std::string_view job = "") {
  return mentions(std::string(kCheckout) + std::string(steps), job);
}

TEST(PathMention, ScriptsAreJoinedWithTheirFolder) {
  EXPECT_EQ(after_checkout("- run: ./scripts/image.sh"), "scripts/image.sh");
  EXPECT_EQ(after_checkout("- run: bash scripts/image.sh"), "scripts/image.sh");
  EXPECT_EQ(after_checkout("- run: cd charts && ./bump.sh"), "charts/bump.sh");
  EXPECT_EQ(after_checkout("- {run: ./bump.sh, working-directory: ./charts/}"), "charts/bump.sh");
  EXPECT_EQ(after_checkout("- {run: ../x.sh, working-directory: charts}"), "x.sh");
  EXPECT_EQ(after_checkout("- run: ./x.sh", "    defaults: {run: {working-directory: a/b}}\n"), "a/b/x.sh");
  EXPECT_EQ(after_checkout("- {run: ./x.sh, working-directory: c}", "    defaults: {run: {working-directory: a/b}}\n"),
            "c/x.sh");
  EXPECT_EQ(after_checkout("- {run: ./x.sh, working-directory: '${{ github.workspace }}/c'}"), "c/x.sh");
}

TEST(PathMention, FoldersThatAreNotKnownGiveNone) {
  EXPECT_EQ(after_checkout("- {run: ./x.sh, working-directory: '${{ matrix.chart }}'}"), "");
  EXPECT_EQ(after_checkout("- {run: ./x.sh, working-directory: /opt}"), "");
  EXPECT_EQ(after_checkout("- {run: ../x.sh, working-directory: .}"), "");
  EXPECT_EQ(after_checkout("- {run: ./x.ps1, shell: pwsh}"), "");
}

TEST(PathMention, IsGivenOnceForEachStep) {
  EXPECT_EQ(after_checkout("- run: |\n    chmod +x x.sh\n    ./x.sh\n    ./x.sh again\n- run: ./x.sh"), "x.sh x.sh");
}

TEST(PathMention, IsCertainOnlyInACheckoutOfTheOwnCommit) {
  const struct {
    std::string_view with;
    bool certain;
  } rows[] = {
      {"{}", true},
      {"{fetch-depth: 0, submodules: false, path: ., repository: ''}", true},
      {"{repository: '${{ github.repository }}', ref: '${{github.sha}}'}", true},
      {"{ref: '${{ github.event.pull_request.head.sha }}'}", true},
      {"{ref: '${{ github.event.workflow_run.head_branch }}'}", true},
      {"{ref: gh-pages}", false},
      {"{ref: '${{ inputs.ref }}'}", false},
      {"{repository: acme/other}", false},
      {"{repository: '${{ matrix.repository }}'}", false},
      {"{path: src}", false},
      {"{submodules: recursive}", false},
      {"{sparse-checkout: charts}", false},
  };
  for (const auto& row : rows)
    EXPECT_EQ(mentions("- uses: actions/checkout@v4\n  with: " + std::string(row.with) + "\n- run: scripts/x.sh"),
              row.certain ? "scripts/x.sh" : "scripts/x.sh?")
        << row.with;
  EXPECT_EQ(mentions("- run: scripts/x.sh"), "scripts/x.sh?");
  EXPECT_EQ(mentions("- run: scripts/x.sh\n" + std::string(kCheckout)), "scripts/x.sh?");
}

TEST(PathMention, FoldersThatOthersFillAreUncertain) {
  const std::string_view tools = "- {uses: actions/checkout@v4, with: {repository: acme/tools, path: tools}}\n";
  EXPECT_EQ(after_checkout(std::string(tools) + "- run: tools/x.sh\n- run: toolset/x.sh"), "tools/x.sh? toolset/x.sh");
  const std::string artifact = "- {uses: actions/download-artifact@v4, with: {name: a, path: ./got}}\n";
  EXPECT_EQ(after_checkout(artifact + "- run: got/x.sh\n- run: a/x.sh"),
            "got/x.sh? a/x.sh");
  EXPECT_EQ(after_checkout("- uses: actions/download-artifact@v4\n- run: a/x.sh"), "a/x.sh?");
  const std::string cache = "- uses: actions/cache@v4\n  with:\n    path: |\n      ~/.m2\n      .tools\n";
  EXPECT_EQ(after_checkout(cache + "- run: .tools/x.sh\n- run: a/x.sh"), ".tools/x.sh? a/x.sh");
  EXPECT_EQ(after_checkout("- {uses: acme/download-thing@v1}\n- run: a/x.sh"), "a/x.sh?");
  EXPECT_EQ(after_checkout("- {uses: acme/setup-java@v1}\n- run: a/x.sh\n- run: build/x.sh"), "a/x.sh build/x.sh?");
}

TEST(PathMention, FilesThatAStepBeforeMayHaveMadeAreUncertain) {
  EXPECT_EQ(after_checkout("- run: curl -sSLo tools/x.sh https://x.example/x.sh\n- run: tools/x.sh\n- run: tools/y.sh"),
            "tools/x.sh? tools/y.sh");
  EXPECT_EQ(after_checkout("- run: tar xzf tools.tgz\n- run: tools/x.sh"), "tools/x.sh?");
  EXPECT_EQ(after_checkout("- run: git clone https://x.example/y\n- run: y/x.sh"), "y/x.sh?");
  EXPECT_EQ(after_checkout("- run: git -C . checkout ring-a\n- run: y/x.sh"), "y/x.sh?");
  EXPECT_EQ(after_checkout("- run: git checkout -b update\n- run: y/x.sh"), "y/x.sh");
  EXPECT_EQ(after_checkout("- run: make\n- run: ./configure\n- run: bin/x\n- run: src/x.sh"),
            "configure? bin/x? src/x.sh");
  EXPECT_EQ(after_checkout("- run: ./autogen.sh\n- run: ./configure"), "autogen.sh configure?");
  EXPECT_EQ(after_checkout("- run: node_modules/.bin/x\n- run: source .venv/bin/activate"),
            "node_modules/.bin/x? .venv/bin/activate?");
  EXPECT_EQ(after_checkout("- {shell: pwsh, run: git clone https://x.example/y}\n- {shell: bash, run: y/x.sh}"),
            "y/x.sh?");
}

TEST(PathMention, AFileThatIsLookedForIsUncertain) {
  EXPECT_EQ(after_checkout("- run: |\n    if [ -f a/x.sh ]; then\n      a/x.sh\n    fi"), "a/x.sh?");
  EXPECT_EQ(after_checkout("- {if: \"hashFiles('a/x.sh') != ''\", run: a/x.sh}"), "a/x.sh?");
  EXPECT_EQ(after_checkout("- run: a/x.sh", "    if: hashFiles('a/x.sh')\n"), "a/x.sh?");
}

TEST(PathMention, LocalActionsNeedACheckout) {
  EXPECT_EQ(mentions("- uses: ./.github/actions/setup"), ".github/actions/setup?");
  EXPECT_EQ(after_checkout("- uses: ./.github/actions/setup/"), ".github/actions/setup");
  EXPECT_EQ(mentions("- uses: $/.github/actions/setup"), ".github/actions/setup");
  EXPECT_EQ(after_checkout("- uses: ./a/../../b"), "") << "outside";
  const Extracted extracted("workflow", "jobs: {j: {steps: [uses: actions/checkout@v4, uses: ./a/b]}}");
  EXPECT_THAT(lines(extracted, Table::path_mention), ElementsAre("j | 1 | «./a/b» | root | a/b | local_action | 1"));
}

TEST(PathMention, AnUnconditionalCheckoutStartsAnew) {
  const std::string foreign = "- {uses: actions/checkout@v4, with: {repository: acme/x}}\n";
  EXPECT_EQ(mentions(foreign + std::string(kCheckout) + "- run: a/x.sh"), "a/x.sh");
  EXPECT_EQ(mentions(foreign + "- {uses: actions/checkout@v4, if: inputs.own}\n- run: a/x.sh"), "a/x.sh?");
}

TEST(PathMention, InAnActionStandsInTheCallersFolder) {
  const Extracted extracted("action", "runs: {using: composite, steps: [{shell: bash, run: ./x.sh}, uses: ./a]}");
  EXPECT_THAT(lines(extracted, Table::path_mention),
              ElementsAre("steps | 0 | «./x.sh» | root | x.sh | script | 0",
                          "steps | 1 | «./a» | root | a | local_action | 0"));
}

}  // namespace
}  // namespace trueup::facts
