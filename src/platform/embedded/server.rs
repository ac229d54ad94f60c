//! Starting and stopping PostgreSQL on the cluster.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::MetadataExt,
    time::Duration,
};

use tokio::{
    process::Child,
    time::{Instant, sleep},
};

use super::{
    PORT,
    account::{self, Account},
    binaries,
    cluster::{Cluster, Status},
    create::create,
    error::EmbeddedError,
    files::{claim, is_idle},
    handover::{FOLDER, RUN, shell},
};

/// How often a change is looked for.
const POLL: Duration = Duration::from_millis(10);
/// How long remains of a PostgreSQL, or one that is stopping, are waited for.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often a PostgreSQL that ends at once is started again.
const ATTEMPTS: u32 = 3;

/// Whether the process of the first argument works in the folder, as PostgreSQL's processes do.
const WORKS_HERE: &str = r#"exec 9<&0; test "/proc/$1/cwd" -ef /proc/self/fd/9"#;
/// Sends the signal of the first argument to the process of the second, if that works in the folder.
const SIGNAL: &str = r#"exec 9<&0; test "/proc/$2/cwd" -ef /proc/self/fd/9 && kill -s "$1" "$2""#;
/// Ends every process of PostgreSQL that works in the folder.
const END_REMAINS: &str = r#"exec 9<&0
for process in /proc/[0-9]*; do
    test "$process/cwd" -ef /proc/self/fd/9 && read -r name <"$process/comm" && test "$name" = postgres &&
        kill -s QUIT "${process#/proc/}"
done"#;

impl Cluster {
    /// Joins the PostgreSQL that runs, or starts it, making the cluster first if need be.
    ///
    /// Only one process may be at this at a time; the caller sees to that.
    pub(super) async fn ensure_running(&self) -> Result<(), EmbeddedError> {
        let mut deadline = Instant::now() + PATIENCE;
        let mut attempts = 0;
        loop {
            let version = self.major_version()?;
            let account = self.account()?;
            let opened = match version {
                Some(_) => self.open()?,
                None => {
                    let binaries = binaries::find(&self.folder, None).await?;
                    create(&self.folder, &binaries, account).await?
                }
            };
            if claim(&opened).map_err(EmbeddedError::at(&self.folder))? {
                attempts += 1;
                match self.launch(opened, account).await {
                    Err(EmbeddedError::Start { .. }) if attempts < ATTEMPTS => {
                        sleep(POLL * 50).await;
                        continue;
                    }
                    outcome => return outcome,
                }
            }
            match self.status() {
                Some(Status::Ready) if self.answers().await => return Ok(()),
                // It is recovering, which ends, but may take minutes.
                Some(Status::Starting) => deadline = Instant::now() + PATIENCE,
                _ if self.was_killed() => self.end_remains(&opened, account).await?,
                _ => {}
            }
            if Instant::now() > deadline {
                return Err(EmbeddedError::Unresponsive {
                    folder: self.folder.clone(),
                    log: self.log.clone(),
                    tail: self.log_tail(0),
                });
            }
            sleep(POLL).await;
        }
    }

    /// Starts PostgreSQL on the locked folder and waits until it takes connections. It then holds the lock.
    async fn launch(&self, locked: File, account: Option<Account>) -> Result<(), EmbeddedError> {
        let binaries = binaries::find(&self.folder, self.major_version()?).await?;
        if let Some(account) = account
            && locked.metadata().map_err(EmbeddedError::at(&self.folder))?.uid() == 0
        {
            // A copy that root put back is root's.
            account::give(&self.folder, account)?;
        }
        self.remove_stale_files(&locked, account).await?;

        let log = self.open_log()?;
        let log_start = log.metadata().map_or(0, |metadata| metadata.len());
        let program = binaries.program("postgres");
        let spawned = shell(RUN, &locked, account).and_then(|mut command| {
            command.arg(&program).args(["-D", FOLDER]);
            for setting in [
                "listen_addresses=",
                &format!("port={PORT}"),
                &format!("unix_socket_directories={FOLDER}"),
                "unix_socket_permissions=0700",
                "logging_collector=off",
                "cluster_name=portico",
            ] {
                command.args(["-c", setting]);
            }
            command.stdout(log.try_clone()?).stderr(log).spawn()
        });
        drop(locked);
        let mut child = spawned.map_err(|source| EmbeddedError::Spawn { program, source })?;
        if self.becomes_ready(&mut child).await? {
            // Someone must take note of its end, or it stays as a zombie.
            tokio::spawn(async move { child.wait().await });
            return Ok(());
        }
        Err(EmbeddedError::Start { log: self.log.clone(), tail: self.log_tail(log_start) })
    }

    /// Waits until PostgreSQL takes connections (true) or ends (false).
    async fn becomes_ready(&self, child: &mut Child) -> Result<bool, EmbeddedError> {
        let mut notice = Some(Instant::now() + Duration::from_secs(5));
        loop {
            if child.try_wait().map_err(EmbeddedError::at(&self.folder))?.is_some() {
                return Ok(false);
            }
            if self.status() == Some(Status::Ready) {
                return Ok(true);
            }
            if notice.take_if(|at| *at < Instant::now()).is_some() {
                tracing::info!(log = %self.log.display(), "PostgreSQL is still starting; it may be recovering");
            }
            sleep(POLL).await;
        }
    }

    /// Removes the lock files of a PostgreSQL that was killed: their process ids may by now belong to others, which
    /// PostgreSQL would take for itself. The caller holds the folder's lock, so nothing that Portico started is left.
    async fn remove_stale_files(&self, locked: &File, account: Option<Account>) -> Result<(), EmbeddedError> {
        if let Some(pid) = self.pid()
            && run(locked, account, WORKS_HERE, &[&pid.to_string()]).await?
        {
            return Err(EmbeddedError::StartedByHand { folder: self.folder.clone(), pid });
        }
        for name in ["postmaster.pid", &format!(".s.PGSQL.{PORT}.lock")] {
            let path = self.folder.join(name);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(EmbeddedError::at(path)(error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Stops PostgreSQL: connections are ended and everything is written (SIGINT); if that takes longer than
    /// `patience`, at once (SIGQUIT), which costs a recovery at the next start.
    pub(super) async fn shut_down(&self, patience: Duration) -> Result<(), EmbeddedError> {
        let opened = self.open()?;
        let account = self.account()?;
        for (signal, patience) in [("INT", patience), ("QUIT", Duration::from_secs(1))] {
            let mut told = false;
            let deadline = Instant::now() + patience;
            while Instant::now() < deadline {
                if !told && let Some(pid) = self.pid() {
                    told = run(&opened, account, SIGNAL, &[signal, &pid.to_string()]).await?;
                }
                if is_idle(&opened).map_err(EmbeddedError::at(&self.folder))? {
                    return Ok(());
                }
                sleep(POLL).await;
            }
        }
        Err(EmbeddedError::Unresponsive { folder: self.folder.clone(), log: self.log.clone(), tail: self.log_tail(0) })
    }

    /// Ends what a killed PostgreSQL left: its children end by themselves only when they next wait for something.
    async fn end_remains(&self, opened: &File, account: Option<Account>) -> Result<(), EmbeddedError> {
        run(opened, account, END_REMAINS, &[]).await.map(|_| ())
    }
}

/// Runs a script about processes as PostgreSQL's user, who may look at and signal them where a root without
/// capabilities may not. True if it succeeded.
async fn run(opened: &File, account: Option<Account>, script: &str, arguments: &[&str]) -> Result<bool, EmbeddedError> {
    let output = match shell(script, opened, account) {
        Ok(mut command) => command.args(arguments).output().await,
        Err(error) => Err(error),
    };
    output
        .map(|output| output.status.success())
        .map_err(|source| EmbeddedError::Spawn { program: "/bin/sh".into(), source })
}
