//! Use cases of users.

use uuid::Uuid;

use super::{
    model::{EditForm, State, User},
    store,
};
use crate::{
    access::{self, Action, Feature},
    accounts, audit,
    error::{AppError, Problem, Refusal},
    listing::{ListQuery, Page},
    platform::{
        context::{Actor, Change, Context},
        fault::Fault,
    },
    ui::live::Topic,
    workspaces,
};

/// One page of users.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn list_users(cx: &Context, query: &ListQuery) -> Result<Page<User>, Fault> {
    cx.authorize(Action::View, Feature::Team)?;
    let mut db = cx.app.pool.acquire().await?;
    Ok(store::list(&mut db, cx.ws(), &query.clone().cleaned()).await?)
}

/// One user.
///
/// # Errors
/// `Unauthorized`, `Denied` or `NotFound`.
pub async fn find_user(cx: &Context, id: Uuid) -> Result<User, Fault> {
    cx.authorize(Action::View, Feature::Team)?;
    let mut db = cx.app.pool.acquire().await?;
    store::find(&mut db, cx.ws(), id).await?.ok_or_else(|| AppError::NotFound.into())
}

/// Changes a user. Disabling ends every session of theirs at once.
///
/// # Errors
/// `Invalid`, `NotFound`, or `Refused`: oneself, somebody above one, the last owner.
pub async fn edit_user(cx: &Context, form: EditForm) -> Result<User, Fault> {
    cx.authorize(Action::Update, Feature::Team)?;
    let edit = form.check()?;
    let (mut tx, actor) = begin_change(cx, Action::Update).await?;
    let before = lock_below(&mut tx, cx, &actor, form.id).await?;
    if edit.role != before.role && !access::ceiling(&actor.subject, edit.role) {
        return Err(AppError::field("role", Problem::AboveYou).into());
    }
    store::update(&mut tx, cx.ws(), form.id, &edit).await?;
    if edit.state == State::Disabled {
        accounts::store::delete_sessions_of(&mut tx, cx.ws(), form.id).await?;
    }
    let after =
        User { full_name: edit.full_name, mobile: edit.mobile, role: edit.role, state: edit.state, ..before.clone() };
    let entry = audit::Entry { action: "user.update", kind: "user", id: form.id, label: &after.full_name };
    audit::record(&mut tx, cx, entry, Some(&before), Some(&after)).await?;
    cx.announce(&mut tx, Topic::Users, Some(form.id)).await?;
    tx.commit().await?;
    Ok(after)
}

/// Removes a user. They lose access immediately; their address is free again.
///
/// # Errors
/// `NotFound`, or `Refused`: oneself, somebody above one, the last owner.
pub async fn remove_user(cx: &Context, id: Uuid) -> Result<User, Fault> {
    let (mut tx, actor) = begin_change(cx, Action::Delete).await?;
    let before = lock_below(&mut tx, cx, &actor, id).await?;
    store::delete(&mut tx, cx.ws(), id).await?;
    let entry = audit::Entry { action: "user.delete", kind: "user", id, label: &before.full_name };
    audit::record(&mut tx, cx, entry, Some(&before), None::<&()>).await?;
    cx.announce(&mut tx, Topic::Users, Some(id)).await?;
    tx.commit().await?;
    Ok(before)
}

/// Changes of people come one after the other in a workspace: of two who change each other, the second one is looked at
/// anew, where both would wait for each other.
async fn begin_change(cx: &Context, action: Action) -> Result<(Change, Actor), Fault> {
    cx.authorize(action, Feature::Team)?;
    let mut turn = cx.begin().await?;
    workspaces::store::lock_people(&mut turn, cx.ws()).await?;
    let actor = cx.hold_actor(&mut turn, action, Feature::Team).await?;
    Ok((turn, actor))
}

/// Locks somebody whom this actor may change: not themselves, and nobody who holds more.
async fn lock_below(db: &mut sqlx::PgConnection, cx: &Context, actor: &Actor, id: Uuid) -> Result<User, Fault> {
    let user = store::lock(db, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    if actor.user_id == Some(id) {
        return Err(Refusal::Yourself.into());
    }
    if !access::ceiling(&actor.subject, user.role) {
        return Err(Refusal::AboveYou.into());
    }
    Ok(user)
}
