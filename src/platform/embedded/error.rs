//! What can go wrong with the embedded PostgreSQL, said so that an administrator can act on it.

use std::{io, path::PathBuf};

/// Why the embedded PostgreSQL could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbeddedError {
    /// A file or folder of the data folder cannot be read or written.
    #[error("cannot use {}: {source}", path.display())]
    Folder {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// No PostgreSQL of a supported version is installed.
    #[error(
        "PostgreSQL {minimum} or newer is not installed (found: {found}). Install it (Debian, Ubuntu: apt-get install \
         postgresql), or set DATABASE_URL to a PostgreSQL server that runs elsewhere"
    )]
    NotInstalled {
        /// The oldest major version that will do.
        minimum: u32,
        /// The versions found, or "none".
        found: String,
    },
    /// The cluster was made by a major version that is not installed.
    #[error(
        "{} was made by PostgreSQL {version}, which is not installed (found: {found}). Install it (Debian, Ubuntu: \
         apt-get install postgresql-{version}), or set PORTICO_DATA_DIR to another folder, or dump the cluster with \
         PostgreSQL {version} and restore it into a new one",
        folder.display()
    )]
    OtherVersion {
        /// The cluster's folder.
        folder: PathBuf,
        /// The cluster's major version.
        version: u32,
        /// The versions found, or "none".
        found: String,
    },
    /// The cluster is older than anything Portico supports.
    #[error(
        "{} was made by PostgreSQL {version}, and Portico needs {minimum} or newer. Dump the cluster with PostgreSQL \
         {version} and restore it into a newer one, or set PORTICO_DATA_DIR to another folder",
        folder.display()
    )]
    TooOld {
        /// The cluster's folder.
        folder: PathBuf,
        /// The cluster's major version.
        version: u32,
        /// The oldest major version that will do.
        minimum: u32,
    },
    /// The folder where the cluster belongs holds something else.
    #[error(
        "{} is not empty and holds no PostgreSQL cluster (its PG_VERSION is missing or unreadable). Move it away, or \
         set PORTICO_DATA_DIR to another folder",
        folder.display()
    )]
    NotACluster {
        /// The folder in the way.
        folder: PathBuf,
    },
    /// The cluster belongs to another user, and only root could act for them.
    #[error(
        "{} belongs to user {owner}. Run Portico as that user or as root, or set PORTICO_DATA_DIR to another folder",
        folder.display()
    )]
    NotOwner {
        /// The cluster's folder.
        folder: PathBuf,
        /// The owner's numeric user id.
        owner: u32,
    },
    /// Portico runs as root, PostgreSQL refuses to, and there is nobody else to run it as.
    #[error(
        "PostgreSQL does not run as root, and there is no user \"postgres\" or \"nobody\" to run it as. Create one \
         (useradd --system postgres), or run Portico as an ordinary user, or set DATABASE_URL"
    )]
    NoAccount,
    /// Somebody started PostgreSQL on the cluster by hand.
    #[error(
        "PostgreSQL (process {pid}) was started on {} by someone else than Portico. Stop that process first",
        folder.display()
    )]
    StartedByHand {
        /// The cluster's folder.
        folder: PathBuf,
        /// The process to stop.
        pid: u32,
    },
    /// A program of PostgreSQL cannot be run at all.
    #[error("cannot run {}: {source}", program.display())]
    Spawn {
        /// The program.
        program: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The cluster could not be created.
    #[error("PostgreSQL could not create its cluster in {}:\n{output}", folder.display())]
    Create {
        /// The folder that was to hold it.
        folder: PathBuf,
        /// The end of what PostgreSQL's program printed.
        output: String,
    },
    /// PostgreSQL ended instead of starting.
    #[error("PostgreSQL does not start. The end of {}:\n{tail}", log.display())]
    Start {
        /// PostgreSQL's log.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },
    /// PostgreSQL runs, or the rest of it, and does not answer.
    #[error(
        "PostgreSQL still runs on {} and does not answer. Stop its processes and start again. The end of {}:\n{tail}",
        folder.display(), log.display()
    )]
    Unresponsive {
        /// The cluster's folder.
        folder: PathBuf,
        /// PostgreSQL's log.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },
    /// Another process of Portico has been starting or stopping PostgreSQL for too long.
    #[error(
        "another Portico has been starting or stopping PostgreSQL in {} for too long. Look at it, or stop it and try \
         again",
        folder.display()
    )]
    Busy {
        /// The data folder.
        folder: PathBuf,
    },
}

impl EmbeddedError {
    /// Says which file or folder an I/O error is about; for `map_err`.
    pub(super) fn at(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Folder { path, source }
    }
}
