//! To the inviter, or to those who can invite: somebody asks for a new link, or cannot accept what was offered.

use super::{
    Chosen,
    sheet::{Shaped, Sheet, one_line},
};
use crate::{
    access::RoleRef,
    mail::words::{MailKind, OwnWords},
    text::{Text, role_name},
    workspaces::store::Workspace,
};

/// Whoever has a link that does not work any more asks for a new one.
pub struct LinkAsked<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// The workspace's own words.
    pub words: &'a OwnWords,
    /// The address that was invited.
    pub email: &'a str,
    /// The role that was offered.
    pub role: &'a RoleRef,
    /// Who invited.
    pub inviter_name: &'a str,
    /// To whom this is sent.
    pub to: &'a str,
    /// Where it can be resent.
    pub link: String,
}

impl Shaped for LinkAsked<'_> {
    fn sheet(&self, text: &'static Text) -> Sheet<'_> {
        let t = &text.welcome;
        let role = role_name(self.role);
        let values = [("workspace", self.workspace.name.as_str()), ("role", &role), ("email", self.email)];
        let chosen = Chosen { words: self.words, kind: MailKind::Asked, values: &values };
        Sheet {
            workspace: self.workspace,
            subject: chosen.subject(|| (t.asked_subject)(self.email)),
            lead: chosen.body(|| t.asked_body.to_owned()),
            rows: rows(text, self.email, role.clone(), self.inviter_name),
            button: t.open_invitations,
            link: &self.link,
            foot: (t.sent_to_you)(self.to, &self.workspace.name),
        }
    }
}

/// The invitee wants to accept, and what was offered cannot be given any more (PITFALLS.md 13).
pub struct HeldUp<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// Whether it is the inviter who can no longer give it; else a part of the offer is gone.
    pub inviter: bool,
    /// The address that was invited.
    pub email: &'a str,
    /// The role that was offered.
    pub role: &'a RoleRef,
    /// Who invited.
    pub inviter_name: &'a str,
    /// To whom this is sent.
    pub to: &'a str,
    /// Where it can be resent or deleted.
    pub link: String,
}

impl Shaped for HeldUp<'_> {
    fn sheet(&self, text: &'static Text) -> Sheet<'_> {
        let t = &text.welcome;
        let lead = if self.inviter { (t.held_inviter)(self.inviter_name) } else { t.held_gone.to_owned() };
        Sheet {
            workspace: self.workspace,
            subject: one_line(&(t.held_subject)(self.email)),
            lead: one_line(&lead),
            rows: rows(text, self.email, role_name(self.role), self.inviter_name),
            button: t.open_invitations,
            link: &self.link,
            foot: (t.sent_to_you)(self.to, &self.workspace.name),
        }
    }
}

fn rows(text: &'static Text, email: &str, role: String, inviter_name: &str) -> Vec<(String, String)> {
    vec![
        (text.common.email.to_owned(), one_line(email)),
        (text.common.role.to_owned(), one_line(&role)),
        (text.welcome.invited_by.to_owned(), one_line(inviter_name)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::template::{
        Letter,
        tests::{BUILT_IN, workspace},
    };

    #[test]
    fn pitfall_21_what_others_chose_is_escaped() {
        let workspace = workspace("Kestrel");
        let role = RoleRef { id: uuid::Uuid::nil(), name: "<b>Pilot</b>\r\nX".into() };
        let link = "https://portal.test/invitations?q=lars".to_owned();
        let asked = LinkAsked {
            workspace: &workspace,
            words: &BUILT_IN,
            email: "lars@hansa.test",
            role: &role,
            inviter_name: "Amara <i>O</i>",
            to: "amara@kestrel.test",
            link: link.clone(),
        };
        let held = HeldUp {
            workspace: &workspace,
            inviter: true,
            email: "lars@hansa.test",
            role: &role,
            inviter_name: "Amara\r\n<i>O</i>",
            to: "adam@kestrel.test",
            link,
        };
        for letter in [&asked as &dyn Letter, &held] {
            assert!(letter.subject().starts_with("lars@hansa.test "), "{}", letter.subject());
            let html = letter.html().unwrap();
            assert!(!html.contains("<b>Pilot") && !html.contains("<i>O"), "{html}");
            assert!(letter.text().unwrap().contains("/invitations?q=lars"));
        }
    }
}
