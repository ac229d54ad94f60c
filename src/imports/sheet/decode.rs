//! From the bytes of a file to UTF-8, whatever the spreadsheet wrote.

use std::io::{self, Read};

use encoding_rs::{Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::imports::model::Encoding;

/// Bytes that are read and decoded at once.
const CHUNK: usize = 16 * 1024;

enum Mode {
    /// Nothing was read yet.
    Start,
    /// UTF-8 until something shows that it is not. `sure` once something showed that it is: what is wrong then is a broken letter.
    Utf8 { sure: bool },
    /// Another encoding.
    Other(Decoder, Encoding),
}

/// A file as UTF-8. Without a mark it is UTF-8 if it can be; the first byte that cannot be, with nothing but ASCII before it, says
/// that it is Windows-1252.
pub struct Decoded<R> {
    source: R,
    mode: Mode,
    /// Read and not decoded.
    raw: Vec<u8>,
    /// Decoded, and given away up to `given`.
    text: Vec<u8>,
    given: usize,
    ended: bool,
    workbook: bool,
}

impl<R: Read> Decoded<R> {
    /// Around the bytes of a file.
    pub fn new(source: R) -> Self {
        let (raw, text) = (Vec::new(), Vec::new());
        Self { source, mode: Mode::Start, raw, text, given: 0, ended: false, workbook: false }
    }

    /// What it was taken for, as far as it was read.
    pub fn encoding(&self) -> Encoding {
        match self.mode {
            Mode::Start | Mode::Utf8 { .. } => Encoding::Utf8,
            Mode::Other(_, encoding) => encoding,
        }
    }

    /// Whether it is a workbook (a ZIP or OLE file).
    pub fn workbook(&self) -> bool {
        self.workbook
    }

    fn fill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        // The first decision needs four bytes, and most later ones a letter.
        let least = if matches!(self.mode, Mode::Start) { 4 } else { 1 };
        let had = self.raw.len();
        while !self.ended && self.raw.len() < had + least {
            let from = self.raw.len();
            self.raw.resize(from + CHUNK, 0);
            let read = self.source.read(&mut self.raw[from..]);
            self.raw.truncate(from + *read.as_ref().unwrap_or(&0));
            self.ended = read? == 0;
        }
        if matches!(self.mode, Mode::Start) {
            self.begin()?;
        }
        self.decode();
        Ok(())
    }

    fn begin(&mut self) -> io::Result<()> {
        let utf16 = |encoding: &'static encoding_rs::Encoding| {
            Mode::Other(encoding.new_decoder_without_bom_handling(), Encoding::Utf16)
        };
        let (mark, mode) = match self.raw.as_slice() {
            [b'P', b'K', 3, 4, ..] | [0xD0, 0xCF, 0x11, 0xE0, ..] => {
                self.workbook = true;
                return Err(io::ErrorKind::InvalidData.into());
            }
            [0xEF, 0xBB, 0xBF, ..] => (3, Mode::Utf8 { sure: true }),
            [0xFF, 0xFE, ..] => (2, utf16(UTF_16LE)),
            [0xFE, 0xFF, ..] => (2, utf16(UTF_16BE)),
            // Without a mark: every other byte of a Latin head is zero.
            [a, 0, b, 0, ..] if *a != 0 && *b != 0 => (0, utf16(UTF_16LE)),
            [0, a, 0, b, ..] if *a != 0 && *b != 0 => (0, utf16(UTF_16BE)),
            _ => (0, Mode::Utf8 { sure: false }),
        };
        self.raw.drain(..mark);
        self.mode = mode;
        Ok(())
    }

    fn decode(&mut self) {
        while let Mode::Utf8 { sure } = &mut self.mode {
            match std::str::from_utf8(&self.raw) {
                Ok(text) => {
                    *sure |= !text.is_ascii();
                    self.text.append(&mut self.raw);
                    return;
                }
                Err(error) => {
                    let good = error.valid_up_to();
                    *sure |= !self.raw[..good].is_ascii();
                    self.text.extend(self.raw.drain(..good));
                    match error.error_len() {
                        // A letter that the next chunk completes.
                        None if !self.ended => return,
                        wrong if *sure => {
                            let wrong = wrong.unwrap_or(self.raw.len()).min(self.raw.len());
                            self.raw.drain(..wrong);
                            self.text.extend("\u{fffd}".as_bytes());
                        }
                        _ => {
                            let decoder = WINDOWS_1252.new_decoder_without_bom_handling();
                            self.mode = Mode::Other(decoder, Encoding::Windows1252);
                        }
                    }
                }
            }
        }
        if let Mode::Other(decoder, _) = &mut self.mode {
            let mut text = String::new();
            text.reserve(decoder.max_utf8_buffer_length(self.raw.len()).unwrap_or(4 * CHUNK));
            let (_, read, _) = decoder.decode_to_string(&self.raw, &mut text, self.ended);
            self.raw.drain(..read);
            self.text.extend(text.into_bytes());
        }
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() {
            if self.ended && self.raw.is_empty() {
                return Ok(0);
            }
            let ended = self.ended;
            self.fill()?;
            // What is left undecoded at the end stays so.
            if ended && self.text.is_empty() {
                return Ok(0);
            }
        }
        let read = buffer.len().min(self.text.len() - self.given);
        buffer[..read].copy_from_slice(&self.text[self.given..self.given + read]);
        self.given += read;
        Ok(read)
    }
}
