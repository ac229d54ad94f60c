//! Use cases of organizations. Every one asks `decide` about the organization that it is about, so that an Org Admin, who holds
//! rights in theirs alone, acts there and nowhere else.

pub mod users;

use uuid::Uuid;

use super::{
    model::{Dependents, Named, NewForm, Organization, RenameForm},
    store,
};
use crate::{
    access::{Action, Extent, Feature, Question},
    accounts::model::check_name,
    audit,
    error::{AppError, Refusal},
    listing::{ListQuery, Page, SEARCH_FROM},
    platform::{
        context::{Actor, Context},
        fault::Fault,
    },
    ui::live::Topic,
};

/// Organizations that a search suggests at most.
const MOST_SUGGESTED: usize = 8;

/// One page of the organizations that the reader may see.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn list_organizations(cx: &Context, query: &ListQuery) -> Result<Page<Organization>, Fault> {
    let actor = cx.authorize_somewhere(Action::View, Feature::Accounts)?;
    let within = seen(cx, actor)?;
    let mut db = cx.app.pool.acquire().await?;
    Ok(store::list(&mut db, cx.ws(), within.as_deref(), &query.clone().cleaned()).await?)
}

/// The organizations of the reader that hold this in their names.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub fn search_organizations(cx: &Context, part: &str) -> Result<Vec<Named>, Fault> {
    let actor = cx.authorize_somewhere(Action::View, Feature::Accounts)?;
    let within = seen(cx, actor)?;
    let part = part.trim().to_lowercase();
    if part.chars().count() < SEARCH_FROM {
        return Ok(Vec::new());
    }
    let all = actor.snapshot().facts().organizations.iter();
    let found = all
        .filter(|it| it.name.to_lowercase().contains(&part) || it.slug.contains(&part))
        .filter(|it| within.as_ref().is_none_or(|these| these.contains(&it.id)))
        .take(MOST_SUGGESTED);
    Ok(found.map(|it| Named { id: it.id, slug: it.slug.clone(), name: it.name.clone() }).collect())
}

/// One organization.
///
/// # Errors
/// `Unauthorized`, `Denied` or `NotFound`.
pub async fn find_organization(cx: &Context, id: Uuid) -> Result<Organization, Fault> {
    let actor = cx.authorize_somewhere(Action::View, Feature::Accounts)?;
    let mut db = cx.app.pool.acquire().await?;
    find_visible(&mut db, cx, actor, id).await
}

/// Who keeps an organization from being deleted.
///
/// # Errors
/// `Unauthorized`, `Denied` or `NotFound`.
pub async fn list_dependents(cx: &Context, id: Uuid) -> Result<Dependents, Fault> {
    let actor = cx.authorize_somewhere(Action::View, Feature::Accounts)?;
    let mut db = cx.app.pool.acquire().await?;
    let organization = find_visible(&mut db, cx, actor, id).await?;
    Ok(store::list_dependents(&mut db, cx.ws(), organization.id).await?)
}

/// Makes an organization.
///
/// # Errors
/// `Invalid`: the name or the slug is none, or taken.
pub async fn create_organization(cx: &Context, form: NewForm) -> Result<Organization, Fault> {
    cx.authorize(Action::Create, Feature::Accounts)?;
    let (name, slug) = form.check()?;
    let (mut tx, _) = cx.begin_change(Action::Create, Feature::Accounts).await?;
    let id = Uuid::now_v7();
    store::insert(&mut tx, cx.ws(), id, &slug, &name).await?;
    let made = store::find(&mut tx, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    let entry = audit::Entry { action: "organization.create", kind: "organization", id, label: &name };
    audit::record(&mut tx, cx, entry, None::<&()>, Some(&made)).await?;
    cx.announce(&mut tx, Topic::Organizations, None).await?;
    tx.commit().await?;
    Ok(made)
}

/// Gives an organization another name; its slug stays.
///
/// # Errors
/// `NotFound`; `Invalid`: the name is none, or taken.
pub async fn rename_organization(cx: &Context, form: RenameForm) -> Result<Organization, Fault> {
    cx.authorize_somewhere(Action::Update, Feature::Accounts)?;
    let name = check_name(&form.name).map_err(|problem| AppError::field("name", problem))?;
    let (mut tx, actor) = cx.begin_change_somewhere(Action::Update, Feature::Accounts).await?;
    let before = find_visible(&mut tx, cx, &actor, form.id).await?;
    actor.ask(&about(cx, &actor, Action::Update, &before.slug))?;
    store::rename(&mut tx, cx.ws(), form.id, &name).await?;
    let after = Organization { name, ..before.clone() };
    let entry = audit::Entry { action: "organization.update", kind: "organization", id: form.id, label: &after.name };
    audit::record(&mut tx, cx, entry, Some(&before), Some(&after)).await?;
    cx.announce(&mut tx, Topic::Organizations, None).await?;
    tx.commit().await?;
    Ok(after)
}

/// Deletes an organization that nobody belongs to.
///
/// # Errors
/// `NotFound`; `Refused(InUse)` while somebody holds anything in it (PITFALLS.md 13).
pub async fn delete_organization(cx: &Context, id: Uuid) -> Result<Organization, Fault> {
    let (mut tx, actor) = cx.begin_change_somewhere(Action::Delete, Feature::Accounts).await?;
    let before = find_visible(&mut tx, cx, &actor, id).await?;
    actor.ask(&about(cx, &actor, Action::Delete, &before.slug))?;
    if !store::list_dependents(&mut tx, cx.ws(), id).await?.names.is_empty() {
        return Err(Refusal::InUse.into());
    }
    store::delete(&mut tx, cx.ws(), id).await?;
    let entry = audit::Entry { action: "organization.delete", kind: "organization", id, label: &before.name };
    audit::record(&mut tx, cx, entry, Some(&before), None::<&()>).await?;
    cx.announce(&mut tx, Topic::Organizations, None).await?;
    tx.commit().await?;
    Ok(before)
}

/// The question about one organization.
fn about<'a>(cx: &'a Context, actor: &Actor, action: Action, slug: &'a str) -> Question<'a> {
    Question { organization: Some(slug), ..cx.question(actor, action, Feature::Accounts) }
}

/// The organizations that the reader may see; none for all.
fn seen(cx: &Context, actor: &Actor) -> Result<Option<Vec<Uuid>>, Fault> {
    Ok(match actor.extent(&cx.question(actor, Action::View, Feature::Accounts))? {
        Extent::Workspace => None,
        Extent::Organizations(held) => Some(held.iter().map(|it| it.id).collect()),
    })
}

/// An organization that this actor may see; any other is as if it were not there.
async fn find_visible(
    db: &mut sqlx::PgConnection,
    cx: &Context,
    actor: &Actor,
    id: Uuid,
) -> Result<Organization, Fault> {
    let found = store::find(db, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    actor.ask(&about(cx, actor, Action::View, &found.slug)).map_err(|_| AppError::NotFound)?;
    Ok(found)
}
