//! Cursors of keyset pages, and patterns of substring searches.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use time::OffsetDateTime;
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

/// The place behind a row: the value it is sorted by, and its id.
pub fn write_cursor(key: &str, id: Uuid) -> String {
    URL_SAFE_NO_PAD.encode([id.as_bytes().as_slice(), key.as_bytes()].concat())
}

/// Reads a cursor. One that is none begins the list from its start.
pub fn read_cursor(text: &str) -> Option<(String, Uuid)> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (id, key) = bytes.split_first_chunk::<16>()?;
    let key = String::from_utf8(key.to_vec()).ok()?;
    // PostgreSQL takes no NUL, and no key of ours holds a control character.
    (!key.chars().any(char::is_control)).then_some((key, Uuid::from_bytes(*id)))
}

/// The place behind a row of a list sorted by a time: the time travels as microseconds since 1970, which is what
/// PostgreSQL keeps.
pub fn read_time_cursor(text: &str) -> Option<(OffsetDateTime, Uuid)> {
    let (key, id) = read_cursor(text)?;
    let micros: i128 = key.parse::<i64>().ok()?.into();
    Some((OffsetDateTime::from_unix_timestamp_nanos(micros * 1000).ok()?, id))
}

/// A pattern that finds the text anywhere, in lower case: `%`, `_` and `*` are taken as they are (seed 001).
pub fn like(text: &str) -> String {
    let mut pattern = String::from("%");
    // As addresses are normalised, so that a search finds what it is typed like.
    for c in text.nfkc().collect::<String>().to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn cursors_come_back(key in "\\PC*", id in any::<u128>()) {
            let id = Uuid::from_u128(id);
            prop_assert_eq!(read_cursor(&write_cursor(&key, id)), Some((key, id)));
        }

        #[test]
        fn what_is_no_cursor_is_none(text in "[a-z!]{0,20}") {
            prop_assert!(read_cursor(&text).is_none());
        }
    }

    #[test]
    fn times_come_back_to_the_microsecond() {
        let id = Uuid::max();
        let at = OffsetDateTime::UNIX_EPOCH + time::Duration::microseconds(1_795_529_520_123_456);
        assert_eq!(read_time_cursor(&write_cursor("1795529520123456", id)), Some((at, id)));
        for bad in ["", "soon", "9223372036854775808", "9223372036854775807", "1.5"] {
            assert_eq!(read_time_cursor(&write_cursor(bad, id)), None, "{bad}");
        }
    }

    #[test]
    fn seed_001_wildcards_are_normal_characters() {
        assert_eq!(like("50%_a*\\"), "%50\\%\\_a*\\\\%");
        assert_eq!(like("ÄB"), "%äb%");
    }
}
