//! The workers: each claims an import that was started, hashes its passwords and writes it.
//!
//! A worker that is killed loses its connection, and with it the lock on the job: another one, here or on another server, goes on
//! where it stopped. What is hashed stays hashed; writing is one transaction.

use std::{collections::VecDeque, time::Duration};

use tokio::{sync::watch, task::JoinSet};

use super::{
    model::Ending,
    service::{End, fail, purpose, write},
    store::{self, Job, Sealed},
};
use crate::{
    error::{AppError, Refusal},
    platform::{
        context::App,
        events::{self, Event},
        fault::Fault,
        serve::stopped,
    },
    ui::live::Topic,
};

/// Imports that one server works on at once: a small one does not wait for a large one.
const WORKERS: usize = 2;

/// How long a worker without work waits before it looks again, should an announcement be lost.
const IDLE: Duration = Duration::from_secs(2);

/// How often it is looked for what is over by time.
const SWEEP: Duration = Duration::from_secs(600);

/// Passwords that are read at once, and hashes that are written at once.
const PAGE: i64 = 256;
const CHUNK: usize = 32;

/// After so many faults an import has failed.
const MOST_ATTEMPTS: i32 = 5;

/// Runs the workers until `stop` says so; what one has in hand goes on with the next start, or on another server.
pub fn start(app: &App, stop: watch::Receiver<bool>) -> JoinSet<()> {
    let mut workers = JoinSet::new();
    for _ in 0..WORKERS {
        workers.spawn(work_all(app.clone(), stop.clone()));
    }
    workers.spawn(sweep(app.clone(), stop));
    workers
}

async fn work_all(app: App, mut stop: watch::Receiver<bool>) {
    let mut announced = app.events.subscribe();
    while !*stop.borrow() {
        match work_one(&app, &stop).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "an import could not be worked on; trying again"),
        }
        let news = async {
            while let Ok(event) = announced.recv().await {
                if event.topic == Topic::Imports {
                    return;
                }
            }
        };
        tokio::select! {
            () = stopped(&mut stop) => return,
            () = tokio::time::sleep(IDLE) => {}
            () = news => {}
        }
    }
}

async fn sweep(app: App, mut stop: watch::Receiver<bool>) {
    let mut clock = tokio::time::interval(SWEEP);
    loop {
        tokio::select! {
            () = stopped(&mut stop) => return,
            _ = clock.tick() => {}
        }
        let swept = async {
            let mut db = app.pool.acquire().await?;
            store::sweep(&mut db).await
        };
        if let Err(error) = swept.await {
            tracing::warn!(%error, "imports that are over were not cleared away");
        }
    }
}

/// Works on the oldest import that nobody works on; false when there is none, or when it waits for its turn. It ends early when the
/// server is to stop.
///
/// # Errors
/// When the database fails. What was claimed is then free again.
pub async fn work_one(app: &App, stop: &watch::Receiver<bool>) -> Result<bool, Fault> {
    let mut claim = app.pool.begin().await?;
    let Some(job) = store::claim(&mut claim).await? else {
        return Ok(false);
    };
    if job.runs {
        match run(app, &job, stop).await {
            Ok(true) => {}
            Ok(false) => return Ok(false),
            // Another import of the workspace is written: this one waits for its turn, however long that takes.
            Err(Fault::Told(AppError::Refused(Refusal::Busy))) => return Ok(false),
            Err(fault) => {
                let mut db = app.pool.acquire().await?;
                store::update_attempts(&mut db, job.workspace_id, job.import_id).await?;
                drop(db);
                if job.attempts + 1 < MOST_ATTEMPTS {
                    return Err(fault);
                }
                tracing::error!(import = %job.import_id, %fault, "an import has failed");
                self::fail(app, &job, Ending::Fault).await?;
            }
        }
    }
    // Also of one that was cancelled while somebody worked on it.
    store::erase_passwords(&mut claim, job.workspace_id, job.import_id).await?;
    store::delete_job(&mut claim, job.workspace_id, job.import_id).await?;
    claim.commit().await?;
    Ok(true)
}

/// Whether it has come to an end.
async fn run(app: &App, job: &Job, stop: &watch::Receiver<bool>) -> Result<bool, Fault> {
    if !hash_all(app, job, stop).await? {
        // Cancelled, or to be gone on with.
        return Ok(!*stop.borrow());
    }
    let end = write(app, job).await?;
    tracing::info!(import = %job.import_id, ?end, "an import has ended");
    Ok(matches!(end, End::Done | End::Failed(_) | End::Gone))
}

/// Hashes what is left to hash; false when it is not to be written, or not now.
///
/// # Errors
/// When the database fails, or a password was sealed with another instance key.
pub async fn hash_all(app: &App, job: &Job, stop: &watch::Receiver<bool>) -> Result<bool, Fault> {
    // One more than can be under way, so that none waits for the database.
    let most = std::thread::available_parallelism().map_or(2, usize::from) + 1;
    let mut queue: VecDeque<Sealed> = VecDeque::new();
    let (mut behind, mut more) = (0, true);
    let mut under_way = JoinSet::new();
    let mut hashed: Vec<(i32, String)> = Vec::with_capacity(CHUNK);
    loop {
        while under_way.len() < most {
            if queue.is_empty() && more {
                let mut db = app.pool.acquire().await?;
                let page = store::list_sealed(&mut db, job.workspace_id, job.import_id, behind, PAGE).await?;
                more = page.len() as i64 == PAGE;
                behind = page.last().map_or(behind, |last| last.n);
                queue.extend(page);
            }
            let Some(next) = queue.pop_front() else { break };
            let plain = app.key.open(&purpose(job.import_id, next.n), &next.sealed);
            let password = plain.and_then(|plain| String::from_utf8(plain).ok()).ok_or_else(|| {
                Fault::Other("an import is sealed with another instance key: give every server the same".into())
            })?;
            let passwords = app.passwords.clone();
            under_way.spawn(async move { (next.n, passwords.hash_behind(password).await) });
        }
        let Some(done) = under_way.join_next().await else { break };
        let (n, hash) = done.map_err(|error| Fault::Other(format!("password hashing: {error}")))?;
        hashed.push((n, hash?));
        let stopping = *stop.borrow();
        if (hashed.len() >= CHUNK || stopping) && !keep(app, job, &mut hashed).await? {
            return Ok(false);
        }
        if stopping {
            return Ok(false);
        }
    }
    keep(app, job, &mut hashed).await
}

/// Writes hashes down and tells whoever watches; false where the import was cancelled.
async fn keep(app: &App, job: &Job, hashed: &mut Vec<(i32, String)>) -> Result<bool, Fault> {
    let mut tx = app.pool.begin().await?;
    let runs = store::update_hashed(&mut tx, job.workspace_id, job.import_id, hashed).await?;
    let event = Event { workspace: job.workspace_id, topic: Topic::Imports, user: None };
    events::announce(&mut tx, &event).await?;
    tx.commit().await?;
    hashed.clear();
    Ok(runs)
}
