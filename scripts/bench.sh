#!/bin/sh
# Builds, and prints figures of what was built. Nothing here passes or fails.
cd "$(dirname "$0")/.."
scripts/setup.sh test
scripts/build.sh
. scripts/need.sh
say "figures"
(cd end2end && npx playwright test --config bench.config.ts)
scripts/bench-decisions.sh
scripts/bench-import.sh
scripts/bench-invitations.sh
