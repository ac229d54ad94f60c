//! SQL of API access.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{Access, Side, Suggestion};
use crate::{
    listing::{ListQuery, PAGE_ROWS, Page},
    platform::cursor::{like, read_cursor, write_cursor},
};

/// To whom an API is granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// A user or a customer.
    User(Uuid),
    /// A group.
    Group(Uuid),
}

impl Whose {
    /// The user, if it is one.
    pub fn user(self) -> Option<Uuid> {
        match self {
            Self::User(id) => Some(id),
            Self::Group(_) => None,
        }
    }

    /// The group, if it is one.
    pub fn group(self) -> Option<Uuid> {
        match self {
            Self::User(_) => None,
            Self::Group(id) => Some(id),
        }
    }
}

struct Row {
    id: Option<Uuid>,
    whose: Uuid,
    name: String,
    hint: String,
    customer_id: Option<String>,
    given_by_name: String,
    until: Option<OffsetDateTime>,
    ended: bool,
    sort_key: String,
}

impl From<Row> for Access {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            whose: row.whose,
            name: row.name,
            hint: row.hint,
            customer_id: row.customer_id,
            given_by_name: row.given_by_name,
            until: row.until,
            ended: row.ended,
        }
    }
}

/// One page of people, in the order of their names. Each way that leads to the API is walked in that order from the cursor on, and
/// no farther than a page: neither how many it was granted to nor how many share a Customer ID matters.
macro_rules! people_query {
    ($db:expr, $ws:expr, $api:expr, $cursor:expr, $kinds:expr, $compare:literal, $order:literal) => {
        sqlx::query_as!(
            Row,
            r#"select g.id as "id?", u.id as whose, u.full_name as name, u.email as hint, c.customer_id as "customer_id?",
                 coalesce(g.given_by_name, '') as "given_by_name!", g.until as "until?", coalesce(g.until <= now(), false) as "ended!",
                 u.name_key as sort_key
             from (
                 (select granted.* from unnest($3::text[]) kinds (kind) cross join lateral (
                     select users.id as who, name_key as place from users
                     where users.workspace_id = $1 and users.kind = kinds.kind
                         and exists (select 1 from api_access where workspace_id = $1 and api_id = $2 and user_id = users.id)
                         and ($4::text is null or (name_key, users.id) "#
                + $compare
                + " ($4, $5::uuid)) order by "
                + $order
                + " limit $6) granted order by "
                + $order
                + r#" limit $6)
                 union
                 (select named.* from api_customer_ids cross join lateral (
                     select users.id as who, name_key as place from users
                     where users.workspace_id = $1 and users.customer_id = api_customer_ids.customer_id
                         and ($4::text is null or (name_key, users.id) "#
                + $compare
                + " ($4, $5::uuid)) order by "
                + $order
                + r#" limit $6) named
                  where api_customer_ids.workspace_id = $1 and api_id = $2 and 'customer' = any($3::text[]) order by "#
                + $order
                + " limit $6) order by "
                + $order
                + r#" limit $6
             ) page
             join users u on u.workspace_id = $1 and u.id = who
             left join api_access g on g.workspace_id = $1 and g.api_id = $2 and g.user_id = who
             left join api_customer_ids c on c.workspace_id = $1 and c.api_id = $2 and c.customer_id = u.customer_id
             order by "#
                + $order,
            $ws,
            $api,
            $kinds as &[&str],
            $cursor.as_ref().map(|(key, _)| ToOwned::to_owned(key)),
            $cursor.as_ref().map(|(_, id)| *id),
            PAGE_ROWS as i64 + 1
        )
        .fetch_all($db)
        .await?
    };
}

/// One page of groups, in the order of their names.
macro_rules! group_query {
    ($db:expr, $ws:expr, $api:expr, $cursor:expr, $compare:literal, $direction:literal) => {
        sqlx::query_as!(
            Row,
            r#"select g.id as "id?", groups.id as whose, groups.name, '' as "hint!", null::text as "customer_id?",
                 g.given_by_name, g.until as "until?", coalesce(g.until <= now(), false) as "ended!", groups.name_key as "sort_key!"
             from api_access g join groups on groups.workspace_id = $1 and groups.id = g.group_id
             where g.workspace_id = $1 and g.api_id = $2 and ($3::text is null or (groups.name_key, groups.id) "#
                + $compare
                + " ($3, $4::uuid)) order by groups.name_key "
                + $direction
                + ", groups.id "
                + $direction
                + " limit $5",
            $ws,
            $api,
            $cursor.as_ref().map(|(key, _)| ToOwned::to_owned(key)),
            $cursor.as_ref().map(|(_, id)| *id),
            PAGE_ROWS as i64 + 1
        )
        .fetch_all($db)
        .await?
    };
}

/// One page of one side of those who have access to an API, in the order of their names.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &mut PgConnection,
    ws: Uuid,
    api: Uuid,
    side: Side,
    query: &ListQuery,
) -> Result<Page<Access>, sqlx::Error> {
    let backwards = !query.before.is_empty();
    let cursor = read_cursor(if backwards { &query.before } else { &query.after });
    let kinds: &[&str] = if side == Side::Customers { &["customer"] } else { &["teammate", "organization"] };
    let rows: Vec<Row> = match (side, backwards) {
        (Side::Users | Side::Customers, false) => people_query!(db, ws, api, cursor, kinds, ">", "place, who"),
        (Side::Users | Side::Customers, true) => people_query!(db, ws, api, cursor, kinds, "<", "place desc, who desc"),
        (Side::Groups, false) => group_query!(db, ws, api, cursor, ">", "asc"),
        (Side::Groups, true) => group_query!(db, ws, api, cursor, "<", "desc"),
    };
    let page = Page::cut(rows, backwards, cursor.is_some(), 0, |row| write_cursor(&row.sort_key, row.whose));
    Ok(page.map(Access::from))
}

/// When the grant of an API to somebody ends, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn find_until(
    db: &mut PgConnection,
    ws: Uuid,
    api: Uuid,
    whose: Whose,
) -> Result<Option<Option<OffsetDateTime>>, sqlx::Error> {
    sqlx::query_scalar!(
        "select until from api_access where workspace_id = $1 and api_id = $2
             and user_id is not distinct from $3 and group_id is not distinct from $4",
        ws,
        api,
        whose.user(),
        whose.group()
    )
    .fetch_optional(db)
    .await
}

/// Grants an API, or moves the end of a grant that is there: who gives it now, has given it.
///
/// # Errors
/// When the database fails.
pub async fn upsert(
    db: &mut PgConnection,
    ws: Uuid,
    api: Uuid,
    whose: Whose,
    until: Option<OffsetDateTime>,
    by: (Option<Uuid>, &str),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into api_access (workspace_id, id, api_id, user_id, group_id, until, given_by, given_by_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict on constraint api_access_key do update set until = excluded.until, given_at = now(),
             given_by = excluded.given_by, given_by_name = excluded.given_by_name, end_announced = false",
        ws,
        Uuid::now_v7(),
        api,
        whose.user(),
        whose.group(),
        until,
        by.0,
        by.1
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A grant, with the API that it is of.
pub struct Grant {
    /// The API.
    pub api: Uuid,
    /// The user, where it is a user's.
    pub user: Option<Uuid>,
    /// The name of the user or of the group.
    pub name: String,
    /// When it ends, if it does.
    pub until: Option<OffsetDateTime>,
}

/// One grant, locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn lock(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<Option<Grant>, sqlx::Error> {
    sqlx::query_as!(
        Grant,
        r#"select api_id as api, user_id as user, until, coalesce(
               (select full_name from users where workspace_id = $1 and users.id = user_id),
               (select name from groups where workspace_id = $1 and groups.id = group_id), '') as "name!"
           from api_access where workspace_id = $1 and id = $2 for update"#,
        ws,
        id
    )
    .fetch_optional(db)
    .await
}

/// Takes one grant away.
///
/// # Errors
/// When the database fails.
pub async fn delete(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from api_access where workspace_id = $1 and id = $2", ws, id).execute(db).await?;
    Ok(())
}

/// Takes every grant of an API away, and the Customer IDs that it serves. Tells whose grants they were, as user and group.
///
/// # Errors
/// When the database fails.
pub async fn delete_all(
    db: &mut PgConnection,
    ws: Uuid,
    api: Uuid,
) -> Result<Vec<(Option<Uuid>, Option<Uuid>)>, sqlx::Error> {
    sqlx::query!("delete from api_customer_ids where workspace_id = $1 and api_id = $2", ws, api)
        .execute(&mut *db)
        .await?;
    let rows = sqlx::query!(
        "delete from api_access where workspace_id = $1 and api_id = $2 returning user_id, group_id",
        ws,
        api
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.user_id, row.group_id)).collect())
}

/// The users who reach an API by a grant, a group or their Customer ID, up to `most`.
///
/// # Errors
/// When the database fails.
pub async fn list_reaching(db: &mut PgConnection, ws: Uuid, api: Uuid, most: i64) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"(select user_id as "id!" from api_access where workspace_id = $1 and api_id = $2 and user_id is not null limit $3)
           union
           (select m.user_id from api_access g join group_members m on m.workspace_id = $1 and m.group_id = g.group_id
            where g.workspace_id = $1 and g.api_id = $2 limit $3)
           union
           (select u.id from api_customer_ids c join users u on u.workspace_id = $1 and u.customer_id = c.customer_id
            where c.workspace_id = $1 and c.api_id = $2 limit $3)
           limit $3"#,
        ws,
        api,
        most
    )
    .fetch_all(db)
    .await
}

/// Users of every kind whose name or address holds a part: the first in order.
///
/// # Errors
/// When the database fails.
pub async fn search_people(
    db: &mut PgConnection,
    ws: Uuid,
    part: &str,
    most: i64,
) -> Result<Vec<Suggestion>, sqlx::Error> {
    sqlx::query_as!(
        Suggestion,
        "select id, full_name as name, email as hint from users where workspace_id = $1 and search_key like $2
         order by name_key, id limit $3",
        ws,
        like(part),
        most
    )
    .fetch_all(db)
    .await
}

/// Groups whose name holds a part: the first in order.
///
/// # Errors
/// When the database fails.
pub async fn search_groups(
    db: &mut PgConnection,
    ws: Uuid,
    part: &str,
    most: i64,
) -> Result<Vec<Suggestion>, sqlx::Error> {
    sqlx::query_as!(
        Suggestion,
        r#"select id, name, '' as "hint!" from groups where workspace_id = $1 and name_key like $2
           order by name_key, id limit $3"#,
        ws,
        like(part),
        most
    )
    .fetch_all(db)
    .await
}

/// The users of these ids, and those of exactly this address in its normal form or this name in small letters, with their names.
///
/// # Errors
/// When the database fails.
pub async fn find_people(
    db: &mut PgConnection,
    ws: Uuid,
    ids: &[Uuid],
    address: &str,
    name: &str,
) -> Result<Vec<(Uuid, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select id, full_name from users
         where workspace_id = $1 and (id = any($2) or email_key = $3
             or (kind in ('teammate', 'organization', 'customer') and name_key = $4))
         order by id limit 1000",
        ws,
        ids,
        address,
        name
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.full_name)).collect())
}

/// The groups of these ids, and the one of exactly this name in small letters, with their names.
///
/// # Errors
/// When the database fails.
pub async fn find_groups(
    db: &mut PgConnection,
    ws: Uuid,
    ids: &[Uuid],
    name: &str,
) -> Result<Vec<(Uuid, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select id, name from groups where workspace_id = $1 and (id = any($2) or name_key = $3) order by id limit 1000",
        ws,
        ids,
        name
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}
