//! Use cases of the users of organizations (seed 001).

use serde_json::json;
use uuid::Uuid;

use super::{about, find_visible, seen};
use crate::{
    access::{Action, AssignmentFacts, BuiltIn, Category, Feature, RoleRef, SubjectFacts},
    accounts::{self, address::read_address},
    audit,
    error::{AppError, Problem, Refusal},
    invitations,
    listing::{ListQuery, Page},
    organizations::{
        model::{Belonging, Belongs, Lock, Named, OrganizationUser, UserForm},
        store,
    },
    people::{self, model::State},
    platform::{
        context::{Actor, Context},
        fault::Fault,
    },
    ui::{live::Topic, search_pick::parts},
};

/// One page of the users of an organization.
///
/// # Errors
/// `Unauthorized`, `Denied` or `NotFound`.
pub async fn list_users(cx: &Context, organization: Uuid, query: &ListQuery) -> Result<Page<OrganizationUser>, Fault> {
    let actor = cx.authorize_somewhere(Action::View, Feature::Accounts)?;
    let mut db = cx.app.pool.acquire().await?;
    let organization = find_visible(&mut db, cx, actor, organization).await?;
    Ok(store::list_users(&mut db, cx.ws(), organization.id, organization.users, query).await?)
}

/// The roles that the reader may give in an organization.
///
/// # Errors
/// `Unauthorized`, `Denied` or `NotFound`.
pub async fn list_roles(cx: &Context, organization: Uuid) -> Result<Vec<RoleRef>, Fault> {
    let actor = cx.authorize_somewhere(Action::View, Feature::Accounts)?;
    let mut db = cx.app.pool.acquire().await?;
    let organization = find_visible(&mut db, cx, actor, organization).await?.id;
    let roles = actor.snapshot().roles_of(Category::Organization);
    Ok(roles.filter(|role| gives(actor, role.id, organization)).collect())
}

/// A user of an organization, for the form to edit them.
///
/// # Errors
/// `Unauthorized`, `Denied` or `NotFound`.
pub async fn find_user(cx: &Context, organization: Uuid, id: Uuid) -> Result<Belonging, Fault> {
    let actor = cx.authorize_somewhere(Action::View, Feature::Accounts)?;
    let mut db = cx.app.pool.acquire().await?;
    let organization = find_visible(&mut db, cx, actor, organization).await?.id;
    let user = store::find_user(&mut db, cx.ws(), organization, id).await?.ok_or(AppError::NotFound)?;
    let facts = cx.held_by(&mut db, id).await?.ok_or(AppError::NotFound)?.facts;
    let belongs = store::list_belongs(&mut db, cx.ws(), id).await?;
    let locked = lock(cx, actor, Action::Update, &facts, &belongs);
    let seen = seen(cx, actor)?;
    let visible = |it: &Belongs| seen.as_ref().is_none_or(|these| these.contains(&it.organization.id));
    Ok(Belonging { user, belongs: belongs.into_iter().filter(visible).collect(), locked })
}

/// Adds a user to one or several organizations. The account has no password yet: it counts in decisions, and nobody signs in to it
/// before they have chosen one. They are asked to by mail where the form says so.
///
/// # Errors
/// `Invalid`: a field, an address that has an account or an open invitation, no organization, a role that is above the actor; `Denied` for an
/// organization that is not theirs; `Refused(OneOrganization)`. As `invitations::service::send_activation`.
pub async fn add_user(cx: &Context, form: UserForm) -> Result<OrganizationUser, Fault> {
    cx.authorize_somewhere(Action::Create, Feature::Accounts)?;
    let details = form.check(true)?;
    let address = read_address(&details.email).map_err(|problem| AppError::field("email", problem))?;
    let role = details.role.ok_or_else(|| AppError::field("role", Problem::Choice))?;
    let (mut tx, actor) = cx.begin_change_somewhere(Action::Create, Feature::Accounts).await?;
    let organizations = resolve(cx, &actor, &form)?;
    for organization in &organizations {
        actor.ask(&about(cx, &actor, Action::Create, &organization.slug))?;
        check_role(&actor, role, organization.id)?;
    }
    check_number(role, organizations.len())?;
    if people::store::exists(&mut tx, cx.ws(), &address.key).await? {
        return Err(AppError::field("email", Problem::AlreadyUser).into());
    }
    invitations::service::check_newcomer(&mut tx, cx, &address.key, form.notify).await?;
    let id = Uuid::now_v7();
    let user = people::store::NewUser {
        id,
        address: &address,
        full_name: &details.full_name,
        mobile: None,
        password_hash: None,
        kind: Category::Organization,
        customer_id: None,
        roles: &organizations.iter().map(|it| (role, Some(it.id))).collect::<Vec<_>>(),
        given_by: actor.user_id,
        given_by_name: &actor.full_name,
    };
    people::store::insert(&mut tx, cx.ws(), &user).await?;
    let after = json!({ "email": address.shown, "belongs": store::list_belongs(&mut tx, cx.ws(), id).await? });
    let entry = audit::Entry { action: "user.create", kind: "user", id, label: &details.full_name };
    audit::record(&mut tx, cx, entry, None::<&()>, Some(&after)).await?;
    let home = organizations.first().map(|it| it.id).unwrap_or_default();
    let made = store::find_user(&mut tx, cx.ws(), home, id).await?.ok_or(AppError::NotFound)?;
    if form.notify {
        let assignments = organizations.iter().map(|it| held_in(role, it.id)).collect();
        let facts = SubjectFacts { assignments, ..SubjectFacts::newcomer(Category::Organization) };
        let user = people::store::find(&mut tx, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
        invitations::service::send_activation(&mut tx, cx, &actor, &user, &facts).await?;
    }
    announce(&mut tx, cx, id).await?;
    tx.commit().await?;
    cx.app.mail_queued.notify_one();
    Ok(made)
}

/// Changes a user's name, state, organizations and their role there. Disabling ends every session of theirs at once, and the
/// link that would activate the account.
///
/// # Errors
/// As for `add_user`; `NotFound`; `Refused`: oneself, somebody above one.
pub async fn edit_user(cx: &Context, form: UserForm) -> Result<String, Fault> {
    cx.authorize_somewhere(Action::Update, Feature::Accounts)?;
    let details = form.check(false)?;
    let (mut tx, actor) = cx.begin_change_somewhere(Action::Update, Feature::Accounts).await?;
    let (user, belongs) = lock_below(&mut tx, cx, &actor, Action::Update, form.id).await?;
    if user.state == State::Disabled && details.state == State::Enabled {
        let held = cx.held_by(&mut tx, form.id).await?.ok_or(AppError::NotFound)?;
        if !actor.enables(&held.facts) {
            return Err(Refusal::NotYours.into());
        }
    }
    let wanted = resolve(cx, &actor, &form)?;
    for organization in &wanted {
        let held = || belongs.iter().filter(|it| it.organization.id == organization.id);
        let role = match details.role {
            Some(role) => role,
            None if held().next().is_some() => continue,
            // Whoever is put into another organization gets a role there.
            None => return Err(AppError::field("role", Problem::Choice).into()),
        };
        if held().any(|it| it.role.id == role && it.region.is_none() && !it.ended) {
            continue;
        }
        actor.ask(&about(cx, &actor, Action::Update, &organization.slug))?;
        check_role(&actor, role, organization.id)?;
        let by = (actor.user_id, actor.full_name.as_str());
        store::put_role(&mut tx, cx.ws(), form.id, organization.id, role, by).await?;
    }
    if let Some(role) = details.role {
        check_number(role, wanted.len())?;
    }
    let kept: Vec<Uuid> = wanted.iter().map(|it| it.id).collect();
    store::keep_only(&mut tx, cx.ws(), form.id, &kept).await?;
    store::update_user(&mut tx, cx.ws(), form.id, &details.full_name, details.state).await?;
    if details.state == State::Disabled {
        accounts::store::delete_sessions_of(&mut tx, cx.ws(), form.id).await?;
        invitations::service::withdraw_activation(&mut tx, cx, &actor, form.id).await?;
    }
    let after = store::list_belongs(&mut tx, cx.ws(), form.id).await?;
    let before = json!({ "full_name": user.full_name, "state": user.state, "belongs": belongs });
    let after = json!({ "full_name": details.full_name, "state": details.state, "belongs": after });
    let entry = audit::Entry { action: "user.update", kind: "user", id: form.id, label: &details.full_name };
    audit::record(&mut tx, cx, entry, Some(&before), Some(&after)).await?;
    announce(&mut tx, cx, form.id).await?;
    tx.commit().await?;
    Ok(details.full_name)
}

/// Removes a user of organizations. They lose access immediately; their address is free again.
///
/// # Errors
/// `NotFound`, or `Refused`: oneself, somebody above one.
pub async fn remove_user(cx: &Context, id: Uuid) -> Result<String, Fault> {
    let (mut tx, actor) = cx.begin_change_somewhere(Action::Delete, Feature::Accounts).await?;
    let (user, belongs) = lock_below(&mut tx, cx, &actor, Action::Delete, id).await?;
    invitations::service::forget_account(&mut tx, cx, &actor, id).await?;
    people::store::delete(&mut tx, cx.ws(), id).await?;
    let entry = audit::Entry { action: "user.delete", kind: "user", id, label: &user.full_name };
    let before = json!({ "email": user.email, "state": user.state, "belongs": belongs });
    audit::record(&mut tx, cx, entry, Some(&before), None::<&()>).await?;
    announce(&mut tx, cx, id).await?;
    tx.commit().await?;
    Ok(user.full_name)
}

async fn announce(db: &mut sqlx::PgConnection, cx: &Context, user: Uuid) -> Result<(), Fault> {
    cx.announce(db, Topic::Users, Some(user)).await?;
    cx.announce(db, Topic::Organizations, None).await
}

/// Locks a user of organizations whom this actor may change: not themselves, and nobody who holds more or belongs elsewhere.
async fn lock_below(
    db: &mut sqlx::PgConnection,
    cx: &Context,
    actor: &Actor,
    action: Action,
    id: Uuid,
) -> Result<(people::model::User, Vec<Belongs>), Fault> {
    let user = people::store::lock(db, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    let facts = cx.held_by(db, id).await?.ok_or(AppError::NotFound)?.facts;
    let belongs = store::list_belongs(db, cx.ws(), id).await?;
    let seen = |it: &Belongs| actor.ask(&about(cx, actor, Action::View, &it.organization.slug)).is_ok();
    if facts.category != Category::Organization || !belongs.iter().any(seen) {
        return Err(AppError::NotFound.into());
    }
    match lock(cx, actor, action, &facts, &belongs) {
        None => Ok((user, belongs)),
        Some(Lock::Yourself) => Err(Refusal::Yourself.into()),
        Some(Lock::ViewOnly | Lock::AboveYou) => Err(Refusal::NotYours.into()),
    }
}

/// Why this actor cannot change somebody.
fn lock(cx: &Context, actor: &Actor, action: Action, user: &SubjectFacts, belongs: &[Belongs]) -> Option<Lock> {
    let allowed = |it: &Belongs| actor.ask(&about(cx, actor, action, &it.organization.slug)).is_ok();
    if !belongs.iter().any(allowed) {
        Some(Lock::ViewOnly)
    } else if actor.user_id == Some(user.id) {
        Some(Lock::Yourself)
    } else if !belongs.iter().all(allowed) || !actor.stands_above(user) {
        Some(Lock::AboveYou)
    } else {
        None
    }
}

/// The organizations that a form names, by id or in words; each is one that the actor may see.
fn resolve(cx: &Context, actor: &Actor, form: &UserForm) -> Result<Vec<Named>, Fault> {
    let unknown = || AppError::field("more", Problem::Unknown);
    let all = &actor.snapshot().facts().organizations;
    let by_id = form.organizations.iter().map(|id| {
        let id: Option<Uuid> = id.parse().ok();
        all.iter().find(|it| Some(it.id) == id)
    });
    let by_name = parts(&form.more).map(|part| {
        let name = part.to_lowercase();
        all.iter().find(|it| it.name.to_lowercase() == name || it.slug == part)
    });
    let mut named: Vec<Named> = Vec::new();
    for found in by_id.chain(by_name) {
        let found =
            found.filter(|it| actor.ask(&about(cx, actor, Action::View, &it.slug)).is_ok()).ok_or_else(unknown)?;
        if named.iter().all(|it| it.id != found.id) {
            named.push(Named { id: found.id, slug: found.slug.clone(), name: found.name.clone() });
        }
    }
    if named.is_empty() { Err(AppError::field("more", Problem::NoOrganization).into()) } else { Ok(named) }
}

/// The grant ceiling of a role in an organization (PITFALLS.md 11).
fn check_role(actor: &Actor, role: Uuid, organization: Uuid) -> Result<(), AppError> {
    if actor.snapshot().roles_of(Category::Organization).all(|known| known.id != role) {
        return Err(AppError::field("role", Problem::Choice));
    }
    gives(actor, role, organization).then_some(()).ok_or_else(|| AppError::field("role", Problem::AboveYou))
}

fn gives(actor: &Actor, role: Uuid, organization: Uuid) -> bool {
    actor.gives(&SubjectFacts::newcomer(Category::Organization), &held_in(role, organization))
}

/// A role in an organization.
fn held_in(role: Uuid, organization: Uuid) -> AssignmentFacts {
    let organization = Some(organization);
    AssignmentFacts { role: Some(role), organization, ..AssignmentFacts::everywhere(BuiltIn::Developer) }
}

/// "You can map only Developers to multiple organizations and roles" (seed 001).
fn check_number(role: Uuid, organizations: usize) -> Result<(), Refusal> {
    if organizations > 1 && role != BuiltIn::Developer.id() { Err(Refusal::OneOrganization) } else { Ok(()) }
}
