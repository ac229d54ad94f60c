//! What pages show of somebody's rights, and what the form offers.

use std::collections::BTreeSet;

use sqlx::PgConnection;
use uuid::Uuid;

use super::assign::base;
use crate::{
    access::{
        self, AccessSnapshot, Action, Actions, ApiScope, AssignmentFacts, Category, Extent, Feature, FeatureFacts,
        Question, SubjectFacts,
    },
    apis,
    error::{AppError, Refusal},
    people,
    platform::{
        context::{Actor, Context},
        fault::Fault,
        rights,
    },
    rights::{
        model::{AssignForm, AssignmentRow, EVERYWHERE, OnlyManager, RightsChoices, Sight, UserRights, last_day},
        store,
    },
    roles,
    workspaces::{self, model::Plan},
};

/// How many names are suggested at most; what is not among them can be typed all the same.
const MOST_SUGGESTED: usize = 500;

/// A moment at which only what has no end is left.
const AT_THE_END: i64 = i64::MAX - 1;

/// What a user holds.
///
/// # Errors
/// `Unauthorized`, `Denied` or `NotFound`.
pub async fn read_rights(cx: &Context, user: Uuid) -> Result<UserRights, Fault> {
    let actor = cx.authorize(Action::View, Feature::Team)?;
    let mut db = cx.app.pool.acquire().await?;
    let held = cx.held_by(&mut db, user).await?.ok_or(AppError::NotFound)?;
    people::service::ask_accounts(cx, actor, Action::View, &held.facts)?;
    let mut given = store::list_given(&mut db, cx.ws(), user).await?;
    let sight = sight(cx, actor);
    let rows = held.facts.assignments.iter().map(|it| {
        let row = sight.row(&held.snapshot, it, actor.at);
        match given.remove(&it.id) {
            Some((at, by)) => AssignmentRow { given_at: Some(at), given_by: by, ..row },
            None => row,
        }
    });
    Ok(UserRights {
        category: held.facts.category,
        rows: rows.collect(),
        reached: sight.reached(&held.snapshot, &held.facts, actor.at),
        apis: suggested(held.snapshot.facts().apis.iter().filter(|api| sight.api(api.id)).map(|api| &api.name)),
    })
}

/// What the reader sees of APIs and of organizations.
pub fn sight(cx: &Context, actor: &Actor) -> Sight {
    let organizations = match actor.extent(&cx.question(actor, Action::View, Feature::Accounts)) {
        Ok(Extent::Workspace) => None,
        Ok(Extent::Organizations(held)) => Some(held.iter().map(|it| it.id).collect()),
        Err(_) => Some(BTreeSet::new()),
    };
    Sight { apis: apis::service::seen(cx, actor).map(BTreeSet::from_iter), organizations }
}

fn suggested<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut names: Vec<String> = names.cloned().collect();
    names.sort();
    names.truncate(MOST_SUGGESTED);
    names
}

/// What the form of one assignment offers, or of a new one where none is named.
///
/// # Errors
/// `Unauthorized`, `Denied`, `NotFound`, or `Refused`: oneself, somebody above one.
pub async fn read_choices(cx: &Context, user: Uuid, assignment: &str) -> Result<RightsChoices, Fault> {
    let actor = cx.authorize(Action::Update, Feature::Team)?;
    let id = match assignment {
        "" => None,
        id => Some(id.parse().map_err(|_| AppError::NotFound)?),
    };
    let mut db = cx.app.pool.acquire().await?;
    let person = people::store::find(&mut db, cx.ws(), user).await?.ok_or(AppError::NotFound)?;
    let held = cx.held_by(&mut db, user).await?.ok_or(AppError::NotFound)?;
    people::service::ask_accounts(cx, actor, Action::Update, &held.facts)?;
    if actor.user_id == Some(user) {
        return Err(Refusal::Yourself.into());
    }
    if !actor.stands_above(&held.facts) {
        return Err(Refusal::AboveYou.into());
    }
    let (plan, _) = workspaces::store::find_plan(&mut db, cx.ws()).await?;
    let it = base(&held.facts, id)?;
    let sight = sight(cx, actor);
    let form = first(&held.snapshot, held.facts.category, id.map(|id| (user, id)), &it, &sight);
    Ok(RightsChoices {
        full_name: person.full_name,
        row: id.map(|_| sight.row(&held.snapshot, &it, actor.at)),
        roles: roles::service::list_choices(cx, held.facts.category)?,
        form: AssignForm { user, ..form },
        ..choices(actor, plan, held.facts.category, &it, &sight)
    })
}

/// What is offered to give somebody of a category who is not here yet, roles aside.
///
/// # Errors
/// When the database fails.
pub async fn choices_for_newcomer(
    db: &mut PgConnection,
    cx: &Context,
    actor: &Actor,
    category: Category,
) -> Result<RightsChoices, Fault> {
    let (plan, _) = workspaces::store::find_plan(db, cx.ws()).await?;
    let it = base(&SubjectFacts::newcomer(category), None)?;
    let sight = sight(cx, actor);
    Ok(RightsChoices {
        form: first(actor.snapshot(), category, None, &it, &sight),
        ..choices(actor, plan, category, &it, &sight)
    })
}

/// Areas, APIs and organizations that the actor may see, for this assignment.
fn choices(actor: &Actor, plan: Plan, category: Category, it: &AssignmentFacts, sight: &Sight) -> RightsChoices {
    let facts = actor.snapshot().facts();
    // What is chosen already stays to be ticked: whoever may change it holds it.
    let chosen = |id| matches!(&it.apis, ApiScope::Chosen(chosen) if chosen.contains(&id));
    let mut apis: Vec<(String, String, bool)> = facts
        .apis
        .iter()
        .filter(|api| sight.api(api.id) || chosen(api.id))
        .map(|api| {
            let holds = access::holds_api(actor.snapshot(), actor.subject(), api.id, None, actor.at);
            (api.slug.clone(), api.name.clone(), holds)
        })
        .collect();
    apis.sort_by(|a, b| a.1.cmp(&b.1));
    RightsChoices {
        full_name: String::new(),
        category,
        row: None,
        form: AssignForm::default(),
        roles: Vec::new(),
        areas: areas(actor),
        apis,
        organizations: suggested(facts.organizations.iter().filter(|it| sight.organization(it.id)).map(|it| &it.name)),
        plan,
    }
}

/// The areas: built-in features first, then the workspace's own.
fn areas(actor: &Actor) -> Vec<FeatureFacts> {
    let built_in = Feature::ALL.iter().map(|feature| FeatureFacts {
        slug: feature.slug().to_owned(),
        name: String::new(),
        actions: feature.actions(),
    });
    built_in.chain(actor.snapshot().facts().features.iter().cloned()).collect()
}

/// What the form shows first, of an assignment of somebody's or of a new one.
fn first(
    snapshot: &AccessSnapshot,
    category: Category,
    of: Option<(Uuid, Uuid)>,
    it: &AssignmentFacts,
    sight: &Sight,
) -> AssignForm {
    let row = AssignmentRow::new(snapshot, it, 0);
    // Member is preselected (DESIGN.md section 1), and of other kinds what they have one of.
    let preselected = match category {
        Category::Teammate => access::BuiltIn::Member,
        Category::Organization => access::BuiltIn::Developer,
        Category::Customer => access::BuiltIn::Customer,
    };
    let whole = |(area, actions): &(&String, &Actions)| **actions == snapshot.offered(area);
    let mut form = AssignForm {
        user: of.map(|(user, _)| user).unwrap_or_default(),
        id: of.map(|(_, id)| id.to_string()).unwrap_or_default(),
        role: match (of, row.role) {
            (None, _) => preselected.slug().to_owned(),
            (_, role) => role.map(|role| role.key()).unwrap_or_default(),
        },
        areas: it.permissions.iter().filter(whole).map(|(area, _)| area.clone()).collect(),
        scope: if it.apis == ApiScope::All { "all" } else { "chosen" }.to_owned(),
        apis: row.apis.unwrap_or_default().into_iter().map(|(slug, _)| slug).collect(),
        region: it.region.clone().unwrap_or_else(|| EVERYWHERE.to_owned()),
        // What is not seen stays as it is: an empty field that nobody touches changes nothing.
        organization: row
            .organization
            .filter(|_| it.organization.is_none_or(|id| sight.organization(id)))
            .unwrap_or_default(),
        until: it.until.map(last_day).unwrap_or_default(),
        was: String::new(),
        show: false,
    };
    if of.is_some() {
        form.was = serde_json::to_string(&form.shown()).unwrap_or_default();
    }
    form
}

/// The only active person who can manage the team, everywhere and without end; nobody where there are several.
///
/// # Errors
/// `Unauthorized` or `Denied`; when the database fails.
pub async fn find_only_manager(cx: &Context) -> Result<Option<OnlyManager>, Fault> {
    cx.authorize(Action::View, Feature::Team)?;
    let mut db = cx.app.pool.acquire().await?;
    let version = rights::store::version(&mut db, cx.ws()).await?;
    let snapshot = cx.app.rights.snapshot(&mut db, cx.ws(), version).await?;
    let wanted = [Action::Create, Action::Update, Action::Delete];
    let helps: Vec<Uuid> = snapshot
        .roles_of(Category::Teammate)
        .filter(|role| !snapshot.role_permits(role.id, Feature::Team.slug()).within(Actions::of(&wanted)).is_empty())
        .map(|role| role.id)
        .collect();
    let candidates = store::list_managers(&mut db, cx.ws(), &helps, Feature::Team.slug()).await?;
    let ids: Vec<Uuid> = candidates.iter().map(|(id, _)| *id).collect();
    let (_, subjects) = rights::store::list_subjects(&mut db, cx.ws(), &ids).await?;
    let manages = |facts: &&access::SubjectFacts| {
        let subject = snapshot.subject(facts);
        let may = |action| Question::new(action, Feature::Team, AT_THE_END);
        wanted.into_iter().all(|action| access::decide(&snapshot, &subject, &may(action)).allowed())
    };
    let mut managers = subjects.iter().filter(manages);
    let only = managers.next().filter(|_| managers.next().is_none());
    Ok(only.and_then(|only| {
        let (id, full_name) = candidates.into_iter().find(|(id, _)| *id == only.id)?;
        Some(OnlyManager { id, full_name })
    }))
}
