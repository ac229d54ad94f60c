#!/bin/sh
# Gets what is missing, builds, and serves until it is stopped.
cd "$(dirname "$0")/.."
[ -n "${DATABASE_URL:-}" ] && needs=build || needs=run
scripts/setup.sh "$needs"
scripts/build.sh
exec "${CARGO_TARGET_DIR:-target}/release/portico" serve
