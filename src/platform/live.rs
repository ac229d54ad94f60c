//! The stream of server-sent events that keeps open consoles up to date.

use std::{convert::Infallible, time::Duration};

use axum::{
    Extension,
    extract::State,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use http::StatusCode;
use tokio::{
    sync::{broadcast::error::RecvError, mpsc, watch},
    time::Instant,
};
use tokio_stream::{StreamExt, wrappers::ReceiverStream};

use super::{context::Context, http::Server, serve::stopped};
use crate::{
    accounts,
    ui::live::{HELLO, Topic},
};

/// How often a stream without news says that it is there, so that proxies keep it open.
const BEAT: Duration = Duration::from_secs(15);

/// Changes that come closer together than this are told together: two hundred mails are not two hundred lists to load.
const TOGETHER: Duration = Duration::from_millis(250);

/// Sends the topics that change in the workspace, to who is signed in, until the session ends or the server stops.
pub async fn stream(State(server): State<Server>, Extension(cx): Extension<Context>) -> Response {
    let Some(actor) = cx.actor.clone() else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let (sender, receiver) = mpsc::channel(16);
    tokio::spawn(follow(cx, actor.session, server.stop.clone(), sender));
    let events = ReceiverStream::new(receiver).map(|data: &str| Ok::<_, Infallible>(Event::default().data(data)));
    Sse::new(events).keep_alive(KeepAlive::new().interval(BEAT)).into_response()
}

async fn follow(cx: Context, session: Vec<u8>, mut stop: watch::Receiver<bool>, sender: mpsc::Sender<&'static str>) {
    let mut announced = cx.app.events.subscribe();
    let mut hearing = cx.app.events.hearing();
    let me = cx.actor.as_ref().and_then(|actor| actor.user_id);
    let mut changed: Vec<Topic> = Vec::new();
    let mut next = Instant::now();
    if sender.send(HELLO).await.is_err() {
        return;
    }
    loop {
        tokio::select! {
            () = stopped(&mut stop) => return,
            () = sender.closed() => return,
            () = tokio::time::sleep_until(next), if !changed.is_empty() => {
                for topic in changed.drain(..) {
                    if sender.send(topic.slug()).await.is_err() {
                        return;
                    }
                }
                next = Instant::now() + TOGETHER;
            }
            // Announcements may have been missed: everything is said to have changed.
            heard = hearing.changed() => match heard {
                Ok(()) => changed = Topic::ALL.to_vec(),
                Err(_) => return,
            },
            event = announced.recv() => match event {
                Ok(event) if event.workspace == cx.ws() => {
                    note(&mut changed, event.topic);
                    if event.topic.concerns_everybody() {
                        note(&mut changed, Topic::You);
                    }
                    if me.is_some() && event.user == me {
                        note(&mut changed, Topic::You);
                        if !lives(&cx, &session).await {
                            let _ = sender.send(Topic::You.slug()).await;
                            return;
                        }
                    }
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => changed = Topic::ALL.to_vec(),
                Err(RecvError::Closed) => return,
            },
        }
    }
}

/// Whoever reads is told about first: what they have lost is closed before its parts ask again.
fn note(changed: &mut Vec<Topic>, topic: Topic) {
    if !changed.contains(&topic) {
        let place = if topic == Topic::You { 0 } else { changed.len() };
        changed.insert(place, topic);
    }
}

/// Whether the session is still one: a database that does not answer is no reason to end the stream.
async fn lives(cx: &Context, session: &[u8]) -> bool {
    let Ok(mut db) = cx.app.pool.acquire().await else {
        return true;
    };
    !matches!(accounts::store::find_session(&mut db, cx.ws(), session).await, Ok(None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_reads_is_told_first_and_everything_once() {
        let mut changed = Vec::new();
        for topic in [Topic::Users, Topic::Roles, Topic::You, Topic::Users, Topic::You] {
            note(&mut changed, topic);
        }
        assert_eq!(changed, [Topic::You, Topic::Users, Topic::Roles]);
        assert_eq!(Topic::ALL[0], Topic::You);
    }
}
