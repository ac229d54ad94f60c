//! The words of the mails: for each a subject, a plain text and an HTML body (`templates/`).

mod access;
mod joined;
mod reviewed;
mod sheet;

pub use access::{AccessDecided, AccessEnds, AccessRequested};
use askama::Template;
pub use joined::Joined;
pub use reviewed::Reviewed;
use time::{OffsetDateTime, macros::format_description};

use crate::{access::RoleRef, platform::fault::Fault, text};

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

/// The invitation, with the button **Confirm your account**.
pub struct Invitation<'a> {
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
    role: String,
    until: String,
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationHtml<'a> {
    it: &'a Invitation<'a>,
    t: &'static text::Mail,
    role: String,
    until: String,
    subject: String,
}

impl Letter for Invitation<'_> {
    fn subject(&self) -> String {
        (text::text().mail.invites_you)(self.inviter_name, self.workspace)
    }

    fn text(&self) -> Result<String, Fault> {
        let t = text::text();
        let role = text::role_name(self.role);
        render(&InvitationText { it: self, t: &t.mail, role, until: instant(self.valid_until) })
    }

    fn html(&self) -> Result<String, Fault> {
        let t = text::text();
        let role = text::role_name(self.role);
        let until = instant(self.valid_until);
        render(&InvitationHtml { it: self, t: &t.mail, role, until, subject: self.subject() })
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

    static MEMBER: RoleRef = RoleRef { id: crate::access::BuiltIn::Member.id(), name: String::new() };

    fn letter<'a>(inviter_name: &'a str, workspace: &'a str) -> Invitation<'a> {
        Invitation {
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
    fn pitfall_21_names_are_escaped_in_html() {
        let html = letter("<img src=x onerror=alert(1)>", "A & \"B\"").html().unwrap();
        assert!(!html.contains("<img"), "{html}");
        assert!(html.contains("&#60;img"), "{html}");
        assert!(!html.contains("<b>you"), "{html}");
        assert!(html.contains("A &#38; &#34;B&#34;"), "{html}");
    }
}
