//! What a request for access is.

mod forms;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

pub use forms::{Approval, ApproveForm, DenyForm, Lasts, NewRequest, RequestForm};

use crate::{
    access::{Action, Category, Change, On, Permissions, RoleRef},
    rights::model::Preview,
    ui::toast::{Deed, Notice, Outcome, Thing},
};

/// The orders that the list offers, as the address names them; the list's own first.
pub const ORDERS: [&str; 1] = ["-requested"];

/// Characters that a reason or an answer may have.
pub const MOST_REASON: usize = 1_000;

/// Days that can be asked for at most.
pub const MOST_DAYS: i32 = 3_650;

/// The numbers of days that the form offers, beside "until taken away" and another number.
pub const PERIODS: [i32; 4] = [1, 7, 30, 90];

/// The right that is asked for: one action on one feature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The action.
    pub action: Action,
    /// The feature's slug.
    pub feature: String,
    /// The region's slug; none for all regions.
    #[serde(default)]
    pub region: Option<String>,
}

impl Asked {
    /// As the address and the form name it; none where it is no right at all.
    pub fn read(action: &str, feature: &str, region: &str) -> Option<Self> {
        let clean = |text: &str| !text.chars().any(char::is_control);
        let asked = Self {
            action: action.parse().ok()?,
            feature: feature.to_owned(),
            region: (!region.is_empty()).then(|| region.to_owned()),
        };
        (clean(feature) && clean(region)).then_some(asked)
    }

    /// As the right that would be gained by it.
    pub fn change(&self) -> Change {
        Change::Right {
            feature: self.feature.clone(),
            action: self.action,
            region: self.region.clone(),
            organization: None,
            on: On::Everywhere,
        }
    }
}

/// How far a request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Waits to be decided.
    Open,
    /// Given, and it still is.
    Approved,
    /// Given, and its time is over.
    Ended,
    /// Given, and taken away since.
    TakenAway,
    /// Not given.
    Denied,
}

impl Status {
    /// As the database holds it, with whether what was given is still there and whether its time is over: nothing is ever
    /// stored as ended.
    pub fn read(stored: &str, there: bool, over: bool) -> Self {
        match stored {
            "approved" if !there => Self::TakenAway,
            "approved" if over => Self::Ended,
            "approved" => Self::Approved,
            "denied" => Self::Denied,
            _ => Self::Open,
        }
    }
}

/// What a list of requests shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Those that wait; the list's own choice.
    Open,
    /// Those that were approved, ended or not.
    Approved,
    /// Those that were denied.
    Denied,
    /// All of them.
    All,
}

impl Shown {
    /// Every choice, in the order of the tabs.
    pub const ALL: [Self; 4] = [Self::Open, Self::Approved, Self::Denied, Self::All];

    /// The name in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Open => "",
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::All => "all",
        }
    }
}

/// A request for access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRequest {
    /// Its id.
    pub id: Uuid,
    /// Who asks.
    pub user_id: Uuid,
    /// Their full name.
    pub full_name: String,
    /// Their address.
    pub email: String,
    /// For what.
    pub asked: Asked,
    /// Why, in their words.
    pub reason: String,
    /// For how many days; none until it is taken away.
    pub days: Option<i32>,
    /// How far it has come.
    pub status: Status,
    /// When it was made.
    #[serde(with = "time::serde::timestamp")]
    pub requested_at: OffsetDateTime,
    /// When it was decided.
    #[serde(with = "time::serde::timestamp::option")]
    pub decided_at: Option<OffsetDateTime>,
    /// By whom.
    pub decided_by: Option<String>,
    /// Why it was denied, in the approver's words.
    pub answer: Option<String>,
    /// Until when what was given lasts; none where it has no end, or nothing is there.
    #[serde(with = "time::serde::timestamp::option")]
    pub until: Option<OffsetDateTime>,
    /// The slug of the region that it was given in, where it was given in one.
    pub given_region: Option<String>,
}

/// What somebody sees before they ask.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepared {
    /// The request of the same thing that waits already.
    pub open: Option<AccessRequest>,
    /// Whether they may do it already, without end.
    pub held: bool,
}

/// One thing that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// The role, if it is one.
    pub role: Option<RoleRef>,
    /// What is held beside it.
    pub permissions: Permissions,
    /// The slug of the region; none for all.
    pub region: Option<String>,
    /// The organization's name; none for the whole workspace.
    pub organization: Option<String>,
    /// When it ends.
    #[serde(with = "time::serde::timestamp::option")]
    pub until: Option<OffsetDateTime>,
}

/// The APIs that what is given would be for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Apis {
    /// All current and future ones.
    All,
    /// Those that the person was given before: so many.
    Same(u32),
    /// Only those that the person reaches by a grant, a group or a Customer ID.
    Reached,
}

/// What an approver sees before they decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// The request.
    pub request: AccessRequest,
    /// What kind of user asks.
    pub category: Category,
    /// Whether the person may do it already, for as long as they ask.
    pub held: bool,
    /// What they hold.
    pub holds: Vec<Holding>,
    /// What they would gain.
    pub preview: Preview,
    /// The APIs that it would be for.
    pub apis: Apis,
    /// The organizations of an organization user, of which it is given for one: id and name.
    pub organizations: Vec<(Uuid, String)>,
    /// Whether the feature and the region are still there.
    pub there: bool,
    /// Whether the reader holds what is asked for, and so may give it.
    pub gives: bool,
    /// Whether it is the reader's own request, which others decide.
    pub yours: bool,
    /// Today in UTC, as `2026-11-21`.
    pub today: String,
}

/// What is said of a request, and where to go on.
pub fn outcome(to: &str, deed: Deed, name: String) -> Outcome {
    Outcome::to(to, Notice::Done { thing: Thing::Request, deed, name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pitfall_25_what_is_no_right_cannot_be_asked_for() {
        assert!(Asked::read("view", "team", "").is_some_and(|asked| asked.region.is_none()));
        assert_eq!(Asked::read("manage", "team", ""), None);
        assert_eq!(Asked::read("", "team", ""), None);
        assert_eq!(Asked::read("view", "te\0am", ""), None);
        assert_eq!(Asked::read("view", "team", "e\nu"), None);
    }

    #[test]
    fn what_was_given_is_judged_when_it_is_read() {
        assert_eq!(Status::read("open", false, false), Status::Open);
        assert_eq!(Status::read("approved", true, false), Status::Approved);
        assert_eq!(Status::read("approved", true, true), Status::Ended);
        assert_eq!(Status::read("approved", false, false), Status::TakenAway);
        assert_eq!(Status::read("denied", false, false), Status::Denied);
    }
}
