//! What users hold, as pages show and change it; and who gains and who loses by a change that is not saved yet.

mod assign;
mod day;
mod held;
mod parts;
mod sight;
mod why;

pub use assign::{AssignForm, EVERYWHERE, RightsChoices, Shown, TakeForm};
pub use day::{day_of, end_of, last_day, read_day};
pub use held::{AllApis, AssignmentRow, Because, OnlyManager, Reached, ReachedApi, UserRights, concerns_apis};
pub use parts::{Change, Parts};
pub use sight::Sight;
pub use why::{Answer, ReachWords, Step, WayRow, WhyQuery};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::access::{self, Changed};

/// How many people a preview looks at; what concerns more says so.
pub const MOST_PREVIEWED: usize = 1_000;

/// How many people a preview names on each side.
pub const MOST_NAMED: usize = 8;

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

/// Who gains and who loses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// How many people were looked at.
    pub looked_at: u32,
    /// Whether there are more, who were not.
    pub more: bool,
    /// How many gain something.
    pub gain: u32,
    /// How many lose something.
    pub lose: u32,
    /// Each right that somebody gains (true) or loses, and how many do; what concerns most people first.
    pub sums: Vec<(bool, access::Change, u32)>,
    /// The first of those who gain or lose something.
    pub people: Vec<PersonChange>,
}

/// What one person gains and loses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonChange {
    /// Who.
    pub id: Uuid,
    /// Full name.
    pub full_name: String,
    /// What.
    pub changed: Changed,
}

impl Preview {
    /// Counts one more person.
    pub fn count(&mut self, id: Uuid, full_name: &str, changed: Changed) {
        self.looked_at += 1;
        let (gains, loses) = (!changed.gained.is_empty(), !changed.lost.is_empty());
        self.gain += u32::from(gains);
        self.lose += u32::from(loses);
        let told =
            changed.gained.iter().map(|change| (true, change)).chain(changed.lost.iter().map(|change| (false, change)));
        for (gained, change) in told {
            match self.sums.iter_mut().find(|(side, known, _)| *side == gained && known == change) {
                Some((.., n)) => *n += 1,
                None => self.sums.push((gained, change.clone(), 1)),
            }
        }
        let named = |side: fn(&PersonChange) -> bool| self.people.iter().filter(|it| side(it)).count() < MOST_NAMED;
        if (gains && named(|it| !it.changed.gained.is_empty())) || (loses && named(|it| !it.changed.lost.is_empty())) {
            self.people.push(PersonChange { id, full_name: full_name.to_owned(), changed });
        }
    }

    /// Puts what concerns most people first.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.sums.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.1.cmp(&b.1)));
        self
    }
}
