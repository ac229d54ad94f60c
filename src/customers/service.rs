//! Use cases of customers.

use serde_json::json;
use uuid::Uuid;

use super::{
    model::{Customer, EditForm, GroupRef, MOST_LISTED, NewForm, ReachedApi, check_customer_id, newly_led_to, reached},
    store,
};
use crate::{
    access::{Action, ApiScope, AssignmentFacts, BuiltIn, Category, Feature, Question, RoleRef, SubjectFacts},
    accounts::{self, address::read_address},
    audit,
    error::{AppError, Problem, Refusal},
    invitations,
    listing::{ListQuery, Page, SEARCH_FROM},
    people::{
        self,
        model::{State, User},
    },
    platform::{
        context::{Actor, Context},
        fault::Fault,
    },
    rights::{self, model::Preview},
    ui::{live::Topic, search_pick::parts},
};

/// Groups that a search suggests at most.
const MOST_SUGGESTED: usize = 8;

/// One page of customers.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn list_customers(cx: &Context, query: &ListQuery) -> Result<Page<User>, Fault> {
    cx.authorize(Action::View, Feature::Accounts)?;
    let mut db = cx.app.pool.acquire().await?;
    Ok(people::store::list(&mut db, cx.ws(), Category::Customer, &query.clone().cleaned()).await?)
}

/// One customer, their groups, and the APIs that they reach.
///
/// # Errors
/// `Unauthorized`, `Denied` or `NotFound`.
pub async fn find_customer(cx: &Context, id: Uuid) -> Result<Customer, Fault> {
    let actor = cx.authorize(Action::View, Feature::Accounts)?;
    let mut db = cx.app.pool.acquire().await?;
    let user = people::store::find(&mut db, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    let held = cx.held_by(&mut db, id).await?.ok_or(AppError::NotFound)?;
    if held.facts.category != Category::Customer {
        return Err(AppError::NotFound.into());
    }
    let groups = store::list_groups(&mut db, cx.ws(), id).await?;
    let all = reached(held.snapshot.facts(), &held.facts, actor.at);
    let seen = |api: &ReachedApi| {
        let question = cx.question(actor, Action::View, Feature::Apis);
        actor.ask(&Question { api: Some(&api.slug), ..question }).is_ok()
    };
    let mut apis: Vec<ReachedApi> = all.into_iter().filter(seen).collect();
    let count = apis.len();
    apis.truncate(MOST_LISTED);
    let gives = |role: &RoleRef| actor.gives(&held.facts, &with_role(&held.facts, role.id));
    let roles = actor.snapshot().roles_of(Category::Customer).filter(gives).collect();
    let more_apis = u32::try_from(count - apis.len()).unwrap_or(u32::MAX);
    Ok(Customer { user: User { above_you: !actor.stands_above(&held.facts), ..user }, groups, apis, more_apis, roles })
}

/// How many APIs that the reader sees serve a Customer ID.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub fn count_matching(cx: &Context, customer_id: &str) -> Result<u32, Fault> {
    let actor = cx.authorize(Action::View, Feature::Accounts)?;
    let Ok(id) = check_customer_id(customer_id) else { return Ok(0) };
    let question = cx.question(actor, Action::View, Feature::Apis);
    let seen = |slug: &str| actor.ask(&Question { api: Some(slug), ..question }).is_ok();
    let all = actor.snapshot().facts().apis.iter();
    let matching = all.filter(|api| api.customer_ids.contains(&id) && seen(&api.slug));
    Ok(u32::try_from(matching.count()).unwrap_or(u32::MAX))
}

/// The groups that hold this in their names.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub fn search_groups(cx: &Context, part: &str) -> Result<Vec<GroupRef>, Fault> {
    Ok(groups_with(cx.authorize(Action::View, Feature::Accounts)?, part))
}

/// The groups that hold this in their names, for whoever may see groups.
pub fn groups_with(actor: &Actor, part: &str) -> Vec<GroupRef> {
    let part = part.trim().to_lowercase();
    if part.chars().count() < SEARCH_FROM {
        return Vec::new();
    }
    let found = actor.snapshot().facts().groups.iter().filter(|it| it.name.to_lowercase().contains(&part));
    found.take(MOST_SUGGESTED).map(|it| GroupRef { id: it.id, name: it.name.clone() }).collect()
}

/// What a customer would gain and lose by another Customer ID and other groups.
///
/// # Errors
/// `Unauthorized`, `Denied` or `NotFound`.
pub async fn preview(cx: &Context, id: Uuid, customer_id: &str, groups: &[String]) -> Result<Preview, Fault> {
    let actor = cx.authorize(Action::Update, Feature::Accounts)?;
    let groups = resolve_groups(actor, groups, "")?;
    let mut db = cx.app.pool.acquire().await?;
    let held = cx.held_by(&mut db, id).await?.filter(|held| held.facts.category == Category::Customer);
    held.ok_or(AppError::NotFound)?;
    let change = |facts: &mut SubjectFacts| {
        facts.customer_id = check_customer_id(customer_id).ok();
        facts.groups.clone_from(&groups);
    };
    rights::service::preview(cx, &mut db, &[id], |_| (), change).await
}

/// Makes a customer. The account has no password yet: it counts in decisions, and nobody signs in to it before they have chosen one.
/// They are asked to by mail where the form says so.
///
/// # Errors
/// `Invalid`: a field, an address that has an account or an open invitation, a Customer ID or a group that leads to more than the actor holds. As
/// `invitations::service::send_activation`.
pub async fn create_customer(cx: &Context, form: NewForm) -> Result<User, Fault> {
    cx.authorize(Action::Create, Feature::Accounts)?;
    let new = form.check()?;
    let address = read_address(&new.email).map_err(|problem| AppError::field("email", problem))?;
    let (mut tx, actor) = cx.begin_change(Action::Create, Feature::Accounts).await?;
    let nobody = SubjectFacts::newcomer(Category::Customer);
    let given = with_role(&nobody, BuiltIn::Customer.id());
    if !actor.gives(&nobody, &given) {
        return Err(Refusal::AboveYou.into());
    }
    let groups = resolve_groups(&actor, &form.groups, &form.more_groups)?;
    let facts = SubjectFacts {
        customer_id: Some(new.customer_id.clone()),
        groups: groups.clone(),
        assignments: vec![given],
        ..nobody.clone()
    };
    check_reach(&actor, &nobody, &facts)?;
    if people::store::exists(&mut tx, cx.ws(), &address.key).await? {
        return Err(AppError::field("email", Problem::AlreadyUser).into());
    }
    invitations::service::check_newcomer(&mut tx, cx, &address.key, form.notify).await?;
    let id = Uuid::now_v7();
    let user = people::store::NewUser {
        id,
        address: &address,
        full_name: &new.full_name,
        mobile: None,
        password_hash: None,
        kind: Category::Customer,
        customer_id: Some(&new.customer_id),
        roles: &[(BuiltIn::Customer.id(), None)],
        given_by: actor.user_id,
        given_by_name: &actor.full_name,
    };
    people::store::insert(&mut tx, cx.ws(), &user).await?;
    store::set_groups(&mut tx, cx.ws(), id, &groups).await?;
    let made = people::store::find(&mut tx, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    let after = json!({ "customer": made, "groups": store::list_groups(&mut tx, cx.ws(), id).await? });
    let entry = audit::Entry { action: "user.create", kind: "user", id, label: &made.full_name };
    audit::record(&mut tx, cx, entry, None::<&()>, Some(&after)).await?;
    if form.notify {
        invitations::service::send_activation(&mut tx, cx, &actor, &made, &facts).await?;
    }
    announce(&mut tx, cx, id).await?;
    tx.commit().await?;
    cx.app.mail_queued.notify_one();
    Ok(made)
}

/// Changes a customer. Disabling ends every session of theirs at once, and the
/// link that would activate the account.
///
/// # Errors
/// As for `create_customer`; `NotFound`; `Refused`: somebody above one.
pub async fn edit_customer(cx: &Context, form: EditForm) -> Result<User, Fault> {
    cx.authorize(Action::Update, Feature::Accounts)?;
    let edit = form.check()?;
    let (mut tx, actor) = cx.begin_change(Action::Update, Feature::Accounts).await?;
    let (user, held) = lock_below(&mut tx, cx, &actor, form.id).await?;
    let groups = resolve_groups(&actor, &form.groups, &form.more_groups)?;
    let mut will_be =
        SubjectFacts { customer_id: Some(edit.customer_id.clone()), groups: groups.clone(), ..held.clone() };
    let before = json!({ "customer": user, "groups": store::list_groups(&mut tx, cx.ws(), form.id).await? });
    let holds = |role: Uuid| held.assignments.iter().any(|it| it.role == Some(role) && it.region.is_none());
    if let Some(role) = edit.role.filter(|role| !holds(*role)) {
        if actor.snapshot().roles_of(Category::Customer).all(|known| known.id != role) {
            return Err(AppError::field("role", Problem::Choice).into());
        }
        let given = with_role(&held, role);
        if !actor.gives(&held, &given) {
            return Err(AppError::field("role", Problem::AboveYou).into());
        }
        will_be.assignments.retain(|it| it.id != given.id);
        will_be.assignments.push(given);
        people::store::update_role(&mut tx, cx.ws(), form.id, role, actor.user_id, &actor.full_name).await?;
    }
    check_reach(&actor, &held, &will_be)?;
    if user.state == State::Disabled && edit.state == State::Enabled && !actor.enables(&will_be) {
        return Err(Refusal::NotYours.into());
    }
    store::update(&mut tx, cx.ws(), form.id, &edit).await?;
    store::set_groups(&mut tx, cx.ws(), form.id, &groups).await?;
    if edit.state == State::Disabled {
        accounts::store::delete_sessions_of(&mut tx, cx.ws(), form.id).await?;
        invitations::service::withdraw_activation(&mut tx, cx, &actor, form.id).await?;
    }
    let made = people::store::find(&mut tx, cx.ws(), form.id).await?.ok_or(AppError::NotFound)?;
    let after = json!({ "customer": made, "groups": store::list_groups(&mut tx, cx.ws(), form.id).await? });
    let entry = audit::Entry { action: "user.update", kind: "user", id: form.id, label: &made.full_name };
    audit::record(&mut tx, cx, entry, Some(&before), Some(&after)).await?;
    announce(&mut tx, cx, form.id).await?;
    tx.commit().await?;
    Ok(made)
}

/// Removes a customer. They lose access immediately; their address is free again.
///
/// # Errors
/// `NotFound`, or `Refused`: somebody above one.
pub async fn remove_customer(cx: &Context, id: Uuid) -> Result<User, Fault> {
    let (mut tx, actor) = cx.begin_change(Action::Delete, Feature::Accounts).await?;
    let (user, _) = lock_below(&mut tx, cx, &actor, id).await?;
    let before = json!({ "customer": user, "groups": store::list_groups(&mut tx, cx.ws(), id).await? });
    invitations::service::forget_account(&mut tx, cx, &actor, id).await?;
    people::store::delete(&mut tx, cx.ws(), id).await?;
    let entry = audit::Entry { action: "user.delete", kind: "user", id, label: &user.full_name };
    audit::record(&mut tx, cx, entry, Some(&before), None::<&()>).await?;
    announce(&mut tx, cx, id).await?;
    tx.commit().await?;
    Ok(user)
}

/// Who has access to APIs has changed with the customer.
async fn announce(db: &mut sqlx::PgConnection, cx: &Context, user: Uuid) -> Result<(), Fault> {
    cx.announce(db, Topic::Users, Some(user)).await?;
    cx.announce(db, Topic::Apis, None).await
}

/// Locks a customer whom this actor may change: not themselves, and nobody who holds more.
async fn lock_below(
    db: &mut sqlx::PgConnection,
    cx: &Context,
    actor: &Actor,
    id: Uuid,
) -> Result<(User, SubjectFacts), Fault> {
    let user = people::store::lock(db, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    let held = cx.held_by(db, id).await?.ok_or(AppError::NotFound)?;
    if held.facts.category != Category::Customer {
        return Err(AppError::NotFound.into());
    }
    if actor.user_id == Some(id) {
        return Err(Refusal::Yourself.into());
    }
    if !actor.stands_above(&held.facts) {
        return Err(Refusal::NotYours.into());
    }
    Ok((user, SubjectFacts::clone(&held.facts)))
}

/// The groups that a form names, by id or in words.
///
/// # Errors
/// `Invalid` in `more_groups`: one of them is not here.
pub fn resolve_groups(actor: &Actor, ids: &[String], words: &str) -> Result<Vec<Uuid>, AppError> {
    let all = &actor.snapshot().facts().groups;
    let by_id = ids.iter().map(|id| {
        let id: Option<Uuid> = id.parse().ok();
        all.iter().find(|it| Some(it.id) == id)
    });
    let by_name = parts(words).map(|part| {
        let name = part.to_lowercase();
        all.iter().find(|it| it.name.to_lowercase() == name)
    });
    let mut groups = Vec::new();
    for found in by_id.chain(by_name) {
        let group = found.ok_or_else(|| AppError::field("more_groups", Problem::Unknown))?;
        if !groups.contains(&group.id) {
            groups.push(group.id);
        }
    }
    Ok(groups)
}

/// The grant ceiling of a Customer ID and of groups: the actor holds every API that they newly lead to, and on it all that the
/// customer's assignments permit (PITFALLS.md 24).
fn check_reach(actor: &Actor, before: &SubjectFacts, after: &SubjectFacts) -> Result<(), AppError> {
    let above = |before, after_ways| {
        newly_led_to(actor.snapshot().facts(), before, after_ways)
            .into_iter()
            .filter(|(_, until)| until.is_none_or(|until| until.unix_timestamp() > actor.at))
            .any(|(api, until)| {
                let held = after.assignments.iter().map(|it| (Category::Customer, it));
                !actor.gives_reach(held, api, until)
            })
    };
    if above((before.customer_id.as_deref(), &[]), (after.customer_id.as_deref(), &[])) {
        Err(AppError::field("customer_id", Problem::AboveYou))
    } else if above((None, &before.groups), (None, &after.groups)) {
        Err(AppError::field("more_groups", Problem::AboveYou))
    } else {
        Ok(())
    }
}

/// What a customer holds everywhere with another role: on as many APIs as before, without what was given beside the role.
fn with_role(customer: &SubjectFacts, role: Uuid) -> AssignmentFacts {
    let held =
        customer.assignments.iter().find(|it| it.role.is_some() && it.region.is_none() && it.organization.is_none());
    let apis = held.map_or(ApiScope::Chosen(Vec::new()), |it| it.apis.clone());
    let id = held.map_or_else(Uuid::nil, |it| it.id);
    AssignmentFacts { id, role: Some(role), apis, ..AssignmentFacts::everywhere(BuiltIn::Customer) }
}
