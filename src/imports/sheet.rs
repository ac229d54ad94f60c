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

/// The file from its start, in UTF-8: what was looked at for its head, then the rest.
type Whole<R> = Metered<Chain<Cursor<Vec<u8>>, Decoded<R>>>;

/// A file that is being read, row by row.
pub struct Sheet<R: Read> {
    rows: csv::Reader<Whole<R>>,
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
            line: 1,
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
    fn has(&self, column: Column) -> bool {
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
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEAD: &str = "Email,Full name,Role,Group,Password";

    /// Gives a few bytes at a time, as a network does.
    struct Trickle<'a>(&'a [u8], usize);

    impl Read for Trickle<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = self.1.min(buffer.len());
            self.0.read(&mut buffer[..most])
        }
    }

    type Read0 = (Vec<Cells>, Encoding, char, Vec<String>);

    fn all(bytes: &[u8], kind: Category, step: usize) -> Result<Read0, FileFlaw> {
        let mut sheet = Sheet::open(Trickle(bytes, step), kind)?;
        let mut rows = Vec::new();
        while let Some(row) = sheet.next_row()? {
            rows.push(row);
        }
        Ok((rows, sheet.encoding(), sheet.separator(), sheet.ignored().to_vec()))
    }

    fn read(bytes: &[u8]) -> Result<Read0, FileFlaw> {
        all(bytes, Category::Teammate, 7)
    }

    fn line(row: &Cells) -> Vec<&str> {
        [Column::Email, Column::FullName, Column::Role, Column::Group, Column::Password].map(|it| row.get(it)).to_vec()
    }

    #[test]
    fn pitfall_32_marks_and_encodings() {
        let text = format!("{HEAD}\r\nzoë@x.test,Zoë Müller,Member,,Harbour-2026\r\n");
        let expected = vec!["zoë@x.test", "Zoë Müller", "Member", "", "Harbour-2026"];
        let utf16 = |big: bool, mark: bool| -> Vec<u8> {
            let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
            units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
        };
        let windows: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        for (bytes, encoding) in [
            (text.clone().into_bytes(), Encoding::Utf8),
            ([b"\xEF\xBB\xBF".as_slice(), text.as_bytes()].concat(), Encoding::Utf8),
            (utf16(false, true), Encoding::Utf16),
            (utf16(true, true), Encoding::Utf16),
            (utf16(false, false), Encoding::Utf16),
            (utf16(true, false), Encoding::Utf16),
            (windows, Encoding::Windows1252),
        ] {
            for step in [1, 2, 3, 4096] {
                let (rows, taken, ..) = all(&bytes, Category::Teammate, step).unwrap();
                assert_eq!((line(&rows[0]), taken), (expected.clone(), encoding), "{step}");
            }
        }
    }

    #[test]
    fn pitfall_32_a_letter_that_is_broken_stays_in_its_cell() {
        let bytes = [format!("{HEAD}\nzoë@x.test,").as_bytes(), b"Z\xFFo,Member,,\n"].concat();
        let (rows, encoding, ..) = read(&bytes).unwrap();
        assert_eq!((rows[0].get(Column::FullName), encoding), ("Z\u{fffd}o", Encoding::Utf8));
    }

    #[test]
    fn pitfall_32_separators() {
        for separator in [',', ';', '\t', '|'] {
            let text = format!("{HEAD}\na@x.test,\"A; b, c\td|e\",Member,,\n")
                .replace(",\"", "\u{1}\"")
                .replace("\",", "\"\u{1}");
            let text = text.replace(HEAD, &HEAD.replace(',', "\u{1}")).replace("Member,,", "Member\u{1}\u{1}");
            let text = text.replace('\u{1}', &separator.to_string());
            let (rows, _, taken, _) = read(text.as_bytes()).unwrap();
            assert_eq!(taken, separator);
            assert_eq!(line(&rows[0]), ["a@x.test", "A; b, c\td|e", "Member", "", ""]);
        }
        let said = format!("sep=;\r\n{}\r\na@x.test;A, b;Member;;\r\n", HEAD.replace(',', ";"));
        let (rows, _, taken, _) = read(said.as_bytes()).unwrap();
        assert_eq!((rows[0].n, rows[0].get(Column::FullName), taken), (3, "A, b", ';'));
    }

    #[test]
    fn pitfall_32_rows_are_numbered_as_a_spreadsheet_numbers_them() {
        for end in ["\n", "\r\n"] {
            let text = [
                HEAD,
                "a@x.test,\"A",
                "B\",Member,,",
                "",
                "b@x.test,\"say \"\"b\"\"\",Member,,",
                ",,,,",
                "c@x.test,,Member",
            ]
            .join(end);
            let (rows, ..) = read(text.as_bytes()).unwrap();
            let found: Vec<_> = rows.iter().map(|row| (row.n, row.get(Column::Email))).collect();
            assert_eq!(found, [(2, "a@x.test"), (4, "b@x.test"), (6, "c@x.test")], "{end:?}");
            assert_eq!(rows[0].get(Column::FullName), format!("A{end}B"));
            assert_eq!(rows[1].get(Column::FullName), "say \"b\"");
        }
        // Old spreadsheets end lines with CR alone.
        let (rows, ..) = read(format!("{HEAD}\ra@x.test,A,Member,,\rb@x.test,B,Member,,\r").as_bytes()).unwrap();
        assert_eq!(rows.iter().map(|row| row.n).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn pitfall_32_heads() {
        let (rows, _, _, ignored) = read(b"PASSWORD;Telephone;e-mail;Roles;\nx;1;a@x.test;Member;\n").unwrap();
        assert_eq!(line(&rows[0]), ["a@x.test", "", "Member", "", "x"]);
        assert_eq!(ignored, ["Telephone"]);
        assert_eq!(
            read(b"Email,Name\na@x.test,A\n").unwrap_err(),
            FileFlaw::Heads(vec![Column::Role, Column::Password])
        );
        assert_eq!(read(b"Email,Role,e-mail,Password\n").unwrap_err(), FileFlaw::Twice(Column::Email));
        // Teammates have no Customer ID; customers may have another role of theirs.
        assert_eq!(read(b"Email,Role,Customer ID,Password\na@x.test,,,\n").unwrap().3, ["Customer ID"]);
        let customers = b"Email,Customer ID,Password,Role\na@x.test,ACME-1,,Customer\n";
        let (rows, ..) = all(customers, Category::Customer, 9).unwrap();
        assert_eq!((rows[0].get(Column::CustomerId), rows[0].get(Column::Role)), ("ACME-1", "Customer"));
    }

    #[test]
    fn pitfall_32_files_that_are_none() {
        assert_eq!(read(b"").unwrap_err(), FileFlaw::NoRows);
        assert_eq!(read(b"\xEF\xBB\xBF").unwrap_err(), FileFlaw::NoRows);
        assert_eq!(read(HEAD.as_bytes()).unwrap_err(), FileFlaw::NoRows);
        assert_eq!(read(format!("{HEAD}\n\n,,,,\n").as_bytes()).unwrap_err(), FileFlaw::NoRows);
        assert_eq!(read(b"PK\x03\x04\x14\0\x06\0").unwrap_err(), FileFlaw::Workbook);
    }

    #[test]
    fn pitfall_32_too_many_cells_and_nul_stay_in_their_row() {
        let (rows, ..) =
            read(format!("{HEAD}\na@x.test,A\0B,Member,,,more\nb@x.test,B,Member,,,\n").as_bytes()).unwrap();
        assert!(rows[0].beyond && !rows[1].beyond);
        assert_eq!(rows[0].get(Column::FullName), "A\0B");
        assert_eq!(shown("A\0B\nc", 4), "A\u{fffd}B\u{fffd}");
    }

    #[test]
    fn pitfall_32_a_quote_that_is_never_closed_does_not_eat_the_file() {
        let text =
            format!("{HEAD}\na@x.test,A,Member,,\nb@x.test,\"B,Member,,\n{}", "x@x.test,X,Member,,\n".repeat(200_000));
        assert_eq!(all(text.as_bytes(), Category::Teammate, 65_536).unwrap_err(), FileFlaw::Endless(3));
    }

    #[test]
    fn a_hundred_thousand_rows_and_no_more() {
        let rows = |n: usize| format!("{HEAD}\n{}", "x@x.test,X,Member,,\n".repeat(n));
        assert_eq!(all(rows(MOST_ROWS).as_bytes(), Category::Teammate, 65_536).unwrap().0.len(), MOST_ROWS);
        let more = all(rows(MOST_ROWS + 1).as_bytes(), Category::Teammate, 65_536);
        assert_eq!(more.unwrap_err(), FileFlaw::TooManyRows);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..600), step in 1_usize..50) {
            let _ = all(&bytes, Category::Teammate, step);
            let head = [HEAD.as_bytes(), b"\n", &bytes].concat();
            if let Ok((rows, ..)) = all(&head, Category::Teammate, step) {
                prop_assert!(rows.windows(2).all(|pair| pair[0].n < pair[1].n));
            }
        }

        #[test]
        fn how_it_arrives_is_no_matter(text in "[a-zß,;\"\r\n\t]{0,200}", step in 1_usize..50) {
            let text = format!("{HEAD}\n{text}");
            prop_assert_eq!(all(text.as_bytes(), Category::Customer, step), all(text.as_bytes(), Category::Customer, 4096));
            prop_assert_eq!(read(text.as_bytes()), all(text.as_bytes(), Category::Teammate, 4096));
        }

        #[test]
        fn what_a_spreadsheet_writes_is_what_is_read(cells in prop::collection::vec("[^\\x00\r\n]{0,20}", 4), separator in "[,;\t]") {
            let row = |cells: &[&str]| cells.iter().map(|it| format!("\"{}\"", it.replace('"', "\"\""))).collect::<Vec<_>>().join(&separator);
            let [name, role, group, password] = [&cells[0], &cells[1], &cells[2], &cells[3]];
            let text = [HEAD.replace(',', &separator), row(&["a@x.test", name, role, group, password])].join("\r\n");
            let (rows, ..) = read(text.as_bytes()).unwrap();
            prop_assert_eq!(line(&rows[0]), ["a@x.test", name, role, group, password]);
        }
    }
}
