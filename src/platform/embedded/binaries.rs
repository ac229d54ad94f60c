//! Finding the PostgreSQL that is installed on this machine.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

use tokio::process::Command;

use super::error::EmbeddedError;

/// The oldest major version that Portico supports.
pub(super) const MINIMUM: u32 = 15;

/// Where Debian and its kin keep one folder per major version.
const PACKAGED: &str = "/usr/lib/postgresql";

/// The programs of one installed PostgreSQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Binaries {
    pub(super) major: u32,
    folder: PathBuf,
}

impl Binaries {
    /// The path of one program, such as `initdb`.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// Finds the programs to use: those of the cluster's own major version, for a new cluster the newest.
///
/// `pg_config` and `PATH` are asked only when no package has what is needed: that costs processes, and a start is
/// waited for.
pub(super) async fn find(folder: &Path, cluster: Option<u32>) -> Result<Binaries, EmbeddedError> {
    if let Some(version) = cluster.filter(|version| *version < MINIMUM) {
        return Err(EmbeddedError::TooOld { folder: folder.to_owned(), version, minimum: MINIMUM });
    }
    let mut found = packaged(Path::new(PACKAGED));
    if let Some(binaries) = choose(&found, cluster) {
        return Ok(binaries.clone());
    }
    found.extend(elsewhere().await);
    if let Some(binaries) = choose(&found, cluster) {
        return Ok(binaries.clone());
    }
    let found = listed(&found);
    Err(match cluster {
        Some(version) => EmbeddedError::OtherVersion { folder: folder.to_owned(), version, found },
        None => EmbeddedError::NotInstalled { minimum: MINIMUM, found },
    })
}

fn choose(found: &[Binaries], cluster: Option<u32>) -> Option<&Binaries> {
    match cluster {
        Some(version) => found.iter().find(|one| one.major == version),
        None => found.iter().filter(|one| one.major >= MINIMUM).max_by_key(|one| one.major),
    }
}

fn listed(found: &[Binaries]) -> String {
    let majors: BTreeSet<u32> = found.iter().map(|one| one.major).collect();
    if majors.is_empty() {
        return "none".to_owned();
    }
    let majors: Vec<String> = majors.iter().map(u32::to_string).collect();
    majors.join(", ")
}

fn packaged(root: &Path) -> Vec<Binaries> {
    let Ok(entries) = fs::read_dir(root) else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| {
            let major = leading_number(entry.file_name().to_str()?)?;
            let folder = entry.path().join("bin");
            has_server(&folder).then_some(Binaries { major, folder })
        })
        .collect()
}

async fn elsewhere() -> Vec<Binaries> {
    let configured = printed(Path::new("pg_config"), "--bindir").await;
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = configured.map(|folder| PathBuf::from(folder.trim())).into_iter().chain(env::split_paths(&path));
    let mut found = Vec::new();
    for folder in folders.filter(|folder| has_server(folder)) {
        let version = printed(&folder.join("postgres"), "--version").await;
        if let Some(major) = version.as_deref().and_then(parse_version) {
            found.push(Binaries { major, folder });
        }
    }
    found
}

async fn printed(program: &Path, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).output().await.ok()?;
    String::from_utf8(output.stdout).ok()
}

/// Client packages install neither of the two, and a folder with only one of them cannot make and run a cluster.
fn has_server(folder: &Path) -> bool {
    folder.is_absolute() && folder.join("postgres").is_file() && folder.join("initdb").is_file()
}

/// The major version in what `postgres --version` prints, for example
/// `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` or `postgres (PostgreSQL) 19beta1`.
fn parse_version(printed: &str) -> Option<u32> {
    leading_number(printed.split_once("(PostgreSQL)")?.1.trim_start())
}

/// The major version of a cluster, from the content of its `PG_VERSION`: `15`, and before version 10 such as `9.6`.
pub(super) fn leading_number(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn installed(majors: &[u32]) -> Vec<Binaries> {
        let folder = |major| PathBuf::from(format!("/pg/{major}/bin"));
        majors.iter().map(|&major| Binaries { major, folder: folder(major) }).collect()
    }

    #[test]
    fn reads_versions() {
        assert_eq!(parse_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some(15));
        assert_eq!(parse_version("postgres (PostgreSQL) 19beta1\n"), Some(19));
        assert_eq!(parse_version("postgres (EnterpriseDB) 17.1\n"), None);
        assert_eq!(leading_number("9.6\n"), Some(9));
        assert_eq!(leading_number("16\n"), Some(16));
        assert_eq!(leading_number(""), None);
        assert_eq!(leading_number("x1"), None);
    }

    #[test]
    fn a_new_cluster_gets_the_newest_that_is_new_enough() {
        assert_eq!(choose(&installed(&[15, 17, 16, 9]), None).map(|one| one.major), Some(17));
        assert_eq!(choose(&installed(&[13, 14]), None), None);
        assert_eq!(choose(&[], None), None);
    }

    #[test]
    fn a_cluster_gets_its_own_version_or_none() {
        assert_eq!(choose(&installed(&[15, 17]), Some(15)).map(|one| one.major), Some(15));
        assert_eq!(choose(&installed(&[15, 17]), Some(16)), None);
    }

    #[test]
    fn lists_what_was_found_once_and_in_order() {
        assert_eq!(listed(&[]), "none");
        assert_eq!(listed(&installed(&[17, 15, 17])), "15, 17");
    }

    #[test]
    fn a_folder_without_a_server_is_no_installation() {
        let root = env::temp_dir().join(format!("portico-binaries-{}", std::process::id()));
        for (version, programs) in
            [("15", &["postgres", "initdb"][..]), ("16", &["psql"]), ("old", &["postgres", "initdb"])]
        {
            let bin = root.join(version).join("bin");
            fs::create_dir_all(&bin).unwrap();
            for program in programs {
                fs::write(bin.join(program), "").unwrap();
            }
        }
        assert_eq!(packaged(&root), [Binaries { major: 15, folder: root.join("15/bin") }]);
        fs::remove_dir_all(&root).unwrap();
        assert_eq!(packaged(&root), []);
    }
}
