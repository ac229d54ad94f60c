//! The embedded PostgreSQL: what Portico uses when no `DATABASE_URL` is set.
//!
//! It is an installed PostgreSQL on a private cluster in the data folder. It listens on a Unix socket inside that
//! folder and nowhere else. Every process of Portico that works on the same data folder shares it: the first starts
//! it, the last stops it, and one that is killed leaves it running for the next.
//!
//! | in the data folder | |
//! |---|---|
//! | `postgres/` | the cluster, and the socket; locked by PostgreSQL's processes while any of them lives |
//! | `postgres.new/` | a cluster that is being made |
//! | `postgres.log` | PostgreSQL's log; put aside as `postgres.log.old` when long |
//! | `postgres.start.lock` | held by the process that is starting or stopping PostgreSQL |
//! | `postgres.users.lock` | shared by the processes that use it |

mod account;
mod binaries;
mod cluster;
mod create;
mod error;
mod files;
mod handover;
mod server;

use std::{
    fs::{self, DirBuilder, File},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

pub use error::EmbeddedError;

use cluster::Cluster;
use files::obtained;

/// The superuser of the cluster. No password is asked.
pub const USER: &str = "portico";
/// The database that is made with the cluster.
pub const DATABASE: &str = "portico";
/// The port in the socket's name. `PGPORT` does not change it, so a client must set it.
pub const PORT: u16 = 5432;

/// How often a lost PostgreSQL is looked for.
const WATCH: Duration = Duration::from_millis(500);
/// How long to wait before a start that failed is tried again.
const RETRY: Duration = Duration::from_secs(5);
/// How long another process may take to start PostgreSQL; making a cluster on a slow disk is the longest.
const START_PATIENCE: Duration = Duration::from_secs(120);
/// How long a stopping process waits for one that is starting, before it leaves PostgreSQL to that one.
const STOP_PATIENCE: Duration = Duration::from_secs(1);
/// How long PostgreSQL may take to end in order. `portico serve` has 10 s for everything.
const SHUT_DOWN_PATIENCE: Duration = Duration::from_secs(4);

/// This process's share in the running PostgreSQL of a data folder.
///
/// PostgreSQL is started again when it is lost, for as long as this exists. Dropping it without
/// [`stop`](Self::stop) leaves PostgreSQL running.
#[derive(Debug)]
pub struct EmbeddedPostgres {
    cluster: Cluster,
    major_version: u32,
    socket_dir: PathBuf,
    /// Kept open, since `socket_dir` may go through it.
    _folder: File,
    users: File,
    supervisor: JoinSet<()>,
}

impl EmbeddedPostgres {
    /// Joins the PostgreSQL of a data folder, or starts it; folder and cluster are made if missing.
    ///
    /// Must be called on a Tokio runtime with I/O and time.
    ///
    /// # Errors
    /// No suitable PostgreSQL is installed, the cluster is of a version that is not, the folder cannot be used, or
    /// PostgreSQL does not start. Each says what to do.
    pub async fn start(data_dir: &Path) -> Result<Self, EmbeddedError> {
        let begin = Instant::now();
        let cluster = Cluster::new(make_data_dir(data_dir)?);
        let starting = lock_start(&cluster, START_PATIENCE).await?;
        let users = cluster.open_file("postgres.users.lock")?;
        users.lock_shared().map_err(EmbeddedError::at(cluster.data_dir()))?;
        cluster.ensure_running().await?;
        drop(starting);

        let folder = cluster.open()?;
        let socket_dir = cluster.socket_dir(&folder);
        let major_version = cluster.major_version()?.unwrap_or_default();
        let mut supervisor = JoinSet::new();
        supervisor.spawn(supervise(cluster.clone()));
        let took = begin.elapsed().as_millis();
        tracing::info!(major_version, "the embedded PostgreSQL is up after {took} ms");
        Ok(Self { cluster, major_version, socket_dir, _folder: folder, users, supervisor })
    }

    /// The folder of the socket, valid for as long as this exists. It is UTF-8 and short enough for an address.
    pub fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    /// The database to connect to.
    pub fn database(&self) -> &str {
        DATABASE
    }

    /// The user to connect as, who may do everything.
    pub fn user(&self) -> &str {
        USER
    }

    /// The cluster's major version, such as 15.
    pub fn major_version(&self) -> u32 {
        self.major_version
    }

    /// Stops PostgreSQL, unless another process of Portico still uses it. Takes at most 9 s.
    pub async fn stop(mut self) {
        self.supervisor.shutdown().await;
        if let Err(error) = self.leave().await {
            tracing::warn!(%error, "the embedded PostgreSQL was not stopped");
        }
    }

    async fn leave(&self) -> Result<(), EmbeddedError> {
        let _starting = match lock_start(&self.cluster, STOP_PATIENCE).await {
            Ok(starting) => starting,
            // Whoever is at it stays, and will stop PostgreSQL.
            Err(EmbeddedError::Busy { .. }) => return Ok(()),
            Err(error) => return Err(error),
        };
        let at = || EmbeddedError::at(self.cluster.data_dir());
        self.users.unlock().map_err(at())?;
        if !obtained(self.users.try_lock()).map_err(at())? {
            tracing::info!("the embedded PostgreSQL stays up: another process uses it");
            return Ok(());
        }
        self.cluster.shut_down(SHUT_DOWN_PATIENCE).await?;
        tracing::info!("the embedded PostgreSQL is stopped");
        Ok(())
    }
}

/// Starts PostgreSQL again whenever it is gone.
async fn supervise(cluster: Cluster) {
    loop {
        sleep(WATCH).await;
        let outcome = match cluster.is_down().await {
            Ok(false) => continue,
            Ok(true) => {
                tracing::error!("the embedded PostgreSQL is down; starting it again");
                restart(&cluster).await
            }
            Err(error) => Err(error),
        };
        match outcome {
            Ok(()) => tracing::info!("the embedded PostgreSQL is up again"),
            Err(error) => {
                tracing::error!(%error, "the embedded PostgreSQL could not be started again");
                sleep(RETRY).await;
            }
        }
    }
}

async fn restart(cluster: &Cluster) -> Result<(), EmbeddedError> {
    let _starting = lock_start(cluster, START_PATIENCE).await?;
    cluster.ensure_running().await
}

fn make_data_dir(data_dir: &Path) -> Result<PathBuf, EmbeddedError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(data_dir)
        .and_then(|()| fs::canonicalize(data_dir))
        .map_err(EmbeddedError::at(data_dir))
}

/// Waits until no other process starts or stops PostgreSQL, and keeps others from it while the answer lives.
async fn lock_start(cluster: &Cluster, patience: Duration) -> Result<File, EmbeddedError> {
    let lock = cluster.open_file("postgres.start.lock")?;
    let deadline = Instant::now() + patience;
    while !obtained(lock.try_lock()).map_err(EmbeddedError::at(cluster.data_dir()))? {
        if Instant::now() > deadline {
            return Err(EmbeddedError::Busy { folder: cluster.data_dir().to_owned() });
        }
        sleep(Duration::from_millis(20)).await;
    }
    Ok(lock)
}
