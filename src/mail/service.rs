//! Use cases of the outbox.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    model::{Captured, Outbox},
    store::{self, NewMessage},
    template::Letter,
    transport,
};
use crate::{
    access::{self, Action, Feature},
    accounts::address::Address,
    error::AppError,
    listing::PAGE_ROWS,
    platform::{
        context::Context,
        cursor::{read_cursor, write_cursor},
        fault::Fault,
        secrets::InstanceKey,
    },
    ui::live::Topic,
};

/// Both parts of a message, while it waits.
#[derive(Serialize, Deserialize)]
pub struct Body {
    /// Plain text.
    pub text: String,
    /// HTML.
    pub html: String,
}

impl Body {
    /// Opens what `queue` sealed.
    pub fn open(key: &InstanceKey, id: Uuid, sealed: &[u8]) -> Option<Self> {
        serde_json::from_slice(&key.open(id.as_bytes(), sealed)?).ok()
    }
}

/// Queues a mail in the caller's transaction, as `queue_all`.
///
/// # Errors
/// When the letter cannot be written or the database fails.
pub async fn queue(
    db: &mut sqlx::PgConnection,
    cx: &Context,
    invitation_id: Option<Uuid>,
    to: &Address,
    letter: &impl Letter,
) -> Result<(), Fault> {
    queue_all(db, cx, &[(invitation_id, to, letter)]).await
}

/// Letters that are written and sealed without a break.
const BREATH: usize = 16;

/// Queues mails in the caller's transaction, each with the invitation it carries. Their Message-IDs are fixed here; their bodies are
/// sealed until hand-over, since that is the only place where the links they carry exist.
///
/// # Errors
/// When a letter cannot be written or the database fails.
pub async fn queue_all(
    db: &mut sqlx::PgConnection,
    cx: &Context,
    mails: &[(Option<Uuid>, &Address, &impl Letter)],
) -> Result<(), Fault> {
    let host = cx.app.config.base_url.host_str().unwrap_or("localhost");
    let mut new = Vec::with_capacity(mails.len());
    for (place, (invitation_id, to, letter)) in mails.iter().enumerate() {
        // Ten thousand at once are seconds of work: whoever else is served by this thread is let in between.
        if place % BREATH == BREATH - 1 {
            tokio::task::yield_now().await;
        }
        new.push(seal(cx, host, *invitation_id, to, *letter)?);
    }
    store::insert_all(db, cx.ws(), &new).await?;
    // Every replica's senders hear of it with the commit.
    cx.announce(db, Topic::Outbox, None).await
}

fn seal<'a>(
    cx: &Context,
    host: &str,
    invitation_id: Option<Uuid>,
    to: &'a Address,
    letter: &impl Letter,
) -> Result<NewMessage<'a>, Fault> {
    let id = Uuid::now_v7();
    let body = Body { text: letter.text()?, html: letter.html()? };
    let plain = serde_json::to_vec(&body).map_err(|error| Fault::Other(format!("a mail's body: {error}")))?;
    let sealed = cx.app.key.seal(id.as_bytes(), &plain).ok_or_else(|| Fault::Other("a mail was not sealed".into()))?;
    Ok(NewMessage {
        id,
        invitation_id,
        to: &to.key,
        subject: letter.subject(),
        message_id: format!("<{}@{host}>", id.simple()),
        sealed_body: sealed,
    })
}

/// The outbox: who may see the settings sees what was sent to whom; only the Owner reads captured mail.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn list_outbox(cx: &Context, after: &str) -> Result<Outbox, Fault> {
    let actor = cx.authorize(Action::View, Feature::Settings)?;
    let place = read_cursor(after).and_then(|(nanos, id)| {
        let at = OffsetDateTime::from_unix_timestamp_nanos(nanos.parse().ok()?).ok()?;
        Some((at, id))
    });
    let mut db = cx.app.pool.acquire().await?;
    let mut messages = store::list(&mut db, cx.ws(), place, PAGE_ROWS as i64 + 1).await?;
    let more = messages.len() > PAGE_ROWS;
    messages.truncate(PAGE_ROWS);
    let last = messages.last().filter(|_| more);
    Ok(Outbox {
        captured: cx.app.config.smtp_url.is_none(),
        readable: access::reads_captured_mail(actor.subject()),
        after: last.map(|message| write_cursor(&message.queued_at.unix_timestamp_nanos().to_string(), message.id)),
        messages,
    })
}

/// A captured mail, which holds a live link: the Owner alone reads it (DESIGN.md section 3).
///
/// # Errors
/// `Unauthorized`, `Denied`, or `NotFound` for anything that was not captured.
pub async fn read_captured(cx: &Context, id: Uuid) -> Result<Captured, Fault> {
    let actor = cx.authorize(Action::View, Feature::Settings)?;
    if !access::reads_captured_mail(actor.subject()) {
        return Err(AppError::NotFound.into());
    }
    let mut db = cx.app.pool.acquire().await?;
    if !store::is_captured(&mut db, cx.ws(), id).await? {
        return Err(AppError::NotFound.into());
    }
    drop(db);
    transport::read_captured(&cx.app.config.data_dir, id).await?.ok_or_else(|| AppError::NotFound.into())
}
