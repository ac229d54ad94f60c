//! Use cases of groups. They are the whole workspace's: whoever changes one may do so for all regions.

use uuid::Uuid;

use super::{
    model::{Group, GroupApi, GroupApisForm, GroupChange, GroupForm, Member},
    store::{self, Sight},
};
use crate::{
    access::{Action, Feature, GrantFacts, Question, SubjectFacts, WorkspaceFacts},
    accounts::model::check_name,
    apis::{
        grants::{
            service::{find_people, grant, last_day, named},
            store::Whose,
        },
        model::Api,
        service::{ask_everywhere, ask_team, find_seen, seen},
    },
    audit,
    error::{AppError, Problem},
    listing::{ListQuery, Page},
    platform::{
        context::{Actor, Context},
        fault::Fault,
    },
    rights::{
        self,
        model::{MOST_PREVIEWED, Preview, Takers},
    },
    ui::live::Topic,
};

/// One page of the groups.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn list_groups(cx: &Context, query: &ListQuery) -> Result<Page<Group>, Fault> {
    let actor = reader(cx)?;
    let seen = seen(cx, actor);
    let mut db = cx.app.pool.acquire().await?;
    Ok(store::list(&mut db, cx.ws(), &query.clone().cleaned(), sight(cx, seen.as_deref())).await?)
}

/// One group.
///
/// # Errors
/// `Unauthorized`, `Denied` or `NotFound`.
pub async fn find_group(cx: &Context, id: Uuid) -> Result<Group, Fault> {
    let actor = reader(cx)?;
    let seen = seen(cx, actor);
    let mut db = cx.app.pool.acquire().await?;
    Ok(store::find(&mut db, cx.ws(), id, sight(cx, seen.as_deref())).await?.ok_or(AppError::NotFound)?)
}

/// One page of the members of a group.
///
/// # Errors
/// `Unauthorized`, `Denied` or `NotFound`.
pub async fn list_members(cx: &Context, id: Uuid, query: &ListQuery) -> Result<Page<Member>, Fault> {
    reader(cx)?;
    let mut db = cx.app.pool.acquire().await?;
    lock(&mut db, cx, id).await?;
    Ok(store::list_members(&mut db, cx.ws(), id, query).await?)
}

/// One page of the APIs of a group that the reader sees.
///
/// # Errors
/// `Unauthorized`, `Denied` or `NotFound`.
pub async fn list_group_apis(cx: &Context, id: Uuid, query: &ListQuery) -> Result<Page<GroupApi>, Fault> {
    let actor = reader(cx)?;
    let seen = seen(cx, actor);
    let mut db = cx.app.pool.acquire().await?;
    lock(&mut db, cx, id).await?;
    Ok(store::list_apis(&mut db, cx.ws(), id, query, sight(cx, seen.as_deref())).await?)
}

/// Makes a group, with its first members.
///
/// # Errors
/// `Invalid`: no name, one that is taken, or somebody unknown.
pub async fn create_group(cx: &Context, form: GroupForm) -> Result<(Uuid, String), Fault> {
    let (mut tx, actor) = cx.begin_change(Action::Create, Feature::Apis).await?;
    ask_team(&actor, Action::Create)?;
    let name = check_name(&form.name).map_err(|problem| AppError::field("name", problem))?;
    let people = people_of(&mut tx, cx, &actor, &form).await?;
    let id = Uuid::now_v7();
    store::insert(&mut tx, cx.ws(), id, &name).await?;
    let ids: Vec<Uuid> = people.iter().map(|(id, _)| *id).collect();
    store::insert_members(&mut tx, cx.ws(), id, &ids).await?;
    let after = serde_json::json!({ "name": name, "members": people });
    record(&mut tx, cx, "group.create", id, &name, None, Some(after)).await?;
    announce(&mut tx, cx, &ids).await?;
    tx.commit().await?;
    Ok((id, name))
}

/// Gives a group another name.
///
/// # Errors
/// `NotFound`; `Denied` where an API of it may not be changed; `Invalid`: no name, or one that is taken.
pub async fn edit_group(cx: &Context, form: GroupForm) -> Result<(Uuid, String), Fault> {
    let (mut tx, actor) = cx.begin_change(Action::Update, Feature::Apis).await?;
    ask_team(&actor, Action::Update)?;
    let before = lock(&mut tx, cx, form.id.ok_or(AppError::NotFound)?).await?;
    ask_of_each(&mut tx, cx, &actor, Action::Update, before.id).await?;
    let name = check_name(&form.name).map_err(|problem| AppError::field("name", problem))?;
    store::update_name(&mut tx, cx.ws(), before.id, &name).await?;
    let named = |name: &str| Some(serde_json::json!({ "name": name }));
    record(&mut tx, cx, "group.update", before.id, &name, named(&before.name), named(&name)).await?;
    announce(&mut tx, cx, &[]).await?;
    tx.commit().await?;
    Ok((before.id, name))
}

/// Deletes a group: its members lose what it alone gave them.
///
/// # Errors
/// `NotFound`; `Denied` where an API of it may not be deleted.
pub async fn delete_group(cx: &Context, id: Uuid) -> Result<String, Fault> {
    let (mut tx, actor) = cx.begin_change(Action::Delete, Feature::Apis).await?;
    ask_team(&actor, Action::Delete)?;
    let group = lock(&mut tx, cx, id).await?;
    ask_of_each(&mut tx, cx, &actor, Action::Delete, id).await?;
    let members = store::list_member_ids(&mut tx, cx.ws(), id, i64::MAX).await?;
    let grants = grants_of(&actor, id);
    store::delete(&mut tx, cx.ws(), id).await?;
    let before = serde_json::json!({ "name": group.name, "members": members, "apis": grants });
    record(&mut tx, cx, "group.delete", id, &group.name, Some(before), None).await?;
    announce(&mut tx, cx, &members).await?;
    tx.commit().await?;
    Ok(group.name)
}

/// Puts users and customers into a group. Tells its name.
///
/// # Errors
/// `NotFound`; `Invalid`: nobody or somebody unknown is named, or the group gives an API that the actor does not hold for as long
/// (PITFALLS.md 24).
pub async fn add_members(cx: &Context, form: GroupForm) -> Result<String, Fault> {
    let (mut tx, actor) = cx.begin_change(Action::Update, Feature::Apis).await?;
    ask_team(&actor, Action::Update)?;
    let group = lock(&mut tx, cx, form.id.ok_or(AppError::NotFound)?).await?;
    let people = people_of(&mut tx, cx, &actor, &form).await?;
    if people.is_empty() {
        return Err(AppError::field("people_text", Problem::Missing).into());
    }
    let ids: Vec<Uuid> = people.iter().map(|(id, _)| *id).collect();
    let led_to: Vec<_> = lasting(&actor, group.id).into_iter().map(|grant| (grant.api, grant.until)).collect();
    let takers = Takers { users: ids.clone(), ..Takers::default() };
    if !rights::service::gives_reach(&mut tx, cx, &actor, &takers, &led_to).await? {
        return Err(AppError::field("people_text", Problem::AboveYou).into());
    }
    ask_of_each(&mut tx, cx, &actor, Action::Update, group.id).await?;
    let new = store::insert_members(&mut tx, cx.ws(), group.id, &ids).await?;
    let added: Vec<&(Uuid, String)> = people.iter().filter(|(id, _)| new.contains(id)).collect();
    let (before, after) = (serde_json::json!({ "members": [] }), serde_json::json!({ "members": added }));
    record(&mut tx, cx, "group.add-members", group.id, &group.name, Some(before), Some(after)).await?;
    announce(&mut tx, cx, &new).await?;
    tx.commit().await?;
    Ok(group.name)
}

/// Takes somebody out of a group. Tells its name.
///
/// # Errors
/// `NotFound`, also for somebody who is not in it; `Denied` where an API of it may not be changed.
pub async fn remove_member(cx: &Context, id: Uuid, member: Uuid) -> Result<String, Fault> {
    let (mut tx, actor) = cx.begin_change(Action::Update, Feature::Apis).await?;
    ask_team(&actor, Action::Update)?;
    let group = lock(&mut tx, cx, id).await?;
    ask_of_each(&mut tx, cx, &actor, Action::Update, id).await?;
    if !store::delete_member(&mut tx, cx.ws(), id, member).await? {
        return Err(AppError::NotFound.into());
    }
    let names = rights::store::list_names(&mut tx, cx.ws(), &[member]).await?;
    let (before, after) = (serde_json::json!({ "members": names }), serde_json::json!({ "members": [] }));
    record(&mut tx, cx, "group.remove-member", id, &group.name, Some(before), Some(after)).await?;
    announce(&mut tx, cx, &[member]).await?;
    tx.commit().await?;
    Ok(group.name)
}

/// Assigns APIs to a group, or moves the end of what is assigned. Tells its name.
///
/// # Errors
/// `NotFound`; `Denied` where an API may not be changed in each of its regions; `Invalid`: none or an unknown one is named, the
/// day has passed, or the actor does not hold one for that long (PITFALLS.md 24).
pub async fn add_group_apis(cx: &Context, form: GroupApisForm) -> Result<String, Fault> {
    let (mut tx, actor) = cx.begin_change(Action::Update, Feature::Apis).await?;
    ask_team(&actor, Action::Update)?;
    let group = lock(&mut tx, cx, form.id).await?;
    let apis = apis_of(&mut tx, cx, &actor, &form).await?;
    let until = last_day(&actor, &form.until)?;
    for api in apis {
        ask_everywhere(&actor, Action::Update, &api)?;
        grant(&mut tx, cx, &actor, &api, Whose::Group(group.id), &group.name, until).await?;
    }
    announce(&mut tx, cx, &[]).await?;
    tx.commit().await?;
    Ok(group.name)
}

/// Who gains and who loses what by a change of a group.
///
/// # Errors
/// `NotFound`; `Denied` for who may not change groups.
pub async fn preview_group(cx: &Context, change: GroupChange) -> Result<Preview, Fault> {
    let actor = cx.authorize(if change.delete { Action::Delete } else { Action::Update }, Feature::Apis)?;
    ask_team(actor, Action::Update)?;
    let mut db = cx.app.pool.acquire().await?;
    let id = change.id;
    lock(&mut db, cx, id).await?;
    let mut users = change.add_members;
    users.extend(change.remove_member);
    let (joins, leaves) = (change.remove_member.is_none() && !users.is_empty(), change.remove_member.is_some());
    if users.is_empty() {
        users = store::list_member_ids(&mut db, cx.ws(), id, MOST_PREVIEWED as i64 + 1).await?;
    }
    let workspace = |facts: &mut WorkspaceFacts| {
        let Some(group) = facts.groups.iter_mut().find(|group| group.id == id) else { return };
        let gone = |api: Uuid| change.delete || change.remove_api == Some(api);
        group.grants.retain(|grant| !gone(grant.api));
        group.grants.extend(change.add_apis.iter().map(|api| GrantFacts { api: *api, until: None }));
    };
    let each = |user: &mut SubjectFacts| {
        if leaves {
            user.groups.retain(|group| *group != id);
        } else if joins && !user.groups.contains(&id) {
            user.groups.push(id);
        }
    };
    rights::service::preview(cx, &mut db, &users, workspace, each).await
}

/// Whoever may look at groups.
fn reader(cx: &Context) -> Result<&Actor, Fault> {
    let actor = cx.authorize(Action::View, Feature::Apis)?;
    ask_team(actor, Action::View)?;
    Ok(actor)
}

fn sight<'a>(cx: &'a Context, seen: Option<&'a [Uuid]>) -> Sight<'a> {
    Sight { seen, region: cx.region.as_deref() }
}

/// A group of this workspace. In a change, the workspace's rights are held, so that it stays.
async fn lock(db: &mut sqlx::PgConnection, cx: &Context, id: Uuid) -> Result<Group, Fault> {
    Ok(store::find(db, cx.ws(), id, Sight::default()).await?.ok_or(AppError::NotFound)?)
}

fn grants_of(actor: &Actor, group: Uuid) -> Vec<GrantFacts> {
    let groups = &actor.snapshot().facts().groups;
    groups.iter().find(|it| it.id == group).map(|it| it.grants.clone()).unwrap_or_default()
}

/// What a group leads to still.
fn lasting(actor: &Actor, group: Uuid) -> Vec<GrantFacts> {
    let lasts = |grant: &GrantFacts| grant.until.is_none_or(|until| until.unix_timestamp() > actor.at);
    grants_of(actor, group).into_iter().filter(lasts).collect()
}

/// Asks for each API that a group leads to, in each of its regions: who is in it is a matter of all of them.
async fn ask_of_each(
    db: &mut sqlx::PgConnection,
    cx: &Context,
    actor: &Actor,
    action: Action,
    group: Uuid,
) -> Result<(), Fault> {
    let apis: Vec<Uuid> = lasting(actor, group).iter().map(|grant| grant.api).collect();
    for (slug, region) in store::list_places(db, cx.ws(), &apis).await? {
        let question = Question::new(action, Feature::Apis, actor.at);
        actor.ask(&Question { api: Some(&slug), region: region.as_deref(), ..question })?;
    }
    Ok(())
}

/// The people that a form names: others than the actor, unless that is an owner, who holds everything as it is.
async fn people_of(
    db: &mut sqlx::PgConnection,
    cx: &Context,
    actor: &Actor,
    form: &GroupForm,
) -> Result<Vec<(Uuid, String)>, Fault> {
    let wrong = |problem| AppError::field("people_text", problem);
    let found = find_people(db, cx, &form.people, &form.people_text).await?.map_err(wrong)?;
    if found.iter().any(|(id, _)| Some(*id) == actor.user_id) && !actor.subject().owns() {
        return Err(wrong(Problem::Oneself).into());
    }
    Ok(found)
}

/// The APIs that a form names, of those that the actor sees.
async fn apis_of(
    db: &mut sqlx::PgConnection,
    cx: &Context,
    actor: &Actor,
    form: &GroupApisForm,
) -> Result<Vec<Api>, Fault> {
    let wrong = |problem| AppError::field("apis_text", problem);
    let (mut ids, texts) = named(&form.apis, &form.apis_text).map_err(wrong)?;
    for text in texts {
        let typed = text.to_lowercase();
        let known = &actor.snapshot().facts().apis;
        let meant = known.iter().find(|api| api.slug == typed || api.name.to_lowercase() == typed);
        ids.push(meant.ok_or(wrong(Problem::Unknown))?.id);
    }
    ids.sort();
    ids.dedup();
    if ids.is_empty() {
        return Err(wrong(Problem::Missing).into());
    }
    let mut apis: Vec<Api> = Vec::new();
    for id in ids {
        apis.push(match find_seen(db, cx, actor, id).await {
            Err(Fault::Told(AppError::NotFound)) => return Err(wrong(Problem::Unknown).into()),
            found => found?,
        });
    }
    Ok(apis)
}

async fn record(
    db: &mut sqlx::PgConnection,
    cx: &Context,
    action: &'static str,
    id: Uuid,
    label: &str,
    before: Option<serde_json::Value>,
    after: Option<serde_json::Value>,
) -> Result<(), Fault> {
    let entry = audit::Entry { action, kind: "group", id, label };
    audit::record(db, cx, entry, before.as_ref(), after.as_ref()).await
}

async fn announce(db: &mut sqlx::PgConnection, cx: &Context, users: &[Uuid]) -> Result<(), Fault> {
    for user in users {
        cx.announce(db, Topic::Users, Some(*user)).await?;
    }
    cx.announce(db, Topic::Apis, None).await
}
