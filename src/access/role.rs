//! The built-in roles for teammates.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Action, Feature};

/// A named set of permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Holds everything, and alone changes other owners.
    Owner,
    /// Full permissions to manage all account data, settings and teammates (seed 003).
    Administrator,
    /// Limited access to the areas given to them; nothing until something is given (seed 000).
    Member,
    /// View-only access to all features (seed 003).
    Visitor,
}

impl Role {
    /// Every role, the most powerful first.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Administrator, Self::Member, Self::Visitor];

    /// The name in the database and in forms.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Administrator => "administrator",
            Self::Member => "member",
            Self::Visitor => "visitor",
        }
    }

    /// Whether the role permits the action on the feature.
    pub fn permits(self, action: Action, _feature: Feature) -> bool {
        match self {
            Self::Owner | Self::Administrator => true,
            Self::Visitor => action == Action::View,
            Self::Member => false,
        }
    }

    /// Whether everything that `other` permits is permitted by this role too.
    pub fn covers(self, other: Self) -> bool {
        Feature::ALL.iter().all(|&feature| {
            Action::ALL.iter().all(|&action| !other.permits(action, feature) || self.permits(action, feature))
        })
    }
}

impl FromStr for Role {
    type Err = ();

    fn from_str(slug: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|role| role.slug() == slug).ok_or(())
    }
}
