//! What a server keeps in memory of everybody's rights, so that a decision asks no database.
//!
//! Each workspace's rights have a version in the database, which grows with every change, in the transaction of the change. A
//! request reads it with its session; what is kept here is brought up to that version before anything is decided. The decision
//! API reads nothing: it trusts what is kept for as long as announcements are heard (`Beat`).

mod beat;
pub mod store;

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicU64, Ordering},
    },
};

use sqlx::PgConnection;
use tokio::sync::Mutex;
use uuid::Uuid;

pub use beat::{Beat, CALL};

use super::fault::Fault;
use crate::access::{AccessSnapshot, Subject, SubjectFacts};

/// Users of one workspace kept at most; then all are forgotten and asked for anew.
const MOST_KEPT: usize = 200_000;

/// Workspaces kept at most.
const MOST_WORKSPACES: usize = 4096;

/// A user's rights with the snapshot that they are compiled against, of one version.
#[derive(Clone, Debug)]
pub struct Held {
    /// The workspace's.
    pub snapshot: Arc<AccessSnapshot>,
    /// The user's.
    pub subject: Arc<Subject>,
    /// What the subject is compiled from.
    pub facts: Arc<SubjectFacts>,
}

/// The same for as long as it is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Holds<'a> {
    /// The workspace's.
    pub snapshot: &'a AccessSnapshot,
    /// The user's.
    pub subject: &'a Subject,
    /// What the subject is compiled from.
    pub facts: &'a SubjectFacts,
}

impl<'a> From<&'a Held> for Holds<'a> {
    fn from(held: &'a Held) -> Self {
        Self { snapshot: &held.snapshot, subject: &held.subject, facts: &held.facts }
    }
}

/// What is kept of a workspace, for as long as it is looked at: nothing is counted or copied, and nothing changes meanwhile.
pub struct Look<'a>(Option<&'a Kept>);

impl<'a> Look<'a> {
    /// A user's rights, by the address in its normal form or by id; none where they are not kept.
    pub fn find(&self, id: &str) -> Option<Holds<'a>> {
        let kept = self.0?;
        let found = kept.addresses.get(id).or_else(|| kept.users.get(&user_id(id)?));
        found.map(|(facts, subject)| Holds { snapshot: &kept.snapshot, subject, facts })
    }
}

/// The id that a text is, in the one form that ids are written in.
pub fn user_id(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten()
}

impl Held {
    /// What the command line holds: everything.
    pub fn command_line(snapshot: Arc<AccessSnapshot>) -> Self {
        let facts = SubjectFacts::command_line();
        Self { subject: Arc::new(snapshot.subject(&facts)), facts: Arc::new(facts), snapshot }
    }
}

/// A key of a machine.
#[derive(Clone, Debug)]
pub struct Key {
    /// Whether it may ask the decision API.
    pub asks: bool,
}

#[derive(Default)]
struct Kept {
    version: i64,
    /// The newest version that was announced: what is older is not asked any more.
    announced: i64,
    /// Whether somebody follows what is announced.
    followed: bool,
    /// How many doubts there had been when it was read.
    doubts: u64,
    snapshot: Arc<AccessSnapshot>,
    keys: HashMap<Box<[u8]>, Key>,
    users: HashMap<Uuid, (Arc<SubjectFacts>, Arc<Subject>)>,
    /// The same by address: most are asked about by it.
    addresses: HashMap<Box<str>, (Arc<SubjectFacts>, Arc<Subject>)>,
    /// Addresses that nobody has.
    unknown: HashSet<Box<str>>,
}

#[derive(Default)]
struct Workspace {
    kept: RwLock<Kept>,
    /// Held by the one who brings `kept` up to a version: the others wait for what it reads.
    reading: Mutex<()>,
}

/// The rights of all workspaces that were asked about here.
#[derive(Default)]
pub struct Rights {
    workspaces: RwLock<HashMap<Uuid, Arc<Workspace>>>,
    /// How often announcements may have been missed.
    doubts: AtomicU64,
}

impl Rights {
    /// A user's rights at this version of the workspace's, or a newer one; none where there is no such user. What is read is
    /// kept: a transaction asks before it changes anything itself.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of_user(
        &self,
        db: &mut PgConnection,
        ws: Uuid,
        version: i64,
        user: Uuid,
    ) -> Result<Option<Held>, Fault> {
        self.reach(db, ws, version).await?;
        if let Some(held) = self.kept_user(ws, version, user) {
            return Ok(Some(held));
        }
        // What is read may be newer than what is kept, or older by the time it is written there: then once more.
        loop {
            let Some((read, facts)) = store::find_subject(db, ws, user).await? else {
                return Ok(None);
            };
            self.reach(db, ws, read.max(version)).await?;
            let workspace = self.workspace(ws);
            let mut kept = write(&workspace.kept);
            if kept.version == read {
                return Ok(Some(kept.keep(facts)));
            }
        }
    }

    /// The same by the address in its normal form.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn of_address(
        &self,
        db: &mut PgConnection,
        ws: Uuid,
        version: i64,
        key: &str,
    ) -> Result<Option<Held>, Fault> {
        self.reach(db, ws, version).await?;
        if let Some(known) = self.kept_address(ws, key) {
            return Ok(known);
        }
        let (read, user) = store::find_user_id(db, ws, key).await?;
        let Some(user) = user else {
            let workspace = self.workspace(ws);
            let mut kept = write(&workspace.kept);
            if kept.version == read {
                kept.make_room();
                kept.unknown.insert(key.into());
            }
            return Ok(None);
        };
        self.of_user(db, ws, version.max(read), user).await
    }

    /// A user's rights as they are kept; none where they are not kept at this version.
    pub fn kept_user(&self, ws: Uuid, version: i64, user: Uuid) -> Option<Held> {
        let workspace = self.workspace(ws);
        let kept = self.trusted(&workspace.kept)?;
        if kept.version < version {
            return None;
        }
        let (facts, subject) = kept.users.get(&user)?;
        Some(Held { snapshot: Arc::clone(&kept.snapshot), subject: Arc::clone(subject), facts: Arc::clone(facts) })
    }

    /// The same by the address in its normal form: none where nothing is kept, and nobody where it is kept that nobody has it.
    pub fn kept_address(&self, ws: Uuid, key: &str) -> Option<Option<Held>> {
        let workspace = self.workspace(ws);
        let kept = self.trusted(&workspace.kept)?;
        match kept.addresses.get(key) {
            Some((facts, subject)) => Some(Some(Held {
                snapshot: Arc::clone(&kept.snapshot),
                subject: Arc::clone(subject),
                facts: Arc::clone(facts),
            })),
            None => kept.unknown.contains(key).then_some(None),
        }
    }

    /// Looks at what is kept, without waiting for anything: for many questions in a row.
    pub fn look<T>(&self, ws: Uuid, at: impl FnOnce(&Look<'_>) -> T) -> T {
        let workspace = self.workspace(ws);
        let kept = self.trusted(&workspace.kept);
        at(&Look(kept.as_deref()))
    }

    /// A workspace's rights at this version or a newer one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn snapshot(&self, db: &mut PgConnection, ws: Uuid, version: i64) -> Result<Arc<AccessSnapshot>, Fault> {
        self.reach(db, ws, version).await?;
        Ok(Arc::clone(&read(&self.workspace(ws).kept).snapshot))
    }

    /// A key, by the hash of its token, as it is kept: none where nothing is kept, and none of them where there is no such key.
    pub fn kept_key(&self, ws: Uuid, token_hash: &[u8]) -> Option<Option<Key>> {
        let workspace = self.workspace(ws);
        let kept = self.trusted(&workspace.kept)?;
        (kept.version > 0).then(|| kept.keys.get(token_hash).cloned())
    }

    /// A version was announced: from now on nothing older is answered from memory. Says whether somebody is to follow it
    /// (`behind`): what is not asked about here need not be followed, and one follower is enough.
    pub fn announced(&self, ws: Uuid, version: i64) -> bool {
        let Some(workspace) = self.known(ws) else {
            return false;
        };
        let mut kept = write(&workspace.kept);
        kept.announced = kept.announced.max(version);
        let follow = kept.version < kept.announced && !kept.followed;
        kept.followed |= follow;
        follow
    }

    /// Whether there is anything left to follow. Whoever hears no is the follower no more.
    pub fn behind(&self, ws: Uuid) -> bool {
        let Some(workspace) = self.known(ws) else {
            return false;
        };
        let mut kept = write(&workspace.kept);
        kept.followed = kept.version < kept.announced;
        kept.followed
    }

    /// What was announced could not be followed: whoever asks next reads it, and whoever is announced next may follow.
    pub fn unfollow(&self, ws: Uuid) {
        if let Some(workspace) = self.known(ws) {
            write(&workspace.kept).followed = false;
        }
    }

    /// Announcements may have been missed, or another database may answer now, that lost commits: what is kept is read anew
    /// before anything is answered from it again.
    pub fn doubt(&self) {
        self.doubts.fetch_add(1, Ordering::SeqCst);
    }

    /// What is kept of a workspace, where nothing newer is known of.
    fn trusted<'a>(&self, workspace: &'a RwLock<Kept>) -> Option<RwLockReadGuard<'a, Kept>> {
        let kept = read(workspace);
        (kept.version >= kept.announced && kept.doubts == self.doubts.load(Ordering::SeqCst)).then_some(kept)
    }

    /// Brings what is kept up to what the database says now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn refresh(&self, db: &mut PgConnection, ws: Uuid) -> Result<i64, Fault> {
        let version = store::version(db, ws).await?;
        self.reach(db, ws, version).await?;
        Ok(version)
    }

    /// Brings what is kept of a workspace up to a version, or beyond; to any that can be trusted for zero. One request reads,
    /// and the others wait for it.
    ///
    /// A version never goes back, but where a database is restored or a replica takes over that lost commits. Who brings an
    /// older one than is kept may only be late; so the database is asked, and what it does not know is forgotten.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reach(&self, db: &mut PgConnection, ws: Uuid, version: i64) -> Result<(), Fault> {
        let workspace = self.workspace(ws);
        let kept_at = || self.trusted(&workspace.kept).map(|kept| kept.version).filter(|kept| *kept > 0);
        let there = || kept_at().is_some_and(|kept| version == 0 || kept == version);
        if there() {
            return Ok(());
        }
        let before = kept_at();
        let _reading = workspace.reading.lock().await;
        // Another one may have read it meanwhile.
        if there() || kept_at().is_some_and(|kept| kept >= version && before != Some(kept)) {
            return Ok(());
        }
        // Noted before the database is asked: it knows them, unless it has gone back.
        let doubts = self.doubts.load(Ordering::SeqCst);
        let (since, announced, doubted) = {
            let kept = read(&workspace.kept);
            (kept.version, kept.announced, kept.doubts != doubts)
        };
        let now = store::version(db, ws).await?;
        if since > 0 && !doubted && now >= since.max(announced) {
            if now == since {
                return Ok(());
            }
            let changes = store::list_changes(db, ws, since).await?;
            if write(&workspace.kept).follow(&changes) {
                return Ok(());
            }
        }
        let (facts, keys) = store::load_workspace(db, ws).await?;
        let found = facts.version;
        let snapshot = Arc::new(AccessSnapshot::new(facts));
        let mut kept = write(&workspace.kept);
        let announced = if kept.announced == announced { announced.min(found) } else { kept.announced };
        *kept = Kept { version: found, announced, followed: kept.followed, doubts, snapshot, keys, ..Kept::default() };
        Ok(())
    }

    fn known(&self, ws: Uuid) -> Option<Arc<Workspace>> {
        self.workspaces.read().unwrap_or_else(std::sync::PoisonError::into_inner).get(&ws).cloned()
    }

    fn workspace(&self, ws: Uuid) -> Arc<Workspace> {
        self.known(ws).unwrap_or_else(|| {
            let mut all = self.workspaces.write().unwrap_or_else(std::sync::PoisonError::into_inner);
            if all.len() >= MOST_WORKSPACES {
                all.clear();
            }
            Arc::clone(all.entry(ws).or_default())
        })
    }
}

impl Kept {
    /// Follows the changes since the version that is kept; false where one concerns everybody, or one is missing.
    fn follow(&mut self, changes: &[store::ChangeOfRights]) -> bool {
        let mut expected = self.version;
        for change in changes {
            expected += 1;
            if change.version != expected || change.users.is_none() {
                return false;
            }
        }
        for user in changes.iter().flat_map(|change| change.users.iter().flatten()) {
            if let Some((facts, _)) = self.users.remove(user) {
                self.addresses.remove(facts.email_key.as_str());
            }
        }
        // Whoever is new may have an address that nobody had.
        self.unknown.clear();
        self.version = expected;
        true
    }

    fn keep(&mut self, facts: SubjectFacts) -> Held {
        self.make_room();
        let subject = Arc::new(self.snapshot.subject(&facts));
        let facts = Arc::new(facts);
        self.addresses.insert(facts.email_key.as_str().into(), (Arc::clone(&facts), Arc::clone(&subject)));
        self.users.insert(facts.id, (Arc::clone(&facts), Arc::clone(&subject)));
        Held { snapshot: Arc::clone(&self.snapshot), subject, facts }
    }

    fn make_room(&mut self) {
        if self.users.len() >= MOST_KEPT || self.unknown.len() >= MOST_KEPT {
            self.users.clear();
            self.addresses.clear();
            self.unknown.clear();
        }
    }
}

fn read(kept: &RwLock<Kept>) -> RwLockReadGuard<'_, Kept> {
    kept.read().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn write(kept: &RwLock<Kept>) -> RwLockWriteGuard<'_, Kept> {
    kept.write().unwrap_or_else(std::sync::PoisonError::into_inner)
}
