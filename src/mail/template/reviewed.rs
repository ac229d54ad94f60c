//! To the invitee, when their registration was accepted or denied.

use super::sheet::{Shaped, Sheet, one_line};
use crate::{text::Text, workspaces::store::Workspace};

/// The registration was accepted or denied.
pub struct Reviewed<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// The invitee's address.
    pub email: &'a str,
    /// Their name, as they registered.
    pub full_name: &'a str,
    /// Whether it was accepted.
    pub accepted: bool,
    /// The sign-in page.
    pub link: String,
}

impl Shaped for Reviewed<'_> {
    fn sheet(&self, text: &'static Text) -> Sheet<'_> {
        let t = &text.inviting;
        let (subject, lead) = match self.accepted {
            true => (t.accepted_subject, t.accepted_body),
            false => (t.rejected_subject, t.rejected_body),
        };
        Sheet {
            workspace: self.workspace,
            subject: subject(&self.workspace.name),
            lead: lead.to_owned(),
            rows: vec![
                (text.common.full_name.to_owned(), one_line(self.full_name)),
                (text.common.email.to_owned(), one_line(self.email)),
            ],
            button: text.door.sign_in,
            link: &self.link,
            foot: (text.requests.sent_to)(self.email, &self.workspace.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::template::{Letter, tests::workspace};

    #[test]
    fn it_says_what_was_decided_and_of_whom() {
        let workspace = workspace("Kestrel\r\nBcc: all@b.test");
        for accepted in [true, false] {
            let letter = Reviewed {
                workspace: &workspace,
                email: "lars@hansa.test",
                full_name: "Lars <b>Bjerregaard</b>",
                accepted,
                link: "https://portal.test/sign-in".into(),
            };
            assert!(!letter.subject().contains(['\r', '\n']));
            assert!(letter.text().unwrap().contains("lars@hansa.test"));
            assert!(!letter.html().unwrap().contains("<b>Bjerregaard"));
        }
        let of = |accepted| {
            Reviewed { workspace: &workspace, email: "", full_name: "", accepted, link: String::new() }.subject()
        };
        assert_ne!(of(true), of(false));
    }
}
