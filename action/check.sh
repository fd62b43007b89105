#!/usr/bin/env bash
# Runs trueup check, or audit: annotations (of an audit the report) to the log, the reports to files, the summary to the run's page.
# It never fails for what was found: the last step does, after the others have told it.
# In: TRUEUP and the inputs. Out: result, exit-code, errors, warnings, notes, fixed, suppressed, unknowns, found, json, sarif, markdown;
# of an audit also new, returned, persisting, unverified, prometheus, and history once it was kept.
set -euo pipefail
# shellcheck source=action/lib.sh
. "$GITHUB_ACTION_PATH/action/lib.sh"

# Ends the step; the run goes red in the last one.
broken() {
  echo "::error title=trueup::$(command_text "$1")"
  output result broken
  output exit-code 2
  exit 0
}

[[ $NAME =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ ]] || broken "name: \"$NAME\" holds more than letters, digits, \`.\`, \`_\` and \`-\`"

case $MODE in
  check) ;;
  audit) BASE=none ;;
  *) broken "mode: \"$MODE\" is none of check, audit" ;;
esac

# The token goes to git by variables of one call, for this server only: not into a file, not onto a command line.
git_with() {
  local token=$1
  shift
  if [ -z "$token" ]; then
    GIT_TERMINAL_PROMPT=0 git "$@"
    return
  fi
  GIT_TERMINAL_PROMPT=0 GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.$GITHUB_SERVER_URL/.extraheader" \
    GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $(printf 'x-access-token:%s' "$token" | base64 | tr -d '\n')" git "$@"
}

# A folder of the change may be made to look like a bare repository, whose config would run programs: git then takes it for none.
bare=safe.bareRepository=explicit
in_path() { git -c "$bare" -C "$CHECK_PATH" "$@"; }

# ------------------------------------------------------------------------------------------------------------ the base

# The commit that the change is held against. What GitHub checks out for a pull request is a merge, and its first parent the
# base as it is now; the event's may be older, and then the change would answer for what others did meanwhile.
event_base() {
  local parents=()
  case $GITHUB_EVENT_NAME in
    pull_request | pull_request_target)
      if [ -z "$AT" ] && [[ ${GITHUB_REF:-} == refs/pull/*/merge ]] && [ "$(in_path rev-parse HEAD)" = "${GITHUB_SHA:-}" ]; then
        # Of a shallow clone git hides the parents of its last commit; the commit itself names them.
        mapfile -t parents < <(in_path cat-file -p HEAD | sed -n '/^$/q;s/^parent //p')
      fi
      if [ "${#parents[@]}" -eq 2 ]; then echo "${parents[0]}"; else event .pull_request.base.sha; fi
      ;;
    merge_group) event .merge_group.base_sha ;;
  esac
}

since=
case $BASE in
  auto) since=$(event_base) ;;
  none) ;;
  *) since=$BASE ;;
esac
if [ "$BASE" = auto ] && [[ $since =~ ^[0-9a-f]{40,64}$ ]] && ! in_path cat-file -e "$since^{commit}" 2>/dev/null; then
  depth=
  if [ "$(in_path rev-parse --is-shallow-repository)" = true ]; then depth=--depth=1; fi
  # The credentials that the checkout left hold first.
  in_path fetch --quiet --no-tags ${depth:+"$depth"} origin "$since" 2>/dev/null ||
    git_with "$TOKEN" -c "$bare" -C "$CHECK_PATH" fetch --quiet --no-tags ${depth:+"$depth"} origin "$since" ||
    broken "the base $since could not be fetched; check out with fetch-depth: 0"
fi
# There the token may write and secrets are at hand, while the change is a stranger's: its own config must not hold.
if [ "$GITHUB_EVENT_NAME" = pull_request_target ] && [ -z "$since" ]; then
  broken "on pull_request_target a base is wanted, whose config holds: leave \`base: auto\`"
fi

# ------------------------------------------------------------------------------------------------------------ the config

config_file=$CONFIG
if [ -n "$CONFIG_REPOSITORY" ]; then
  [[ $CONFIG_REPOSITORY =~ ^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$ ]] || broken "config-repository: \"$CONFIG_REPOSITORY\" is no owner/name"
  folder=$RUNNER_TEMP/trueup-config/$CONFIG_REPOSITORY
  config_file=$folder/${CONFIG:-trueup.yaml}
  rm -rf "$folder" && mkdir -p "$folder" && git init --quiet "$folder"
  url=$GITHUB_SERVER_URL/$CONFIG_REPOSITORY
  if git_with "$FLEET_TOKEN" -C "$folder" fetch --quiet --no-tags --depth=1 -- "$url" "${CONFIG_REF:-HEAD}"; then
    git -C "$folder" checkout --quiet --detach FETCH_HEAD
    [ -f "$config_file" ] || broken "$CONFIG_REPOSITORY has no ${CONFIG:-trueup.yaml}"
  elif only_reads && [ -z "$FLEET_TOKEN" ]; then
    # A fork has no secret to read it with. What hangs on other repositories is left out, and that is said.
    notice "$CONFIG_REPOSITORY cannot be read without the secrets that a fork's run does not have: only this repository is checked"
    config_file=
  else
    broken "$CONFIG_REPOSITORY${CONFIG_REF:+ at $CONFIG_REF} could not be fetched; \`fleet-token\` wants contents: read there"
  fi
fi

# ------------------------------------------------------------------------------------------------------------ the run

folder=$RUNNER_TEMP/trueup-reports/$NAME
mkdir -p "$folder"
rm -f "$folder"/report.*
words=("$MODE" --fail-on "$FAIL_ON" --format "json=$folder/report.json" --format "markdown=$folder/report.md")
if [ "$MODE" = audit ]; then
  words+=(--format terminal --format "prometheus=$folder/report.prom" --history "$(realpath -m -- "$HISTORY")")
  if [ "$NEW_ONLY" = true ]; then words+=(--new-only); fi
  mkdir -p "$(dirname -- "$HISTORY")"
  # No source: all of the config. It is that of the path, unless one is named.
  if [ -n "$config_file" ]; then config_file=$(realpath -m -- "$config_file"); fi
  words+=(--color never)
else
  words+=(--format github --format "sarif=$folder/report.sarif")
fi
if [ -n "$since" ]; then words+=(--base "$since"); fi
if [ -n "$AT" ]; then words+=(--at "$AT"); fi
if [ -n "$config_file" ]; then words+=(--config "$config_file"); fi
if [ "$REQUIRE_COMPLETE" = true ]; then words+=(--require-complete); fi
if [ "$OFFLINE" = true ]; then words+=(--offline); fi
while IFS= read -r line; do
  if [ -n "$line" ]; then words+=("$line"); fi
done <<<"$ARGUMENTS"

code=0
(
  # The fleet's other repositories are fetched by git, with a token for this server and no other.
  if [ -n "$FLEET_TOKEN" ]; then
    export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.$GITHUB_SERVER_URL/.extraheader"
    GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $(printf 'x-access-token:%s' "$FLEET_TOKEN" | base64 | tr -d '\n')"
    export GIT_CONFIG_VALUE_0
  fi
  # Our own words are no variables of the checker's: what it says can hold none of them.
  unset TOKEN FLEET_TOKEN
  if [ "$MODE" = audit ]; then
    cd "$CHECK_PATH"
    exec "$TRUEUP" "${words[@]}"
  fi
  exec "$TRUEUP" "${words[@]}" -- "$CHECK_PATH"
) 2>"$folder/errors" || code=$?
# What stands on standard error may hold a stranger's words: one line, one command at most.
if [ -s "$folder/errors" ]; then
  if [ "$code" -eq 2 ] || [ "$code" -ge 4 ]; then
    echo "::error title=trueup::$(command_text "$(head -c 4000 "$folder/errors")")"
  else
    notice "$(head -c 4000 "$folder/errors")"
  fi
fi

case $code in
  0) result=clean ;;
  1) result=findings ;;
  3) result=incomplete ;;
  *) result=broken ;;
esac
output result "$result"
output exit-code "$code"
if [ "$result" = broken ]; then exit 0; fi

jq -r '(if .base == null then . else .findings |= map(select(.change == "introduced")) end)
  | [.findings[].severity] as $all
  | "errors=\([$all[] | select(. == "error")] | length)", "warnings=\([$all[] | select(. == "warning")] | length)",
    "notes=\([$all[] | select(. == "note")] | length)", "found=\($all | length)", "fixed=\(.summary.fixed)",
    "suppressed=\(.summary.suppressed)", "unknowns=\(.summary.unknowns)"' "$folder/report.json" >>"$GITHUB_OUTPUT"

if [ "$MODE" = audit ]; then
  # Later lines of an output win: of an audit, what is open counts, and what it found fixed.
  jq -r '.audit | "new=\(.new)", "returned=\(.returned)", "persisting=\(.persisting)", "unverified=\(.unverified)", "fixed=\(.fixed)",
    "found=\(.new + .returned + .persisting + .unverified)"' "$folder/report.json" >>"$GITHUB_OUTPUT"
  output history "$(realpath -m -- "$HISTORY")"
  output json "$folder/report.json"
  output markdown "$folder/report.md"
  output prometheus "$folder/report.prom"
  if [ "$SUMMARY" = true ]; then cat "$folder/report.md" >>"$GITHUB_STEP_SUMMARY"; fi
  exit 0
fi

# Several checks of one commit: alerts of one do not close those of another.
if [ "$NAME" != trueup ]; then
  jq -c --arg name "$NAME" '.runs[].automationDetails.id |= sub("^trueup/"; "trueup/" + $name + "/")' "$folder/report.sarif" >"$folder/named"
  mv "$folder/named" "$folder/report.sarif"
fi
output json "$folder/report.json"
output sarif "$folder/report.sarif"
output markdown "$folder/report.md"
if [ "$SUMMARY" = true ]; then cat "$folder/report.md" >>"$GITHUB_STEP_SUMMARY"; fi
