//! The form of one assignment.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::AssignmentRow;
use crate::{
    access::{Category, FeatureFacts},
    roles::model::RoleChoice,
    workspaces::model::Plan,
};

/// What the form sends for all regions; no region's slug can be so.
pub const EVERYWHERE: &str = "*";

/// What is sent to give or change one assignment. What is hidden is not sent, and stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssignForm {
    /// Whose.
    pub user: Uuid,
    /// The assignment's id; empty for a new one.
    #[serde(default)]
    pub id: String,
    /// The role's key; empty where only permissions are given.
    #[serde(default)]
    pub role: String,
    /// The slugs of the areas that are ticked.
    #[serde(default)]
    pub areas: Vec<String>,
    /// `all` or `chosen`; empty where there is nothing to choose.
    #[serde(default)]
    pub scope: String,
    /// The slugs of the APIs that are ticked.
    #[serde(default)]
    pub apis: Vec<String>,
    /// A region's slug, or `EVERYWHERE`; empty where there is nothing to choose.
    #[serde(default)]
    pub region: String,
    /// An organization's name or slug; empty for the whole workspace.
    #[serde(default)]
    pub organization: String,
    /// The last day; empty without end.
    #[serde(default)]
    pub until: String,
    /// What the form showed at first, as JSON: what has not been touched is not sent back over what others changed meanwhile.
    #[serde(default)]
    pub was: String,
    /// Only shows what would change, and saves nothing.
    #[serde(default)]
    pub show: bool,
}

/// The parts of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    pub role: String,
    pub areas: BTreeSet<String>,
    pub scope: String,
    pub apis: BTreeSet<String>,
    pub region: String,
    pub organization: String,
    pub until: String,
}

impl AssignForm {
    /// Its parts.
    pub fn shown(&self) -> Shown {
        Shown {
            role: self.role.clone(),
            areas: self.areas.iter().cloned().collect(),
            scope: self.scope.clone(),
            apis: self.apis.iter().cloned().collect(),
            region: self.region.clone(),
            organization: self.organization.trim().to_owned(),
            until: self.until.trim().to_owned(),
        }
    }
}

/// What the form offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RightsChoices {
    /// Whose rights, by name.
    pub full_name: String,
    /// What kind of user.
    pub category: Category,
    /// The assignment as it is, unless it is new.
    pub row: Option<AssignmentRow>,
    /// What the form shows first.
    pub form: AssignForm,
    /// The roles of the category that the reader may give.
    pub roles: Vec<RoleChoice>,
    /// The areas and what each offers, the built-in ones first.
    pub areas: Vec<FeatureFacts>,
    /// Slug and name of each API, and whether the reader holds it.
    pub apis: Vec<(String, String, bool)>,
    /// Names of organizations, for suggestions.
    pub organizations: Vec<String>,
    /// The plan at this instant.
    pub plan: Plan,
}

/// What is sent to take an assignment away.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeForm {
    /// Whose.
    pub user: Uuid,
    /// Which.
    pub id: Uuid,
}
