//! SQL of invitations. Whether one is expired is judged here, by the database's clock.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{Invitation, ORDERS, Status};
use crate::{
    access::RoleRef,
    accounts::address::Address,
    listing::{ListQuery, PAGE_ROWS, Page},
    mail::{model::Delivery, store::delivery},
    platform::cursor::{like, read_cursor, read_time_cursor, write_cursor},
};

/// An invitation to be made.
pub struct NewInvitation<'a> {
    /// Its id.
    pub id: Uuid,
    /// The address invited.
    pub address: &'a Address,
    /// The role offered.
    pub role: Uuid,
    /// What its link's token hashes to.
    pub token_hash: &'a [u8],
    /// Who invites.
    pub inviter_id: Uuid,
    /// Their name.
    pub inviter_name: &'a str,
}

/// Makes a pending invitation that is valid for the workspace's time; tells until when.
///
/// # Errors
/// The constraint `invitations_open_key` when the address has an open one; otherwise when the database fails.
pub async fn insert(db: &mut PgConnection, ws: Uuid, new: &NewInvitation<'_>) -> Result<OffsetDateTime, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into invitations (workspace_id, id, email, email_key, role_id, token_hash, inviter_id, inviter_name, valid_until)
         select $1, $2, $3, $4, $5, $6, $7, $8, now() + mail_validity from workspaces where id = $1
         returning valid_until",
        ws,
        new.id,
        new.address.shown,
        new.address.key,
        new.role,
        new.token_hash,
        new.inviter_id,
        new.inviter_name,
    )
    .fetch_one(db)
    .await
}

/// An invitation as its use cases need it, locked until the transaction ends.
pub struct Locked {
    /// Its id.
    pub id: Uuid,
    /// The address, as shown.
    pub email: String,
    /// The address, in normal form.
    pub email_key: String,
    /// The role offered.
    pub role: RoleRef,
    /// Where it stands.
    pub status: Status,
    /// Who invited.
    pub inviter_id: Uuid,
    /// Their name.
    pub inviter_name: String,
    /// Until when its link works.
    pub valid_until: OffsetDateTime,
}

struct LockedRow {
    id: Uuid,
    email: String,
    email_key: String,
    role_id: Uuid,
    role_name: String,
    status: String,
    past: bool,
    inviter_id: Uuid,
    inviter_name: String,
    valid_until: OffsetDateTime,
}

impl From<LockedRow> for Locked {
    fn from(row: LockedRow) -> Self {
        Self {
            id: row.id,
            email: row.email,
            email_key: row.email_key,
            role: RoleRef { id: row.role_id, name: row.role_name },
            status: Status::read(&row.status, row.past),
            inviter_id: row.inviter_id,
            inviter_name: row.inviter_name,
            valid_until: row.valid_until,
        }
    }
}

/// The invitation of a link's token, not locked: for showing it.
///
/// # Errors
/// When the database fails.
pub async fn find_by_token(db: &mut PgConnection, ws: Uuid, token_hash: &[u8]) -> Result<Option<Locked>, sqlx::Error> {
    let row = sqlx::query_as!(
        LockedRow,
        r#"select id, email, email_key, role_id, coalesce(role_name, (select name from roles where roles.workspace_id = $1 and roles.id = role_id)) as "role_name!", status, valid_until <= now() as "past!", inviter_id, inviter_name, valid_until
           from invitations where workspace_id = $1 and token_hash = $2"#,
        ws,
        token_hash
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(Locked::from))
}

/// The invitation of a link's token, locked.
///
/// # Errors
/// When the database fails.
pub async fn lock_by_token(db: &mut PgConnection, ws: Uuid, token_hash: &[u8]) -> Result<Option<Locked>, sqlx::Error> {
    let row = sqlx::query_as!(
        LockedRow,
        r#"select id, email, email_key, role_id, coalesce(role_name, (select name from roles where roles.workspace_id = $1 and roles.id = role_id)) as "role_name!", status, valid_until <= clock_timestamp() as "past!", inviter_id, inviter_name,
                  valid_until
           from invitations where workspace_id = $1 and token_hash = $2 for update"#,
        ws,
        token_hash
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(Locked::from))
}

/// One invitation, locked.
///
/// # Errors
/// When the database fails.
pub async fn lock(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<Option<Locked>, sqlx::Error> {
    let row = sqlx::query_as!(
        LockedRow,
        r#"select id, email, email_key, role_id, coalesce(role_name, (select name from roles where roles.workspace_id = $1 and roles.id = role_id)) as "role_name!", status, valid_until <= clock_timestamp() as "past!", inviter_id, inviter_name,
                  valid_until
           from invitations where workspace_id = $1 and id = $2 for update"#,
        ws,
        id
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(Locked::from))
}

/// The newest invitation of an address that could be resent or is open, locked.
///
/// # Errors
/// When the database fails.
pub async fn lock_newest(db: &mut PgConnection, ws: Uuid, email_key: &str) -> Result<Option<Locked>, sqlx::Error> {
    let row = sqlx::query_as!(
        LockedRow,
        r#"select id, email, email_key, role_id, coalesce(role_name, (select name from roles where roles.workspace_id = $1 and roles.id = role_id)) as "role_name!", status, valid_until <= clock_timestamp() as "past!", inviter_id, inviter_name,
                  valid_until
           from invitations where workspace_id = $1 and email_key = $2 and status in ('pending', 'waiting', 'rejected')
           order by invited_at desc, id desc limit 1 for update"#,
        ws,
        email_key
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(Locked::from))
}

/// A newer invitation takes this one's place: its link dies here.
///
/// # Errors
/// When the database fails.
pub async fn update_replaced(db: &mut PgConnection, ws: Uuid, id: Uuid, by: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update invitations set status = 'inactivated', replaced_by = $3, completed_at = null where workspace_id = $1 and id = $2",
        ws,
        id,
        by
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The invitee is in: this one is approved, and those that it replaced leave the default list.
///
/// # Errors
/// When the database fails.
pub async fn update_approved(db: &mut PgConnection, ws: Uuid, id: Uuid, user_id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update invitations set status = 'approved', completed_at = now(), user_id = $3 where workspace_id = $1 and id = $2",
        ws,
        id,
        user_id
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "with recursive earlier as (
             select id from invitations where workspace_id = $1 and replaced_by = $2
             union
             select invitations.id from invitations join earlier on replaced_by = earlier.id where workspace_id = $1
         ), settled as (
             update invitations set settled = true
             where workspace_id = $1 and not settled and id in (select id from earlier) returning 1
         )
         update tallies set n = n - (select count(*) from settled) where workspace_id = $1 and kind = 'invitations'",
        ws,
        id
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Gone from the list; its link answers like an unknown one.
///
/// # Errors
/// When the database fails.
pub async fn delete(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from invitations where workspace_id = $1 and id = $2", ws, id).execute(db).await?;
    Ok(())
}

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
            "select i.id, i.email, i.role_id, coalesce(role_name, (select name from roles where roles.workspace_id = $1 and roles.id = role_id)) as \"role_name!\", i.status, i.valid_until <= now() as \"past!\", i.invited_at, i.valid_until, i.inviter_name,
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
