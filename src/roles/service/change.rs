//! Changing roles. What a role permits is given to all who hold it, so the grant ceiling is asked for every cell that is
//! added or taken (PITFALLS.md 11, 24).

use serde::Serialize;
use uuid::Uuid;

use super::{holds, offered, permits, successors};
use crate::{
    access::{Action, Category, Feature, Permissions, Question, RoleRef},
    audit,
    error::{AppError, Problem, Refusal},
    platform::{
        context::{Actor, Change, Context},
        fault::Fault,
    },
    roles::{
        model::{DeleteRoleForm, NewRole, NewRoleForm, RoleForm, changed},
        store,
    },
    ui::live::Topic,
};

/// A role as the audit log keeps it.
#[derive(Serialize)]
struct Recorded<'a> {
    name: &'a str,
    category: Category,
    permissions: &'a Permissions,
}

/// Makes a role.
///
/// # Errors
/// `Unauthorized` or `Denied`; `Invalid`: the name is taken, or a cell is above the actor.
pub async fn create_role(cx: &Context, form: NewRoleForm) -> Result<RoleRef, Fault> {
    cx.authorize(Action::Create, Feature::Team)?;
    let new = form.check()?;
    let (mut tx, actor) = cx.begin_change(Action::Create, Feature::Team).await?;
    let new = NewRole { permissions: offered(actor.snapshot(), &new.permissions), ..new };
    give(&actor, new.permissions.clone())?;
    let role = RoleRef { id: Uuid::now_v7(), name: new.name.clone() };
    store::insert(&mut tx, cx.ws(), role.id, &new).await?;
    let after = Recorded { name: &new.name, category: new.category, permissions: &new.permissions };
    let entry = audit::Entry { action: "role.create", kind: "role", id: role.id, label: &role.name };
    audit::record(&mut tx, cx, entry, None::<&()>, Some(&after)).await?;
    cx.announce(&mut tx, Topic::Roles, None).await?;
    tx.commit().await?;
    Ok(role)
}

/// Checks the form of a role that is not to be saved yet.
///
/// # Errors
/// `Unauthorized` or `Denied`; `Invalid`.
pub fn check_role(cx: &Context, form: &RoleForm) -> Result<(), Fault> {
    cx.authorize(Action::Update, Feature::Team)?;
    form.check()?;
    Ok(())
}

/// Renames a role and changes what it permits. It takes effect at once for all who hold it.
///
/// # Errors
/// `Unauthorized` or `Denied`; `NotFound`; `Refused` for a built-in role; `Invalid`: the name is taken, or a cell that is
/// added or taken is above the actor.
pub async fn save_role(cx: &Context, form: RoleForm) -> Result<RoleRef, Fault> {
    cx.authorize(Action::Update, Feature::Team)?;
    let (name, wanted) = form.check()?;
    let (mut tx, actor) = cx.begin_change(Action::Update, Feature::Team).await?;
    let (before, category) = custom(&mut tx, cx, &actor, form.id).await?;
    let was = permits(actor.snapshot(), &before);
    let wanted = offered(actor.snapshot(), &wanted);
    give(&actor, changed(&was, &wanted))?;
    store::update(&mut tx, cx.ws(), form.id, &name, &wanted).await?;
    let entry = audit::Entry { action: "role.update", kind: "role", id: form.id, label: &name };
    let was = Recorded { name: &before.name, category, permissions: &was };
    let is = Recorded { name: &name, category, permissions: &wanted };
    audit::record(&mut tx, cx, entry, Some(&was), Some(&is)).await?;
    announce(&mut tx, cx).await?;
    tx.commit().await?;
    Ok(RoleRef { id: form.id, name })
}

/// Deletes a role. Whoever holds it or is invited to it is moved to another of its category first; without one, a role in
/// use stays (PITFALLS.md 13).
///
/// # Errors
/// `Unauthorized` or `Denied`; `NotFound`; `Refused`: it is built in, or permits more than the actor holds; `Invalid`: it is
/// in use and no other is chosen, or the other is not the actor's to give.
pub async fn delete_role(cx: &Context, form: &DeleteRoleForm) -> Result<RoleRef, Fault> {
    let (mut tx, actor) = cx.begin_change(Action::Delete, Feature::Team).await?;
    let (role, category) = custom(&mut tx, cx, &actor, form.id).await?;
    if !actor.gives_role(category, role.id) {
        return Err(Refusal::RoleAboveYou.into());
    }
    let was = permits(actor.snapshot(), &role);
    if store::count_uses(&mut tx, cx.ws(), role.id).await? != (0, 0) {
        move_all(&mut tx, cx, &actor, &role, category, &form.to).await?;
    }
    store::delete(&mut tx, cx.ws(), role.id).await?;
    let before = Recorded { name: &role.name, category, permissions: &was };
    let entry = audit::Entry { action: "role.delete", kind: "role", id: role.id, label: &role.name };
    audit::record(&mut tx, cx, entry, Some(&before), None::<&()>).await?;
    announce(&mut tx, cx).await?;
    tx.commit().await?;
    Ok(role)
}

/// Moves whoever holds a role, or is invited to it, to another of its category.
async fn move_all(
    tx: &mut Change,
    cx: &Context,
    actor: &Actor,
    from: &RoleRef,
    category: Category,
    to: &str,
) -> Result<(), Fault> {
    // What users hold is changed, which is to update them.
    actor.ask(&Question::console(Action::Update, Feature::Team, None, actor.at))?;
    let wrong = |problem| Fault::from(AppError::field("to", problem));
    let id = RoleRef::read_key(to).ok_or_else(|| wrong(Problem::Choice))?;
    let known = actor.snapshot().roles_of(category).find(|role| role.id == id && role.id != from.id);
    let to = known.ok_or_else(|| wrong(Problem::Choice))?;
    if !successors(actor, category, from.id).contains(&to) {
        return Err(wrong(Problem::AboveYou));
    }
    let (before, after) = (serde_json::json!({ "role": from }), serde_json::json!({ "role": to }));
    let users = store::move_holders(tx, cx.ws(), from.id, to.id, actor.user_id, &actor.full_name).await?;
    audit::record_each(tx, cx, ("user.update", "user"), &users, &before, &after).await?;
    let invitations = store::move_invitations(tx, cx.ws(), from.id, to.id).await?;
    audit::record_each(tx, cx, ("invitation.update", "invitation"), &invitations, &before, &after).await?;
    cx.announce(tx, Topic::Invitations, None).await
}

/// A custom role, and whose it can be.
async fn custom(tx: &mut Change, cx: &Context, actor: &Actor, id: Uuid) -> Result<(RoleRef, Category), Fault> {
    let stored = store::find(tx, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    if stored.built_in {
        return Err(Refusal::BuiltIn.into());
    }
    let role = actor.snapshot().role(id).ok_or(AppError::NotFound)?;
    Ok((role, store::category(&stored.category)))
}

/// The grant ceiling for the cells of the matrix.
fn give(actor: &Actor, permissions: Permissions) -> Result<(), Fault> {
    if holds(actor, permissions) { Ok(()) } else { Err(AppError::field("permissions", Problem::AboveYou).into()) }
}

/// Roles changed, and with them what their holders may.
async fn announce(tx: &mut Change, cx: &Context) -> Result<(), Fault> {
    cx.announce(tx, Topic::Roles, None).await?;
    cx.announce(tx, Topic::Users, None).await
}
