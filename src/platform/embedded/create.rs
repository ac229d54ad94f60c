//! Making a new cluster.

use std::{
    fs::{self, File},
    io,
    path::Path,
    process::Output,
    time::Duration,
};

use tokio::time::{Instant, sleep};

use super::{
    DATABASE, USER,
    account::Account,
    binaries::Binaries,
    error::EmbeddedError,
    files::{claim, make_folder},
    handover::{FOLDER, RUN, shell},
};

/// How long the remains of an interrupted creation may go on running.
const LEFTOVER_PATIENCE: Duration = Duration::from_secs(30);

/// Feeds one statement to the program that the arguments name.
const FEED: &str = r#"statement=$1; shift; exec 9<&0; echo "$statement" | "$@""#;

/// Makes a cluster with Portico's database and returns its opened folder, locked.
///
/// It grows under another name and gets its own when complete, so that whatever bears that name is a whole cluster,
/// no matter when Portico was killed.
pub(super) async fn create(
    folder: &Path,
    binaries: &Binaries,
    account: Option<Account>,
) -> Result<File, EmbeddedError> {
    let unfinished = folder.with_extension("new");
    remove_leftover(&unfinished).await?;
    let opened = make_folder(&unfinished, account).map_err(EmbeddedError::at(&unfinished))?;
    if !claim(&opened).map_err(EmbeddedError::at(&unfinished))? {
        return Err(EmbeddedError::at(&unfinished)(io::ErrorKind::ResourceBusy.into()));
    }
    let creation = Creation { folder, opened: &opened, binaries, account };
    creation.initialise().await?;
    creation.create_database().await?;

    fs::rename(&unfinished, folder).map_err(EmbeddedError::at(folder))?;
    if let Some(data_dir) = folder.parent() {
        File::open(data_dir).and_then(|data_dir| data_dir.sync_all()).map_err(EmbeddedError::at(data_dir))?;
    }
    Ok(opened)
}

/// Removes what a killed Portico left behind, once the `initdb` it started has ended.
async fn remove_leftover(unfinished: &Path) -> Result<(), EmbeddedError> {
    let leftover = match File::open(unfinished) {
        Ok(leftover) => leftover,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(EmbeddedError::at(unfinished)(error)),
    };
    let deadline = Instant::now() + LEFTOVER_PATIENCE;
    while !claim(&leftover).map_err(EmbeddedError::at(unfinished))? && Instant::now() < deadline {
        sleep(Duration::from_millis(20)).await;
    }
    fs::remove_dir_all(unfinished).map_err(EmbeddedError::at(unfinished))
}

struct Creation<'a> {
    folder: &'a Path,
    opened: &'a File,
    binaries: &'a Binaries,
    account: Option<Account>,
}

impl Creation<'_> {
    /// Runs `initdb`, in Unicode code point order; where the system lacks that locale, in byte order.
    async fn initialise(&self) -> Result<(), EmbeddedError> {
        let in_byte_order: &[&str] = if self.binaries.major >= 17 {
            &["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        } else {
            &["--locale=C"]
        };
        if self.initdb(&["--locale=C.UTF-8"]).await.is_ok() {
            return Ok(());
        }
        self.initdb(in_byte_order).await
    }

    async fn initdb(&self, locale: &[&str]) -> Result<(), EmbeddedError> {
        let options = [
            "--pgdata",
            FOLDER,
            "--username",
            USER,
            "--encoding=UTF8",
            // Who may enter the folder may enter the cluster: its only door is a socket inside.
            "--auth=trust",
            "--data-checksums",
        ];
        self.run(RUN, None, "initdb", &[&options, locale].concat()).await
    }

    async fn create_database(&self) -> Result<(), EmbeddedError> {
        let statement = format!("create database {DATABASE}");
        let options = ["--single", "-D", FOLDER, "-c", "exit_on_error=on", "template1"];
        self.run(FEED, Some(&statement), "postgres", &options).await
    }

    async fn run(
        &self,
        script: &str,
        statement: Option<&str>,
        program: &str,
        options: &[&str],
    ) -> Result<(), EmbeddedError> {
        let program = self.binaries.program(program);
        let output = match shell(script, self.opened, self.account) {
            Ok(mut command) => command.args(statement).arg(&program).args(options).output().await,
            Err(error) => Err(error),
        };
        match output {
            Ok(output) if output.status.success() => Ok(()),
            Ok(output) => Err(EmbeddedError::Create { folder: self.folder.to_owned(), output: said(&output) }),
            Err(source) => Err(EmbeddedError::Spawn { program, source }),
        }
    }
}

/// What a program printed, errors last.
fn said(output: &Output) -> String {
    let printed = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&printed).trim().to_owned()
}
