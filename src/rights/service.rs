//! Use cases of what users hold.

mod assign;
mod show;
mod why;

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    model::{Count, MOST_PREVIEWED, Preview, Sight, Takers},
    store,
};
use crate::{
    access::{AccessSnapshot, ApiScope, AssignmentFacts, BuiltIn, Category, Comparison, SubjectFacts, WorkspaceFacts},
    platform::{
        context::{Actor, Context},
        fault::Fault,
        rights::{self},
    },
};

pub use assign::{preview_rights, put_rights, read_new, save_rights, take_rights};
pub use show::{choices_for_newcomer, find_only_manager, read_choices, read_rights, sight};
pub use why::why;

/// How many kinds of assignments of those who are led to an API are compared with what the actor holds. Of more, nobody but an owner
/// leads them there.
const MOST_COMPARED: usize = 500;

/// The grant ceiling of whatever leads people to APIs that are there: the actor holds each for as long, and on it all that the
/// assignments of these people permit (PITFALLS.md 24).
///
/// # Errors
/// When the database fails.
pub async fn gives_reach(
    db: &mut PgConnection,
    cx: &Context,
    actor: &Actor,
    takers: &Takers,
    apis: &[(Uuid, Option<time::OffsetDateTime>)],
) -> Result<bool, Fault> {
    if apis.is_empty() || !apis.iter().all(|(api, until)| actor.gives_reach([], *api, *until)) {
        return Ok(apis.is_empty());
    }
    let Some(held) = bounded(db, cx, actor, takers).await? else { return Ok(owns(actor)) };
    let held = || held.iter().map(|(category, it)| (*category, it));
    Ok(apis.iter().all(|(api, until)| actor.gives_reach(held(), *api, *until)))
}

/// The same for an API that is not there yet: the actor holds on all APIs what these people's assignments permit.
///
/// # Errors
/// When the database fails.
pub async fn gives_new_reach(
    db: &mut PgConnection,
    cx: &Context,
    actor: &Actor,
    takers: &Takers,
) -> Result<bool, Fault> {
    let Some(held) = bounded(db, cx, actor, takers).await? else { return Ok(owns(actor)) };
    Ok(held.into_iter().all(|(category, it)| {
        actor.gives(&SubjectFacts::newcomer(category), &AssignmentFacts { apis: ApiScope::All, ..it })
    }))
}

/// What these people hold on chosen APIs; none where it need not or cannot be compared.
async fn bounded(
    db: &mut PgConnection,
    cx: &Context,
    actor: &Actor,
    takers: &Takers,
) -> Result<Option<Vec<(Category, AssignmentFacts)>>, Fault> {
    if owns(actor) {
        return Ok(None);
    }
    let held = store::list_bounded(db, cx.ws(), takers, MOST_COMPARED as i64 + 1).await?;
    Ok(Some(held).filter(|held| held.len() <= MOST_COMPARED))
}

/// Whether the actor holds everything.
fn owns(actor: &Actor) -> bool {
    actor.gives_role(Category::Teammate, BuiltIn::Owner.id())
}

/// Who of these users gains and who loses what, if the workspace's rights and theirs were changed so: as far as the reader sees
/// APIs and organizations. Nothing is written; it may be asked on any connection, in a transaction before it has changed anything.
///
/// # Errors
/// `Unauthorized`; when the database fails.
pub async fn preview(
    cx: &Context,
    db: &mut PgConnection,
    users: &[Uuid],
    workspace: impl FnOnce(&mut WorkspaceFacts),
    each: impl Fn(&mut SubjectFacts),
) -> Result<Preview, Fault> {
    let actor = cx.signed_in()?;
    let (at, sight) = (actor.at, show::sight(cx, actor));
    let version = rights::store::version(db, cx.ws()).await?;
    let before = cx.app.rights.snapshot(db, cx.ws(), version).await?;
    let mut facts = before.facts().clone();
    workspace(&mut facts);
    let looked_at = &users[..users.len().min(MOST_PREVIEWED)];
    let more = users.len() > looked_at.len();
    let (_, subjects) = rights::store::list_subjects(db, cx.ws(), looked_at).await?;
    let names: HashMap<Uuid, String> = store::list_names(db, cx.ws(), looked_at).await?.into_iter().collect();
    let both = subjects.into_iter().map(|was| {
        let mut will_be = was.clone();
        each(&mut will_be);
        (was, will_be)
    });
    let both: Vec<(SubjectFacts, SubjectFacts)> = both.collect();
    // A thousand users and as many APIs take longer than other requests should wait for.
    let counting = tokio::task::spawn_blocking(move || count(&before, facts, &both, &names, &sight, at).preview(more));
    counting.await.map_err(|error| Fault::Other(format!("a preview: {error}")))
}

fn count(
    before: &AccessSnapshot,
    after: WorkspaceFacts,
    users: &[(SubjectFacts, SubjectFacts)],
    names: &HashMap<Uuid, String>,
    sight: &Sight,
    at: i64,
) -> Count {
    let after = AccessSnapshot::new(after);
    let comparison = Comparison::new(before, &after, |api| sight.api(api));
    let mut count = Count::default();
    for (was, will_be) in users {
        let changed = comparison.difference(&before.subject(was), &after.subject(will_be), at);
        let name = names.get(&was.id).map_or("", String::as_str);
        count.add(was.id, name, sight.changed(before.facts(), changed));
    }
    count
}
