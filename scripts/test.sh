#!/bin/sh
# Gets what is missing and runs every test: Rust's against a PostgreSQL of their own, then a browser's against the real
# binary. PORTICO_SOAK=1 makes the long ones long.
cd "$(dirname "$0")/.."
scripts/setup.sh test
. scripts/need.sh
began=$(date +%s)

# step WHAT COMMAND...: says what runs and how long it took.
step() {
    what=$1
    shift
    say "$what"
    from=$(date +%s)
    "$@" || { say "failed: $what" && exit 1; }
    say "$what: $(($(date +%s) - from)) s"
}

trap 'scripts/test-db.sh stop' EXIT
url=$(scripts/test-db.sh start)
# Cases that each generated rule is tried on.
[ -z "${PORTICO_SOAK:-}" ] || export PROPTEST_CASES=100000

step "tests of tools/bundle" env CARGO_TARGET_DIR="$tools/bundle-target" \
    cargo test --release --locked --manifest-path tools/bundle/Cargo.toml
step "Rust tests" env DATABASE_URL="$url" cargo test --features ssr
step "build" scripts/build.sh
step "browser tests" sh -c 'cd end2end && npx playwright test'
say "all tests passed in $(($(date +%s) - began)) s"
