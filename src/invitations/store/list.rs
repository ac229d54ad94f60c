//! SQL of the list of invitations.

use sqlx::{PgConnection, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    access::{Category, RoleRef},
    invitations::model::{Invitation, Kept, May, ORDERS, Offer, Status},
    listing::{ListQuery, PAGE_ROWS, Page},
    mail::{model::Delivery, store::delivery},
    platform::cursor::{like, read_cursor, read_time_cursor, write_cursor},
};

/// What of the invitations is listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// All of these kinds of user.
    pub kinds: Vec<Category>,
    /// Beside them, those to these organizations.
    pub organizations: Vec<Uuid>,
}

/// How many are listed without a search: of kinds as maintained, of organizations counted.
///
/// # Errors
/// When the database fails.
async fn count(db: &mut PgConnection, ws: Uuid, seen: &Seen) -> Result<i64, sqlx::Error> {
    let kinds: Vec<String> = seen.kinds.iter().map(|kind| format!("invitations:{}", kind.slug())).collect();
    sqlx::query_scalar!(
        r#"select coalesce((select sum(n) from tallies where workspace_id = $1 and kind = any($2)), 0)::bigint
             + (select count(*) from invitations where workspace_id = $1 and organization_id = any($3) and not settled) as "n!""#,
        ws,
        &kinds,
        &seen.organizations,
    )
    .fetch_one(db)
    .await
}

struct Row {
    id: Uuid,
    email: String,
    full_name: String,
    category: String,
    customer_id: Option<String>,
    offer: Option<Json<Kept>>,
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

impl From<Row> for (Invitation, Offer) {
    fn from(row: Row) -> Self {
        // The column's check admits no other word.
        let category = row.category.parse().unwrap_or(Category::Teammate);
        let mail = |state: String| delivery(&state, row.answer, row.handed_over_at, row.next_attempt_at);
        let listed = Invitation {
            id: row.id,
            email: row.email,
            full_name: row.full_name,
            category,
            organization: None,
            customer_id: row.customer_id.clone(),
            notified: row.notified_at.is_some(),
            role: RoleRef { id: row.role_id, name: row.role_name },
            status: Status::read(&row.status, row.past),
            invited_at: row.invited_at,
            valid_until: row.valid_until,
            inviter_name: row.inviter_name,
            // Of one that was replaced before its mail went out, the mail was taken back.
            delivery: match row.state {
                Some(state) => Some(mail(state)),
                None => (row.notified_at.is_some() && row.status == "pending").then_some(Delivery::Queued),
            },
            may: May::default(),
        };
        (listed, Offer::read(category, row.role_id, row.customer_id, row.offer.map(|kept| kept.0)))
    }
}

/// One ordered, keyset-paged query. The order is part of the text, so that each has its own index and plan; each kind and each
/// organization is read for itself in that order, and then they are merged.
macro_rules! rows_query {
    ($db:expr, $ws:expr, $seen:expr, $query:expr, $cursor:expr, $limit:expr, $key:literal, $shown:literal, $type:literal, $compare:literal, $direction:literal) => {
        sqlx::query_as!(
            Row,
            r#"select i.id, i.email, i.full_name, i.category, i.customer_id, i.offer as "offer: Json<Kept>", i.notified_at, i.role_id,
                 coalesce(role_name, (select name from roles where roles.workspace_id = $1 and roles.id = role_id)) as "role_name!",
                 i.status, i.valid_until <= now() as "past!", i.invited_at, i.valid_until, i.inviter_name,
                 m.state as "state?", m.answer, m.handed_over_at, m.next_attempt_at, page.sort_key as "sort_key!"
             from (
                 select found.* from unnest($2::text[]) as kind cross join lateral (
                     select id, "# + $key + " as place, " + $shown + " as sort_key from invitations
                     where workspace_id = $1 and category = kind and not settled
                         and ($4::text is null or search_key like $4)
                         and (case $5::text
                             when '' then true
                             when 'pending' then status = 'pending' and valid_until > now()
                             when 'expired' then status = 'pending' and valid_until <= now()
                             else status = $5 end)
                         and ($6::" + $type + " is null or (" + $key + ", id) " + $compare + " ($6, $7::uuid))
                     order by " + $key + " " + $direction + ", id " + $direction + " limit $8
                 ) found
                 union all
                 select found.* from unnest($3::uuid[]) as organization cross join lateral (
                     select id, " + $key + " as place, " + $shown + " as sort_key from invitations
                     where workspace_id = $1 and organization_id = organization and not settled
                         and ($4::text is null or search_key like $4)
                         and (case $5::text
                             when '' then true
                             when 'pending' then status = 'pending' and valid_until > now()
                             when 'expired' then status = 'pending' and valid_until <= now()
                             else status = $5 end)
                         and ($6::" + $type + " is null or (" + $key + ", id) " + $compare + " ($6, $7::uuid))
                     order by " + $key + " " + $direction + ", id " + $direction + " limit $8
                 ) found
                 order by place " + $direction + ", id " + $direction + " limit $8
             ) page
             join invitations i on i.workspace_id = $1 and i.id = page.id
             left join lateral (
                 select state, answer, handed_over_at, next_attempt_at from messages
                 where workspace_id = $1 and invitation_id = i.id order by queued_at desc limit 1
             ) m on true
             order by page.place " + $direction + ", page.id " + $direction,
            $ws,
            &$seen.kinds.iter().map(|kind| kind.slug().to_owned()).collect::<Vec<_>>(),
            &$seen.organizations,
            $query.search().map(like),
            $query.status,
            $cursor.as_ref().map(|(key, _)| ToOwned::to_owned(key)),
            $cursor.as_ref().map(|(_, id)| *id),
            $limit,
        )
        .fetch_all($db)
        .await?
    };
}

/// Those of one order that begin by a time.
macro_rules! times_query {
    ($db:expr, $ws:expr, $seen:expr, $query:expr, $cursor:expr, $limit:expr, "invited_at", $compare:literal, $direction:literal) => {
        rows_query!(
            $db,
            $ws,
            $seen,
            $query,
            $cursor,
            $limit,
            "invited_at",
            "(extract(epoch from invited_at) * 1000000)::bigint::text",
            "timestamptz",
            $compare,
            $direction
        )
    };
    ($db:expr, $ws:expr, $seen:expr, $query:expr, $cursor:expr, $limit:expr, "valid_until", $compare:literal, $direction:literal) => {
        rows_query!(
            $db,
            $ws,
            $seen,
            $query,
            $cursor,
            $limit,
            "valid_until",
            "(extract(epoch from valid_until) * 1000000)::bigint::text",
            "timestamptz",
            $compare,
            $direction
        )
    };
}

/// Up to `limit` rows in the query's order, or against it; and whether they begin at its cursor.
async fn rows(
    db: &mut PgConnection,
    ws: Uuid,
    seen: &Seen,
    query: &ListQuery,
    limit: i64,
) -> Result<(Vec<Row>, bool), sqlx::Error> {
    let (column, descending) = query.order(&ORDERS);
    let backwards = !query.before.is_empty();
    let place = if backwards { &query.before } else { &query.after };
    let (text, time) = (read_cursor(place), read_time_cursor(place));
    let from_place = if column == "email" { text.is_some() } else { time.is_some() };
    let rows: Vec<Row> = match (column, descending != backwards) {
        ("email", false) => rows_query!(db, ws, seen, query, text, limit, "email_key", "email_key", "text", ">", "asc"),
        ("email", true) => rows_query!(db, ws, seen, query, text, limit, "email_key", "email_key", "text", "<", "desc"),
        ("valid", false) => times_query!(db, ws, seen, query, time, limit, "valid_until", ">", "asc"),
        ("valid", true) => times_query!(db, ws, seen, query, time, limit, "valid_until", "<", "desc"),
        (_, false) => times_query!(db, ws, seen, query, time, limit, "invited_at", ">", "asc"),
        (_, true) => times_query!(db, ws, seen, query, time, limit, "invited_at", "<", "desc"),
    };
    Ok((rows, from_place))
}

/// One page of the default list, each with how far its newest mail has come, and what it offers.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &mut PgConnection,
    ws: Uuid,
    seen: &Seen,
    query: &ListQuery,
) -> Result<Page<(Invitation, Offer)>, sqlx::Error> {
    let total = count(&mut *db, ws, seen).await?;
    let (rows, from_place) = rows(db, ws, seen, query, PAGE_ROWS as i64 + 1).await?;
    let page = Page::cut(rows, !query.before.is_empty(), from_place, total, |row| write_cursor(&row.sort_key, row.id));
    Ok(page.map(Into::into))
}

/// The next `limit` of the list behind the query's cursor, and the cursor behind them.
///
/// # Errors
/// When the database fails.
pub async fn list_batch(
    db: &mut PgConnection,
    ws: Uuid,
    seen: &Seen,
    query: &ListQuery,
    limit: i64,
) -> Result<(Vec<(Invitation, Offer)>, Option<String>), sqlx::Error> {
    let (rows, _) = rows(db, ws, seen, query, limit).await?;
    let after = rows.last().map(|row| write_cursor(&row.sort_key, row.id));
    Ok((rows.into_iter().map(Into::into).collect(), after))
}

/// One invitation as the list has it, settled ones included.
///
/// # Errors
/// When the database fails.
pub async fn find(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<Option<(Invitation, Offer)>, sqlx::Error> {
    let row = sqlx::query_as!(
        Row,
        r#"select i.id, i.email, i.full_name, i.category, i.customer_id, i.offer as "offer: Json<Kept>", i.notified_at, i.role_id,
             coalesce(role_name, (select name from roles where roles.workspace_id = $1 and roles.id = role_id)) as "role_name!",
             i.status, i.valid_until <= now() as "past!", i.invited_at, i.valid_until, i.inviter_name,
             m.state as "state?", m.answer, m.handed_over_at, m.next_attempt_at, '' as "sort_key!"
         from invitations i
         left join lateral (
             select state, answer, handed_over_at, next_attempt_at from messages
             where workspace_id = $1 and invitation_id = i.id order by queued_at desc limit 1
         ) m on true
         where i.workspace_id = $1 and i.id = $2"#,
        ws,
        id
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(Into::into))
}
