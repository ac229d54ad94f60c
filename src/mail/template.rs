//! The words of the mails: for each a subject, a plain text and an HTML body (`templates/`).

mod access;
mod asked;
mod joined;
mod reviewed;
mod sheet;

pub use access::{AccessDecided, AccessEnds, AccessRequested};
use askama::Template;
pub use asked::{HeldUp, LinkAsked};
pub use joined::Joined;
pub use reviewed::Reviewed;
use sheet::one_line;
use time::{OffsetDateTime, macros::format_description};

use super::words::{MailKind, OwnWords, Words, fill};
use crate::{
    access::RoleRef,
    platform::fault::Fault,
    text::{self, Language},
};

/// A mail that can be written.
pub trait Letter {
    /// The subject: one line.
    fn subject(&self) -> String;
    /// The plain-text part.
    ///
    /// # Errors
    /// When the template fails.
    fn text(&self) -> Result<String, Fault>;
    /// The HTML part.
    ///
    /// # Errors
    /// When the template fails.
    fn html(&self) -> Result<String, Fault>;
}

/// A mail as it was written.
pub struct Written {
    subject: String,
    text: String,
    html: String,
}

impl Written {
    /// Writes a letter.
    ///
    /// # Errors
    /// When a template fails.
    pub fn new(letter: &impl Letter) -> Result<Self, Fault> {
        Ok(Self { subject: letter.subject(), text: letter.text()?, html: letter.html()? })
    }
}

impl Letter for Written {
    fn subject(&self) -> String {
        self.subject.clone()
    }

    fn text(&self) -> Result<String, Fault> {
        Ok(self.text.clone())
    }

    fn html(&self) -> Result<String, Fault> {
        Ok(self.html.clone())
    }
}

/// The workspace's own words in one mail, with what its placeholders stand for; the built-in ones where there are none.
pub(crate) struct Chosen<'a> {
    /// The words of every mail.
    pub words: &'a OwnWords,
    /// Which mail.
    pub kind: MailKind,
    /// What each placeholder stands for.
    pub values: &'a [(&'a str, &'a str)],
}

impl Chosen<'_> {
    fn of(&self, part: fn(&Words) -> &str, built_in: impl FnOnce() -> String) -> String {
        match self.words.get(&self.kind).map(part).filter(|own| !own.is_empty()) {
            Some(own) => fill(own, self.values),
            None => built_in(),
        }
    }

    /// The subject: one line, whatever a name in it holds (PITFALLS.md 21).
    pub fn subject(&self, built_in: impl FnOnce() -> String) -> String {
        one_line(&self.of(|words| &words.subject, built_in))
    }

    /// What stands below it.
    pub fn body(&self, built_in: impl FnOnce() -> String) -> String {
        self.of(|words| &words.body, built_in)
    }
}

/// The invitation, with the button **Confirm your account**.
pub struct Invitation<'a> {
    /// Whether it is the reminder before the end.
    pub reminds: bool,
    /// The workspace's own words.
    pub words: &'a OwnWords,
    /// The language that was chosen for it.
    pub language: Language,
    /// The workspace's name.
    pub workspace: &'a str,
    /// The workspace's colour, `#rrggbb`.
    pub colour: &'a str,
    /// Who invites.
    pub inviter_name: &'a str,
    /// Their address.
    pub inviter_email: &'a str,
    /// The address invited.
    pub email: &'a str,
    /// The role offered.
    pub role: &'a RoleRef,
    /// The inviter's own words; may be empty.
    pub message: &'a str,
    /// The secret link.
    pub link: String,
    /// Until when it works.
    pub valid_until: OffsetDateTime,
}

#[derive(Template)]
#[template(path = "invitation.txt", escape = "none")]
struct InvitationText<'a> {
    it: &'a Invitation<'a>,
    t: &'static text::Mail,
    said: Said,
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationHtml<'a> {
    it: &'a Invitation<'a>,
    t: &'static text::Mail,
    said: Said,
}

/// What an invitation says in words.
struct Said {
    subject: String,
    body: String,
    role: String,
    until: String,
}

impl Invitation<'_> {
    fn said(&self) -> Said {
        let text = self.language.catalogue();
        let (t, w) = (&text.mail, &text.welcome);
        let (role, until) = (text::role_name(self.role), instant(self.valid_until));
        let values = [
            ("workspace", self.workspace),
            ("inviter", self.inviter_name),
            ("role", &role),
            ("until", &until),
            ("email", self.email),
        ];
        let kind = if self.reminds { MailKind::Reminder } else { MailKind::Invitation };
        let chosen = Chosen { words: self.words, kind, values: &values };
        let (subject, body) = match self.reminds {
            true => (w.reminder_subject, w.reminder_body),
            false => (t.invites_you, t.invitation_body),
        };
        let subject = chosen.subject(|| subject(self.inviter_name, self.workspace));
        let body = chosen.body(|| body.to_owned());
        Said { subject, body, role, until }
    }
}

impl Letter for Invitation<'_> {
    fn subject(&self) -> String {
        self.said().subject
    }

    fn text(&self) -> Result<String, Fault> {
        render(&InvitationText { it: self, t: &self.language.catalogue().mail, said: self.said() })
    }

    fn html(&self) -> Result<String, Fault> {
        render(&InvitationHtml { it: self, t: &self.language.catalogue().mail, said: self.said() })
    }
}

fn render(template: &impl Template) -> Result<String, Fault> {
    template.render().map_err(|error| Fault::Other(format!("a mail's template: {error}")))
}

/// The exact instant with its zone: the reader's is not known when the mail is written (PITFALLS.md 15).
fn instant(at: OffsetDateTime) -> String {
    at.format(format_description!(
        "[weekday repr:short] [day padding:none] [month repr:short] [year], [hour]:[minute] UTC"
    ))
    .unwrap_or_else(|_| at.unix_timestamp().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    pub fn workspace(name: &str) -> crate::workspaces::store::Workspace {
        crate::workspaces::store::Workspace {
            id: uuid::Uuid::nil(),
            public_id: "abcdefgh".into(),
            name: name.into(),
            host: None,
            colour: "#14424b".into(),
            plan: crate::workspaces::model::Plan::default(),
        }
    }

    pub static BUILT_IN: OwnWords = OwnWords::new();

    static MEMBER: RoleRef = RoleRef { id: crate::access::BuiltIn::Member.id(), name: String::new() };

    fn letter<'a>(inviter_name: &'a str, workspace: &'a str) -> Invitation<'a> {
        Invitation {
            reminds: false,
            words: &BUILT_IN,
            language: Language::English,
            workspace,
            colour: "#14424b",
            inviter_name,
            inviter_email: "amara@kestrel.test",
            email: "lars@hansa.test",
            role: &MEMBER,
            message: "Welcome aboard.\nSee <b>you</b>.",
            link: "https://portal.test/setup/abcdefgh.token".into(),
            valid_until: OffsetDateTime::from_unix_timestamp(1_795_529_520).unwrap(),
        }
    }

    #[test]
    fn both_parts_say_who_what_until_when_and_how() {
        let letter = letter("Amara Okonkwo", "Kestrel Maritime");
        assert_eq!(letter.subject(), "Amara Okonkwo invites you to Kestrel Maritime");
        for part in [letter.text().unwrap(), letter.html().unwrap()] {
            for said in [
                "Amara Okonkwo",
                "Kestrel Maritime",
                "Member",
                "Confirm your account",
                "Welcome aboard.",
                &letter.link,
                "Tue 24 Nov 2026, 14:12 UTC",
            ] {
                assert!(part.contains(said), "{said} is missing in\n{part}");
            }
        }
    }

    #[test]
    fn pitfall_15_own_words_never_take_the_end_the_role_or_the_link_away() {
        let own =
            Words { subject: "{workspace}: come in, {email}".into(), body: "Hello,\n\n{inviter} <b>waits</b>.".into() };
        let words = OwnWords::from([(MailKind::Invitation, own)]);
        let letter = Invitation { words: &words, ..letter("{role}\r\nBcc: all@b.test", "Kestrel") };
        assert_eq!(letter.subject(), "Kestrel: come in, lars@hansa.test");
        let (text, html) = (letter.text().unwrap(), letter.html().unwrap());
        for part in [&text, &html] {
            for said in ["Kestrel: come in", "{role}", "Member", "Tue 24 Nov 2026, 14:12 UTC", &letter.link] {
                assert!(part.contains(said), "{said} is missing in\n{part}");
            }
            assert!(!part.contains("Choose a name"), "{part}");
        }
        assert!(html.contains("&#60;b&#62;waits") && text.contains("<b>waits</b>"));
        let reminder = Invitation { reminds: true, ..letter };
        assert_eq!(reminder.subject(), "Reminder: {role}  Bcc: all@b.test invites you to Kestrel");
        assert!(reminder.text().unwrap().contains("ends soon"));
    }

    #[test]
    fn pitfall_21_names_are_escaped_in_html() {
        let html = letter("<img src=x onerror=alert(1)>", "A & \"B\"").html().unwrap();
        assert!(!html.contains("<img"), "{html}");
        assert!(html.contains("&#60;img"), "{html}");
        assert!(!html.contains("<b>you"), "{html}");
        assert!(html.contains("A &#38; &#34;B&#34;"), "{html}");
    }
}
