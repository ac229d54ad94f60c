//! Changes, announced with NOTIFY in the transaction that makes them and heard by every replica.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool, postgres::PgListener};
use tokio::sync::{broadcast, watch};
use uuid::Uuid;

use super::rights::{Beat, CALL, Rights};
use crate::{ui::live::Topic, workspaces::service::Hosts};

/// The channel of PostgreSQL that announcements go through.
const CHANNEL: &str = "portico";

/// The channel on which the database itself says that rights changed: workspace and version.
const RIGHTS: &str = "portico_rights";

/// The channel on which servers call out to themselves.
const BEATS: &str = "portico_beat";

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
    pub fn listen(pool: PgPool, rights: Arc<Rights>, beat: Beat, hosts: Arc<Hosts>) -> Self {
        let (sender, _) = broadcast::channel(1024);
        let (hears, hearing) = watch::channel(false);
        let events = Self { sender: sender.clone(), hearing };
        tokio::spawn(call(pool.clone(), beat.clone()));
        tokio::spawn(async move {
            loop {
                let lost = hear(&pool, &sender, &hears, &rights, &beat, &hosts).await;
                beat.lost();
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

/// Calls out to this process through the database, for as long as it lives.
async fn call(pool: PgPool, beat: Beat) {
    let mut clock = tokio::time::interval(CALL);
    while !pool.is_closed() {
        clock.tick().await;
        let payload = format!("{} {}", beat.id(), beat.call());
        // One that is not heard is all the news there is.
        let _ = sqlx::query(
            "select pg_notify($1, $2 || ' ' || floor(extract(epoch from clock_timestamp()) * 1000)::bigint)",
        )
        .bind(BEATS)
        .bind(payload)
        .execute(&pool)
        .await;
    }
}

async fn hear(
    pool: &PgPool,
    sender: &broadcast::Sender<Event>,
    hears: &watch::Sender<bool>,
    rights: &Arc<Rights>,
    beat: &Beat,
    hosts: &Hosts,
) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen_all([CHANNEL, RIGHTS, BEATS]).await?;
    // Nobody told what changed before.
    rights.doubt();
    let _ = hears.send(true);
    // `try_recv` ends with None when the connection is lost, where `recv` would hide it.
    while let Some(notification) = listener.try_recv().await? {
        let payload = notification.payload();
        match notification.channel() {
            BEATS => {
                let mine = payload.strip_prefix(beat.id()).and_then(|rest| rest.trim_start().split_once(' '));
                if let Some((Ok(call), Ok(at))) = mine.map(|(call, at)| (call.parse(), at.parse())) {
                    beat.heard(call, at);
                }
            }
            RIGHTS => {
                let changed =
                    payload.split_once(' ').and_then(|(ws, version)| Some((ws.parse().ok()?, version.parse().ok()?)));
                match changed {
                    Some((ws, version)) if rights.announced(ws, version) => {
                        tokio::spawn(follow(pool.clone(), Arc::clone(rights), ws));
                    }
                    Some(_) => {}
                    None => tracing::warn!("an announcement of rights was not understood"),
                }
            }
            _ => match serde_json::from_str(payload) {
                Ok(event) => {
                    // What is remembered of the workspace holds its plan: consoles that hear of a new one read it at once.
                    if matches!(event, Event { topic: Topic::Settings, .. }) {
                        hosts.forget();
                    }
                    // No receiver is no fault: nobody has a console open.
                    drop(sender.send(event));
                }
                Err(error) => tracing::warn!(%error, "an announcement was not understood"),
            },
        }
    }
    Ok(())
}

/// Follows what is announced of a workspace until there is nothing left: many changes in a row cost one connection.
async fn follow(pool: PgPool, rights: Arc<Rights>, ws: Uuid) {
    while rights.behind(ws) {
        let followed = match pool.acquire().await {
            Ok(mut db) => rights.reach(&mut db, ws, 0).await,
            Err(error) => Err(error.into()),
        };
        if let Err(fault) = followed {
            // What is kept is behind what was announced, and so nothing is answered from it.
            rights.unfollow(ws);
            tracing::warn!(%fault, "a change of rights was not followed");
            return;
        }
    }
}
