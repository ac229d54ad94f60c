//! What access is decided from, as it stands in the database: plain data that a snapshot is made of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Actions, BuiltIn, Category};

/// Actions by the slug of the feature. What is not named is not permitted: an empty map permits nothing (PITFALLS.md 25).
pub type Permissions = BTreeMap<String, Actions>;

/// A workspace's features, roles, regions, organizations, APIs and groups.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceFacts {
    /// Grows with each change of rights in the workspace.
    pub version: i64,
    /// The workspace's own features; the built-in ones are known.
    pub features: Vec<FeatureFacts>,
    /// Its regions.
    pub regions: Vec<RegionFacts>,
    /// Its custom roles; the built-in ones are known.
    pub roles: Vec<RoleFacts>,
    /// Its organizations.
    pub organizations: Vec<OrganizationFacts>,
    /// Its APIs.
    pub apis: Vec<ApiFacts>,
    /// Its groups.
    pub groups: Vec<GroupFacts>,
}

/// A feature that the workspace's services enforce.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureFacts {
    /// Its name in questions.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// What can be done with it.
    pub actions: Actions,
}

/// A region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionFacts {
    /// Its name in questions.
    pub slug: String,
    /// Its name for people.
    pub name: String,
}

/// A custom role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleFacts {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Whose it can be.
    pub category: Category,
    /// What it permits.
    pub permissions: Permissions,
}

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationFacts {
    /// Its id.
    pub id: Uuid,
    /// Its name in questions.
    pub slug: String,
    /// Its name for people.
    pub name: String,
}

/// An API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiFacts {
    /// Its id.
    pub id: Uuid,
    /// Its name in questions.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// The Customer IDs it serves: a customer whose Customer ID is exactly one of them reaches it (seed 002).
    pub customer_ids: Vec<String>,
}

/// A group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupFacts {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The APIs that its members reach.
    pub grants: Vec<GrantFacts>,
}

/// A grant of one API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantFacts {
    /// The API.
    pub api: Uuid,
    /// When it ends, if it does.
    #[serde(with = "time::serde::timestamp::option")]
    pub until: Option<OffsetDateTime>,
}

/// A user, as far as rights go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectFacts {
    /// The user's id.
    pub id: Uuid,
    /// The address in its normal form.
    pub email_key: String,
    /// Whether the account is active.
    pub active: bool,
    /// What kind of user.
    pub category: Category,
    /// A customer's Customer ID.
    pub customer_id: Option<String>,
    /// What they hold.
    pub assignments: Vec<AssignmentFacts>,
    /// The groups they are in.
    pub groups: Vec<Uuid>,
    /// The APIs granted to them directly.
    pub grants: Vec<GrantFacts>,
}

/// A user × role × scope. It permits what its role permits and, beyond, what is given with it alone: the areas ticked for a
/// Member (seed 000), or what was granted on request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentFacts {
    /// Its id.
    pub id: Uuid,
    /// The role; none where only `permissions` are given.
    pub role: Option<Uuid>,
    /// What is given beyond the role.
    pub permissions: Permissions,
    /// The slug of the region it is for; none for all regions, present and future.
    pub region: Option<String>,
    /// The organization it is for; none for the whole workspace.
    pub organization: Option<Uuid>,
    /// The APIs it is for.
    pub apis: ApiScope,
    /// When it ends, if it does.
    #[serde(with = "time::serde::timestamp::option")]
    pub until: Option<OffsetDateTime>,
}

/// The APIs that an assignment is for. Others may still be reached by a grant, a group or a Customer ID.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ApiScope {
    /// All current and future APIs.
    All,
    /// These; none when empty.
    Chosen(Vec<Uuid>),
}

impl SubjectFacts {
    /// Who holds everything and is nobody: the command line.
    pub fn command_line() -> Self {
        Self {
            id: Uuid::nil(),
            email_key: String::new(),
            active: true,
            category: Category::Teammate,
            customer_id: None,
            assignments: vec![AssignmentFacts::everywhere(BuiltIn::Owner)],
            groups: Vec::new(),
            grants: Vec::new(),
        }
    }

    /// Somebody who is new: holds nothing, and nothing leads them anywhere.
    pub fn newcomer(category: Category) -> Self {
        Self { category, assignments: Vec::new(), ..Self::command_line() }
    }

    /// As much as their own browser needs at a moment (Unix seconds): what has not ended, and no single APIs.
    #[must_use]
    pub fn excerpt(&self, at: i64) -> Self {
        let lasting = self.assignments.iter().filter(|it| it.until.is_none_or(|until| until.unix_timestamp() > at));
        Self {
            assignments: lasting
                .map(|it| AssignmentFacts {
                    apis: match it.apis {
                        ApiScope::All => ApiScope::All,
                        ApiScope::Chosen(_) => ApiScope::Chosen(Vec::new()),
                    },
                    until: None,
                    ..it.clone()
                })
                .collect(),
            groups: Vec::new(),
            grants: Vec::new(),
            ..self.clone()
        }
    }
}

impl AssignmentFacts {
    /// A role everywhere and without end.
    pub fn everywhere(role: BuiltIn) -> Self {
        Self {
            id: Uuid::nil(),
            role: Some(role.id()),
            permissions: Permissions::new(),
            region: None,
            organization: None,
            apis: ApiScope::All,
            until: None,
        }
    }
}
