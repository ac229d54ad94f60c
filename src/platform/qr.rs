//! QR codes, as the path of an SVG.

use std::fmt::Write;

use fast_qr::{ECL, QRBuilder};

use crate::ui::once::Modules;

/// The QR code of a text; none where it is longer than one holds.
pub fn modules(text: &str) -> Option<Modules> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let mut path = String::new();
    for y in 0..code.size {
        let row = &code[y];
        let mut x = 0;
        while x < code.size {
            let run = row.iter().skip(x).take(code.size - x).take_while(|module| module.value()).count();
            if run > 0 {
                // A String takes all that is written to it.
                let _ = write!(path, "M{x} {y}h{run}v1h-{run}z");
            }
            x += run.max(1);
        }
    }
    Some(Modules { size: u16::try_from(code.size).ok()?, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_the_marks_of_a_code_in_three_corners() {
        let code = modules(&format!("https://portal.kestrel.test/join/abcdefgh.{}", "x".repeat(43))).unwrap();
        let last = code.size - 7;
        for mark in ["M0 0h7v1h-7z".to_owned(), format!("M{last} 0h7v1h-7z"), format!("M0 {last}h7v1h-7z")] {
            assert!(code.path.contains(&mark), "{mark} in {}", code.path);
        }
        assert!(modules(&"x".repeat(5000)).is_none());
    }
}
