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
    rights::{self, Beat, Held, Rights},
    secrets::InstanceKey,
};
use crate::{
    access::{
        self, AccessSnapshot, Action, AssignmentFacts, Category, Decision, Extent, Feature, Question, Refused, RoleRef,
        Subject, SubjectFacts,
    },
    accounts::{model::Me, password::Passwords},
    error::AppError,
    ui::live::Topic,
    workspaces::{model::Brand, service::Hosts, store::Workspace},
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
    /// Everybody's rights, as they are kept here.
    pub rights: Arc<Rights>,
    /// Whether what is announced arrives here.
    pub beat: Beat,
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
    pub held: Held,
    /// The moment by the database's clock, in Unix seconds: of the request, and in a change of when the rights were held for it.
    pub at: i64,
    /// The hash of the session's token.
    pub session: Vec<u8>,
    /// Whether they choose a new password before anything: the request layer lets them do nothing else.
    pub new_password_due: bool,
}

impl Actor {
    /// What they hold.
    pub fn subject(&self) -> &Subject {
        &self.held.subject
    }

    /// The rights of the workspace.
    pub fn snapshot(&self) -> &AccessSnapshot {
        &self.held.snapshot
    }

    /// Asks `access::decide`.
    ///
    /// # Errors
    /// `Denied`, with what is missing.
    pub fn ask(&self, question: &Question<'_>) -> Result<(), AppError> {
        match access::decide(&self.held.snapshot, &self.held.subject, question) {
            Decision::Allowed { .. } => Ok(()),
            Decision::Denied(denial) => Err(AppError::Denied(Refused::new(question, denial))),
        }
    }

    /// For what part of the workspace `access::decide` says yes.
    ///
    /// # Errors
    /// `Denied`, with what is missing, where it says no for every part.
    pub fn extent(&self, question: &Question<'_>) -> Result<Extent<'_>, AppError> {
        access::extent(&self.held.snapshot, &self.held.subject, question)
            .map_err(|denial| AppError::Denied(Refused::new(question, denial)))
    }

    /// The grant ceiling: whether they may give a role everywhere to a user of its category, or change who holds it.
    pub fn gives_role(&self, category: Category, role: Uuid) -> bool {
        self.gives(
            &SubjectFacts::newcomer(category),
            &AssignmentFacts { role: Some(role), ..AssignmentFacts::everywhere(access::BuiltIn::Member) },
        )
    }

    /// The grant ceiling: whether they hold all that an assignment confers on somebody, who reaches what they reach already.
    pub fn gives(&self, taker: &SubjectFacts, assignment: &AssignmentFacts) -> bool {
        access::covers(&self.held.snapshot, &self.held.subject, taker, assignment, self.at)
    }

    /// The grant ceiling: whether they may lead holders of these assignments to an API until then.
    pub fn gives_reach<'a>(
        &self,
        takers: impl IntoIterator<Item = (Category, &'a AssignmentFacts)>,
        api: Uuid,
        until: Option<time::OffsetDateTime>,
    ) -> bool {
        let (snapshot, subject) = (&self.held.snapshot, &self.held.subject);
        access::holds_api(snapshot, subject, api, until, self.at)
            && takers.into_iter().all(|taker| access::covers_on(snapshot, subject, taker, api, until, self.at))
    }

    /// Whether somebody holds nothing that this actor does not hold: only such a one is theirs to change.
    pub fn stands_above(&self, other: &SubjectFacts) -> bool {
        access::stands_above(&self.held.snapshot, &self.held.subject, other, self.at)
    }

    /// The grant ceiling of an account that counts again: whether they hold all that it holds and reaches.
    pub fn enables(&self, other: &SubjectFacts) -> bool {
        access::covers_everything(&self.held.snapshot, &self.held.subject, other, self.at)
    }
}

/// Whoever signed in with a password that somebody else gave them: to all but the form that takes a new one, nobody is signed in.
#[derive(Clone)]
pub struct NewPasswordDue(pub Actor);

impl NewPasswordDue {
    /// Of the request that a server function or a page is serving.
    pub fn current() -> Option<Actor> {
        let parts = leptos::prelude::use_context::<http::request::Parts>()?;
        parts.extensions.get::<Self>().map(|due| due.0.clone())
    }
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
    /// The slug of the region that is looked at; none for all.
    pub region: Option<String>,
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
    ///
    /// # Errors
    /// When the database fails.
    pub async fn command_line(app: App, workspace: Workspace) -> Result<Self, Fault> {
        let mut db = app.pool.acquire().await?;
        let version = rights::store::version(&mut db, workspace.id).await?;
        let held = Held::command_line(app.rights.snapshot(&mut db, workspace.id, version).await?);
        let actor = Actor {
            user_id: None,
            full_name: "Command line".into(),
            email: String::new(),
            held,
            at: time::OffsetDateTime::now_utc().unix_timestamp(),
            session: Vec::new(),
            new_password_due: false,
        };
        drop(db);
        Ok(Self {
            app,
            request_id: request_id(),
            workspace: Arc::new(workspace),
            actor: Some(actor),
            client: None,
            region: None,
        })
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
        actor.ask(&self.question(actor, action, feature))?;
        Ok(actor)
    }

    /// The same, where a right for one organization is enough: the service then asks about the organization it is about.
    ///
    /// # Errors
    /// `Unauthorized` when nobody is signed in, `Denied` when they may do this nowhere.
    pub fn authorize_somewhere(&self, action: Action, feature: Feature) -> Result<&Actor, Fault> {
        let actor = self.signed_in()?;
        actor.extent(&self.question(actor, action, feature))?;
        Ok(actor)
    }

    /// What the console asks about a section, of whoever this is.
    pub fn question<'a>(&'a self, actor: &Actor, action: Action, feature: Feature) -> Question<'a> {
        Question::console(action, feature, self.region.as_deref(), actor.at)
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

    /// The same, where a right for one organization is enough: the service then asks about the organization it is about.
    ///
    /// # Errors
    /// `Unauthorized` or `Denied`; when the database fails.
    pub async fn begin_change_somewhere(&self, action: Action, feature: Feature) -> Result<(Change, Actor), Fault> {
        self.authorize_somewhere(action, feature)?;
        let mut tx = self.begin().await?;
        let actor = self.hold_self(&mut tx).await?;
        actor.extent(&self.question(&actor, action, feature))?;
        Ok((tx, actor))
    }

    /// Decides for the actor as they are now, and holds the workspace's rights so until the transaction ends: whoever loses a
    /// right while their request is on its way has lost it. Comes before any change of the transaction's own.
    ///
    /// # Errors
    /// `Unauthorized` or `Denied`; when the database fails.
    pub async fn hold_actor(
        &self,
        db: &mut sqlx::PgConnection,
        action: Action,
        feature: Feature,
    ) -> Result<Actor, Fault> {
        let actor = self.hold_self(db).await?;
        actor.ask(&self.question(&actor, action, feature))?;
        Ok(actor)
    }

    /// The actor as they are now, with the workspace's rights held so until the transaction ends: for what needs no right but
    /// to be somebody. Comes before any change of the transaction's own.
    ///
    /// # Errors
    /// `Unauthorized`; when the database fails.
    pub async fn hold_self(&self, db: &mut sqlx::PgConnection) -> Result<Actor, Fault> {
        let mut actor = self.signed_in()?.clone();
        let rights::store::Locked { version, at } = rights::store::lock(db, self.ws()).await?;
        // What ended while the request waited for its turn has ended.
        actor.at = at;
        actor.held = match actor.user_id {
            Some(id) => {
                let held = self.app.rights.of_user(db, self.ws(), version, id).await?;
                held.filter(|held| held.subject.active).ok_or(AppError::Unauthorized)?
            }
            None => Held::command_line(self.app.rights.snapshot(db, self.ws(), version).await?),
        };
        Ok(actor)
    }

    /// A user's rights as they are now. In a transaction it comes before any change of its own.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn held_by(&self, db: &mut sqlx::PgConnection, user: Uuid) -> Result<Option<Held>, Fault> {
        let version = rights::store::version(db, self.ws()).await?;
        self.app.rights.of_user(db, self.ws(), version, user).await
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

    /// The workspace, as every page shows it.
    pub fn brand(&self) -> Brand {
        Brand { name: self.workspace.name.clone(), colour: self.workspace.colour.clone(), plan: self.workspace.plan }
    }

    /// Who is signed in, as the pages need to know them.
    pub fn me(&self) -> Option<Me> {
        let actor = self.actor.as_ref()?;
        Some(Me {
            id: actor.user_id?,
            full_name: actor.full_name.clone(),
            email: actor.email.clone(),
            roles: self.roles(actor),
            region: self.region.clone(),
            workspace: actor.held.snapshot.excerpt(&actor.held.facts),
            rights: actor.held.facts.excerpt(actor.at),
        })
    }

    fn roles(&self, actor: &Actor) -> Vec<RoleRef> {
        let lasting = actor.held.facts.excerpt(actor.at);
        let mut roles: Vec<RoleRef> =
            lasting.assignments.iter().filter_map(|it| actor.held.snapshot.role(it.role?)).collect();
        roles.sort();
        roles.dedup();
        roles
    }
}

/// A new request id.
pub fn request_id() -> String {
    Uuid::now_v7().simple().to_string()
}
