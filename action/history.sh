#!/usr/bin/env bash
# Says where an audit keeps its history. In: NAME, HISTORY, RUN. Out: file, and if it is kept in the cache: cached, folder, key, keys.
set -euo pipefail
# shellcheck source=action/lib.sh
. "$GITHUB_ACTION_PATH/action/lib.sh"

[[ $NAME =~ ^[A-Za-z0-9][A-Za-z0-9._-]*$ ]] || fail "name: \"$NAME\" holds more than letters, digits, \`.\`, \`_\` and \`-\`"
if [ -n "$HISTORY" ]; then
  output file "$HISTORY"
  exit 0
fi
# The folder is part of what a cache is found by: it is the same in every run.
folder=$RUNNER_TEMP/trueup-history/$NAME
mkdir -p "$folder"
output file "$folder/fleet.history"
output cached true
output folder "$folder"
output key "trueup-history-$NAME-$RUN"
output keys "trueup-history-$NAME-"
