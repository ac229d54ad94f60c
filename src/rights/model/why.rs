//! "Why?": a question about one right, and its answer with names.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::access::{Action, Denial, RoleRef};

/// The question, as the address has it: slugs, and for the API its name too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WhyQuery {
    /// About whom.
    pub user: Uuid,
    /// The feature.
    #[serde(default)]
    pub feature: String,
    /// The action.
    #[serde(default)]
    pub action: String,
    /// The API; empty for none.
    #[serde(default)]
    pub api: String,
    /// The region; empty for all.
    #[serde(default)]
    pub region: String,
    /// The organization; empty for the whole workspace.
    #[serde(default)]
    pub organization: String,
}

impl WhyQuery {
    /// Whether anything is asked.
    pub fn asks(&self) -> bool {
        !self.feature.is_empty() && !self.action.is_empty()
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The slug of the feature.
    pub feature: String,
    /// The action.
    pub action: Action,
    /// The API's name, where one was named.
    pub api: Option<String>,
    /// The region's name, where one was named.
    pub region: Option<String>,
    /// The organization's name, where one was named.
    pub organization: Option<String>,
    /// What is missing; nothing where it is allowed.
    pub denial: Option<Denial>,
    /// Every way that was looked at, the one that decides first.
    pub ways: Vec<WayRow>,
    /// Where it is refused: the smallest sets of steps that would allow it.
    pub remedies: Vec<Vec<Step>>,
}

/// One assignment, and how far it leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WayRow {
    /// Its role, if it has one.
    pub role: Option<RoleRef>,
    /// Whether it is not the role that permits it, but what is given beside it.
    pub beside_role: bool,
    /// The region's name; none for all.
    pub region: Option<String>,
    /// The organization's name; none for the whole workspace.
    pub organization: Option<String>,
    /// When it ends, if it does.
    #[serde(with = "time::serde::timestamp::option")]
    pub until: Option<OffsetDateTime>,
    /// Whether it has ended.
    pub ended: bool,
    /// When it was given.
    #[serde(with = "time::serde::timestamp::option")]
    pub given_at: Option<OffsetDateTime>,
    /// By whom; empty for nobody in particular.
    pub given_by: String,
    /// The gate that is shut; none where it leads through.
    pub denial: Option<Denial>,
    /// How the API is reached.
    pub reach: Option<ReachWords>,
}

/// How an API is reached, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReachWords {
    /// It is in the assignment's scope.
    Scope,
    /// It is granted to the user.
    Granted,
    /// It is granted to this group.
    Group(String),
    /// It serves the customer's Customer ID.
    CustomerId,
}

/// One change that helps, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// The account is enabled.
    Enable,
    /// This one action is given, and nothing else.
    Permit { region: Option<String>, organization: Option<String> },
    /// A role is given.
    Assign { role: RoleRef, region: Option<String>, organization: Option<String> },
    /// The API is granted to the user.
    Grant,
    /// The user joins a group that carries the API.
    Join(String),
}
