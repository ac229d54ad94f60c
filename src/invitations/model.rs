//! What an invitation is and how it moves (DESIGN.md section 3).

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    access::RoleRef,
    accounts::model::{check_address, check_mobile, check_name, check_password},
    error::{AppError, Problem, Problems},
    mail::model::Delivery,
};

/// The orders that the list offers, as the address names them; the list's own first.
pub const ORDERS: [&str; 3] = ["-invited", "email", "valid"];

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

/// One line of the list of invitations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Its id.
    pub id: Uuid,
    /// The address invited.
    pub email: String,
    /// The role offered.
    pub role: RoleRef,
    /// Where it stands, by the database's clock.
    pub status: Status,
    /// When it was made.
    #[serde(with = "time::serde::timestamp")]
    pub invited_at: OffsetDateTime,
    /// Until when its link works.
    #[serde(with = "time::serde::timestamp")]
    pub valid_until: OffsetDateTime,
    /// Who invited; the name stays when the person goes.
    pub inviter_name: String,
    /// How far its mail has come.
    pub delivery: Delivery,
    /// Whether the reader may give what it offers: only then it is theirs to resend or delete.
    pub yours: bool,
}

impl Invitation {
    /// Whether the list offers to resend it.
    pub fn can_resend(&self) -> bool {
        self.status.after(Event::Resend).is_some()
    }

    /// Whether the list offers to delete it.
    pub fn can_delete(&self) -> bool {
        self.status.after(Event::Delete).is_some()
    }
}

/// What the invite form sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InviteForm {
    /// The address as typed.
    pub email: String,
    /// The role: a built-in one's slug, or a custom one's id.
    pub role: String,
    /// Where to go on: a local path.
    #[serde(default)]
    pub back: String,
}

/// The checked form of an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Address as typed, shape checked.
    pub email: String,
    /// The role offered.
    pub role: Uuid,
}

impl InviteForm {
    /// Checks every field and reports all mistakes at once.
    pub fn check(&self) -> Result<Offer, AppError> {
        let mut problems = Problems::default();
        let email = problems.take("email", check_address(&self.email).map(str::to_owned));
        let role = problems.take("role", RoleRef::read_key(&self.role).ok_or(Problem::Choice));
        match (email, role, problems.error()) {
            (Some(email), Some(role), None) => Ok(Offer { email, role }),
            (_, _, error) => Err(error.unwrap_or(AppError::Transport)),
        }
    }
}

/// What the invitee is shown before they decide: who invites them to what, as what, until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// The address, fixed by the invitation.
    pub email: String,
    /// The role offered.
    pub role: RoleRef,
    /// Who invites.
    pub inviter_name: String,
    /// The inviter's role, if they still have an account.
    pub inviter_role: Option<RoleRef>,
    /// Until when the link works.
    #[serde(with = "time::serde::timestamp")]
    pub valid_until: OffsetDateTime,
}

/// What the set-up page sends. The address is not among it: the invitation fixes it (PITFALLS.md 8).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetupForm {
    /// The token of the link.
    pub token: String,
    /// Full name.
    pub full_name: String,
    /// Mobile number, may be empty.
    #[serde(default)]
    pub mobile: String,
    /// Password.
    pub password: String,
    /// The password again.
    pub again: String,
}

/// The checked form of a registration.
#[derive(Clone, Debug)]
pub struct Registration {
    /// Full name.
    pub full_name: String,
    /// Mobile number in E.164.
    pub mobile: Option<String>,
    /// Password that fulfils the rules.
    pub password: String,
}

impl SetupForm {
    /// Checks every field and reports all mistakes at once.
    pub fn check(&self) -> Result<Registration, AppError> {
        let mut problems = Problems::default();
        let full_name = problems.take("full_name", check_name(&self.full_name));
        let mobile = problems.take("mobile", check_mobile(&self.mobile));
        check_password(&mut problems, &self.password, &self.again);
        match (full_name, mobile, problems.error()) {
            (Some(full_name), Some(mobile), None) => {
                Ok(Registration { full_name, mobile, password: self.password.clone() })
            }
            (_, _, error) => Err(error.unwrap_or(AppError::Transport)),
        }
    }
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

    #[test]
    fn all_mistakes_are_reported_at_once() {
        let error =
            InviteForm { email: "nobody".into(), role: "king".into(), ..Default::default() }.check().unwrap_err();
        assert_eq!(error.problem("email"), Some(Problem::AddressShape));
        assert_eq!(error.problem("role"), Some(Problem::Choice));
    }
}
