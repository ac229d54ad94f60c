//! What the dashboard shows, by what its reader may see.

use serde::{Deserialize, Serialize};

use crate::{access::RoleRef, people::model::User, requests::model::AccessRequest};

/// The dashboard of whoever is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    /// Figures, for who may see the team.
    pub figures: Option<Figures>,
    /// Whom to ask for rights, for who holds none.
    pub contacts: Vec<Contact>,
    /// The reader's own requests for access, the newest.
    pub requests: Vec<AccessRequest>,
}

/// Nothing is counted further than this: a dashboard that counts a million rows is a slow one.
pub const COUNTED: i64 = 1_000;

/// The team in figures; all but the first are counted up to `COUNTED`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Users in all.
    pub users: i64,
    /// Of them disabled.
    pub disabled: i64,
    /// Pending invitations that are not expired.
    pub open: i64,
    /// Pending invitations whose time is over.
    pub expired: i64,
    /// Registrations that wait for approval.
    pub waiting: i64,
    /// Invitations accepted within 30 days.
    pub accepted: i64,
    /// Mails deferred or failed, of invitations that are still open.
    pub undelivered: i64,
    /// Whether mail is captured for want of a mail server.
    pub captured: bool,
    /// The users who joined last.
    pub newest: Vec<User>,
}

/// Somebody who can give rights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Full name.
    pub full_name: String,
    /// Address.
    pub email: String,
    /// The role held.
    pub role: RoleRef,
}
