//! Takes the browser build apart where `#[lazy]` functions mark it: what the first page needs, and parts for later.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use wasm_split_cli_support::{Options, transform};

/// The script by which the main WASM asks for parts, as the main WASM names it, and the script that this one names in turn.
pub const LOADER: &str = "./loader.js";
const MAIN: &str = "./portico.js";

/// The browser build in pieces.
pub struct Split {
    /// What is always loaded; wasm-bindgen comes after.
    pub main: Vec<u8>,
    /// The script that loads the parts. It names each part once, as [`Split::parts`] does.
    pub loader: String,
    /// WASM by its file name.
    pub parts: BTreeMap<String, Vec<u8>>,
    /// By the name of a section, the parts that it needs.
    pub needs: BTreeMap<String, Vec<String>>,
}

pub fn split(wasm: &[u8]) -> Result<Split> {
    let work = Work::new()?;
    let main = work.0.join("main");
    let mut options = Options::new(wasm);
    options.output_dir = &work.0;
    options.main_out_path = &main;
    options.link_name = LOADER;
    options.main_module = MAIN;
    let made = transform(options).map_err(|error| anyhow!("the browser build cannot be taken apart: {error:#}"))?;
    let mut parts = BTreeMap::new();
    for path in made.split_modules {
        let name = path.file_name().and_then(|name| name.to_str()).context("a part has no name")?.to_owned();
        parts.insert(name, without_custom_sections(&fs::read(&path)?)?);
    }
    let needs = made.prefetch_map.into_iter().map(|(section, files)| {
        (section, files.into_iter().map(|file| format!("{file}.wasm")).collect())
    });
    Ok(Split { main: fs::read(&main)?, loader: fs::read_to_string(work.0.join(LOADER))?, parts, needs: needs.collect() })
}

/// A folder that lasts as long as this.
struct Work(PathBuf);

impl Work {
    fn new() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("portico-split-{}", std::process::id()));
        fs::create_dir_all(&folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// Names of functions and the like, which nobody reads in the browser, are left out.
fn without_custom_sections(wasm: &[u8]) -> Result<Vec<u8>> {
    const HEADER: usize = 8;
    let (header, mut rest) = wasm.split_at_checked(HEADER).context("a part is no WASM")?;
    let mut kept = header.to_vec();
    while let Some((&id, after)) = rest.split_first() {
        let (length, digits) = leb128(after)?;
        let end = 1 + digits + length;
        let (section, others) = rest.split_at_checked(end).context("a part ends too early")?;
        if id != 0 {
            kept.extend(section);
        }
        rest = others;
    }
    Ok(kept)
}

/// A number as WASM writes it, and how many bytes it takes.
fn leb128(bytes: &[u8]) -> Result<(usize, usize)> {
    let mut number = 0;
    for (i, byte) in bytes.iter().take(5).enumerate() {
        number |= usize::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return Ok((number, i + 1));
        }
    }
    bail!("a part has a section without length")
}
