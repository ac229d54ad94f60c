//! Use cases of invitations.

use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    model::{Event, Invitation, InviteForm, Offered, SetupForm, Status},
    store::{self, Locked, NewInvitation},
};
use crate::{
    access::{self, Action, AssignmentFacts, BuiltIn, Category, Feature, Question, RoleRef, SubjectFacts},
    accounts::address::{Address, read_address},
    audit,
    error::{AppError, Problem, Refusal},
    listing::{ListQuery, Page},
    mail, paths, people,
    platform::{
        context::{Actor, Context},
        fault::Fault,
        rights,
        secrets::Token,
    },
    ui::live::Topic,
    workspaces,
};

/// An invitation on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its id.
    pub id: Uuid,
    /// To whom.
    pub email: String,
    /// Until when its link works.
    pub valid_until: OffsetDateTime,
}

/// One page of the list.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn list_invitations(cx: &Context, query: &ListQuery) -> Result<Page<Invitation>, Fault> {
    let actor = cx.authorize(Action::View, Feature::Team)?;
    let mut db = cx.app.pool.acquire().await?;
    let page = store::list(&mut db, cx.ws(), &query.clone().cleaned()).await?;
    Ok(page
        .map(|invitation| Invitation { yours: actor.gives_role(Category::Teammate, invitation.role.id), ..invitation }))
}

/// Invites an address. An expired or rejected invitation of it is resent; an open one is refused beside the field.
///
/// # Errors
/// `Invalid`: the address is none, has an account or an open invitation; the role is above the inviter. `RateLimited`.
/// `Refused`: the plan has no invitations, or no seat left.
pub async fn invite_user(cx: &Context, form: InviteForm) -> Result<Sent, Fault> {
    cx.authorize(Action::Create, Feature::Team)?;
    let offer = form.check()?;
    let address = read_address(&offer.email).map_err(|problem| AppError::field("email", problem))?;
    let (mut tx, actor) = cx.begin_change(Action::Create, Feature::Team).await?;
    plan_invites(&mut tx, cx).await?;
    let role = actor
        .snapshot()
        .roles_of(Category::Teammate)
        .find(|role| role.id == offer.role)
        .ok_or_else(|| AppError::field("role", Problem::Choice))?;
    if !actor.gives_role(Category::Teammate, role.id) {
        return Err(AppError::field("role", Problem::AboveYou).into());
    }
    if people::store::exists(&mut tx, cx.ws(), &address.key).await? {
        return Err(AppError::field("email", Problem::AlreadyUser).into());
    }
    let earlier = store::lock_newest(&mut tx, cx.ws(), &address.key).await?;
    if let Some(open) = earlier.as_ref().filter(|it| matches!(it.status, Status::Pending | Status::Waiting)) {
        tracing::debug!(invitation = %open.id, "already invited");
        return Err(AppError::field("email", Problem::AlreadyInvited).into());
    }
    limit(cx, &actor, &address)?;
    let sent = send(&mut tx, cx, &actor, &address, &role, earlier.as_ref()).await?;
    tx.commit().await?;
    cx.app.mail_queued.notify_one();
    Ok(sent)
}

/// Sends a new invitation in the place of one that is pending, expired or rejected. The old link dies.
///
/// # Errors
/// `NotFound`; `Refused(NotNow)` from any other status; `Refused(AboveYou)`; `RateLimited`. `Refused`: the plan has no
/// invitations, or no seat left for one that had expired.
pub async fn resend_invitation(cx: &Context, id: Uuid) -> Result<Sent, Fault> {
    let (mut tx, actor) = cx.begin_change(Action::Create, Feature::Team).await?;
    plan_invites(&mut tx, cx).await?;
    let earlier = store::lock(&mut tx, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    if earlier.status.after(Event::Resend).is_none() {
        return Err(Refusal::NotNow.into());
    }
    if !actor.gives_role(Category::Teammate, earlier.role.id) {
        return Err(Refusal::AboveYou.into());
    }
    let address = Address { shown: earlier.email.clone(), key: earlier.email_key.clone() };
    limit(cx, &actor, &address)?;
    let sent = send(&mut tx, cx, &actor, &address, &earlier.role, Some(&earlier)).await?;
    tx.commit().await?;
    cx.app.mail_queued.notify_one();
    Ok(sent)
}

/// Takes a pending or expired invitation from the list. Its link answers like an unknown one.
///
/// # Errors
/// `NotFound`; `Refused(NotNow)` from any other status.
pub async fn delete_invitation(cx: &Context, id: Uuid) -> Result<String, Fault> {
    let (mut tx, actor) = cx.begin_change(Action::Delete, Feature::Team).await?;
    let gone = store::lock(&mut tx, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    if gone.status.after(Event::Delete).is_none() {
        return Err(Refusal::NotNow.into());
    }
    if !actor.gives_role(Category::Teammate, gone.role.id) {
        return Err(Refusal::AboveYou.into());
    }
    store::delete(&mut tx, cx.ws(), id).await?;
    mail::store::withdraw(&mut tx, cx.ws(), id).await?;
    let entry = audit::Entry { action: "invitation.delete", kind: "invitation", id, label: &gone.email };
    let before = serde_json::json!({ "role": gone.role, "status": gone.status, "inviter": gone.inviter_name });
    audit::record(&mut tx, cx, entry, Some(&before), None::<&()>).await?;
    cx.announce(&mut tx, Topic::Invitations, None).await?;
    tx.commit().await?;
    Ok(gone.email)
}

/// What the invitee is shown. Changes nothing (PITFALLS.md 6).
///
/// # Errors
/// `Refused(DeadLink)` for a link that is unknown, used, deleted, replaced or expired; `Refused(InviterGone)` when
/// completing it would be refused.
pub async fn open_invitation(cx: &Context, token: &str) -> Result<Offered, Fault> {
    let token = Token::read(token, &cx.workspace.public_id).ok_or(Refusal::DeadLink)?;
    let mut db = cx.app.pool.acquire().await?;
    let found = store::find_by_token(&mut db, cx.ws(), token.hash()).await?;
    let invitation = live(found)?;
    may_still_give(&mut db, cx, &invitation, cx.app.beat.now()).await?;
    let inviter = people::store::find(&mut db, cx.ws(), invitation.inviter_id).await?;
    Ok(Offered {
        email: invitation.email,
        role: invitation.role,
        inviter_name: invitation.inviter_name,
        inviter_role: inviter.and_then(|user| user.roles.into_iter().next()),
        valid_until: invitation.valid_until,
    })
}

/// The invitee completes the registration: the account is active, once, however many try at once (PITFALLS.md 4).
///
/// # Errors
/// `Invalid`; `Refused(DeadLink)`; `Refused(InviterGone)`; `RateLimited`.
pub async fn complete_setup(cx: &Context, form: SetupForm) -> Result<(), Fault> {
    let token = Token::read(&form.token, &cx.workspace.public_id).ok_or(Refusal::DeadLink)?;
    let mut db = cx.app.pool.acquire().await?;
    // Before any work is done for it: a dead link costs nothing, and is told before mistakes in the form are.
    let invitation = live(store::find_by_token(&mut db, cx.ws(), token.hash()).await?)?;
    let registration = form.check()?;
    may_still_give(&mut db, cx, &invitation, cx.app.beat.now()).await?;
    drop(db);
    cx.app.limits.link(cx.client)?;
    let password_hash = cx.app.passwords.hash(registration.password.clone()).await?;

    let mut tx = cx.begin().await?;
    let at = rights::store::lock(&mut tx, cx.ws()).await?.at;
    let invitation = live(store::lock_by_token(&mut tx, cx.ws(), token.hash()).await?)?;
    may_still_give(&mut tx, cx, &invitation, at).await?;
    let address = Address { shown: invitation.email.clone(), key: invitation.email_key.clone() };
    let user = people::store::NewUser {
        id: Uuid::now_v7(),
        address: &address,
        full_name: &registration.full_name,
        mobile: registration.mobile.as_deref(),
        password_hash: Some(&password_hash),
        kind: Category::Teammate,
        customer_id: None,
        roles: &[(invitation.role.id, None)],
        given_by: Some(invitation.inviter_id),
        given_by_name: &invitation.inviter_name,
    };
    if people::store::exists(&mut tx, cx.ws(), &address.key).await? {
        return Err(Refusal::AccountExists.into());
    }
    people::store::insert(&mut tx, cx.ws(), &user).await?;
    store::update_approved(&mut tx, cx.ws(), invitation.id, user.id).await?;
    // The invitee acts here, whoever else may be signed in in this browser.
    let invitee = Context { actor: None, ..cx.clone() };
    let entry = audit::Entry { action: "user.create", kind: "user", id: user.id, label: &registration.full_name };
    let after = serde_json::json!({ "email": address.shown, "role": invitation.role, "invitation": invitation.id });
    audit::record(&mut tx, &invitee, entry, None::<&()>, Some(&after)).await?;
    cx.announce(&mut tx, Topic::Invitations, None).await?;
    cx.announce(&mut tx, Topic::Users, None).await?;
    tx.commit().await?;
    Ok(())
}

/// "The invite feature is only available for Pro and Enterprise customers" (seed 000). Whoever was invited before the plan
/// changed may still accept.
async fn plan_invites(db: &mut sqlx::PgConnection, cx: &Context) -> Result<(), Fault> {
    let (plan, _) = workspaces::store::find_plan(db, cx.ws()).await?;
    if plan.invites() { Ok(()) } else { Err(Refusal::Plan.into()) }
}

/// The grant ceiling when it takes effect (PITFALLS.md 12): whoever invited must still be able to, at this moment by the
/// database's clock.
async fn may_still_give(db: &mut sqlx::PgConnection, cx: &Context, invitation: &Locked, at: i64) -> Result<(), Fault> {
    let still = cx.held_by(db, invitation.inviter_id).await?.is_some_and(|held| {
        let may_invite = Question::new(Action::Create, Feature::Team, at);
        let role = AssignmentFacts { role: Some(invitation.role.id), ..AssignmentFacts::everywhere(BuiltIn::Member) };
        access::decide(&held.snapshot, &held.subject, &may_invite).allowed()
            && access::covers(&held.snapshot, &held.subject, &SubjectFacts::newcomer(Category::Teammate), &role, at)
    });
    if still { Ok(()) } else { Err(Refusal::InviterGone.into()) }
}

/// Only a pending invitation can be completed.
fn live(found: Option<Locked>) -> Result<Locked, Refusal> {
    found
        .filter(|invitation| invitation.status.after(Event::Complete { auto_approval: true }).is_some())
        .ok_or(Refusal::DeadLink)
}

fn limit(cx: &Context, actor: &Actor, to: &Address) -> Result<(), Fault> {
    Ok(cx.app.limits.mail(cx.ws(), actor.user_id.unwrap_or_default(), &to.key)?)
}

async fn send(
    db: &mut sqlx::PgConnection,
    cx: &Context,
    actor: &Actor,
    address: &Address,
    role: &RoleRef,
    earlier: Option<&Locked>,
) -> Result<Sent, Fault> {
    let id = Uuid::now_v7();
    let token = Token::new(&cx.workspace.public_id);
    if let Some(earlier) = earlier {
        store::update_replaced(db, cx.ws(), earlier.id, id).await?;
        mail::store::withdraw(db, cx.ws(), earlier.id).await?;
    }
    let invitation = NewInvitation {
        id,
        address,
        role: role.id,
        token_hash: token.hash(),
        inviter_id: actor.user_id.unwrap_or_default(),
        inviter_name: &actor.full_name,
    };
    let valid_until = store::insert(db, cx.ws(), &invitation).await?;
    let letter = mail::template::Invitation {
        workspace: &cx.workspace.name,
        colour: &cx.workspace.colour,
        inviter_name: &actor.full_name,
        inviter_email: &actor.email,
        email: &address.shown,
        role,
        link: cx.app.config.address(cx.workspace.host.as_deref(), &paths::setup(token.expose())),
        valid_until,
    };
    mail::service::queue(db, cx, Some(id), address, &letter).await?;
    let (action, before) = match earlier {
        Some(earlier) => {
            ("invitation.resend", Some(serde_json::json!({ "replaces": earlier.id, "status": earlier.status })))
        }
        None => ("invitation.create", None),
    };
    let after = serde_json::json!({ "role": role, "valid_until": valid_until.unix_timestamp() });
    let entry = audit::Entry { action, kind: "invitation", id, label: &address.shown };
    audit::record(db, cx, entry, before.as_ref(), Some(&after)).await?;
    cx.announce(db, Topic::Invitations, None).await?;
    Ok(Sent { id, email: address.shown.clone(), valid_until })
}
