//! SQL of the audit log.

use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::Entry;

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
