//! SQL of roles.

use std::collections::HashMap;

use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::model::{MOST_COUNTED, NewRole};
use crate::access::{Category, Permissions};

/// A role as its use cases need it.
pub struct Stored {
    /// Its name.
    pub name: String,
    /// Whose it can be.
    pub category: String,
    /// Whether it is one of every workspace's.
    pub built_in: bool,
    /// What it permits; nothing for a built-in one, which the program knows.
    pub permissions: Json<Permissions>,
    /// The slug of the template it was made from.
    pub template: Option<String>,
}

/// One role.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<Option<Stored>, sqlx::Error> {
    sqlx::query_as!(
        Stored,
        r#"select name, category, built_in, permissions as "permissions: Json<Permissions>", template
           from roles where workspace_id = $1 and id = $2"#,
        ws,
        id
    )
    .fetch_optional(db)
    .await
}

/// What the workspace's own features are, by their slugs.
///
/// # Errors
/// When the database fails.
pub async fn list_purposes(db: &mut PgConnection, ws: Uuid) -> Result<HashMap<String, String>, sqlx::Error> {
    let rows = sqlx::query!("select slug, purpose from features where workspace_id = $1", ws).fetch_all(db).await?;
    Ok(rows.into_iter().map(|row| (row.slug, row.purpose)).collect())
}

/// How many users hold each role, up to one more than `MOST_COUNTED`.
///
/// # Errors
/// When the database fails.
pub async fn count_holders(db: &mut PgConnection, ws: Uuid) -> Result<HashMap<Uuid, u32>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select id, (
            select count(*) from (select distinct user_id from assignments a where a.workspace_id = $1 and a.role_id = roles.id limit $2) as counted
           ) as "holders!" from roles where workspace_id = $1"#,
        ws,
        i64::from(MOST_COUNTED) + 1
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, counted(row.holders))).collect())
}

/// How many users hold a role, and how many invitations that may still be accepted or resent name it; both up to one more
/// than `MOST_COUNTED`.
///
/// # Errors
/// When the database fails.
pub async fn count_uses(db: &mut PgConnection, ws: Uuid, role: Uuid) -> Result<(u32, u32), sqlx::Error> {
    let row = sqlx::query!(
        r#"select
            (select count(*) from (select distinct user_id from assignments where workspace_id = $1 and role_id = $2 limit $3) as counted) as "holders!",
            (select count(*) from (select 1 from invitations where workspace_id = $1 and live_role_id = $2 limit $3) as counted) as "invitations!""#,
        ws,
        role,
        i64::from(MOST_COUNTED) + 1
    )
    .fetch_one(db)
    .await?;
    Ok((counted(row.holders), counted(row.invitations)))
}

fn counted(rows: i64) -> u32 {
    u32::try_from(rows).unwrap_or(MOST_COUNTED + 1)
}

/// The first who hold a role, in the order they came: ids.
///
/// # Errors
/// When the database fails.
pub async fn list_holders(db: &mut PgConnection, ws: Uuid, role: Uuid, most: usize) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select distinct user_id from assignments where workspace_id = $1 and role_id = $2 order by user_id limit $3",
        ws,
        role,
        i64::try_from(most).unwrap_or(i64::MAX)
    )
    .fetch_all(db)
    .await
}

/// The names of the first who hold a role, in the order they came.
///
/// # Errors
/// When the database fails.
pub async fn list_holder_names(
    db: &mut PgConnection,
    ws: Uuid,
    role: Uuid,
    most: usize,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "select full_name from (
            select distinct user_id from assignments where workspace_id = $1 and role_id = $2 order by user_id limit $3
         ) as first join users on users.workspace_id = $1 and users.id = first.user_id order by users.id",
        ws,
        role,
        i64::try_from(most).unwrap_or(i64::MAX)
    )
    .fetch_all(db)
    .await
}

/// Makes a custom role.
///
/// # Errors
/// The constraint `roles_name_key` when a role has this name; otherwise when the database fails.
pub async fn insert(db: &mut PgConnection, ws: Uuid, id: Uuid, new: &NewRole) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into roles (workspace_id, id, category, name, permissions, template) values ($1, $2, $3, $4, $5, $6)",
        ws,
        id,
        new.category.slug(),
        new.name,
        Json(&new.permissions) as _,
        new.template.map(crate::access::Template::slug)
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Changes a custom role.
///
/// # Errors
/// The constraint `roles_name_key` when a role has this name; otherwise when the database fails.
pub async fn update(
    db: &mut PgConnection,
    ws: Uuid,
    id: Uuid,
    name: &str,
    permissions: &Permissions,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update roles set name = $3, permissions = $4 where workspace_id = $1 and id = $2 and not built_in",
        ws,
        id,
        name,
        Json(permissions) as _
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Gives whoever holds a role another of its category instead, in the same scope; tells who they are.
///
/// # Errors
/// When the database fails.
pub async fn move_holders(
    db: &mut PgConnection,
    ws: Uuid,
    from: Uuid,
    to: Uuid,
    by: Option<Uuid>,
    by_name: &str,
) -> Result<Vec<(Uuid, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        "with moved as (
            update assignments set role_id = $3, given_by = $4, given_by_name = $5, given_at = now()
            where workspace_id = $1 and role_id = $2 returning user_id
         )
         select distinct users.id, full_name from moved join users on users.workspace_id = $1 and users.id = moved.user_id",
        ws,
        from,
        to,
        by,
        by_name
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.full_name)).collect())
}

/// Lets every invitation that may still be accepted or resent offer another role of the category; tells which they are.
///
/// # Errors
/// When the database fails.
pub async fn move_invitations(
    db: &mut PgConnection,
    ws: Uuid,
    from: Uuid,
    to: Uuid,
) -> Result<Vec<(Uuid, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        "update invitations set role_id = $3 where workspace_id = $1 and live_role_id = $2 returning id, email",
        ws,
        from,
        to
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.email)).collect())
}

/// Deletes a custom role that nothing depends on. What is over keeps its name.
///
/// # Errors
/// A foreign key where something still depends on it; otherwise when the database fails.
pub async fn delete(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update invitations set role_name = roles.name from roles
         where invitations.workspace_id = $1 and role_id = $2 and live_role_id is null and roles.workspace_id = $1 and roles.id = $2",
        ws,
        id
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!("delete from roles where workspace_id = $1 and id = $2 and not built_in", ws, id).execute(db).await?;
    Ok(())
}

/// The category that the database names.
pub fn category(slug: &str) -> Category {
    // The column's check admits no other word.
    slug.parse().unwrap_or(Category::Teammate)
}
