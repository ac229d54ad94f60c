//! SQL of what users hold.

use std::collections::HashMap;

use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::Takers;
use crate::access::{ApiScope, AssignmentFacts, Category, Permissions};

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

/// When each assignment of a user was given or changed last, and by whom.
///
/// # Errors
/// When the database fails.
pub async fn list_given(
    db: &mut PgConnection,
    ws: Uuid,
    user: Uuid,
) -> Result<HashMap<Uuid, (OffsetDateTime, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select id, given_at, given_by_name from assignments where workspace_id = $1 and user_id = $2",
        ws,
        user
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, (row.given_at, row.given_by_name))).collect())
}

/// What is permitted on chosen APIs to any of these: each kind of assignment once, with the latest of its ends, of no API. As many
/// kinds as are asked for at most.
///
/// # Errors
/// When the database fails.
pub async fn list_bounded(
    db: &mut PgConnection,
    ws: Uuid,
    takers: &Takers,
    most: i64,
) -> Result<Vec<(Category, AssignmentFacts)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select category, role_id, permissions as "permissions: Json<Permissions>", region, organization_id,
               case when bool_or(until is null) then null else max(until) end as until
           from assignments
           where workspace_id = $1 and not all_apis and (until is null or until > now()) and user_id in (
               select unnest($2::uuid[])
               union all select user_id from group_members where workspace_id = $1 and group_id = any($3)
               union all select id from users where workspace_id = $1 and customer_id = any($4))
           group by category, role_id, permissions, region, organization_id limit $5"#,
        ws,
        &takers.users,
        &takers.groups,
        &takers.customer_ids,
        most
    )
    .fetch_all(db)
    .await?;
    let bounded = rows.into_iter().map(|row| {
        let facts = AssignmentFacts {
            id: Uuid::nil(),
            role: row.role_id,
            permissions: row.permissions.0,
            region: row.region,
            organization: row.organization_id,
            apis: ApiScope::Chosen(Vec::new()),
            until: row.until,
        };
        // The column's check admits no other word.
        (row.category.parse().unwrap_or(Category::Customer), facts)
    });
    Ok(bounded.collect())
}

/// Gives an assignment to a user of this kind.
///
/// # Errors
/// The constraint `assignments_scope_key` where a role is held there already; at the end of the transaction
/// `users_organization` and `assignments_one_organization`.
pub async fn insert(
    db: &mut PgConnection,
    ws: Uuid,
    user: Uuid,
    kind: Category,
    it: &AssignmentFacts,
    by: Option<Uuid>,
    by_name: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into assignments (workspace_id, id, user_id, category, role_id, permissions, region, organization_id,
             all_apis, until, given_by, given_by_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        ws,
        it.id,
        user,
        kind.slug(),
        it.role,
        Json(&it.permissions) as _,
        it.region,
        it.organization,
        it.apis == ApiScope::All,
        it.until,
        by,
        by_name,
    )
    .execute(&mut *db)
    .await?;
    write_apis(db, ws, it).await
}

/// Writes an assignment that was changed.
///
/// # Errors
/// The constraint `assignments_scope_key` where a role is held there already; at the end of the transaction `users_last_owner`,
/// `users_organization` and `assignments_one_organization`.
pub async fn update(
    db: &mut PgConnection,
    ws: Uuid,
    it: &AssignmentFacts,
    by: Option<Uuid>,
    by_name: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update assignments set role_id = $3, permissions = $4, region = $5, organization_id = $6, all_apis = $7, until = $8,
             given_at = now(), given_by = $9, given_by_name = $10,
             end_announced = end_announced and until is not distinct from $8
         where workspace_id = $1 and id = $2",
        ws,
        it.id,
        it.role,
        Json(&it.permissions) as _,
        it.region,
        it.organization,
        it.apis == ApiScope::All,
        it.until,
        by,
        by_name,
    )
    .execute(&mut *db)
    .await?;
    write_apis(db, ws, it).await
}

/// Writes which APIs an assignment is for.
async fn write_apis(db: &mut PgConnection, ws: Uuid, it: &AssignmentFacts) -> Result<(), sqlx::Error> {
    let none = Vec::new();
    let chosen = match &it.apis {
        ApiScope::All => &none,
        ApiScope::Chosen(chosen) => chosen,
    };
    sqlx::query!(
        "delete from assignment_apis where workspace_id = $1 and assignment_id = $2 and api_id <> all($3)",
        ws,
        it.id,
        chosen
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into assignment_apis (workspace_id, assignment_id, api_id) select $1, $2, * from unnest($3::uuid[])
         on conflict do nothing",
        ws,
        it.id,
        chosen
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes an assignment away.
///
/// # Errors
/// At the end of the transaction the constraints `users_last_owner` and `users_organization`.
pub async fn delete(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from assignments where workspace_id = $1 and id = $2", ws, id).execute(db).await?;
    Ok(())
}

/// Active teammates who hold one of these roles, or something of this feature beside a role, everywhere and without end; those of
/// the highest roles first. As many as there are seats, and no more than a thousand.
///
/// # Errors
/// When the database fails.
pub async fn list_managers(
    db: &mut PgConnection,
    ws: Uuid,
    roles: &[Uuid],
    feature: &str,
) -> Result<Vec<(Uuid, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select users.id, full_name from users
         join assignments a on a.workspace_id = users.workspace_id and a.user_id = users.id
         where users.workspace_id = $1 and kind = 'teammate' and state = 'enabled'
             and region is null and organization_id is null and until is null
             and (role_id = any($2) or permissions ? $3)
         group by users.id, full_name order by min(role_id::text), users.id limit 1000",
        ws,
        roles,
        feature
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.full_name)).collect())
}
