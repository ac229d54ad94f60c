//! To an address that was given to an invitation link, where it cannot be invited: only its owner learns why (PITFALLS.md 10).

use super::sheet::{Shaped, Sheet, one_line};
use crate::{links::model::NotNew, text::Text, workspaces::store::Workspace};

/// The mail.
pub struct Joined<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// The address.
    pub email: &'a str,
    /// Who made the link.
    pub maker_name: &'a str,
    /// Why.
    pub why: NotNew,
    /// The sign-in page.
    pub link: String,
}

impl Shaped for Joined<'_> {
    fn sheet(&self, text: &'static Text) -> Sheet<'_> {
        let t = &text.links;
        let (subject, lead) = (t.not_new)(self.why, &self.workspace.name, &one_line(self.maker_name));
        Sheet {
            workspace: self.workspace,
            subject,
            lead,
            rows: vec![(text.common.email.to_owned(), one_line(self.email))],
            button: text.door.to_sign_in,
            link: &self.link,
            foot: (t.sent_because)(self.email),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::template::{Letter, tests::workspace};

    #[test]
    fn pitfall_21_each_says_what_to_do_and_keeps_names_in_their_place() {
        let workspace = workspace("Kestrel\r\nBcc: all@b.test");
        let mut subjects = Vec::new();
        for why in [NotNew::Account, NotNew::Invited, NotNew::Waits, NotNew::Full, NotNew::Domain] {
            let letter = Joined {
                workspace: &workspace,
                email: "lars@hansa.test",
                maker_name: "Amara <b>\r\nBcc: x@b.test",
                why,
                link: "https://portal.test/sign-in".into(),
            };
            assert!(!letter.subject().contains(['\r', '\n']));
            assert!(!letter.html().unwrap().contains("Amara <b>"));
            let text = letter.text().unwrap();
            assert!(text.contains("lars@hansa.test") && !text.contains("\nBcc: x"), "{text}");
            subjects.push(letter.subject());
        }
        subjects.dedup();
        assert_eq!(subjects.len(), 5);
    }
}
