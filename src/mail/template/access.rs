//! The mails about access: somebody asks for it, it was decided, and it ends soon.

use time::OffsetDateTime;

use super::{
    instant,
    sheet::{Shaped, Sheet, one_line},
};
use crate::{
    rights::model::whole_last_day,
    text::{Text, held::day_words, requests::Requests},
    workspaces::store::Workspace,
};

/// To those who can approve a request.
pub struct AccessRequested<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// Who asks.
    pub name: &'a str,
    /// Their address.
    pub email: &'a str,
    /// For what.
    pub asked: &'a str,
    /// The organizations that it concerns.
    pub organizations: &'a [String],
    /// Why, in their words.
    pub reason: &'a str,
    /// For how many days; none until it is taken away.
    pub days: Option<i32>,
    /// Where it is decided.
    pub link: String,
}

/// To who asked, when it was decided.
pub struct AccessDecided<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// Whether it was approved.
    pub approved: bool,
    /// What was asked for.
    pub asked: &'a str,
    /// The organizations that it concerns.
    pub organizations: &'a [String],
    /// Who decided.
    pub by: &'a str,
    /// When what was given ends.
    pub until: Option<OffsetDateTime>,
    /// Why it was denied, in their words.
    pub answer: Option<&'a str>,
    /// The address of who asked.
    pub email: &'a str,
    /// Where their requests are.
    pub link: String,
}

/// To who holds something that ends soon.
pub struct AccessEnds<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// What ends, and when.
    pub ends: Vec<(String, OffsetDateTime)>,
    /// The holder's address.
    pub email: &'a str,
    /// Where their requests are.
    pub link: String,
}

/// When something ends: what lasts through a day is told as that day.
fn end(t: &Requests, until: OffsetDateTime) -> String {
    whole_last_day(until).map_or_else(|| instant(until), |day| (t.end_of)(&day_words(&day)))
}

/// What is asked for, and for which organizations.
fn what<'a>(
    t: &'a Requests,
    asked: &'a str,
    organizations: &'a [String],
) -> impl Iterator<Item = (String, String)> + use<'a> {
    let organizations = (!organizations.is_empty()).then(|| one_line(&organizations.join(", ")));
    let organizations = organizations.map(|names| (t.organization.to_owned(), names));
    std::iter::once((t.what.to_owned(), asked.to_owned())).chain(organizations)
}

impl Shaped for AccessRequested<'_> {
    fn sheet(&self, text: &'static Text) -> Sheet<'_> {
        let t = &text.requests;
        Sheet {
            workspace: self.workspace,
            subject: one_line(&(t.asks_for)(self.name, self.asked)),
            lead: t.asks_body.to_owned(),
            rows: std::iter::once((t.who.to_owned(), one_line(&format!("{} ({})", self.name, self.email))))
                .chain(what(t, self.asked, self.organizations))
                .chain([(t.why.to_owned(), self.reason.to_owned()), (t.how_long.to_owned(), (t.days)(self.days))])
                .collect(),
            button: t.decide,
            link: &self.link,
            foot: (t.sent_by)(&self.workspace.name),
        }
    }
}

impl Shaped for AccessDecided<'_> {
    fn sheet(&self, text: &'static Text) -> Sheet<'_> {
        let t = &text.requests;
        let (subject, lead) = if self.approved {
            ((t.approved_subject)(self.asked), (t.approved_body)(self.by))
        } else {
            ((t.denied_subject)(self.asked), (t.denied_body)(self.by))
        };
        let mut rows: Vec<_> = what(t, self.asked, self.organizations).collect();
        if self.approved {
            rows.push((t.ends.to_owned(), self.until.map_or_else(|| t.no_end.to_owned(), |until| end(t, until))));
        }
        rows.extend(self.answer.map(|answer| (t.why.to_owned(), answer.to_owned())));
        Sheet {
            workspace: self.workspace,
            subject: one_line(&subject),
            lead: one_line(&lead),
            rows,
            button: t.see,
            link: &self.link,
            foot: (t.sent_to)(self.email, &self.workspace.name),
        }
    }
}

impl Shaped for AccessEnds<'_> {
    fn sheet(&self, text: &'static Text) -> Sheet<'_> {
        let t = &text.requests;
        Sheet {
            workspace: self.workspace,
            subject: t.ends_subject.to_owned(),
            lead: t.ends_body.to_owned(),
            rows: self.ends.iter().map(|(what, until)| (what.clone(), end(t, *until))).collect(),
            button: t.see,
            link: &self.link,
            foot: format!("{} {}", t.ask_again, (t.sent_to)(self.email, &self.workspace.name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::template::{Letter as _, tests::workspace};

    fn until() -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_795_529_520).unwrap()
    }

    #[test]
    fn each_says_what_by_whom_and_until_when() {
        let workspace = workspace("Kestrel Maritime");
        let asked = AccessRequested {
            workspace: &workspace,
            name: "Vito Visitor",
            email: "vito@kestrel.test",
            asked: "Update on Billing",
            organizations: &["Hansa Freight".into(), "Nordic Lines".into()],
            reason: "The invoices\nof November",
            days: Some(7),
            link: "https://portal.test/access-requests/1".into(),
        };
        assert_eq!(asked.subject(), "Vito Visitor asks for Update on Billing");
        let decided = AccessDecided {
            workspace: &workspace,
            approved: true,
            asked: "Update on Billing",
            organizations: &["Hansa Freight".into()],
            by: "Amara Okonkwo",
            until: Some(until()),
            answer: None,
            email: "vito@kestrel.test",
            link: "https://portal.test/access-requests/mine".into(),
        };
        let denied =
            AccessDecided { approved: false, until: None, answer: Some("Ask Finance."), ..decided_like(&decided) };
        let ends = AccessEnds {
            workspace: &workspace,
            ends: vec![("Update on Billing".into(), until())],
            email: "vito@kestrel.test",
            link: "https://portal.test/access-requests/mine".into(),
        };
        let said = |parts: [String; 2], all: &[&str]| {
            for part in parts {
                for words in all {
                    assert!(part.contains(words), "{words} is missing in\n{part}");
                }
            }
        };
        said(
            [asked.text().unwrap(), asked.html().unwrap()],
            &["vito@kestrel.test", "Update on Billing", "Hansa Freight, Nordic Lines", "7 days", "/access-requests/1"],
        );
        assert!(asked.text().unwrap().contains("Why: The invoices\n    of November"), "{}", asked.text().unwrap());
        said(
            [decided.text().unwrap(), decided.html().unwrap()],
            &["Amara Okonkwo", "Update on Billing", "Hansa Freight", "Tue 24 Nov 2026, 14:12 UTC"],
        );
        said([denied.text().unwrap(), denied.html().unwrap()], &["Amara Okonkwo denied", "Ask Finance."]);
        assert_eq!(denied.subject(), "Denied: Update on Billing");
        said(
            [ends.text().unwrap(), ends.html().unwrap()],
            &["Update on Billing", "Tue 24 Nov 2026, 14:12 UTC", "/access-requests/mine"],
        );
    }

    #[test]
    fn what_lasts_through_a_day_names_the_day() {
        let workspace = workspace("Kestrel Maritime");
        let midnight = OffsetDateTime::from_unix_timestamp(1_795_564_800).unwrap();
        let ends = AccessEnds {
            workspace: &workspace,
            ends: vec![("Update on Billing".into(), midnight)],
            email: "vito@kestrel.test",
            link: "https://portal.test/access-requests/mine".into(),
        };
        assert!(ends.text().unwrap().contains("Update on Billing: 24 Nov 2026, at the end of the day in UTC"));
    }

    fn decided_like<'a>(other: &AccessDecided<'a>) -> AccessDecided<'a> {
        AccessDecided { link: other.link.clone(), ..*other }
    }

    #[test]
    fn pitfall_21_names_and_reasons_are_escaped_and_subjects_are_one_line() {
        let workspace = workspace("A & \"B\"");
        let asked = AccessRequested {
            workspace: &workspace,
            name: "<img src=x>\r\nBcc: everybody@b.test",
            email: "vito@kestrel.test",
            asked: "View on <b>Team</b>",
            organizations: &["<b>Hansa</b>\r\nApprove: https://evil.test".into()],
            reason: "<script>alert(1)</script>\nApprove: https://evil.test",
            days: None,
            link: "https://portal.test/access-requests/1".into(),
        };
        assert!(!asked.subject().contains(['\r', '\n']), "{}", asked.subject());
        let html = asked.html().unwrap();
        for raw in ["<img", "<b>Team", "<b>Hansa", "<script"] {
            assert!(!html.contains(raw), "{raw} in {html}");
        }
        assert!(html.contains("A &#38; &#34;B&#34;"), "{html}");
        let text = asked.text().unwrap();
        assert!(text.lines().all(|line| !line.starts_with("Bcc:") && !line.starts_with("Approve:")), "{text}");
    }
}
