// What workflows send to other workflows: by actions and by scripts.

#include <gmock/gmock.h>

#include "facts/row_lines.hpp"

namespace trueup::facts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Chart publisher, dispatcher and receiver as they move a chart to a registry.
constexpr std::string_view kDispatcher = R"(name: Chart release dispatcher
on:
  workflow_run:
    workflows: ["Maven CI/CD"]
    types: [completed]
jobs:
  dispatch:
    if: ${{ github.event.workflow_run.conclusion == 'success' }}
    runs-on: ubuntu-latest
    steps:
      - name: Get chart versions
        run: |
          ATLAS_VERSION=$(gh release list --limit 1 | grep "helm-atlas-v" | awk '{print $1}')
          ATLAS_READ_VERSION=$(gh release list --limit 1 | grep "helm-atlas-read-v" | awk '{print $1}')
      - name: Dispatch to deploy repo
        run: |
          curl -X POST https://api.github.com/repos/acme/deploy/dispatches \
            -H "Authorization: token ${{ secrets.PAT }}" \
            -d '{
              "event_type": "atlas-chart-release",
              "client_payload": {
                "atlas_version": "'$ATLAS_VERSION'",
                "atlas_read_version": "'$ATLAS_READ_VERSION'",
                "source_repo": "metastore",
                "source_branch": "'${GITHUB_REF#refs/heads/}'",
                "source_commit": "'${GITHUB_SHA:0:7}'"
              }
            }'
)";

TEST(Dispatch, ByCurlHasTargetEventTypeAndKeys) {
  const Extracted extracted("workflow", std::string(kDispatcher));
  EXPECT_THAT(
      lines(extracted, Table::dispatch),
      ElementsAre("dispatch | 1 | «atlas-chart-release» | curl | acme/deploy | 0 | atlas-chart-release | 1 | 0"));
  EXPECT_THAT(lines(extracted, Table::dispatch_key),
              ElementsAre("atlas-chart-release | «atlas_version» | atlas_version",
                          "atlas-chart-release | «atlas_read_version» | atlas_read_version",
                          "atlas-chart-release | «source_repo» | source_repo",
                          "atlas-chart-release | «source_branch» | source_branch",
                          "atlas-chart-release | «source_commit» | source_commit"));
  EXPECT_EQ(extracted.place(extracted->dispatch.at(0).second.span), (LineColumn{20, 30}));
}

TEST(Dispatch, ByGhHasFields) {
  const Extracted extracted("workflow", R"(jobs:
  j:
    steps:
      - run: gh api repos/acme/deploy/dispatches -f event_type=chart-published -F 'client_payload[version]=1'
      - run: gh api "repos/${{ github.repository }}/dispatches" -f event_type="$TYPE"
      - run: gh api repos/{owner}/{repo}/dispatches -f event_type=own
      - run: gh api repos/{owner}/{repo}/dispatches -f event_type=other
        env: {GH_REPO: acme/other}
      - run: gh api repos/acme/${{ matrix.repo }}/dispatches -f event_type=x -f client_payload='{"a":1}'
)");
  EXPECT_THAT(lines(extracted, Table::dispatch),
              ElementsAre("j | 0 | «chart-published» | gh | acme/deploy | 0 | chart-published | 1 | 0",
                          "j | 1 | «$TYPE» | gh | - | 1 | - | 1 | 0", "j | 2 | «own» | gh | - | 1 | own | 1 | 0",
                          "j | 3 | «other» | gh | acme/other | 0 | other | 1 | 0",
                          HasSubstr("j | 4 | «x» | gh | - | 0 | x | ")));
  EXPECT_EQ(extracted->dispatch.at(4).second.payload_is_text, 1);
  EXPECT_EQ(lines(extracted, Table::dispatch_key).front(), "chart-published | «version» | version");
}

TEST(Dispatch, ByActionHasKeysOfItsJson) {
  const Extracted extracted("workflow", R"(jobs:
  j:
    steps:
      - uses: peter-evans/repository-dispatch@v3
        with:
          token: ${{ secrets.PAT }}
          repository: acme/deploy
          event-type: atlas-chart-release
          client-payload: |-
            {"atlas_version": "${{ steps.v.outputs['atlas'] }}",
             "nested": {"a": [1, "}"], "b": null}, "whole": ${{ toJSON(github.event) }}, "last": true}
      - uses: Peter-Evans/Repository-Dispatch@0123abc
        with: {Event-Type: own, repository: "${{ github.repository }}"}
      - uses: peter-evans/repository-dispatch@v3
        with: {event-type: "${{ inputs.type }}", repository: "acme/${{ matrix.r }}", client-payload: "${{ toJSON(x) }}"}
      - uses: peter-evans/repository-dispatch@v3
      - uses: peter-evans/repository-dispatch/sub@v3
      - uses: acme/repository-dispatch@v3
        with: {event-type: x}
)");
  EXPECT_THAT(lines(extracted, Table::dispatch),
              ElementsAre("j | 0 | «atlas-chart-release» | action | acme/deploy | 0 | atlas-chart-release | 1 | 0",
                          "j | 1 | «own» | action | - | 1 | own | 1 | 0",
                          "j | 2 | «${{ inputs.type }}» | action | - | 0 | - | 0 | 0",
                          "j | 3 | «peter-evans/repository-dispatch@v3» | action | - | 1 | - | 1 | 0"));
  EXPECT_THAT(lines(extracted, Table::dispatch_key),
              ElementsAre("atlas-chart-release | «atlas_version» | atlas_version",
                          "atlas-chart-release | «nested» | nested",
                          "atlas-chart-release | «whole» | whole", "atlas-chart-release | «last» | last"));
}

TEST(WorkflowCall, ByScriptNamesAFileOfARepository) {
  const Extracted extracted("workflow", R"(jobs:
  j:
    steps:
      - run: |
          gh workflow run build.yml --ref main
          gh workflow run deploy.yaml -R acme/deploy -f a=b
          gh workflow run "Nightly build"
          gh workflow run "$WORKFLOW"
  env:
    env: {GH_REPO: acme/other}
    steps:
      - run: gh workflow run build.yml
      - run: gh workflow run build.yml
        env: {GH_REPO: "${{ github.repository }}"}
  foreign:
    steps:
      - uses: actions/checkout@v4
        with: {repository: acme/deploy}
      - run: gh workflow run build.yml
)");
  EXPECT_THAT(lines(extracted, Table::workflow_call_by_script),
              ElementsAre("j | 0 | «build.yml» | build.yml | - | 1 | main | «main» | 1",
                          "j | 0 | «deploy.yaml» | deploy.yaml | acme/deploy | 0 | - | - | 1",
                          "j | 0 | «Nightly build» | Nightly build | - | 1 | - | - | 1",
                          "env | 0 | «build.yml» | build.yml | acme/other | 0 | - | - | 1",
                          "env | 1 | «build.yml» | build.yml | - | 1 | - | - | 1",
                          "foreign | 1 | «build.yml» | build.yml | - | 0 | - | - | 1"));
  EXPECT_THAT(lines(extracted, Table::workflow_call_input), ElementsAre("deploy.yaml | «a» | a"));
  EXPECT_THAT(lines(extracted, Table::path_mention),
              ElementsAre("j | 0 | «build.yml» | root | .github/workflows/build.yml | workflow_id | 1",
                          "env | 1 | «build.yml» | root | .github/workflows/build.yml | workflow_id | 1"));
}

TEST(WorkflowCall, ByActionNamesAFileOfTheOwnRepository) {
  const Extracted extracted("workflow", R"(jobs:
  j:
    steps:
      - {uses: benc-uk/workflow-dispatch@v1, with: {workflow: main.yml}}
      - {uses: benc-uk/workflow-dispatch@v1, with: {workflow: main.yml, repo: acme/deploy}}
      - {uses: benc-uk/workflow-dispatch@v1, with: {workflow: Display name}}
      - {uses: benc-uk/workflow-dispatch@v1, with: {workflow: "${{ inputs.file }}.yml"}}
      - {uses: convictional/trigger-workflow-and-wait@v1, with: {owner: acme, repo: x, workflow_file_name: a.yml}}
      - {uses: dawidd6/action-download-artifact@v6, with: {workflow: .github/workflows/ci.yaml}}
      - {uses: acme/other@v1, with: {workflow: b.yml}}
)");
  EXPECT_THAT(lines(extracted, Table::path_mention),
              ElementsAre("j | 0 | «main.yml» | root | .github/workflows/main.yml | workflow_id | 1",
                          "j | 5 | «.github/workflows/ci.yaml» | root | .github/workflows/ci.yaml | workflow_id | 1"));
}

TEST(Receiver, ReadsPayloadKeysInScriptsAndArguments) {
  const Extracted extracted("workflow", R"(on:
  push: {branches: [staging, beta, preprod], paths: ['charts/Chart.yaml', 'charts/values.yaml']}
  repository_dispatch: {types: [atlas-chart-release]}
jobs:
  seed-values:
    steps:
      - uses: actions/checkout@v4
      - run: scripts/image.sh
      - uses: acme/add-and-commit@v9
        with:
          message: 'receiver from metastore

            Atlas: ${{ github.event.client_payload.atlas_version }}
            Source: ${{ github.event.client_payload.source_branch }}@${{ github.event.client_payload.source_commit }}'
          tag: '${{ steps.bump_tag.outputs.new_tag }}'
      - run: |
          gh pr create \
            --title "Update charts to ${{ github.event.client_payload.atlas_version }}" \
            --base main
)");
  std::vector<std::string> reads;
  for (const auto& [id, read] : extracted->context_read) {
    EXPECT_EQ(extracted.at(read.span), read.path);
    reads.push_back(read.path);
  }
  EXPECT_THAT(reads,
              ElementsAre("github.event.client_payload.atlas_version", "github.event.client_payload.source_branch",
                          "github.event.client_payload.source_commit", "steps.bump_tag.outputs.new_tag",
                          "github.event.client_payload.atlas_version"));
  EXPECT_THAT(lines(extracted, Table::path_mention),
              ElementsAre("- | - | «charts/Chart.yaml» | root | charts/Chart.yaml | path_filter | 1",
                          "- | - | «charts/values.yaml» | root | charts/values.yaml | path_filter | 1",
                          "seed-values | 1 | «scripts/image.sh» | root | scripts/image.sh | script | 1"));
}

}  // namespace
}  // namespace trueup::facts
