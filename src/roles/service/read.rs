//! Reading roles: the table, one role, what a new one begins with, and who gains and loses by a change.

use uuid::Uuid;

use super::{holds, list_features, offered, permits, successors};
use crate::{
    access::{Action, Actions, BuiltIn, Category, Feature, Permissions, Question, RoleFacts, RoleRef, Template},
    error::{AppError, Refusal},
    platform::{
        context::{Actor, Context},
        csv::Csv,
        fault::Fault,
    },
    rights::{
        self,
        model::{MOST_PREVIEWED, Preview},
    },
    roles::{
        model::{Draft, DraftOf, MOST_NAMED, Role, RoleChoice, RoleLine, RoleTable, Start, read_cells},
        store,
    },
    text::roles::{compared, comparison_head},
};

/// The roles of a category that the reader may give, everywhere.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub fn list_choices(cx: &Context, category: Category) -> Result<Vec<RoleChoice>, Fault> {
    let actor = cx.authorize(Action::View, Feature::Team)?;
    let given = actor.snapshot().roles_of(category).filter(|role| actor.gives_role(category, role.id));
    Ok(given.map(|role| choice(actor, role)).collect())
}

/// A role that may be given, with how many actions on how many features it permits.
pub fn choice(actor: &Actor, role: RoleRef) -> RoleChoice {
    let snapshot = actor.snapshot();
    let permitted = snapshot.feature_slugs().map(|slug| snapshot.role_permits(role.id, slug).len());
    let permits = permitted.filter(|count| *count > 0).fold((0, 0), |(all, of), count| (all + count, of + 1));
    RoleChoice { role, permits }
}

/// Every role, with how many hold it and what it permits.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn list_roles(cx: &Context) -> Result<RoleTable, Fault> {
    let actor = cx.authorize(Action::View, Feature::Team)?;
    let snapshot = actor.snapshot();
    let mut db = cx.app.pool.acquire().await?;
    let holders = store::count_holders(&mut db, cx.ws()).await?;
    let line = |category: Category, role: RoleRef| RoleLine {
        permits: permits(snapshot, &role),
        holders: holders.get(&role.id).copied().unwrap_or_default(),
        category,
        role,
    };
    let roles = Category::ALL
        .into_iter()
        .flat_map(|category| snapshot.roles_of(category).map(move |role| (category, role)))
        .map(|(category, role)| line(category, role))
        .collect();
    Ok(RoleTable { features: list_features(cx, &mut db, snapshot).await?, roles })
}

/// One role.
///
/// # Errors
/// `Unauthorized`, `Denied` or `NotFound`.
pub async fn find_role(cx: &Context, id: Uuid) -> Result<Role, Fault> {
    let actor = cx.authorize(Action::View, Feature::Team)?;
    let snapshot = actor.snapshot();
    let mut db = cx.app.pool.acquire().await?;
    let stored = store::find(&mut db, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    let role = snapshot.role(id).ok_or(AppError::NotFound)?;
    let category = store::category(&stored.category);
    let (holders, invitations) = store::count_uses(&mut db, cx.ws(), id).await?;
    Ok(Role {
        features: list_features(cx, &mut db, snapshot).await?,
        template: stored.template.and_then(|template| template.parse().ok()),
        held: held(actor),
        holders: store::list_holder_names(&mut db, cx.ws(), id, MOST_NAMED).await?,
        invitations,
        yours: actor.gives_role(category, id),
        successors: successors(actor, category, id),
        line: RoleLine { permits: permits(snapshot, &role), category, holders, role },
    })
}

/// What the actor holds everywhere and without end.
fn held(actor: &Actor) -> Permissions {
    let snapshot = actor.snapshot();
    let of = |slug: &str| -> Actions {
        let each = snapshot.offered(slug);
        let one = |action: &Action| {
            let actions = Actions::of(&[*action]);
            holds(actor, Permissions::from([(slug.to_owned(), actions)]))
        };
        each.iter().filter(one).collect()
    };
    snapshot.feature_slugs().map(|slug| (slug.to_owned(), of(slug))).collect()
}

/// What a new role begins with: nothing, a template, or another role; of that, what the reader holds.
///
/// # Errors
/// `Unauthorized` or `Denied`; `NotFound` where the address names no template or no role.
pub async fn draft_role(cx: &Context, start: &Start) -> Result<Draft, Fault> {
    let actor = cx.authorize(Action::Create, Feature::Team)?;
    let snapshot = actor.snapshot();
    let mut category = start.category.parse().unwrap_or(Category::Teammate);
    let (from, whole) = if !start.copy.is_empty() {
        let id = RoleRef::read_key(&start.copy).ok_or(AppError::NotFound)?;
        let role = snapshot.role(id).ok_or(AppError::NotFound)?;
        let own = Category::ALL.into_iter().find(|it| snapshot.roles_of(*it).any(|role| role.id == id));
        category = own.unwrap_or(category);
        (Some(DraftOf::Role(role.clone())), permits(snapshot, &role))
    } else if !start.template.is_empty() {
        let template: Template = start.template.parse().map_err(|()| AppError::NotFound)?;
        (Some(DraftOf::Template(template)), offered(snapshot, &template.permissions()))
    } else {
        (None, Permissions::new())
    };
    let held = held(actor);
    let within = |(slug, actions): (&String, &Actions)| {
        (slug.clone(), actions.within(held.get(slug).copied().unwrap_or_default()))
    };
    let permits: Permissions = whole.iter().map(within).filter(|(_, actions)| !actions.is_empty()).collect();
    let mut db = cx.app.pool.acquire().await?;
    let features = list_features(cx, &mut db, snapshot).await?;
    Ok(Draft { from, category, features, left_out: permits != whole, permits, held })
}

/// Who would gain and who would lose what, if a role permitted these cells.
///
/// # Errors
/// `Unauthorized` or `Denied`; `NotFound`; `Refused` for a built-in role; `Invalid` where a cell is none.
pub async fn preview_role(cx: &Context, id: Uuid, cells: &[String]) -> Result<Preview, Fault> {
    let actor = cx.authorize(Action::Update, Feature::Team)?;
    if BuiltIn::by_id(id).is_some() {
        return Err(Refusal::BuiltIn.into());
    }
    let wanted = read_cells(cells).map_err(|problem| AppError::field("permissions", problem))?;
    let wanted = offered(actor.snapshot(), &wanted);
    let mut db = cx.app.pool.acquire().await?;
    store::find(&mut db, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    let users = store::list_holders(&mut db, cx.ws(), id, MOST_PREVIEWED + 1).await?;
    let change = |role: &mut RoleFacts| {
        if role.id == id {
            role.permissions.clone_from(&wanted);
        }
    };
    rights::service::preview(cx, &mut db, &users, |facts| facts.roles.iter_mut().for_each(change), |_| {}).await
}

/// Who would gain and who would lose what, if everybody who holds a role were moved to another of its category.
///
/// # Errors
/// `Unauthorized` or `Denied`; `NotFound`; `Refused` for a built-in role.
pub async fn preview_move(cx: &Context, id: Uuid, to: &str) -> Result<Preview, Fault> {
    let actor = cx.authorize(Action::Delete, Feature::Team)?;
    actor.ask(&Question::console(Action::Update, Feature::Team, None, actor.at))?;
    if BuiltIn::by_id(id).is_some() {
        return Err(Refusal::BuiltIn.into());
    }
    let to = RoleRef::read_key(to).filter(|to| actor.snapshot().role(*to).is_some()).ok_or(AppError::NotFound)?;
    let mut db = cx.app.pool.acquire().await?;
    store::find(&mut db, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    let users = store::list_holders(&mut db, cx.ws(), id, MOST_PREVIEWED + 1).await?;
    let moves = |user: &mut crate::access::SubjectFacts| {
        user.assignments.iter_mut().filter(|it| it.role == Some(id)).for_each(|it| it.role = Some(to));
    };
    rights::service::preview(cx, &mut db, &users, |_| {}, moves).await
}

/// Roles compared, as a file for a spreadsheet; all of them where none is chosen.
///
/// # Errors
/// `Unauthorized` or `Denied`: taking it away is to download.
pub async fn compare_csv(cx: &Context, keys: &[String]) -> Result<Vec<u8>, Fault> {
    cx.authorize(Action::Download, Feature::Team)?;
    let table = list_roles(cx).await?;
    let chosen: Vec<&RoleLine> = if keys.is_empty() { table.roles.iter().collect() } else { table.chosen(keys) };
    let mut csv = Csv::new();
    csv.row(comparison_head(&chosen))?;
    for row in compared(&table.features, &chosen) {
        let cells = row.cells.into_iter().map(|cell| match cell.note.is_empty() {
            true => cell.words,
            false => format!("{} ({})", cell.words, cell.note),
        });
        csv.row([row.group, row.name].into_iter().chain(cells))?;
    }
    csv.finish()
}
