//! CSV as people make it.

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
        let text =
            format!("{HEAD}\na@x.test,\"A; b, c\td|e\",Member,,\n").replace(",\"", "\u{1}\"").replace("\",", "\"\u{1}");
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
    assert_eq!(read(b"Email,Name\na@x.test,A\n").unwrap_err(), FileFlaw::Heads(vec![Column::Role, Column::Password]));
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
    let (rows, ..) = read(format!("{HEAD}\na@x.test,A\0B,Member,,,more\nb@x.test,B,Member,,,\n").as_bytes()).unwrap();
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
