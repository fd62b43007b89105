# shellcheck shell=bash
# What the steps of the action share. Sourced.

# Text as the runner takes it behind the `::` of a command.
command_text() {
  local text=${1//'%'/%25}
  text=${text//$'\r'/%0D}
  printf '%s' "${text//$'\n'/%0A}"
}

notice() { echo "::notice title=trueup::$(command_text "$1")"; }
warning() { echo "::warning title=trueup::$(command_text "$1")"; }
fail() {
  echo "::error title=trueup::$(command_text "$1")"
  exit "${2:-1}"
}

# An output of the step. Values hold no line break: a name of a stranger cannot add an output.
output() { printf '%s=%s\n' "$1" "${2//[$'\r\n']/ }" >>"$GITHUB_OUTPUT"; }

# A value of the event, empty where there is none.
event() {
  [ -s "${GITHUB_EVENT_PATH:-}" ] || return 0
  jq -r "($1) // empty" "$GITHUB_EVENT_PATH"
}

# Whether the run is that of a fork's pull request, which has no secrets and a token that only reads. The pull request of a
# fork whose repository is gone is one too.
is_from_fork() {
  [ "${GITHUB_EVENT_NAME:-}" = pull_request ] && [ "$(event .pull_request.head.repo.full_name)" != "$GITHUB_REPOSITORY" ]
}

# Whether the token cannot write, whatever the workflow's permissions say.
only_reads() { is_from_fork || { [ "${GITHUB_EVENT_NAME:-}" = pull_request ] && [ "${GITHUB_ACTOR:-}" = 'dependabot[bot]' ]; }; }

# Asks GitHub's API: METHOD PATH-OR-URL [FILE with the body]. The answer stands in $answer, its status is printed. The token is
# handed to curl in a file that nobody else reads: a command line can be read by every process of the machine.
answer=
api() {
  local method=$1 url=$2 body=${3:-} headers
  case $url in /*) url=$GITHUB_API_URL$url ;; esac
  answer=$(mktemp "$RUNNER_TEMP/trueup-answer-XXXXXX")
  headers=$(umask 077 && mktemp "$RUNNER_TEMP/trueup-headers-XXXXXX")
  printf 'Authorization: Bearer %s\nAccept: application/vnd.github+json\nX-GitHub-Api-Version: 2022-11-28\n' "$TOKEN" >"$headers"
  # Nothing leads the token elsewhere: no redirect is followed.
  status=$(curl --silent --show-error --max-time 60 --retry 2 --proto "=${url%%:*}" --request "$method" \
    --header "@$headers" ${body:+--data-binary "@$body"} --output "$answer" --write-out '%{http_code}' \
    "$url") || status=000
  rm -f "$headers"
}

# The account that the token speaks for. An app's token may not ask /user, and GraphQL's `viewer` says whose it is; what neither
# tells is the workflow's own.
own_login() {
  local question me=
  api GET /user
  if [ "$status" = 200 ]; then me=$(jq -r '.login // empty' "$answer"); fi
  if [ -z "$me" ]; then
    question=$(mktemp "$RUNNER_TEMP/trueup-question-XXXXXX")
    echo '{"query": "{ viewer { login } }"}' >"$question"
    api POST "${GITHUB_GRAPHQL_URL:-$GITHUB_API_URL/graphql}" "$question"
    if [ "$status" = 200 ]; then me=$(jq -r '.data.viewer.login // empty' "$answer" 2>/dev/null || true); fi
    me=${me:-github-actions}
    me="${me%\[bot\]}[bot]"
  fi
  printf '%s' "$me"
}

# Why an answer is none: the status, and what GitHub says.
api_problem() { printf '%s %s' "$status" "$(jq -r '.message // empty' "$answer" 2>/dev/null | tr -d '\r\n' | cut -c1-200)"; }

# What was wanted and could not be: red only if it was asked for by name.
could_not() {
  if [ "$WANTED" = true ]; then fail "$1"; fi
  notice "$1"
  exit 0
}
