//! What a user is.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    access::RoleRef,
    accounts::model::{check_mobile, check_name},
    error::{AppError, Problem, Problems},
};

/// The orders that the list offers, as the address names them; the list's own first.
pub const ORDERS: [&str; 3] = ["name", "email", "-joined"];

/// The orders that the list of customers offers.
pub const CUSTOMER_ORDERS: [&str; 4] = ["name", "email", "customer", "-joined"];

/// Whether a user may sign in (seed 001: State, enabled or disabled).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// May sign in.
    Enabled,
    /// May not, until enabled again.
    Disabled,
}

impl State {
    /// Both states.
    pub const ALL: [Self; 2] = [Self::Enabled, Self::Disabled];

    /// The name in the database and in forms.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
        }
    }
}

impl FromStr for State {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|state| state.slug() == slug).ok_or(())
    }
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The user's id.
    pub id: Uuid,
    /// Full name.
    pub full_name: String,
    /// Address.
    pub email: String,
    /// The address at creation, which never changes (seed 001: the user name cannot be edited).
    pub user_name: String,
    /// Mobile number in E.164.
    pub mobile: Option<String>,
    /// A customer's Customer ID.
    pub customer_id: Option<String>,
    /// Whether there is a password to sign in with.
    pub has_password: bool,
    /// The roles held, each once.
    pub roles: Vec<RoleRef>,
    /// Enabled or disabled.
    pub state: State,
    /// When the account was made.
    #[serde(with = "time::serde::timestamp")]
    pub joined_at: OffsetDateTime,
    /// When the user last asked for something.
    #[serde(with = "time::serde::timestamp::option")]
    pub last_seen_at: Option<OffsetDateTime>,
    /// Whether they hold something that the reader does not, so that only somebody else may change them.
    pub above_you: bool,
}

impl User {
    /// Whether the account waits for its person: it may sign in, and nobody has chosen a password for it.
    pub fn is_pending(&self) -> bool {
        !self.has_password && self.state == State::Enabled
    }
}

/// What Users > Edit sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditForm {
    /// Whom it is about.
    pub id: Uuid,
    /// Full name.
    pub full_name: String,
    /// Mobile number, may be empty.
    #[serde(default)]
    pub mobile: String,
    /// The slug of the state.
    pub state: String,
}

/// The checked form of an edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edit {
    /// Full name.
    pub full_name: String,
    /// Mobile number in E.164.
    pub mobile: Option<String>,
    /// Enabled or disabled.
    pub state: State,
}

impl EditForm {
    /// Checks every field and reports all mistakes at once.
    pub fn check(&self) -> Result<Edit, AppError> {
        let mut problems = Problems::default();
        let full_name = problems.take("full_name", check_name(&self.full_name));
        let mobile = problems.take("mobile", check_mobile(&self.mobile));
        let state = problems.take("state", self.state.parse().map_err(|()| Problem::Choice));
        match (full_name, mobile, state, problems.error()) {
            (Some(full_name), Some(mobile), Some(state), None) => Ok(Edit { full_name, mobile, state }),
            (.., error) => Err(error.unwrap_or(AppError::Transport)),
        }
    }
}
