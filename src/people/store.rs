//! SQL of users.

use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{CUSTOMER_ORDERS, Edit, ORDERS, State, User};
use crate::{
    access::{Category, RoleRef},
    accounts::address::Address,
    listing::{ListQuery, PAGE_ROWS, Page},
    platform::cursor::{like, read_cursor, read_time_cursor, write_cursor},
};

/// An account to be made.
pub struct NewUser<'a> {
    /// Its id.
    pub id: Uuid,
    /// Its address.
    pub address: &'a Address,
    /// Full name.
    pub full_name: &'a str,
    /// Mobile number in E.164.
    pub mobile: Option<&'a str>,
    /// PHC string; none for an account that nobody signs in to before it gets a password.
    pub password_hash: Option<&'a str>,
    /// What kind of user.
    pub kind: Category,
    /// A customer's Customer ID.
    pub customer_id: Option<&'a str>,
    /// The roles, each with its organization; none for the whole workspace.
    pub roles: &'a [(Uuid, Option<Uuid>)],
    /// Who gave it, and their name.
    pub given_by: Option<Uuid>,
    /// See `given_by`.
    pub given_by_name: &'a str,
}

/// Makes an account, which holds its roles in every region. Customers reach the APIs that something leads them to; everybody else
/// has all in scope.
///
/// # Errors
/// The constraint `users_email_key` when the address has one, `users_organization` and `assignments_one_organization` at the end
/// of the transaction; otherwise when the database fails.
pub async fn insert(db: &mut PgConnection, ws: Uuid, user: &NewUser<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into users (workspace_id, id, kind, email, email_key, user_name, full_name, mobile, password_hash, customer_id)
         values ($1, $2, $8, $3, $4, $3, $5, $6, $7, $9)",
        ws,
        user.id,
        user.address.shown,
        user.address.key,
        user.full_name,
        user.mobile,
        user.password_hash,
        user.kind.slug(),
        user.customer_id,
    )
    .execute(&mut *db)
    .await?;
    for (role, organization) in user.roles {
        sqlx::query!(
            "insert into assignments
                (workspace_id, id, user_id, category, role_id, organization_id, all_apis, given_by, given_by_name)
             values ($1, $2, $3, $4, $5, $6, $4 <> 'customer', $7, $8)",
            ws,
            Uuid::now_v7(),
            user.id,
            user.kind.slug(),
            role,
            *organization,
            user.given_by,
            user.given_by_name,
        )
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

struct Row {
    id: Uuid,
    full_name: String,
    email: String,
    user_name: String,
    mobile: Option<String>,
    customer_id: Option<String>,
    has_password: bool,
    roles: Json<Vec<RoleRef>>,
    state: String,
    joined_at: OffsetDateTime,
    last_seen_at: Option<OffsetDateTime>,
    sort_key: String,
}

impl From<Row> for User {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            full_name: row.full_name,
            email: row.email,
            user_name: row.user_name,
            mobile: row.mobile,
            customer_id: row.customer_id,
            has_password: row.has_password,
            roles: row.roles.0,
            // The column's check admits no other word; who is in an unknown state may not sign in.
            state: row.state.parse().unwrap_or(State::Disabled),
            joined_at: row.joined_at,
            last_seen_at: row.last_seen_at,
            above_you: false,
        }
    }
}

/// One user.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<Option<User>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, full_name, email, user_name, mobile, customer_id, password_hash is not null as "has_password!",
               (select coalesce(jsonb_agg(distinct jsonb_build_object('id', roles.id, 'name', roles.name)), '[]') from assignments a
                   join roles on roles.workspace_id = a.workspace_id and roles.id = a.role_id
                   where a.workspace_id = $1 and a.user_id = users.id) as "roles!: Json<Vec<RoleRef>>",
               state, joined_at, last_seen_at, '' as "sort_key!"
           from users where workspace_id = $1 and id = $2"#,
        ws,
        id
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(User::from))
}

/// One user, locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn lock(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<Option<User>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, full_name, email, user_name, mobile, customer_id, password_hash is not null as "has_password!",
               (select coalesce(jsonb_agg(distinct jsonb_build_object('id', roles.id, 'name', roles.name)), '[]') from assignments a
                   join roles on roles.workspace_id = a.workspace_id and roles.id = a.role_id
                   where a.workspace_id = $1 and a.user_id = users.id) as "roles!: Json<Vec<RoleRef>>",
               state, joined_at, last_seen_at, '' as "sort_key!"
           from users where workspace_id = $1 and id = $2 for update of users"#,
        ws,
        id
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(User::from))
}

/// Whether the address has an account.
///
/// # Errors
/// When the database fails.
pub async fn exists(db: &mut PgConnection, ws: Uuid, email_key: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select 1 from users where workspace_id = $1 and email_key = $2) as "exists!""#,
        ws,
        email_key
    )
    .fetch_one(db)
    .await
}

/// Which of these addresses have accounts.
///
/// # Errors
/// When the database fails.
pub async fn list_known(db: &mut PgConnection, ws: Uuid, keys: &[&str]) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        "select email_key from users where workspace_id = $1 and email_key = any($2::text[])",
        ws,
        keys as _
    )
    .fetch_all(db)
    .await
}

/// Which of these accounts wait for their person: they have no password, and are not disabled.
///
/// # Errors
/// When the database fails.
pub async fn list_pending(db: &mut PgConnection, ws: Uuid, ids: &[Uuid]) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select id from users where workspace_id = $1 and id = any($2) and password_hash is null and state = 'enabled'",
        ws,
        ids
    )
    .fetch_all(db)
    .await
}

/// Gives an account that has no password its person. False when it has one, is disabled or gone.
///
/// # Errors
/// When the database fails.
pub async fn update_activated(
    db: &mut PgConnection,
    ws: Uuid,
    id: Uuid,
    full_name: &str,
    mobile: Option<&str>,
    password_hash: &str,
) -> Result<bool, sqlx::Error> {
    let done = sqlx::query!(
        "update users set full_name = $3, mobile = coalesce($4, mobile), password_hash = $5
         where workspace_id = $1 and id = $2 and password_hash is null and state = 'enabled'",
        ws,
        id,
        full_name,
        mobile,
        password_hash,
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes an edit.
///
/// # Errors
/// The constraint `users_last_owner`; otherwise when the database fails.
pub async fn update(db: &mut PgConnection, ws: Uuid, id: Uuid, edit: &Edit) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update users set full_name = $3, mobile = $4, state = $5 where workspace_id = $1 and id = $2",
        ws,
        id,
        edit.full_name,
        edit.mobile,
        edit.state.slug(),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Removes a user, and every session with it.
///
/// # Errors
/// The constraint `users_last_owner`; otherwise when the database fails.
pub async fn delete(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from users where workspace_id = $1 and id = $2", ws, id).execute(db).await?;
    Ok(())
}

/// Gives a user another role, everywhere, in the place of the one that they hold everywhere.
///
/// # Errors
/// When the database fails.
pub async fn update_role(
    db: &mut PgConnection,
    ws: Uuid,
    id: Uuid,
    role: Uuid,
    by: Option<Uuid>,
    by_name: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into assignments (workspace_id, id, user_id, category, role_id, all_apis, given_by, given_by_name)
         select $1, $3, id, kind, $4, kind <> 'customer', $5, $6 from users where workspace_id = $1 and id = $2
         on conflict (workspace_id, user_id, region, organization_id) where role_id is not null
         do update set role_id = excluded.role_id, given_by = excluded.given_by, given_by_name = excluded.given_by_name,
             given_at = now(), permissions = '{}', until = null",
        ws,
        id,
        Uuid::now_v7(),
        role,
        by,
        by_name,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// How many users of a kind the workspace has, as maintained.
///
/// # Errors
/// When the database fails.
pub async fn count(db: &mut PgConnection, ws: Uuid, kind: Category) -> Result<i64, sqlx::Error> {
    let found =
        sqlx::query_scalar!("select n from tallies where workspace_id = $1 and kind = 'users:' || $2", ws, kind.slug())
            .fetch_optional(db)
            .await?;
    Ok(found.unwrap_or(0))
}

/// One ordered, keyset-paged query. The order is part of the text, so that each has its own index and plan.
macro_rules! page_query {
    ($db:expr, $ws:expr, $kind:expr, $query:expr, $cursor:expr, $key:literal, $shown:literal, $type:literal, $compare:literal, $direction:literal) => {
        sqlx::query_as!(
            Row,
            r#"select users.id, full_name, email, user_name, mobile, customer_id, password_hash is not null as "has_password!",
                 (select coalesce(jsonb_agg(distinct jsonb_build_object('id', roles.id, 'name', roles.name)), '[]') from assignments a
                   join roles on roles.workspace_id = a.workspace_id and roles.id = a.role_id
                   where a.workspace_id = $1 and a.user_id = users.id) as "roles!: Json<Vec<RoleRef>>",
                 state, joined_at, last_seen_at,
                 page.sort_key as "sort_key!"
             from (
                 select id, "#
                + $key
                + " as place, "
                + $shown
                + " as sort_key from users
                 where workspace_id = $1 and kind = $7
                     and ($2::text is null or search_key like $2)
                     and ($3::text = '' or state = $3)
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
             ) page join users on users.workspace_id = $1 and users.id = page.id
             order by page.place "
                + $direction
                + ", page.id "
                + $direction,
            $ws,
            $query.search().map(like),
            $query.status,
            $cursor.as_ref().map(|(key, _)| ToOwned::to_owned(key)),
            $cursor.as_ref().map(|(_, id)| *id),
            PAGE_ROWS as i64 + 1,
            $kind.slug(),
        )
        .fetch_all($db)
        .await?
    };
}

/// One page of the users of a kind.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &mut PgConnection,
    ws: Uuid,
    kind: Category,
    query: &ListQuery,
) -> Result<Page<User>, sqlx::Error> {
    let total = count(&mut *db, ws, kind).await?;
    let (column, descending) = query.order(if kind == Category::Customer { &CUSTOMER_ORDERS } else { &ORDERS });
    let backwards = !query.before.is_empty();
    let place = if backwards { &query.before } else { &query.after };
    let (text, time) = (read_cursor(place), read_time_cursor(place));
    let from_place = if column == "joined" { time.is_some() } else { text.is_some() };
    let rows: Vec<Row> = match (column, descending != backwards) {
        ("email", false) => page_query!(db, ws, kind, query, text, "email_key", "email_key", "text", ">", "asc"),
        ("email", true) => page_query!(db, ws, kind, query, text, "email_key", "email_key", "text", "<", "desc"),
        ("joined", false) => page_query!(
            db,
            ws,
            kind,
            query,
            time,
            "joined_at",
            "(extract(epoch from joined_at) * 1000000)::bigint::text",
            "timestamptz",
            ">",
            "asc"
        ),
        ("joined", true) => page_query!(
            db,
            ws,
            kind,
            query,
            time,
            "joined_at",
            "(extract(epoch from joined_at) * 1000000)::bigint::text",
            "timestamptz",
            "<",
            "desc"
        ),
        ("customer", false) => page_query!(
            db,
            ws,
            kind,
            query,
            text,
            "coalesce(customer_id, '')",
            "coalesce(customer_id, '')",
            "text",
            ">",
            "asc"
        ),
        ("customer", true) => page_query!(
            db,
            ws,
            kind,
            query,
            text,
            "coalesce(customer_id, '')",
            "coalesce(customer_id, '')",
            "text",
            "<",
            "desc"
        ),
        (_, false) => page_query!(db, ws, kind, query, text, "name_key", "name_key", "text", ">", "asc"),
        (_, true) => page_query!(db, ws, kind, query, text, "name_key", "name_key", "text", "<", "desc"),
    };
    let page = Page::cut(rows, backwards, from_place, total, |row| write_cursor(&row.sort_key, row.id));
    Ok(page.map(User::from))
}
