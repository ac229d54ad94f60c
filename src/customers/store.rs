//! SQL of what customers have beyond other users: Customer ID and groups.

use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Edit, GroupRef};

/// Writes an edit, its role and groups aside.
///
/// # Errors
/// When the database fails.
pub async fn update(db: &mut PgConnection, ws: Uuid, id: Uuid, edit: &Edit) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update users set full_name = $3, customer_id = $4, state = $5 where workspace_id = $1 and id = $2 and kind = 'customer'",
        ws,
        id,
        edit.full_name,
        edit.customer_id,
        edit.state.slug(),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The groups that a user is in.
///
/// # Errors
/// When the database fails.
pub async fn list_groups(db: &mut PgConnection, ws: Uuid, user: Uuid) -> Result<Vec<GroupRef>, sqlx::Error> {
    sqlx::query_as!(
        GroupRef,
        "select id, name from group_members m join groups on groups.workspace_id = $1 and groups.id = m.group_id
         where m.workspace_id = $1 and m.user_id = $2 order by name_key",
        ws,
        user
    )
    .fetch_all(db)
    .await
}

/// Puts a user into these groups and takes them out of all others.
///
/// # Errors
/// When the database fails, or a group is gone.
pub async fn set_groups(db: &mut PgConnection, ws: Uuid, user: Uuid, groups: &[Uuid]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from group_members where workspace_id = $1 and user_id = $2 and group_id <> all($3)",
        ws,
        user,
        groups
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into group_members (workspace_id, group_id, user_id) select $1, unnest($3::uuid[]), $2 on conflict do nothing",
        ws,
        user,
        groups
    )
    .execute(db)
    .await?;
    Ok(())
}
