//! Use cases of users.

use uuid::Uuid;

use super::{
    model::{EditForm, State, User},
    store,
};
use crate::{
    access::{Action, Category, Feature, Question, SubjectFacts},
    accounts, audit,
    error::{AppError, Refusal},
    invitations,
    listing::{ListQuery, Page},
    platform::{
        context::{Actor, Context},
        fault::Fault,
    },
    ui::live::Topic,
};

/// One page of teammates, or of organization users where the address says so and the reader may see the accounts of all.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn list_users(cx: &Context, query: &ListQuery) -> Result<Page<User>, Fault> {
    cx.authorize(Action::View, Feature::Team)?;
    let kind = match query.kind.parse() {
        Ok(Category::Organization) => Category::Organization,
        _ => Category::Teammate,
    };
    if kind != Category::Teammate {
        cx.authorize(Action::View, Feature::Accounts)?;
    }
    let mut db = cx.app.pool.acquire().await?;
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
    let held = cx.held_by(&mut db, id).await?.ok_or(AppError::NotFound)?;
    ask_accounts(cx, actor, Action::View, &held.facts)?;
    Ok(User { above_you: !actor.stands_above(&held.facts), ..user })
}

/// Changes a user. Disabling ends every session of theirs at once, and the
/// link that would activate the account.
///
/// # Errors
/// `Invalid`, `NotFound`, or `Refused`: oneself, somebody above one, the last owner.
pub async fn edit_user(cx: &Context, form: EditForm) -> Result<User, Fault> {
    cx.authorize(Action::Update, Feature::Team)?;
    let edit = form.check()?;
    let (mut tx, actor) = cx.begin_change(Action::Update, Feature::Team).await?;
    let before = lock_below(&mut tx, cx, &actor, Action::Update, form.id).await?;
    if before.state == State::Disabled && edit.state == State::Enabled {
        let held = cx.held_by(&mut tx, form.id).await?.ok_or(AppError::NotFound)?;
        if !actor.enables(&held.facts) {
            return Err(Refusal::AboveYou.into());
        }
    }
    store::update(&mut tx, cx.ws(), form.id, &edit).await?;
    if edit.state == State::Disabled {
        accounts::store::delete_sessions_of(&mut tx, cx.ws(), form.id).await?;
        invitations::service::withdraw_activation(&mut tx, cx, &actor, form.id).await?;
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
    let before = lock_below(&mut tx, cx, &actor, Action::Delete, id).await?;
    invitations::service::forget_account(&mut tx, cx, &actor, id).await?;
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
/// `NotFound`, or `Refused`: oneself, somebody above one; as `ask_accounts`.
pub async fn lock_below(
    db: &mut sqlx::PgConnection,
    cx: &Context,
    actor: &Actor,
    action: Action,
    id: Uuid,
) -> Result<User, Fault> {
    let user = store::lock(db, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    let held = cx.held_by(db, id).await?.ok_or(AppError::NotFound)?;
    ask_accounts(cx, actor, action, &held.facts)?;
    if actor.user_id == Some(id) {
        return Err(Refusal::Yourself.into());
    }
    if !actor.stands_above(&held.facts) {
        return Err(Refusal::AboveYou.into());
    }
    Ok(user)
}

/// A right to the team reaches teammates. Whoever is none is of the developer accounts, so that one to those is needed too: to be
/// seen, for any organization of theirs, and to be changed, for all.
///
/// # Errors
/// `NotFound` for whom the actor does not see, `Denied` for whom they see and may not change.
pub fn ask_accounts(cx: &Context, actor: &Actor, action: Action, of: &SubjectFacts) -> Result<(), AppError> {
    if of.category == Category::Teammate {
        return Ok(());
    }
    let all = &actor.snapshot().facts().organizations;
    let slugs = of.assignments.iter().filter_map(|it| all.iter().find(|known| Some(known.id) == it.organization));
    let mut theirs: Vec<Option<&str>> = slugs.map(|known| Some(known.slug.as_str())).collect();
    if theirs.is_empty() {
        theirs.push(None);
    }
    let ask =
        |action, organization| actor.ask(&Question { organization, ..cx.question(actor, action, Feature::Accounts) });
    if !theirs.iter().any(|it| ask(Action::View, *it).is_ok()) {
        return Err(AppError::NotFound);
    }
    match action {
        Action::View => Ok(()),
        _ => theirs.into_iter().try_for_each(|it| ask(action, it)),
    }
}
