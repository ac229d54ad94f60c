//! People are round, and the hue of one comes from the id, so that it stays when the name changes.

use leptos::prelude::*;

/// How many hues there are; the style sheet has `.h0` to `.h11`.
const HUES: u32 = 12;

/// A person's initials on a coloured disc. Decoration: the name stands beside it.
#[component]
pub fn Avatar(
    #[prop(into)] name: String,
    /// What the hue is taken from: the user's id.
    #[prop(into)]
    id: String,
    /// 48 px instead of 28, for the head of a page.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let size = if large { " lg" } else { "" };
    view! { <span class=format!("avatar h{}{size}", hue(&id)) aria-hidden="true">{initials(&name)}</span> }
}

/// A square in the place of an avatar, for a thing: an API, a group, a file.
#[component]
pub fn Thing(
    icon: &'static str,
    /// What the hue is taken from: the thing's id.
    #[prop(into)]
    id: String,
    #[prop(optional)] large: bool,
) -> impl IntoView {
    let size = if large { " lg" } else { "" };
    view! {
        <span class=format!("avatar sq h{}{size}", hue(&id)) aria-hidden="true">
            <super::icon::Icon name=icon/>
        </span>
    }
}

/// One of the twelve hue classes, spread evenly over ids (FNV-1a).
fn hue(id: &str) -> u32 {
    let hash = id.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (hash ^ (hash >> 16)) % HUES
}

/// The first letters of the first and the last word, in capitals. Scripts without capitals (Han, Hangul, Arabic,
/// Devanagari) get one letter, since two of theirs read as a word. A name without letters gets a question mark.
pub fn initials(name: &str) -> String {
    let mut letters = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let Some(first) = letters.next() else {
        return "?".to_string();
    };
    let mut initials = String::new();
    push_capital(&mut initials, first);
    if cased(first)
        && let Some(last) = letters.next_back()
        && cased(last)
    {
        push_capital(&mut initials, last);
    }
    initials
}

fn cased(letter: char) -> bool {
    letter.is_lowercase() || letter.is_uppercase()
}

/// Georgian stays small: its capitals are for headlines, and few fonts have them.
fn push_capital(into: &mut String, letter: char) {
    match letter.to_uppercase().next() {
        Some(capital) if !('\u{1c90}'..='\u{1cbf}').contains(&capital) => into.push(capital),
        _ => into.push(letter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_those_of_the_first_and_the_last_word() {
        for (name, expected) in [
            ("Zofia Wiśniewska", "ZW"),
            ("José María Fernández-Villaverde y Ortega", "JO"),
            ("søren østergaard", "SØ"),
            ("Олена Шевченко", "ОШ"),
            ("Αλέξανδρος Παπαδόπουλος", "ΑΠ"),
            ("procurement@west-africa-bulk.test", "P"),
            ("  (Bob)   O'Neil ", "BO"),
            ("E\u{301}lise", "E"),
            ("ირაკლი", "ი"),
        ] {
            assert_eq!(initials(name), expected, "{name}");
        }
    }

    #[test]
    fn scripts_without_capitals_get_one_letter() {
        for (name, expected) in
            [("山本 結衣", "山"), ("김서연", "김"), ("محمد الفارسي", "م"), ("प्रिया शर्मा", "प"), ("山本 Yui", "山")]
        {
            assert_eq!(initials(name), expected, "{name}");
        }
    }

    #[test]
    fn a_name_without_letters_is_not_blank() {
        for name in ["", "   ", "!!", "🙂"] {
            assert_eq!(initials(name), "?", "{name:?}");
        }
    }

    #[test]
    fn a_hue_stays_with_its_id_and_all_are_used() {
        assert_eq!(hue("0193a5c2"), hue("0193a5c2"));
        let mut seen = [0_u32; HUES as usize];
        for id in 0..1200 {
            seen[hue(&format!("user-{id:05}")) as usize] += 1;
        }
        assert!(seen.iter().all(|&count| count > 40), "{seen:?}");
    }
}
