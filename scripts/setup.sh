#!/bin/sh
# Gets what is missing on this machine. usage: setup.sh [build|run|test]; without a word, for all of them.
cd "$(dirname "$0")/.."
. scripts/need.sh
. scripts/wasm.sh

need_c_compiler
need_rust
need_wasm
need_bundle
case ${1:-test} in
build) ;;
run) need_postgres ;;
test) need_postgres && need_nginx && need_browser_tests ;;
*) echo "usage: scripts/setup.sh [build|run|test]" >&2 && exit 2 ;;
esac
