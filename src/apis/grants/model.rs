//! What API access is.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

/// Who has access to an API.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Teammates and users of organizations.
    #[default]
    Users,
    /// Customers.
    Customers,
    /// Groups.
    Groups,
}

impl Side {
    /// Every side, in the order the page lists them.
    pub const ALL: [Self; 3] = [Self::Users, Self::Customers, Self::Groups];

    /// The name in addresses.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Customers => "customers",
            Self::Groups => "groups",
        }
    }

    /// The side of this name in an address; the first where it names none.
    pub fn read(slug: &str) -> Self {
        Self::ALL.into_iter().find(|side| side.slug() == slug).unwrap_or_default()
    }
}

/// Somebody, or a group, with access to an API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// The grant's id; none for a customer whom the Customer ID alone lets in.
    pub id: Option<Uuid>,
    /// The user's or the group's id.
    pub whose: Uuid,
    /// Their name.
    pub name: String,
    /// What tells them from their namesakes: an address; of a group, nothing.
    pub hint: String,
    /// The Customer ID that matches, if one does.
    pub customer_id: Option<String>,
    /// Who gave it.
    pub given_by_name: String,
    /// When it ends, if it does.
    #[serde(with = "time::serde::timestamp::option")]
    pub until: Option<OffsetDateTime>,
    /// Whether it has ended, by the database's clock.
    pub ended: bool,
}

/// What Add Access sends from an API's page.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessForm {
    /// To which API.
    pub id: Uuid,
    /// The ids of users and customers.
    #[serde(default)]
    pub people: Vec<String>,
    /// Further ones by address or name, parted by `;`.
    #[serde(default)]
    pub people_text: String,
    /// The ids of groups.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Further ones by name, parted by `;`.
    #[serde(default)]
    pub groups_text: String,
    /// The last day, as `2026-11-21`; empty for no end.
    #[serde(default)]
    pub until: String,
    /// Where to go on: a local path.
    #[serde(default)]
    pub back: String,
}

/// Somebody or something that a search found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What tells it from its namesakes.
    pub hint: String,
}
