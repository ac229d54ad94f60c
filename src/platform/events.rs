//! Changes, announced with NOTIFY in the transaction that makes them and heard by every replica.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool, postgres::PgListener};
use tokio::sync::{broadcast, watch};
use uuid::Uuid;

use crate::ui::live::Topic;

/// The channel of PostgreSQL that announcements go through.
const CHANNEL: &str = "portico";

/// Something changed in a workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Where.
    pub workspace: Uuid,
    /// What kind of thing.
    pub topic: Topic,
    /// The user whose rights or sessions it concerns, where it does.
    pub user: Option<Uuid>,
}

/// Announces a change when the transaction commits, and only then.
///
/// # Errors
/// When the database fails.
pub async fn announce(db: &mut PgConnection, event: &Event) -> Result<(), sqlx::Error> {
    let payload = serde_json::to_string(event).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    sqlx::query("select pg_notify($1, $2)").bind(CHANNEL).bind(payload).execute(db).await?;
    Ok(())
}

/// The ear of this process.
#[derive(Clone)]
pub struct Events {
    sender: broadcast::Sender<Event>,
    hearing: watch::Receiver<bool>,
}

impl Events {
    /// Begins to listen, and goes on for as long as the process lives: a lost connection is made anew.
    pub fn listen(pool: PgPool) -> Self {
        let (sender, _) = broadcast::channel(1024);
        let (hears, hearing) = watch::channel(false);
        let events = Self { sender: sender.clone(), hearing };
        tokio::spawn(async move {
            loop {
                let lost = hear(&pool, &sender, &hears).await;
                let _ = hears.send(false);
                if pool.is_closed() {
                    return;
                }
                if let Err(error) = lost {
                    tracing::warn!(%error, "the listener was lost; listening again");
                }
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        });
        events
    }

    /// What is announced from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.sender.subscribe()
    }

    /// Whether announcements reach this process; each change of it means that some may have been missed.
    pub fn hearing(&self) -> watch::Receiver<bool> {
        let mut hearing = self.hearing.clone();
        hearing.mark_unchanged();
        hearing
    }
}

async fn hear(
    pool: &PgPool,
    sender: &broadcast::Sender<Event>,
    hears: &watch::Sender<bool>,
) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    let _ = hears.send(true);
    // `try_recv` ends with None when the connection is lost, where `recv` would hide it.
    while let Some(notification) = listener.try_recv().await? {
        match serde_json::from_str(notification.payload()) {
            // No receiver is no fault: nobody has a console open.
            Ok(event) => drop(sender.send(event)),
            Err(error) => tracing::warn!(%error, "an announcement was not understood"),
        }
    }
    Ok(())
}
