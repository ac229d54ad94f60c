# shellcheck shell=sh
# Common to the scripts, which source it from the root of the checkout. It finds or gets what they need; what it cannot get
# it names, with the command that gets it. Tools that it builds are kept in $tools, outside the checkout, and used again.

set -eu

tools=${PORTICO_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/portico}
target=${CARGO_TARGET_DIR:-target}
PATH=$PATH:$HOME/.cargo/bin
# Query macros are checked against .sqlx, so that a build needs no database (make sqlx-data writes it).
export SQLX_OFFLINE=true

say() { printf '==> %s\n' "$*" >&2; }

# missing WHAT COMMAND: gives up.
missing() {
    printf 'portico: %s is missing. Get it with:\n    %s\n' "$1" "$2" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_apt() {
    command -v apt-get >/dev/null && as_root true 2>/dev/null
}

# apt WHAT PACKAGE...: installs Debian packages.
apt() {
    what=$1
    shift
    can_apt || missing "$what" "sudo apt-get install $* (or your system's like)"
    say "installing $what ($*)"
    # Old lists would name old packages, and a new machine has none.
    as_root apt-get update -qq || say "apt-get update failed: trying with the lists that are here"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
        missing "$what" "sudo apt-get install $*"
}

need_c_compiler() {
    command -v cc >/dev/null || apt "a C compiler" gcc libc6-dev
}

# Rust as new as Cargo.toml says: rustup's, or where there is none, Debian's newest.
need_rust() {
    oldest=$(sed -n 's/^rust-version = "1\.\([0-9]*\).*/\1/p' Cargo.toml)
    command -v cargo >/dev/null || ! can_apt || apt "Rust" rustc-web cargo-web
    here=$(rustc --version 2>/dev/null) || here="none"
    minor=$(expr "$here" : 'rustc 1\.\([0-9]*\)') || minor=0
    [ "$minor" -ge "$oldest" ] && command -v cargo >/dev/null && return
    command -v rustup >/dev/null && get="rustup update stable" || get="curl -sSf https://sh.rustup.rs | sh"
    missing "Rust 1.$oldest or newer (here: $here)" "$get"
}

# The program that makes the site, built when its sources are not those of the one at hand.
need_bundle() {
    sources=$(cat tools/bundle/Cargo.toml tools/bundle/Cargo.lock tools/bundle/src/*.rs | cksum | tr ' ' '-')
    bundle=$tools/bundle-$sources
    [ -x "$bundle" ] && return
    say "building tools/bundle, once"
    mkdir -p "$tools"
    CARGO_TARGET_DIR=$tools/bundle-target cargo build --release --locked --manifest-path tools/bundle/Cargo.toml
    cp "$tools/bundle-target/release/bundle" "$bundle.$$"
    mv "$bundle.$$" "$bundle"
}

# Sets postgres_bin to the folder of the newest PostgreSQL's programs, 15 at least; fails where there is none.
find_postgres() {
    postgres_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t / -k 5 -n | tail -n 1)
    [ -n "$postgres_bin" ] || postgres_bin=$(pg_config --bindir 2>/dev/null) || return 1
    [ -x "$postgres_bin/initdb" ] || return 1
    postgres_major=$("$postgres_bin/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
    [ "$postgres_major" -ge 15 ]
}

need_postgres() {
    find_postgres && return
    # Only the programs are wanted: keep Debian from making and starting a cluster of its own meanwhile.
    no_cluster=/etc/postgresql-common/createcluster.d/portico.conf
    if can_apt; then
        as_root mkdir -p "${no_cluster%/*}"
        echo "create_main_cluster = false" | as_root tee "$no_cluster" >/dev/null
        trap 'as_root rm -f "$no_cluster"' EXIT
    fi
    apt "PostgreSQL 15 or newer" postgresql
    as_root rm -f "$no_cluster"
    trap - EXIT
    find_postgres || missing "PostgreSQL 15 or newer" "a newer release of this system, or set DATABASE_URL to a server"
}

# The gateway that the docs' example is tested with: only the program is wanted, and Debian would start it.
need_nginx() {
    [ -x /usr/sbin/nginx ] || [ -x /usr/bin/nginx ] && return
    policy=/usr/sbin/policy-rc.d
    if can_apt && [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod +x "$policy"
        trap 'as_root rm -f "$policy"' EXIT
        apt "nginx" nginx-light
        as_root rm -f "$policy"
        trap - EXIT
    else
        apt "nginx" nginx-light
    fi
}

# What the end-to-end tests run on.
need_browser_tests() {
    node_major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/') || true
    [ "${node_major:-0}" -ge 20 ] || missing "Node.js 20 or newer" "nvm install 22 (or see https://nodejs.org)"
    command -v npm >/dev/null || missing "npm" "sudo apt-get install npm"
    command -v chromium >/dev/null || apt "Chromium" chromium
    command -v openssl >/dev/null || apt "OpenSSL" openssl
    # npm leaves this file behind a whole installation.
    if [ ! -e end2end/node_modules/.package-lock.json ] ||
        [ end2end/package-lock.json -nt end2end/node_modules/.package-lock.json ]; then
        say "installing the npm packages of end2end"
        (cd end2end && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund)
        touch end2end/node_modules/.package-lock.json
    fi
}
