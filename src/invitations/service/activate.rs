//! The activation of an account that exists without a password (seed 001: Notify User, Resend Activation Email).

use sqlx::PgConnection;
use uuid::Uuid;

use super::issue::{Sent, Wanted, issue, plan_invites, release, section};
use crate::{
    access::{Action, AssignmentFacts, Category, RoleRef, SubjectFacts},
    accounts::address::read_address,
    error::{AppError, Refusal},
    invitations::{
        model::{Event, Offer, Status, What},
        store::{self, NewEvent, Terms},
    },
    mail,
    people::{self, model::User},
    platform::{
        context::{Actor, Context},
        fault::Fault,
    },
    text::Language,
    ui::live::Topic,
};

/// Sends the activation mail of an account that waits for its person. One that was sent before does not work any more.
///
/// # Errors
/// `NotFound`, `Denied`; `Refused`: `NotNow` where the account has its person or is disabled, `NotYours`, `Plan`; `RateLimited`.
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
/// `Refused`: `Plan`, `NotNow` where the registration waits for approval, `NotYours`; `RateLimited`; when the database fails.
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
    cx.app.limits.mail(cx.ws(), inviter_id, &address.key)?;
    let earlier = store::lock_newest(db, cx.ws(), &[&address.key]).await?.pop();
    if let Some(it) = &earlier
        && it.status.after(Event::Resend).is_none()
    {
        return Err(Refusal::NotNow.into());
    }
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

/// The account goes: a link that activates it does not work any more, and a registration of it is forgotten.
///
/// # Errors
/// When the database fails.
pub async fn withdraw_activation(db: &mut PgConnection, cx: &Context, actor: &Actor, user: Uuid) -> Result<(), Fault> {
    let open = store::lock_activations(db, cx.ws(), user).await?;
    for it in &open {
        if it.status == Status::Waiting {
            store::update_rejected(db, cx.ws(), it.id).await?;
            let event = NewEvent { what: What::Denied, by: actor.user_id, by_name: &actor.full_name, detail: "" };
            store::insert_events(db, cx.ws(), &[it.id], &event).await?;
        } else {
            mail::store::withdraw(db, cx.ws(), &[it.id]).await?;
            store::delete_all(db, cx.ws(), &[it.id]).await?;
        }
    }
    if !open.is_empty() {
        cx.announce(db, Topic::Invitations, None).await?;
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
