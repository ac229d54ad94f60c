//! SQL of Billing.

use sqlx::PgConnection;
use uuid::Uuid;

use super::model::Billing;
use crate::workspaces;

/// The plan, its seats and who takes them: the database's `seats_taken`, part by part.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &mut PgConnection, ws: Uuid) -> Result<Billing, sqlx::Error> {
    let (plan, seats) = workspaces::store::find_plan(&mut *db, ws).await?;
    let row = sqlx::query!(
        r#"select
             (select count(*) from users where workspace_id = $1 and kind = 'teammate' and state = 'enabled') as "active!",
             (select count(*) from invitations where workspace_id = $1 and category = 'teammate' and user_id is null
                 and status = 'pending' and valid_until > now()) as "pending!",
             (select count(*) from invitations where workspace_id = $1 and category = 'teammate' and user_id is null
                 and status = 'waiting') as "waiting!""#,
        ws
    )
    .fetch_one(db)
    .await?;
    Ok(Billing { plan, seats, active: row.active, pending: row.pending, waiting: row.waiting })
}
