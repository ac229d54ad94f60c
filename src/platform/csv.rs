//! Files for spreadsheets (RFC 4180, UTF-8). What people typed is never run as a formula (PITFALLS.md 31).

use std::borrow::Cow;

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use futures::{Stream, StreamExt};
use http::header;

use super::{context::Context, fault::Fault};

/// What makes a spreadsheet take a cell for a formula, in its usual and its full-width form.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A file that is being written.
pub struct Csv(csv::Writer<Vec<u8>>);

impl Default for Csv {
    fn default() -> Self {
        Self::new()
    }
}

impl Csv {
    /// An empty one.
    pub fn new() -> Self {
        // Rows of a comparison differ in nothing but their cells; the writer checks that each has as many as the first.
        Self(csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new()))
    }

    /// Writes one row.
    ///
    /// # Errors
    /// When it has another number of cells than the first.
    pub fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> Result<(), Fault> {
        for cell in cells {
            self.0.write_field(harmless(cell.as_ref()).as_bytes()).map_err(failed)?;
        }
        self.0.write_record(None::<&[u8]>).map_err(failed)
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// None that is known: it is written to memory.
    pub fn finish(self) -> Result<Vec<u8>, Fault> {
        self.0.into_inner().map_err(|error| Fault::Other(format!("csv: {error}")))
    }
}

/// The answer that a browser keeps as a file of this name: of letters, digits, dots and hyphens.
pub fn download(name: &str, bytes: impl Into<Body>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let kind = "text/csv; charset=utf-8".to_owned();
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)], bytes.into()).into_response()
}

/// The same of a file that is written while it is sent. Where it breaks off the connection does, too: nobody takes half of it for all.
pub fn download_in_pieces(
    name: &str,
    cx: Context,
    pieces: impl Stream<Item = Result<Vec<u8>, Fault>> + Send + 'static,
) -> Response {
    download(name, Body::from_stream(pieces.map(move |piece| cx.answer(piece))))
}

/// A cell that no spreadsheet runs: one that begins like a formula gets an apostrophe, which shows it as text.
fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(FORMULA) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

fn failed(error: csv::Error) -> Fault {
    Fault::Other(format!("csv: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pitfall_31_no_cell_is_a_formula() {
        let dangerous = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x"];
        let mut csv = Csv::new();
        csv.row(dangerous).unwrap();
        let bytes = csv.finish().unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        let row = reader.records().next().unwrap().unwrap();
        for (cell, written) in dangerous.iter().zip(row.iter()) {
            assert_eq!(written, format!("'{cell}"));
        }
        for harmless_one in ["", "Visitor", "a=b", "'", " =1"] {
            assert_eq!(harmless(harmless_one), harmless_one);
        }
    }

    #[test]
    fn quotes_commas_and_line_breaks_stay_in_their_cell() {
        let mut csv = Csv::new();
        csv.row(["a \"b\"", "c, d", "e\nf", "ø"]).unwrap();
        assert!(csv.row(["one"]).is_err(), "a row of another length");
        let mut csv = Csv::new();
        csv.row(["a \"b\"", "c, d", "e\nf", "ø"]).unwrap();
        assert_eq!(String::from_utf8(csv.finish().unwrap()).unwrap(), "\"a \"\"b\"\"\",\"c, d\",\"e\nf\",ø\r\n");
    }
}
