//! What the console shows of roles.

use serde::{Deserialize, Serialize};

use crate::access::RoleRef;

/// A role that the reader may give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleChoice {
    /// The role.
    pub role: RoleRef,
    /// How many actions on how many features it permits: what is told of a custom role.
    pub permits: (u32, u32),
}
