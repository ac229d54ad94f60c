//! One invitation as its own page shows it, and what is done with one or several.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{GonePart, Invitation, Line, What};
use crate::access::Permissions;

/// Invitations that are changed together at most: more than a page shows.
pub const MOST_CHOSEN: usize = 100;

/// What the reader may do with an invitation from where it stands now: by the state machine, by their rights, and as far as what it
/// offers is theirs to give or to take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct May {
    /// Deny the registration that waits.
    pub deny: bool,
    /// Accept it.
    pub accept: bool,
    /// Send it, or a new one in its place.
    pub resend: bool,
    /// Take it from the list.
    pub delete: bool,
}

impl May {
    /// Look at the registration that waits, to decide.
    pub fn review(self) -> bool {
        self.deny || self.accept
    }
}

/// What is offered, by its names; the role and the Customer ID stand in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// Areas and their actions beyond the role.
    pub permissions: Permissions,
    /// The region's name; none for all.
    pub region: Option<String>,
    /// The names of the APIs; none for all current and future ones.
    pub apis: Option<Vec<String>>,
    /// The names of the groups.
    pub groups: Vec<String>,
    /// When it ends, if it does.
    #[serde(with = "time::serde::timestamp::option")]
    pub until: Option<OffsetDateTime>,
    /// What of it is not there any more.
    pub gone: Option<GonePart>,
}

/// What an invitee has registered, for its review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Full name.
    pub full_name: String,
    /// Mobile number in E.164.
    pub mobile: Option<String>,
    /// When.
    #[serde(with = "time::serde::timestamp")]
    pub at: OffsetDateTime,
}

/// One invitation with all that is known of it. Never its link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// Its line of the list.
    pub invitation: Invitation,
    /// What is offered.
    pub promise: Promise,
    /// The inviter's own words; may be empty.
    pub message: String,
    /// Who invited, while they have an account that the reader may see.
    pub inviter: Option<Uuid>,
    /// The account that it has made or activates, while it is there and the reader may see it.
    pub user: Option<Uuid>,
    /// Whether it came by a link.
    pub by_link: bool,
    /// The registration that waits.
    pub waiting: Option<Waiting>,
    /// The newer one that took its place.
    pub newer: Option<Uuid>,
    /// The one whose place it took.
    pub older: Option<Uuid>,
    /// Sent more than a day ago, and nobody was at its link since.
    pub unopened: bool,
    /// What has happened, in order of time.
    pub history: Vec<Line>,
}

/// A line of the timeline, with how often in a row it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The last time.
    pub line: Line,
    /// How often.
    pub times: usize,
}

/// The timeline: tries of a mail server that does not take the mail are one step, with its last answer.
pub fn steps(history: &[Line]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in history {
        match steps.last_mut() {
            Some(last) if line.what == What::Deferred && last.line.what == What::Deferred => {
                *last = Step { line: line.clone(), times: last.times + 1 };
            }
            _ => steps.push(Step { line: line.clone(), times: 1 }),
        }
    }
    steps
}

/// Several rows of the list, chosen for an act.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeveralForm {
    /// Their ids.
    #[serde(default)]
    pub ids: Vec<Uuid>,
    /// Where to go on: a local path.
    #[serde(default)]
    pub back: String,
}

/// What a reviewer says (seed 004). CANCEL asks nothing of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// ACCEPT.
    Accept,
    /// DENY.
    Deny,
}

/// The verdict on a registration.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewForm {
    /// The invitation.
    pub id: Uuid,
    /// The verdict: the name of the button that is pressed.
    pub verdict: Verdict,
    /// Where to go on: a local path.
    #[serde(default)]
    pub back: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_in_a_row_are_one_step() {
        let line = |what, detail: &str, at| Line {
            at: OffsetDateTime::from_unix_timestamp(at).unwrap(),
            what,
            by: None,
            by_name: String::new(),
            detail: detail.into(),
        };
        let history = [
            line(What::Invited, "", 0),
            line(What::Queued, "", 0),
            line(What::Deferred, "later", 1),
            line(What::Deferred, "full", 3),
            line(What::Sent, "", 7),
        ];
        let steps = steps(&history);
        let shown: Vec<_> = steps.iter().map(|step| (step.line.what, step.times, step.line.detail.as_str())).collect();
        assert_eq!(
            shown,
            [(What::Invited, 1, ""), (What::Queued, 1, ""), (What::Deferred, 2, "full"), (What::Sent, 1, "")]
        );
    }
}
