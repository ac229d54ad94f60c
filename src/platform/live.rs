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
use tokio::sync::{broadcast::error::RecvError, mpsc, watch};
use tokio_stream::{StreamExt, wrappers::ReceiverStream};

use super::{context::Context, http::Server, serve::stopped};
use crate::{
    accounts,
    ui::live::{HELLO, Topic},
};

/// How often a stream without news says that it is there, so that proxies keep it open.
const BEAT: Duration = Duration::from_secs(15);

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
    if sender.send(HELLO).await.is_err() {
        return;
    }
    loop {
        tokio::select! {
            () = stopped(&mut stop) => return,
            () = sender.closed() => return,
            // Announcements may have been missed: everything is said to have changed.
            heard = hearing.changed() => if heard.is_err() || !say_all(&sender).await { return },
            event = announced.recv() => match event {
                Ok(event) if event.workspace == cx.ws() => {
                    if sender.send(event.topic.slug()).await.is_err() {
                        return;
                    }
                    let concerns_reader = event.user.is_some() && event.user == cx.actor.as_ref().and_then(|a| a.user_id);
                    if concerns_reader && (sender.send(Topic::You.slug()).await.is_err() || !lives(&cx, &session).await) {
                        return;
                    }
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => if !say_all(&sender).await { return },
                Err(RecvError::Closed) => return,
            },
        }
    }
}

async fn say_all(sender: &mpsc::Sender<&'static str>) -> bool {
    for topic in Topic::ALL {
        if sender.send(topic.slug()).await.is_err() {
            return false;
        }
    }
    true
}

/// Whether the session is still one: a database that does not answer is no reason to end the stream.
async fn lives(cx: &Context, session: &[u8]) -> bool {
    let Ok(mut db) = cx.app.pool.acquire().await else {
        return true;
    };
    !matches!(accounts::store::find_session(&mut db, cx.ws(), session).await, Ok(None))
}
