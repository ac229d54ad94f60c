//! Who changed what, from what to what: written in the transaction of the change, by every service.

pub mod store;

use serde::Serialize;
use uuid::Uuid;

use crate::platform::{context::Context, fault::Fault};

/// One change.
pub struct Entry<'a> {
    /// What was done, as `thing.verb`.
    pub action: &'static str,
    /// To what kind of thing.
    pub kind: &'static str,
    /// To which one.
    pub id: Uuid,
    /// Its name at that time.
    pub label: &'a str,
}

/// Records one and the same change of many things, each by its id and its name.
///
/// # Errors
/// When the database fails; the change then fails with it.
pub async fn record_each(
    db: &mut sqlx::PgConnection,
    cx: &Context,
    of: (&'static str, &'static str),
    things: &[(Uuid, String)],
    before: &serde_json::Value,
    after: &serde_json::Value,
) -> Result<(), Fault> {
    let line = |(id, label): &(Uuid, String)| Line {
        id: *id,
        label: label.clone(),
        before: before.clone(),
        after: after.clone(),
    };
    record_lines(db, cx, of, &things.iter().map(line).collect::<Vec<_>>()).await
}

/// One of many changes of one kind, each with what changed in it.
pub struct Line {
    /// Of which thing.
    pub id: Uuid,
    /// Its name at that time.
    pub label: String,
    /// What it was; null where it is new.
    pub before: serde_json::Value,
    /// What it is; null where it is gone.
    pub after: serde_json::Value,
}

/// Records many changes of one kind at once.
///
/// # Errors
/// When the database fails; the changes then fail with it.
pub async fn record_lines(
    db: &mut sqlx::PgConnection,
    cx: &Context,
    (action, kind): (&'static str, &'static str),
    lines: &[Line],
) -> Result<(), Fault> {
    let (actor_id, actor_name) = cx.actor.as_ref().map_or((None, ""), |it| (it.user_id, it.full_name.as_str()));
    store::insert_lines(db, cx.ws(), (actor_id, actor_name), (action, kind), lines, &cx.request_id).await?;
    Ok(())
}

/// Records a change. `before` and `after` are what changed; never a secret.
///
/// # Errors
/// When the database fails; the change then fails with it.
pub async fn record(
    db: &mut sqlx::PgConnection,
    cx: &Context,
    entry: Entry<'_>,
    before: Option<&(impl Serialize + Sync)>,
    after: Option<&(impl Serialize + Sync)>,
) -> Result<(), Fault> {
    let json = |value: serde_json::Result<serde_json::Value>| value.map_err(|e| Fault::Other(format!("audit: {e}")));
    let before = before.map(serde_json::to_value).map(json).transpose()?;
    let after = after.map(serde_json::to_value).map(json).transpose()?;
    let (actor_id, actor_name) = match &cx.actor {
        Some(actor) => (actor.user_id, actor.full_name.as_str()),
        // The invitee or the first owner, who becomes somebody by this very change.
        None => (Some(entry.id), entry.label),
    };
    store::insert(db, cx.ws(), actor_id, actor_name, &entry, before, after, &cx.request_id).await?;
    Ok(())
}
