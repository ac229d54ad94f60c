//! Settings > Invitations: how long links work, what a registration takes, who may be invited, and what is said.

use serde::{Deserialize, Serialize};

use crate::{
    error::{AppError, Problem, Problems},
    mail::words::{MailKind, OwnWords, Words},
    ui::colour::Colour,
};

/// The longest that a link works, in hours: 90 days.
pub const MOST_HOURS: i32 = 90 * 24;

/// How many domains may be allowed.
pub const MOST_DOMAINS: usize = 200;

/// How many characters the sender's name may have.
const MOST_IN_SENDER: usize = 80;

/// All of it, as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationSettings {
    /// How long links work.
    pub validity: Validity,
    /// What a registration takes.
    pub registration: RegistrationRules,
    /// The domains whose addresses alone are invited, in their normal form; none for all.
    pub domains: Vec<String>,
    /// What mails come from, beside the address; empty for the workspace's name.
    pub sender_name: String,
    /// The background of the sign-in screen, `#rrggbb`.
    pub colour: String,
    /// The workspace's own words in its mails.
    pub words: OwnWords,
}

/// How long links work, and when is reminded of their end. In hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validity {
    /// Those in mails.
    pub mail: i32,
    /// Those of "Invite by Link".
    pub link: i32,
    /// How long before its end an invitation is reminded of; none for never.
    pub remind: Option<i32>,
}

/// What a registration takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationRules {
    /// It is approved by itself.
    pub auto_approval: bool,
    /// A mobile number is needed.
    pub mobile_required: bool,
    /// How many wait for approval now.
    pub waiting: i64,
}

/// In what a length of time is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Hours.
    Hours,
    /// Days.
    Days,
}

impl Unit {
    /// Both, the smaller first.
    pub const ALL: [Self; 2] = [Self::Hours, Self::Days];

    /// The name in forms.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Hours => "hours",
            Self::Days => "days",
        }
    }

    fn hours(self) -> i32 {
        match self {
            Self::Hours => 1,
            Self::Days => 24,
        }
    }

    /// Hours as people say them: whole days from four days on; 72 hours stay 72 hours (seed 004).
    pub fn say(hours: i32) -> (i32, Self) {
        if hours >= 96 && hours % 24 == 0 { (hours / 24, Self::Days) } else { (hours, Self::Hours) }
    }
}

/// What the card of the validity sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidityForm {
    /// How long links in mails work.
    pub mail: String,
    /// In which unit.
    pub mail_unit: String,
    /// How long links of "Invite by Link" work.
    pub link: String,
    /// In which unit.
    pub link_unit: String,
    /// How many hours before the end is reminded; empty for never.
    #[serde(default)]
    pub remind: String,
}

impl ValidityForm {
    /// Checks every field and reports all mistakes at once.
    pub fn check(&self) -> Result<Validity, AppError> {
        let mut problems = Problems::default();
        let mail = problems.take("mail", check_length(&self.mail, &self.mail_unit));
        let link = problems.take("link", check_length(&self.link, &self.link_unit));
        let remind = match self.remind.trim() {
            "" => Ok(None),
            typed => check_length(typed, Unit::Hours.slug()).and_then(|hours| match mail {
                Some(mail) if hours >= mail => Err(Problem::Reminder),
                _ => Ok(Some(hours)),
            }),
        };
        let remind = problems.take("remind", remind);
        match (mail, link, remind, problems.error()) {
            (Some(mail), Some(link), Some(remind), None) => Ok(Validity { mail, link, remind }),
            (.., error) => Err(error.unwrap_or(AppError::Transport)),
        }
    }
}

fn check_length(typed: &str, unit: &str) -> Result<i32, Problem> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Problem::Missing);
    }
    let unit = Unit::ALL.into_iter().find(|known| known.slug() == unit).ok_or(Problem::Choice)?;
    let number: i32 = typed.parse().map_err(|_| Problem::Validity)?;
    let hours = number.checked_mul(unit.hours()).ok_or(Problem::Validity)?;
    if (1..=MOST_HOURS).contains(&hours) { Ok(hours) } else { Err(Problem::Validity) }
}

/// What the card of registrations sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistrationForm {
    /// Whether a registration is approved by itself.
    #[serde(default)]
    pub auto_approval: bool,
    /// Whether a mobile number is needed.
    #[serde(default)]
    pub mobile_required: bool,
}

/// What the card of the domains sends: one a line.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DomainsForm {
    /// The domains as typed.
    #[serde(default)]
    pub domains: String,
}

/// What the card of the sender sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SenderForm {
    /// The name as typed; nothing for the workspace's.
    #[serde(default)]
    pub sender_name: String,
}

impl SenderForm {
    /// The name: one line, since it stands in a header (PITFALLS.md 21).
    pub fn check(&self) -> Result<String, AppError> {
        let name = self.sender_name.trim();
        let wrong = |problem| Err(AppError::field("sender_name", problem));
        if name.chars().any(char::is_control) {
            return wrong(Problem::Forbidden);
        }
        if name.chars().count() > MOST_IN_SENDER {
            return wrong(Problem::TooLong);
        }
        Ok(name.to_owned())
    }
}

/// What the card of the sign-in screen sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColourForm {
    /// The colour as typed.
    pub colour: String,
}

impl ColourForm {
    /// The colour.
    pub fn check(&self) -> Result<Colour, AppError> {
        if self.colour.trim().is_empty() {
            return Err(AppError::field("colour", Problem::Missing));
        }
        Colour::read(&self.colour).map_err(|problem| AppError::field("colour", problem))
    }
}

/// What the words of one mail are sent as; for keeping them and for looking at them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WordsForm {
    /// Which mail.
    pub kind: String,
    /// The subject as typed; nothing for the built-in one.
    #[serde(default)]
    pub subject: String,
    /// The body as typed; nothing for the built-in one.
    #[serde(default)]
    pub body: String,
}

impl WordsForm {
    /// Checks every field and reports all mistakes at once.
    pub fn check(&self) -> Result<(MailKind, Words), AppError> {
        let kind: MailKind = self.kind.parse().map_err(|()| AppError::NotFound)?;
        let mut problems = Problems::default();
        let subject = problems.take("subject", Words::check_subject(kind, &self.subject));
        let body = problems.take("body", Words::check_body(kind, &self.body));
        match (subject, body, problems.error()) {
            (Some(subject), Some(body), None) => Ok((kind, Words { subject, body })),
            (.., error) => Err(error.unwrap_or(AppError::Transport)),
        }
    }
}

/// What the test of a mail sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestMailForm {
    /// Which mail.
    pub kind: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(mail: &str, mail_unit: &str, remind: &str) -> ValidityForm {
        ValidityForm {
            mail: mail.into(),
            mail_unit: mail_unit.into(),
            link: "24".into(),
            link_unit: "hours".into(),
            remind: remind.into(),
        }
    }

    #[test]
    fn from_one_hour_to_ninety_days() {
        for (typed, unit, hours) in [("1", "hours", 1), (" 72 ", "hours", 72), ("90", "days", 2160), ("1", "days", 24)]
        {
            let checked = form(typed, unit, "").check();
            assert_eq!(checked, Ok(Validity { mail: hours, link: 24, remind: None }), "{typed} {unit}");
        }
        for (typed, unit, problem) in [
            ("0", "hours", Problem::Validity),
            ("-1", "days", Problem::Validity),
            ("91", "days", Problem::Validity),
            ("2161", "hours", Problem::Validity),
            ("99999999", "days", Problem::Validity),
            ("1.5", "days", Problem::Validity),
            ("", "days", Problem::Missing),
            ("3", "weeks", Problem::Choice),
        ] {
            let error = form(typed, unit, "").check().unwrap_err();
            assert_eq!(error.problem("mail"), Some(problem), "{typed} {unit}");
        }
    }

    #[test]
    fn a_reminder_comes_before_the_end_and_after_the_mail() {
        assert_eq!(form("72", "hours", "24").check().map(|it| it.remind), Ok(Some(24)));
        for (remind, problem) in [("72", Problem::Reminder), ("0", Problem::Validity), ("soon", Problem::Validity)] {
            assert_eq!(form("3", "days", remind).check().unwrap_err().problem("remind"), Some(problem), "{remind}");
        }
    }

    #[test]
    fn hours_are_said_as_people_say_them() {
        for (hours, said) in [
            (1, (1, Unit::Hours)),
            (72, (72, Unit::Hours)),
            (96, (4, Unit::Days)),
            (100, (100, Unit::Hours)),
            (2160, (90, Unit::Days)),
        ] {
            assert_eq!(Unit::say(hours), said);
        }
    }

    #[test]
    fn pitfall_21_a_sender_is_one_line() {
        let check = |name: &str| SenderForm { sender_name: name.into() }.check();
        assert_eq!(check("  Kestrel Maritime "), Ok("Kestrel Maritime".into()));
        assert_eq!(check(""), Ok(String::new()));
        for bad in ["Kestrel\r\nBcc: all@b.test", "Kestrel\u{0}"] {
            assert_eq!(check(bad).unwrap_err().problem("sender_name"), Some(Problem::Forbidden));
        }
        assert_eq!(check(&"x".repeat(81)).unwrap_err().problem("sender_name"), Some(Problem::TooLong));
    }
}
