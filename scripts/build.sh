#!/bin/sh
# Builds target/release/portico, one file with the site inside: browser build, site, server. Cargo and the bundle see for
# themselves what has changed. PORTICO_WASM_OPT names Binaryen's wasm-opt, where it is to make the WASM smaller.
cd "$(dirname "$0")/.."
. scripts/need.sh
. scripts/wasm.sh
need_c_compiler
need_rust
need_wasm
need_bundle

say "browser build"
wasm_cargo build --lib --no-default-features --features hydrate --target "$wasm_target" --profile wasm-release
say "site: hashed names, brotli and gzip"
"$bundle" --wasm "$target/$wasm_target/wasm-release/portico.wasm" --style style/main.css --public public \
    --out target/site ${PORTICO_WASM_OPT:+--wasm-opt "$PORTICO_WASM_OPT"}
say "server"
cargo build --release --features ssr,embed --bin portico
say "built $target/release/portico"
