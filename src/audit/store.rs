//! SQL of the audit log.

use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Entry, Line};

/// Writes one line.
///
/// # Errors
/// When the database fails.
#[expect(clippy::too_many_arguments, reason = "one for each column; a struct would only repeat them")]
pub async fn insert(
    db: &mut PgConnection,
    ws: Uuid,
    actor_id: Option<Uuid>,
    actor_name: &str,
    entry: &Entry<'_>,
    before: Option<Value>,
    after: Option<Value>,
    request_id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into audit_log
            (workspace_id, id, actor_id, actor_name, action, subject_kind, subject_id, subject_label, before, after, request_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        ws,
        Uuid::now_v7(),
        actor_id,
        actor_name,
        entry.action,
        entry.kind,
        entry.id,
        entry.label,
        before,
        after,
        request_id,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes many lines of one kind of change.
///
/// # Errors
/// When the database fails.
pub async fn insert_lines(
    db: &mut PgConnection,
    ws: Uuid,
    (actor_id, actor_name): (Option<Uuid>, &str),
    (action, kind): (&'static str, &'static str),
    lines: &[Line],
    request_id: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into audit_log
            (workspace_id, id, actor_id, actor_name, action, subject_kind, subject_id, subject_label, before, after, request_id)
         select $1, line, $2, $3, $4, $5, subject, label, nullif(before, 'null'), nullif(after, 'null'), $6
         from unnest($7::uuid[], $8::uuid[], $9::text[], $10::jsonb[], $11::jsonb[]) as each (line, subject, label, before, after)",
        ws,
        actor_id,
        actor_name,
        action,
        kind,
        request_id,
        &lines.iter().map(|_| Uuid::now_v7()).collect::<Vec<_>>(),
        &lines.iter().map(|line| line.id).collect::<Vec<_>>(),
        &lines.iter().map(|line| line.label.clone()).collect::<Vec<_>>(),
        &lines.iter().map(|line| line.before.clone()).collect::<Vec<_>>(),
        &lines.iter().map(|line| line.after.clone()).collect::<Vec<_>>(),
    )
    .execute(db)
    .await?;
    Ok(())
}
