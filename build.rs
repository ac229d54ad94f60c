//! With the feature `embed`, puts the site that `make build` made into the binary: writes `$OUT_DIR/assets.rs`, a table
//! that `src/platform/assets.rs` includes.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // `sqlx::migrate!` sees changes to the files that it knows, but no new file.
    println!("cargo::rerun-if-changed=migrations");
    if env::var("CARGO_CFG_TARGET_FAMILY").is_ok_and(|family| family == "wasm") {
        // tools/bundle takes the WASM apart by its relocations.
        println!("cargo::rustc-link-arg-cdylib=--emit-relocs");
    }
    if env::var_os("CARGO_FEATURE_EMBED").is_some()
        && let Err(problem) = embed()
    {
        println!("cargo::error={problem}");
    }
}

fn embed() -> Result<(), String> {
    println!("cargo::rerun-if-env-changed=PORTICO_SITE");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("CARGO_MANIFEST_DIR is not set")?);
    let site = root.join(env::var_os("PORTICO_SITE").unwrap_or("target/site".into()));
    let manifest = site.join("manifest.txt");
    println!("cargo::rerun-if-changed={}", manifest.display());

    let lines = fs::read_to_string(&manifest).map_err(|error| {
        format!(
            "the files for the browser are missing, {} cannot be read ({error}): run `make build`",
            manifest.display()
        )
    })?;
    let mut table = String::from("&[\n");
    for line in lines.lines() {
        let (logical, hashed) = line
            .split_once(' ')
            .ok_or_else(|| format!("{} has a line that is no pair of names: {line}", manifest.display()))?;
        let file = site.join("pkg").join(hashed);
        let compressed = |suffix| {
            let path = PathBuf::from(format!("{}{suffix}", file.display()));
            if path.exists() { format!("Some({})", include(&path)) } else { "None".to_owned() }
        };
        let (raw, brotli, gzip) = (include(&file), compressed(".br"), compressed(".gz"));
        writeln!(
            table,
            "Asset {{ logical: {logical:?}, name: {hashed:?}, raw: {raw}, brotli: {brotli}, gzip: {gzip} }},"
        )
        .map_err(|error| error.to_string())?;
    }
    table.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?).join("assets.rs");
    fs::write(&out, table).map_err(|error| format!("cannot write {}: {error}", out.display()))
}

fn include(path: &Path) -> String {
    format!("include_bytes!({:?})", path.display().to_string())
}
