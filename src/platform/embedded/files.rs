//! Opening and locking files and folders of the data folder.

use std::{
    fs::{DirBuilder, File, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, chown, fchown},
    path::{Path, PathBuf},
};

use super::{account::Account, error::EmbeddedError};

/// Whether nothing runs on a folder any more; if so, the folder is now locked for the caller.
pub(super) fn claim(folder: &File) -> io::Result<bool> {
    obtained(folder.try_lock())
}

/// Whether nothing runs on a folder any more. Any number of processes may ask at once.
pub(super) fn is_idle(folder: &File) -> io::Result<bool> {
    let idle = obtained(folder.try_lock_shared())?;
    if idle {
        folder.unlock()?;
    }
    Ok(idle)
}

/// Turns the answer of a `try_lock` into whether the lock was obtained.
pub(super) fn obtained(answer: Result<(), TryLockError>) -> io::Result<bool> {
    match answer {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(source)) => Err(source),
    }
}

/// Opens a file of the data folder for appending, made if missing and readable by its owner only.
///
/// A file that root makes is given to `owner`, the data folder's, who would otherwise be locked out by it.
pub(super) fn open_private(path: PathBuf, owner: Option<Account>) -> Result<File, EmbeddedError> {
    let mut options = File::options();
    options.read(true).append(true).mode(0o600);
    let opened = match options.clone().create_new(true).open(&path) {
        Ok(file) => match owner {
            Some(Account { uid, gid }) => fchown(&file, Some(uid), Some(gid)).map(|()| file),
            None => Ok(file),
        },
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => options.open(&path),
        Err(error) => Err(error),
    };
    opened.map_err(EmbeddedError::at(path))
}

/// Makes a folder for PostgreSQL's user alone.
pub(super) fn make_folder(path: &Path, owner: Option<Account>) -> io::Result<File> {
    DirBuilder::new().mode(0o700).create(path)?;
    if let Some(Account { uid, gid }) = owner {
        chown(path, Some(uid), Some(gid))?;
    }
    File::open(path)
}
