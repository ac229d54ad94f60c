//! Use cases of APIs.

use std::collections::BTreeSet;

use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    grants::store as grants,
    model::{Api, ApiDetail, ApiDraft, ApiForm},
    store,
};
use crate::{
    access::{
        self, Action, Actions, ApiScope, AssignmentFacts, BuiltIn, Category, Denial, Feature, Permissions, Question,
        Refused, SubjectFacts,
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

/// One page of the APIs that the reader sees, in the region that is looked at.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn list_apis(cx: &Context, query: &ListQuery) -> Result<Page<Api>, Fault> {
    let actor = cx.authorize(Action::View, Feature::Apis)?;
    let query = query.clone().cleaned();
    let filter = (!query.region.is_empty()).then_some(query.region.as_str());
    let region = cx.region.as_deref().or(filter);
    let seen = seen(cx, actor);
    let mut db = cx.app.pool.acquire().await?;
    let page = store::list(&mut db, cx.ws(), &query, region, seen.as_deref()).await?;
    Ok(page.map(|api| Api { counts: api.counts.filter(|_| is_of_team(actor)), ..api }))
}

/// One API.
///
/// # Errors
/// `Unauthorized`, `Denied`, or `NotFound`: also for one that the reader does not see.
pub async fn find_api(cx: &Context, id: Uuid) -> Result<ApiDetail, Fault> {
    let actor = cx.authorize(Action::View, Feature::Apis)?;
    let mut db = cx.app.pool.acquire().await?;
    let api = find_seen(&mut db, cx, actor, id).await?;
    let may = |action| is_of_team(actor) && ask_everywhere(actor, action, &api).is_ok();
    let (may_update, may_delete) = (may(Action::Update), may(Action::Delete));
    let (customer_ids, chosen_by) = if is_of_team(actor) {
        let ids = store::list_customer_ids(&mut db, cx.ws(), id).await?;
        (ids, store::count_chosen_by(&mut db, cx.ws(), id).await?)
    } else {
        (Vec::new(), 0)
    };
    let counts = api.counts.filter(|_| is_of_team(actor));
    Ok(ApiDetail { api: Api { counts, ..api }, customer_ids, chosen_by, may_update, may_delete })
}

/// Makes an API.
///
/// # Errors
/// `Invalid`: a mistake, a name or slug that is taken, Customer IDs of whoever does not hold every API. `Denied` where it may
/// not be made in each of its regions.
pub async fn create_api(cx: &Context, form: ApiForm) -> Result<Api, Fault> {
    let (mut tx, actor) = cx.begin_change(Action::View, Feature::Apis).await?;
    ask_team(&actor, Action::Create)?;
    ask_somewhere(&actor, Action::Create)?;
    let draft = form.check(&regions_of(&actor))?;
    let slug = form.check_slug()?;
    for region in &draft.regions {
        let question = Question { region: Some(region), ..Question::new(Action::Create, Feature::Apis, actor.at) };
        actor.ask(&question)?;
        // Whoever holds chosen APIs only would make one that is not theirs.
        let soon = time::OffsetDateTime::from_unix_timestamp(actor.at + 1).ok();
        if !holds_all(&actor, Action::Create, Some(region.clone()), soon) {
            return Err(AppError::Denied(Refused::new(&question, Denial::Api)).into());
        }
    }
    if !draft.customer_ids.is_empty() {
        let takers = Takers { customer_ids: draft.customer_ids.clone(), ..Takers::default() };
        let gives = holds_all(&actor, Action::View, None, None)
            && rights::service::gives_new_reach(&mut tx, cx, &actor, &takers).await?;
        if !gives {
            return Err(AppError::field("customer_ids", Problem::AboveYou).into());
        }
    }
    let id = Uuid::now_v7();
    store::insert(&mut tx, cx.ws(), id, &slug, &draft).await?;
    store::update_regions(&mut tx, cx.ws(), id, &draft.regions).await?;
    store::update_customer_ids(&mut tx, cx.ws(), id, &draft.customer_ids).await?;
    let api = store::find(&mut tx, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    let entry = audit::Entry { action: "api.create", kind: "api", id, label: &draft.name };
    audit::record(&mut tx, cx, entry, None::<&()>, Some(&draft)).await?;
    cx.announce(&mut tx, Topic::Apis, None).await?;
    tx.commit().await?;
    Ok(api)
}

/// Changes an API. Its slug stays.
///
/// # Errors
/// `NotFound`; `Denied` where it may not be changed in each region that it is in or comes to; `Invalid`: a mistake, a name that is
/// taken, a Customer ID added by whoever does not hold the API.
pub async fn edit_api(cx: &Context, form: ApiForm) -> Result<Api, Fault> {
    let (mut tx, actor) = cx.begin_change(Action::View, Feature::Apis).await?;
    ask_team(&actor, Action::Update)?;
    let id = form.id.ok_or(AppError::NotFound)?;
    let api = find_seen(&mut tx, cx, &actor, id).await?;
    ask_everywhere(&actor, Action::Update, &api)?;
    let draft = form.check(&regions_of(&actor))?;
    ask_everywhere(&actor, Action::Update, &Api { regions: draft.regions.clone(), ..api.clone() })?;
    let before = draft_of(&mut tx, cx, &api).await?;
    let known: BTreeSet<&String> = before.customer_ids.iter().collect();
    let new: Vec<String> = draft.customer_ids.iter().filter(|id| !known.contains(id)).cloned().collect();
    if !new.is_empty() {
        let takers = Takers { customer_ids: new, ..Takers::default() };
        if !rights::service::gives_reach(&mut tx, cx, &actor, &takers, &[(id, None)]).await? {
            return Err(AppError::field("customer_ids", Problem::AboveYou).into());
        }
    }
    store::update(&mut tx, cx.ws(), id, &draft).await?;
    store::update_regions(&mut tx, cx.ws(), id, &draft.regions).await?;
    store::update_customer_ids(&mut tx, cx.ws(), id, &draft.customer_ids).await?;
    let after = store::find(&mut tx, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    let entry = audit::Entry { action: "api.update", kind: "api", id, label: &draft.name };
    audit::record(&mut tx, cx, entry, Some(&before), Some(&draft)).await?;
    cx.announce(&mut tx, Topic::Apis, None).await?;
    tx.commit().await?;
    Ok(after)
}

/// Deletes an API: everybody loses it, and rights for chosen APIs are for the others alone (PITFALLS.md 13, 25).
///
/// # Errors
/// `NotFound`; `Denied` where it may not be deleted in each of its regions.
pub async fn delete_api(cx: &Context, id: Uuid) -> Result<String, Fault> {
    let (mut tx, actor) = cx.begin_change(Action::View, Feature::Apis).await?;
    ask_team(&actor, Action::Delete)?;
    let api = find_seen(&mut tx, cx, &actor, id).await?;
    ask_everywhere(&actor, Action::Delete, &api)?;
    let before = draft_of(&mut tx, cx, &api).await?;
    let gone = grants::delete_all(&mut tx, cx.ws(), id).await?;
    let users: Vec<Uuid> = gone.iter().filter_map(|(user, _)| *user).collect();
    let groups: Vec<Uuid> = gone.iter().filter_map(|(_, group)| *group).collect();
    let narrowed = store::list_chosen_by(&mut tx, cx.ws(), id).await?;
    let before = serde_json::json!({ "slug": api.slug, "api": before, "users": users, "groups": groups });
    store::delete(&mut tx, cx.ws(), id).await?;
    // Whoever held a role for this API alone has lost it: each has a line of their own.
    let (held, left) = (serde_json::json!({ "apis": [api.slug] }), serde_json::json!({ "apis": [] }));
    audit::record_each(&mut tx, cx, ("rights.change", "user"), &narrowed, &held, &left).await?;
    let entry = audit::Entry { action: "api.delete", kind: "api", id, label: &api.name };
    audit::record(&mut tx, cx, entry, Some(&before), None::<&()>).await?;
    cx.announce(&mut tx, Topic::Apis, None).await?;
    tx.commit().await?;
    Ok(api.name)
}

/// Who loses what by Revoke All Access to an API, or by deleting it.
///
/// # Errors
/// `NotFound`; `Denied` for who may not do it.
pub async fn preview_api(cx: &Context, id: Uuid, delete: bool) -> Result<Preview, Fault> {
    let actor = cx.authorize(Action::View, Feature::Apis)?;
    ask_team(actor, if delete { Action::Delete } else { Action::Update })?;
    let mut db = cx.app.pool.acquire().await?;
    let api = find_seen(&mut db, cx, actor, id).await?;
    ask_everywhere(actor, if delete { Action::Delete } else { Action::Update }, &api)?;
    let users = grants::list_reaching(&mut db, cx.ws(), id, MOST_PREVIEWED as i64 + 1).await?;
    let workspace = |facts: &mut access::WorkspaceFacts| {
        if delete {
            facts.apis.retain(|it| it.id != id);
        }
        facts.apis.iter_mut().filter(|it| it.id == id).for_each(|it| it.customer_ids.clear());
        facts.groups.iter_mut().for_each(|group| group.grants.retain(|it| it.api != id));
    };
    rights::service::preview(cx, &mut db, &users, workspace, |user| user.grants.retain(|it| it.api != id)).await
}

/// Whether somebody is of the team: who else has access to an API, and groups, are no matter of organizations and customers.
pub fn is_of_team(actor: &Actor) -> bool {
    actor.subject().category == Category::Teammate
}

/// Lets the team alone go on.
///
/// # Errors
/// `Denied`.
pub fn ask_team(actor: &Actor, action: Action) -> Result<(), AppError> {
    let question = Question::new(action, Feature::Apis, actor.at);
    if is_of_team(actor) { Ok(()) } else { Err(AppError::Denied(Refused::new(&question, Denial::Role))) }
}

/// The APIs that the reader sees in the region that is looked at; none for all of them. What they see is in the scope of what
/// they hold, or reached otherwise.
pub fn seen(cx: &Context, actor: &Actor) -> Option<Vec<Uuid>> {
    let all = &actor.snapshot().facts().apis;
    let question = Question::console(Action::View, Feature::Apis, cx.region.as_deref(), actor.at);
    let seen: Vec<Uuid> = all
        .iter()
        .filter(|api| actor.ask(&Question { api: Some(&api.slug), ..question }).is_ok())
        .map(|api| api.id)
        .collect();
    (seen.len() < all.len()).then_some(seen)
}

/// One API that the reader sees. One of another region than the one looked at is seen by who sees all regions.
///
/// # Errors
/// `NotFound`.
pub async fn find_seen(db: &mut PgConnection, cx: &Context, actor: &Actor, id: Uuid) -> Result<Api, Fault> {
    let api = store::find(db, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    let region = cx.region.as_deref().filter(|looked_at| api.regions.iter().any(|it| it == looked_at));
    let question = Question { api: Some(&api.slug), region, ..Question::new(Action::View, Feature::Apis, actor.at) };
    match actor.ask(&question) {
        Ok(()) => Ok(api),
        Err(_) => Err(AppError::NotFound.into()),
    }
}

/// Asks for every region that an API is in.
///
/// # Errors
/// `Denied`, for the first region where it may not be done.
pub fn ask_everywhere(actor: &Actor, action: Action, api: &Api) -> Result<(), AppError> {
    let question = Question { api: Some(&api.slug), ..Question::new(action, Feature::Apis, actor.at) };
    if api.regions.is_empty() {
        return actor.ask(&question);
    }
    api.regions.iter().try_for_each(|region| actor.ask(&Question { region: Some(region), ..question }))
}

/// Asks whether it may be done in all regions or in any one.
///
/// # Errors
/// `Denied`.
pub fn ask_somewhere(actor: &Actor, action: Action) -> Result<(), AppError> {
    let question = Question::new(action, Feature::Apis, actor.at);
    let regions = regions_of(actor);
    let anywhere = regions.iter().any(|region| actor.ask(&Question { region: Some(region), ..question }).is_ok());
    if anywhere { Ok(()) } else { actor.ask(&question) }
}

/// The slugs of the workspace's regions.
fn regions_of(actor: &Actor) -> Vec<&str> {
    actor.snapshot().facts().regions.iter().map(|region| region.slug.as_str()).collect()
}

/// Whether somebody holds an action on all APIs, those to come included, in a region or in all, until then.
fn holds_all(actor: &Actor, action: Action, region: Option<String>, until: Option<time::OffsetDateTime>) -> bool {
    let permissions = Permissions::from([(Feature::Apis.slug().to_owned(), Actions::of(&[action]))]);
    let everywhere = AssignmentFacts::everywhere(BuiltIn::Member);
    actor.gives(
        &SubjectFacts::newcomer(Category::Teammate),
        &AssignmentFacts { role: None, permissions, region, apis: ApiScope::All, until, ..everywhere },
    )
}

async fn draft_of(db: &mut PgConnection, cx: &Context, api: &Api) -> Result<ApiDraft, Fault> {
    Ok(ApiDraft {
        name: api.name.clone(),
        environment: api.environment,
        category: api.category.clone(),
        regions: api.regions.clone(),
        customer_ids: store::list_customer_ids(db, cx.ws(), api.id).await?,
    })
}
