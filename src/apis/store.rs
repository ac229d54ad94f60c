//! SQL of APIs.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{Api, ApiDraft, Counts, MOST_COUNTED, ORDERS};
use crate::{
    listing::{ListQuery, PAGE_ROWS, Page},
    platform::cursor::{like, read_cursor, read_time_cursor, write_cursor},
};

struct Row {
    id: Uuid,
    slug: String,
    name: String,
    environment: String,
    category: String,
    regions: Vec<String>,
    users: i64,
    customers: i64,
    groups: i64,
    created_at: OffsetDateTime,
    sort_key: String,
}

impl From<Row> for Api {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            slug: row.slug,
            name: row.name,
            // The column's check admits no other word.
            environment: row.environment.parse().unwrap_or_default(),
            category: row.category,
            regions: row.regions,
            counts: Some(Counts { users: row.users, customers: row.customers, groups: row.groups }),
            created_at: row.created_at,
        }
    }
}

/// The APIs of the ids, places and sort keys that a query finds, with what is counted for each. $1 is the workspace, $2 how many
/// are counted at most; the query's own parameters come after.
macro_rules! rows {
    ($($page:literal)+; $($order:literal)+; $ws:expr $(, $argument:expr)*) => {
        sqlx::query_as!(
            Row,
            r#"select apis.id, slug, name, environment, category, created_at,
                 array(select region from api_regions r where r.workspace_id = $1 and r.api_id = apis.id order by region) as "regions!",
                 (select count(*) from (
                     select 1 from api_access g join users u on u.workspace_id = $1 and u.id = g.user_id and u.kind <> 'customer'
                     where g.workspace_id = $1 and g.api_id = apis.id and (g.until is null or g.until > now()) limit $2
                 ) n) as "users!",
                 (select count(*) from (
                     (select u.id from api_access g join users u on u.workspace_id = $1 and u.id = g.user_id and u.kind = 'customer'
                      where g.workspace_id = $1 and g.api_id = apis.id and (g.until is null or g.until > now()) limit $2)
                     union
                     (select u.id from api_customer_ids c
                      join users u on u.workspace_id = $1 and u.customer_id = c.customer_id and u.kind = 'customer'
                      where c.workspace_id = $1 and c.api_id = apis.id limit $2)
                     limit $2
                 ) n) as "customers!",
                 (select count(*) from (
                     select 1 from api_access g where g.workspace_id = $1 and g.api_id = apis.id and g.group_id is not null
                         and (g.until is null or g.until > now()) limit $2
                 ) n) as "groups!",
                 page.sort_key as "sort_key!"
             from ("# $(+ $page)+ + ") page join apis on apis.workspace_id = $1 and apis.id = page.id " $(+ $order)+,
            $ws,
            MOST_COUNTED + 1
            $(, $argument)*
        )
    };
}

/// One ordered, keyset-paged query. The order is part of the text, so that each has its own index and plan.
macro_rules! page_query {
    ($db:expr, $ws:expr, $query:expr, $region:expr, $seen:expr, $cursor:expr, $key:literal, $shown:literal, $type:literal, $compare:literal, $direction:literal) => {
        rows!(
            "select id, " $key " as place, " $shown " as sort_key from apis a
             where workspace_id = $1
                 and ($3::text is null or name_key like $3)
                 and ($4::text = '' or environment = $4)
                 and ($5::text is null or exists (
                     select 1 from api_regions r where r.workspace_id = $1 and r.api_id = a.id and r.region = $5))
                 and ($6::uuid[] is null or id = any($6))
                 and ($7::" $type " is null or (" $key ", id) " $compare " ($7, $8::uuid))
             order by " $key " " $direction ", id " $direction " limit $9";
            "order by page.place " $direction ", page.id " $direction;
            $ws,
            $query.search().map(like),
            $query.status,
            $region,
            $seen,
            $cursor.as_ref().map(|(key, _)| ToOwned::to_owned(key)),
            $cursor.as_ref().map(|(_, id)| *id),
            PAGE_ROWS as i64 + 1
        )
        .fetch_all($db)
        .await?
    };
}

/// One page of the APIs in a region, or in any, of those that are `seen`, or of all.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &mut PgConnection,
    ws: Uuid,
    query: &ListQuery,
    region: Option<&str>,
    seen: Option<&[Uuid]>,
) -> Result<Page<Api>, sqlx::Error> {
    let total = count(&mut *db, ws, region, seen).await?;
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
            region,
            seen,
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
            region,
            seen,
            time,
            "created_at",
            "(extract(epoch from created_at) * 1000000)::bigint::text",
            "timestamptz",
            "<",
            "desc"
        ),
        (_, false) => page_query!(db, ws, query, region, seen, text, "name_key", "name_key", "text", ">", "asc"),
        (_, true) => page_query!(db, ws, query, region, seen, text, "name_key", "name_key", "text", "<", "desc"),
    };
    let page = Page::cut(rows, backwards, from_place, total, |row| write_cursor(&row.sort_key, row.id));
    Ok(page.map(Api::from))
}

/// How many APIs there are in a region, or in any, of those that are `seen`, or of all.
async fn count(
    db: &mut PgConnection,
    ws: Uuid,
    region: Option<&str>,
    seen: Option<&[Uuid]>,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "n!" from apis a
           where workspace_id = $1 and ($3::uuid[] is null or id = any($3))
               and ($2::text is null or exists (
                   select 1 from api_regions r where r.workspace_id = $1 and r.api_id = a.id and r.region = $2))"#,
        ws,
        region,
        seen
    )
    .fetch_one(db)
    .await
}

/// One API.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<Option<Api>, sqlx::Error> {
    let row = rows!("select id, '' as sort_key from apis where workspace_id = $1 and id = $3"; ""; ws, id)
        .fetch_optional(db)
        .await?;
    Ok(row.map(Api::from))
}

/// The Customer IDs that an API serves, in order.
///
/// # Errors
/// When the database fails.
pub async fn list_customer_ids(db: &mut PgConnection, ws: Uuid, api: Uuid) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select customer_id from api_customer_ids where workspace_id = $1 and api_id = $2 order by customer_id collate "C""#,
        ws,
        api
    )
    .fetch_all(db)
    .await
}

/// How many users hold rights for chosen APIs, this one among them.
///
/// # Errors
/// When the database fails.
pub async fn count_chosen_by(db: &mut PgConnection, ws: Uuid, api: Uuid) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(distinct a.user_id) as "n!" from assignment_apis c
           join assignments a on a.workspace_id = $1 and a.id = c.assignment_id
           where c.workspace_id = $1 and c.api_id = $2"#,
        ws,
        api
    )
    .fetch_one(db)
    .await
}

/// Makes an API, without its regions and Customer IDs.
///
/// # Errors
/// The constraints `apis_name_key` and `apis_slug_key`; otherwise when the database fails.
pub async fn insert(
    db: &mut PgConnection,
    ws: Uuid,
    id: Uuid,
    slug: &str,
    draft: &ApiDraft,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into apis (workspace_id, id, slug, name, environment, category) values ($1, $2, $3, $4, $5, $6)",
        ws,
        id,
        slug,
        draft.name,
        draft.environment.slug(),
        draft.category
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Writes an edit, without its regions and Customer IDs.
///
/// # Errors
/// The constraint `apis_name_key`; otherwise when the database fails.
pub async fn update(db: &mut PgConnection, ws: Uuid, id: Uuid, draft: &ApiDraft) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update apis set name = $3, environment = $4, category = $5 where workspace_id = $1 and id = $2",
        ws,
        id,
        draft.name,
        draft.environment.slug(),
        draft.category
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Puts an API into these regions and no others.
///
/// # Errors
/// When the database fails.
pub async fn update_regions(db: &mut PgConnection, ws: Uuid, id: Uuid, regions: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from api_regions where workspace_id = $1 and api_id = $2 and region <> all($3)",
        ws,
        id,
        regions
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into api_regions (workspace_id, api_id, region) select $1, $2, unnest($3::text[]) on conflict do nothing",
        ws,
        id,
        regions
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Lets an API serve these Customer IDs and no others.
///
/// # Errors
/// When the database fails.
pub async fn update_customer_ids(db: &mut PgConnection, ws: Uuid, id: Uuid, ids: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from api_customer_ids where workspace_id = $1 and api_id = $2 and customer_id <> all($3)",
        ws,
        id,
        ids
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into api_customer_ids (workspace_id, api_id, customer_id) select $1, $2, unnest($3::text[]) on conflict do nothing",
        ws,
        id,
        ids
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Deletes an API, and every grant of it.
///
/// # Errors
/// When the database fails.
pub async fn delete(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from apis where workspace_id = $1 and id = $2", ws, id).execute(db).await?;
    Ok(())
}

/// The users, by id and name, who hold something for chosen APIs of which this is one.
///
/// # Errors
/// When the database fails.
pub async fn list_chosen_by(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<Vec<(Uuid, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select distinct users.id, full_name from assignment_apis c
         join assignments a on a.workspace_id = $1 and a.id = c.assignment_id
         join users on users.workspace_id = $1 and users.id = a.user_id
         where c.workspace_id = $1 and c.api_id = $2 order by users.id",
        ws,
        id
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.full_name)).collect())
}

/// APIs in a region, or in any, whose name or slug holds a part, of those that are `seen`, or of all: the first in order, as
/// id, name and slug.
///
/// # Errors
/// When the database fails.
pub async fn search(
    db: &mut PgConnection,
    ws: Uuid,
    part: &str,
    region: Option<&str>,
    seen: Option<&[Uuid]>,
    most: i64,
) -> Result<Vec<(Uuid, String, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        "select id, name, slug from apis a
         where workspace_id = $1 and (name_key like $2 or slug like $2) and ($3::uuid[] is null or id = any($3))
             and ($4::text is null or exists (
                 select 1 from api_regions r where r.workspace_id = $1 and r.api_id = a.id and r.region = $4))
         order by name_key, id limit $5",
        ws,
        like(part),
        seen,
        region,
        most
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name, row.slug)).collect())
}
