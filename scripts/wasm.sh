# shellcheck shell=sh
# Sourced after need.sh. need_wasm makes sure that there is a Rust that builds for the browser, and wasm_cargo runs its
# cargo. That is the usual one with rustup's target, or else Debian's with a standard library that is built here, once:
# Debian packages Rust's sources and a linker, but no library for the browser. PORTICO_WASM_TOOLCHAIN=debian chooses it.

wasm_target=wasm32-unknown-unknown
wasm_sysroot=

need_wasm() {
    if [ "${PORTICO_WASM_TOOLCHAIN:-rustup}" != debian ]; then
        [ -d "$(rustc --print sysroot)/lib/rustlib/$wasm_target/lib" ] && return
        if command -v rustup >/dev/null; then
            say "installing Rust's target $wasm_target"
            rustup target add "$wasm_target" >&2 && return
            say "rustup cannot get it: trying Debian's Rust"
        fi
        can_apt || missing "Rust's target $wasm_target" "rustup target add $wasm_target"
    fi
    need_debian_wasm
}

wasm_cargo() {
    if [ -z "$wasm_sysroot" ]; then
        cargo "$@"
    else
        env -u RUSTFLAGS RUSTC=/usr/bin/rustc CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="$wasm_linker" \
            CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="--sysroot=$wasm_sysroot --cfg erase_components" /usr/bin/cargo "$@"
    fi
}

need_debian_wasm() {
    [ -x /usr/bin/cargo ] && [ -d /usr/lib/rustlib/src/rust/library ] ||
        apt "Debian's Rust" rustc-web cargo-web rust-web-src
    find_wasm_linker
    if [ -z "$wasm_linker" ]; then
        newest=$(apt-cache search --names-only '^lld-[0-9]+$' | sed 's/ .*//' | sort -t - -k 2 -n | tail -n 1)
        apt "a linker for $wasm_target" "${newest:-lld}"
        find_wasm_linker
    fi

    wasm_sysroot=$tools/$wasm_target-$(/usr/bin/rustc --version | cut -d ' ' -f 2)
    [ -d "$wasm_sysroot" ] && return
    say "building Rust's standard library for $wasm_target, once"
    work=$tools/std-work
    rm -rf "$work"
    mkdir -p "$work/src" "$work/sysroot/lib/rustlib/$wasm_target/lib"
    printf '[package]\nname = "empty"\nedition = "2024"\n[workspace]\n' >"$work/Cargo.toml"
    echo '#![no_std]' >"$work/src/lib.rs"
    # RUSTC_BOOTSTRAP: -Z build-std is not yet stable. The bitcode is for the link-time optimization of a release.
    (cd "$work" && env RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Cembed-bitcode=yes CARGO_TARGET_DIR="$work/target" \
        /usr/bin/cargo build --release -Z build-std=std,panic_abort --target "$wasm_target") >&2
    rm "$work/target/$wasm_target/release/deps/"libempty*
    cp "$work/target/$wasm_target/release/deps/"*.rlib "$work/sysroot/lib/rustlib/$wasm_target/lib/"
    mv "$work/sysroot" "$wasm_sysroot"
    rm -rf "$work"
}

find_wasm_linker() {
    wasm_linker=$(ls /usr/bin/wasm-ld-[0-9]* 2>/dev/null | sort -t - -k 3 -n | tail -n 1)
    [ -n "$wasm_linker" ] || wasm_linker=$(command -v wasm-ld) || true
}
