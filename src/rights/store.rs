//! SQL of what users hold.

use sqlx::PgConnection;
use uuid::Uuid;

/// The full names of these users.
///
/// # Errors
/// When the database fails.
pub async fn list_names(db: &mut PgConnection, ws: Uuid, users: &[Uuid]) -> Result<Vec<(Uuid, String)>, sqlx::Error> {
    let rows = sqlx::query!("select id, full_name from users where workspace_id = $1 and id = any($2)", ws, users)
        .fetch_all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.full_name)).collect())
}
