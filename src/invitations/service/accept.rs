//! What the invitee does: looks at the offer and completes the registration.

use sqlx::PgConnection;
use uuid::Uuid;

use super::{ask::hold_up, issue::ask_still_given};
use crate::{
    audit, customers,
    error::Refusal,
    invitations::{
        model::{Event, Next, Offered, SetupForm, Status, What},
        store::{self, Locked, NewEvent, Registered},
    },
    mail, people,
    platform::{context::Context, fault::Fault, rights, secrets::Token},
    rights::store as assignments,
    settings,
    ui::live::Topic,
    workspaces,
};

/// What became of a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    /// The account is active.
    Ready,
    /// It waits for approval; nobody can sign in to it yet.
    Waiting,
}

/// What the invitee is shown. Changes nothing (PITFALLS.md 6).
///
/// # Errors
/// `Refused(DeadLink)` for a link that is unknown, deleted, replaced, denied or expired; `Refused(LinkUsed)` or `Refused(Waits)` for
/// one that was completed; `Refused(InviterGone)` or `Refused(OfferGone)` when completing it would be refused.
pub async fn open_invitation(cx: &Context, token: &str) -> Result<Offered, Fault> {
    let token = Token::read(token, &cx.workspace.public_id).ok_or(Refusal::DeadLink)?;
    let mut db = cx.app.pool.acquire().await?;
    let found = store::find_by_token(&mut db, cx.ws(), token.hash()).await?;
    let invitation = live(found)?;
    ask_still_given(&mut db, cx, &invitation, cx.app.beat.now()).await?;
    let inviter = people::store::find(&mut db, cx.ws(), invitation.inviter_id).await?;
    let version = rights::store::version(&mut db, cx.ws()).await?;
    let snapshot = cx.app.rights.snapshot(&mut db, cx.ws(), version).await?;
    let (facts, offer) = (snapshot.facts(), &invitation.offer);
    let organization = facts.organizations.iter().find(|known| Some(known.id) == offer.assignment.organization);
    let groups = facts.groups.iter().filter(|group| offer.groups.contains(&group.id));
    Ok(Offered {
        organization: organization.map(|known| known.name.clone()),
        groups: groups.map(|group| group.name.clone()).collect(),
        mobile_required: settings::store::needs_mobile(&mut db, cx.ws()).await?,
        email: invitation.address.shown,
        full_name: invitation.full_name,
        category: invitation.offer.category,
        message: invitation.message,
        role: invitation.role,
        inviter_name: invitation.inviter_name,
        inviter_role: inviter.and_then(|user| user.roles.into_iter().next()),
        valid_until: invitation.valid_until,
    })
}

/// The invitee completes the registration: the account is active, or waits for approval, once, however many try at once
/// (PITFALLS.md 4).
///
/// # Errors
/// `Invalid`; `Refused`: `DeadLink`, `LinkUsed`, `Waits`, `InviterGone`, `OfferGone`, `AccountExists`; `RateLimited`.
pub async fn complete_setup(cx: &Context, form: SetupForm) -> Result<Completion, Fault> {
    let token = Token::read(&form.token, &cx.workspace.public_id).ok_or(Refusal::DeadLink)?;
    let mut db = cx.app.pool.acquire().await?;
    // Before any work is done for it: a dead link costs nothing, and is told before mistakes in the form are.
    let invitation = live(store::find_by_token(&mut db, cx.ws(), token.hash()).await?)?;
    let registration = form.check(settings::store::needs_mobile(&mut db, cx.ws()).await?)?;
    if let Err(fault) = ask_still_given(&mut db, cx, &invitation, cx.app.beat.now()).await {
        drop(db);
        return Err(hold_up(cx, &invitation, fault).await);
    }
    drop(db);
    cx.app.limits.link(cx.client)?;
    let password_hash = cx.app.passwords.hash(registration.password.clone()).await?;

    let mut tx = cx.begin().await?;
    let at = rights::store::lock(&mut tx, cx.ws()).await?.at;
    let invitation = live(store::lock_by_token(&mut tx, cx.ws(), token.hash()).await?)?;
    ask_still_given(&mut tx, cx, &invitation, at).await?;
    let auto_approval = workspaces::store::approves_itself(&mut tx, cx.ws()).await?;
    let registered = Registered { full_name: registration.full_name, mobile: registration.mobile, password_hash };
    store::insert_events(&mut tx, cx.ws(), &[invitation.id], &NewEvent::of_itself(What::Completed)).await?;
    // The invitee acts here, whoever else may be signed in in this browser.
    let invitee = Context { actor: None, ..cx.clone() };
    let completion = if invitation.status.after(Event::Complete { auto_approval }) == Some(Next::To(Status::Approved)) {
        store::insert_events(&mut tx, cx.ws(), &[invitation.id], &NewEvent::of_itself(What::Accepted)).await?;
        admit(&mut tx, &invitee, &invitation, &registered).await?;
        Completion::Ready
    } else {
        if people::store::exists(&mut tx, cx.ws(), &invitation.address.key).await? && invitation.user_id.is_none() {
            return Err(Refusal::AccountExists.into());
        }
        store::update_waiting(&mut tx, cx.ws(), invitation.id, &registered).await?;
        let entry = audit::Entry {
            action: "invitation.complete",
            kind: "invitation",
            id: invitation.id,
            label: &invitation.address.shown,
        };
        let after = serde_json::json!({ "full_name": registered.full_name, "mobile": registered.mobile });
        audit::record(&mut tx, &invitee, entry, None::<&()>, Some(&after)).await?;
        Completion::Waiting
    };
    // Nobody is reminded of what they have done.
    mail::store::withdraw(&mut tx, cx.ws(), &[invitation.id]).await?;
    cx.announce(&mut tx, Topic::Invitations, None).await?;
    tx.commit().await?;
    Ok(completion)
}

/// The registration becomes an account with all that was offered. The invitation is approved.
///
/// # Errors
/// `Refused(AccountExists)`; when the database fails.
pub async fn admit(db: &mut PgConnection, cx: &Context, it: &Locked, registered: &Registered) -> Result<Uuid, Fault> {
    let id = it.user_id.unwrap_or_else(Uuid::now_v7);
    let mobile = registered.mobile.as_deref();
    if it.user_id.is_some() {
        let (name, hash) = (&registered.full_name, &registered.password_hash);
        if !people::store::update_activated(db, cx.ws(), id, name, mobile, hash).await? {
            return Err(Refusal::AccountExists.into());
        }
    } else {
        if people::store::exists(db, cx.ws(), &it.address.key).await? {
            return Err(Refusal::AccountExists.into());
        }
        let user = people::store::NewUser {
            id,
            address: &it.address,
            full_name: &registered.full_name,
            mobile,
            password_hash: Some(&registered.password_hash),
            kind: it.offer.category,
            customer_id: it.offer.customer_id.as_deref(),
            roles: &[],
            given_by: Some(it.inviter_id),
            given_by_name: &it.inviter_name,
        };
        people::store::insert(db, cx.ws(), &user).await?;
        let held = crate::access::AssignmentFacts { id: Uuid::now_v7(), ..it.offer.assignment.clone() };
        assignments::insert(db, cx.ws(), id, it.offer.category, &held, Some(it.inviter_id), &it.inviter_name).await?;
        customers::store::set_groups(db, cx.ws(), id, &it.offer.groups).await?;
    }
    store::update_approved(db, cx.ws(), it.id, id).await?;
    let action = if it.user_id.is_some() { "user.activate" } else { "user.create" };
    let entry = audit::Entry { action, kind: "user", id, label: &registered.full_name };
    let after = serde_json::json!({
        "email": it.address.shown, "role": it.role, "offer": it.offer.kept(), "customer_id": it.offer.customer_id, "invitation": it.id,
    });
    audit::record(db, cx, entry, None::<&()>, Some(&after)).await?;
    cx.announce(db, Topic::Users, Some(id)).await?;
    Ok(id)
}

/// Only a pending invitation can be completed. That one was completed already, or waits, is said: who holds its token got its mail, and
/// is no stranger; neither its address nor its account is named. Every other dead link is answered like one that never was
/// (PITFALLS.md 1 and 10).
fn live(found: Option<Locked>) -> Result<Locked, Refusal> {
    let invitation = found.ok_or(Refusal::DeadLink)?;
    match invitation.status {
        Status::Approved => Err(Refusal::LinkUsed),
        Status::Waiting => Err(Refusal::Waits),
        status if status.after(Event::Complete { auto_approval: true }).is_some() => Ok(invitation),
        _ => Err(Refusal::DeadLink),
    }
}
