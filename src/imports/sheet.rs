//! CSV as people make it (PITFALLS.md 32): any separator, any of the usual encodings, heads in any order. It is read as it comes and
//! never held as a whole.

mod decode;

use std::io::{self, Chain, Cursor, Read};

use decode::Decoded;

use super::model::{Column, Encoding, FileFlaw, MOST_ROWS, columns};
use crate::access::Category;

/// How much of a file is looked at for its head.
const HEAD_BYTES: usize = 64 * 1024;

/// Bytes that one row may have: what is longer begins with a quote that was never closed.
const ROW_BYTES: usize = 1024 * 1024;

/// A file that is being read, row by row.
pub struct Sheet<R: Read> {
    rows: csv::Reader<Metered<Chain<Cursor<Vec<u8>>, Decoded<R>>>>,
    record: csv::StringRecord,
    /// Where each column stands.
    places: Vec<(Column, usize)>,
    width: usize,
    separator: u8,
    ignored: Vec<String>,
    /// The row of the spreadsheet that was read last, and the line of the file that it ended on.
    row: i32,
    line: u64,
    count: usize,
}

/// One row as it stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cells {
    /// The row of the spreadsheet; its head is 1.
    pub n: i32,
    /// Whether there is something beyond the last column.
    pub beyond: bool,
    cells: Vec<(Column, String)>,
}

impl Cells {
    /// What stands in a column; nothing where the file has no such column.
    pub fn get(&self, column: Column) -> &str {
        self.cells.iter().find(|(it, _)| *it == column).map_or("", |(_, cell)| cell.as_str())
    }
}

impl<R: Read> Sheet<R> {
    /// Reads the head of a file.
    ///
    /// # Errors
    /// What is wrong with it as a whole.
    pub fn open(source: R, kind: Category) -> Result<Self, FileFlaw> {
        let mut text = Decoded::new(source);
        let mut begin = Vec::new();
        let read = text.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut begin);
        if text.workbook() {
            return Err(FileFlaw::Workbook);
        }
        read.map_err(|_| FileFlaw::Broken)?;
        let (separator, skipped) = separator(&begin);
        begin.drain(..skipped);
        let rows = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .from_reader(Metered { inner: Cursor::new(begin).chain(text), left: ROW_BYTES });
        let mut sheet = Self {
            rows,
            record: csv::StringRecord::new(),
            places: Vec::new(),
            width: 0,
            separator,
            ignored: Vec::new(),
            row: i32::from(skipped > 0),
            line: 0,
            count: 0,
        };
        if !sheet.advance()? {
            return Err(FileFlaw::NoRows);
        }
        sheet.understand(kind)?;
        Ok(sheet)
    }

    /// The next row that is not empty; none at the end.
    ///
    /// # Errors
    /// What is wrong with the file from here on.
    pub fn next_row(&mut self) -> Result<Option<Cells>, FileFlaw> {
        while self.advance()? {
            if self.record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            self.count += 1;
            if self.count > MOST_ROWS {
                return Err(FileFlaw::TooManyRows);
            }
            let cell = |at: usize| self.record.get(at).unwrap_or_default().to_owned();
            return Ok(Some(Cells {
                n: self.row,
                beyond: self.record.iter().skip(self.width).any(|cell| !cell.trim().is_empty()),
                cells: self.places.iter().map(|(column, at)| (*column, cell(*at))).collect(),
            }));
        }
        if self.count == 0 { Err(FileFlaw::NoRows) } else { Ok(None) }
    }

    /// The letters of the file, as far as it was read.
    pub fn encoding(&self) -> Encoding {
        self.rows.get_ref().inner.get_ref().1.encoding()
    }

    /// What parts its cells.
    pub fn separator(&self) -> char {
        char::from(self.separator)
    }

    /// Its columns that mean nothing here.
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// Whether it has this column.
    pub fn has(&self, column: Column) -> bool {
        self.places.iter().any(|(it, _)| *it == column)
    }

    /// Reads the next record, and counts the rows of the spreadsheet: empty lines are rows, line breaks in cells are none.
    fn advance(&mut self) -> Result<bool, FileFlaw> {
        self.rows.get_mut().left = ROW_BYTES;
        let there = self.rows.read_record(&mut self.record).map_err(|error| match error.kind() {
            csv::ErrorKind::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => FileFlaw::Endless(self.row + 1),
            _ => FileFlaw::Broken,
        })?;
        let line = self.rows.position().line();
        let within: usize = self.record.iter().map(|cell| cell.bytes().filter(|byte| *byte == b'\n').count()).sum();
        let lines = line.saturating_sub(self.line).saturating_sub(within as u64).max(1);
        self.line = line;
        self.row = self.row.saturating_add(i32::try_from(lines).unwrap_or(i32::MAX));
        Ok(there)
    }

    /// Takes the record that was just read for the head.
    fn understand(&mut self, kind: Category) -> Result<(), FileFlaw> {
        // What follows the last head that says something is no column.
        self.width =
            (0..self.record.len()).rev().find(|at| !self.record[*at].trim().is_empty()).map_or(0, |last| last + 1);
        let known = columns(kind);
        for (at, head) in self.record.iter().take(self.width).enumerate() {
            let customers_role = kind == Category::Customer;
            let means =
                |it: &Column| known.iter().any(|(known, _)| known == it) || (customers_role && *it == Column::Role);
            match Column::of_head(head).filter(means) {
                Some(column) if self.places.iter().any(|(it, _)| *it == column) => return Err(FileFlaw::Twice(column)),
                Some(column) => self.places.push((column, at)),
                None if head.trim().is_empty() => {}
                None => self.ignored.push(shown(head.trim(), 60)),
            }
        }
        let lacking: Vec<Column> =
            known.iter().filter(|(column, needed)| *needed && !self.has(*column)).map(|(column, _)| *column).collect();
        if lacking.is_empty() { Ok(()) } else { Err(FileFlaw::Heads(lacking)) }
    }
}

/// A cell as it can be kept and shown: no control characters, and no longer than this.
pub fn shown(cell: &str, most: usize) -> String {
    cell.chars().take(most).map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// What parts the cells of a head, and how many bytes at its beginning only say so (`sep=;`, which spreadsheets write and heed).
fn separator(head: &[u8]) -> (u8, usize) {
    let line = head.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(head.len());
    if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', said] = head[..line]
        && matches!(said, b',' | b';' | b'\t' | b'|')
    {
        let ending = if head[line..].starts_with(b"\r\n") { 2 } else { 1 };
        return (said, (line + ending).min(head.len()));
    }
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0), (b'|', 0)];
    let mut quoted = false;
    for byte in head {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted && counts.iter().any(|(_, count)| *count > 0) => break,
            _ if !quoted => counts.iter_mut().filter(|(it, _)| it == byte).for_each(|(_, count)| *count += 1),
            _ => {}
        }
    }
    // The first of those that are as many.
    let best = counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(it, _)| *it);
    (best, 0)
}

/// Reads no further than a row may be long; `left` is set anew for each.
struct Metered<R> {
    inner: R,
    left: usize,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let read = self.inner.read(buffer)?;
        self.left = self.left.saturating_sub(read);
        Ok(read)
    }
}

#[cfg(test)]
#[path = "sheet/tests.rs"]
mod tests;
