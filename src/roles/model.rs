//! What a role is made of, what the console shows of it, and the rules of its forms.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    access::{Action, Actions, Category, Feature, Permissions, RoleRef, Template},
    accounts::model::check_name,
    error::{AppError, Problem, Problems},
};

/// Up to how many holders of a role are counted; more are told as more.
pub const MOST_COUNTED: u32 = 10_000;

/// How many of its holders a role names.
pub const MOST_NAMED: usize = 3;

/// How long a role's name may be, in characters.
const LONGEST_NAME: usize = 80;

/// A role that the reader may give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleChoice {
    /// The role.
    pub role: RoleRef,
    /// How many actions on how many features it permits: what is told of a custom role.
    pub permits: (u32, u32),
}

/// A feature, as a row of the matrix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureLine {
    /// Its name in questions and forms.
    pub slug: String,
    /// Its name, where it is the workspace's own; the built-in ones are named by the text catalogue.
    pub name: String,
    /// What it is and who enforces it, where it is the workspace's own.
    pub purpose: String,
    /// What can be done with it.
    pub offered: Actions,
}

impl FeatureLine {
    /// The built-in feature that it is, if it is one.
    pub fn built_in(&self) -> Option<Feature> {
        self.slug.parse().ok()
    }
}

/// A role with what it permits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleLine {
    /// The role.
    pub role: RoleRef,
    /// Whose it can be.
    pub category: Category,
    /// What it permits, of what the features offer.
    pub permits: Permissions,
    /// How many users hold it: at most one more than `MOST_COUNTED`.
    pub holders: u32,
}

impl RoleLine {
    /// What it permits on a feature.
    pub fn permits(&self, feature: &str) -> Actions {
        self.permits.get(feature).copied().unwrap_or_default()
    }
}

/// Every role, and every feature that they permit something on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleTable {
    /// The built-in features first.
    pub features: Vec<FeatureLine>,
    /// The built-in roles first, of each category in turn.
    pub roles: Vec<RoleLine>,
}

impl RoleTable {
    /// The roles of these keys (`RoleRef::key`), in the order of the table; what is unknown is left out.
    #[must_use]
    pub fn chosen(&self, keys: &[String]) -> Vec<&RoleLine> {
        self.roles.iter().filter(|line| keys.contains(&line.role.key())).collect()
    }
}

/// One role, with all that its page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// The role and what it permits.
    pub line: RoleLine,
    /// Every feature.
    pub features: Vec<FeatureLine>,
    /// The template it was made from.
    pub template: Option<Template>,
    /// What the reader holds everywhere and without end: only that is theirs to give or to take.
    pub held: Permissions,
    /// The names of the first who hold it.
    pub holders: Vec<String>,
    /// How many invitations that may still be accepted or resent name it: at most one more than `MOST_COUNTED`.
    pub invitations: u32,
    /// Whether the reader holds all of it.
    pub yours: bool,
    /// The roles that its holders can be moved to by the reader.
    pub successors: Vec<RoleRef>,
}

impl Role {
    /// Whether anybody holds it, or is invited to it.
    pub fn in_use(&self) -> bool {
        self.line.holders > 0 || self.invitations > 0
    }
}

/// What a new role begins with, as the address says it. All may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// A template's slug.
    #[serde(default)]
    pub template: String,
    /// The key of a role to copy.
    #[serde(default)]
    pub copy: String,
    /// A category's slug.
    #[serde(default)]
    pub category: String,
}

/// A role that is not made yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Where it begins.
    pub from: Option<DraftOf>,
    /// Whose it can be.
    pub category: Category,
    /// Every feature.
    pub features: Vec<FeatureLine>,
    /// What it begins with: of the template or the copied role, what the reader holds.
    pub permits: Permissions,
    /// Whether something was left out because the reader does not hold it.
    pub left_out: bool,
    /// What the reader holds everywhere and without end.
    pub held: Permissions,
}

/// What a new role is made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DraftOf {
    /// A template.
    Template(Template),
    /// Another role.
    Role(RoleRef),
}

/// What the form of a new role sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewRoleForm {
    /// Its name.
    pub name: String,
    /// A category's slug.
    pub category: String,
    /// The slug of the template it is made from; may be empty.
    #[serde(default)]
    pub template: String,
    /// The ticked cells, as `feature:action`.
    #[serde(default)]
    pub permissions: Vec<String>,
}

/// The checked form of a new role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRole {
    /// Its name.
    pub name: String,
    /// Whose it can be.
    pub category: Category,
    /// The template it is made from.
    pub template: Option<Template>,
    /// What it permits.
    pub permissions: Permissions,
}

impl NewRoleForm {
    /// Checks every field and reports all mistakes at once.
    pub fn check(&self) -> Result<NewRole, AppError> {
        let mut problems = Problems::default();
        let name = problems.take("name", check_role_name(&self.name));
        let category = problems.take("category", self.category.parse().map_err(|()| Problem::Choice));
        let permissions = problems.take("permissions", read_cells(&self.permissions));
        match (name, category, permissions, problems.error()) {
            (Some(name), Some(category), Some(permissions), None) => {
                Ok(NewRole { name, category, template: self.template.parse().ok(), permissions })
            }
            (.., error) => Err(error.unwrap_or(AppError::Transport)),
        }
    }
}

/// What the form of a role sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleForm {
    /// Which one.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The ticked cells, as `feature:action`.
    #[serde(default)]
    pub permissions: Vec<String>,
    /// Not to be saved: the page is to show who gains and who loses.
    #[serde(default)]
    pub preview: bool,
}

impl RoleForm {
    /// Checks every field and reports all mistakes at once.
    pub fn check(&self) -> Result<(String, Permissions), AppError> {
        let mut problems = Problems::default();
        let name = problems.take("name", check_role_name(&self.name));
        let permissions = problems.take("permissions", read_cells(&self.permissions));
        match (name, permissions, problems.error()) {
            (Some(name), Some(permissions), None) => Ok((name, permissions)),
            (.., error) => Err(error.unwrap_or(AppError::Transport)),
        }
    }
}

/// What the dialog that deletes a role sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteRoleForm {
    /// Which one.
    pub id: Uuid,
    /// The key of the role that everybody is moved to; empty where nobody is.
    #[serde(default)]
    pub to: String,
    /// Not to be deleted: the page is to show who gains and who loses.
    #[serde(default)]
    pub preview: bool,
}

/// A role's name: 1 to 80 characters.
fn check_role_name(typed: &str) -> Result<String, Problem> {
    let name = check_name(typed)?;
    if name.chars().count() > LONGEST_NAME { Err(Problem::TooLong) } else { Ok(name) }
}

/// The ticked cells of a matrix, as it sends them (`feature:action`).
///
/// # Errors
/// `Choice` where one is no cell.
pub fn read_cells(cells: &[String]) -> Result<Permissions, Problem> {
    let mut permissions = Permissions::new();
    for cell in cells {
        let (feature, action) = cell.rsplit_once(':').ok_or(Problem::Choice)?;
        let action: Action = action.parse().map_err(|()| Problem::Choice)?;
        let actions = permissions.entry(feature.to_owned()).or_default();
        *actions = actions.with(Actions::of(&[action]));
    }
    Ok(permissions)
}

/// What is in one of two sets of permissions and not in the other: what a change gives or takes.
#[must_use]
pub fn changed(before: &Permissions, after: &Permissions) -> Permissions {
    let of = |permissions: &Permissions, slug: &str| permissions.get(slug).copied().unwrap_or_default();
    let slugs = before.keys().chain(after.keys());
    let differing = slugs.map(|slug| {
        let (was, is) = (of(before, slug), of(after, slug));
        (slug.clone(), was.without(is).with(is.without(was)))
    });
    differing.filter(|(_, actions)| !actions.is_empty()).collect()
}

/// The rows that a comparison begins with: seed 003's "Permission Matrix Example".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glance {
    /// Create API Keys.
    CreateApiKeys,
    /// View Analytics.
    ViewAnalytics,
    /// Download Reports.
    DownloadReports,
    /// Manage Billing: to change whatever is there.
    ManageBilling,
    /// Invite Teammates.
    InviteTeammates,
}

impl Glance {
    /// Every row, in the seed's order.
    pub const ALL: [Self; 5] =
        [Self::CreateApiKeys, Self::ViewAnalytics, Self::DownloadReports, Self::ManageBilling, Self::InviteTeammates];

    /// What it needs: all of these actions on the feature.
    pub const fn needs(self) -> (Feature, Actions) {
        match self {
            Self::CreateApiKeys => (Feature::ApiKeys, Actions::of(&[Action::Create])),
            Self::ViewAnalytics => (Feature::Analytics, Actions::of(&[Action::View])),
            Self::DownloadReports => (Feature::Analytics, Actions::of(&[Action::Download])),
            Self::ManageBilling => {
                (Feature::Billing, Actions::of(&[Action::View, Action::Create, Action::Update, Action::Delete]))
            }
            Self::InviteTeammates => (Feature::Team, Actions::of(&[Action::Create])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(cells: &[&str]) -> Result<Permissions, Problem> {
        read_cells(&cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn cells_are_read_as_the_matrix_sends_them() {
        let read = cells(&["billing:view", "billing:download", "team:view", "billing:view"]).unwrap();
        assert_eq!(read["billing"], Actions::of(&[Action::View, Action::Download]));
        assert_eq!(read["team"], Actions::of(&[Action::View]));
        assert_eq!(cells(&[]), Ok(Permissions::new()));
        for wrong in ["billing", "billing:", "billing:manage", ""] {
            assert_eq!(cells(&[wrong]), Err(Problem::Choice), "{wrong}");
        }
    }

    #[test]
    fn a_change_is_what_is_added_or_taken() {
        let before = cells(&["team:view", "billing:view", "billing:update"]).unwrap();
        let after = cells(&["team:view", "billing:view", "billing:delete", "audit:view"]).unwrap();
        let expected = cells(&["billing:update", "billing:delete", "audit:view"]).unwrap();
        assert_eq!(changed(&before, &after), expected);
        assert_eq!(changed(&after, &before), expected);
        assert_eq!(changed(&before, &before), Permissions::new());
    }

    #[test]
    fn a_name_has_1_to_80_characters() {
        assert_eq!(check_role_name("  Port \n operators "), Ok("Port operators".to_owned()));
        assert_eq!(check_role_name(" "), Err(Problem::Missing));
        assert!(check_role_name(&"ø".repeat(80)).is_ok());
        assert_eq!(check_role_name(&"ø".repeat(81)), Err(Problem::TooLong));
        assert_eq!(check_role_name("a\u{7}b"), Err(Problem::Forbidden));
    }

    #[test]
    fn all_mistakes_of_a_new_role_are_reported_at_once() {
        let form = NewRoleForm { category: "king".into(), permissions: vec!["x".into()], ..NewRoleForm::default() };
        let error = form.check().unwrap_err();
        assert_eq!(error.problem("name"), Some(Problem::Missing));
        assert_eq!(error.problem("category"), Some(Problem::Choice));
        assert_eq!(error.problem("permissions"), Some(Problem::Choice));
    }
}
