//! Makes the folder of files that Portico serves under `/pkg/`: the JavaScript and WASM that wasm-bindgen makes of the
//! browser build, the style sheet in one piece, and the public files. Each has a hash of its content in its name, so that
//! a browser may keep it for ever, and lies there compressed as well, so that the server never compresses anything.
//!
//! ```text
//! OUT/pkg/NAME.HASH.EXT      and the same with .br and .gz, where that is smaller
//! OUT/manifest.txt           a line for each file: its plain name, a space, the name with the hash
//! OUT/inputs.txt             a hash of all that went in; the same again means there is nothing to do
//! ```

mod compress;
mod css;
mod split;
mod wasm;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use compress::{Level, compress};
use sha2::{Digest, Sha256};

const USAGE: &str = "usage: bundle --wasm FILE --style FILE --public DIR --out DIR [--fast] [--wasm-opt PROGRAM]
  --wasm FILE          the browser build, as cargo made it
  --style FILE         the style sheet that imports the others
  --public DIR         files to serve as they are
  --out DIR            where the site goes
  --fast               compress quickly, for development
  --wasm-opt PROGRAM   make the WASM smaller with Binaryen's wasm-opt";

/// The most that script and WASM of the pages that people see first may be, compressed: 450 KiB.
const MOST_FIRST: usize = 450 * 1024;

/// What the command line asks for.
struct Options {
    wasm: PathBuf,
    style: PathBuf,
    public: PathBuf,
    out: PathBuf,
    level: Level,
    wasm_opt: Option<PathBuf>,
}

impl Options {
    fn from_args(mut args: impl Iterator<Item = String>) -> Result<Self> {
        let mut named = BTreeMap::new();
        let mut level = Level::Best;
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--fast" => level = Level::Fast,
                "--wasm" | "--style" | "--public" | "--out" | "--wasm-opt" => {
                    let value = args.next().with_context(|| format!("{arg} needs a value\n{USAGE}"))?;
                    named.insert(arg, PathBuf::from(value));
                }
                _ => bail!("{arg} is not known here\n{USAGE}"),
            }
        }
        let mut take = |name: &str| named.remove(name).with_context(|| format!("{name} is missing\n{USAGE}"));
        Ok(Self {
            wasm: take("--wasm")?,
            style: take("--style")?,
            public: take("--public")?,
            out: take("--out")?,
            level,
            wasm_opt: take("--wasm-opt").ok(),
        })
    }
}

/// Plain name and content of each file of the site.
type Files = BTreeMap<String, Vec<u8>>;

fn main() -> ExitCode {
    match Options::from_args(std::env::args().skip(1)).and_then(|options| bundle(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bundle: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn bundle(options: &Options) -> Result<()> {
    let started = Instant::now();

    let wasm =
        fs::read(&options.wasm).with_context(|| format!("cannot read the browser build {}", options.wasm.display()))?;
    let style = css::resolve(&options.style)?;
    let mut public = Files::new();
    collect(&options.public, "", &mut public)?;

    let inputs = hash_inputs(options, &wasm, &style, &public)?;
    let stamp = options.out.join("inputs.txt");
    if fs::read_to_string(&stamp).is_ok_and(|before| before == inputs) {
        println!("bundle: nothing has changed");
        return Ok(());
    }
    // Should this run be broken off, the next one must not take the half-written folder for finished.
    if stamp.exists() {
        fs::remove_file(&stamp)?;
    }

    let mut names = BTreeMap::new();
    let pkg = options.out.join("pkg");
    fs::create_dir_all(&pkg).with_context(|| format!("cannot make the folder {}", pkg.display()))?;
    println!("{:<34} {:>9} {:>9} {:>9}", "bundle: bytes of", "raw", "gzip", "brotli");
    let mut loads = BTreeMap::new();
    let mut put = |logical: &str, content: &[u8], stamp: &[u8]| -> Result<String> {
        let hashed = hashed_name(logical, stamp);
        let sizes = compress(content, options.level)?.write(&pkg.join(&hashed), content)?;
        println!("  {hashed:<40} {sizes}");
        names.insert(logical.to_owned(), hashed.clone());
        loads.insert(logical.to_owned(), sizes.travels());
        Ok(hashed)
    };

    // The style and the scripts name other files, so those come first.
    let mut public_names = BTreeMap::new();
    for (logical, content) in public {
        let hashed = put(&logical, &content, &content)?;
        public_names.insert(logical, hashed);
    }
    let style = css::point_to(&style, &public_names);
    put("portico.css", style.as_bytes(), style.as_bytes())?;

    let optimize = |wasm: Vec<u8>| match &options.wasm_opt {
        Some(program) => wasm::optimize(&wasm, program),
        None => Ok(wasm),
    };
    let split = split::split(&wasm, optimize)?;
    let mut bound = wasm::bind(split.main.clone())?;
    let main = optimize(bound.wasm)?;
    put("portico.wasm", &main, &main)?;
    let mut packs = BTreeMap::new();
    for (name, content) in split.packs() {
        packs.insert(name.to_owned(), put(&format!("portico-{name}.bin"), content, content)?);
    }
    for (import, content) in bound.snippets {
        let hashed = put(&import.replace('/', "-"), content.as_bytes(), content.as_bytes())?;
        bound.js = bound.js.replace(&format!("./snippets/{import}"), &format!("./{hashed}"));
    }
    // The two name each other: both get their hash of both, before either names the other.
    let loader = split.loader(&packs)?;
    let both = [bound.js.as_bytes(), loader.as_bytes()].concat();
    let js = point_to(&bound.js, split::LOADER, &hashed_name("portico-loader.js", &both))?;
    put("portico.js", js.as_bytes(), &both)?;
    let loader = point_to(&loader, split::MAIN, &hashed_name("portico.js", &both))?;
    put("portico-loader.js", loader.as_bytes(), &both)?;
    first_loads(&loads, packs.keys(), options.level)?;

    remove_stale(&pkg, &names)?;
    let manifest: String = names.iter().map(|(logical, hashed)| format!("{logical} {hashed}\n")).collect();
    fs::write(options.out.join("manifest.txt"), manifest)?;
    fs::write(&stamp, inputs)?;
    println!("bundle: {} files in {:.1} s", names.len(), started.elapsed().as_secs_f32());
    Ok(())
}

/// The script, importing from `file` what it imported from `module`.
fn point_to(script: &str, module: &str, file: &str) -> Result<String> {
    let from = |quote: char, module: &str| format!("from {quote}{module}{quote}");
    let found = ['"', '\''].into_iter().find(|quote| script.contains(&from(*quote, module)));
    let quote = found.with_context(|| format!("a script does not import {module}, as was known of it"))?;
    Ok(script.replace(&from(quote, module), &from(quote, &format!("./{file}"))))
}

/// Prints what script and WASM come with a page of each section, and refuses a release in which that is too much for the
/// pages that people see first.
fn first_loads<'a>(
    sizes: &BTreeMap<String, usize>,
    packs: impl Iterator<Item = &'a String>,
    level: Level,
) -> Result<()> {
    let size = |name: &str| sizes.get(name).copied().unwrap_or_default();
    let pack = |name: &str| size(&format!("portico-{name}.bin"));
    let always = size("portico.js") + size("portico-loader.js") + size("portico.wasm") + pack(split::FIRST);
    println!("bundle: script and WASM, compressed: {always} for every page");
    for name in packs.filter(|name| *name != split::COMMON && *name != split::FIRST) {
        let is_first = split::FIRST_SECTIONS.contains(&name.as_str());
        let all = always + pack(name) + if is_first { 0 } else { pack(split::COMMON) };
        println!("  {name:<40} {:>9} {all:>19}", pack(name));
        if matches!(level, Level::Best) && is_first && all > MOST_FIRST {
            bail!(
                "{name} is among the first pages, and loads {all} bytes of script and WASM; {MOST_FIRST} is the limit"
            );
        }
    }
    Ok(())
}

/// Reads the files under `dir` into `files`, with names relative to it; those that begin with a dot are left out.
fn collect(dir: &Path, prefix: &str, files: &mut Files) -> Result<()> {
    let entries = fs::read_dir(dir).with_context(|| format!("cannot read the public files in {}", dir.display()))?;
    for entry in entries {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            bail!("{} has a name that is not UTF-8: rename it", entry.path().display());
        };
        if name.starts_with('.') {
            continue;
        }
        if name.contains(char::is_whitespace) {
            bail!("{} has a space in its name: rename it", entry.path().display());
        }
        let logical = format!("{prefix}{name}");
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{logical}/"), files)?;
        } else {
            files.insert(logical, fs::read(entry.path())?);
        }
    }
    Ok(())
}

/// `icons.svg` becomes `icons.0123456789abcdef.svg`; a file in a folder gets the folder's name before its own, because
/// `/pkg/` is flat.
fn hashed_name(logical: &str, content: &[u8]) -> String {
    let flat = logical.replace('/', "-");
    let hash = &hex(&Sha256::digest(content))[..16];
    match flat.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
        None => format!("{flat}.{hash}"),
    }
}

/// One hash over the inputs and over this program, so that a newer one makes the site anew.
fn hash_inputs(options: &Options, wasm: &[u8], style: &str, public: &Files) -> Result<String> {
    let program = fs::read(std::env::current_exe()?)?;
    let settings = format!("{:?} {:?}", options.level, options.wasm_opt);
    let named = public.iter().flat_map(|(name, content)| [name.as_bytes(), content.as_slice()]);
    let mut hash = Sha256::new();
    for part in [program.as_slice(), settings.as_bytes(), wasm, style.as_bytes()].into_iter().chain(named) {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    Ok(hex(&hash.finalize()))
}

/// Removes what earlier runs, or cargo-leptos, left in `pkg`.
fn remove_stale(pkg: &Path, names: &BTreeMap<String, String>) -> Result<()> {
    for entry in fs::read_dir(pkg)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let plain = name.strip_suffix(".br").or(name.strip_suffix(".gz")).unwrap_or(&name);
        if entry.path().is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else if !names.values().any(|hashed| hashed == plain) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_stands_before_the_extension() {
        assert_eq!(hashed_name("icons.svg", b""), "icons.e3b0c44298fc1c14.svg");
        assert_eq!(hashed_name("fonts/text.woff2", b""), "fonts-text.e3b0c44298fc1c14.woff2");
        assert_eq!(hashed_name("LICENSE", b""), "LICENSE.e3b0c44298fc1c14");
    }

    #[test]
    fn a_missing_argument_is_named() {
        let args = ["--wasm", "a.wasm"].map(String::from).into_iter();
        let error = Options::from_args(args).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.starts_with("--style is missing"), "{error}");
    }
}
