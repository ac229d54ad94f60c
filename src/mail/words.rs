//! The workspace's own words in its mails: plain text with a few placeholders. What a mail has to say whatever is written (role, end,
//! link, to whom and why) stands around them.

use std::{collections::BTreeMap, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::error::Problem;

/// A mail whose words a workspace can choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailKind {
    /// To who is invited.
    Invitation,
    /// To who is invited, before the end.
    Reminder,
    /// To who registered, when that was accepted.
    Accepted,
    /// To who registered, when that was denied.
    Denied,
    /// To the inviter, when somebody asks for a new link.
    Asked,
}

impl MailKind {
    /// Every kind, in the order of their coming.
    pub const ALL: [Self; 5] = [Self::Invitation, Self::Reminder, Self::Accepted, Self::Denied, Self::Asked];

    /// The name in the database and in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reminder => "reminder",
            Self::Accepted => "accepted",
            Self::Denied => "denied",
            Self::Asked => "asked",
        }
    }

    /// What can be named in its words.
    pub fn placeholders(self) -> &'static [&'static str] {
        match self {
            Self::Invitation | Self::Reminder => &["workspace", "inviter", "role", "until", "email"],
            Self::Accepted | Self::Denied => &["workspace", "name", "email"],
            Self::Asked => &["workspace", "role", "email"],
        }
    }
}

impl FromStr for MailKind {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.slug() == slug).ok_or(())
    }
}

/// The words of one mail; what is empty is the built-in text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// The subject, which is the heading too: one line.
    #[serde(default)]
    pub subject: String,
    /// What stands below it.
    #[serde(default)]
    pub body: String,
}

/// The words that a workspace has chosen.
pub type OwnWords = BTreeMap<MailKind, Words>;

/// How many characters a subject may have.
const MOST_IN_SUBJECT: usize = 150;

/// How many characters a body may have.
const MOST_IN_BODY: usize = 4000;

impl Words {
    /// Whether all of it is the built-in text.
    pub fn is_empty(&self) -> bool {
        self.subject.is_empty() && self.body.is_empty()
    }

    /// A subject as typed.
    ///
    /// # Errors
    /// `TooLong`; `Forbidden` for control characters (PITFALLS.md 21); `Placeholder` for one that this mail does not have.
    pub fn check_subject(kind: MailKind, typed: &str) -> Result<String, Problem> {
        let subject = typed.trim();
        if subject.chars().any(char::is_control) {
            return Err(Problem::Forbidden);
        }
        check(kind, subject, MOST_IN_SUBJECT)
    }

    /// A body as typed; browsers send its lines with CRLF.
    ///
    /// # Errors
    /// As `check_subject`, line breaks aside.
    pub fn check_body(kind: MailKind, typed: &str) -> Result<String, Problem> {
        let body = typed.replace("\r\n", "\n");
        let body = body.trim();
        if body.chars().any(|c| c.is_control() && c != '\n') {
            return Err(Problem::Forbidden);
        }
        check(kind, body, MOST_IN_BODY)
    }
}

fn check(kind: MailKind, text: &str, most: usize) -> Result<String, Problem> {
    if text.chars().count() > most {
        return Err(Problem::TooLong);
    }
    let known = |name: &str| kind.placeholders().contains(&name);
    let fine = pieces(text).into_iter().all(|piece| match piece {
        Piece::Plain(plain) => !plain.contains(['{', '}']),
        Piece::Named(name) => known(name),
    });
    fine.then(|| text.to_owned()).ok_or(Problem::Placeholder)
}

/// The text with its placeholders replaced, in one go: what is put in is not looked at again (PITFALLS.md 21). What is none stays.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    pieces(text).into_iter().fold(String::with_capacity(text.len()), |mut filled, piece| {
        match piece {
            Piece::Plain(plain) => filled.push_str(plain),
            Piece::Named(name) => match values.iter().find(|(known, _)| *known == name) {
                Some((_, value)) => filled.push_str(value),
                None => {
                    filled.push('{');
                    filled.push_str(name);
                    filled.push('}');
                }
            },
        }
        filled
    })
}

enum Piece<'a> {
    Plain(&'a str),
    Named(&'a str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let named = after.split_once('}').filter(|(name, _)| name.chars().all(|c| c.is_ascii_alphabetic()));
        match named {
            Some((name, behind)) => {
                pieces.extend([Piece::Plain(before), Piece::Named(name)]);
                rest = behind;
            }
            None => {
                pieces.push(Piece::Plain(&rest[..=before.len()]));
                rest = after;
            }
        }
    }
    pieces.push(Piece::Plain(rest));
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn unknown_placeholders_and_stray_braces_are_refused() {
        let subject = |text| Words::check_subject(MailKind::Invitation, text);
        assert_eq!(
            subject(" {inviter} invites you to {workspace} "),
            Ok("{inviter} invites you to {workspace}".into())
        );
        for bad in ["{invitor}", "{}", "{ inviter }", "Hello {inviter", "Hello }", "{{inviter}}", "{link}"] {
            assert_eq!(subject(bad), Err(Problem::Placeholder), "{bad}");
        }
        assert_eq!(Words::check_subject(MailKind::Accepted, "{inviter}"), Err(Problem::Placeholder), "another mail's");
        assert_eq!(subject(&"x".repeat(151)), Err(Problem::TooLong));
    }

    #[test]
    fn pitfall_21_no_line_break_gets_into_a_subject() {
        let subject = |text| Words::check_subject(MailKind::Invitation, text);
        assert_eq!(subject("Hello\r\nBcc: all@b.test"), Err(Problem::Forbidden));
        assert_eq!(Words::check_body(MailKind::Invitation, "One\r\nTwo {role}\r\n").as_deref(), Ok("One\nTwo {role}"));
        assert_eq!(Words::check_body(MailKind::Invitation, "One\u{7}"), Err(Problem::Forbidden));
    }

    #[test]
    fn what_is_put_in_is_not_looked_at_again() {
        let values = [("inviter", "{role}"), ("role", "Member")];
        assert_eq!(fill("{inviter}, {role} {until} {", &values), "{role}, Member {until} {");
    }

    proptest! {
        #[test]
        fn without_values_every_text_stays_as_it_is(text in ".*") {
            prop_assert_eq!(fill(&text, &[]), text);
        }
    }
}
