//! Use cases of roles.

use super::model::RoleChoice;
use crate::{
    access::{Action, Category, Feature},
    platform::{context::Context, fault::Fault},
};

/// The roles of a category that the reader may give, everywhere.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub fn list_choices(cx: &Context, category: Category) -> Result<Vec<RoleChoice>, Fault> {
    let actor = cx.authorize(Action::View, Feature::Team)?;
    let snapshot = actor.snapshot();
    let given = snapshot.roles_of(category).filter(|role| actor.gives_role(category, role.id));
    Ok(given
        .map(|role| {
            let permitted = snapshot.feature_slugs().map(|slug| snapshot.role_permits(role.id, slug).len());
            let permits = permitted.filter(|count| *count > 0).fold((0, 0), |(all, of), count| (all + count, of + 1));
            RoleChoice { role, permits }
        })
        .collect())
}
