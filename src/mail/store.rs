//! SQL of the outbox.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::model::{Delivery, Message};

/// A message to be queued.
pub struct NewMessage<'a> {
    /// Its id.
    pub id: Uuid,
    /// The invitation it carries.
    pub invitation_id: Option<Uuid>,
    /// To whom.
    pub to: &'a str,
    /// The subject.
    pub subject: String,
    /// The Message-ID, with its angle brackets.
    pub message_id: String,
    /// Text and HTML, sealed.
    pub sealed_body: Vec<u8>,
}

/// Queues messages. What they come from, beside the address, is fixed here.
///
/// # Errors
/// When the database fails.
pub async fn insert_all(db: &mut PgConnection, ws: Uuid, all: &[NewMessage<'_>]) -> Result<(), sqlx::Error> {
    let ids: Vec<Uuid> = all.iter().map(|it| it.id).collect();
    let invitations: Vec<Option<Uuid>> = all.iter().map(|it| it.invitation_id).collect();
    let to: Vec<&str> = all.iter().map(|it| it.to).collect();
    let subjects: Vec<&str> = all.iter().map(|it| it.subject.as_str()).collect();
    let message_ids: Vec<&str> = all.iter().map(|it| it.message_id.as_str()).collect();
    let bodies: Vec<&[u8]> = all.iter().map(|it| it.sealed_body.as_slice()).collect();
    sqlx::query!(
        "insert into messages (workspace_id, from_name, id, invitation_id, to_address, subject, message_id, sealed_body)
         select $1, coalesce(nullif(sender_name, ''), name), each.*
         from workspaces, unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::bytea[]) as each
         where workspaces.id = $1",
        ws,
        &ids,
        &invitations as _,
        &to as _,
        &subjects as _,
        &message_ids as _,
        &bodies as _,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes back what was not handed over yet of invitations that are gone or replaced. What is being handed over just now goes
/// out; its link is dead.
///
/// # Errors
/// When the database fails.
pub async fn withdraw(db: &mut PgConnection, ws: Uuid, invitations: &[Uuid]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "delete from messages where workspace_id = $1 and id in (
             select id from messages
             where workspace_id = $1 and invitation_id = any($2) and state in ('queued', 'deferred') for update skip locked)",
        ws,
        invitations
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A message claimed for hand-over: its row is locked until the transaction ends, so that a killed sender holds nothing.
pub struct Claimed {
    /// Whose it is.
    pub workspace_id: Uuid,
    /// Its id.
    pub id: Uuid,
    /// The invitation it carries.
    pub invitation_id: Option<Uuid>,
    /// What it comes from, beside the address; empty for the instance's own name.
    pub from_name: String,
    /// To whom.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// The Message-ID.
    pub message_id: String,
    /// Text and HTML, sealed.
    pub sealed_body: Vec<u8>,
    /// How often it was tried before.
    pub attempts: i32,
    /// When it was queued.
    pub queued_at: OffsetDateTime,
    /// Whether it has waited for three days: time to give up.
    pub old: bool,
}

/// Claims the message that has been due for longest in the next workspace behind `served` that has one, and after the last workspace
/// begins with the first: ten thousand mails of one do not keep the others waiting. It is the one job that crosses workspaces.
///
/// # Errors
/// When the database fails.
pub async fn claim(db: &mut PgConnection, served: Uuid) -> Result<Option<Claimed>, sqlx::Error> {
    // The transaction waits for a mail server: a database that ends idle ones would have the mail sent for ever.
    sqlx::query!("set local idle_in_transaction_session_timeout = 0").execute(&mut *db).await?;
    match claim_behind(db, served).await? {
        None if !served.is_nil() => claim_behind(db, Uuid::nil()).await,
        found => Ok(found),
    }
}

/// Steps from workspace to workspace along the index, each step one look at it, and stops at the first message that can be locked.
async fn claim_behind(db: &mut PgConnection, served: Uuid) -> Result<Option<Claimed>, sqlx::Error> {
    sqlx::query_as!(
        Claimed,
        r#"with recursive waiting as (
             (select workspace_id from messages where next_attempt_at is not null and workspace_id > $1 order by workspace_id limit 1)
             union all
             select (select workspace_id from messages where next_attempt_at is not null and workspace_id > waiting.workspace_id
                 order by workspace_id limit 1)
             from waiting where workspace_id is not null
           )
           select due.workspace_id as "workspace_id!", due.id as "id!", due.invitation_id, due.from_name, due.to_address as "to!", due.subject as "subject!",
             due.message_id as "message_id!", due.sealed_body as "sealed_body!", due.attempts as "attempts!", due.queued_at as "queued_at!",
             due.queued_at < statement_timestamp() - interval '72 hours' as "old!"
           from waiting cross join lateral (
             select * from messages
             where workspace_id = waiting.workspace_id and next_attempt_at <= statement_timestamp() and sealed_body is not null
             order by next_attempt_at limit 1 for update skip locked
           ) due limit 1"#,
        served
    )
    .fetch_optional(db)
    .await
}

/// Handed over: the body is erased.
///
/// # Errors
/// When the database fails.
pub async fn update_handed_over(
    db: &mut PgConnection,
    ws: Uuid,
    id: Uuid,
    state: &str,
    answer: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update messages set state = $3, answer = $4, handed_over_at = clock_timestamp(), sealed_body = null, next_attempt_at = null,
             attempts = attempts + 1
         where workspace_id = $1 and id = $2",
        ws,
        id,
        state,
        answer
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Not taken: tried again after so many seconds.
///
/// # Errors
/// When the database fails.
pub async fn update_deferred(
    db: &mut PgConnection,
    ws: Uuid,
    id: Uuid,
    seconds: f64,
    answer: &str,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update messages set state = 'deferred', answer = $4, attempts = attempts + 1,
             next_attempt_at = clock_timestamp() + make_interval(secs => $3)
         where workspace_id = $1 and id = $2",
        ws,
        id,
        seconds,
        answer
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Refused for good, or given up: the body is erased.
///
/// # Errors
/// When the database fails.
pub async fn update_failed(db: &mut PgConnection, ws: Uuid, id: Uuid, answer: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update messages set state = 'failed', answer = $3, sealed_body = null, next_attempt_at = null, attempts = attempts + 1
         where workspace_id = $1 and id = $2",
        ws,
        id,
        answer
    )
    .execute(db)
    .await?;
    Ok(())
}

/// How far a message has come, out of its columns.
pub fn delivery(
    state: &str,
    answer: Option<String>,
    handed_over_at: Option<OffsetDateTime>,
    next_attempt_at: Option<OffsetDateTime>,
) -> Delivery {
    let answer = answer.unwrap_or_default();
    match (state, handed_over_at, next_attempt_at) {
        ("sent", Some(at), _) => Delivery::Sent { at },
        ("captured", Some(at), _) => Delivery::Captured { at },
        ("deferred", _, Some(next)) => Delivery::Deferred { answer, next },
        ("failed", ..) => Delivery::Failed { answer },
        _ => Delivery::Queued,
    }
}

struct Row {
    id: Uuid,
    to_address: String,
    subject: String,
    queued_at: OffsetDateTime,
    attempts: i32,
    state: String,
    answer: Option<String>,
    handed_over_at: Option<OffsetDateTime>,
    next_attempt_at: Option<OffsetDateTime>,
}

/// The newest messages before a place, one more than asked for when there are more.
///
/// # Errors
/// When the database fails.
pub async fn list(
    db: &mut PgConnection,
    ws: Uuid,
    before: Option<(OffsetDateTime, Uuid)>,
    limit: i64,
) -> Result<Vec<Message>, sqlx::Error> {
    let (at, id) = before.unzip();
    let rows = sqlx::query_as!(
        Row,
        "select id, to_address, subject, queued_at, attempts, state, answer, handed_over_at, next_attempt_at from messages
         where workspace_id = $1 and ($2::timestamptz is null or (queued_at, id) < ($2, $3))
         order by queued_at desc, id desc limit $4",
        ws,
        at,
        id,
        limit
    )
    .fetch_all(db)
    .await?;
    let message = |row: Row| Message {
        id: row.id,
        to: row.to_address,
        subject: row.subject,
        queued_at: row.queued_at,
        attempts: row.attempts,
        delivery: delivery(&row.state, row.answer, row.handed_over_at, row.next_attempt_at),
    };
    Ok(rows.into_iter().map(message).collect())
}

/// Whether a captured message is this workspace's.
///
/// # Errors
/// When the database fails.
pub async fn is_captured(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select 1 from messages where workspace_id = $1 and id = $2 and state = 'captured') as "found!""#,
        ws,
        id
    )
    .fetch_one(db)
    .await
}
