//! What has happened to an invitation.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use super::Status;

/// One kind of thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// It was made.
    Invited,
    /// Its mail was put in the queue.
    Queued,
    /// The mail server took it.
    Sent,
    /// The mail server did not take it now; it is tried again.
    Deferred,
    /// The mail server refused it for good.
    Failed,
    /// A person was at its page.
    Opened,
    /// The invitee registered.
    Completed,
    /// The registration was accepted.
    Accepted,
    /// The registration was denied.
    Denied,
    /// A newer one took its place.
    Superseded,
    /// The invitee was reminded of its end.
    Reminded,
    /// The invitee asked for a new link.
    Asked,
    /// The acceptance was held up: what it offers is not there any more, or no longer the inviter's to give.
    Held,
}

impl What {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::Invited,
        Self::Queued,
        Self::Sent,
        Self::Deferred,
        Self::Failed,
        Self::Opened,
        Self::Completed,
        Self::Accepted,
        Self::Denied,
        Self::Superseded,
        Self::Reminded,
        Self::Asked,
        Self::Held,
    ];

    /// The name in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Deferred => "deferred",
            Self::Failed => "failed",
            Self::Opened => "opened",
            Self::Completed => "completed",
            Self::Accepted => "accepted",
            Self::Denied => "denied",
            Self::Superseded => "superseded",
            Self::Reminded => "reminded",
            Self::Asked => "asked",
            Self::Held => "held",
        }
    }

    /// Whether it tells how far a mail has come, and nothing of the invitation itself.
    pub fn is_of_mail(self) -> bool {
        matches!(self, Self::Queued | Self::Sent | Self::Deferred | Self::Failed)
    }
}

impl FromStr for What {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|what| what.slug() == slug).ok_or(())
    }
}

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// When.
    #[serde(with = "time::serde::timestamp")]
    pub at: OffsetDateTime,
    /// What.
    pub what: What,
    /// Who did it; none where it happened by itself, or the invitee did it.
    pub by: Option<Uuid>,
    /// Their name at that time.
    pub by_name: String,
    /// The mail server's answer, or what holds an acceptance up.
    pub detail: String,
}

/// The status that a history leads to, in order of time, for an invitation whose time has passed or not: what is stored agrees with
/// it always. A registration that is approved by itself is `Completed` and `Accepted`, by nobody.
pub fn status_of(history: &[What], past: bool) -> Status {
    let stored = history.iter().fold(Status::Pending, |status, what| match what {
        What::Completed => Status::Waiting,
        What::Accepted => Status::Approved,
        What::Denied => Status::Rejected,
        What::Superseded => Status::Inactivated,
        _ => status,
    });
    Status::read(stored.slug(), past)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_name() {
        for what in What::ALL {
            assert_eq!(what.slug().parse(), Ok(what));
        }
    }

    #[test]
    fn a_history_leads_to_a_status() {
        use What::{Accepted, Completed, Denied, Invited, Opened, Queued, Sent, Superseded};
        assert_eq!(status_of(&[Invited, Queued, Sent, Opened], false), Status::Pending);
        assert_eq!(status_of(&[Invited, Queued], true), Status::Expired);
        assert_eq!(status_of(&[Invited, Queued, Completed], true), Status::Waiting);
        assert_eq!(status_of(&[Invited, Queued, Completed, Accepted], true), Status::Approved);
        assert_eq!(status_of(&[Invited, Queued, Completed, Denied], false), Status::Rejected);
        assert_eq!(status_of(&[Invited, Queued, Completed, Denied, Superseded], false), Status::Inactivated);
    }
}
