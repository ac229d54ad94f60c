//! SQL of the reminder before the end of an invitation.

use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::super::model::Kept;
use super::lock::{Locked, LockedRow, locked_query};

/// Workspaces where somebody is to be reminded now.
///
/// # Errors
/// When the database fails.
pub async fn list_due_workspaces(db: &mut PgConnection) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from workspaces where remind_before is not null and (
             select true from invitations
             where workspace_id = workspaces.id and status = 'pending' and reminded_at is null and notified_at is not null
                 and valid_until > statement_timestamp() and valid_until <= statement_timestamp() + remind_before
                 and valid_until > notified_at + remind_before
             order by valid_until limit 1)"
    )
    .fetch_all(db)
    .await
}

/// Claims those that are to be reminded of, the first to end first: another server passes over them. One that ends sooner after it was
/// sent than is reminded before is not among them.
///
/// # Errors
/// When the database fails.
pub async fn claim_due(db: &mut PgConnection, ws: Uuid, most: i64) -> Result<Vec<Locked>, sqlx::Error> {
    let rows = locked_query!(
        "status = 'pending' and reminded_at is null and notified_at is not null and valid_until > statement_timestamp()
         and valid_until <= (select statement_timestamp() + remind_before from workspaces where workspaces.id = $1)
         and valid_until > notified_at + (select remind_before from workspaces where workspaces.id = $1)
         order by valid_until limit $2 for no key update skip locked",
        ws,
        most
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Locked::from).collect())
}

/// They have been looked at; those with a hash get a link of their own beside the first.
///
/// # Errors
/// When the database fails.
pub async fn update_reminded(
    db: &mut PgConnection,
    ws: Uuid,
    ids: &[Uuid],
    hashes: &[Option<Vec<u8>>],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update invitations set reminded_at = now(), reminder_hash = each.hash
         from unnest($2::uuid[], $3::bytea[]) as each (id, hash) where workspace_id = $1 and invitations.id = each.id",
        ws,
        ids,
        hashes as _
    )
    .execute(db)
    .await?;
    Ok(())
}
