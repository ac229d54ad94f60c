//! SQL of what an import writes, many at once. One file of rows becomes users, assignments and members of groups.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::access::Category;

/// A row whose account is made.
pub struct NewPerson {
    /// The row of the spreadsheet.
    pub n: i32,
    /// The address as typed.
    pub email: String,
    /// In its normal form.
    pub email_key: String,
    /// Full name.
    pub full_name: String,
    /// The role.
    pub role: Uuid,
    /// The groups.
    pub groups: Vec<Uuid>,
    /// A customer's Customer ID.
    pub customer_id: Option<String>,
    /// Whether the file has a password.
    pub with_password: bool,
    /// Its hash; none where a link is mailed.
    pub password_hash: Option<String>,
}

/// New ones behind this row.
///
/// # Errors
/// When the database fails.
pub async fn list_new(
    db: &mut PgConnection,
    ws: Uuid,
    id: Uuid,
    behind: i32,
    most: i64,
) -> Result<Vec<NewPerson>, sqlx::Error> {
    sqlx::query_as!(
        NewPerson,
        r#"select n, email, coalesce(email_key, '') as "email_key!", full_name, role_id as "role!", group_ids as groups,
               nullif(customer_id, '') as customer_id, with_password, password_hash
           from import_rows
           where workspace_id = $1 and import_id = $2 and verdict = 'new' and role_id is not null and n > $3 order by n limit $4"#,
        ws,
        id,
        behind,
        most,
    )
    .fetch_all(db)
    .await
}

/// Makes accounts, each with its role everywhere. Customers reach what leads to them; everybody else has all APIs in scope.
///
/// # Errors
/// The constraint `users_email_key`, and `workspaces_seats` at the end of the transaction; otherwise when the database fails.
pub async fn insert_people(
    db: &mut PgConnection,
    ws: Uuid,
    kind: Category,
    people: &[(Uuid, NewPerson)],
    new_password: bool,
    (by, by_name): (Option<Uuid>, &str),
) -> Result<(), sqlx::Error> {
    let ids: Vec<Uuid> = people.iter().map(|(id, _)| *id).collect();
    sqlx::query!(
        "insert into users (workspace_id, id, kind, email, email_key, user_name, full_name, customer_id, password_hash, must_change_password)
         select $1, id, $2, email, email_key, email, full_name, customer_id, hash, $3 and hash is not null
         from unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
             as each (id, email, email_key, full_name, customer_id, hash)",
        ws,
        kind.slug(),
        new_password,
        &ids,
        &people.iter().map(|(_, it)| it.email.clone()).collect::<Vec<_>>(),
        &people.iter().map(|(_, it)| it.email_key.clone()).collect::<Vec<_>>(),
        &people.iter().map(|(_, it)| it.full_name.clone()).collect::<Vec<_>>(),
        &people.iter().map(|(_, it)| it.customer_id.clone()).collect::<Vec<_>>() as _,
        &people.iter().map(|(_, it)| it.password_hash.clone()).collect::<Vec<_>>() as _,
    )
    .execute(&mut *db)
    .await?;
    let assignments: Vec<Uuid> = people.iter().map(|_| Uuid::now_v7()).collect();
    sqlx::query!(
        "insert into assignments (workspace_id, id, user_id, category, role_id, all_apis, given_by, given_by_name)
         select $1, each.*, $3 <> 'customer', $4, $5
         from (select id, user_id, $3::text, role_id from unnest($2::uuid[], $6::uuid[], $7::uuid[]) as e (id, user_id, role_id)) as each",
        ws,
        &assignments,
        kind.slug(),
        by,
        by_name,
        &ids,
        &people.iter().map(|(_, it)| it.role).collect::<Vec<_>>(),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Puts users into groups: pairs of both.
///
/// # Errors
/// When the database fails, or a group is gone.
pub async fn insert_groups(db: &mut PgConnection, ws: Uuid, pairs: &[(Uuid, Uuid)]) -> Result<(), sqlx::Error> {
    let (users, groups): (Vec<Uuid>, Vec<Uuid>) = pairs.iter().copied().unzip();
    sqlx::query!(
        "insert into group_members (workspace_id, user_id, group_id) select $1, * from unnest($2::uuid[], $3::uuid[])
         on conflict do nothing",
        ws,
        &users,
        &groups,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes users out of all groups but these.
///
/// # Errors
/// When the database fails.
pub async fn delete_other_groups(
    db: &mut PgConnection,
    ws: Uuid,
    of: &[Uuid],
    pairs: &[(Uuid, Uuid)],
) -> Result<(), sqlx::Error> {
    let (users, groups): (Vec<Uuid>, Vec<Uuid>) = pairs.iter().copied().unzip();
    sqlx::query!(
        "delete from group_members where workspace_id = $1 and user_id = any($2)
             and (user_id, group_id) not in (select * from unnest($3::uuid[], $4::uuid[]))",
        ws,
        of,
        &users,
        &groups,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A row whose user gets its role and groups, with what they hold now.
pub struct Member {
    /// The row of the spreadsheet.
    pub n: i32,
    /// The user.
    pub user_id: Uuid,
    /// Their name.
    pub full_name: String,
    /// The role that they hold everywhere.
    pub role_before: Option<Uuid>,
    /// The role that they get.
    pub role: Uuid,
    /// The groups that they are in.
    pub groups_before: Vec<Uuid>,
    /// The groups that they get; none where they keep their own.
    pub groups: Vec<Uuid>,
}

/// Those to be changed behind this row.
///
/// # Errors
/// When the database fails.
pub async fn list_update(
    db: &mut PgConnection,
    ws: Uuid,
    id: Uuid,
    behind: i32,
    most: i64,
) -> Result<Vec<Member>, sqlx::Error> {
    sqlx::query_as!(
        Member,
        r#"select n, users.id as user_id, users.full_name, role_id as "role!", group_ids as groups,
               (select a.role_id from assignments a where a.workspace_id = $1 and a.user_id = users.id and region is null
                   and organization_id is null and a.role_id is not null) as role_before,
               array(select group_id from group_members where workspace_id = $1 and user_id = users.id) as "groups_before!"
           from import_rows rows join users on users.workspace_id = $1 and users.id = rows.user_id
           where rows.workspace_id = $1 and import_id = $2 and verdict = 'update' and role_id is not null and n > $3
           order by n limit $4"#,
        ws,
        id,
        behind,
        most,
    )
    .fetch_all(db)
    .await
}

/// Gives users other roles, everywhere, in the place of those that they hold everywhere.
///
/// # Errors
/// `users_last_owner` at the end of the transaction; otherwise when the database fails.
pub async fn update_roles(
    db: &mut PgConnection,
    ws: Uuid,
    roles: &[(Uuid, Uuid)],
    (by, by_name): (Option<Uuid>, &str),
) -> Result<(), sqlx::Error> {
    let (users, roles): (Vec<Uuid>, Vec<Uuid>) = roles.iter().copied().unzip();
    let ids: Vec<Uuid> = users.iter().map(|_| Uuid::now_v7()).collect();
    sqlx::query!(
        "insert into assignments (workspace_id, id, user_id, category, role_id, all_apis, given_by, given_by_name)
         select $1, each.id, users.id, kind, role, kind <> 'customer', $5, $6
         from unnest($2::uuid[], $3::uuid[], $4::uuid[]) as each (id, user_id, role)
         join users on users.workspace_id = $1 and users.id = each.user_id
         on conflict (workspace_id, user_id, region, organization_id) where role_id is not null
         do update set role_id = excluded.role_id, given_by = excluded.given_by, given_by_name = excluded.given_by_name,
             given_at = now(), permissions = '{}', until = null",
        ws,
        &ids,
        &users,
        &roles,
        by,
        by_name,
    )
    .execute(db)
    .await?;
    Ok(())
}
