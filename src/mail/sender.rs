//! The senders: each claims one message, hands it over, and writes down what became of it in the same transaction.
//!
//! A sender that is killed loses its connection, and with it the lock on the row: the message is due again at once. Only a
//! message whose SMTP transaction was open at that moment may go out twice, with the same Message-ID.
//!
//! Each sender goes from workspace to workspace, a message at a time, so that a workspace with many waits behind none but itself.

use std::{sync::Arc, time::Duration};

use lettre::message::Mailbox;
use rand::RngExt;
use tokio::{sync::watch, task::JoinSet};
use uuid::Uuid;

use super::{
    service::Body,
    store,
    transport::{Outcome, SENDERS, Transport},
};
use crate::{
    invitations::{self, model::What, store::NewEvent},
    platform::{
        context::App,
        events::{self, Event},
        fault::Fault,
        serve::stopped,
    },
    ui::live::Topic,
};

/// How long a sender without work waits before it looks again, should an announcement be lost.
const IDLE: Duration = Duration::from_secs(1);

/// The longest time between two tries.
const MOST_BETWEEN: f64 = 1800.0;

/// Runs the senders until `stop` says so; each finishes the message it has in hand.
///
/// # Errors
/// In words for the operator, when the configuration of mail is not understood.
pub fn start(app: &App, stop: watch::Receiver<bool>) -> Result<JoinSet<()>, String> {
    let transport = Arc::new(Transport::new(&app.config)?);
    let from: Mailbox =
        app.config.mail_from.parse().map_err(|error| format!("PORTICO_MAIL_FROM is not understood: {error}"))?;
    let mut senders = JoinSet::new();
    senders.spawn(wake_on_announcement(app.clone(), stop.clone()));
    for _ in 0..SENDERS {
        senders.spawn(send_all(app.clone(), Arc::clone(&transport), from.clone(), stop.clone()));
    }
    Ok(senders)
}

async fn wake_on_announcement(app: App, mut stop: watch::Receiver<bool>) {
    let mut announced = app.events.subscribe();
    loop {
        tokio::select! {
            () = stopped(&mut stop) => return,
            event = announced.recv() => if event.is_ok_and(|event| event.topic == Topic::Outbox) {
                app.mail_queued.notify_waiters();
            },
        }
    }
}

async fn send_all(app: App, transport: Arc<Transport>, from: Mailbox, mut stop: watch::Receiver<bool>) {
    let mut served = Uuid::nil();
    while !*stop.borrow() {
        let woken = app.mail_queued.notified();
        let wait = match send_next(&app, &transport, &from, served).await {
            Ok(Some(workspace)) => {
                served = workspace;
                continue;
            }
            Ok(None) => {
                transport.rest().await;
                IDLE
            }
            Err(error) => {
                tracing::warn!(%error, "the outbox could not be worked on; trying again");
                IDLE
            }
        };
        tokio::select! {
            () = stopped(&mut stop) => return,
            () = woken => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Hands over a message that is due, of the first workspace that has one; false when none is.
///
/// # Errors
/// As `send_next`.
pub async fn send_one(app: &App, transport: &Transport, from: &Mailbox) -> Result<bool, Fault> {
    Ok(send_next(app, transport, from, Uuid::nil()).await?.is_some())
}

/// Hands over a message that is due, of the next workspace behind the one that was served last; tells which, or none where nothing is
/// due.
///
/// # Errors
/// When the database fails. What was claimed is then due again.
pub async fn send_next(app: &App, transport: &Transport, from: &Mailbox, served: Uuid) -> Result<Option<Uuid>, Fault> {
    let mut tx = app.pool.begin().await?;
    let Some(claimed) = store::claim(&mut tx, served).await? else {
        return Ok(None);
    };
    let outcome = match Body::open(&app.key, claimed.id, &claimed.sealed_body) {
        Some(body) => transport.hand_over(from, &claimed, body).await,
        // A server with the right key may come for it.
        None => Outcome::Later("sealed with another instance key: give every server the same, or resend".into()),
    };
    let (ws, id) = (claimed.workspace_id, claimed.id);
    let told = match &outcome {
        Outcome::Sent(_) | Outcome::Captured => (What::Sent, ""),
        Outcome::Later(answer) if claimed.old => (What::Failed, answer.as_str()),
        Outcome::Later(answer) => (What::Deferred, answer.as_str()),
        Outcome::Never(answer) => (What::Failed, answer.as_str()),
    };
    if let Some(invitation) = claimed.invitation_id {
        let event = NewEvent { detail: told.1, ..NewEvent::of_itself(told.0) };
        invitations::store::insert_events(&mut tx, ws, &[invitation], &event).await?;
    }
    match outcome {
        Outcome::Sent(answer) => store::update_handed_over(&mut tx, ws, id, "sent", &answer).await?,
        Outcome::Captured => store::update_handed_over(&mut tx, ws, id, "captured", "").await?,
        Outcome::Later(answer) if claimed.old => store::update_failed(&mut tx, ws, id, &answer).await?,
        Outcome::Later(answer) => {
            tracing::info!(message = %id, %answer, "a mail is deferred");
            store::update_deferred(&mut tx, ws, id, pause(claimed.attempts), &answer).await?;
        }
        Outcome::Never(answer) => {
            tracing::warn!(message = %id, %answer, "a mail failed");
            store::update_failed(&mut tx, ws, id, &answer).await?;
        }
    }
    metrics::counter!("portico_mails_total").increment(1);
    events::announce(&mut tx, &Event { workspace: ws, topic: Topic::Invitations, user: None }).await?;
    tx.commit().await?;
    Ok(Some(ws))
}

/// Seconds until the next try: doubling from two seconds to half an hour, each with up to a quarter more or less, so that
/// what failed together is not tried together.
fn pause(attempts: i32) -> f64 {
    let doubled = 2.0 * f64::from(2_i32.saturating_pow(u32::try_from(attempts).unwrap_or(0).min(20)));
    doubled.min(MOST_BETWEEN) * rand::rng().random_range(0.75..1.25)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_with_jitter_and_have_a_limit() {
        for (attempts, middle) in [(0, 2.0), (1, 4.0), (5, 64.0), (9, 1024.0), (30, 1800.0), (i32::MAX, 1800.0)] {
            let pause = pause(attempts);
            assert!((middle * 0.75..middle * 1.25).contains(&pause), "{attempts}: {pause}");
        }
    }
}
