//! What a request brings to a service: the server's parts, the workspace, and who asks.

use std::{net::IpAddr, sync::Arc};

use sqlx::{PgPool, Postgres, Transaction};
use tokio::sync::Notify;
use uuid::Uuid;

use super::{
    config::Config,
    events::{self, Event, Events},
    fault::Fault,
    limits::Limits,
    secrets::InstanceKey,
};
use crate::{
    access::{self, Action, Feature, Role, Subject},
    accounts::{model::Me, password::Passwords},
    error::AppError,
    people,
    ui::live::Topic,
    workspaces::{service::Hosts, store::Workspace},
};

/// A transaction that changes something, until it is committed.
pub type Change = Transaction<'static, Postgres>;

/// The parts of the server that every request shares.
#[derive(Clone)]
pub struct App {
    /// Configuration.
    pub config: Arc<Config>,
    /// The database.
    pub pool: PgPool,
    /// What seals queued mail.
    pub key: InstanceKey,
    /// Bounded password hashing.
    pub passwords: Passwords,
    /// Announcements.
    pub events: Events,
    /// Rate limits.
    pub limits: Arc<Limits>,
    /// Host names and their workspaces.
    pub hosts: Arc<Hosts>,
    /// Told when a mail was queued here.
    pub mail_queued: Arc<Notify>,
}

/// Who asks: built from a live session by the request layer alone, and for the command line by itself.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The user; none for the command line.
    pub user_id: Option<Uuid>,
    /// The name for the audit log.
    pub full_name: String,
    /// The address.
    pub email: String,
    /// What `access::decide` is asked about.
    pub subject: Subject,
    /// The hash of the session's token.
    pub session: Vec<u8>,
}

/// One request.
#[derive(Clone)]
pub struct Context {
    /// The server.
    pub app: App,
    /// Shown to the person when something fails, and in the log.
    pub request_id: String,
    /// The workspace of the request's host name.
    pub workspace: Arc<Workspace>,
    /// Who is signed in.
    pub actor: Option<Actor>,
    /// Where the request comes from, as far as it can be told.
    pub client: Option<IpAddr>,
}

impl Context {
    /// The context of the request that a server function or a page is serving.
    ///
    /// # Errors
    /// `Internal` when asked outside a request.
    pub fn current() -> Result<Self, AppError> {
        leptos::prelude::use_context::<http::request::Parts>()
            .and_then(|parts| parts.extensions.get::<Self>().cloned())
            .ok_or_else(|| AppError::Internal("outside a request".into()))
    }

    /// A context for the command line, which acts as itself and holds everything.
    pub fn command_line(app: App, workspace: Workspace) -> Self {
        let actor = Actor {
            user_id: None,
            full_name: "Command line".into(),
            email: String::new(),
            subject: Subject { active: true, role: Role::Owner },
            session: Vec::new(),
        };
        Self { app, request_id: request_id(), workspace: Arc::new(workspace), actor: Some(actor), client: None }
    }

    /// Who is signed in, whatever they may do.
    ///
    /// # Errors
    /// `Unauthorized` when nobody is.
    pub fn signed_in(&self) -> Result<&Actor, Fault> {
        self.actor.as_ref().ok_or(Fault::Told(AppError::Unauthorized))
    }

    /// Asks `access::decide` for who is signed in.
    ///
    /// # Errors
    /// `Unauthorized` when nobody is, `Denied` with the decision when it is no.
    pub fn authorize(&self, action: Action, feature: Feature) -> Result<&Actor, Fault> {
        let actor = self.signed_in()?;
        let decision = access::decide(&actor.subject, action, feature);
        if decision.allowed() { Ok(actor) } else { Err(AppError::Denied(decision).into()) }
    }

    /// The workspace's id: the key of every row.
    pub fn ws(&self) -> Uuid {
        self.workspace.id
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin(&self) -> Result<Change, Fault> {
        Ok(self.app.pool.begin().await?)
    }

    /// Begins a transaction for a change, and decides again in it.
    ///
    /// # Errors
    /// `Unauthorized` or `Denied`; when the database fails.
    pub async fn begin_change(&self, action: Action, feature: Feature) -> Result<(Change, Actor), Fault> {
        self.authorize(action, feature)?;
        let mut tx = self.begin().await?;
        let actor = self.hold_actor(&mut tx, action, feature).await?;
        Ok((tx, actor))
    }

    /// Decides for the actor as they are now, and holds them so until the transaction ends: whoever loses a right while their
    /// request is on its way has lost it.
    ///
    /// # Errors
    /// `Unauthorized` or `Denied`; when the database fails.
    pub async fn hold_actor(
        &self,
        db: &mut sqlx::PgConnection,
        action: Action,
        feature: Feature,
    ) -> Result<Actor, Fault> {
        let mut actor = self.signed_in()?.clone();
        if let Some(id) = actor.user_id {
            let role = people::store::lock_role(db, self.ws(), id).await?.ok_or(AppError::Unauthorized)?;
            actor.subject = Subject { active: true, role };
        }
        let decision = access::decide(&actor.subject, action, feature);
        if decision.allowed() { Ok(actor) } else { Err(AppError::Denied(decision).into()) }
    }

    /// Announces a change with the transaction.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn announce(&self, db: &mut sqlx::PgConnection, topic: Topic, user: Option<Uuid>) -> Result<(), Fault> {
        Ok(events::announce(db, &Event { workspace: self.ws(), topic, user }).await?)
    }

    /// What goes back to the person: a fault of ours is logged here, once, with the request id.
    ///
    /// # Errors
    /// The service's, in the form that may be shown.
    pub fn answer<T>(&self, result: Result<T, Fault>) -> Result<T, AppError> {
        result.map_err(|fault| fault.tell(&self.request_id))
    }

    /// Who is signed in, as the pages need to know them.
    pub fn me(&self) -> Option<Me> {
        let actor = self.actor.as_ref()?;
        Some(Me {
            id: actor.user_id?,
            full_name: actor.full_name.clone(),
            email: actor.email.clone(),
            role: actor.subject.role,
        })
    }
}

/// A new request id.
pub fn request_id() -> String {
    Uuid::now_v7().simple().to_string()
}
