//! From a configuration to a running server, and to its end.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use metrics_exporter_prometheus::PrometheusHandle;
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    sync::{Notify, watch},
    task::JoinSet,
};

use super::{
    config::Config,
    context::App,
    database::Database,
    events::Events,
    http::{Server, router},
    rights::{self, Beat, Rights},
    secrets::InstanceKey,
    telemetry,
};
use crate::{
    accounts::{self, password::Passwords},
    imports, invitations, mail,
    requests::ending,
    workspaces,
};

/// How long requests that are being answered may take to end, once the server is to stop.
const GRACE: Duration = Duration::from_secs(3);

/// How often what is over by time is cleared away.
const SWEEP: Duration = Duration::from_secs(600);

/// How often it is looked for what ends soon, and for what has just ended.
const ENDING: Duration = Duration::from_secs(60);

/// The server's parts, around a database that is up to date.
///
/// # Errors
/// In words for the operator.
pub async fn app(config: &Config, database: &Database) -> Result<App, String> {
    let key = match &config.instance_key {
        Some(hex) => InstanceKey::from_hex(hex)?,
        None => InstanceKey::in_folder(&config.data_dir)?,
    };
    workspaces::service::ensure_default(&database.pool).await.map_err(|fault| fault.to_string())?;
    let (rights, beat, hosts) = (Arc::<Rights>::default(), Beat::default(), Arc::default());
    Ok(App {
        config: Arc::new(config.clone()),
        pool: database.pool.clone(),
        key,
        passwords: Passwords::new().map_err(|fault| fault.to_string())?,
        events: Events::listen(database.pool.clone(), Arc::clone(&rights), beat.clone(), Arc::clone(&hosts)),
        rights,
        beat,
        limits: Arc::default(),
        hosts,
        mail_queued: Arc::new(Notify::new()),
    })
}

/// `portico serve`: until SIGTERM or Ctrl-C.
///
/// # Errors
/// In words for the operator: what is missing or wrong.
pub async fn serve(config: &Config) -> Result<(), String> {
    let signals = Signals::new()?;
    let metrics = telemetry::metrics()?;
    let listener =
        TcpListener::bind(&config.bind).await.map_err(|error| format!("cannot listen on {}: {error}", config.bind))?;
    let database = Database::open(config).await?;
    let result = run(config, &database, listener, metrics, signals).await;
    database.close().await;
    result
}

async fn run(
    config: &Config,
    database: &Database,
    listener: TcpListener,
    metrics: PrometheusHandle,
    signals: Signals,
) -> Result<(), String> {
    let app = app(config, database).await?;
    let (stop, stopping) = watch::channel(false);
    let senders = mail::sender::start(&app, stopping.clone())?;
    let importers = imports::worker::start(&app, stopping.clone());
    let sweeper = tokio::spawn(sweep(app.clone()));
    let watcher = tokio::spawn(watch_endings(app.clone()));
    greet(&app).await?;

    let service =
        router(Server::new(app, stopping.clone(), metrics)).into_make_service_with_connect_info::<SocketAddr>();
    let mut server = tokio::spawn(
        axum::serve(listener, service)
            .with_graceful_shutdown(async move {
                let mut stopping = stopping;
                stopped(&mut stopping).await;
            })
            .into_future(),
    );
    let ended = tokio::select! {
        () = signals.asked_to_stop() => None,
        ended = &mut server => Some(format!("the server ended: {ended:?}")),
    };
    tracing::info!("stopping");
    let _ = stop.send(true);
    let finished = tokio::time::timeout(GRACE, async {
        if ended.is_none() {
            let _ = (&mut server).await;
        }
        finish(senders).await;
        finish(importers).await;
    });
    if finished.await.is_err() {
        tracing::warn!("some requests did not end in time");
        server.abort();
    }
    sweeper.abort();
    watcher.abort();
    ended.map_or(Ok(()), Err)
}

/// Waits until the server is to stop.
pub async fn stopped(stop: &mut watch::Receiver<bool>) {
    // A sender that is gone will not say it: the server has ended already.
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn finish(mut senders: JoinSet<()>) {
    while senders.join_next().await.is_some() {}
}

/// Heard from the first moment on: one that comes during the start ends it in order as soon as it has started.
struct Signals {
    term: Signal,
    int: Signal,
}

impl Signals {
    fn new() -> Result<Self, String> {
        let hear = |kind| signal(kind).map_err(|error| format!("signals cannot be heard: {error}"));
        Ok(Self { term: hear(SignalKind::terminate())?, int: hear(SignalKind::interrupt())? })
    }

    async fn asked_to_stop(mut self) {
        tokio::select! {
            _ = self.term.recv() => {}
            _ = self.int.recv() => {}
        }
    }
}

/// Tells whoever started it where it is, and how the first owner comes in.
async fn greet(app: &App) -> Result<(), String> {
    println!("Portico is at {}", app.config.address(None, "/"));
    for (workspace, link) in workspaces::service::owner_links(app).await.map_err(|fault| fault.to_string())? {
        println!("{} has no owner yet. Set up the first one, once, at:\n  {link}", workspace.name);
    }
    Ok(())
}

async fn sweep(app: App) {
    let mut clock = tokio::time::interval(SWEEP);
    loop {
        clock.tick().await;
        app.limits.sweep();
        if let Err(error) = clear(&app).await {
            tracing::warn!(%error, "what is over was not cleared away");
        }
    }
}

async fn clear(app: &App) -> Result<(), sqlx::Error> {
    let mut db = app.pool.acquire().await?;
    accounts::store::delete_ended(&mut db).await?;
    rights::store::delete_old_changes(&mut db).await
}

/// Gives notice of what ends soon, and tells open pages what has ended.
async fn watch_endings(app: App) {
    let mut clock = tokio::time::interval(ENDING);
    let mut told = None;
    loop {
        clock.tick().await;
        match ending::announce_ended(&app, told).await {
            Ok(until) => told = Some(until),
            Err(error) => tracing::warn!(%error, "what has ended was not announced"),
        }
        if let Err(error) = ending::give_notice(&app).await {
            tracing::warn!(%error, "notice of what ends was not given");
        }
        if let Err(error) = invitations::service::remind(&app).await {
            tracing::warn!(%error, "invitations were not reminded of");
        }
    }
}
