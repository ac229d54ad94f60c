//! SQL of the list of invitations.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    access::{Category, RoleRef},
    invitations::model::{Invitation, ORDERS, Status},
    listing::{ListQuery, PAGE_ROWS, Page},
    mail::{model::Delivery, store::delivery},
    platform::cursor::{like, read_cursor, read_time_cursor, write_cursor},
};

/// How many are in the default list, as maintained.
///
/// # Errors
/// When the database fails.
pub async fn count(db: &mut PgConnection, ws: Uuid) -> Result<i64, sqlx::Error> {
    let found = sqlx::query_scalar!("select n from tallies where workspace_id = $1 and kind = 'invitations'", ws)
        .fetch_optional(db)
        .await?;
    Ok(found.unwrap_or(0))
}

struct Row {
    id: Uuid,
    email: String,
    full_name: String,
    category: String,
    customer_id: Option<String>,
    notified_at: Option<OffsetDateTime>,
    role_id: Uuid,
    role_name: String,
    status: String,
    past: bool,
    invited_at: OffsetDateTime,
    valid_until: OffsetDateTime,
    inviter_name: String,
    state: Option<String>,
    answer: Option<String>,
    handed_over_at: Option<OffsetDateTime>,
    next_attempt_at: Option<OffsetDateTime>,
    sort_key: String,
}

impl From<Row> for Invitation {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            email: row.email,
            full_name: row.full_name,
            // The column's check admits no other word.
            category: row.category.parse().unwrap_or(Category::Teammate),
            customer_id: row.customer_id,
            notified: row.notified_at.is_some(),
            role: RoleRef { id: row.role_id, name: row.role_name },
            status: Status::read(&row.status, row.past),
            invited_at: row.invited_at,
            valid_until: row.valid_until,
            inviter_name: row.inviter_name,
            delivery: row.state.map_or(Delivery::Queued, |state| {
                delivery(&state, row.answer, row.handed_over_at, row.next_attempt_at)
            }),
            yours: false,
        }
    }
}

/// One ordered, keyset-paged query. The order is part of the text, so that each has its own index and plan.
macro_rules! page_query {
    ($db:expr, $ws:expr, $query:expr, $cursor:expr, $key:literal, $shown:literal, $type:literal, $compare:literal, $direction:literal) => {
        sqlx::query_as!(
            Row,
            "select i.id, i.email, i.full_name, i.category, i.customer_id, i.notified_at, i.role_id, coalesce(role_name, (select name from roles where roles.workspace_id = $1 and roles.id = role_id)) as \"role_name!\", i.status, i.valid_until <= now() as \"past!\", i.invited_at, i.valid_until, i.inviter_name,
                 m.state as \"state?\", m.answer, m.handed_over_at, m.next_attempt_at, page.sort_key as \"sort_key!\"
             from (
                 select id, "
                + $key
                + " as place, "
                + $shown
                + " as sort_key from invitations
                 where workspace_id = $1 and not settled
                     and ($2::text is null or search_key like $2)
                     and (case $3::text
                         when '' then true
                         when 'pending' then status = 'pending' and valid_until > now()
                         when 'expired' then status = 'pending' and valid_until <= now()
                         else status = $3 end)
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
             ) page
             join invitations i on i.workspace_id = $1 and i.id = page.id
             left join lateral (
                 select state, answer, handed_over_at, next_attempt_at from messages
                 where workspace_id = $1 and invitation_id = i.id order by queued_at desc limit 1
             ) m on true
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

/// One page of the default list, each with how far its newest mail has come.
///
/// # Errors
/// When the database fails.
pub async fn list(db: &mut PgConnection, ws: Uuid, query: &ListQuery) -> Result<Page<Invitation>, sqlx::Error> {
    let total = count(&mut *db, ws).await?;
    let (column, descending) = query.order(&ORDERS);
    let backwards = !query.before.is_empty();
    let place = if backwards { &query.before } else { &query.after };
    let (text, time) = (read_cursor(place), read_time_cursor(place));
    let from_place = if column != "email" { time.is_some() } else { text.is_some() };
    let rows: Vec<Row> = match (column, descending != backwards) {
        ("email", false) => page_query!(db, ws, query, text, "email_key", "email_key", "text", ">", "asc"),
        ("email", true) => page_query!(db, ws, query, text, "email_key", "email_key", "text", "<", "desc"),
        ("valid", false) => page_query!(
            db,
            ws,
            query,
            time,
            "valid_until",
            "(extract(epoch from valid_until) * 1000000)::bigint::text",
            "timestamptz",
            ">",
            "asc"
        ),
        ("valid", true) => page_query!(
            db,
            ws,
            query,
            time,
            "valid_until",
            "(extract(epoch from valid_until) * 1000000)::bigint::text",
            "timestamptz",
            "<",
            "desc"
        ),
        (_, false) => page_query!(
            db,
            ws,
            query,
            time,
            "invited_at",
            "(extract(epoch from invited_at) * 1000000)::bigint::text",
            "timestamptz",
            ">",
            "asc"
        ),
        (_, true) => page_query!(
            db,
            ws,
            query,
            time,
            "invited_at",
            "(extract(epoch from invited_at) * 1000000)::bigint::text",
            "timestamptz",
            "<",
            "desc"
        ),
    };
    let page = Page::cut(rows, backwards, from_place, total, |row| write_cursor(&row.sort_key, row.id));
    Ok(page.map(Invitation::from))
}
