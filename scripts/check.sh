#!/bin/sh
# Format, lints and types, of the server, the browser side and the tools; and whether .sqlx is what the queries need.
cd "$(dirname "$0")/.."
. scripts/need.sh
. scripts/wasm.sh
need_c_compiler
need_rust
need_wasm
cargo fmt --version >/dev/null 2>&1 || missing "rustfmt" "rustup component add rustfmt"
cargo clippy --version >/dev/null 2>&1 || missing "clippy" "rustup component add clippy"

say "format"
cargo fmt --check
cargo fmt --check --manifest-path tools/bundle/Cargo.toml
say "server"
cargo clippy --features ssr --all-targets -- -D warnings
say "browser side"
hydrate="--lib --no-default-features --features hydrate --target $wasm_target"
if [ -z "$wasm_sysroot" ]; then
    cargo clippy $hydrate -- -D warnings
else
    # Debian's Rust comes without clippy.
    wasm_cargo check $hydrate
fi
say "tools/bundle"
CARGO_TARGET_DIR=$tools/bundle-target cargo clippy --release --locked --all-targets \
    --manifest-path tools/bundle/Cargo.toml -- -D warnings
scripts/sqlx-data.sh --check
