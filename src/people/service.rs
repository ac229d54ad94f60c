//! Use cases of users.

use uuid::Uuid;

use super::{
    model::{EditForm, State, User},
    store,
};
use crate::{
    access::{Action, Category, Feature},
    accounts, audit,
    error::{AppError, Refusal},
    listing::{ListQuery, Page},
    platform::{
        context::{Actor, Context},
        fault::Fault,
    },
    ui::live::Topic,
};

/// One page of teammates, or of organization users where the address says so.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn list_users(cx: &Context, query: &ListQuery) -> Result<Page<User>, Fault> {
    cx.authorize(Action::View, Feature::Team)?;
    let mut db = cx.app.pool.acquire().await?;
    let kind = match query.kind.parse() {
        Ok(Category::Organization) => Category::Organization,
        _ => Category::Teammate,
    };
    Ok(store::list(&mut db, cx.ws(), kind, &query.clone().cleaned()).await?)
}

/// One user.
///
/// # Errors
/// `Unauthorized`, `Denied` or `NotFound`.
pub async fn find_user(cx: &Context, id: Uuid) -> Result<User, Fault> {
    let actor = cx.authorize(Action::View, Feature::Team)?;
    let mut db = cx.app.pool.acquire().await?;
    let user = store::find(&mut db, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    let held = cx.held_by(&mut db, id).await?;
    Ok(User { above_you: !held.is_some_and(|held| actor.stands_above(&held.facts)), ..user })
}

/// Changes a user. Disabling ends every session of theirs at once.
///
/// # Errors
/// `Invalid`, `NotFound`, or `Refused`: oneself, somebody above one, the last owner.
pub async fn edit_user(cx: &Context, form: EditForm) -> Result<User, Fault> {
    cx.authorize(Action::Update, Feature::Team)?;
    let edit = form.check()?;
    let (mut tx, actor) = cx.begin_change(Action::Update, Feature::Team).await?;
    let before = lock_below(&mut tx, cx, &actor, form.id).await?;
    if before.state == State::Disabled && edit.state == State::Enabled {
        let held = cx.held_by(&mut tx, form.id).await?.ok_or(AppError::NotFound)?;
        if !actor.enables(&held.facts) {
            return Err(Refusal::AboveYou.into());
        }
    }
    store::update(&mut tx, cx.ws(), form.id, &edit).await?;
    if edit.state == State::Disabled {
        accounts::store::delete_sessions_of(&mut tx, cx.ws(), form.id).await?;
    }
    let after = store::find(&mut tx, cx.ws(), form.id).await?.ok_or(AppError::NotFound)?;
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
    let (mut tx, actor) = cx.begin_change(Action::Delete, Feature::Team).await?;
    let before = lock_below(&mut tx, cx, &actor, id).await?;
    store::delete(&mut tx, cx.ws(), id).await?;
    let entry = audit::Entry { action: "user.delete", kind: "user", id, label: &before.full_name };
    audit::record(&mut tx, cx, entry, Some(&before), None::<&()>).await?;
    cx.announce(&mut tx, Topic::Users, Some(id)).await?;
    tx.commit().await?;
    Ok(before)
}

/// Locks somebody whom this actor may change: not themselves, and nobody who holds more.
///
/// # Errors
/// `NotFound`, or `Refused`: oneself, somebody above one.
pub async fn lock_below(db: &mut sqlx::PgConnection, cx: &Context, actor: &Actor, id: Uuid) -> Result<User, Fault> {
    let user = store::lock(db, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    if actor.user_id == Some(id) {
        return Err(Refusal::Yourself.into());
    }
    let held = cx.held_by(db, id).await?.ok_or(AppError::NotFound)?;
    if !actor.stands_above(&held.facts) {
        return Err(Refusal::AboveYou.into());
    }
    Ok(user)
}
