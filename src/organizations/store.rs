//! SQL of organizations and of who belongs to them.

use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{Belongs, Dependents, MOST_COUNTED, MOST_NAMED, Named, ORDERS, Organization, OrganizationUser};
use crate::{
    access::RoleRef,
    listing::{ListQuery, PAGE_ROWS, Page},
    people::model::State,
    platform::cursor::{like, read_cursor, read_time_cursor, write_cursor},
};

/// Makes an organization.
///
/// # Errors
/// The constraints `organizations_name_key` and `organizations_slug_key`; otherwise when the database fails.
pub async fn insert(db: &mut PgConnection, ws: Uuid, id: Uuid, slug: &str, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into organizations (workspace_id, id, slug, name) values ($1, $2, $3, $4)",
        ws,
        id,
        slug,
        name
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Gives an organization another name.
///
/// # Errors
/// The constraint `organizations_name_key`; otherwise when the database fails.
pub async fn rename(db: &mut PgConnection, ws: Uuid, id: Uuid, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("update organizations set name = $3 where workspace_id = $1 and id = $2", ws, id, name)
        .execute(db)
        .await?;
    Ok(())
}

/// Deletes an organization.
///
/// # Errors
/// The constraint `assignments_organization_fkey` while somebody holds something in it; otherwise when the database fails.
pub async fn delete(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from organizations where workspace_id = $1 and id = $2", ws, id).execute(db).await?;
    Ok(())
}

struct Row {
    id: Uuid,
    slug: String,
    name: String,
    users: i64,
    created_at: OffsetDateTime,
    sort_key: String,
}

impl From<Row> for Organization {
    fn from(row: Row) -> Self {
        Self { id: row.id, slug: row.slug, name: row.name, users: row.users, created_at: row.created_at }
    }
}

/// One organization.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<Option<Organization>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, slug, name, created_at, '' as "sort_key!",
               (select count(*) from (select distinct user_id from assignments a where a.workspace_id = $1
                   and a.organization_id = organizations.id and role_id is not null and category = 'organization' limit $3) u) as "users!"
           from organizations where workspace_id = $1 and id = $2"#,
        ws,
        id,
        MOST_COUNTED + 1
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(Organization::from))
}

/// How many organizations the workspace has, as maintained.
///
/// # Errors
/// When the database fails.
pub async fn count(db: &mut PgConnection, ws: Uuid) -> Result<i64, sqlx::Error> {
    let found = sqlx::query_scalar!("select n from tallies where workspace_id = $1 and kind = 'organizations'", ws)
        .fetch_optional(db)
        .await?;
    Ok(found.unwrap_or(0))
}

/// One ordered, keyset-paged query. The order is part of the text, so that each has its own index and plan.
macro_rules! page_query {
    ($db:expr, $ws:expr, $within:expr, $query:expr, $cursor:expr, $key:literal, $shown:literal, $type:literal, $compare:literal, $direction:literal) => {
        sqlx::query_as!(
            Row,
            r#"select o.id, slug, name, created_at, page.sort_key as "sort_key!",
                 (select count(*) from (select distinct user_id from assignments a where a.workspace_id = $1
                     and a.organization_id = o.id and role_id is not null and category = 'organization' limit $7) u) as "users!"
             from (
                 select id, "#
                + $key
                + " as place, "
                + $shown
                + " as sort_key from organizations
                 where workspace_id = $1
                     and ($2::text is null or name_key like $2)
                     and ($3::uuid[] is null or id = any($3))
                     and ($4::"
                + $type
                + " is null or ("
                + $key
                + ", id) "
                + $compare
                + " ($4, $5::uuid))
                 order by "
                + $key
                + " "
                + $direction
                + ", id "
                + $direction
                + " limit $6
             ) page join organizations o on o.workspace_id = $1 and o.id = page.id
             order by page.place "
                + $direction
                + ", page.id "
                + $direction,
            $ws,
            $query.search().map(like),
            $within,
            $cursor.as_ref().map(|(key, _)| ToOwned::to_owned(key)),
            $cursor.as_ref().map(|(_, id)| *id),
            PAGE_ROWS as i64 + 1,
            MOST_COUNTED + 1,
        )
        .fetch_all($db)
        .await?
    };
}

/// One page of the organizations; of these alone, where some are given.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &mut PgConnection,
    ws: Uuid,
    within: Option<&[Uuid]>,
    query: &ListQuery,
) -> Result<Page<Organization>, sqlx::Error> {
    let total = match within {
        Some(these) => i64::try_from(these.len()).unwrap_or(i64::MAX),
        None => count(&mut *db, ws).await?,
    };
    let (column, descending) = query.order(&ORDERS);
    let backwards = !query.before.is_empty();
    let place = if backwards { &query.before } else { &query.after };
    let (text, time) = (read_cursor(place), read_time_cursor(place));
    let from_place = if column == "created" { time.is_some() } else { text.is_some() };
    let rows: Vec<Row> = match (column, descending != backwards) {
        ("created", false) => page_query!(
            db,
            ws,
            within,
            query,
            time,
            "created_at",
            "(extract(epoch from created_at) * 1000000)::bigint::text",
            "timestamptz",
            ">",
            "asc"
        ),
        ("created", true) => page_query!(
            db,
            ws,
            within,
            query,
            time,
            "created_at",
            "(extract(epoch from created_at) * 1000000)::bigint::text",
            "timestamptz",
            "<",
            "desc"
        ),
        (_, false) => page_query!(db, ws, within, query, text, "name_key", "name_key", "text", ">", "asc"),
        (_, true) => page_query!(db, ws, within, query, text, "name_key", "name_key", "text", "<", "desc"),
    };
    let page = Page::cut(rows, backwards, from_place, total, |row| write_cursor(&row.sort_key, row.id));
    Ok(page.map(Organization::from))
}

/// Who holds anything in an organization, whatever kind of user they are.
///
/// # Errors
/// When the database fails.
pub async fn list_dependents(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<Dependents, sqlx::Error> {
    let row = sqlx::query!(
        r#"select
             array(select full_name from (
                 select distinct user_id from assignments where workspace_id = $1 and organization_id = $2 order by user_id limit $3
             ) a join users on users.workspace_id = $1 and users.id = a.user_id order by users.id) as "names!: Vec<String>",
             (select count(*) from (
                 select distinct user_id from assignments where workspace_id = $1 and organization_id = $2 limit $4
             ) a) as "all!""#,
        ws,
        id,
        MOST_NAMED as i64,
        MOST_COUNTED
    )
    .fetch_one(db)
    .await?;
    let more = row.all - i64::try_from(row.names.len()).unwrap_or_default();
    Ok(Dependents { more, names: row.names })
}

struct UserRow {
    id: Uuid,
    full_name: String,
    email: String,
    roles: Json<Vec<RoleRef>>,
    elsewhere: bool,
    state: String,
    has_password: bool,
}

impl From<UserRow> for OrganizationUser {
    fn from(row: UserRow) -> Self {
        Self {
            id: row.id,
            full_name: row.full_name,
            email: row.email,
            roles: row.roles.0,
            elsewhere: row.elsewhere,
            // The column's check admits no other word; who is in an unknown state may not sign in.
            state: row.state.parse().unwrap_or(State::Disabled),
            has_password: row.has_password,
        }
    }
}

/// The users of an organization on one side of a place, in the order in which they were added.
macro_rules! users_query {
    ($db:expr, $ws:expr, $organization:expr, $from:expr, $only:expr, $compare:literal, $direction:literal) => {
        sqlx::query_as!(
            UserRow,
            r#"select users.id, full_name, email, state, password_hash is not null as "has_password!",
                 (select coalesce(jsonb_agg(distinct jsonb_build_object('id', roles.id, 'name', roles.name)), '[]') from assignments a
                     join roles on roles.workspace_id = a.workspace_id and roles.id = a.role_id
                     where a.workspace_id = $1 and a.user_id = users.id and a.organization_id = $2) as "roles!: Json<Vec<RoleRef>>",
                 exists (select 1 from assignments a where a.workspace_id = $1 and a.user_id = users.id
                     and a.organization_id <> $2 and a.role_id is not null) as "elsewhere!"
             from (
                 select distinct user_id from assignments
                 where workspace_id = $1 and organization_id = $2 and role_id is not null and category = 'organization'
                     and ($3::uuid is null or user_id "#
                + $compare
                + " $3) and ($5::uuid is null or user_id = $5)
                 order by user_id "
                + $direction
                + " limit $4
             ) page join users on users.workspace_id = $1 and users.id = page.user_id
             order by users.id "
                + $direction,
            $ws,
            $organization,
            $from,
            PAGE_ROWS as i64 + 1,
            $only,
        )
        .fetch_all($db)
        .await?
    };
}

/// One page of the users of an organization, in the order in which they were added.
///
/// # Errors
/// When the database fails.
pub async fn list_users(
    db: &mut PgConnection,
    ws: Uuid,
    organization: Uuid,
    total: i64,
    query: &ListQuery,
) -> Result<Page<OrganizationUser>, sqlx::Error> {
    let backwards = !query.before.is_empty();
    let from = read_cursor(if backwards { &query.before } else { &query.after }).map(|(_, id)| id);
    let rows: Vec<UserRow> = if backwards {
        users_query!(db, ws, organization, from, None::<Uuid>, "<", "desc")
    } else {
        users_query!(db, ws, organization, from, None::<Uuid>, ">", "asc")
    };
    let page = Page::cut(rows, backwards, from.is_some(), total, |row| write_cursor("", row.id));
    Ok(page.map(OrganizationUser::from))
}

/// One user of an organization.
///
/// # Errors
/// When the database fails.
pub async fn find_user(
    db: &mut PgConnection,
    ws: Uuid,
    organization: Uuid,
    id: Uuid,
) -> Result<Option<OrganizationUser>, sqlx::Error> {
    let rows: Vec<UserRow> = users_query!(db, ws, organization, None::<Uuid>, Some(id), ">", "asc");
    Ok(rows.into_iter().next().map(OrganizationUser::from))
}

/// The roles that a user holds in organizations.
///
/// # Errors
/// When the database fails.
pub async fn list_belongs(db: &mut PgConnection, ws: Uuid, user: Uuid) -> Result<Vec<Belongs>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select o.id, o.slug, o.name, roles.id as role_id, roles.name as role_name, region,
             coalesce(until <= now(), false) as "ended!" from assignments a
         join organizations o on o.workspace_id = $1 and o.id = a.organization_id
         join roles on roles.workspace_id = $1 and roles.id = a.role_id
         where a.workspace_id = $1 and a.user_id = $2 order by o.name_key, region nulls first"#,
        ws,
        user
    )
    .fetch_all(db)
    .await?;
    let belongs = rows.into_iter().map(|row| Belongs {
        organization: Named { id: row.id, slug: row.slug, name: row.name },
        role: RoleRef { id: row.role_id, name: row.role_name },
        region: row.region,
        ended: row.ended,
    });
    Ok(belongs.collect())
}

/// Writes a user's name and state.
///
/// # Errors
/// When the database fails.
pub async fn update_user(
    db: &mut PgConnection,
    ws: Uuid,
    id: Uuid,
    full_name: &str,
    state: State,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update users set full_name = $3, state = $4 where workspace_id = $1 and id = $2",
        ws,
        id,
        full_name,
        state.slug()
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Gives a user a role in an organization, in every region, in the place of the one that they hold so.
///
/// # Errors
/// When the database fails.
pub async fn put_role(
    db: &mut PgConnection,
    ws: Uuid,
    user: Uuid,
    organization: Uuid,
    role: Uuid,
    (by, by_name): (Option<Uuid>, &str),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into assignments (workspace_id, id, user_id, category, role_id, organization_id, given_by, given_by_name)
         values ($1, $2, $3, 'organization', $4, $5, $6, $7)
         on conflict (workspace_id, user_id, region, organization_id) where role_id is not null
         do update set role_id = excluded.role_id, given_by = excluded.given_by, given_by_name = excluded.given_by_name,
             given_at = now(), permissions = '{}', until = null",
        ws,
        Uuid::now_v7(),
        user,
        role,
        organization,
        by,
        by_name,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes from a user what they hold in all organizations but these.
///
/// # Errors
/// The constraint `users_organization` at the end of the transaction; otherwise when the database fails.
pub async fn keep_only(db: &mut PgConnection, ws: Uuid, user: Uuid, organizations: &[Uuid]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from assignments
         where workspace_id = $1 and user_id = $2 and organization_id is not null and organization_id <> all($3)",
        ws,
        user,
        organizations
    )
    .execute(db)
    .await?;
    Ok(())
}
