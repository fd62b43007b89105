#!/usr/bin/env bash
# Decides how trueup gets here: a binary that is there, a release, or the action's own source, and where to.
# In: VERSION, BINARY, ACTION_REF. Out: how (binary, release, source), release, folder, key.
set -euo pipefail
# shellcheck source=action/lib.sh
. "$GITHUB_ACTION_PATH/action/lib.sh"

# The version that this source is; its release is called v and that.
own_version() { sed -n 's/^project(trueup VERSION \([0-9.]*\).*/\1/p' "$GITHUB_ACTION_PATH/CMakeLists.txt"; }

[ "${RUNNER_OS:-Linux}" = Linux ] || fail "trueup runs on Linux; this runner is $RUNNER_OS"
if [ -n "$BINARY" ]; then
  output how binary
  exit 0
fi

release=
case $VERSION in
  source) ;;
  auto | '')
    # A tag, v0.1.0 or the v0 that moves with it, is a release. A commit is that commit: it is built, and kept in the cache.
    if [[ $ACTION_REF =~ ^v[0-9]+(\.[0-9]+)*$ ]]; then release=v$(own_version); fi
    ;;
  *)
    [[ $VERSION =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || fail "version: \"$VERSION\" is none of auto, source, v1.2.3"
    release=$VERSION
    ;;
esac

output folder "$RUNNER_TEMP/trueup-${release:-source}"
if [ -n "$release" ]; then
  output how release
  output release "$release"
  exit 0
fi
output how source
# What the binary is made of, and what it is linked with.
system=$(. /etc/os-release && echo "$ID-${VERSION_ID:-0}")
sources=$(cd "$GITHUB_ACTION_PATH" && find src rules cmake scripts CMakeLists.txt -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
output key "trueup-$system-$(uname -m)-${sources%% *}"
