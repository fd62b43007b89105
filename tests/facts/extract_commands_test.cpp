// Commands and variables of scripts, in steps and in files of their own.

#include <gmock/gmock.h>

#include "facts/row_lines.hpp"

namespace trueup::facts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kWorkflow = R"(on: push
jobs:
  j:
    steps:
      - uses: actions/checkout@v4
      - id: ship
        working-directory: helm
        run: |
          VERSION=1.0.0-$(git rev-parse --short HEAD)
          helm package ./chart --version "$VERSION"
          if [ -n "$DRY" ]; then helm push *.tgz oci://${{ vars.HOST }}/charts; fi
          ./push.sh --all "$@"
          bash ../scripts/x.sh a b
          echo "VERSION=$VERSION" >> "$GITHUB_ENV"
      - id: after
        run: echo ${VERSION} ${OTHER:-x}
)";

TEST(Commands, OfAStepStandInTheirOrderWithTheirArguments) {
  const Extracted extracted("workflow", std::string(kWorkflow));
  EXPECT_THAT(lines(extracted, Table::command),
              ElementsAre("j | ship | «git rev-parse» | 0 | git | rev-parse | - | 0 | 1",
                          "j | ship | «helm package» | 1 | helm | package | - | 0 | 1",
                          "j | ship | «helm push» | 2 | helm | push | - | 1 | 1",
                          "j | ship | «./push.sh» | 3 | run | - | helm/push.sh | 0 | 0",
                          "j | ship | «../scripts/x.sh» | 4 | bash | - | scripts/x.sh | 0 | 1"));
  EXPECT_THAT(lines(extracted, Table::command_argument),
              ElementsAre("git | «--short» | 0 | --short | - | 1", "git | «HEAD» | 1 | - | HEAD | 1",
                          "helm | «./chart» | 0 | - | ./chart | 1",
                          "helm | «1.0.0-$(git rev-parse --short HEAD)» | 1 | --version | 1.0.0-$(git rev-parse --short HEAD) | 0",
                          "helm | «*.tgz» | 0 | - | *.tgz | 0",
                          "helm | «oci://${{ vars.HOST }}/charts» | 1 | - | oci://${{ vars.HOST }}/charts | 0",
                          "run | «--all» | 0 | --all | - | 1", "run | «\"$@\"» | 1 | - | ${@} | 0",
                          "bash | «a» | 0 | - | a | 1", "bash | «b» | 1 | - | b | 1"));
}

TEST(ScriptVariables, AreReadSetAndHandedOn) {
  const Extracted extracted("workflow", std::string(kWorkflow));
  EXPECT_THAT(lines(extracted, Table::script_variable),
              ElementsAre("j | ship | «$DRY» | DRY | read | 1 | 0 | 0", "j | ship | «$GITHUB_ENV» | GITHUB_ENV | read | 0 | 0 | 0",
                          "j | ship | «$VERSION» | VERSION | read | 0 | 0 | 0", "j | ship | «VERSION» | VERSION | set | 0 | 0 | 0",
                          "j | ship | «VERSION» | VERSION | environment | 0 | 0 | 0",
                          "j | ship | «./push.sh» | - | environment | 0 | 0 | 0",
                          "j | after | «${OTHER:-x}» | OTHER | read | 1 | 0 | 0",
                          "j | after | «${VERSION}» | VERSION | read | 0 | 0 | 0"));
}

TEST(Script, OfAFileIsReadLikeThatOfAStep) {
  const Extracted extracted("script", "#!/usr/bin/env bash\nset -e\nhelm push \"$1\" oci://h/charts\nsource ./lib.sh\n");
  EXPECT_THAT(lines(extracted, Table::script), ElementsAre("«#!/usr/bin/env bash» | bash | 1 | 1"));
  EXPECT_THAT(lines(extracted, Table::command), ElementsAre("- | - | «helm push» | 0 | helm | push | - | 0 | 1"));
  EXPECT_THAT(lines(extracted, Table::command_argument),
              ElementsAre("helm | «\"$1\"» | 0 | - | ${1} | 0", "helm | «oci://h/charts» | 1 | - | oci://h/charts | 1"));
}

TEST(Script, OfAnotherLanguageOrBrokenIsNotCompleteAndNotMalformed) {
  const struct {
    std::string_view text, row;
  } cases[] = {
      {"#!/usr/bin/python3\nprint('x')\n", "«#!/usr/bin/python3» | python3 | 0 | 1"},
      {"if [\n", "«if [» | - | 0 | 1"},
      {"", "«» | - | 1 | 0"},
      {"echo hi\n", "«echo hi» | - | 1 | 0"},
  };
  for (const auto& test : cases) {
    const Extracted extracted("script", std::string(test.text));
    EXPECT_THAT(lines(extracted, Table::script), ElementsAre(std::string(test.row)));
    EXPECT_THAT(lines(extracted, Table::syntax_error), IsEmpty());
    EXPECT_EQ(extracted.blob().state, BlobState::parsed);
  }
}

TEST(Step, SaysWhatTheFolderHoldsBeforeIt) {
  const struct {
    std::string_view steps, expected;
  } cases[] = {
      {"- run: echo hi\n- run: ./x.sh\n- run: x", "empty empty other"},
      {"- uses: actions/checkout@v4\n- run: x\n- run: y", "empty own own"},
      {"- uses: docker/login-action@v3\n- run: docker login ghcr.io\n- run: x", "empty empty empty"},
      {"- uses: actions/checkout@v4\n  with: {repository: a/b}\n- run: x", "empty other"},
      {"- uses: acme/prepare@v1\n- run: x", "empty other"},
      {"- uses: actions/download-artifact@v4\n- run: x", "empty other"},
      {"- run: curl -o x.sh https://x\n- run: x", "empty other"},
      {"- run: echo x > y.sh\n- run: x", "empty other"},
      {"- run: echo x >> $GITHUB_OUTPUT\n- run: x", "empty empty"},
      {"- run: git clone https://x .\n- run: x", "empty other"},
      {"- run: Write-Host x\n  shell: pwsh\n- run: x", "empty other"},
  };
  for (const auto& test : cases) {
    std::string text = "on: push\njobs:\n  j:\n    steps:\n", found;
    for (std::size_t at = 0; at < test.steps.size();) {
      const std::size_t end = std::min(test.steps.find('\n', at), test.steps.size());
      text += "      " + std::string(test.steps.substr(at, end - at)) + '\n';
      at = end + 1;
    }
    const Extracted extracted("workflow", text);
    for (const auto& [id, step] : extracted->step) found += (found.empty() ? "" : " ") + step.workspace;
    EXPECT_EQ(found, test.expected) << test.steps;
  }
}

}  // namespace
}  // namespace trueup::facts
