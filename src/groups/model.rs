//! What a group is.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::access::Category;

/// The orders that the list offers, as the address names them; the list's own first.
pub const ORDERS: [&str; 2] = ["name", "-created"];

/// A group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// How many users and customers are in it.
    pub members: i64,
    /// How many APIs it gives that the reader sees; what has ended counts for nothing.
    pub apis: i64,
    /// When it was made.
    #[serde(with = "time::serde::timestamp")]
    pub created_at: OffsetDateTime,
}

/// What the page of a group shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tab {
    /// Group Members.
    #[default]
    Members,
    /// API Access.
    Apis,
}

impl Tab {
    /// The name in addresses.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Members => "members",
            Self::Apis => "apis",
        }
    }

    /// The tab of this name in an address; the first where it names none.
    pub fn read(slug: &str) -> Self {
        if slug == Self::Apis.slug() { Self::Apis } else { Self::Members }
    }
}

/// Somebody in a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The user's id.
    pub id: Uuid,
    /// Full name.
    pub full_name: String,
    /// Address.
    pub email: String,
    /// What kind of user.
    pub kind: Category,
    /// When they came into the group.
    #[serde(with = "time::serde::timestamp")]
    pub added_at: OffsetDateTime,
}

/// An API that a group gives its members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupApi {
    /// The grant's id.
    pub grant: Uuid,
    /// The API's id.
    pub id: Uuid,
    /// The API's name.
    pub name: String,
    /// The API's name in questions.
    pub slug: String,
    /// Who gave it.
    pub given_by_name: String,
    /// When it ends, if it does.
    #[serde(with = "time::serde::timestamp::option")]
    pub until: Option<OffsetDateTime>,
    /// Whether it has ended, by the database's clock.
    pub ended: bool,
}

/// What New Group, its name and its members' drawer send.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupForm {
    /// Which one; none for a new one.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// Its name; of a new one, or for another.
    #[serde(default)]
    pub name: String,
    /// The ids of users and customers who come into it.
    #[serde(default)]
    pub people: Vec<String>,
    /// Further ones by address or name, parted by `;`.
    #[serde(default)]
    pub people_text: String,
}

/// What assigning APIs to a group sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupApisForm {
    /// To which group.
    pub id: Uuid,
    /// The ids of APIs.
    #[serde(default)]
    pub apis: Vec<String>,
    /// Further ones by slug or name, parted by `;`.
    #[serde(default)]
    pub apis_text: String,
    /// The last day, as `2026-11-21`; empty for no end.
    #[serde(default)]
    pub until: String,
}

/// One member of a group, chosen to go.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberForm {
    /// Out of which group.
    pub id: Uuid,
    /// The user's id.
    pub member: Uuid,
}

/// A change of a group that is not saved yet, to be previewed: the first part of it that is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupChange {
    /// Which group.
    pub id: Uuid,
    /// Users who would come into it.
    #[serde(default)]
    pub add_members: Vec<Uuid>,
    /// A user who would leave it.
    #[serde(default)]
    pub remove_member: Option<Uuid>,
    /// APIs that would be assigned to it.
    #[serde(default)]
    pub add_apis: Vec<Uuid>,
    /// An API that would be taken from it.
    #[serde(default)]
    pub remove_api: Option<Uuid>,
    /// Whether it would be deleted.
    #[serde(default)]
    pub delete: bool,
}
