//! SQL of requests for access.

use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{AccessRequest, Asked, NewRequest, ORDERS, Shown, Status};
use crate::{
    access::{Action, ApiScope, AssignmentFacts, BuiltIn, Category},
    accounts::address::Address,
    listing::{ListQuery, PAGE_ROWS, Page},
    platform::cursor::{like, read_time_cursor, write_cursor},
};

/// Open requests are counted up to here.
const COUNTED: i64 = 1_000;

struct Row {
    id: Uuid,
    user_id: Uuid,
    full_name: String,
    email: String,
    feature: String,
    action: String,
    region: Option<String>,
    reason: String,
    days: Option<i32>,
    status: String,
    requested_at: OffsetDateTime,
    decided_at: Option<OffsetDateTime>,
    decided_by_name: Option<String>,
    answer: Option<String>,
    there: bool,
    over: bool,
    until: Option<OffsetDateTime>,
    given_region: Option<String>,
    sort_key: String,
}

impl From<Row> for AccessRequest {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            user_id: row.user_id,
            full_name: row.full_name,
            email: row.email,
            asked: Asked {
                // The column's check admits no other word.
                action: row.action.parse().unwrap_or(Action::View),
                feature: row.feature,
                region: row.region,
            },
            reason: row.reason,
            days: row.days,
            status: Status::read(&row.status, row.there, row.over),
            requested_at: row.requested_at,
            decided_at: row.decided_at,
            decided_by: row.decided_by_name,
            answer: row.answer,
            until: row.until,
            given_region: row.given_region,
        }
    }
}

/// Requests with who made them and what was given; `$which` chooses them.
macro_rules! requests {
    ([$($which:literal),+], $($value:expr),+) => {
        sqlx::query_as!(
            Row,
            r#"select r.id, r.user_id, u.full_name, u.email, r.feature, r.action, r.region, r.reason, r.days, r.status, r.requested_at,
                 r.decided_at, r.decided_by_name, r.answer, a.id is not null as "there!", coalesce(a.until <= now(), false) as "over!",
                 a.until as "until?", a.region as "given_region?", (extract(epoch from r.requested_at) * 1000000)::bigint::text as "sort_key!"
             from access_requests r
             join users u on u.workspace_id = r.workspace_id and u.id = r.user_id
             left join assignments a on a.workspace_id = r.workspace_id and a.id = r.assignment_id
             where r.workspace_id = $1 "#
                $(+ $which)+,
            $($value),+
        )
    };
}

/// One request.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<Option<AccessRequest>, sqlx::Error> {
    Ok(requests!(["and r.id = $2"], ws, id).fetch_optional(db).await?.map(AccessRequest::from))
}

/// One request, locked until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn lock(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<Option<AccessRequest>, sqlx::Error> {
    Ok(requests!(["and r.id = $2 for update of r"], ws, id).fetch_optional(db).await?.map(AccessRequest::from))
}

/// Somebody's request of this that waits.
///
/// # Errors
/// When the database fails.
pub async fn find_open(
    db: &mut PgConnection,
    ws: Uuid,
    user: Uuid,
    asked: &Asked,
) -> Result<Option<AccessRequest>, sqlx::Error> {
    let found = requests!(
        [
            "and r.user_id = $2 and r.feature = $3 and r.action = $4 and r.region is not distinct from $5 and r.status = 'open'"
        ],
        ws,
        user,
        asked.feature,
        asked.action.slug(),
        asked.region
    );
    Ok(found.fetch_optional(db).await?.map(AccessRequest::from))
}

/// Makes a request; false where the same one waits already.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    db: &mut PgConnection,
    ws: Uuid,
    id: Uuid,
    user: Uuid,
    new: &NewRequest,
) -> Result<bool, sqlx::Error> {
    let made = sqlx::query!(
        "insert into access_requests (workspace_id, id, user_id, feature, action, region, reason, days)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (workspace_id, user_id, feature, action, region) where status = 'open' do nothing",
        ws,
        id,
        user,
        new.asked.feature,
        new.asked.action.slug(),
        new.asked.region,
        new.reason,
        new.days
    )
    .execute(db)
    .await?;
    Ok(made.rows_affected() == 1)
}

/// Writes a decision: approved with what was given, or denied with an answer.
///
/// # Errors
/// When the database fails.
pub async fn update_decided(
    db: &mut PgConnection,
    ws: Uuid,
    id: Uuid,
    by: (Option<Uuid>, &str),
    decision: Result<Uuid, &str>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update access_requests set status = $3, decided_at = now(), decided_by = $4, decided_by_name = $5, assignment_id = $6, answer = $7
         where workspace_id = $1 and id = $2",
        ws,
        id,
        if decision.is_ok() { "approved" } else { "denied" },
        by.0,
        by.1,
        decision.ok(),
        decision.err(),
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Gives somebody what a request was approved for.
///
/// # Errors
/// When the database fails.
pub async fn insert_assignment(
    db: &mut PgConnection,
    ws: Uuid,
    user: (Uuid, Category),
    by: (Option<Uuid>, &str),
    given: &AssignmentFacts,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into assignments (workspace_id, id, user_id, category, permissions, region, organization_id, all_apis, until, given_by, given_by_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        ws,
        given.id,
        user.0,
        user.1.slug(),
        Json(&given.permissions) as _,
        given.region,
        given.organization,
        given.apis == ApiScope::All,
        given.until,
        by.0,
        by.1,
    )
    .execute(&mut *db)
    .await?;
    if let ApiScope::Chosen(apis) = &given.apis
        && !apis.is_empty()
    {
        sqlx::query!(
            "insert into assignment_apis (workspace_id, assignment_id, api_id) select $1, $2, id from unnest($3::uuid[]) as chosen (id)",
            ws,
            given.id,
            apis
        )
        .execute(db)
        .await?;
    }
    Ok(())
}

/// How many wait, counted up to a thousand: of everybody's, or of teammates' and those of the users of some organizations.
///
/// # Errors
/// When the database fails.
pub async fn count_open(db: &mut PgConnection, ws: Uuid, within: Option<&[Uuid]>) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select count(*) as "n!" from (
               select 1 from access_requests r join users u on u.workspace_id = r.workspace_id and u.id = r.user_id
               where r.workspace_id = $1 and r.status = 'open'
                   and ($3::uuid[] is null or u.kind = 'teammate' or exists (
                       select 1 from assignments
                       where workspace_id = $1 and user_id = u.id and organization_id = any($3)))
               limit $2
           ) t"#,
        ws,
        COUNTED,
        within as _
    )
    .fetch_one(db)
    .await
}

/// A keyset page of everybody's requests.
macro_rules! everybodys {
    ($db:expr, $ws:expr, $within:expr, $query:expr, $status:expr, $cursor:expr, $compare:literal, $direction:literal) => {
        requests!(
            [
                "and ($2::text is null or u.search_key like $2) and ($3 = 'all' or r.status = $3)
             and ($7::uuid[] is null or u.kind = 'teammate' or exists (
                 select 1 from assignments own
                 where own.workspace_id = $1 and own.user_id = u.id and own.organization_id = any($7)))
             and ($4::timestamptz is null or (r.requested_at, r.id) ",
                $compare,
                " ($4, $5::uuid))
             order by r.requested_at ",
                $direction,
                ", r.id ",
                $direction,
                " limit $6"
            ],
            $ws,
            $query.search().map(like),
            $status,
            $cursor.map(|(at, _)| at),
            $cursor.map(|(_, id)| id),
            PAGE_ROWS as i64 + 1,
            $within as _
        )
        .fetch_all($db)
        .await?
    };
}

/// One page of everybody's requests, or of those within, as in `count_open`.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &mut PgConnection,
    ws: Uuid,
    within: Option<&[Uuid]>,
    query: &ListQuery,
) -> Result<Page<AccessRequest>, sqlx::Error> {
    let total = count_open(&mut *db, ws, within).await?;
    let (backwards, cursor) = place(query);
    let status = if query.status == Shown::Open.slug() { "open" } else { query.status.as_str() };
    let rows: Vec<Row> = if query.order(&ORDERS).1 != backwards {
        everybodys!(db, ws, within, query, status, cursor, "<", "desc")
    } else {
        everybodys!(db, ws, within, query, status, cursor, ">", "asc")
    };
    Ok(cut(rows, backwards, cursor.is_some(), total))
}

/// A keyset page of one person's requests.
macro_rules! ones_own {
    ($db:expr, $ws:expr, $user:expr, $cursor:expr, $compare:literal, $direction:literal) => {
        requests!(
            [
                "and r.user_id = $2 and ($3::timestamptz is null or (r.requested_at, r.id) ",
                $compare,
                " ($3, $4::uuid))
             order by r.requested_at ",
                $direction,
                ", r.id ",
                $direction,
                " limit $5"
            ],
            $ws,
            $user,
            $cursor.map(|(at, _)| at),
            $cursor.map(|(_, id)| id),
            PAGE_ROWS as i64 + 1
        )
        .fetch_all($db)
        .await?
    };
}

/// One page of somebody's own requests, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list_of(
    db: &mut PgConnection,
    ws: Uuid,
    user: Uuid,
    query: &ListQuery,
) -> Result<Page<AccessRequest>, sqlx::Error> {
    let (backwards, cursor) = place(query);
    let rows: Vec<Row> = if backwards {
        ones_own!(db, ws, user, cursor, ">", "asc")
    } else {
        ones_own!(db, ws, user, cursor, "<", "desc")
    };
    Ok(cut(rows, backwards, cursor.is_some(), 0))
}

type Place = Option<(OffsetDateTime, Uuid)>;

fn place(query: &ListQuery) -> (bool, Place) {
    let backwards = !query.before.is_empty();
    (backwards, read_time_cursor(if backwards { &query.before } else { &query.after }))
}

fn cut(rows: Vec<Row>, backwards: bool, from_cursor: bool, total: i64) -> Page<AccessRequest> {
    Page::cut(rows, backwards, from_cursor, total, |row| write_cursor(&row.sort_key, row.id)).map(AccessRequest::from)
}

/// Somebody who is written to.
pub struct Person {
    /// Their id.
    pub id: Uuid,
    /// Their address.
    pub address: Address,
}

/// Active people who may manage the team for all organizations by one of their roles or by what is given beside it, owners first:
/// whether each may decide a certain request, `access::decide` says.
///
/// # Errors
/// When the database fails.
pub async fn list_deciders(db: &mut PgConnection, ws: Uuid, but: Uuid, most: i64) -> Result<Vec<Person>, sqlx::Error> {
    let rows = sqlx::query!(
        "select users.id, email, email_key from (
             select user_id, bool_or(role_id = $3) as owns from assignments
             where workspace_id = $1 and organization_id is null and (until is null or until > now()) and (
                 role_id = any(array[$3, $4] || array(select id from roles where workspace_id = $1 and permissions -> 'team' ? 'update'))
                 or permissions -> 'team' ? 'update')
             group by user_id
         ) held join users on users.workspace_id = $1 and users.id = held.user_id
         where state = 'enabled' and users.id <> $2
         order by owns desc nulls last, name_key, users.id limit $5",
        ws,
        but,
        BuiltIn::Owner.id(),
        BuiltIn::Administrator.id(),
        most
    )
    .fetch_all(db)
    .await?;
    let person = |id, shown, key| Person { id, address: Address { shown, key } };
    Ok(rows.into_iter().map(|row| person(row.id, row.email, row.email_key)).collect())
}

/// Whom to write to about their request.
///
/// # Errors
/// When the database fails.
pub async fn find_person(db: &mut PgConnection, ws: Uuid, user: Uuid) -> Result<Option<Person>, sqlx::Error> {
    let row = sqlx::query!(
        "select id, email, email_key from users where workspace_id = $1 and id = $2 and state = 'enabled'",
        ws,
        user
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Person { id: row.id, address: Address { shown: row.email, key: row.email_key } }))
}
