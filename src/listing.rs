//! What every list shares: the query in its address, keyset pages, and the search box's rule.

use serde::{Deserialize, Serialize};

/// Rows on one page of a list.
pub const PAGE_ROWS: usize = 25;

/// A search begins at this many characters (seed 001).
pub const SEARCH_FROM: usize = 3;

/// What a list's address says: `?q=…&status=…&sort=…&after=…`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ListQuery {
    /// Which of several lists at one address; empty for the first.
    #[serde(default)]
    pub kind: String,
    /// What is searched for; shorter than three characters searches for nothing.
    #[serde(default)]
    pub q: String,
    /// The status to show; empty for all.
    #[serde(default)]
    pub status: String,
    /// The region to show, by its slug, where a list can be narrowed to one; empty for all.
    #[serde(default)]
    pub region: String,
    /// The column sorted by, with a `-` before it for the largest first; empty for the list's own order.
    #[serde(default)]
    pub sort: String,
    /// The page that begins behind this cursor.
    #[serde(default)]
    pub after: String,
    /// The page that ends before this cursor.
    #[serde(default)]
    pub before: String,
}

impl ListQuery {
    /// What to search for: trimmed, and only from three characters on.
    pub fn search(&self) -> Option<&str> {
        let q = self.q.trim();
        (q.chars().count() >= SEARCH_FROM).then_some(q)
    }

    /// The query without control characters, which nobody types and PostgreSQL does not take.
    pub fn cleaned(mut self) -> Self {
        for text in [&mut self.q, &mut self.status, &mut self.region] {
            text.retain(|c| !c.is_control());
        }
        self
    }

    /// The sorted column and whether the largest comes first, out of those the list offers; the first one offered
    /// where the address names none of them.
    pub fn order<'a>(&self, offered: &[&'a str]) -> (&'a str, bool) {
        let (name, descending) = match self.sort.strip_prefix('-') {
            Some(name) => (name, true),
            None => (self.sort.as_str(), false),
        };
        let known = offered.iter().find(|column| column.trim_start_matches('-') == name);
        let default = offered.first().copied().unwrap_or_default();
        match known {
            Some(column) => (column.trim_start_matches('-'), descending),
            None => (default.trim_start_matches('-'), default.starts_with('-')),
        }
    }

    /// The address's query for this very page, with a parameter more where one is given.
    pub fn here(&self, parameter: Option<(&str, &str)>) -> String {
        let same = self.with(|query| {
            query.after.clone_from(&self.after);
            query.before.clone_from(&self.before);
        });
        match parameter {
            Some((name, value)) => format!("{same}{}{name}={}", if same.is_empty() { '?' } else { '&' }, encode(value)),
            None => same,
        }
    }

    /// The address's query for the same list with one thing changed. A new search, filter or order begins on the first
    /// page again.
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut query = Self { after: String::new(), before: String::new(), ..self.clone() };
        change(&mut query);
        let pairs = [
            ("kind", &query.kind),
            ("q", &query.q),
            ("status", &query.status),
            ("region", &query.region),
            ("sort", &query.sort),
            ("after", &query.after),
            ("before", &query.before),
        ];
        let parts: Vec<String> = pairs
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", encode(value)))
            .collect();
        if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
    }
}

/// Percent-encodes a value of a query (RFC 3986: all but the unreserved characters).
pub fn encode(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// One row of a list, chosen for an act.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    /// Its id.
    pub id: uuid::Uuid,
    /// Where to go on: a local path.
    #[serde(default)]
    pub back: String,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// The cursor that the page before this one ends at; `None` on the first.
    pub before: Option<String>,
    /// The cursor that the page behind this one begins at; `None` on the last.
    pub after: Option<String>,
    /// How many rows the unfiltered list has in all.
    pub total: i64,
}

impl<T> Page<T> {
    /// Cuts a page out of what the store found: up to one row more than fits, in the order of the query. `backwards`
    /// says that the query ran towards the beginning, `from_cursor` that it began at a cursor.
    pub fn cut(
        mut rows: Vec<T>,
        backwards: bool,
        from_cursor: bool,
        total: i64,
        cursor: impl Fn(&T) -> String,
    ) -> Self {
        let more = rows.len() > PAGE_ROWS;
        rows.truncate(PAGE_ROWS);
        if backwards {
            rows.reverse();
        }
        let (has_before, has_after) = if backwards { (more, true) } else { (from_cursor, more) };
        let before = rows.first().filter(|_| has_before).map(&cursor);
        let after = rows.last().filter(|_| has_after).map(&cursor);
        Self { rows, before, after, total }
    }

    /// The same page of something else.
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> Page<U> {
        Page {
            rows: self.rows.into_iter().map(make).collect(),
            before: self.before,
            after: self.after,
            total: self.total,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_the_state() {
        let query = ListQuery { q: "a&b=ü".into(), sort: "-invited".into(), after: "x".into(), ..Default::default() };
        assert_eq!(query.with(|_| {}), "?q=a%26b%3D%C3%BC&sort=-invited", "a change begins on the first page");
        assert_eq!(query.with(|q| q.after = "y".into()), "?q=a%26b%3D%C3%BC&sort=-invited&after=y");
        assert_eq!(ListQuery::default().with(|_| {}), "");
        assert_eq!(query.here(None), "?q=a%26b%3D%C3%BC&sort=-invited&after=x", "an act stays on its page");
        assert_eq!(query.here(Some(("delete", "1"))), "?q=a%26b%3D%C3%BC&sort=-invited&after=x&delete=1");
        assert_eq!(ListQuery::default().here(Some(("invite", "1"))), "?invite=1");
    }

    #[test]
    fn search_begins_at_three_characters() {
        let search = |q: &str| ListQuery { q: q.into(), ..Default::default() }.search().map(str::to_owned);
        assert_eq!(search(" ro "), None);
        assert_eq!(search("rob"), Some("rob".into()));
        assert_eq!(search("村上春"), Some("村上春".into()));
    }

    #[test]
    fn order_takes_only_what_is_offered() {
        let order = |sort: &str| ListQuery { sort: sort.into(), ..Default::default() }.order(&["-invited", "email"]);
        assert_eq!(order(""), ("invited", true));
        assert_eq!(order("email"), ("email", false));
        assert_eq!(order("-email"), ("email", true));
        assert_eq!(order("invited"), ("invited", false));
        assert_eq!(order("password_hash"), ("invited", true));
    }

    #[test]
    fn pages_know_their_neighbours() {
        let cut =
            |n: i32, backwards, from_cursor| Page::cut((0..n).collect(), backwards, from_cursor, 0, i32::to_string);
        let first = cut(26, false, false);
        assert_eq!((first.rows.len(), first.before, first.after), (25, None, Some("24".into())));
        let last = cut(3, false, true);
        assert_eq!((last.before, last.after), (Some("0".into()), None));
        let back = cut(26, true, true);
        assert_eq!((back.rows[0], back.before, back.after), (24, Some("24".into()), Some("0".into())));
        let empty = cut(0, false, true);
        assert_eq!((empty.before, empty.after), (None, None));
    }
}
