//! To the invitee, when their registration was accepted or denied.

use super::{
    Chosen,
    sheet::{Shaped, Sheet, one_line},
};
use crate::{
    mail::words::{MailKind, OwnWords},
    text::{Language, Text},
    workspaces::store::Workspace,
};

/// The registration was accepted or denied.
pub struct Reviewed<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// The workspace's own words.
    pub words: &'a OwnWords,
    /// The language that was chosen for the invitation.
    pub language: Language,
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
        let (kind, subject, lead) = match self.accepted {
            true => (MailKind::Accepted, t.accepted_subject, t.accepted_body),
            false => (MailKind::Denied, t.rejected_subject, t.rejected_body),
        };
        let name = &self.workspace.name;
        let values = [("workspace", name.as_str()), ("name", self.full_name), ("email", self.email)];
        let chosen = Chosen { words: self.words, kind, values: &values };
        Sheet {
            workspace: self.workspace,
            subject: chosen.subject(|| subject(name)),
            lead: chosen.body(|| lead.to_owned()),
            rows: vec![
                (text.common.full_name.to_owned(), one_line(self.full_name)),
                (text.common.email.to_owned(), one_line(self.email)),
            ],
            button: text.door.sign_in,
            link: &self.link,
            foot: (text.requests.sent_to)(self.email, &self.workspace.name),
        }
    }

    fn catalogue(&self) -> &'static Text {
        self.language.catalogue()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::template::{
        Letter,
        tests::{BUILT_IN, workspace},
    };

    #[test]
    fn it_says_what_was_decided_and_of_whom() {
        let workspace = workspace("Kestrel\r\nBcc: all@b.test");
        for accepted in [true, false] {
            let letter = Reviewed {
                workspace: &workspace,
                words: &BUILT_IN,
                language: Language::English,
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
            let (words, language) = (&BUILT_IN, Language::English);
            Reviewed { workspace: &workspace, words, language, email: "", full_name: "", accepted, link: String::new() }
                .subject()
        };
        assert_ne!(of(true), of(false));
    }
}
