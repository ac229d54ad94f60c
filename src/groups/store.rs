//! SQL of groups.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{Group, GroupApi, Member, ORDERS};
use crate::{
    access::Category,
    listing::{ListQuery, PAGE_ROWS, Page},
    platform::cursor::{like, read_cursor, read_time_cursor, write_cursor},
};

/// Which APIs the reader sees.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sight<'a> {
    /// These, or all.
    pub seen: Option<&'a [Uuid]>,
    /// In this region, or in any.
    pub region: Option<&'a str>,
}

struct Row {
    id: Uuid,
    name: String,
    members: i64,
    apis: i64,
    created_at: OffsetDateTime,
    sort_key: String,
}

impl From<Row> for Group {
    fn from(row: Row) -> Self {
        Self { id: row.id, name: row.name, members: row.members, apis: row.apis, created_at: row.created_at }
    }
}

/// The groups of the ids, places and sort keys that a query finds, with what is counted for each. $1 is the workspace, $2 and $3
/// what the reader sees of APIs; the query's own parameters come after.
macro_rules! rows {
    ($($page:literal)+; $($order:literal)+; $ws:expr, $sight:expr $(, $argument:expr)*) => {
        sqlx::query_as!(
            Row,
            r#"select groups.id, name, created_at,
                 (select count(*) from (
                     select from group_members m where m.workspace_id = $1 and m.group_id = groups.id limit 1001) counted) as "members!",
                 (select count(*) from api_access g
                  where g.workspace_id = $1 and g.group_id = groups.id and (g.until is null or g.until > now())
                      and ($2::uuid[] is null or g.api_id = any($2))
                      and ($3::text is null or exists (
                          select 1 from api_regions r where r.workspace_id = $1 and r.api_id = g.api_id and r.region = $3))
                 ) as "apis!",
                 page.sort_key as "sort_key!"
             from ("# $(+ $page)+ + ") page join groups on groups.workspace_id = $1 and groups.id = page.id " $(+ $order)+,
            $ws,
            $sight.seen,
            $sight.region
            $(, $argument)*
        )
    };
}

/// One ordered, keyset-paged query. The order is part of the text, so that each has its own index and plan.
macro_rules! page_query {
    ($db:expr, $ws:expr, $query:expr, $sight:expr, $cursor:expr, $key:literal, $shown:literal, $type:literal, $compare:literal, $direction:literal) => {
        rows!(
            "select id, " $key " as place, " $shown " as sort_key from groups
             where workspace_id = $1
                 and ($4::text is null or name_key like $4)
                 and ($5::" $type " is null or (" $key ", id) " $compare " ($5, $6::uuid))
             order by " $key " " $direction ", id " $direction " limit $7";
            "order by page.place " $direction ", page.id " $direction;
            $ws,
            $sight,
            $query.search().map(like),
            $cursor.as_ref().map(|(key, _)| ToOwned::to_owned(key)),
            $cursor.as_ref().map(|(_, id)| *id),
            PAGE_ROWS as i64 + 1
        )
        .fetch_all($db)
        .await?
    };
}

/// One page of the groups.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &mut PgConnection,
    ws: Uuid,
    query: &ListQuery,
    sight: Sight<'_>,
) -> Result<Page<Group>, sqlx::Error> {
    let total = sqlx::query_scalar!("select n from tallies where workspace_id = $1 and kind = 'groups'", ws)
        .fetch_optional(&mut *db)
        .await?
        .unwrap_or(0);
    let (column, descending) = query.order(&ORDERS);
    let backwards = !query.before.is_empty();
    let place = if backwards { &query.before } else { &query.after };
    let (text, time) = (read_cursor(place), read_time_cursor(place));
    let from_place = if column == "created" { time.is_some() } else { text.is_some() };
    let rows: Vec<Row> = match (column, descending != backwards) {
        ("created", false) => page_query!(
            db,
            ws,
            query,
            sight,
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
            query,
            sight,
            time,
            "created_at",
            "(extract(epoch from created_at) * 1000000)::bigint::text",
            "timestamptz",
            "<",
            "desc"
        ),
        (_, false) => page_query!(db, ws, query, sight, text, "name_key", "name_key", "text", ">", "asc"),
        (_, true) => page_query!(db, ws, query, sight, text, "name_key", "name_key", "text", "<", "desc"),
    };
    let page = Page::cut(rows, backwards, from_place, total, |row| write_cursor(&row.sort_key, row.id));
    Ok(page.map(Group::from))
}

/// One group.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &mut PgConnection, ws: Uuid, id: Uuid, sight: Sight<'_>) -> Result<Option<Group>, sqlx::Error> {
    let row = rows!("select id, '' as sort_key from groups where workspace_id = $1 and id = $4"; ""; ws, sight, id)
        .fetch_optional(db)
        .await?;
    Ok(row.map(Group::from))
}

/// One page of the members of a group, in the order of their names.
///
/// # Errors
/// When the database fails.
pub async fn list_members(
    db: &mut PgConnection,
    ws: Uuid,
    group: Uuid,
    query: &ListQuery,
) -> Result<Page<Member>, sqlx::Error> {
    let backwards = !query.before.is_empty();
    let cursor = read_cursor(if backwards { &query.before } else { &query.after });
    macro_rules! page {
        ($compare:literal, $direction:literal) => {
            sqlx::query!(
                "select u.id, full_name, email, kind, name_key, m.added_at
                 from group_members m join users u on u.workspace_id = $1 and u.id = m.user_id
                 where m.workspace_id = $1 and m.group_id = $2
                     and ($3::text is null or (name_key, u.id) "
                    + $compare
                    + " ($3, $4::uuid)) order by name_key "
                    + $direction
                    + ", u.id "
                    + $direction
                    + " limit $5",
                ws,
                group,
                cursor.as_ref().map(|(key, _)| ToOwned::to_owned(key)),
                cursor.as_ref().map(|(_, id)| *id),
                PAGE_ROWS as i64 + 1
            )
            .fetch_all(db)
            .await?
            .into_iter()
            .map(|row| {
                // The column's check admits no other word.
                let kind = row.kind.parse().unwrap_or(Category::Customer);
                let member =
                    Member { id: row.id, full_name: row.full_name, email: row.email, kind, added_at: row.added_at };
                (row.name_key, member)
            })
            .collect::<Vec<_>>()
        };
    }
    let rows = if backwards { page!("<", "desc") } else { page!(">", "asc") };
    let page = Page::cut(rows, backwards, cursor.is_some(), 0, |(key, member)| write_cursor(key, member.id));
    Ok(page.map(|(_, member)| member))
}

/// One page of the APIs of a group that the reader sees, in the order of their names.
///
/// # Errors
/// When the database fails.
pub async fn list_apis(
    db: &mut PgConnection,
    ws: Uuid,
    group: Uuid,
    query: &ListQuery,
    sight: Sight<'_>,
) -> Result<Page<GroupApi>, sqlx::Error> {
    let backwards = !query.before.is_empty();
    let cursor = read_cursor(if backwards { &query.before } else { &query.after });
    macro_rules! page {
        ($compare:literal, $direction:literal) => {
            sqlx::query!(
                r#"select g.id as "grant", a.id, a.name, a.slug, a.name_key as "name_key!", g.given_by_name, g.until,
                     coalesce(g.until <= now(), false) as "ended!"
                   from api_access g join apis a on a.workspace_id = $1 and a.id = g.api_id
                   where g.workspace_id = $1 and g.group_id = $2
                       and ($6::uuid[] is null or a.id = any($6))
                       and ($7::text is null or exists (
                           select 1 from api_regions r where r.workspace_id = $1 and r.api_id = a.id and r.region = $7))
                       and ($3::text is null or (a.name_key, a.id) "#
                    + $compare
                    + " ($3, $4::uuid)) order by a.name_key "
                    + $direction
                    + ", a.id "
                    + $direction
                    + " limit $5",
                ws,
                group,
                cursor.as_ref().map(|(key, _)| ToOwned::to_owned(key)),
                cursor.as_ref().map(|(_, id)| *id),
                PAGE_ROWS as i64 + 1,
                sight.seen,
                sight.region
            )
            .fetch_all(db)
            .await?
            .into_iter()
            .map(|row| {
                let api = GroupApi {
                    grant: row.grant,
                    id: row.id,
                    name: row.name,
                    slug: row.slug,
                    given_by_name: row.given_by_name,
                    until: row.until,
                    ended: row.ended,
                };
                (row.name_key, api)
            })
            .collect::<Vec<_>>()
        };
    }
    let rows = if backwards { page!("<", "desc") } else { page!(">", "asc") };
    let page = Page::cut(rows, backwards, cursor.is_some(), 0, |(key, api)| write_cursor(key, api.id));
    Ok(page.map(|(_, api)| api))
}

/// The ids of a group's members, up to `most`.
///
/// # Errors
/// When the database fails.
pub async fn list_member_ids(
    db: &mut PgConnection,
    ws: Uuid,
    group: Uuid,
    most: i64,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "select user_id from group_members where workspace_id = $1 and group_id = $2 order by user_id limit $3",
        ws,
        group,
        most
    )
    .fetch_all(db)
    .await
}

/// The slugs of these APIs, each with every region that it is in; none where it is in no particular one.
///
/// # Errors
/// When the database fails.
pub async fn list_places(
    db: &mut PgConnection,
    ws: Uuid,
    apis: &[Uuid],
) -> Result<Vec<(String, Option<String>)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"select slug, region as "region?" from apis
           left join api_regions r on r.workspace_id = $1 and r.api_id = apis.id
           where apis.workspace_id = $1 and apis.id = any($2)"#,
        ws,
        apis
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.slug, row.region)).collect())
}

/// Makes a group.
///
/// # Errors
/// The constraint `groups_name_key`; otherwise when the database fails.
pub async fn insert(db: &mut PgConnection, ws: Uuid, id: Uuid, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("insert into groups (workspace_id, id, name) values ($1, $2, $3)", ws, id, name).execute(db).await?;
    Ok(())
}

/// Gives a group another name.
///
/// # Errors
/// The constraint `groups_name_key`; otherwise when the database fails.
pub async fn update_name(db: &mut PgConnection, ws: Uuid, id: Uuid, name: &str) -> Result<(), sqlx::Error> {
    sqlx::query!("update groups set name = $3 where workspace_id = $1 and id = $2", ws, id, name).execute(db).await?;
    Ok(())
}

/// Deletes a group; its members stay, and lose what it gave.
///
/// # Errors
/// When the database fails.
pub async fn delete(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from groups where workspace_id = $1 and id = $2", ws, id).execute(db).await?;
    Ok(())
}

/// Puts users into a group. Tells who was not in it.
///
/// # Errors
/// When the database fails.
pub async fn insert_members(
    db: &mut PgConnection,
    ws: Uuid,
    group: Uuid,
    users: &[Uuid],
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into group_members (workspace_id, group_id, user_id) select $1, $2, unnest($3::uuid[])
         on conflict do nothing returning user_id",
        ws,
        group,
        users
    )
    .fetch_all(db)
    .await
}

/// Takes a user out of a group. Tells whether they were in it.
///
/// # Errors
/// When the database fails.
pub async fn delete_member(db: &mut PgConnection, ws: Uuid, group: Uuid, user: Uuid) -> Result<bool, sqlx::Error> {
    let gone = sqlx::query!(
        "delete from group_members where workspace_id = $1 and group_id = $2 and user_id = $3",
        ws,
        group,
        user
    )
    .execute(db)
    .await?;
    Ok(gone.rows_affected() > 0)
}
