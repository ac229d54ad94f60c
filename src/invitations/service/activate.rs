//! The activation of an account that exists without a password (seed 001: Notify User, Resend Activation Email).

use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    issue::{Sent, Wanted, issue, plan_invites, release, section},
    review::deny,
    several::delete,
};
use crate::{
    access::{Action, AssignmentFacts, Category, RoleRef, SubjectFacts},
    accounts::address::{is_within, read_address},
    error::{AppError, Problem, Refusal},
    invitations::{
        model::{Event, Offer, Status},
        store::{self, Terms},
    },
    people::{self, model::User},
    platform::{
        context::{Actor, Context},
        fault::Fault,
    },
    text::Language,
    workspaces,
};

/// Sends the activation mail of an account that waits for its person. One that was sent before does not work any more.
///
/// # Errors
/// `NotFound`, `Denied`; `Refused`: `NotNow` where the account has its person or is disabled, and as `send_activation`; `RateLimited`.
pub async fn activate(cx: &Context, id: Uuid) -> Result<Sent, Fault> {
    cx.signed_in()?;
    let mut tx = cx.begin().await?;
    let actor = cx.hold_self(&mut tx).await?;
    let user = people::store::lock(&mut tx, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    let held = cx.held_by(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    let ask = |action| match held.facts.category {
        Category::Teammate => actor.ask(&cx.question(&actor, action, section(Category::Teammate))),
        Category::Organization | Category::Customer => people::service::ask_accounts(cx, &actor, action, &held.facts),
    };
    ask(Action::View).map_err(|_| AppError::NotFound)?;
    ask(Action::Create)?;
    if !actor.stands_above(&held.facts) {
        return Err(Refusal::NotYours.into());
    }
    if !user.is_pending() {
        return Err(Refusal::NotNow.into());
    }
    let sent = send_activation(&mut tx, cx, &actor, &user, &held.facts).await?;
    tx.commit().await?;
    cx.app.mail_queued.notify_one();
    Ok(sent)
}

/// Makes the activation invitation of an account, in the transaction that makes the account or on its own. The caller has asked for
/// every right, and wakes the senders when it has committed.
///
/// # Errors
/// `Refused`: `Invited` where another invitation of the address is open, `MailDomain`, `Plan`, `NotNow` where the registration waits for
/// approval, `NotYours`; `RateLimited`; when the database fails.
pub async fn send_activation(
    db: &mut PgConnection,
    cx: &Context,
    actor: &Actor,
    user: &User,
    facts: &SubjectFacts,
) -> Result<Sent, Fault> {
    plan_invites(db, cx).await?;
    let address = read_address(&user.email).map_err(|problem| AppError::field("email", problem))?;
    let inviter_id = actor.user_id.unwrap_or_default();
    let domains = workspaces::store::list_mail_domains(db, cx.ws()).await?;
    if !is_within(&address.key, &domains) {
        return Err(Refusal::MailDomain.into());
    }
    let earlier = store::lock_newest(db, cx.ws(), &[&address.key]).await?.pop();
    // It may offer more than this actor can take back.
    if earlier.as_ref().is_some_and(|it| it.status.is_open() && it.user_id != Some(user.id)) {
        return Err(Refusal::Invited.into());
    }
    if let Some(it) = &earlier
        && it.status.after(Event::Resend).is_none()
    {
        return Err(Refusal::NotNow.into());
    }
    cx.app.limits.mail(cx.ws(), inviter_id, &address.key)?;
    if let Some(it) = earlier.clone().filter(|it| !it.notified && it.user_id == Some(user.id)) {
        return release(db, cx, actor, it).await;
    }
    let offer = offers(facts).into_iter().find(|offer| offer.assignment.role.is_some()).ok_or(Refusal::NotYours)?;
    let role = role_of(actor, offer.role()).ok_or(Refusal::NotYours)?;
    let terms = Terms {
        inviter_id,
        inviter_name: &actor.full_name,
        message: "",
        language: Language::default().tag(),
        notify: true,
        valid_until: None,
    };
    let wanted = Wanted {
        address,
        full_name: user.full_name.clone(),
        offer,
        role,
        user_id: Some(user.id),
        link_id: None,
        earlier: earlier.map(|it| (it.id, it.status)),
    };
    issue(db, cx, actor, &terms, vec![wanted]).await?.pop().ok_or_else(|| AppError::NotFound.into())
}

/// The account is switched off: a link that activates it does not work any more, and a registration of it is denied.
///
/// # Errors
/// When the database fails.
pub async fn withdraw_activation(db: &mut PgConnection, cx: &Context, actor: &Actor, user: Uuid) -> Result<(), Fault> {
    for it in store::lock_activations(db, cx.ws(), user).await? {
        match it.registered.clone().filter(|_| it.status == Status::Waiting) {
            Some(registered) => deny(db, cx, actor, &it, &registered).await?,
            None => delete(db, cx, &[it]).await?,
        }
    }
    Ok(())
}

/// The account goes: the same, and what was denied to it waits for no account any more.
///
/// # Errors
/// When the database fails.
pub async fn forget_account(db: &mut PgConnection, cx: &Context, actor: &Actor, user: Uuid) -> Result<(), Fault> {
    withdraw_activation(db, cx, actor, user).await?;
    Ok(store::update_accountless(db, cx.ws(), user).await?)
}

/// An address that is to get an account has no open invitation: that one is somebody else's to withdraw or to complete. Where mail is to
/// be sent to it, it is of a domain that is invited here.
///
/// # Errors
/// `Invalid` in `email`: `AlreadyInvited` or `MailDomain`.
pub async fn check_newcomer(db: &mut PgConnection, cx: &Context, key: &str, notify: bool) -> Result<(), Fault> {
    let newest = store::list_newest(db, cx.ws(), &[key]).await?;
    if newest.iter().any(|it| it.status.is_open()) {
        return Err(AppError::field("email", Problem::AlreadyInvited).into());
    }
    if notify && !is_within(key, &workspaces::store::list_mail_domains(db, cx.ws()).await?) {
        return Err(AppError::field("email", Problem::MailDomain).into());
    }
    Ok(())
}

/// What an account holds, each as if it were offered; a customer's Customer ID is the account's own already.
fn offers(facts: &SubjectFacts) -> Vec<Offer> {
    let offer = |it: &AssignmentFacts| Offer {
        category: facts.category,
        assignment: it.clone(),
        groups: Vec::new(),
        customer_id: facts.customer_id.clone().filter(|_| facts.category == Category::Customer),
    };
    facts.assignments.iter().map(offer).collect()
}

fn role_of(actor: &Actor, id: Uuid) -> Option<RoleRef> {
    Category::ALL.into_iter().find_map(|kind| actor.snapshot().roles_of(kind).find(|role| role.id == id))
}
