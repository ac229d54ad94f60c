//! What an organization and its users are.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    access::RoleRef,
    accounts::model::{check_address, check_name},
    error::{AppError, Problem, Problems},
    people::model::State,
    slug::check_slug,
};

/// The orders that the list offers, as the address names them; the list's own first.
pub const ORDERS: [&str; 2] = ["name", "-created"];

/// Users of one organization are counted up to here; what has more says so.
pub const MOST_COUNTED: i64 = 10_000;

/// How many users the refusal to delete an organization names.
pub const MOST_NAMED: usize = 5;

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organization {
    /// Its id.
    pub id: Uuid,
    /// Its name in questions, which never changes.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// How many users hold a role in it, up to one more than `MOST_COUNTED`.
    pub users: i64,
    /// When it was made.
    #[serde(with = "time::serde::timestamp")]
    pub created_at: OffsetDateTime,
}

/// A user, as one organization sees them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationUser {
    /// The user's id.
    pub id: Uuid,
    /// Full name.
    pub full_name: String,
    /// Address.
    pub email: String,
    /// The roles held in this organization, each once.
    pub roles: Vec<RoleRef>,
    /// Whether they belong to other organizations too.
    pub elsewhere: bool,
    /// Enabled or disabled.
    pub state: State,
    /// Whether there is a password to sign in with.
    pub has_password: bool,
}

impl OrganizationUser {
    /// Whether the account waits for its person: it may sign in, and nobody has chosen a password for it.
    pub fn is_pending(&self) -> bool {
        !self.has_password && self.state == State::Enabled
    }
}

/// A user with everything that the form to edit them shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Belonging {
    /// The user.
    pub user: OrganizationUser,
    /// What they hold in the organizations that the reader may see.
    pub belongs: Vec<Belongs>,
    /// Why the reader cannot change them; none where they can.
    pub locked: Option<Lock>,
}

/// A role that a user holds in an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Belongs {
    /// The organization.
    pub organization: Named,
    /// The role.
    pub role: RoleRef,
    /// The slug of the region that it is for; none for all.
    pub region: Option<String>,
    /// Whether it has ended, so that it confers nothing.
    pub ended: bool,
}

/// Who keeps an organization from being deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dependents {
    /// The first of them.
    pub names: Vec<String>,
    /// How many more there are, up to `MOST_COUNTED`.
    pub more: i64,
}

/// Why somebody cannot be changed by the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lock {
    /// The reader's role does not permit it.
    ViewOnly,
    /// It is the reader.
    Yourself,
    /// They hold more than the reader, or belong to an organization that is not the reader's.
    AboveYou,
}

/// An organization by its id and names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Its id.
    pub id: Uuid,
    /// Its name in questions.
    pub slug: String,
    /// Its name for people.
    pub name: String,
}

/// What "New organization" sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewForm {
    /// Its name.
    pub name: String,
    /// Its name in questions; nothing for one made from the name.
    #[serde(default)]
    pub slug: String,
}

/// What "Rename" sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenameForm {
    /// Which one.
    pub id: Uuid,
    /// Its new name.
    #[serde(default)]
    pub name: String,
}

/// What Add User and Edit send (seed 001: the user's details, then organizations and a role for them). Only Developers hold several
/// organizations, so one role is the role in each.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserForm {
    /// Whom it is about; nobody yet where a user is added.
    #[serde(default)]
    pub id: Uuid,
    /// The organization whose page it is on.
    #[serde(default)]
    pub page_of: Uuid,
    /// Full name.
    #[serde(default)]
    pub full_name: String,
    /// Address; fixed once the account is made.
    #[serde(default)]
    pub email: String,
    /// The role: a built-in one's slug, or a custom one's id. Nothing, in an edit, to leave roles as they are.
    #[serde(default)]
    pub role: String,
    /// Ids of organizations.
    #[serde(default)]
    pub organizations: Vec<String>,
    /// Names or slugs of organizations, parted by `;`.
    #[serde(default)]
    pub more: String,
    /// The slug of the state; a new user is enabled.
    #[serde(default)]
    pub state: String,
    /// Notify User, where one is added: whether the activation mail is sent (seed 001).
    #[serde(default)]
    pub notify: bool,
}

/// The checked form of a user, its organizations aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    /// Full name.
    pub full_name: String,
    /// Address as typed, shape checked; empty in an edit.
    pub email: String,
    /// The role in each organization; none to leave roles as they are.
    pub role: Option<Uuid>,
    /// Enabled or disabled.
    pub state: State,
}

impl UserForm {
    /// Checks every field and reports all mistakes at once.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self, new: bool) -> Result<Details, AppError> {
        let mut problems = Problems::default();
        let full_name = problems.take("full_name", check_name(&self.full_name));
        let email = if new { check_address(&self.email).map(str::to_owned) } else { Ok(String::new()) };
        let email = problems.take("email", email);
        let role = match self.role.as_str() {
            "" if !new => Ok(None),
            key => RoleRef::read_key(key).map(Some).ok_or(Problem::Choice),
        };
        let role = problems.take("role", role);
        let state = if new { Ok(State::Enabled) } else { self.state.parse().map_err(|()| Problem::Choice) };
        let state = problems.take("state", state);
        if self.organizations.is_empty() && self.more.split(';').all(|part| part.trim().is_empty()) {
            problems.take::<()>("more", Err(Problem::NoOrganization));
        }
        match (full_name, email, role, state, problems.error()) {
            (Some(full_name), Some(email), Some(role), Some(state), None) => {
                Ok(Details { full_name, email, role, state })
            }
            (.., error) => Err(error.unwrap_or(AppError::Transport)),
        }
    }
}

impl NewForm {
    /// The name, and the slug as typed or made from it.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self) -> Result<(String, String), AppError> {
        let mut problems = Problems::default();
        let name = problems.take("name", check_name(&self.name));
        let slug = problems.take("slug", check_slug(&self.slug, &self.name));
        match (name, slug, problems.error()) {
            (Some(name), Some(slug), None) => Ok((name, slug)),
            (.., error) => Err(error.unwrap_or(AppError::Transport)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_organization_has_a_name_and_a_slug() {
        let form = |name: &str, slug: &str| NewForm { name: name.into(), slug: slug.into() }.check();
        assert_eq!(form("Hansa", ""), Ok(("Hansa".into(), "hansa".into())));
        assert_eq!(form("陳大文", ""), Err(AppError::field("slug", Problem::Slug)));
        assert_eq!(form("Hansa", "Hansa"), Err(AppError::field("slug", Problem::Slug)));
        assert_eq!(form("", ""), Err(AppError::field("name", Problem::Missing)));
    }

    /// Seed 001: "You must assign the user to at least one organization before you can save the user details."
    #[test]
    fn seed_001_at_least_one_organization() {
        let form = UserForm {
            full_name: "Lars".into(),
            email: "lars@hansa.test".into(),
            role: "developer".into(),
            more: " ; ".into(),
            ..UserForm::default()
        };
        assert_eq!(form.check(true), Err(AppError::field("more", Problem::NoOrganization)));
        assert!(UserForm { more: "hansa".into(), ..form }.check(true).is_ok());
    }
}
