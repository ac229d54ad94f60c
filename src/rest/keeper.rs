//! Who asks, and about whom: both from memory for as long as announcements are heard, else from the database.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
    time::{Duration, Instant},
};

use http::{HeaderMap, header, request::Parts};
use metrics::Counter;
use uuid::Uuid;

use super::{answer::Refusals, trouble::Trouble};
use crate::{
    accounts::address::read_address,
    error::AppError,
    platform::{
        context::App,
        fault::Fault,
        http::client,
        rights::{Held, Key, user_id},
        secrets::Token,
    },
    workspaces,
};

/// What the handlers of the decision API share.
pub struct Keeper {
    /// The server's parts.
    pub app: App,
    /// Refusals, written once.
    pub refusals: Refusals,
    /// Counts what is permitted.
    pub permitted: Counter,
    /// Counts what is refused.
    pub refused: Counter,
    /// The workspaces that keys began with: a public id never changes.
    workspaces: RwLock<HashMap<Box<str>, Uuid>>,
    strangers: Strangers,
}

/// Hashes of keys that nobody had when they were looked up last: a proxy with a key that is gone asks again and again.
#[derive(Default)]
struct Strangers(RwLock<HashMap<Box<[u8]>, Instant>>);

/// How long a key that nobody has is remembered.
const REMEMBERED: Duration = Duration::from_secs(10);

/// Such keys remembered at most; then all are forgotten.
const MOST_STRANGERS: usize = 10_000;

impl Strangers {
    fn knows(&self, key: &[u8]) -> bool {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(key).is_some_and(|since| since.elapsed() < REMEMBERED)
    }

    fn add(&self, key: &[u8]) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_STRANGERS {
            known.clear();
        }
        known.insert(key.into(), Instant::now());
    }
}

impl Keeper {
    /// Around the server's parts.
    pub fn new(app: App) -> Self {
        Self {
            app,
            refusals: Refusals::new(),
            permitted: metrics::counter!("portico_decisions_total", "decision" => "permit"),
            refused: metrics::counter!("portico_decisions_total", "decision" => "deny"),
            workspaces: RwLock::default(),
            strangers: Strangers::default(),
        }
    }

    /// The workspace that the request's key is of. The key alone says so; the host name does not, since a gateway reaches
    /// Portico by whatever name it likes. A key that is not known is looked up, so often by each client.
    ///
    /// # Errors
    /// `NoKey`, `TooManyKeys`, `KeyMayNot`; `Failed` when the database fails.
    pub async fn admit(&self, request: &Parts) -> Result<Uuid, Trouble> {
        let text = bearer(&request.headers).ok_or(Trouble::NoKey)?;
        let (public_id, _) = text.split_once('.').ok_or(Trouble::NoKey)?;
        let token = Token::read(text, public_id).ok_or(Trouble::NoKey)?;
        if self.strangers.knows(token.hash()) {
            return Err(Trouble::NoKey);
        }
        let key = match self.workspace(public_id, request).await? {
            Some(ws) => self.key(ws, &token, request).await?.map(|key| (ws, key)),
            None => None,
        };
        match key {
            Some((ws, Key { asks: true })) => Ok(ws),
            Some(_) => Err(Trouble::KeyMayNot),
            None => {
                self.strangers.add(token.hash());
                Err(Trouble::NoKey)
            }
        }
    }

    async fn key(&self, ws: Uuid, token: &Token, request: &Parts) -> Result<Option<Key>, Trouble> {
        let rights = &self.app.rights;
        let kept = rights.kept_key(ws, token.hash());
        // One that was made a moment ago is not announced yet.
        let unknown = matches!(kept, Some(None));
        if unknown {
            self.look_up(request)?;
        }
        match kept {
            Some(key) if !unknown && self.app.beat.lives() => Ok(key),
            _ => {
                self.refresh(ws).await?;
                Ok(rights.kept_key(ws, token.hash()).flatten())
            }
        }
    }

    /// One more look-up of a key that is not known here.
    fn look_up(&self, request: &Parts) -> Result<(), Trouble> {
        self.app.limits.unknown_key(client(&self.app.config, request)).map_err(|error| match error {
            AppError::RateLimited(seconds) => Trouble::TooManyKeys(seconds),
            error => Fault::Told(error).into(),
        })
    }

    /// A user's rights, by address or id; none where there is no such user.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn held(&self, ws: Uuid, id: &str) -> Result<Option<Held>, Fault> {
        let rights = &self.app.rights;
        if let Some(user) = user_id(id) {
            if let Some(held) = rights.kept_user(ws, 0, user) {
                return Ok(Some(held));
            }
            let mut db = self.app.pool.acquire().await?;
            return rights.of_user(&mut db, ws, 0, user).await;
        }
        let Ok(address) = read_address(id) else {
            return Ok(None);
        };
        if let Some(known) = rights.kept_address(ws, &address.key) {
            return Ok(known);
        }
        let mut db = self.app.pool.acquire().await?;
        rights.of_address(&mut db, ws, 0, &address.key).await
    }

    async fn refresh(&self, ws: Uuid) -> Result<(), Fault> {
        let mut db = self.app.pool.acquire().await?;
        self.app.rights.refresh(&mut db, ws).await?;
        Ok(())
    }

    async fn workspace(&self, public_id: &str, request: &Parts) -> Result<Option<Uuid>, Trouble> {
        let known = self.workspaces.read().unwrap_or_else(PoisonError::into_inner).get(public_id).copied();
        if known.is_some() {
            return Ok(known);
        }
        // What is no public id is not looked up.
        if public_id.len() != 8 || !public_id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
            return Ok(None);
        }
        self.look_up(request)?;
        let mut db = self.app.pool.acquire().await.map_err(Fault::from)?;
        let found = workspaces::store::find_id(&mut db, public_id).await.map_err(Fault::from)?;
        if let Some(ws) = found {
            self.workspaces.write().unwrap_or_else(PoisonError::into_inner).insert(public_id.into(), ws);
        }
        Ok(found)
    }
}

/// The key in `Authorization`, the scheme in any case (RFC 9110, section 11.1). Of several headers none counts.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let value = all.next().filter(|_| all.next().is_none())?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}
