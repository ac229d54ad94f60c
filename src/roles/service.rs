//! Use cases of roles.

mod change;
mod read;

use sqlx::PgConnection;

pub use change::{check_role, create_role, delete_role, save_role};
pub use read::{choice, compare_csv, draft_role, find_role, list_choices, list_roles, preview_move, preview_role};

use super::{model::FeatureLine, store};
use crate::{
    access::{AccessSnapshot, AssignmentFacts, BuiltIn, Category, Permissions, RoleRef, SubjectFacts},
    platform::{
        context::{Actor, Context},
        fault::Fault,
    },
};

/// Every feature, the built-in ones first.
async fn list_features(
    cx: &Context,
    db: &mut PgConnection,
    snapshot: &AccessSnapshot,
) -> Result<Vec<FeatureLine>, Fault> {
    let mut purposes = store::list_purposes(db, cx.ws()).await?;
    let own = &snapshot.facts().features;
    let line = |slug: &str| FeatureLine {
        slug: slug.to_owned(),
        name: own.iter().find(|it| it.slug == slug).map(|it| it.name.clone()).unwrap_or_default(),
        purpose: purposes.remove(slug).unwrap_or_default(),
        offered: snapshot.offered(slug),
    };
    Ok(snapshot.feature_slugs().map(line).collect())
}

/// Of some permissions, those that the features offer.
fn offered(snapshot: &AccessSnapshot, permissions: &Permissions) -> Permissions {
    let within = permissions.iter().map(|(slug, actions)| (slug.clone(), actions.within(snapshot.offered(slug))));
    within.filter(|(_, actions)| !actions.is_empty()).collect()
}

/// What a role permits, of what the features offer.
fn permits(snapshot: &AccessSnapshot, role: &RoleRef) -> Permissions {
    let all = snapshot.feature_slugs().map(|slug| (slug.to_owned(), snapshot.role_permits(role.id, slug)));
    all.filter(|(_, actions)| !actions.is_empty()).collect()
}

/// The grant ceiling for what roles permit: whether the actor holds these everywhere and without end.
fn holds(actor: &Actor, permissions: Permissions) -> bool {
    // Permissions alone are of no category.
    let given = AssignmentFacts { role: None, permissions, ..AssignmentFacts::everywhere(BuiltIn::Member) };
    actor.gives(&SubjectFacts::newcomer(Category::Teammate), &given)
}

/// The roles that the holders of one can be moved to: those of its category that the actor may give. Owners are made one by
/// one: ownership is of everything, and a holder's scope may not be.
fn successors(actor: &Actor, category: Category, of: uuid::Uuid) -> Vec<RoleRef> {
    let fits = |role: &RoleRef| role.id != of && role.id != BuiltIn::Owner.id() && actor.gives_role(category, role.id);
    actor.snapshot().roles_of(category).filter(fits).collect()
}
