//! Running PostgreSQL's programs on a folder that they cannot reach by its path.
//!
//! A data folder may lie where only root can go, and its path may be longer than PostgreSQL or a socket address takes.
//! So no program is given the path: it inherits the opened folder as file descriptor 9 and is told
//! `/proc/self/fd/9`, which the kernel follows without asking for rights on the folders above. The shell moves the
//! descriptor into place, which the standard library cannot do without unsafe code.
//!
//! A lock on that descriptor lasts until the last process that inherited it has ended, PostgreSQL's children
//! included. That says for certain whether any of them is left, which process ids, being used again, do not.

use std::{env, fs::File, io};

use tokio::process::Command;

use super::account::Account;

/// The handed over folder, as the programs see it.
pub(super) const FOLDER: &str = "/proc/self/fd/9";

/// Becomes the program that the arguments name.
pub(super) const RUN: &str = r#"exec 9<&0 </dev/null; exec "$@""#;

/// A shell command that acts on a cluster's folder as PostgreSQL's user, with nothing of this process's environment:
/// PostgreSQL reads `PGPORT` and its like, and has no business with Portico's secrets.
pub(super) fn shell(script: &str, folder: &File, account: Option<Account>) -> io::Result<Command> {
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", script, "portico"])
        .env_clear()
        .env("TZ", "UTC")
        .current_dir("/")
        .stdin(folder.try_clone()?)
        // A Ctrl-C at the terminal is for Portico, which then stops PostgreSQL in order.
        .process_group(0);
    for name in ["PATH", "LD_LIBRARY_PATH"] {
        if let Some(value) = env::var_os(name) {
            command.env(name, value);
        }
    }
    if let Some(Account { uid, gid }) = account {
        command.uid(uid).gid(gid);
    }
    Ok(command)
}
