#!/usr/bin/env bash
# Hands the report to code scanning. In: WANTED (auto, true), SARIF, TOKEN.
# Source: GitHub's REST API, "Upload an analysis as SARIF data": gzip, then base64.
set -euo pipefail
# shellcheck source=action/lib.sh
. "$GITHUB_ACTION_PATH/action/lib.sh"

if only_reads; then
  notice "no alerts are written: this run's token only reads. The findings stand in the log and the summary"
  exit 0
fi
case $GITHUB_EVENT_NAME in
  # The alerts of a change belong to its merge, which is not what these runs stand on.
  pull_request_target | workflow_run)
    notice "no alerts are written from $GITHUB_EVENT_NAME, which stands on the default branch"
    exit 0
    ;;
esac
body=$(mktemp "$RUNNER_TEMP/trueup-sarif-XXXXXX")
gzip -c "$SARIF" | base64 | tr -d '\n' |
  jq -R --arg commit "$GITHUB_SHA" --arg ref "$GITHUB_REF" --arg root "file://$GITHUB_WORKSPACE" \
    '{commit_sha: $commit, ref: $ref, sarif: ., checkout_uri: $root, tool_name: "trueup"}' >"$body"
api POST "/repos/$GITHUB_REPOSITORY/code-scanning/sarifs" "$body"
case $status in
  202) echo "trueup: the alerts are handed to code scanning" ;;
  403 | 404) could_not "no alerts are written: code scanning is off, or the job lacks \`permissions: {security-events: write}\` ($(api_problem))" ;;
  *) could_not "code scanning did not take the alerts: $(api_problem)" ;;
esac
