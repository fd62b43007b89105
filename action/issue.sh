#!/usr/bin/env bash
# Keeps one tracking issue of an audit up to date: opened when something is found, closed when nothing is, opened again.
# In: WANTED (auto, true), NAME, MARKDOWN, FOUND, TOKEN.
set -euo pipefail
# shellcheck source=action/lib.sh
. "$GITHUB_ACTION_PATH/action/lib.sh"

if only_reads; then
  notice "no issue is written: this run's token only reads. The report stands in the summary"
  exit 0
fi

# Whoever may open issues can write our mark, so only one of the token's own account is ours.
me=$(own_login)

mark="<!-- trueup audit: $NAME -->"
creator=$(jq -rn --arg me "$me" '$me | @uri')
mine=
page=1
while [ "$page" -le 30 ]; do
  api GET "/repos/$GITHUB_REPOSITORY/issues?state=all&creator=$creator&sort=created&direction=desc&per_page=100&page=$page"
  [ "$status" = 200 ] || could_not "the repository's issues cannot be read: $(api_problem)"
  mine=$(jq -r --arg me "$me" --arg mark "$mark" \
    'first(.[] | select(.pull_request == null and .user.login == $me and ((.body // "") | startswith($mark))) | "\(.number) \(.state)") // empty' "$answer")
  if [ -n "$mine" ] || [ "$(jq length "$answer")" -lt 100 ]; then break; fi
  page=$((page + 1))
done
read -r number state <<<"$mine" || true
# A fleet that never had a finding gets no issue, and a closed one is let be while there is none.
if [ "${FOUND:-0}" -eq 0 ] && { [ -z "$mine" ] || [ "$state" = closed ]; }; then exit 0; fi

title="trueup audit"
if [ "$NAME" != trueup ]; then title="trueup audit: $NAME"; fi
if [ "${FOUND:-0}" -eq 0 ]; then state=closed; else state=open; fi
body=$(mktemp "$RUNNER_TEMP/trueup-issue-XXXXXX")
# The report's first line is a mark without a name; characters of Unicode, of which an issue holds 65,536.
tail -n +2 "$MARKDOWN" | jq -R -s --arg mark "$mark" --arg title "$title" --arg state "$state" --argjson new "$([ -z "$mine" ] && echo true || echo false)" \
  '{title: $title, body: ($mark + "\n" + .)[0:65536]} + (if $new then {} else {state: $state} end)' >"$body"
if [ -n "$mine" ]; then
  api PATCH "/repos/$GITHUB_REPOSITORY/issues/$number" "$body"
else
  api POST "/repos/$GITHUB_REPOSITORY/issues" "$body"
fi
case $status in
  200 | 201) echo "trueup: the tracking issue is up to date" ;;
  403 | 404 | 410) could_not "no issue is written: issues are off, or the job lacks \`permissions: {issues: write}\` ($(api_problem))" ;;
  *) could_not "the issue was not taken: $(api_problem)" ;;
esac
