//! From cargo's WASM to what a browser loads.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

/// What wasm-bindgen made.
pub struct Bound {
    pub js: String,
    pub wasm: Vec<u8>,
    /// Scripts that crates brought along: the path under `./snippets/` by which the main script imports each, and its text.
    pub snippets: Vec<(String, String)>,
}

/// Runs wasm-bindgen. The page passes the path of the WASM to the script's
/// `init`, so the script holds none.
pub fn bind(wasm: Vec<u8>) -> Result<Bound> {
    let mut output = Bindgen::new()
        .input_bytes("portico", wasm)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        // The parts that were split off share memory, table and stack with this one by these exports.
        .keep_lld_exports(true)
        .demangle(false)
        .generate_output()
        .context("wasm-bindgen refused the browser build; is wasm-bindgen the same version in Cargo.toml and in tools/bundle?")?;
    if let Some(package) = output.npm_dependencies().keys().next() {
        bail!("a crate wants the npm package {package} in the browser, and there is no bundler for it here");
    }

    let inline = output.snippets().iter().flat_map(|(identifier, scripts)| {
        scripts.iter().enumerate().map(move |(i, script)| (format!("{identifier}/inline{i}.js"), script.clone()))
    });
    let local = output.local_modules().iter().map(|(path, script)| (path.clone(), script.clone()));
    let snippets = inline.chain(local).collect();
    let js = output.js().to_owned();
    let wasm = output.wasm_mut().emit_wasm();
    Ok(Bound { js, wasm, snippets })
}

/// Runs Binaryen's wasm-opt.
pub fn optimize(wasm: &[u8], program: &Path) -> Result<Vec<u8>> {
    let file = std::env::temp_dir().join(format!("portico-{}.wasm", std::process::id()));
    fs::write(&file, wasm)?;
    let status = Command::new(program)
        // The rest of what rustc uses by default; older releases of wasm-opt want it said.
        .args(["-Oz", "--enable-bulk-memory", "--enable-nontrapping-float-to-int", "--enable-sign-ext"])
        .args(["--enable-mutable-globals", "--enable-reference-types", "--enable-multivalue"])
        .arg(&file)
        .arg("-o")
        .arg(&file)
        .status()
        .with_context(|| format!("cannot run {}", program.display()))?;
    let optimized = fs::read(&file);
    fs::remove_file(&file)?;
    if !status.success() {
        bail!("{} failed with {status}", program.display());
    }
    Ok(optimized?)
}
