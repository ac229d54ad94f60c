//! The state machine of invitations (DESIGN.md section 3).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The six statuses of seed 004.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Sent; the invitee has not finished yet.
    Pending,
    /// Its time ran out before the invitee finished.
    Expired,
    /// Finished by the invitee, waiting for approval.
    Waiting,
    /// The account exists.
    Approved,
    /// The approval was denied.
    Rejected,
    /// Replaced by a newer one.
    Inactivated,
}

impl Status {
    /// Every status, in the order of the tabs: the one that waits for the reader first.
    pub const ALL: [Self; 6] =
        [Self::Waiting, Self::Pending, Self::Expired, Self::Approved, Self::Rejected, Self::Inactivated];

    /// The name in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Expired => "expired",
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Inactivated => "inactivated",
        }
    }

    /// The status as the database holds it and its clock judges it: nothing is ever stored as Expired, a pending
    /// invitation is expired from the instant it is valid until (PITFALLS.md 15).
    pub fn read(stored: &str, past: bool) -> Self {
        match Self::from_str(stored) {
            Ok(Self::Pending) if past => Self::Expired,
            Ok(status) => status,
            // The column's check admits no other word.
            Err(()) => Self::Inactivated,
        }
    }

    /// Whether its address is invited: by a link that works, or with a registration that waits.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Waiting)
    }

    /// Where the event leads from here; `None` where the table of DESIGN.md section 3 has no such step.
    pub fn after(self, event: Event) -> Option<Next> {
        use Next::{Gone, Stays, To};
        match (self, event) {
            (Self::Pending, Event::Complete { auto_approval: true }) => Some(To(Self::Approved)),
            (Self::Pending, Event::Complete { auto_approval: false }) => Some(To(Self::Waiting)),
            (Self::Pending, Event::TimePassed) => Some(To(Self::Expired)),
            (Self::Waiting, Event::Accept) => Some(To(Self::Approved)),
            (Self::Waiting, Event::Deny) => Some(To(Self::Rejected)),
            (Self::Waiting, Event::Cancel) => Some(Stays),
            (Self::Pending | Self::Expired | Self::Rejected, Event::Resend) => Some(To(Self::Inactivated)),
            (Self::Pending | Self::Expired, Event::Delete) => Some(Gone),
            _ => None,
        }
    }
}

impl FromStr for Status {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|status| status.slug() == slug).ok_or(())
    }
}

/// What can happen to an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The invitee finished the registration.
    Complete {
        /// Whether the workspace approves registrations by itself (the default).
        auto_approval: bool,
    },
    /// The instant it is valid until has passed.
    TimePassed,
    /// ACCEPT in the review.
    Accept,
    /// DENY in the review.
    Deny,
    /// CANCEL in the review.
    Cancel,
    /// A new invitation with a new link takes its place.
    Resend,
    /// Taken from the list.
    Delete,
}

/// Where an event leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// To this status.
    To(Status),
    /// Nowhere: everything stays as it is.
    Stays,
    /// Out of the list.
    Gone,
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENTS: [Event; 8] = [
        Event::Complete { auto_approval: true },
        Event::Complete { auto_approval: false },
        Event::TimePassed,
        Event::Accept,
        Event::Deny,
        Event::Cancel,
        Event::Resend,
        Event::Delete,
    ];

    #[test]
    fn every_status_and_event() {
        use Next::{Gone, Stays, To};
        use Status::{Approved, Expired, Inactivated, Pending, Rejected, Waiting};
        let table = |status: Status| EVENTS.map(|event| status.after(event));
        assert_eq!(
            table(Pending),
            [
                Some(To(Approved)),
                Some(To(Waiting)),
                Some(To(Expired)),
                None,
                None,
                None,
                Some(To(Inactivated)),
                Some(Gone)
            ]
        );
        assert_eq!(table(Expired), [None, None, None, None, None, None, Some(To(Inactivated)), Some(Gone)]);
        assert_eq!(table(Waiting), [None, None, None, Some(To(Approved)), Some(To(Rejected)), Some(Stays), None, None]);
        assert_eq!(table(Rejected), [None, None, None, None, None, None, Some(To(Inactivated)), None]);
        assert_eq!(table(Approved), [None; 8]);
        assert_eq!(table(Inactivated), [None; 8]);
    }

    #[test]
    fn expiry_is_judged_when_read() {
        assert_eq!(Status::read("pending", false), Status::Pending);
        assert_eq!(Status::read("pending", true), Status::Expired);
        assert_eq!(Status::read("waiting", true), Status::Waiting, "waiting never expires");
        assert_eq!(Status::read("approved", true), Status::Approved);
    }
}
