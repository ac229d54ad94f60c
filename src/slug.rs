//! Slugs: the short names of APIs, organizations, features and regions, for addresses and for what machines ask.

use crate::error::Problem;

/// Characters of a slug at most; the database's constraints say the same.
const LONGEST: usize = 40;

/// A slug made out of a name: its letters and digits in small letters, hyphens between. Empty where the name has none.
pub fn suggest_slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.truncate(LONGEST);
    slug.trim_end_matches('-').to_owned()
}

/// The slug as typed, or made out of the name where none is. A missing name says so itself: then the slug is empty.
///
/// # Errors
/// `Slug` where it is not made as the database wants it, or where the name has no letters for one.
pub fn check_slug(typed: &str, name: &str) -> Result<String, Problem> {
    let typed = typed.trim();
    if typed.is_empty() && name.trim().is_empty() {
        return Ok(String::new());
    }
    let slug = if typed.is_empty() { suggest_slug(name) } else { typed.to_owned() };
    is_slug(&slug).then_some(slug).ok_or(Problem::Slug)
}

fn is_slug(slug: &str) -> bool {
    (1..=LONGEST).contains(&slug.len())
        && slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !slug.starts_with('-')
        && !slug.ends_with('-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_suggested_slug_is_one_or_nothing(name in ".{0,60}") {
            let slug = suggest_slug(&name);
            prop_assert!(slug.is_empty() || is_slug(&slug), "{}", slug);
        }
    }

    #[test]
    fn slugs_are_suggested_from_names() {
        for (name, slug) in [
            ("Vessel  Tracking (v2)", "vessel-tracking-v2"),
            ("  Kestrel & Sons, Ltd. ", "kestrel-sons-ltd"),
            ("(Container)  Events!", "container-events"),
            ("Ünal 24/7", "nal-24-7"),
            ("Ærø", "r"),
            ("陳大文", ""),
        ] {
            assert_eq!(suggest_slug(name), slug, "{name}");
        }
        assert_eq!(suggest_slug(&"long name ".repeat(9)).len(), 39, "cut, and no hyphen at its end");
    }

    #[test]
    fn what_is_typed_goes_before_the_name() {
        for (typed, name, expected) in [
            ("", "Vessel Tracking", Ok("vessel-tracking")),
            (" fleet ", "Vessel Tracking", Ok("fleet")),
            ("", "北京", Err(Problem::Slug)),
            ("", " ", Ok("")),
            ("fleet", "", Ok("fleet")),
        ] {
            assert_eq!(check_slug(typed, name).as_deref(), expected.as_deref(), "{typed} {name}");
        }
        for wrong in ["Fleet", "-a", "a-", "a_b", "ä", &"a".repeat(41)] {
            assert_eq!(check_slug(wrong, "Fleet"), Err(Problem::Slug), "{wrong}");
        }
        assert!(check_slug(&"a".repeat(40), "").is_ok());
    }
}
