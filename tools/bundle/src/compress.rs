//! Compression, done once here so that the server only hands out bytes.

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// How hard to try.
#[derive(Clone, Copy, Debug)]
pub enum Level {
    /// For development: brotli 5, gzip 6.
    Fast,
    /// For a release: brotli 11, gzip 9.
    Best,
}

/// One content, compressed both ways; `None` where that does not make it smaller, as with most pictures and fonts.
pub struct Compressed {
    brotli: Option<Vec<u8>>,
    gzip: Option<Vec<u8>>,
}

/// The sizes that were written, in bytes.
pub struct Sizes {
    raw: usize,
    gzip: Option<usize>,
    brotli: Option<usize>,
}

pub fn compress(content: &[u8], level: Level) -> Result<Compressed> {
    let (brotli_quality, gzip_level) = match level {
        Level::Fast => (5, 6),
        Level::Best => (11, 9),
    };

    let parameters = brotli::enc::BrotliEncoderParams {
        quality: brotli_quality,
        // The largest window that every browser takes.
        lgwin: 24,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut brotli = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut brotli, &parameters)?;

    // No time stamp is written, so equal contents give equal files.
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(gzip_level));
    gzip.write_all(content)?;
    let gzip = gzip.finish()?;

    let worth_it = |compressed: &Vec<u8>| compressed.len() < content.len();
    Ok(Compressed { brotli: Some(brotli).filter(worth_it), gzip: Some(gzip).filter(worth_it) })
}

impl Compressed {
    /// Writes `content` to `path` and the compressed forms beside it.
    pub fn write(&self, path: &Path, content: &[u8]) -> Result<Sizes> {
        let write = |path: PathBuf, content: &[u8]| {
            fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))
        };
        write(path.to_owned(), content)?;
        for (suffix, compressed) in [(".br", &self.brotli), (".gz", &self.gzip)] {
            if let Some(compressed) = compressed {
                let mut beside = path.as_os_str().to_owned();
                beside.push(suffix);
                write(beside.into(), compressed)?;
            }
        }
        let size = |compressed: &Option<Vec<u8>>| compressed.as_ref().map(Vec::len);
        Ok(Sizes { raw: content.len(), gzip: size(&self.gzip), brotli: size(&self.brotli) })
    }
}

impl Sizes {
    /// What travels to a browser.
    pub fn travels(&self) -> usize {
        self.brotli.unwrap_or(self.raw)
    }
}

impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = |size: Option<usize>| size.map_or("-".to_owned(), |size| size.to_string());
        write!(f, "{:>9} {:>9} {:>9}", self.raw, size(self.gzip), size(self.brotli))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_shrink_stays_plain() {
        let text = compress(&b"calm, dense, quick ".repeat(100), Level::Best).unwrap();
        assert!(text.brotli.is_some() && text.gzip.is_some());
        let tiny = compress(b"x", Level::Best).unwrap();
        assert!(tiny.brotli.is_none() && tiny.gzip.is_none());
    }

    #[test]
    fn both_forms_unpack_to_the_content() {
        use std::io::Read;
        let content = b"calm, dense, quick ".repeat(100);
        let both = compress(&content, Level::Fast).unwrap();
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut both.brotli.unwrap().as_slice(), &mut unpacked).unwrap();
        assert_eq!(unpacked, content);
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(both.gzip.unwrap().as_slice()).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, content);
    }
}
