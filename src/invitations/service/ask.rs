//! What comes from who holds a link: a person was here; the link does not work any more, and a new one is asked for; what was offered
//! cannot be given. Whoever can do something about it is told.

use sqlx::PgConnection;

use super::issue::{ask_still_given, may_invite};
use crate::{
    access,
    accounts::address::{Address, read_address},
    error::{AppError, Refusal},
    invitations::{
        model::{Status, What},
        store::{self, Locked, NewEvent},
    },
    mail::{self, template::Written},
    paths, people,
    platform::{
        context::{Change, Context},
        fault::Fault,
        rights,
        secrets::Token,
    },
    requests, settings,
    ui::live::Topic,
};

/// How many of those who can invite are written to, where the inviter cannot any more.
const MOST_TOLD: usize = 5;

/// How many are looked at to find them.
const MOST_ASKED: i64 = 50;

/// A person, not a scanner, was at the link: by what only somebody at a page sends (PITFALLS.md 6). Once; whoever else sends it marks
/// the invitation as opened, and nothing more. The answer is the same for every link.
///
/// # Errors
/// `RateLimited`; when the database fails.
pub async fn note_opened(cx: &Context, token: &str) -> Result<(), Fault> {
    cx.app.limits.link(cx.client)?;
    let Some(token) = Token::read(token, &cx.workspace.public_id) else {
        return Ok(());
    };
    let mut tx = cx.begin().await?;
    if let Some(id) = store::update_opened(&mut tx, cx.ws(), token.hash()).await? {
        store::insert_events(&mut tx, cx.ws(), &[id], &NewEvent::of_itself(What::Opened)).await?;
        cx.announce(&mut tx, Topic::Invitations, None).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Asks the inviter for a new link in the place of one that does not work any more; those who can invite, where the inviter cannot. At
/// most once an hour for each invitation. The answer is the same for every link, whatever becomes of it (PITFALLS.md 10): for one that
/// never was, was deleted, works, was completed, waits or was denied, nobody is asked.
///
/// # Errors
/// `RateLimited`, for who asks too often for whatever link; when the database fails.
pub async fn ask_for_link(cx: &Context, token: &str) -> Result<(), Fault> {
    cx.app.limits.link(cx.client)?;
    let Some(token) = Token::read(token, &cx.workspace.public_id) else {
        return Ok(());
    };
    let mut db = cx.app.pool.acquire().await?;
    let Some(dead) = store::find_by_token(&mut db, cx.ws(), token.hash()).await? else {
        return Ok(());
    };
    drop(db);
    let mut tx = cx.begin().await?;
    let at = rights::store::lock(&mut tx, cx.ws()).await?.at;
    // The one that can be resent: the newest of the address, which may have taken the place of the one with this link.
    let newest = store::lock_newest(&mut tx, cx.ws(), &[&dead.address.key]).await?.pop();
    let Some(it) = newest.filter(|it| matches!(it.status, Status::Pending | Status::Expired)) else {
        return Ok(());
    };
    let works = it.id == dead.id && it.status == Status::Pending;
    if works && ask_still_given(&mut tx, cx, &it, at).await.is_ok() {
        return Ok(());
    }
    if store::was_asked_lately(&mut tx, cx.ws(), it.id).await? {
        return Ok(());
    }
    store::insert_events(&mut tx, cx.ws(), &[it.id], &NewEvent::of_itself(What::Asked)).await?;
    let words = settings::store::find_words(&mut tx, cx.ws()).await?;
    tell(tx, cx, &it, at, |to, link| {
        Written::new(&mail::template::LinkAsked {
            workspace: &cx.workspace,
            words: &words,
            email: &it.address.shown,
            role: &it.role,
            inviter_name: &it.inviter_name,
            to,
            link,
        })
    })
    .await
}

/// Both sides are told what holds an acceptance up: the invitee by the answer, the inviter by mail and on the invitation's page
/// (PITFALLS.md 13). Once for each time that something holds it up.
pub async fn hold_up(cx: &Context, it: &Locked, fault: Fault) -> Fault {
    let (inviter, detail) = match &fault {
        Fault::Told(AppError::Refused(Refusal::OfferGone)) => (false, "gone"),
        Fault::Told(AppError::Refused(Refusal::InviterGone)) => (true, "inviter"),
        _ => return fault,
    };
    let told = async {
        let mut tx = cx.begin().await?;
        let at = rights::store::lock(&mut tx, cx.ws()).await?.at;
        let Some(it) = store::lock(&mut tx, cx.ws(), it.id).await? else {
            return Ok(());
        };
        let known = store::list_events(&mut tx, cx.ws(), it.id).await?;
        // What became of the mail about it is no new attempt.
        if known.iter().rev().find(|line| !line.what.is_of_mail()).is_some_and(|last| last.what == What::Held) {
            return Ok(());
        }
        let event = NewEvent { detail, ..NewEvent::of_itself(What::Held) };
        store::insert_events(&mut tx, cx.ws(), &[it.id], &event).await?;
        tell(tx, cx, &it, at, |to, link| {
            Written::new(&mail::template::HeldUp {
                workspace: &cx.workspace,
                inviter,
                email: &it.address.shown,
                role: &it.role,
                inviter_name: &it.inviter_name,
                to,
                link,
            })
        })
        .await
    };
    told.await.err().unwrap_or(fault)
}

/// Writes to those who can do something about an invitation, in the words of `write`, and ends the transaction.
async fn tell(
    mut tx: Change,
    cx: &Context,
    it: &Locked,
    at: i64,
    write: impl Fn(&str, String) -> Result<Written, Fault>,
) -> Result<(), Fault> {
    let link = cx.app.config.address(cx.workspace.host.as_deref(), &paths::invitations_of(&it.address.shown));
    for to in whom_to_tell(&mut tx, cx, it, at).await? {
        // Whatever becomes of the mail, it stands on the invitation's page.
        if cx.app.limits.mail(cx.ws(), it.id, &to.key).is_ok() {
            let letter = write(&to.shown, link.clone())?;
            mail::service::queue(&mut tx, cx, None, &to, &letter).await?;
        }
    }
    cx.announce(&mut tx, Topic::Invitations, None).await?;
    tx.commit().await?;
    cx.app.mail_queued.notify_one();
    Ok(())
}

/// The inviter, while they are active and may invite; else the first of those who may.
async fn whom_to_tell(db: &mut PgConnection, cx: &Context, it: &Locked, at: i64) -> Result<Vec<Address>, Fault> {
    if let Some(held) = cx.held_by(db, it.inviter_id).await?
        && access::decide(&held.snapshot, &held.subject, &may_invite(held.snapshot.facts(), &it.offer, at)).allowed()
        && let Some(inviter) = people::store::find(db, cx.ws(), it.inviter_id).await?
        && let Ok(address) = read_address(&inviter.email)
    {
        return Ok(vec![address]);
    }
    let mut told = Vec::new();
    for person in requests::store::list_deciders(db, cx.ws(), it.inviter_id, MOST_ASKED).await? {
        if told.len() == MOST_TOLD {
            break;
        }
        let Some(held) = cx.held_by(db, person.id).await? else { continue };
        let question = may_invite(held.snapshot.facts(), &it.offer, at);
        if access::decide(&held.snapshot, &held.subject, &question).allowed() {
            told.push(person.address);
        }
    }
    Ok(told)
}
