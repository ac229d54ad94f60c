//! What an invitation is and how it moves (DESIGN.md section 3).

mod detail;
mod drawer;
mod history;
mod offer;
pub mod paste;
mod status;

pub use detail::{Detail, MOST_CHOSEN, May, Promise, ReviewForm, SeveralForm, Step, Verdict, Waiting, steps};
pub use drawer::{
    ActivateForm, BLOCKS, Block, BlockNames, InviteChoices, InviteForm, Judged, MOST_BLOCKS, ResendForm, Validity,
};
pub use history::{Line, What, status_of};
pub use offer::{GonePart, Kept, Offer};
pub use status::{Event, Next, Status};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    access::{Category, RoleRef},
    accounts::model::{check_mobile, check_name, check_password},
    error::{AppError, Problem, Problems},
    mail::model::Delivery,
};

/// The orders that the list offers, as the address names them; the list's own first.
pub const ORDERS: [&str; 3] = ["-invited", "email", "valid"];

/// One line of the list of invitations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Its id.
    pub id: Uuid,
    /// The address invited.
    pub email: String,
    /// What the inviter knows of the name; may be empty.
    pub full_name: String,
    /// What kind of user it makes.
    pub category: Category,
    /// The name of the organization that it is for.
    pub organization: Option<String>,
    /// A customer's Customer ID.
    pub customer_id: Option<String>,
    /// The role offered.
    pub role: RoleRef,
    /// Where it stands, by the database's clock.
    pub status: Status,
    /// Whether the invitee was told: unticked "Notify User" leaves it until it is sent (seed 001).
    pub notified: bool,
    /// When it was made.
    #[serde(with = "time::serde::timestamp")]
    pub invited_at: OffsetDateTime,
    /// Until when its link works. Of one that nobody was told of this says nothing: it has no link yet.
    #[serde(with = "time::serde::timestamp")]
    pub valid_until: OffsetDateTime,
    /// Who invited; the name stays when the person goes.
    pub inviter_name: String,
    /// How far its newest mail has come; none where none was written.
    pub delivery: Option<Delivery>,
    /// What the reader may do with it now.
    pub may: May,
}

/// What the invitee is shown before they decide: who invites them to what, as what, until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// The address, fixed by the invitation.
    pub email: String,
    /// What the inviter knows of the name; may be empty.
    pub full_name: String,
    /// What kind of user it makes.
    pub category: Category,
    /// The inviter's own words; may be empty.
    pub message: String,
    /// The role offered.
    pub role: RoleRef,
    /// The name of the organization that it is for.
    pub organization: Option<String>,
    /// The names of the groups that come with it.
    pub groups: Vec<String>,
    /// Whether a mobile number is needed.
    pub mobile_required: bool,
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

/// What asking for a new link sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskForm {
    /// The token of the link that does not work.
    pub token: String,
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
    /// Checks every field and reports all mistakes at once. Whether a mobile number is needed, the workspace says.
    pub fn check(&self, mobile_required: bool) -> Result<Registration, AppError> {
        let mut problems = Problems::default();
        let full_name = problems.take("full_name", check_name(&self.full_name));
        let mobile = check_mobile(&self.mobile).and_then(|mobile| match mobile {
            None if mobile_required => Err(Problem::Missing),
            mobile => Ok(mobile),
        });
        let mobile = problems.take("mobile", mobile);
        check_password(&mut problems, &self.password, &self.again);
        match (full_name, mobile, problems.error()) {
            (Some(full_name), Some(mobile), None) => {
                Ok(Registration { full_name, mobile, password: self.password.clone() })
            }
            (_, _, error) => Err(error.unwrap_or(AppError::Transport)),
        }
    }
}
