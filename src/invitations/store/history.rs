//! SQL of what has happened to invitations.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::invitations::model::{Line, What};

/// Something that happens to several invitations at once.
pub struct NewEvent<'a> {
    /// What.
    pub what: What,
    /// Who does it; none where it happens by itself, or the invitee does it.
    pub by: Option<Uuid>,
    /// Their name.
    pub by_name: &'a str,
    /// The mail server's answer, or what holds an acceptance up.
    pub detail: &'a str,
}

impl NewEvent<'_> {
    /// Something that happens by itself, or that the invitee does.
    pub fn of_itself(what: What) -> Self {
        Self { what, by: None, by_name: "", detail: "" }
    }
}

/// Writes down what happens. Of an invitation that is gone meanwhile nothing is written.
///
/// # Errors
/// When the database fails.
pub async fn insert_events(
    db: &mut PgConnection,
    ws: Uuid,
    invitations: &[Uuid],
    event: &NewEvent<'_>,
) -> Result<(), sqlx::Error> {
    let ids: Vec<Uuid> = invitations.iter().map(|_| Uuid::now_v7()).collect();
    sqlx::query!(
        "insert into invitation_events (workspace_id, invitation_id, id, what, by_id, by_name, detail)
         select $1, invitation, event, $2, $3, $4, $5 from unnest($6::uuid[], $7::uuid[]) as each (invitation, event)
         join invitations on workspace_id = $1 and invitations.id = invitation",
        ws,
        event.what.slug(),
        event.by,
        event.by_name,
        event.detail,
        invitations,
        &ids,
    )
    .execute(db)
    .await?;
    Ok(())
}

struct Row {
    at: OffsetDateTime,
    what: String,
    by_id: Option<Uuid>,
    by_name: String,
    detail: String,
}

/// What has happened to an invitation, in order of time.
///
/// # Errors
/// When the database fails.
pub async fn list_events(db: &mut PgConnection, ws: Uuid, invitation: Uuid) -> Result<Vec<Line>, sqlx::Error> {
    let rows = sqlx::query_as!(
        Row,
        "select at, what, by_id, by_name, detail from invitation_events
         where workspace_id = $1 and invitation_id = $2 order by at, id",
        ws,
        invitation
    )
    .fetch_all(db)
    .await?;
    let line = |row: Row| {
        // The column's check admits no other word.
        let what = row.what.parse().ok()?;
        Some(Line { at: row.at, what, by: row.by_id, by_name: row.by_name, detail: row.detail })
    };
    Ok(rows.into_iter().filter_map(line).collect())
}

/// A person was at the link, for the first time: which invitation it is. None for a link that does not work, and every other time.
///
/// # Errors
/// When the database fails.
pub async fn update_opened(db: &mut PgConnection, ws: Uuid, token_hash: &[u8]) -> Result<Option<Uuid>, sqlx::Error> {
    sqlx::query_scalar!(
        "update invitations set opened_at = now()
         where workspace_id = $1 and (token_hash = $2 or reminder_hash = $2) and opened_at is null and status = 'pending'
             and valid_until > clock_timestamp()
         returning id",
        ws,
        token_hash
    )
    .fetch_optional(db)
    .await
}

/// Whether a new link was asked for within the last hour.
///
/// # Errors
/// When the database fails.
pub async fn was_asked_lately(db: &mut PgConnection, ws: Uuid, id: Uuid) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar!(
        r#"select exists (select 1 from invitation_events where workspace_id = $1 and invitation_id = $2 and what = 'asked'
               and at > clock_timestamp() - interval '1 hour') as "lately!""#,
        ws,
        id
    )
    .fetch_one(db)
    .await
}
