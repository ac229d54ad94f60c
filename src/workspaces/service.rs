//! Use cases of workspaces. A workspace is made by the operator on the command line.

use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
    time::{Duration, Instant},
};

use sqlx::PgPool;

use super::store::{self, Workspace};
use crate::platform::{
    context::App,
    fault::Fault,
    secrets::{Token, public_id},
};

/// How long a host name's workspace is taken from memory: the command line makes new ones without telling servers.
const REMEMBERED: Duration = Duration::from_secs(2);

/// Hosts that strangers may have made up are not worth remembering without end.
const MOST_REMEMBERED: usize = 1024;

/// Host names and their workspaces, remembered for a moment by one server.
#[derive(Default)]
pub struct Hosts(RwLock<HashMap<String, (Instant, Arc<Workspace>)>>);

impl Hosts {
    /// Forgets all, after a change made here. Other servers see it when what they remember is old.
    pub fn forget(&self) {
        if let Ok(mut hosts) = self.0.write() {
            hosts.clear();
        }
    }

    /// The workspace of a request's host name (without its port); an unknown host is the default workspace.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn workspace(&self, pool: &PgPool, host: &str) -> Result<Arc<Workspace>, Fault> {
        let host = host.to_ascii_lowercase();
        let remembered = self.0.read().ok().and_then(|hosts| hosts.get(&host).cloned());
        if let Some((since, workspace)) = remembered
            && since.elapsed() < REMEMBERED
        {
            return Ok(workspace);
        }
        let mut db = pool.acquire().await?;
        let found = store::find_by_host(&mut db, &host).await?;
        let workspace = Arc::new(found.ok_or_else(|| Fault::Other("there is no default workspace".into()))?);
        if let Ok(mut hosts) = self.0.write() {
            if hosts.len() >= MOST_REMEMBERED {
                hosts.clear();
            }
            hosts.insert(host, (Instant::now(), Arc::clone(&workspace)));
        }
        Ok(workspace)
    }
}

/// Makes the default workspace at the first start.
///
/// # Errors
/// When the database fails.
pub async fn ensure_default(pool: &PgPool) -> Result<(), Fault> {
    let mut db = pool.acquire().await?;
    Ok(store::ensure_default(&mut db, &public_id(), "Portico").await?)
}

/// Makes a workspace for a host name.
///
/// # Errors
/// In words for the operator: the host is taken or is none.
pub async fn create_workspace(pool: &PgPool, name: &str, host: &str) -> Result<Workspace, String> {
    let host = host.trim().to_ascii_lowercase();
    if !is_host(&host) {
        return Err(format!("`{host}` is not a host name; give one like portal.example.com, without scheme or port"));
    }
    let name = crate::accounts::model::check_name(name).map_err(|_| "the name is empty or too long".to_owned())?;
    let mut db = pool.acquire().await.map_err(|error| error.to_string())?;
    let made = store::insert(&mut db, &public_id(), &name, &host).await.map_err(|error| error.to_string())?;
    made.ok_or_else(|| format!("there is already a workspace for {host}"))
}

/// The workspace that has exactly this host name; the default one for none.
///
/// # Errors
/// In words for the operator.
pub async fn find_workspace(pool: &PgPool, host: &str) -> Result<Workspace, String> {
    let mut db = pool.acquire().await.map_err(|error| error.to_string())?;
    let found = store::find_by_host(&mut db, &host.to_ascii_lowercase()).await.map_err(|error| error.to_string())?;
    found
        .filter(|workspace| workspace.host.as_deref().unwrap_or_default() == host.to_ascii_lowercase())
        .ok_or_else(|| format!("there is no workspace for {host}; `portico workspace create --host {host}` makes one"))
}

/// The one-time set-up links of the workspaces that nobody owns yet. Earlier links stop working.
///
/// # Errors
/// When the database fails.
pub async fn owner_links(app: &App) -> Result<Vec<(Workspace, String)>, Fault> {
    let mut db = app.pool.acquire().await?;
    let ownerless = store::list_ownerless(&mut db).await?;
    drop(db);
    let mut links = Vec::new();
    for workspace in ownerless {
        let link = owner_link(app, &workspace).await?;
        links.push((workspace, link));
    }
    Ok(links)
}

/// A new one-time set-up link for a workspace's first owner. An earlier one stops working.
///
/// # Errors
/// When the database fails.
pub async fn owner_link(app: &App, workspace: &Workspace) -> Result<String, Fault> {
    let token = Token::new(&workspace.public_id);
    let mut db = app.pool.acquire().await?;
    store::update_owner_token(&mut db, workspace.id, token.hash()).await?;
    Ok(app.config.address(workspace.host.as_deref(), &crate::paths::owner(token.expose())))
}

/// A host name of letters, digits and hyphens (RFC 1123).
fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= 253 && host.split('.').all(label)
}
