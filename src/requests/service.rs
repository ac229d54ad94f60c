//! Use cases of requests for access.

use uuid::Uuid;

use super::{
    grant::{assignment, may, own_organizations},
    model::{
        AccessRequest, Apis, Approval, ApproveForm, Asked, DenyForm, Details, Holding, Lasts, Prepared, RequestForm,
        Status,
    },
    store::{self, Person},
};
use crate::{
    access::{self, Action, ApiScope, Category, Extent, Feature, Question, SubjectFacts},
    audit,
    error::{AppError, Refusal},
    listing::{ListQuery, Page},
    mail::{
        self,
        template::{AccessDecided, AccessRequested},
    },
    paths, people,
    platform::{
        context::{Actor, Context},
        fault::Fault,
        rights::{self, Held},
    },
    rights::model::day_of,
    text::change_words,
    ui::live::Topic,
};

/// How many of those who can approve a request are written to.
const MOST_TOLD: usize = 5;

/// How many are looked at to find them, so many at a time.
const MOST_ASKED: i64 = 10_000;
const AT_A_TIME: usize = 50;

/// What stands in the way of asking for this: anybody who is signed in may ask.
///
/// # Errors
/// `Unauthorized`; `NotFound` where there is no such right.
pub async fn prepare_request(cx: &Context, asked: &Asked) -> Result<Prepared, Fault> {
    let actor = cx.signed_in()?;
    let held = may(&actor.held, asked, actor.at, None)?;
    let mut db = cx.app.pool.acquire().await?;
    let open = store::find_open(&mut db, cx.ws(), actor.user_id.unwrap_or_default(), asked).await?;
    Ok(Prepared { open, held })
}

/// Asks for access. The same request, made twice, is one. Those who can approve it get mail; whatever becomes of that, it
/// waits in the console.
///
/// # Errors
/// `Unauthorized`, `Invalid`, `NotFound` where there is no such right, `Refused(AlreadyHeld)`, `RateLimited`.
pub async fn request_access(cx: &Context, form: RequestForm) -> Result<String, Fault> {
    let asking = cx.signed_in()?;
    let new = form.check()?;
    cx.app.limits.access_request(cx.ws(), asking.user_id.unwrap_or_default())?;
    let mut tx = cx.begin().await?;
    let actor = cx.hold_self(&mut tx).await?;
    let user = actor.user_id.ok_or(AppError::Unauthorized)?;
    if may(&actor.held, &new.asked, actor.at, new.days)? {
        return Err(Refusal::AlreadyHeld.into());
    }
    let name = words(&actor.held, &new.asked);
    let id = Uuid::now_v7();
    if !store::insert(&mut tx, cx.ws(), id, user, &new).await? {
        return Ok(name);
    }
    let made = store::find(&mut tx, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    let entry = audit::Entry { action: "access-request.create", kind: "access-request", id, label: &made.full_name };
    audit::record(&mut tx, cx, entry, None::<&()>, Some(&made)).await?;
    let letter = AccessRequested {
        workspace: &cx.workspace,
        name: &made.full_name,
        email: &made.email,
        asked: &name,
        organizations: &organization_names(&actor.held, actor.at),
        reason: &made.reason,
        days: made.days,
        link: cx.app.config.address(cx.workspace.host.as_deref(), &paths::access_request(id)),
    };
    for person in deciders(&mut tx, cx, &actor, &made).await? {
        write(&mut tx, cx, user, &person, &letter).await?;
    }
    cx.announce(&mut tx, Topic::Requests, None).await?;
    tx.commit().await?;
    cx.app.mail_queued.notify_one();
    Ok(name)
}

/// One page of the reader's own requests.
///
/// # Errors
/// `Unauthorized`.
pub async fn list_own_requests(cx: &Context, query: &ListQuery) -> Result<Page<AccessRequest>, Fault> {
    let actor = cx.signed_in()?;
    let mut db = cx.app.pool.acquire().await?;
    let user = actor.user_id.unwrap_or_default();
    Ok(store::list_of(&mut db, cx.ws(), user, &query.clone().cleaned()).await?)
}

/// One page of everybody's requests, for those who may decide them.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn list_requests(cx: &Context, query: &ListQuery) -> Result<Page<AccessRequest>, Fault> {
    let within = within(cx, cx.authorize(Action::Update, Feature::Team)?);
    let mut db = cx.app.pool.acquire().await?;
    Ok(store::list(&mut db, cx.ws(), within.as_deref(), &query.clone().cleaned()).await?)
}

/// Whose requests a decider sees: those of teammates, and as far as they see developer accounts, theirs.
fn within(cx: &Context, actor: &Actor) -> Option<Vec<Uuid>> {
    match actor.extent(&cx.question(actor, Action::View, Feature::Accounts)) {
        Ok(Extent::Workspace) => None,
        Ok(Extent::Organizations(held)) => Some(held.iter().map(|it| it.id).collect()),
        Err(_) => Some(Vec::new()),
    }
}

/// How many wait, for those who may decide them.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn count_open_requests(cx: &Context) -> Result<i64, Fault> {
    let within = within(cx, cx.authorize(Action::Update, Feature::Team)?);
    let mut db = cx.app.pool.acquire().await?;
    Ok(store::count_open(&mut db, cx.ws(), within.as_deref()).await?)
}

/// One request, with what its approval as asked would give and what its maker holds already.
///
/// # Errors
/// `Unauthorized`, `Denied` or `NotFound`.
pub async fn find_request(cx: &Context, id: Uuid) -> Result<Details, Fault> {
    let actor = cx.authorize(Action::Update, Feature::Team)?;
    let mut db = cx.app.pool.acquire().await?;
    let request = store::find(&mut db, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    let held = cx.held_by(&mut db, request.user_id).await?.ok_or(AppError::NotFound)?;
    let facts = &held.facts;
    people::service::ask_accounts(cx, actor, Action::View, facts)?;
    let sight = crate::rights::service::sight(cx, actor);
    let organizations = own_organizations(&held, actor.at);
    let approval = Approval {
        region: request.asked.region.clone(),
        organization: organizations.first().map(|(id, ..)| *id),
        lasts: Lasts::AsAsked,
    };
    let given = assignment(&held, &request, approval, actor.at).ok();
    let extra = given.clone();
    let gains = |facts: &mut SubjectFacts| facts.assignments.extend(extra.clone());
    let preview = crate::rights::service::preview(cx, &mut db, &[request.user_id], |_| {}, gains).await?;
    let lasting = facts.assignments.iter().filter(|it| it.until.is_none_or(|until| until.unix_timestamp() > actor.at));
    let name_of = |id: Uuid| {
        let known = held.snapshot.facts().organizations.iter().find(|it| it.id == id)?;
        Some(sight.organization_name(id, known.name.clone()))
    };
    Ok(Details {
        category: facts.category,
        held: may(&held, &request.asked, actor.at, request.days).unwrap_or(false),
        holds: lasting
            .map(|it| Holding {
                role: it.role.and_then(|role| held.snapshot.role(role)),
                permissions: it.permissions.clone(),
                region: it.region.clone(),
                organization: it.organization.and_then(name_of),
                until: it.until,
            })
            .collect(),
        preview,
        apis: match given.as_ref().map(|given| &given.apis) {
            Some(ApiScope::All) => Apis::All,
            Some(ApiScope::Chosen(apis)) if !apis.is_empty() => {
                Apis::Same(u32::try_from(apis.len()).unwrap_or(u32::MAX))
            }
            _ => Apis::Reached,
        },
        organizations: organizations.into_iter().map(|(id, name, _)| (id, sight.organization_name(id, name))).collect(),
        there: given.is_some(),
        gives: given.is_some_and(|given| actor.gives(facts, &given)),
        yours: actor.user_id == Some(request.user_id),
        today: day_of(time::OffsetDateTime::from_unix_timestamp(actor.at).unwrap_or(time::OffsetDateTime::UNIX_EPOCH)),
        request,
    })
}

/// Approves a request, as asked or less: its maker holds the right from now on. Nobody approves their own, and nobody gives
/// what they do not hold (PITFALLS.md 11, 24). Of two who decide at once, the second is told.
///
/// # Errors
/// `Unauthorized`, `Denied`, `NotFound`, `Invalid`; `Refused`: decided already, one's own, more than one holds, or what was
/// asked for is gone.
pub async fn approve_request(cx: &Context, form: ApproveForm) -> Result<String, Fault> {
    let at = cx.authorize(Action::Update, Feature::Team)?.at;
    let approval = form.check(at)?;
    let (mut tx, actor) = cx.begin_change(Action::Update, Feature::Team).await?;
    let (before, held) = lock_open(&mut tx, cx, &actor, form.id).await?;
    let given = assignment(&held, &before, approval, at)?;
    let category = held.facts.category;
    if !actor.gives(&held.facts, &given) {
        return Err(Refusal::NotYoursToGive.into());
    }
    let by = (actor.user_id, actor.full_name.as_str());
    store::insert_assignment(&mut tx, cx.ws(), (before.user_id, category), by, &given).await?;
    let granted = audit::Entry { action: "rights.grant", kind: "user", id: before.user_id, label: &before.full_name };
    audit::record(&mut tx, cx, granted, Some(&held.facts.assignments), Some(&given)).await?;
    store::update_decided(&mut tx, cx.ws(), before.id, by, Ok(given.id)).await?;
    let concerned = own_organizations(&held, at).into_iter().filter(|(id, ..)| Some(*id) == given.organization);
    let concerned: Vec<String> = concerned.map(|(_, name, _)| name).collect();
    tell_decided(&mut tx, cx, &actor, "access-request.approve", (&before, &concerned)).await?;
    cx.announce(&mut tx, Topic::Users, Some(before.user_id)).await?;
    tx.commit().await?;
    cx.app.mail_queued.notify_one();
    Ok(before.full_name)
}

/// Denies a request, with a reason.
///
/// # Errors
/// `Unauthorized`, `Denied`, `NotFound`, `Invalid`; `Refused`: decided already, or one's own.
pub async fn deny_request(cx: &Context, form: DenyForm) -> Result<String, Fault> {
    cx.authorize(Action::Update, Feature::Team)?;
    let answer = form.check()?;
    let (mut tx, actor) = cx.begin_change(Action::Update, Feature::Team).await?;
    let (before, held) = lock_open(&mut tx, cx, &actor, form.id).await?;
    let by = (actor.user_id, actor.full_name.as_str());
    store::update_decided(&mut tx, cx.ws(), before.id, by, Err(&answer)).await?;
    let concerned = organization_names(&held, actor.at);
    tell_decided(&mut tx, cx, &actor, "access-request.deny", (&before, &concerned)).await?;
    tx.commit().await?;
    cx.app.mail_queued.notify_one();
    Ok(before.full_name)
}

/// Locks a request that this actor may decide, with what its maker holds.
async fn lock_open(
    db: &mut sqlx::PgConnection,
    cx: &Context,
    actor: &Actor,
    id: Uuid,
) -> Result<(AccessRequest, Held), Fault> {
    let request = store::lock(db, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    let held = cx.held_by(db, request.user_id).await?.ok_or(AppError::NotFound)?;
    people::service::ask_accounts(cx, actor, Action::Update, &held.facts)?;
    if actor.user_id == Some(request.user_id) {
        return Err(Refusal::OwnRequest.into());
    }
    if request.status != Status::Open {
        return Err(Refusal::Decided.into());
    }
    Ok((request, held))
}

/// The names of the organizations of an organization user.
fn organization_names(held: &Held, at: i64) -> Vec<String> {
    own_organizations(held, at).into_iter().map(|(_, name, _)| name).collect()
}

/// Records a decision, announces it, and writes to who asked.
async fn tell_decided(
    db: &mut sqlx::PgConnection,
    cx: &Context,
    actor: &Actor,
    action: &'static str,
    (before, organizations): (&AccessRequest, &[String]),
) -> Result<(), Fault> {
    let after = store::find(db, cx.ws(), before.id).await?.ok_or(AppError::NotFound)?;
    let entry = audit::Entry { action, kind: "access-request", id: before.id, label: &before.full_name };
    audit::record(db, cx, entry, Some(before), Some(&after)).await?;
    cx.announce(db, Topic::Requests, None).await?;
    let Some(person) = store::find_person(db, cx.ws(), before.user_id).await? else {
        // Whoever is disabled reads no mail of ours.
        return Ok(());
    };
    let given = Asked { region: after.given_region.clone().or(after.asked.region.clone()), ..after.asked.clone() };
    let letter = AccessDecided {
        workspace: &cx.workspace,
        approved: after.status == Status::Approved,
        asked: &words(&actor.held, &given),
        organizations,
        by: &actor.full_name,
        until: after.until,
        answer: after.answer.as_deref(),
        email: &before.email,
        link: cx.app.config.address(cx.workspace.host.as_deref(), paths::MY_REQUESTS),
    };
    write(db, cx, actor.user_id.unwrap_or_default(), &person, &letter).await
}

/// Queues a mail, unless its sender or its recipient has had too many: the console says the same (PITFALLS.md 22).
async fn write(
    db: &mut sqlx::PgConnection,
    cx: &Context,
    sender: Uuid,
    to: &Person,
    letter: &impl mail::template::Letter,
) -> Result<(), Fault> {
    if let Err(error) = cx.app.limits.mail(cx.ws(), sender, &to.address.key) {
        tracing::debug!(%error, "a mail about a request was not written");
        return Ok(());
    }
    mail::service::queue(db, cx, None, &to.address, letter).await
}

/// Who is written to: the first of those who could approve the request as it is asked.
async fn deciders(
    db: &mut sqlx::PgConnection,
    cx: &Context,
    asking: &Actor,
    request: &AccessRequest,
) -> Result<Vec<Person>, Fault> {
    let held = &asking.held;
    let approval = Approval {
        region: request.asked.region.clone(),
        organization: own_organizations(held, asking.at).first().map(|(id, ..)| *id),
        lasts: Lasts::AsAsked,
    };
    let given = assignment(held, request, approval, asking.at)?;
    let mut candidates = store::list_deciders(db, cx.ws(), request.user_id, MOST_ASKED).await?;
    let team = Question::new(Action::Update, Feature::Team, asking.at);
    let accounts = Question::new(Action::Update, Feature::Accounts, asking.at);
    let organizations = own_organizations(held, asking.at);
    let decides = |facts: &SubjectFacts| {
        let subject = held.snapshot.subject(facts);
        let may = |question: Question<'_>| access::decide(&held.snapshot, &subject, &question).allowed();
        // Whoever is no teammate is of the developer accounts too, as `ask_accounts` says.
        let theirs = match held.facts.category {
            Category::Teammate => true,
            _ if organizations.is_empty() => may(accounts),
            _ => organizations.iter().all(|(.., slug)| may(Question { organization: Some(slug), ..accounts })),
        };
        theirs && may(team) && access::covers(&held.snapshot, &subject, &held.facts, &given, asking.at)
    };
    let mut found = Vec::new();
    while found.len() < MOST_TOLD && !candidates.is_empty() {
        let some: Vec<Person> = candidates.drain(..AT_A_TIME.min(candidates.len())).collect();
        let ids: Vec<Uuid> = some.iter().map(|person| person.id).collect();
        let (_, all) = rights::store::list_subjects(db, cx.ws(), &ids).await?;
        found.extend(some.into_iter().filter(|it| all.iter().any(|facts| facts.id == it.id && decides(facts))));
    }
    found.truncate(MOST_TOLD);
    Ok(found)
}

/// What is asked for, in words.
fn words(held: &Held, asked: &Asked) -> String {
    change_words(&asked.change(), held.snapshot.facts())
}
