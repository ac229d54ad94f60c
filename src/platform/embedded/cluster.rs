//! The cluster's folder and what can be read there.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom},
    os::{fd::AsRawFd, unix::fs::MetadataExt},
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
    time::timeout,
};

use super::{
    PORT,
    account::{self, Account},
    binaries,
    error::EmbeddedError,
    files::{is_idle, open_private},
};

/// The log is put aside at a start when it is longer than this, in bytes.
const LOG_LIMIT: u64 = 16 * 1024 * 1024;
/// How much of the log's end goes into an error message, in bytes.
const TAIL: u64 = 2000;

/// How long PostgreSQL may take to say a word.
const ANSWER: Duration = Duration::from_secs(2);

/// A data folder with its cluster.
#[derive(Debug, Clone)]
pub(super) struct Cluster {
    data_dir: PathBuf,
    pub(super) folder: PathBuf,
    pub(super) log: PathBuf,
}

/// What PostgreSQL says of itself in the last line of `postmaster.pid`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Starting,
    Ready,
    Other,
}

impl Cluster {
    pub(super) fn new(data_dir: PathBuf) -> Self {
        Self { folder: data_dir.join("postgres"), log: data_dir.join("postgres.log"), data_dir }
    }

    pub(super) fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    pub(super) fn open(&self) -> Result<File, EmbeddedError> {
        File::open(&self.folder).map_err(EmbeddedError::at(&self.folder))
    }

    /// Opens a file of the data folder, for its owner.
    pub(super) fn open_file(&self, name: &str) -> Result<File, EmbeddedError> {
        open_private(self.data_dir.join(name), self.data_owner()?)
    }

    fn data_owner(&self) -> Result<Option<Account>, EmbeddedError> {
        let metadata = fs::metadata(&self.data_dir).map_err(EmbeddedError::at(&self.data_dir))?;
        let owner = Account { uid: metadata.uid(), gid: metadata.gid() };
        Ok(account::is_root()?.then_some(owner))
    }

    /// The folder of the socket, as short as a socket's address must be (unix(7): 107 bytes).
    ///
    /// `opened` must stay open for as long as the answer is used.
    pub(super) fn socket_dir(&self, opened: &File) -> PathBuf {
        let longest = 107 - format!("/.s.PGSQL.{PORT}").len();
        match self.folder.to_str() {
            Some(path) if path.len() <= longest => self.folder.clone(),
            _ => PathBuf::from(format!("/proc/{}/fd/{}", std::process::id(), opened.as_raw_fd())),
        }
    }

    /// The major version of the cluster, `None` if there is no cluster yet.
    pub(super) fn major_version(&self) -> Result<Option<u32>, EmbeddedError> {
        let not_a_cluster = || EmbeddedError::NotACluster { folder: self.folder.clone() };
        match fs::read_to_string(self.folder.join("PG_VERSION")) {
            Ok(text) => binaries::leading_number(&text).map(Some).ok_or_else(not_a_cluster),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                match fs::read_dir(&self.folder).map(|mut entries| entries.next().is_none()) {
                    Ok(false) => Err(not_a_cluster()),
                    Ok(true) => Ok(None),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                    Err(error) => Err(EmbeddedError::at(&self.folder)(error)),
                }
            }
            Err(error) => Err(EmbeddedError::at(&self.folder)(error)),
        }
    }

    /// Whom PostgreSQL runs as; `None` is the user of this process.
    pub(super) fn account(&self) -> Result<Option<Account>, EmbeddedError> {
        let data = fs::metadata(&self.data_dir).map_err(EmbeddedError::at(&self.data_dir))?;
        account::choose(&self.folder, fs::metadata(&self.folder).ok().as_ref(), &data)
    }

    /// Whether PostgreSQL is down, whatever is left of it.
    pub(super) async fn is_down(&self) -> Result<bool, EmbeddedError> {
        let idle = is_idle(&self.open()?).map_err(EmbeddedError::at(&self.folder))?;
        Ok(idle || (self.was_killed() && !self.answers().await))
    }

    /// The process id of PostgreSQL's first process, which may have ended.
    pub(super) fn pid(&self) -> Option<u32> {
        parse_pid(&fs::read_to_string(self.folder.join("postmaster.pid")).ok()?)
    }

    pub(super) fn status(&self) -> Option<Status> {
        parse_status(&fs::read_to_string(self.folder.join("postmaster.pid")).ok()?)
    }

    /// Whether PostgreSQL's first process was killed: its file is still there, and it is not, or only as a zombie,
    /// which has no command line.
    pub(super) fn was_killed(&self) -> bool {
        self.pid().is_some_and(|pid| fs::read(format!("/proc/{pid}/cmdline")).map_or(true, |line| line.is_empty()))
    }

    /// Whether PostgreSQL answers at the socket.
    ///
    /// That a connection is made says nothing: the kernel makes it, and goes on for a moment after a kill. So a
    /// question is asked that costs no login: whether there is TLS (PostgreSQL's protocol, `SSLRequest`).
    pub(super) async fn answers(&self) -> bool {
        const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];
        let ask = async {
            let opened = self.open().ok()?;
            let socket = self.socket_dir(&opened).join(format!(".s.PGSQL.{PORT}"));
            let mut stream = UnixStream::connect(socket).await.ok()?;
            stream.write_all(&SSL_REQUEST).await.ok()?;
            stream.read_u8().await.ok()
        };
        timeout(ANSWER, ask).await.is_ok_and(|answer| answer.is_some())
    }

    /// Opens the log for a new start.
    pub(super) fn open_log(&self) -> Result<File, EmbeddedError> {
        let long = fs::metadata(&self.log).is_ok_and(|metadata| metadata.len() > LOG_LIMIT);
        if long {
            fs::rename(&self.log, self.log.with_extension("log.old")).map_err(EmbeddedError::at(&self.log))?;
        }
        self.open_file("postgres.log")
    }

    /// The end of the log, of what was written since it had the length `from`.
    pub(super) fn log_tail(&self, from: u64) -> String {
        let read = || -> io::Result<Vec<u8>> {
            let mut log = File::open(&self.log)?;
            let length = log.metadata()?.len();
            log.seek(SeekFrom::Start(length.saturating_sub(TAIL).max(from)))?;
            let mut tail = Vec::new();
            log.take(TAIL).read_to_end(&mut tail)?;
            Ok(tail)
        };
        String::from_utf8_lossy(&read().unwrap_or_default()).trim().to_owned()
    }
}

/// The first line of `postmaster.pid`; negative for a stand-alone backend.
fn parse_pid(content: &str) -> Option<u32> {
    let pid: i32 = content.lines().next()?.trim().parse().ok()?;
    Some(pid.unsigned_abs()).filter(|pid| *pid != 0)
}

/// The eighth line of `postmaster.pid` (PostgreSQL, `src/include/utils/pidfile.h`), absent at the very beginning.
fn parse_status(content: &str) -> Option<Status> {
    content.lines().nth(7).map(|line| match line.trim() {
        "starting" => Status::Starting,
        "ready" => Status::Ready,
        _ => Status::Other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PID_FILE: &str =
        "15539\n/proc/self/fd/9\n1795323358\n5432\n/proc/self/fd/9\n\n 10051586        29\nready   \n";

    #[test]
    fn reads_the_pid_file() {
        assert_eq!(parse_pid(PID_FILE), Some(15539));
        assert_eq!(parse_pid("-77\n"), Some(77));
        assert_eq!(parse_pid(""), None);
        assert_eq!(parse_pid("0\n"), None);
        assert_eq!(parse_status(PID_FILE), Some(Status::Ready));
        assert_eq!(parse_status(&PID_FILE.replace("ready   ", "starting")), Some(Status::Starting));
        assert_eq!(parse_status(&PID_FILE.replace("ready   ", "stopping")), Some(Status::Other));
        assert_eq!(parse_status("15539\n/proc/self/fd/9\n"), None);
    }

    #[test]
    fn only_a_long_path_needs_another_name_for_the_socket() {
        let opened = File::open("/").unwrap();
        let short = Cluster::new("/var/lib/portico".into());
        assert_eq!(short.socket_dir(&opened), Path::new("/var/lib/portico/postgres"));
        let long = Cluster::new(format!("/{}", "x".repeat(200)).into());
        assert!(long.socket_dir(&opened).starts_with("/proc"));
    }
}
