//! What users hold, as pages show and change it; and who gains and who loses by a change that is not saved yet.

mod assign;
mod day;
mod held;
mod parts;
mod preview;
mod sight;
mod why;

pub use assign::{AssignForm, EVERYWHERE, RightsChoices, Shown, TakeForm};
pub use day::{day_of, end_of, last_day, read_day, read_end, whole_last_day};
pub use held::{AllApis, AssignmentRow, Because, OnlyManager, Reached, ReachedApi, UserRights};
pub use parts::{Change, Parts};
pub use preview::{Count, MOST_NAMED, MOST_PREVIEWED, PersonChange, Preview};
pub use sight::Sight;
pub use why::{Answer, ReachWords, Step, WayRow, WhyQuery};

use uuid::Uuid;

/// Those whom a change leads to an API: each of them, and whoever is in a group or has a Customer ID.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Takers {
    /// Users and customers.
    pub users: Vec<Uuid>,
    /// Groups.
    pub groups: Vec<Uuid>,
    /// Customer IDs.
    pub customer_ids: Vec<String>,
}
