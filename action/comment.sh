#!/usr/bin/env bash
# Keeps one comment of the pull request up to date; it is written when there is something to say, and then to its end.
# In: WANTED (auto, true), NAME, MARKDOWN, FOUND, TOKEN.
set -euo pipefail
# shellcheck source=action/lib.sh
. "$GITHUB_ACTION_PATH/action/lib.sh"

number=$(event '.pull_request.number')
if [ -z "$number" ]; then exit 0; fi
if only_reads; then
  notice "no comment is written: this run's token only reads. The findings stand in the log and the summary"
  exit 0
fi

# Whoever may comment can write our mark, so only a comment of the token's own account is ours.
me=$(own_login)

mark="<!-- trueup: $NAME -->"
mine=
page=1
while [ "$page" -le 30 ]; do
  api GET "/repos/$GITHUB_REPOSITORY/issues/$number/comments?per_page=100&page=$page"
  [ "$status" = 200 ] || could_not "the pull request's comments cannot be read: $(api_problem)"
  mine=$(jq -r --arg me "$me" --arg mark "$mark" 'first(.[] | select(.user.login == $me and (.body | startswith($mark))) | .id) // empty' "$answer")
  if [ -n "$mine" ] || [ "$(jq length "$answer")" -lt 100 ]; then break; fi
  page=$((page + 1))
done
# A pull request that never had a finding gets no comment.
if [ -z "$mine" ] && [ "${FOUND:-0}" -eq 0 ]; then exit 0; fi

body=$(mktemp "$RUNNER_TEMP/trueup-comment-XXXXXX")
# Characters of Unicode, of which a comment holds 65,536; the report itself keeps below that.
jq -R -s --arg mark "$mark" '{body: ($mark + "\n" + .)[0:65536]}' "$MARKDOWN" >"$body"
if [ -n "$mine" ]; then
  api PATCH "/repos/$GITHUB_REPOSITORY/issues/comments/$mine" "$body"
else
  api POST "/repos/$GITHUB_REPOSITORY/issues/$number/comments" "$body"
fi
case $status in
  200 | 201) echo "trueup: the comment is up to date" ;;
  403 | 404) could_not "no comment is written: the job lacks \`permissions: {pull-requests: write}\` ($(api_problem))" ;;
  *) could_not "the comment was not taken: $(api_problem)" ;;
esac
