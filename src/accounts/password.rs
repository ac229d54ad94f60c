//! argon2id, off the async threads and bounded: a crowd that signs in waits, and the rest of the server goes on.

use std::{
    cell::RefCell,
    io,
    sync::{Arc, LazyLock},
    thread,
};

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{
        self, CustomizedPasswordHasher, PasswordHasher, PasswordVerifier,
        phc::{Output, ParamsString, PasswordHash, Salt},
    },
};
use tokio::{
    runtime::{Builder, Runtime},
    sync::{OwnedSemaphorePermit, Semaphore},
};

use crate::{error::AppError, platform::fault::Fault};

/// How many may wait for their turn before the next is asked to come back.
const QUEUE: usize = 256;

/// Threads of their own, no more than can be under way, since each keeps the 19 MiB that a hash is made in: the runtime has hundreds
/// of threads for what blocks.
static THREADS: LazyLock<io::Result<Runtime>> =
    LazyLock::new(|| Builder::new_current_thread().thread_name("password").max_blocking_threads(processors()).build());

fn processors() -> usize {
    thread::available_parallelism().map_or(2, usize::from)
}

/// The one way to passwords. The parameters are argon2's defaults, which are OWASP's minimum for argon2id
/// (19 MiB, two passes, one lane).
#[derive(Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    behind: Arc<Semaphore>,
    dummy: Arc<str>,
}

impl Passwords {
    /// As many at once as there are processors.
    ///
    /// # Errors
    /// When the hash that unknown addresses are compared with cannot be made.
    pub fn new() -> Result<Self, Fault> {
        let processors = processors();
        Ok(Self {
            turns: Arc::new(Semaphore::new(processors)),
            waiting: Arc::new(Semaphore::new(QUEUE + processors)),
            behind: Arc::new(Semaphore::new(processors)),
            dummy: hash("nobody's password").map(Into::into)?,
        })
    }

    /// The hash of a new password, as a PHC string.
    ///
    /// # Errors
    /// `RateLimited` when too many wait.
    pub async fn hash(&self, password: String) -> Result<String, Fault> {
        self.in_turn(move || hash(&password)).await?
    }

    /// The same for one of many that nobody waits for. All processors are used, and whoever signs in meanwhile has the next turn:
    /// never more of these are in line than can be under way.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn hash_behind(&self, password: String) -> Result<String, Fault> {
        let closed = |error: tokio::sync::AcquireError| Fault::Other(error.to_string());
        let _place = self.behind.acquire().await.map_err(closed)?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(closed)?;
        Self::run(turn, move || hash(&password)).await?
    }

    /// Whether the password is the one of the hash. Without a hash it takes the same time and is false, so that the
    /// time tells nobody whether an address has an account (PITFALLS.md 10).
    ///
    /// # Errors
    /// `RateLimited` when too many wait.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, Fault> {
        let dummy = Arc::clone(&self.dummy);
        self.in_turn(move || {
            let known = stored.is_some();
            let text = stored.as_deref().unwrap_or(&dummy);
            let parsed = PasswordHash::new(text).map_err(|error| Fault::Other(format!("a stored hash: {error}")))?;
            Ok(InPlace.verify_password(password.as_bytes(), &parsed).is_ok() && known)
        })
        .await?
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
        let _place = self.waiting.try_acquire().map_err(|_| AppError::RateLimited(2))?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|e| Fault::Other(e.to_string()))?;
        Self::run(turn, work).await
    }

    async fn run<T: Send + 'static>(
        turn: OwnedSemaphorePermit,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Fault> {
        let threads =
            THREADS.as_ref().map_err(|error| Fault::Other(format!("threads for password hashing: {error}")))?;
        let done = threads.spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        done.await.map_err(|error| Fault::Other(format!("password hashing: {error}")))
    }
}

thread_local! {
    static MEMORY: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

/// argon2 in memory that a thread keeps. `Argon2` itself asks for it anew with each hash, aligned, and the pieces that this leaves
/// of glibc's heaps add up to hundreds of megabytes.
struct InPlace;

impl CustomizedPasswordHasher<PasswordHash> for InPlace {
    type Params = Params;

    fn hash_password_customized(
        &self,
        password: &[u8],
        salt: &[u8],
        algorithm: Option<&str>,
        version: Option<u32>,
        params: Params,
    ) -> password_hash::Result<PasswordHash> {
        let algorithm = algorithm.map(Algorithm::try_from).transpose()?.unwrap_or_default();
        let version = version.map(Version::try_from).transpose()?.unwrap_or_default();
        let (size, blocks) = (params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN), params.block_count());
        let written = ParamsString::try_from(&params)?;
        let mut buffer = [0; Output::MAX_LENGTH];
        let out = buffer.get_mut(..size).ok_or(password_hash::Error::OutputSize)?;
        MEMORY.with_borrow_mut(|memory| {
            memory.resize(memory.len().max(blocks), Block::default());
            let memory = memory.get_mut(..blocks).unwrap_or_default();
            Argon2::new(algorithm, version, params).hash_password_into_with_memory(password, salt, out, memory)
        })?;
        Ok(PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: written,
            salt: Some(Salt::new(salt)?),
            hash: Some(Output::new(out)?),
        })
    }
}

impl PasswordHasher<PasswordHash> for InPlace {
    fn hash_password_with_salt(&self, password: &[u8], salt: &[u8]) -> password_hash::Result<PasswordHash> {
        self.hash_password_customized(password, salt, None, None, Params::default())
    }
}

fn hash(password: &str) -> Result<String, Fault> {
    InPlace
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|error| Fault::Other(format!("password hashing: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn argon2id_and_nobody_matches_nothing() {
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash("Harbour-2026".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify("Harbour-2026".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("Harbour-2027".into(), Some(hash)).await.unwrap());
        assert!(!passwords.verify("nobody's password".into(), None).await.unwrap());
    }

    /// Memory that was used before changes nothing: both understand what the other has made.
    #[test]
    fn hashes_are_those_of_the_library() {
        for password in ["Harbour-2026", "Quayside-2027", ""] {
            let ours = InPlace.hash_password(password.as_bytes()).unwrap();
            let theirs = Argon2::default().hash_password(password.as_bytes()).unwrap();
            assert!(Argon2::default().verify_password(password.as_bytes(), &ours).is_ok());
            assert!(InPlace.verify_password(password.as_bytes(), &theirs).is_ok());
            assert!(InPlace.verify_password(b"Harbour-2025", &theirs).is_err());
        }
        let small = Argon2::new(Algorithm::Argon2i, Version::V0x10, Params::new(64, 3, 2, Some(16)).unwrap());
        let other = small.hash_password(b"Harbour-2026").unwrap();
        assert!(InPlace.verify_password(b"Harbour-2026", &other).is_ok(), "with parameters of another time");
    }

    /// An import may use every processor, and whoever signs in meanwhile has the next turn.
    #[tokio::test]
    async fn who_signs_in_does_not_wait_for_an_import() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        let passwords = Passwords::new().unwrap();
        let hash = passwords.hash("Harbour-2026".into()).await.unwrap();
        let processors = processors();
        let (done, many) = (Arc::new(AtomicUsize::new(0)), 20 * processors);
        let mut import = tokio::task::JoinSet::new();
        for _ in 0..many {
            let (passwords, done) = (passwords.clone(), Arc::clone(&done));
            import.spawn(async move {
                passwords.hash_behind("Harbour-2026".into()).await.unwrap();
                done.fetch_add(1, Ordering::Relaxed);
            });
        }
        import.join_next().await.unwrap().unwrap();
        let before = done.load(Ordering::Relaxed);
        assert!(passwords.verify("Harbour-2026".into(), Some(hash)).await.unwrap());
        let meanwhile = done.load(Ordering::Relaxed) - before;
        assert!(meanwhile <= 4 * processors, "{meanwhile} of {many} went before");
        import.join_all().await;
    }
}
