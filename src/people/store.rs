//! SQL of users.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{Edit, ORDERS, State, User};
use crate::{
    access::Role,
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
    /// PHC string.
    pub password_hash: &'a str,
    /// The role held.
    pub role: Role,
}

/// Makes an account.
///
/// # Errors
/// The constraint `users_email_key` when the address has one; otherwise when the database fails.
pub async fn insert(db: &mut PgConnection, ws: Uuid, user: &NewUser<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into users (workspace_id, id, email, email_key, user_name, full_name, mobile, password_hash, role)
         values ($1, $2, $3, $4, $3, $5, $6, $7, $8)",
        ws,
        user.id,
        user.address.shown,
        user.address.key,
        user.full_name,
        user.mobile,
        user.password_hash,
        user.role.slug(),
    )
    .execute(db)
    .await?;
    Ok(())
}

struct Row {
    id: Uuid,
    full_name: String,
    email: String,
    user_name: String,
    mobile: Option<String>,
    role: String,
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
            // The columns' checks admit no other words; what is unknown holds nothing and may not sign in.
            role: row.role.parse().unwrap_or(Role::Member),
            state: row.state.parse().unwrap_or(State::Disabled),
            joined_at: row.joined_at,
            last_seen_at: row.last_seen_at,
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
        r#"select id, full_name, email, user_name, mobile, role, state, joined_at, last_seen_at, '' as "sort_key!"
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
        r#"select id, full_name, email, user_name, mobile, role, state, joined_at, last_seen_at, '' as "sort_key!"
           from users where workspace_id = $1 and id = $2 for update"#,
        ws,
        id
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(User::from))
}

/// The role of an enabled user, held as it is until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn lock_role(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<Option<Role>, sqlx::Error> {
    let role = sqlx::query_scalar!(
        "select role from users where workspace_id = $1 and id = $2 and state = 'enabled' for share",
        ws,
        id
    )
    .fetch_optional(db)
    .await?;
    // The column's check admits no other word; what is unknown holds nothing.
    Ok(role.map(|role| role.parse().unwrap_or(Role::Member)))
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

/// Writes an edit.
///
/// # Errors
/// The constraint `users_last_owner`; otherwise when the database fails.
pub async fn update(db: &mut PgConnection, ws: Uuid, id: Uuid, edit: &Edit) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update users set full_name = $3, mobile = $4, role = $5, state = $6 where workspace_id = $1 and id = $2",
        ws,
        id,
        edit.full_name,
        edit.mobile,
        edit.role.slug(),
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

/// How many users the workspace has, as maintained.
///
/// # Errors
/// When the database fails.
pub async fn count(db: &mut PgConnection, ws: Uuid) -> Result<i64, sqlx::Error> {
    let found = sqlx::query_scalar!("select n from tallies where workspace_id = $1 and kind = 'users'", ws)
        .fetch_optional(db)
        .await?;
    Ok(found.unwrap_or(0))
}

/// One ordered, keyset-paged query. The order is part of the text, so that each has its own index and plan.
macro_rules! page_query {
    ($db:expr, $ws:expr, $query:expr, $cursor:expr, $key:literal, $shown:literal, $type:literal, $compare:literal, $direction:literal) => {
        sqlx::query_as!(
            Row,
            r#"select users.id, full_name, email, user_name, mobile, role, state, joined_at, last_seen_at,
                 page.sort_key as "sort_key!"
             from (
                 select id, "#
                + $key
                + " as place, "
                + $shown
                + " as sort_key from users
                 where workspace_id = $1
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
        )
        .fetch_all($db)
        .await?
    };
}

/// One page of users.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &mut PgConnection, ws: Uuid, query: &ListQuery) -> Result<Page<User>, sqlx::Error> {
    let total = count(&mut *db, ws).await?;
    let (column, descending) = query.order(&ORDERS);
    let backwards = !query.before.is_empty();
    let place = if backwards { &query.before } else { &query.after };
    let (text, time) = (read_cursor(place), read_time_cursor(place));
    let from_place = if column == "joined" { time.is_some() } else { text.is_some() };
    let rows: Vec<Row> = match (column, descending != backwards) {
        ("email", false) => page_query!(db, ws, query, text, "email_key", "email_key", "text", ">", "asc"),
        ("email", true) => page_query!(db, ws, query, text, "email_key", "email_key", "text", "<", "desc"),
        ("joined", false) => page_query!(
            db,
            ws,
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
            query,
            time,
            "joined_at",
            "(extract(epoch from joined_at) * 1000000)::bigint::text",
            "timestamptz",
            "<",
            "desc"
        ),
        (_, false) => page_query!(db, ws, query, text, "name_key", "name_key", "text", ">", "asc"),
        (_, true) => page_query!(db, ws, query, text, "name_key", "name_key", "text", "<", "desc"),
    };
    let page = Page::cut(rows, backwards, from_place, total, |row| write_cursor(&row.sort_key, row.id));
    Ok(page.map(User::from))
}
