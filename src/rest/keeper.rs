//! Who asks, and about whom: both from memory for as long as announcements are heard, else from the database.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use http::{HeaderMap, header};
use metrics::Counter;
use uuid::Uuid;

use super::{answer::Refusals, trouble::Trouble};
use crate::{
    accounts::address::read_address,
    platform::{
        context::App,
        fault::Fault,
        rights::{Held, user_id},
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
        }
    }

    /// The workspace that the request's key is of. The key alone says so; the host name does not, since a gateway reaches
    /// Portico by whatever name it likes.
    ///
    /// # Errors
    /// `NoKey`, `KeyMayNot`; `Failed` when the database fails.
    pub async fn admit(&self, headers: &HeaderMap) -> Result<Uuid, Trouble> {
        let text = bearer(headers).ok_or(Trouble::NoKey)?;
        let (public_id, _) = text.split_once('.').ok_or(Trouble::NoKey)?;
        let token = Token::read(text, public_id).ok_or(Trouble::NoKey)?;
        let ws = self.workspace(public_id).await?.ok_or(Trouble::NoKey)?;
        let lives = self.app.beat.lives();
        if !lives {
            self.refresh(ws).await?;
        }
        let key = match self.app.rights.kept_key(ws, token.hash()) {
            // One that was made a moment ago is not announced yet.
            None if lives => {
                self.refresh(ws).await?;
                self.app.rights.kept_key(ws, token.hash())
            }
            known => known,
        };
        match key {
            Some(key) if key.asks => Ok(ws),
            Some(_) => Err(Trouble::KeyMayNot),
            None => Err(Trouble::NoKey),
        }
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

    async fn workspace(&self, public_id: &str) -> Result<Option<Uuid>, Fault> {
        let known = self.workspaces.read().unwrap_or_else(PoisonError::into_inner).get(public_id).copied();
        if known.is_some() {
            return Ok(known);
        }
        // What is no public id is not looked up.
        if public_id.len() != 8 || !public_id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
            return Ok(None);
        }
        let mut db = self.app.pool.acquire().await?;
        let found = workspaces::store::find_id(&mut db, public_id).await?;
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
