//! What Billing shows.

use serde::{Deserialize, Serialize};

use crate::workspaces::model::Plan;

/// A workspace's plan and its seats. Organization users and customers take none (DESIGN.md section 1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Billing {
    /// The plan.
    pub plan: Plan,
    /// How many teammates there is room for.
    pub seats: i32,
    /// Teammates that can sign in.
    pub active: i64,
    /// Invitations of teammates that can be accepted.
    pub pending: i64,
    /// Teammates who wait to be let in.
    pub waiting: i64,
}

impl Billing {
    /// How many seats are taken.
    pub fn taken(&self) -> i64 {
        self.active + self.pending + self.waiting
    }
}
