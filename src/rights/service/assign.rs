//! Giving, changing and taking assignments. Each is one transaction: authorize, change, audit, announce.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::{preview, show::sight};
use crate::{
    access::{
        AccessSnapshot, Action, ApiScope, AssignmentFacts, Category, Feature, Permissions, RoleRef, SubjectFacts,
    },
    audit,
    error::{AppError, Problem, Problems, Refusal},
    people,
    platform::{
        context::{Actor, Context},
        fault::Fault,
    },
    rights::{
        model::{AssignForm, AssignmentRow, Change, EVERYWHERE, Parts, Preview, Shown, TakeForm, end_of, read_day},
        store,
    },
    ui::live::Topic,
    workspaces::{self, model::Plan},
};

/// Gives or changes what the form says, and tells whose it is.
///
/// # Errors
/// As `put_rights`; `Invalid` with no field where the form only asks what would change.
pub async fn save_rights(cx: &Context, form: &AssignForm) -> Result<String, Fault> {
    let actor = cx.authorize(Action::Update, Feature::Team)?;
    let (id, change) = read(form, actor.snapshot())?;
    if form.show {
        return Err(AppError::Invalid(BTreeMap::new()).into());
    }
    put_rights(cx, form.user, id, &change).await
}

/// Who gains and who loses by what the form says.
///
/// # Errors
/// `Unauthorized`, `Denied`, `NotFound`, or `Invalid` where the form is not understood.
pub async fn preview_rights(cx: &Context, form: &AssignForm) -> Result<Preview, Fault> {
    let actor = cx.authorize(Action::Update, Feature::Team)?;
    let (id, change) = read(form, actor.snapshot())?;
    let mut db = cx.app.pool.acquire().await?;
    let held = cx.held_by(&mut db, form.user).await?.ok_or(AppError::NotFound)?;
    people::service::ask_accounts(cx, actor, Action::Update, &held.facts)?;
    let base = base(&held.facts, id)?;
    check_seen(cx, actor, &base, &change)?;
    let after = change.apply(&base, |area| held.snapshot.offered(area));
    let each = |facts: &mut SubjectFacts| match facts.assignments.iter_mut().find(|it| Some(it.id) == id) {
        Some(it) => *it = after.clone(),
        None => facts.assignments.push(after.clone()),
    };
    preview(cx, &mut db, &[form.user], |_| {}, each).await
}

/// Changes an assignment, or gives a new one where none is named: the parts that the change names, and no others. Counts from the
/// user's next request on.
///
/// # Errors
/// `Invalid`, `NotFound`, or `Refused`: oneself, somebody above one, the last owner, the organizations of an organization user.
pub async fn put_rights(cx: &Context, user: Uuid, id: Option<Uuid>, change: &Change) -> Result<String, Fault> {
    let (mut tx, actor) = cx.begin_change(Action::Update, Feature::Team).await?;
    let person = people::service::lock_below(&mut tx, cx, &actor, Action::Update, user).await?;
    let held = cx.held_by(&mut tx, user).await?.ok_or(AppError::NotFound)?;
    let before = base(&held.facts, id)?;
    check_seen(cx, &actor, &before, change)?;
    let after = change.apply(&before, |area| actor.snapshot().offered(area));
    let (plan, _) = workspaces::store::find_plan(&mut tx, cx.ws()).await?;
    check(&actor, &held.facts, plan, &after, change)?;
    let line = |it: &AssignmentFacts| AssignmentRow::new(actor.snapshot(), it, actor.at);
    let (action, was) = match id {
        Some(_) if before == after => return Ok(person.full_name),
        Some(_) => {
            store::update(&mut tx, cx.ws(), &after, actor.user_id, &actor.full_name).await?;
            ("rights.change", Some(line(&before)))
        }
        None => {
            let kind = held.facts.category;
            store::insert(&mut tx, cx.ws(), user, kind, &after, actor.user_id, &actor.full_name).await?;
            ("rights.give", None)
        }
    };
    let entry = audit::Entry { action, kind: "user", id: user, label: &person.full_name };
    audit::record(&mut tx, cx, entry, was.as_ref(), Some(&line(&after))).await?;
    cx.announce(&mut tx, Topic::Users, Some(user)).await?;
    tx.commit().await?;
    Ok(person.full_name)
}

/// Takes an assignment away, and tells whose it was.
///
/// # Errors
/// `NotFound`, or `Refused`: oneself, somebody above one, the last owner, the last organization of an organization user.
pub async fn take_rights(cx: &Context, form: &TakeForm) -> Result<String, Fault> {
    let (mut tx, actor) = cx.begin_change(Action::Update, Feature::Team).await?;
    let person = people::service::lock_below(&mut tx, cx, &actor, Action::Update, form.user).await?;
    let held = cx.held_by(&mut tx, form.user).await?.ok_or(AppError::NotFound)?;
    let before = base(&held.facts, Some(form.id))?;
    store::delete(&mut tx, cx.ws(), form.id).await?;
    let entry = audit::Entry { action: "rights.take", kind: "user", id: form.user, label: &person.full_name };
    let line = AssignmentRow::new(actor.snapshot(), &before, actor.at);
    audit::record(&mut tx, cx, entry, Some(&line), None::<&()>).await?;
    cx.announce(&mut tx, Topic::Users, Some(form.user)).await?;
    tx.commit().await?;
    Ok(person.full_name)
}

/// What a form gives to somebody who is not here yet, checked like every assignment.
///
/// # Errors
/// `Invalid`: a field is not understood, or is above the actor.
pub fn read_new(actor: &Actor, plan: Plan, category: Category, form: &AssignForm) -> Result<AssignmentFacts, AppError> {
    let nobody = SubjectFacts::newcomer(category);
    let (_, change) = read(form, actor.snapshot())?;
    let after = change.apply(&base(&nobody, None)?, |area| actor.snapshot().offered(area));
    check(actor, &nobody, plan, &after, &change)?;
    Ok(after)
}

/// What is changed: an assignment of the user's, or a new one that gives nothing yet. Customers reach what leads to them; everybody
/// else has all APIs in scope unless some are chosen.
pub(super) fn base(facts: &SubjectFacts, id: Option<Uuid>) -> Result<AssignmentFacts, AppError> {
    match id {
        Some(id) => facts.assignments.iter().find(|it| it.id == id).cloned().ok_or(AppError::NotFound),
        None => Ok(AssignmentFacts {
            id: Uuid::now_v7(),
            role: None,
            permissions: Permissions::new(),
            region: None,
            organization: None,
            apis: match facts.category {
                Category::Customer => ApiScope::Chosen(Vec::new()),
                _ => ApiScope::All,
            },
            until: None,
        }),
    }
}

/// Understands a form: which assignment, and which parts of it are not what the form showed at first.
fn read(form: &AssignForm, snapshot: &AccessSnapshot) -> Result<(Option<Uuid>, Change), AppError> {
    let id = match form.id.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| AppError::NotFound)?),
    };
    let was: Option<Shown> = match form.was.as_str() {
        "" => None,
        was => Some(serde_json::from_str(was).map_err(|_| AppError::Refused(Refusal::BadForm))?),
    };
    let now = form.shown();
    let moved = |part: fn(&Shown) -> &String| was.as_ref().is_none_or(|was| part(was) != part(&now));
    let none = BTreeSet::new();
    let ticked = was.as_ref().map_or(&none, |was| &was.areas);
    let mut problems = Problems::default();
    let role = match now.role.as_str() {
        "" if id.is_none() => Err(Problem::Missing),
        "" => Ok(None),
        _ if !moved(|it| &it.role) => Ok(None),
        key => RoleRef::read_key(key).map(Some).ok_or(Problem::Choice),
    };
    let apis = match now.scope.as_str() {
        "" => Ok(None),
        "all" => Ok(moved(|it| &it.scope).then_some(ApiScope::All)),
        "chosen" if !moved(|it| &it.scope) && was.as_ref().is_some_and(|was| was.apis == now.apis) => Ok(None),
        "chosen" => {
            let id = |slug: &String| snapshot.facts().apis.iter().find(|api| api.slug == *slug).map(|api| api.id);
            let ids: Option<Vec<Uuid>> = now.apis.iter().map(id).collect();
            ids.map(|ids| Some(ApiScope::Chosen(ids))).ok_or(Problem::Unknown)
        }
        _ => Err(Problem::Choice),
    };
    let region = match now.region.as_str() {
        "" => None,
        _ if !moved(|it| &it.region) => None,
        EVERYWHERE => Some(None),
        slug => Some(Some(slug.to_owned())),
    };
    let organization = match now.organization.as_str() {
        _ if !moved(|it| &it.organization) => Ok(None),
        "" => Ok(Some(None)),
        typed => find_organization(snapshot, typed).map(|id| Some(Some(id))).ok_or(Problem::Unknown),
    };
    let until = match moved(|it| &it.until) {
        true => read_day(&now.until).map(|day| Some(day.map(end_of))),
        false => Ok(None),
    };
    let role = problems.take("role", role);
    let apis = problems.take("apis", apis);
    let organization = problems.take("organization", organization);
    let until = problems.take("until", until);
    match (role, apis, organization, until, problems.error()) {
        (Some(role), Some(apis), Some(organization), Some(until), None) => {
            let give = now.areas.difference(ticked).cloned().collect();
            let take = ticked.difference(&now.areas).cloned().collect();
            Ok((id, Change { role, give, take, apis, region, organization, until }))
        }
        (.., error) => Err(error.unwrap_or(AppError::Transport)),
    }
}

/// What the actor does not see is as unknown to them as what is not there, unless it is there already (PITFALLS.md 27).
fn check_seen(cx: &Context, actor: &Actor, before: &AssignmentFacts, change: &Change) -> Result<(), AppError> {
    let sight = sight(cx, actor);
    let chosen: &[Uuid] = match &before.apis {
        ApiScope::Chosen(chosen) => chosen,
        ApiScope::All => &[],
    };
    let apis: &[Uuid] = match &change.apis {
        Some(ApiScope::Chosen(apis)) => apis,
        _ => &[],
    };
    let mut problems = Problems::default();
    if apis.iter().any(|api| !sight.api(*api) && !chosen.contains(api)) {
        let _: Option<()> = problems.take("apis", Err(Problem::Unknown));
    }
    let organization = change.organization.flatten().filter(|id| before.organization != Some(*id));
    if organization.is_some_and(|id| !sight.organization(id)) {
        let _: Option<()> = problems.take("organization", Err(Problem::Unknown));
    }
    problems.error().map_or(Ok(()), Err)
}

/// An organization by its slug, or by its name however it is cased.
pub(super) fn find_organization(snapshot: &AccessSnapshot, typed: &str) -> Option<Uuid> {
    let all = &snapshot.facts().organizations;
    let name = typed.to_lowercase();
    all.iter()
        .find(|it| it.slug == typed)
        .or_else(|| all.iter().find(|it| it.name.to_lowercase() == name))
        .map(|it| it.id)
}

/// Whether this actor may leave somebody of this kind with this assignment.
fn check(
    actor: &Actor,
    taker: &SubjectFacts,
    plan: Plan,
    after: &AssignmentFacts,
    change: &Change,
) -> Result<(), AppError> {
    let (snapshot, category) = (actor.snapshot(), taker.category);
    let facts = snapshot.facts();
    let mut problems = Problems::default();
    // Only to another role in the same role category (seed 001); the database refuses others too.
    let known = |role: Uuid| snapshot.roles_of(category).any(|it| it.id == role);
    if after.role.is_some_and(|role| !known(role)) || (after.role.is_none() && after.permissions.is_empty()) {
        return Err(AppError::field("role", Problem::Choice));
    }
    let parts = Parts::of(after.role, category);
    let mut wrong = |field: &str, problem: Problem| {
        let _: Option<()> = problems.take(field, Err(problem));
    };
    if !change.give.is_empty() && !parts.areas {
        wrong("areas", Problem::Choice);
    } else if change.give.iter().any(|area| snapshot.offered(area).is_empty()) {
        wrong("areas", Problem::Unknown);
    }
    // Customers reach what leads them there.
    if category == Category::Customer && change.apis == Some(ApiScope::All) {
        wrong("apis", Problem::Choice);
    }
    if let Some(ApiScope::Chosen(ids)) = &change.apis {
        if !parts.apis {
            wrong("apis", Problem::Choice);
        } else if !plan.chooses_apis() {
            wrong("apis", Problem::Plan);
        } else if ids.iter().any(|id| facts.apis.iter().all(|api| api.id != *id)) {
            wrong("apis", Problem::Unknown);
        }
    }
    if let Some(Some(slug)) = &change.region
        && (!parts.region || facts.regions.iter().all(|region| region.slug != *slug))
    {
        wrong("region", Problem::Choice);
    }
    match after.organization {
        // What is an organization user's is always for an organization (seed 001).
        None if category == Category::Organization => wrong("organization", Problem::Missing),
        Some(_) if !parts.organization => wrong("organization", Problem::Choice),
        Some(id) if facts.organizations.iter().all(|known| known.id != id) => wrong("organization", Problem::Unknown),
        _ => {}
    }
    if let Some(Some(until)) = change.until {
        if !parts.until {
            wrong("until", Problem::Choice);
        } else if until.unix_timestamp() <= actor.at {
            wrong("until", Problem::Past);
        }
    }
    if let Some(error) = problems.error() {
        return Err(error);
    }
    above(actor, taker, after).map_or(Ok(()), |field| Err(AppError::field(field, Problem::AboveYou)))
}

/// The grant ceiling: the part of an assignment that is more than the actor holds, if it is.
fn above(actor: &Actor, taker: &SubjectFacts, after: &AssignmentFacts) -> Option<&'static str> {
    if actor.gives(taker, after) {
        return None;
    }
    let alone = AssignmentFacts { permissions: Permissions::new(), ..after.clone() };
    if actor.gives(taker, &alone) {
        return Some("areas");
    }
    Some(if actor.gives(taker, &AssignmentFacts { apis: ApiScope::Chosen(Vec::new()), ..alone }) {
        "apis"
    } else {
        "role"
    })
}
