//! Use cases of what users hold.

mod assign;
mod show;
mod why;

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    model::{MOST_PREVIEWED, Preview},
    store,
};
use crate::{
    access::{self, AccessSnapshot, SubjectFacts, WorkspaceFacts},
    platform::{
        context::Context,
        fault::Fault,
        rights::{self},
    },
};

pub use assign::{preview_rights, put_rights, save_rights, take_rights};
pub use show::{find_only_manager, read_choices, read_rights};
pub use why::why;

/// Who of these users gains and who loses what, if the workspace's rights and theirs were changed so. Nothing is written; it
/// may be asked on any connection, in a transaction before it has changed anything.
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
    let at = cx.signed_in()?.at;
    let version = rights::store::version(db, cx.ws()).await?;
    let before = cx.app.rights.snapshot(db, cx.ws(), version).await?;
    let mut facts = before.facts().clone();
    workspace(&mut facts);
    let after = AccessSnapshot::new(facts);
    let looked_at = &users[..users.len().min(MOST_PREVIEWED)];
    let (_, subjects) = rights::store::list_subjects(db, cx.ws(), looked_at).await?;
    let names: HashMap<Uuid, String> = store::list_names(db, cx.ws(), looked_at).await?.into_iter().collect();
    let mut preview = Preview { more: users.len() > looked_at.len(), ..Preview::default() };
    for was in subjects {
        let mut will_be = was.clone();
        each(&mut will_be);
        let changed = access::difference((&before, &before.subject(&was)), (&after, &after.subject(&will_be)), at);
        preview.count(was.id, names.get(&was.id).map_or("", String::as_str), changed);
    }
    Ok(preview.sorted())
}
