//! The shape that most mails have: a sentence, some rows, one button.

use askama::Template;

use super::{Letter, render};
use crate::{
    platform::fault::Fault,
    text::{self, Text},
    workspaces::store::Workspace,
};

/// What the templates show.
pub struct Sheet<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// The subject, which is the heading too.
    pub subject: String,
    /// The sentence below it.
    pub lead: String,
    /// Label and value of each row.
    pub rows: Vec<(String, String)>,
    /// The words of the button.
    pub button: &'static str,
    /// Where it leads.
    pub link: &'a str,
    /// Why this mail was sent.
    pub foot: String,
}

#[derive(Template)]
#[template(path = "sheet.txt", escape = "none")]
struct SheetText<'a> {
    it: &'a Sheet<'a>,
}

#[derive(Template)]
#[template(path = "sheet.html")]
struct SheetHtml<'a> {
    it: &'a Sheet<'a>,
    lang: &'static str,
}

/// A name may hold what a subject may not: it is one line.
pub fn one_line(subject: &str) -> String {
    subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A mail of this shape.
pub trait Shaped {
    /// What it shows.
    fn sheet(&self, text: &'static Text) -> Sheet<'_>;

    /// The texts of the language that it is written in; the reader's of the page that causes it, unless it has one of its own.
    fn catalogue(&self) -> &'static Text {
        text::text()
    }
}

impl<L: Shaped> Letter for L {
    fn subject(&self) -> String {
        one_line(&self.sheet(self.catalogue()).subject)
    }

    fn text(&self) -> Result<String, Fault> {
        let mut sheet = self.sheet(self.catalogue());
        for (_, value) in &mut sheet.rows {
            // Further lines of what somebody wrote stand under its first, so that they are not taken for lines of ours.
            *value = value.replace('\n', "\n    ");
        }
        render(&SheetText { it: &sheet })
    }

    fn html(&self) -> Result<String, Fault> {
        let t = self.catalogue();
        render(&SheetHtml { it: &self.sheet(t), lang: t.mail.lang })
    }
}
