//! Addresses in a text that somebody pastes or types: any number, parted by `;`, `,`, white space or new lines, alone or beside a
//! name, as in `Zofia Wiśniewska <zofia@kestrel.test>`. Which of them are addresses at all is judged elsewhere: nothing is lost here.

use serde::{Deserialize, Serialize};

/// What stands in the place of an address, and the name beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Typed {
    /// The address, or what was typed for one.
    pub email: String,
    /// The name before it; may be empty.
    pub name: String,
}

impl Typed {
    /// As a text that reads as this again.
    pub fn write(&self) -> String {
        let bare = !self.email.contains(|c: char| c.is_whitespace() || c == ',');
        match (self.name.is_empty(), bare) {
            (true, true) => self.email.clone(),
            (true, false) => format!("<{}>", self.email),
            (false, _) => format!("\"{}\" <{}>", self.name, self.email),
        }
    }
}

/// All of them as one text.
pub fn write_addresses(all: &[Typed]) -> String {
    all.iter().map(Typed::write).collect::<Vec<_>>().join("\n")
}

/// Every address of a text, in its order.
pub fn read_addresses(text: &str) -> Vec<Typed> {
    let text: String = text.chars().filter(|c| !is_invisible(*c)).map(half_width).collect();
    let mut all = Vec::new();
    for segment in segments(&text) {
        read_segment(segment, &mut all);
    }
    all
}

/// How many bytes of a text that somebody is typing are finished addresses: what follows may become longer.
pub fn finished(text: &str) -> usize {
    let is_end = |c: char| matches!(half_width(c), ';' | '\n' | '\r');
    let hard = text.char_indices().rfind(|(_, c)| is_end(*c)).map_or(0, |(at, c)| at + c.len_utf8());
    let tail = &text[hard..];
    if tail.matches('"').count() % 2 == 1 {
        return hard;
    }
    let ends = tail.ends_with(|c: char| c.is_whitespace() || half_width(c) == ',');
    let last = tail.split(|c: char| c.is_whitespace() || half_width(c) == ',').rfind(|part| !part.is_empty());
    let is_whole = last.is_some_and(|last| last.contains(['@', '＠']) && !last.contains(['<', '＜']));
    if tail.trim_end().ends_with(['>', '＞']) || (ends && is_whole) { text.len() } else { hard }
}

/// Marks that are pasted along and not seen: zero width, direction, byte order.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
}

/// The ASCII character that a full-width form stands for.
fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
        '\u{3001}' => ',',
        c => c,
    }
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c == ','
}

/// The bytes that stand in quotes, quotes included: a quote opens where a word begins, and ends in its line.
fn quoted(text: &str) -> Vec<(usize, usize)> {
    let mut all = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find('"').map(|at| at + from) {
        let begins = text[..at].chars().next_back().is_none_or(|c| is_space(c) || ";<>".contains(c));
        let closing = text[at + 1..].find(['"', '\n', '\r']).map(|end| at + 1 + end);
        match closing.filter(|end| begins && text[*end..].starts_with('"')) {
            Some(end) => {
                all.push((at, end));
                from = end + 1;
            }
            None => from = at + 1,
        }
    }
    all
}

/// The parts between `;` and new lines that stand in no quotes.
fn segments(text: &str) -> Vec<&str> {
    let quotes = quoted(text);
    let mut all = Vec::new();
    let (mut from, mut next) = (0, 0);
    for (at, _) in text.match_indices([';', '\n', '\r']) {
        while quotes.get(next).is_some_and(|(_, end)| *end < at) {
            next += 1;
        }
        if quotes.get(next).is_none_or(|(begin, _)| at < *begin) {
            all.push(&text[from..at]);
            from = at + 1;
        }
    }
    all.push(&text[from..]);
    all
}

fn read_segment(segment: &str, all: &mut Vec<Typed>) {
    let quotes = quoted(segment);
    let in_quotes = |at: usize| {
        let before = quotes.partition_point(|(begin, _)| *begin <= at);
        before.checked_sub(1).and_then(|last| quotes.get(last)).is_some_and(|(_, end)| at <= *end)
    };
    let mut from = 0;
    for (open, _) in segment.match_indices('<') {
        if open < from || in_quotes(open) {
            continue;
        }
        let Some(close) = segment[open..].find('>').map(|at| at + open) else { break };
        let (lead, email) = (&segment[from..open], clean(&segment[open + 1..close]));
        if email.is_empty() {
            read_bare(lead, all);
        } else {
            let (bare, name) = part_lead(lead);
            read_bare(bare, all);
            all.push(Typed { email, name: clean_name(name) });
        }
        from = close + 1;
    }
    read_bare(&segment[from..], all);
}

/// What stands before `<`: addresses of their own, and the name. A name may hold a comma, as in `Wiśniewska, Zofia <…>`.
fn part_lead(lead: &str) -> (&str, &str) {
    let quotes = quoted(lead);
    let mut end = 0;
    for (at, _) in lead.match_indices('@') {
        if !quotes.iter().any(|(begin, end)| (*begin..=*end).contains(&at)) {
            end = lead[at..].find(is_space).map_or(lead.len(), |space| at + space);
        }
    }
    lead.split_at(end)
}

fn read_bare(text: &str, all: &mut Vec<Typed>) {
    let words = text.split(is_space).map(clean).filter(|email| !email.is_empty());
    all.extend(words.map(|email| Typed { email, name: String::new() }));
}

/// An address without what is pasted along with it: `mailto:`, quotes, brackets, the dot of a sentence.
fn clean(word: &str) -> String {
    let mut word: String = word.chars().filter(|c| !"\"<>".contains(*c)).collect();
    loop {
        let mut it = word.trim().trim_matches(|c| "()[]{}".contains(c)).trim_end_matches(['.', ':', '!', '?']);
        it = it.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')).unwrap_or(it);
        if it.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:")) {
            it = it[7..].split('?').next().unwrap_or_default();
        }
        if it.len() == word.len() {
            return word;
        }
        word = it.to_owned();
    }
}

fn clean_name(name: &str) -> String {
    let bare: String = name.chars().filter(|c| !"\"<>\\".contains(*c)).collect();
    let words: Vec<&str> = bare.split_whitespace().collect();
    words.join(" ").trim_matches(is_space).to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        read_addresses(text).into_iter().map(|it| (it.email, it.name)).collect()
    }

    fn emails(text: &str) -> Vec<String> {
        read_addresses(text).into_iter().map(|it| it.email).collect()
    }

    #[test]
    fn every_way_to_part_addresses() {
        let two = ["a@b.test", "c@d.test"];
        for text in [
            "a@b.test;c@d.test",
            "a@b.test, c@d.test",
            "a@b.test c@d.test",
            "a@b.test\r\nc@d.test\n",
            " a@b.test\t;;\n, c@d.test ; ",
            "a@b.test；c@d.test",
            "a@b.test、c@d.test",
            "a@b.test，\u{3000}c@d.test",
            "<a@b.test>,<c@d.test>",
            "mailto:a@b.test MAILTO:c@d.test?subject=Hello",
            "<mailto:a@b.test>; [c@d.test]",
            "a@b.test., c@d.test.",
            "'a@b.test' (c@d.test)",
            "\u{feff}a@b.test\u{200b} c@d.test",
            "ａ＠ｂ．test c@d.test",
        ] {
            assert_eq!(emails(text), two, "{text:?}");
        }
    }

    #[test]
    fn names_stand_beside_addresses() {
        let one = |name: &str| vec![("z@k.test".to_owned(), name.to_owned())];
        assert_eq!(read("Zofia Wiśniewska <z@k.test>"), one("Zofia Wiśniewska"));
        assert_eq!(read("\"Wiśniewska, Zofia\" <z@k.test>"), one("Wiśniewska, Zofia"));
        assert_eq!(read("Wiśniewska, Zofia <z@k.test>;"), one("Wiśniewska, Zofia"));
        assert_eq!(read("\"Zofia; of @ Kestrel\" <z@k.test>"), one("Zofia; of @ Kestrel"));
        assert_eq!(read("Ｚ ＜z@k.test＞"), one("Z"));
        assert_eq!(read("<z@k.test>"), one(""));
        let mixed = read("a@b.test, Kow, Anna <anna@b.test>, c@d.test");
        let expected = [("a@b.test", ""), ("anna@b.test", "Kow, Anna"), ("c@d.test", "")];
        assert_eq!(mixed, expected.map(|(email, name)| (email.to_owned(), name.to_owned())));
    }

    #[test]
    fn what_is_no_address_is_not_lost() {
        assert_eq!(emails("nobody, lars@hansa.test; @ x@"), ["nobody", "lars@hansa.test", "@", "x@"]);
        assert_eq!(emails("Anna <not an address>"), ["not an address"]);
        assert_eq!(emails("Anna <a@b.test"), ["Anna", "a@b.test"]);
        assert_eq!(emails("\"open a@b.test\nc@d.test"), ["open", "a@b.test", "c@d.test"]);
        assert!(emails(" ;,\n <> \"\" ").is_empty());
    }

    #[test]
    fn what_is_being_typed_is_left_alone() {
        for (text, rest) in [
            ("a@b", "a@b"),
            ("a@b.test;", ""),
            ("a@b.test ", ""),
            ("a@b.test,", ""),
            ("a@b.test; c@", "c@"),
            ("Kow, ", "Kow, "),
            ("Anna Kow ", "Anna Kow "),
            ("Anna <a@b.test", "Anna <a@b.test"),
            ("Anna <a@b.test>", ""),
            ("\"Kow, A", "\"Kow, A"),
            ("a@b.test；", ""),
        ] {
            assert_eq!(text[finished(text)..].trim_start(), rest, "{text:?}");
        }
    }

    #[test]
    fn ten_thousand_addresses() {
        let text: String = (0..10_000).map(|n| format!("\"Guest, {n}\" <guest{n}@hansa.test>; ")).collect();
        let all = read_addresses(&text);
        assert_eq!(all.len(), 10_000);
        assert_eq!(all[9_999], Typed { email: "guest9999@hansa.test".into(), name: "Guest, 9999".into() });
        assert_eq!(read_addresses(&write_addresses(&all)), all);
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_written_so_that_it_reads_the_same(
            text in "([a-c@.<>\"';,(){}\\[\\] \n\r\t\\\\?!:]|mailto:|＠|；|，|ｚ|\u{200b}|é|\u{0}){0,60}"
        ) {
            let all = read_addresses(&text);
            prop_assert!(all.iter().all(|it| !it.email.is_empty()));
            prop_assert_eq!(read_addresses(&write_addresses(&all)), all);
        }

        #[test]
        fn nothing_is_lost_between_whatever_parts_it(
            names in prop::collection::vec("[a-z]{1,8}", 1..20),
            parts in prop::collection::vec("([;,\n]|; |, | |\r\n|；|\t){1,3}", 20)
        ) {
            let text: String =
                names.iter().zip(&parts).map(|(name, part)| format!("{name}@hansa.test{part}")).collect();
            let read = emails(&text);
            let expected: Vec<String> = names.iter().map(|name| format!("{name}@hansa.test")).collect();
            prop_assert_eq!(read, expected);
        }

        #[test]
        fn what_is_finished_ends_between_characters(text in "\\PC{0,40}") {
            prop_assert!(text.is_char_boundary(finished(&text)));
        }
    }
}
