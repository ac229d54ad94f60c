//! Use cases of API access.

use std::collections::BTreeSet;

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    model::{Access, AccessForm, Side, Suggestion},
    store::{self, Whose},
};
use crate::{
    access::{Action, Feature},
    accounts::address::read_address,
    apis::{
        model::Api,
        service::{ask_everywhere, ask_somewhere, ask_team, find_seen, seen},
        store as apis,
    },
    audit,
    error::{AppError, Problem},
    listing::{ListQuery, Page, SEARCH_FROM},
    platform::{
        context::{Actor, Context},
        fault::Fault,
    },
    rights::{
        self,
        model::{Takers, read_end},
    },
    ui::{live::Topic, search_pick::parts},
};

/// Suggestions of one search at most.
const MOST_SUGGESTED: i64 = 10;

/// How many one form may name of a kind.
const MOST_AT_ONCE: usize = 200;

/// One page of one side of those who have access to an API: `status` of the query names the side.
///
/// # Errors
/// `Unauthorized`, `Denied` or `NotFound`.
pub async fn list_access(cx: &Context, api: Uuid, query: &ListQuery) -> Result<Page<Access>, Fault> {
    let actor = cx.authorize(Action::View, Feature::Apis)?;
    ask_team(actor, Action::View)?;
    let mut db = cx.app.pool.acquire().await?;
    find_seen(&mut db, cx, actor, api).await?;
    Ok(store::list(&mut db, cx.ws(), api, Side::read(&query.status), query).await?)
}

/// Gives users, customers and groups access to an API; whoever has it already has it until then from now on. Tells the API's
/// name.
///
/// # Errors
/// `NotFound`; `Denied` where the API may not be changed in each of its regions; `Invalid`: nobody or somebody unknown is named,
/// the day has passed, or the actor does not hold the API for that long (PITFALLS.md 24).
pub async fn add_access(cx: &Context, form: AccessForm) -> Result<String, Fault> {
    let (mut tx, actor) = cx.begin_change(Action::View, Feature::Apis).await?;
    ask_team(&actor, Action::Update)?;
    let api = find_seen(&mut tx, cx, &actor, form.id).await?;
    ask_everywhere(&actor, Action::Update, &api)?;
    let people = find_people(&mut tx, cx, &form.people, &form.people_text).await?;
    let groups = find_groups(&mut tx, cx, &form.groups, &form.groups_text).await?;
    let (people, groups) = match (people, groups) {
        (Err(people), Ok(_)) => return Err(AppError::field("people_text", people).into()),
        (_, Err(groups)) => return Err(AppError::field("groups_text", groups).into()),
        (Ok(people), Ok(groups)) => (people, groups),
    };
    // An owner holds everything as it is.
    if people.iter().any(|(id, _)| Some(*id) == actor.user_id) && !actor.subject().owns() {
        return Err(AppError::field("people_text", Problem::Oneself).into());
    }
    if people.is_empty() && groups.is_empty() {
        return Err(AppError::field("people_text", Problem::Missing).into());
    }
    let until = last_day(&actor, &form.until)?;
    for (whose, name) in people
        .into_iter()
        .map(|(id, name)| (Whose::User(id), name))
        .chain(groups.into_iter().map(|(id, name)| (Whose::Group(id), name)))
    {
        grant(&mut tx, cx, &actor, &api, whose, &name, until).await?;
    }
    cx.announce(&mut tx, Topic::Apis, None).await?;
    tx.commit().await?;
    Ok(api.name)
}

/// Takes one grant away. Tells whose it was.
///
/// # Errors
/// `NotFound`; `Denied` where the API may not be changed in each of its regions.
pub async fn remove_access(cx: &Context, id: Uuid) -> Result<String, Fault> {
    let (mut tx, actor) = cx.begin_change(Action::View, Feature::Apis).await?;
    ask_team(&actor, Action::Update)?;
    let found = store::lock(&mut tx, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    let api = find_seen(&mut tx, cx, &actor, found.api).await?;
    ask_everywhere(&actor, Action::Update, &api)?;
    store::delete(&mut tx, cx.ws(), id).await?;
    let entry = audit::Entry { action: "access.remove", kind: "api", id: api.id, label: &api.name };
    let before = serde_json::json!({ "of": found.name, "until": found.until.map(OffsetDateTime::unix_timestamp) });
    audit::record(&mut tx, cx, entry, Some(&before), None::<&()>).await?;
    cx.announce(&mut tx, Topic::Apis, None).await?;
    if let Some(user) = found.user {
        cx.announce(&mut tx, Topic::Users, Some(user)).await?;
    }
    tx.commit().await?;
    Ok(found.name)
}

/// Takes an API from everybody: every grant of it, and the Customer IDs that it serves. Tells its name.
///
/// # Errors
/// `NotFound`; `Denied` where the API may not be changed in each of its regions.
pub async fn revoke_all_access(cx: &Context, id: Uuid) -> Result<String, Fault> {
    let (mut tx, actor) = cx.begin_change(Action::View, Feature::Apis).await?;
    ask_team(&actor, Action::Update)?;
    let api = find_seen(&mut tx, cx, &actor, id).await?;
    ask_everywhere(&actor, Action::Update, &api)?;
    let customer_ids = apis::list_customer_ids(&mut tx, cx.ws(), id).await?;
    let gone = store::delete_all(&mut tx, cx.ws(), id).await?;
    let users: Vec<Uuid> = gone.iter().filter_map(|(user, _)| *user).collect();
    let groups: Vec<Uuid> = gone.iter().filter_map(|(_, group)| *group).collect();
    let entry = audit::Entry { action: "access.revoke-all", kind: "api", id, label: &api.name };
    let before = serde_json::json!({ "users": users, "groups": groups, "customer_ids": customer_ids });
    let after = serde_json::json!({ "users": [], "groups": [], "customer_ids": [] });
    audit::record(&mut tx, cx, entry, Some(&before), Some(&after)).await?;
    cx.announce(&mut tx, Topic::Apis, None).await?;
    for user in users {
        cx.announce(&mut tx, Topic::Users, Some(user)).await?;
    }
    tx.commit().await?;
    Ok(api.name)
}

/// Grants an API, or moves the end of a grant, within a change: the one place where it is done.
///
/// # Errors
/// `Invalid`: the actor does not hold the API for that long, or not all that it would permit to whom it is granted (PITFALLS.md 24).
pub async fn grant(
    db: &mut PgConnection,
    cx: &Context,
    actor: &Actor,
    api: &Api,
    whose: Whose,
    name: &str,
    until: Option<OffsetDateTime>,
) -> Result<(), Fault> {
    let takers = Takers {
        users: whose.user().into_iter().collect(),
        groups: whose.group().into_iter().collect(),
        ..Takers::default()
    };
    if !rights::service::gives_reach(db, cx, actor, &takers, &[(api.id, until)]).await? {
        return Err(AppError::field("until", Problem::AboveYou).into());
    }
    let before = store::find_until(db, cx.ws(), api.id, whose).await?;
    store::upsert(db, cx.ws(), api.id, whose, until, (actor.user_id, &actor.full_name)).await?;
    let told = |until: Option<OffsetDateTime>| serde_json::json!({ "to": name, "until": until.map(OffsetDateTime::unix_timestamp) });
    let entry = audit::Entry { action: "access.add", kind: "api", id: api.id, label: &api.name };
    audit::record(db, cx, entry, before.map(told).as_ref(), Some(&told(until))).await?;
    if let Some(user) = whose.user() {
        cx.announce(db, Topic::Users, Some(user)).await?;
    }
    Ok(())
}

/// The end of the last day that a form names.
///
/// # Errors
/// `Invalid`.
pub fn last_day(actor: &Actor, typed: &str) -> Result<Option<OffsetDateTime>, AppError> {
    read_end(typed, actor.at).map_err(|problem| AppError::field("until", problem))
}

/// Users and customers to choose from, for who may change some API.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn search_people(cx: &Context, part: &str) -> Result<Vec<Suggestion>, Fault> {
    let Some(part) = searched(cx, part)? else { return Ok(Vec::new()) };
    let mut db = cx.app.pool.acquire().await?;
    Ok(store::search_people(&mut db, cx.ws(), &part, MOST_SUGGESTED).await?)
}

/// Groups to choose from, for who may change some API.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn search_groups(cx: &Context, part: &str) -> Result<Vec<Suggestion>, Fault> {
    let Some(part) = searched(cx, part)? else { return Ok(Vec::new()) };
    let mut db = cx.app.pool.acquire().await?;
    Ok(store::search_groups(&mut db, cx.ws(), &part, MOST_SUGGESTED).await?)
}

/// APIs to choose from that the reader sees, for who may change some API.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn search_apis(cx: &Context, part: &str) -> Result<Vec<Suggestion>, Fault> {
    let Some(part) = searched(cx, part)? else { return Ok(Vec::new()) };
    let seen = seen(cx, cx.signed_in()?);
    let mut db = cx.app.pool.acquire().await?;
    let found = apis::search(&mut db, cx.ws(), &part, cx.region.as_deref(), seen.as_deref(), MOST_SUGGESTED).await?;
    Ok(found.into_iter().map(|(id, name, slug)| Suggestion { id, name, hint: slug }).collect())
}

/// What is searched for, if it is long enough.
fn searched(cx: &Context, part: &str) -> Result<Option<String>, Fault> {
    let actor = cx.authorize(Action::View, Feature::Apis)?;
    ask_team(actor, Action::Update)?;
    ask_somewhere(actor, Action::Update)?;
    let part: String = part.trim().chars().filter(|c| !c.is_control()).collect();
    Ok((part.chars().count() >= SEARCH_FROM).then_some(part))
}

/// Those whom a form names: by id, and by address or name. Each is here, and each text means one alone.
///
/// # Errors
/// When the database fails; inside, what is wrong with the field.
pub async fn find_people(
    db: &mut PgConnection,
    cx: &Context,
    ids: &[String],
    typed: &str,
) -> Result<Result<Vec<(Uuid, String)>, Problem>, Fault> {
    let (ids, texts) = match named(ids, typed) {
        Ok(named) => named,
        Err(problem) => return Ok(Err(problem)),
    };
    let mut found = store::find_people(db, cx.ws(), &ids, "", "").await?;
    if found.len() < ids.len() {
        return Ok(Err(Problem::Unknown));
    }
    for text in texts {
        let address = read_address(text).map(|address| address.key).unwrap_or_default();
        match store::find_people(db, cx.ws(), &[], &address, &text.to_lowercase()).await?.as_slice() {
            [one] => found.push(one.clone()),
            _ => return Ok(Err(Problem::Unknown)),
        }
    }
    Ok(Ok(distinct(found)))
}

/// The groups that a form names: by id, and by name.
///
/// # Errors
/// When the database fails; inside, what is wrong with the field.
pub async fn find_groups(
    db: &mut PgConnection,
    cx: &Context,
    ids: &[String],
    typed: &str,
) -> Result<Result<Vec<(Uuid, String)>, Problem>, Fault> {
    let (ids, texts) = match named(ids, typed) {
        Ok(named) => named,
        Err(problem) => return Ok(Err(problem)),
    };
    let mut found = store::find_groups(db, cx.ws(), &ids, "").await?;
    if found.len() < ids.len() {
        return Ok(Err(Problem::Unknown));
    }
    for text in texts {
        match store::find_groups(db, cx.ws(), &[], &text.to_lowercase()).await?.as_slice() {
            [one] => found.push(one.clone()),
            _ => return Ok(Err(Problem::Unknown)),
        }
    }
    Ok(Ok(distinct(found)))
}

/// What a field of ids and text names.
///
/// # Errors
/// What is wrong with the field.
pub fn named<'a>(ids: &[String], typed: &'a str) -> Result<(Vec<Uuid>, Vec<&'a str>), Problem> {
    let ids: BTreeSet<Uuid> =
        ids.iter().map(|id| id.parse().map_err(|_| Problem::Unknown)).collect::<Result<_, _>>()?;
    let texts: Vec<&str> = parts(typed).collect();
    if ids.len() + texts.len() > MOST_AT_ONCE {
        return Err(Problem::TooLong);
    }
    if texts.iter().any(|text| text.chars().any(char::is_control)) {
        return Err(Problem::Forbidden);
    }
    Ok((ids.into_iter().collect(), texts))
}

fn distinct(mut found: Vec<(Uuid, String)>) -> Vec<(Uuid, String)> {
    found.sort();
    found.dedup();
    found
}
