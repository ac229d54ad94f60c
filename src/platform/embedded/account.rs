//! The user PostgreSQL runs as: it refuses to run as root.

use std::{
    fs::{self, Metadata},
    io,
    os::unix::fs::{MetadataExt, lchown},
    path::Path,
};

use super::error::EmbeddedError;

/// A user to run PostgreSQL as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

/// Chooses whom PostgreSQL runs as: `None` is the user of this process.
///
/// Root steps down to the owner of the cluster, so that everyone who may start Portico on a folder finds the same
/// cluster; for a new one to the owner of the data folder, and to `postgres` or `nobody` where root owns that too.
pub(super) fn choose(
    folder: &Path,
    cluster: Option<&Metadata>,
    data: &Metadata,
) -> Result<Option<Account>, EmbeddedError> {
    if !is_root()? {
        let own = effective_uid()?;
        return match cluster.map(MetadataExt::uid) {
            Some(owner) if owner != own => Err(EmbeddedError::NotOwner { folder: folder.to_owned(), owner }),
            _ => Ok(None),
        };
    }
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    step_down(&passwd, cluster.map(|of| (of.uid(), of.gid())), data.uid()).map(Some).ok_or(EmbeddedError::NoAccount)
}

fn step_down(passwd: &str, cluster: Option<(u32, u32)>, data_uid: u32) -> Option<Account> {
    let with_uid = |uid: u32| accounts(passwd).map(|(_, of)| of).find(|of| of.uid == uid);
    let named = |name: &str| accounts(passwd).find(|(of, _)| *of == name).map(|(_, of)| of);
    match cluster {
        Some((uid, gid)) if uid != 0 => Some(with_uid(uid).unwrap_or(Account { uid, gid })),
        _ => Some(data_uid)
            .filter(|uid| *uid != 0)
            .and_then(with_uid)
            .or_else(|| named("postgres"))
            .or_else(|| named("nobody")),
    }
}

/// The name, user id and group id of every line of a passwd(5) file that has them; root's lines are left out.
fn accounts(passwd: &str) -> impl Iterator<Item = (&str, Account)> {
    passwd.lines().filter_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        (uid != 0).then_some((name, Account { uid, gid }))
    })
}

/// Whether this process acts as root.
pub(super) fn is_root() -> Result<bool, EmbeddedError> {
    Ok(effective_uid()? == 0)
}

/// The effective user id, which the standard library does not tell: the second of `Uid:` in proc_pid_status(5).
fn effective_uid() -> Result<u32, EmbeddedError> {
    const STATUS: &str = "/proc/self/status";
    let status = fs::read_to_string(STATUS).map_err(EmbeddedError::at(STATUS))?;
    parse_effective_uid(&status).ok_or_else(|| EmbeddedError::at(STATUS)(io::ErrorKind::InvalidData.into()))
}

fn parse_effective_uid(status: &str) -> Option<u32> {
    let ids = status.lines().find_map(|line| line.strip_prefix("Uid:"))?;
    ids.split_whitespace().nth(1)?.parse().ok()
}

/// Gives a folder and all that is in it to an account; links are given, not followed.
pub(super) fn give(path: &Path, to: Account) -> Result<(), EmbeddedError> {
    let metadata = fs::symlink_metadata(path).map_err(EmbeddedError::at(path))?;
    lchown(path, Some(to.uid), Some(to.gid)).map_err(EmbeddedError::at(path))?;
    if metadata.is_dir() {
        for entry in fs::read_dir(path).map_err(EmbeddedError::at(path))? {
            give(&entry.map_err(EmbeddedError::at(path))?.path(), to)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\n\
        nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin\n\
        broken line\n\
        alice:x:1000:1001:Alice,,,:/home/alice:/bin/bash\n\
        postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash\n";
    const POSTGRES: Option<Account> = Some(Account { uid: 101, gid: 104 });
    const ALICE: Option<Account> = Some(Account { uid: 1000, gid: 1001 });

    #[test]
    fn a_new_cluster_in_roots_folder_belongs_to_postgres_or_nobody() {
        assert_eq!(step_down(PASSWD, None, 0), POSTGRES);
        let without = PASSWD.replace("postgres:", "other:");
        assert_eq!(step_down(&without, None, 0), Some(Account { uid: 65534, gid: 65533 }));
        assert_eq!(step_down("root:x:0:0::/root:/bin/sh\n", None, 0), None);
        assert_eq!(step_down("", None, 0), None);
    }

    #[test]
    fn a_new_cluster_in_a_users_folder_belongs_to_that_user_if_known() {
        assert_eq!(step_down(PASSWD, None, 1000), ALICE);
        assert_eq!(step_down(PASSWD, None, 4711), POSTGRES);
    }

    #[test]
    fn a_cluster_keeps_its_owner_unless_that_is_root() {
        assert_eq!(step_down(PASSWD, Some((1000, 7)), 0), ALICE);
        assert_eq!(step_down(PASSWD, Some((4711, 7)), 0), Some(Account { uid: 4711, gid: 7 }));
        assert_eq!(step_down(PASSWD, Some((0, 0)), 0), POSTGRES);
    }

    #[test]
    fn the_effective_user_id_is_the_second() {
        assert_eq!(parse_effective_uid("Name:\tx\nUid:\t1000\t0\t1000\t1000\nGid:\t1\t1\t1\t1\n"), Some(0));
        assert_eq!(parse_effective_uid("Name:\tx\n"), None);
    }
}
