//! Writing: all that is valid or nothing, in one transaction, with the rights that whoever started it has at that moment.

use sqlx::PgConnection;
use uuid::Uuid;

use super::{ask, judge};
use crate::{
    access::{BuiltIn, Category, RoleRef},
    accounts::address::Address,
    audit,
    error::{AppError, Refusal},
    imports::{
        model::{Ending, Import, State},
        store::{self, Job, Member, NewPerson},
    },
    invitations::{
        self,
        model::Offer,
        service::{Wanted, issue, plan_invites},
        store::Terms,
    },
    people,
    platform::{
        context::{Actor, App, Context},
        events::{self, Event},
        fault::Fault,
        rights,
    },
    text::Language,
    ui::live::Topic,
    workspaces,
};

/// Rows that are written with one statement.
const BATCH: i64 = 1000;

/// Changed users of whom each is told that it concerns them; with more, each learns it with the next request.
const MOST_TOLD: usize = 200;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// All was written.
    Done,
    /// Nothing was written.
    Failed(Ending),
    /// Cancelled, or done by somebody else.
    Gone,
}

/// Writes an import whose passwords are hashed. Whoever started it may have lost rights since, seats may be taken, groups gone:
/// everything is asked again here (PITFALLS.md 11, 12, 16, 27).
///
/// # Errors
/// `Refused(Busy)` while another import of the workspace is written; when the database fails. Nothing was written, and it may be tried
/// again.
pub async fn write(app: &App, job: &Job) -> Result<End, Fault> {
    let end = match attempt(app, job).await {
        Ok(end) => end,
        Err(busy @ Fault::Told(AppError::Refused(Refusal::Busy))) => return Err(busy),
        Err(Fault::Told(AppError::Refused(Refusal::Plan))) => End::Failed(Ending::Plan),
        Err(Fault::Told(AppError::Denied(_) | AppError::Unauthorized | AppError::NotFound)) => {
            End::Failed(Ending::Rights)
        }
        // A rule of the database that nothing here had foreseen.
        Err(Fault::Told(_)) => End::Failed(Ending::Rows),
        Err(fault) => return Err(fault),
    };
    if let End::Failed(ending) = end {
        fail(app, job, ending).await?;
    }
    Ok(end)
}

/// It has failed: its passwords are erased.
///
/// # Errors
/// When the database fails.
pub async fn fail(app: &App, job: &Job, ending: Ending) -> Result<(), Fault> {
    let (ws, id) = (job.workspace_id, job.import_id);
    let mut tx = app.pool.begin().await?;
    store::update_state(&mut tx, ws, id, &[State::Running], State::Failed, Some(ending)).await?;
    store::update_written(&mut tx, ws, id, 0).await?;
    store::erase_passwords(&mut tx, ws, id).await?;
    events::announce(&mut tx, &Event { workspace: ws, topic: Topic::Imports, user: None }).await?;
    Ok(tx.commit().await?)
}

async fn attempt(app: &App, job: &Job) -> Result<End, Fault> {
    let (ws, id) = (job.workspace_id, job.import_id);
    let mut cx = context(app, job).await?;
    let mut tx = cx.begin().await?;
    let actor = cx.hold_self(&mut tx).await?;
    cx.actor = Some(actor.clone());
    let Some(import) = store::find(&mut tx, ws, job.kind, id).await?.filter(|it| it.state == State::Running) else {
        return Ok(End::Gone);
    };
    ask(&cx, &actor, job.kind, import.update_existing)?;
    plan_invites(&mut tx, &cx).await?;
    if judge::judge_all(&mut tx, &cx, &actor, &import, true).await? > 0 {
        // The verdicts stay: they say what has changed since the dry run.
        store::update_counts(&mut tx, ws, id).await?;
        tx.commit().await?;
        return Ok(End::Failed(Ending::Rows));
    }
    let (made, changed) = Run { cx: &cx, actor: &actor, import: &import, written: 0 }.all(&mut tx).await?;
    if !store::update_state(&mut tx, ws, id, &[State::Running], State::Done, None).await? {
        return Ok(End::Gone);
    }
    store::update_written(&mut tx, ws, id, i32::try_from(made + changed.len()).unwrap_or(i32::MAX)).await?;
    store::update_counts(&mut tx, ws, id).await?;
    store::erase_passwords(&mut tx, ws, id).await?;
    let entry = audit::Entry { action: "import.finish", kind: "import", id, label: &import.file_name };
    let after = serde_json::json!({ "created": made, "updated": changed.len() });
    audit::record(&mut tx, &cx, entry, None::<&()>, Some(&after)).await?;
    for user in changed.iter().take(MOST_TOLD) {
        cx.announce(&mut tx, Topic::Users, Some(*user)).await?;
    }
    for topic in [Topic::Users, Topic::Apis, Topic::Imports] {
        cx.announce(&mut tx, topic, None).await?;
    }
    tx.commit().await?;
    app.mail_queued.notify_waiters();
    Ok(End::Done)
}

/// What whoever started it would bring with a request of their own.
async fn context(app: &App, job: &Job) -> Result<Context, Fault> {
    let ws = job.workspace_id;
    let mut db = app.pool.acquire().await?;
    let workspace = workspaces::store::find(&mut db, ws).await?.ok_or(AppError::NotFound)?;
    let user = people::store::find(&mut db, ws, job.starter_id).await?.ok_or(AppError::Unauthorized)?;
    let version = rights::store::version(&mut db, ws).await?;
    let held = app.rights.of_user(&mut db, ws, version, user.id).await?.ok_or(AppError::Unauthorized)?;
    let actor = Actor {
        user_id: Some(user.id),
        full_name: user.full_name,
        email: user.email,
        held,
        at: app.beat.now(),
        session: Vec::new(),
        new_password_due: false,
    };
    Ok(Context {
        app: app.clone(),
        request_id: format!("import-{}", job.import_id.simple()),
        workspace: workspace.into(),
        actor: Some(actor),
        client: None,
        region: None,
    })
}

struct Run<'a> {
    cx: &'a Context,
    actor: &'a Actor,
    import: &'a Import,
    written: usize,
}

impl Run<'_> {
    async fn all(mut self, db: &mut PgConnection) -> Result<(usize, Vec<Uuid>), Fault> {
        let (ws, id) = (self.cx.ws(), self.import.id);
        let mut behind = 0;
        loop {
            let people = store::list_new(db, ws, id, behind, BATCH).await?;
            let Some(last) = people.last() else { break };
            behind = last.n;
            let count = people.len();
            self.make(db, people).await?;
            self.tell(count).await;
        }
        let made = self.written;
        let (mut behind, mut changed) = (0, Vec::new());
        loop {
            let members = store::list_update(db, ws, id, behind, BATCH).await?;
            let Some(last) = members.last() else { break };
            behind = last.n;
            changed.extend(members.iter().map(|it| it.user_id));
            self.change(db, &members).await?;
            self.tell(members.len()).await;
        }
        Ok((made, changed))
    }

    /// How far it has come, told outside the transaction, which tells nothing before its end. Nothing waits for that, and nothing fails
    /// by it: where no connection is free, it is told with the next rows.
    async fn tell(&mut self, more: usize) {
        self.written += more;
        let Some(mut db) = self.cx.app.pool.try_acquire() else { return };
        let told = async {
            let written = i32::try_from(self.written).unwrap_or(i32::MAX);
            store::update_written(&mut db, self.cx.ws(), self.import.id, written).await?;
            self.cx.announce(&mut db, Topic::Imports, None).await
        };
        if let Err(error) = told.await {
            tracing::warn!(%error, import = %self.import.id, "how far an import has come is not told");
        }
    }

    fn by(&self) -> (Option<Uuid>, &str) {
        (self.actor.user_id, &self.actor.full_name)
    }

    fn role(&self, id: Uuid) -> RoleRef {
        self.actor.snapshot().role(id).unwrap_or_else(|| RoleRef { id, name: String::new() })
    }

    fn group_names(&self, ids: &[Uuid]) -> Vec<&str> {
        let known = self.actor.snapshot().facts().groups.iter();
        known.filter(|group| ids.contains(&group.id)).map(|group| group.name.as_str()).collect()
    }

    async fn make(&self, db: &mut PgConnection, people: Vec<NewPerson>) -> Result<(), Fault> {
        if people.iter().any(|it| it.with_password && it.password_hash.is_none()) {
            return Err(Fault::Other("an import is written before its passwords are hashed".into()));
        }
        let (ws, kind) = (self.cx.ws(), self.import.kind);
        let people: Vec<(Uuid, NewPerson)> = people.into_iter().map(|it| (Uuid::now_v7(), it)).collect();
        store::insert_people(db, ws, kind, &people, self.import.new_password, self.by()).await?;
        let pairs: Vec<(Uuid, Uuid)> =
            people.iter().flat_map(|(id, it)| it.groups.iter().map(|group| (*id, *group))).collect();
        if !pairs.is_empty() {
            store::insert_groups(db, ws, &pairs).await?;
        }
        let line = |(id, it): &(Uuid, NewPerson)| audit::Line {
            id: *id,
            label: it.full_name.clone(),
            before: serde_json::Value::Null,
            after: serde_json::json!({
                "email": it.email, "role": self.role(it.role), "groups": self.group_names(&it.groups),
                "customer_id": it.customer_id, "import": self.import.id,
            }),
        };
        let lines: Vec<audit::Line> = people.iter().map(line).collect();
        audit::record_lines(db, self.cx, ("user.create", "user"), &lines).await?;
        self.send_links(db, people.into_iter().filter(|(_, it)| !it.with_password).collect()).await
    }

    /// Whoever has no password in the file gets a link to set one. These mails do not count towards what a sender or a workspace may
    /// send: an import is confirmed after its dry run, has at most `MOST_ROWS` rows, and its workspace writes one at a time. What one
    /// address may get does count (PITFALLS.md 22): whoever has had that much keeps the account, and is told by Resend Activation Email.
    async fn send_links(&self, db: &mut PgConnection, people: Vec<(Uuid, NewPerson)>) -> Result<(), Fault> {
        let Some(inviter_id) = self.actor.user_id.filter(|_| !people.is_empty()) else {
            return Ok(());
        };
        let keys: Vec<&str> = people.iter().map(|(_, it)| it.email_key.as_str()).collect();
        let earlier = invitations::store::lock_newest(db, self.cx.ws(), &keys).await?;
        let replaced = |key: &str| earlier.iter().find(|it| it.address.key == key).map(|it| (it.id, it.status));
        let (reached, unreached): (Vec<Wanted>, Vec<Wanted>) = people
            .into_iter()
            .map(|(id, it)| Wanted {
                earlier: replaced(&it.email_key),
                role: self.role(it.role),
                offer: Offer {
                    groups: it.groups,
                    customer_id: it.customer_id.filter(|_| self.import.kind == Category::Customer),
                    ..Offer::everywhere(self.import.kind, it.role)
                },
                address: Address { shown: it.email, key: it.email_key },
                full_name: it.full_name,
                user_id: Some(id),
                link_id: None,
            })
            .partition(|it| self.cx.app.limits.reaches(self.cx.ws(), &it.address.key));
        let told = Terms {
            inviter_id,
            inviter_name: &self.actor.full_name,
            message: "",
            language: Language::default().tag(),
            notify: true,
            valid_until: None,
        };
        let kept = Terms { notify: false, ..told };
        for (terms, wanted) in [(told, reached), (kept, unreached)] {
            if !wanted.is_empty() {
                issue(db, self.cx, self.actor, &terms, wanted).await?;
            }
        }
        Ok(())
    }

    async fn change(&self, db: &mut PgConnection, members: &[Member]) -> Result<(), Fault> {
        let ws = self.cx.ws();
        let roles: Vec<(Uuid, Uuid)> =
            members.iter().filter(|it| it.role_before != Some(it.role)).map(|it| (it.user_id, it.role)).collect();
        // The judge let no such row pass: this is the last door before an owner.
        if members.iter().any(|it| it.role_before == Some(BuiltIn::Owner.id())) && !self.actor.subject().owns() {
            return Err(Refusal::AboveYou.into());
        }
        store::update_roles(db, ws, &roles, self.by()).await?;
        let moved: Vec<&Member> = members.iter().filter(|it| !it.groups.is_empty()).collect();
        let of: Vec<Uuid> = moved.iter().map(|it| it.user_id).collect();
        let pairs: Vec<(Uuid, Uuid)> =
            moved.iter().flat_map(|it| it.groups.iter().map(|group| (it.user_id, *group))).collect();
        store::delete_other_groups(db, ws, &of, &pairs).await?;
        store::insert_groups(db, ws, &pairs).await?;
        let said = |role: Option<Uuid>, groups: &[Uuid]| {
            let role = role.map(|role| self.role(role));
            serde_json::json!({ "role": role, "groups": self.group_names(groups), "import": self.import.id })
        };
        let line = |it: &Member| audit::Line {
            id: it.user_id,
            label: it.full_name.clone(),
            before: said(it.role_before, &it.groups_before),
            after: said(Some(it.role), if it.groups.is_empty() { &it.groups_before } else { &it.groups }),
        };
        let lines: Vec<audit::Line> = members.iter().map(line).collect();
        audit::record_lines(db, self.cx, ("user.update", "user"), &lines).await
    }
}
