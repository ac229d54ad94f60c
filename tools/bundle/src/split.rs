//! Takes the browser build apart where `#[lazy]` functions mark it: what every page needs, and parts for later.
//!
//! What several sections need comes out in many small parts, one for each set of sections. They are packed into few files
//! again: one for each section, one for what it shares with the first pages, and one for what the others share.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail, ensure};
use wasm_split_cli_support::{Options, transform};

/// The script that loads parts, as the main WASM names it.
pub const LOADER: &str = "./loader.js";
/// The main script, as the loader names it.
pub const MAIN: &str = "./portico.js";
/// The sections of the pages that people see first.
pub const FIRST_SECTIONS: [&str; 2] = ["doors", "dashboard"];
/// The pack of what these need and others, too.
pub const FIRST: &str = "first";
/// The pack of what only others need, several of them.
pub const COMMON: &str = "common";

/// Gives the loader a part out of a pack. What the page has asked for by itself is in `parts`, by its path.
const UNPACK: &str = r#"
const packs = {};
async function load(file) {
    const url = new URL(file, import.meta.url);
    const answer = await (globalThis.parts?.[url.pathname] ?? fetch(url));
    delete globalThis.parts?.[url.pathname];
    if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
    return answer.arrayBuffer();
}
async function part(file, from, to) {
    packs[file] ??= load(file).catch((error) => { delete packs[file]; throw error; });
    const bytes = (await packs[file]).slice(from, to);
    return new Response(bytes, { headers: { "content-type": "application/wasm" } });
}
"#;

/// The browser build in pieces.
pub struct Split {
    /// What is always loaded; wasm-bindgen comes after.
    pub main: Vec<u8>,
    /// The script that loads the parts, one by one and by their names.
    loader: String,
    packs: BTreeMap<String, Pack>,
}

/// Parts that travel as one file.
#[derive(Default)]
struct Pack {
    content: Vec<u8>,
    /// Name of each part, and where it begins and ends.
    places: Vec<(String, usize, usize)>,
}

impl Split {
    /// Name and content of each pack: the sections', [`FIRST`] and [`COMMON`].
    pub fn packs(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.packs.iter().map(|(name, pack)| (name.as_str(), pack.content.as_slice()))
    }

    /// The script that loads the parts out of their packs, given the file name of each pack.
    pub fn loader(&self, files: &BTreeMap<String, String>) -> Result<String> {
        let mut loader = self.loader.clone();
        for (name, pack) in &self.packs {
            let file = files.get(name).with_context(|| format!("the pack {name} has no file"))?;
            for (part, from, to) in &pack.places {
                let asked = format!("fetch(new URL(\"./{part}\", import.meta.url))");
                ensure!(
                    loader.matches(&asked).count() == 1,
                    "the loader does not ask for {part} once, as was known of it"
                );
                loader = loader.replace(&asked, &format!("part(\"./{file}\", {from}, {to})"));
            }
        }
        Ok(loader + UNPACK)
    }
}

/// Takes the build apart. `finish` is applied to each part.
pub fn split(wasm: &[u8], finish: impl Fn(Vec<u8>) -> Result<Vec<u8>>) -> Result<Split> {
    let work = Work::new()?;
    let main = work.0.join("main");
    let mut options = Options::new(wasm);
    options.output_dir = &work.0;
    options.main_out_path = &main;
    options.link_name = LOADER;
    options.main_module = MAIN;
    let made = transform(options).map_err(|error| anyhow!("the browser build cannot be taken apart: {error:#}"))?;

    let mut needed_by: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (function, parts) in &made.prefetch_map {
        for part in parts {
            needed_by.entry(format!("{part}.wasm")).or_default().push(section(function));
        }
    }
    let mut packs: BTreeMap<String, Pack> = BTreeMap::new();
    for (part, sections) in needed_by {
        let name = match sections[..] {
            [section] => section,
            _ if sections.iter().any(|section| FIRST_SECTIONS.contains(section)) => FIRST,
            _ => COMMON,
        };
        let pack = packs.entry(name.to_owned()).or_default();
        let content = finish(without_custom_sections(&fs::read(work.0.join(&part))?)?)?;
        let from = pack.content.len();
        pack.content.extend(content);
        pack.places.push((part, from, pack.content.len()));
    }
    Ok(Split { main: fs::read(&main)?, loader: fs::read_to_string(work.0.join(LOADER))?, packs })
}

/// The name of a `#[lazy]` function: the macro has put a number after it.
fn section(function: &str) -> &str {
    match function.rsplit_once('_') {
        Some((name, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => function,
    }
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
        // What stays behind is in the folder for temporary files.
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
        let (section, others) = rest.split_at_checked(1 + digits + length).context("a part ends too early")?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_named_as_its_function() {
        assert_eq!(section("people_6732818776503994869"), "people");
        assert_eq!(section("set_up_1"), "set_up");
        assert_eq!(section("people"), "people");
    }

    #[test]
    fn custom_sections_are_left_out() {
        let wasm = [b"\0asm\x01\0\0\0".as_slice(), &[0, 2, b'x', b'y'], &[1, 1, 7], &[0, 0x80, 0], &[3, 0]].concat();
        assert_eq!(without_custom_sections(&wasm).unwrap(), b"\0asm\x01\0\0\0\x01\x01\x07\x03\x00");
        assert!(without_custom_sections(b"\0asm").is_err());
        assert!(without_custom_sections(b"\0asm\x01\0\0\0\x01\x09").is_err());
    }

    #[test]
    fn the_loader_takes_parts_out_of_packs() {
        let pack = Pack { content: vec![0; 5], places: vec![("a.wasm".into(), 0, 2), ("b.wasm".into(), 2, 5)] };
        let ask = |part: &str| format!("fetch(new URL(\"./{part}.wasm\", import.meta.url));");
        let packs = BTreeMap::from([("people".to_owned(), pack)]);
        let split = Split { main: Vec::new(), loader: ask("a") + &ask("b"), packs };
        let files = BTreeMap::from([("people".to_owned(), "p.1.bin".to_owned())]);
        let loader = split.loader(&files).unwrap();
        assert!(loader.starts_with("part(\"./p.1.bin\", 0, 2);part(\"./p.1.bin\", 2, 5);"), "{loader}");
        assert!(split.loader(&BTreeMap::new()).is_err(), "a pack without file");
        let split = Split { loader: ask("a"), ..split };
        assert!(split.loader(&files).is_err(), "a part that the loader does not know");
    }
}
