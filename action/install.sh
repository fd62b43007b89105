#!/usr/bin/env bash
# Puts trueup into FOLDER. In: HOW, FOLDER, RELEASE, BINARY, CHECKSUM, ACTION_REPOSITORY, TOKEN. Out: binary.
set -euo pipefail
# shellcheck source=action/lib.sh
. "$GITHUB_ACTION_PATH/action/lib.sh"

# A release's file, from where the action is; a private one wants the token, which goes nowhere else.
download() {
  local headers code
  headers=$(umask 077 && mktemp "$RUNNER_TEMP/trueup-headers-XXXXXX")
  if [ -n "$TOKEN" ] && [ "$ACTION_REPOSITORY" = "$GITHUB_REPOSITORY" ]; then printf 'Authorization: Bearer %s\n' "$TOKEN" >"$headers"; fi
  curl --silent --show-error --fail --location --retry 3 --max-time 300 --proto "=${GITHUB_SERVER_URL%%:*}" --proto-redir =https \
    --header "@$headers" --output "$2" "$GITHUB_SERVER_URL/$ACTION_REPOSITORY/releases/download/$RELEASE/$1" && code=0 || code=$?
  rm -f "$headers"
  return "$code"
}

install_release() {
  local name
  name=trueup-${RELEASE#v}-linux-$(uname -m).tar.gz
  mkdir -p "$FOLDER"
  download "$name" "$FOLDER/$name" || fail "$ACTION_REPOSITORY has no $name in its release $RELEASE; \`version: source\` builds it"
  if [ -n "$CHECKSUM" ]; then
    echo "$CHECKSUM  $name" >"$FOLDER/SHA256SUMS"
  else
    download SHA256SUMS "$FOLDER/SHA256SUMS" || fail "the release $RELEASE has no SHA256SUMS"
  fi
  # A list that does not name the file proves nothing about it.
  awk -v name="$name" '$2 == name || $2 == "*" name' "$FOLDER/SHA256SUMS" >"$FOLDER/wanted"
  [ "$(wc -l <"$FOLDER/wanted")" -eq 1 ] || fail "SHA256SUMS of $RELEASE does not name $name once"
  (cd "$FOLDER" && sha256sum --check --strict --quiet wanted) || fail "$name is not what its checksum says; nothing of it was run"
  tar -xzf "$FOLDER/$name" -C "$FOLDER" --strip-components=1 --no-same-owner
  trueup=$FOLDER/bin/trueup
}

install_source() {
  trueup=$FOLDER/bin/trueup
  if [ -x "$trueup" ]; then return; fi
  "$GITHUB_ACTION_PATH/scripts/install-packages"
  "$GITHUB_ACTION_PATH/scripts/build" "$RUNNER_TEMP/trueup-build" -DCMAKE_BUILD_TYPE=Release -DTRUEUP_TESTS=OFF -- trueup
  mkdir -p "$FOLDER/bin"
  cp "$RUNNER_TEMP/trueup-build/src/trueup" "$trueup"
}

# A binary from the cache still wants the libraries that it was linked with.
case $HOW in
  binary) trueup=$(command -v "$BINARY") || fail "binary: there is no $BINARY" ;;
  release) install_release ;;
  source)
    install_source
    "$trueup" --version >/dev/null 2>&1 || "$GITHUB_ACTION_PATH/scripts/install-packages"
    ;;
esac
"$trueup" --version || fail "trueup does not run here"
output binary "$trueup"
