//! The embedded PostgreSQL against the PostgreSQL that is installed here.

#![cfg(feature = "ssr")]

use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use portico::platform::embedded::{EmbeddedError, EmbeddedPostgres, PORT};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::UnixStream,
};

/// A folder of the test's own, in which no PostgreSQL is left at the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("portico-embedded-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        DirBuilder::new().mode(0o755).create(&path).unwrap();
        Self(path)
    }

    fn data_dir(&self) -> PathBuf {
        self.0.join("data")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        for process in processes_below(&self.0) {
            signal("KILL", process);
        }
        let deadline = Instant::now() + Duration::from_secs(10);
        while fs::remove_dir_all(&self.0).is_err() && self.0.exists() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn processes_below(folder: &Path) -> Vec<u32> {
    fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter(|entry| fs::read_link(entry.path().join("cwd")).is_ok_and(|cwd| cwd.starts_with(folder)))
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect()
}

fn signal(name: &str, pid: u32) {
    shell(&format!("kill -s {name} {pid}"));
}

fn shell(script: &str) -> Output {
    Command::new("/bin/sh").args(["-c", script]).output().unwrap()
}

fn postmaster(data_dir: &Path) -> u32 {
    let content = fs::read_to_string(data_dir.join("postgres/postmaster.pid")).unwrap();
    content.lines().next().unwrap().parse().unwrap()
}

fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !condition().await {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Logs in as a client does and runs one statement; true if the server took both.
/// The messages are those of PostgreSQL's protocol 3.0.
async fn query(postgres: &EmbeddedPostgres, sql: &str) -> io::Result<bool> {
    let socket = postgres.socket_dir().join(format!(".s.PGSQL.{PORT}"));
    let mut stream = UnixStream::connect(socket).await?;
    let login = format!("user\0{}\0database\0{}\0\0", postgres.user(), postgres.database());
    stream.write_u32(login.len() as u32 + 8).await?;
    stream.write_u32(3 << 16).await?;
    stream.write_all(login.as_bytes()).await?;
    if !ready_for_query(&mut stream).await? {
        return Ok(false);
    }
    stream.write_u8(b'Q').await?;
    stream.write_u32(sql.len() as u32 + 5).await?;
    stream.write_all(sql.as_bytes()).await?;
    stream.write_u8(0).await?;
    ready_for_query(&mut stream).await
}

/// Reads messages up to `ReadyForQuery` (true) or `ErrorResponse` (false).
async fn ready_for_query(stream: &mut UnixStream) -> io::Result<bool> {
    loop {
        let kind = stream.read_u8().await?;
        let length = stream.read_u32().await? as usize;
        stream.read_exact(&mut vec![0; length - 4]).await?;
        match kind {
            b'Z' => return Ok(true),
            b'E' => return Ok(false),
            _ => {}
        }
    }
}

#[tokio::test]
async fn starts_afresh_stops_and_keeps_what_was_written() {
    let scratch = Scratch::new();
    let data_dir = scratch.data_dir();

    let postgres = EmbeddedPostgres::start(&data_dir).await.unwrap();
    assert!(postgres.major_version() >= 15);
    assert!(query(&postgres, "create table kept as select 1 as n").await.unwrap());
    assert!(query(&postgres, "do $$ begin assert current_setting('data_checksums') = 'on'; end $$").await.unwrap());
    assert!(query(&postgres, "do $$ begin assert current_setting('listen_addresses') = ''; end $$").await.unwrap());
    assert_eq!(fs::metadata(data_dir.join("postgres")).unwrap().mode() & 0o777, 0o700);
    let pid = postmaster(&data_dir);
    postgres.stop().await;
    assert!(!data_dir.join("postgres/postmaster.pid").exists());
    until("the process is gone, zombie and all", async || !Path::new(&format!("/proc/{pid}")).exists()).await;

    let postgres = EmbeddedPostgres::start(&data_dir).await.unwrap();
    assert!(query(&postgres, "select n from kept").await.unwrap());
    postgres.stop().await;
    assert!(processes_below(&scratch.0).is_empty());
}

#[tokio::test]
async fn the_last_one_stops_it() {
    let scratch = Scratch::new();
    let data_dir = scratch.data_dir();

    // Both at once: one of them makes the cluster, the other waits and joins.
    let (first, second) = tokio::join!(EmbeddedPostgres::start(&data_dir), EmbeddedPostgres::start(&data_dir));
    let (first, second) = (first.unwrap(), second.unwrap());
    let pid = postmaster(&data_dir);

    first.stop().await;
    assert_eq!(postmaster(&data_dir), pid);
    assert!(query(&second, "select 1").await.unwrap());

    second.stop().await;
    assert!(processes_below(&scratch.0).is_empty());
}

#[tokio::test]
async fn comes_back_after_the_postmaster_was_killed() {
    let scratch = Scratch::new();
    let data_dir = scratch.data_dir();
    let postgres = EmbeddedPostgres::start(&data_dir).await.unwrap();
    assert!(query(&postgres, "create table kept as select 1 as n").await.unwrap());

    let pid = postmaster(&data_dir);
    signal("KILL", pid);
    until("another answers", async || query(&postgres, "select n from kept").await.unwrap_or(false)).await;
    assert_ne!(postmaster(&data_dir), pid);
    postgres.stop().await;
}

#[tokio::test]
async fn comes_back_although_a_child_of_the_killed_one_is_busy() {
    let scratch = Scratch::new();
    let data_dir = scratch.data_dir();
    let postgres = EmbeddedPostgres::start(&data_dir).await.unwrap();

    let busy = "do $$ begin loop end loop; end $$";
    let ((), lost) = tokio::join!(
        async {
            let running = "do $$ begin assert exists(select from pg_stat_activity where query like '%end loop%' \
                and state = 'active' and pid <> pg_backend_pid()); end $$";
            until("the loop runs", async || query(&postgres, running).await.unwrap()).await;
            signal("KILL", postmaster(&data_dir));
        },
        query(&postgres, busy),
    );
    assert!(lost.is_err() || lost.is_ok_and(|took| !took));
    until("another answers", async || query(&postgres, "select 1").await.unwrap_or(false)).await;
    postgres.stop().await;
    assert!(processes_below(&scratch.0).is_empty());
}

#[tokio::test]
async fn a_start_after_both_were_killed_recovers() {
    let scratch = Scratch::new();
    let data_dir = scratch.data_dir();
    let postgres = EmbeddedPostgres::start(&data_dir).await.unwrap();
    assert!(query(&postgres, "create table kept as select 1 as n").await.unwrap());
    let pid = postmaster(&data_dir);
    drop(postgres);
    signal("KILL", pid);

    let postgres = EmbeddedPostgres::start(&data_dir).await.unwrap();
    assert!(query(&postgres, "select n from kept").await.unwrap());
    assert_ne!(postmaster(&data_dir), pid);
    postgres.stop().await;
}

#[tokio::test]
async fn joins_what_a_killed_portico_left_running() {
    let scratch = Scratch::new();
    let data_dir = scratch.data_dir();
    drop(EmbeddedPostgres::start(&data_dir).await.unwrap());
    let pid = postmaster(&data_dir);

    let postgres = EmbeddedPostgres::start(&data_dir).await.unwrap();
    assert_eq!(postmaster(&data_dir), pid);
    assert!(query(&postgres, "select 1").await.unwrap());
    postgres.stop().await;
    assert!(processes_below(&scratch.0).is_empty());
}

#[tokio::test]
async fn a_pid_file_whose_process_is_another_now_is_no_obstacle() {
    let scratch = Scratch::new();
    let (data_dir, other_dir) = (scratch.data_dir(), scratch.0.join("other"));
    let other = EmbeddedPostgres::start(&other_dir).await.unwrap();
    EmbeddedPostgres::start(&data_dir).await.unwrap().stop().await;

    // After a reboot: the ids in the lock files are those of another PostgreSQL of the same user.
    let theirs = fs::read_to_string(other_dir.join("postgres/postmaster.pid")).unwrap();
    fs::write(data_dir.join("postgres/postmaster.pid"), &theirs).unwrap();
    fs::write(data_dir.join(format!("postgres/.s.PGSQL.{PORT}.lock")), &theirs).unwrap();
    let postgres = EmbeddedPostgres::start(&data_dir).await.unwrap();
    assert!(query(&postgres, "select 1").await.unwrap());
    assert_ne!(postmaster(&data_dir), postmaster(&other_dir));
    postgres.stop().await;

    assert!(query(&other, "select 1").await.unwrap());
    other.stop().await;
}

#[tokio::test]
async fn an_interrupted_creation_is_begun_anew() {
    let scratch = Scratch::new();
    let data_dir = scratch.data_dir();
    fs::create_dir_all(data_dir.join("postgres.new/base")).unwrap();
    fs::write(data_dir.join("postgres.new/PG_VERSION"), "15\n").unwrap();

    let postgres = EmbeddedPostgres::start(&data_dir).await.unwrap();
    assert!(query(&postgres, "select 1").await.unwrap());
    assert!(!data_dir.join("postgres.new").exists());
    postgres.stop().await;

    // Given up in the middle, with the programs still running.
    fs::remove_dir_all(data_dir.join("postgres")).unwrap();
    let half = tokio::time::timeout(Duration::from_millis(200), EmbeddedPostgres::start(&data_dir));
    assert!(half.await.is_err());
    let postgres = EmbeddedPostgres::start(&data_dir).await.unwrap();
    assert!(query(&postgres, "select 1").await.unwrap());
    postgres.stop().await;
}

#[tokio::test]
async fn works_in_a_folder_with_a_long_path() {
    let scratch = Scratch::new();
    let data_dir = scratch.0.join("x".repeat(250)).join("y".repeat(250));
    let postgres = EmbeddedPostgres::start(&data_dir).await.unwrap();
    assert!(postgres.socket_dir().as_os_str().len() < 93);
    assert!(query(&postgres, "select 1").await.unwrap());
    postgres.stop().await;
    assert!(processes_below(&scratch.0).is_empty());
}

#[tokio::test]
async fn works_in_a_folder_that_only_root_can_enter() {
    if !is_root() {
        return;
    }
    let scratch = Scratch::new();
    let closed = scratch.0.join("closed");
    DirBuilder::new().mode(0o700).create(&closed).unwrap();
    let data_dir = closed.join("data");
    let postgres = EmbeddedPostgres::start(&data_dir).await.unwrap();
    assert!(query(&postgres, "create extension pg_trgm").await.unwrap());
    assert_ne!(fs::metadata(data_dir.join("postgres")).unwrap().uid(), 0);

    // A reload reads the configuration again, a crash of a child starts everything anew: both by the same name.
    assert!(query(&postgres, "alter system set work_mem = '5MB'").await.unwrap());
    assert!(query(&postgres, "select pg_reload_conf()").await.unwrap());
    let reloaded = "do $$ begin assert current_setting('work_mem') = '5MB'; end $$";
    until("it has reloaded", async || query(&postgres, reloaded).await.unwrap()).await;
    let pid = postmaster(&data_dir);
    let child = processes_below(&scratch.0).into_iter().find(|process| *process != pid).unwrap();
    signal("KILL", child);
    until("it has noticed", async || !processes_below(&scratch.0).contains(&child)).await;
    until("it answers again", async || query(&postgres, "select 1").await.unwrap_or(false)).await;
    assert_eq!(postmaster(&data_dir), pid);
    postgres.stop().await;

    // Put back by a root who did not mind the owner.
    shell(&format!("chown -R root:root '{}'", data_dir.display()));
    let postgres = EmbeddedPostgres::start(&data_dir).await.unwrap();
    assert!(query(&postgres, "select 1").await.unwrap());
    postgres.stop().await;
}

#[tokio::test]
async fn refuses_a_cluster_of_another_major_version() {
    let scratch = Scratch::new();
    let data_dir = scratch.data_dir();
    let cluster = data_dir.join("postgres");
    fs::create_dir_all(&cluster).unwrap();

    fs::write(cluster.join("PG_VERSION"), "99\n").unwrap();
    let error = EmbeddedPostgres::start(&data_dir).await.unwrap_err();
    assert!(matches!(error, EmbeddedError::OtherVersion { version: 99, .. }), "{error}");
    let message = error.to_string();
    for part in [cluster.to_str().unwrap(), "postgresql-99", "PORTICO_DATA_DIR", "found: "] {
        assert!(message.contains(part), "{message}");
    }

    fs::write(cluster.join("PG_VERSION"), "9.6\n").unwrap();
    let error = EmbeddedPostgres::start(&data_dir).await.unwrap_err();
    assert!(matches!(error, EmbeddedError::TooOld { version: 9, .. }), "{error}");

    fs::write(cluster.join("PG_VERSION"), "?").unwrap();
    let error = EmbeddedPostgres::start(&data_dir).await.unwrap_err();
    assert!(matches!(error, EmbeddedError::NotACluster { .. }), "{error}");
    assert_eq!(fs::read_dir(&cluster).unwrap().count(), 1);
}

#[tokio::test]
async fn says_why_it_does_not_start() {
    let scratch = Scratch::new();
    let data_dir = scratch.data_dir();
    EmbeddedPostgres::start(&data_dir).await.unwrap().stop().await;
    let configuration = data_dir.join("postgres/postgresql.conf");
    let good = fs::read_to_string(&configuration).unwrap();
    fs::write(&configuration, format!("{good}\nno_such_setting = on\n")).unwrap();

    let error = EmbeddedPostgres::start(&data_dir).await.unwrap_err();
    assert!(error.to_string().contains("no_such_setting"), "{error}");

    fs::write(&configuration, good).unwrap();
    EmbeddedPostgres::start(&data_dir).await.unwrap().stop().await;
}
