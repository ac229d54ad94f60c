#!/bin/sh
# Serves a debug build, and builds and starts it anew when a source changes. An error leaves the last good one serving.
# (cargo leptos watch --split does the same, with live reload, for those who have it.)
cd "$(dirname "$0")/.."
scripts/setup.sh "$([ -n "${DATABASE_URL:-}" ] && echo build || echo run)"
. scripts/need.sh
. scripts/wasm.sh
need_wasm
need_bundle

# Apart from the release's site, so that neither undoes the other's.
export PORTICO_SITE="$target/dev-site"
mkdir -p "$PORTICO_SITE"
built=$PORTICO_SITE/built
server=

build() {
    wasm_cargo build --lib --no-default-features --features hydrate --target "$wasm_target" &&
        "$bundle" --fast --wasm "$target/$wasm_target/debug/portico.wasm" --style style/main.css --public public \
            --out "$PORTICO_SITE" &&
        cargo build --features ssr --bin portico
}

stop() {
    [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null || true
    server=
}
trap stop EXIT
trap 'exit 130' INT TERM

changed() {
    [ -n "$(find src style public migrations Cargo.toml Cargo.lock build.rs -newer "$built" | head -n 1)" ]
}

while :; do
    # Before the build: what changes meanwhile is for the next one.
    touch "$built"
    say "building"
    if build; then
        stop
        "$target/debug/portico" serve &
        server=$!
    else
        say "not built: waiting for a change"
    fi
    until changed; do sleep 1; done
done
