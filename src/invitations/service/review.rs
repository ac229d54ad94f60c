//! The review of a registration that waits: ACCEPT or DENY (seed 004). CANCEL asks nothing of the server.

use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    accept::admit,
    issue::{ask_about, ask_to_give, begin},
};
use crate::{
    access::Action,
    audit,
    error::{AppError, Refusal},
    invitations::{
        model::{Event, Verdict, What},
        store::{self, Locked, NewEvent, Registered},
    },
    mail,
    platform::{
        context::{Actor, Context},
        fault::Fault,
    },
    settings,
    text::Language,
    ui::live::Topic,
};

/// Accepts or denies a registration that waits; the invitee gets mail either way. Whoever accepts holds all that is given: it is theirs
/// to give now, whoever invited.
///
/// # Errors
/// `NotFound`; `Refused`: `NotNow` from any other status, `AboveYou`, `OfferGone`, `AccountExists`.
pub async fn review_invitation(cx: &Context, id: Uuid, verdict: Verdict) -> Result<String, Fault> {
    let (mut tx, actor) = begin(cx, Action::Create).await?;
    let it = store::lock(&mut tx, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    ask_about(cx, &actor, Action::Create, &it.offer)?;
    let event = match verdict {
        Verdict::Accept => Event::Accept,
        Verdict::Deny => Event::Deny,
    };
    if it.status.after(event).is_none() {
        return Err(Refusal::NotNow.into());
    }
    let registered = it.registered.clone().ok_or(Refusal::NotNow)?;
    match verdict {
        Verdict::Accept => {
            ask_to_give(&actor, &it.offer)?;
            admit(&mut tx, cx, &it, &registered).await?;
            close(&mut tx, cx, &actor, &it, &registered, true).await?;
        }
        Verdict::Deny => {
            if !actor.stands_above(&it.offer.facts()) {
                return Err(Refusal::AboveYou.into());
            }
            deny(&mut tx, cx, &actor, &it, &registered).await?;
        }
    }
    tx.commit().await?;
    cx.app.mail_queued.notify_one();
    Ok(it.address.shown)
}

/// Denies a registration that waits, and forgets it; the invitee gets mail. The caller has asked for every right, and wakes the senders
/// when it has committed.
///
/// # Errors
/// The constraint `invitations_states`; otherwise when the database fails.
pub async fn deny(
    db: &mut PgConnection,
    cx: &Context,
    actor: &Actor,
    it: &Locked,
    registered: &Registered,
) -> Result<(), Fault> {
    store::update_rejected(db, cx.ws(), it.id).await?;
    close(db, cx, actor, it, registered, false).await
}

/// What is written down and told of either verdict.
async fn close(
    db: &mut PgConnection,
    cx: &Context,
    actor: &Actor,
    it: &Locked,
    registered: &Registered,
    accepted: bool,
) -> Result<(), Fault> {
    let (what, action) =
        if accepted { (What::Accepted, "invitation.accept") } else { (What::Denied, "invitation.deny") };
    let event = NewEvent { what, by: actor.user_id, by_name: &actor.full_name, detail: "" };
    store::insert_events(db, cx.ws(), &[it.id], &event).await?;
    let entry = audit::Entry { action, kind: "invitation", id: it.id, label: &it.address.shown };
    let before = serde_json::json!({ "status": it.status, "full_name": registered.full_name });
    audit::record(db, cx, entry, Some(&before), None::<&()>).await?;
    let words = settings::store::find_words(db, cx.ws()).await?;
    let letter = mail::template::Reviewed {
        workspace: &cx.workspace,
        words: &words,
        language: it.language.parse::<Language>().unwrap_or_default(),
        email: &it.address.shown,
        full_name: &registered.full_name,
        accepted,
        link: cx.app.config.address(cx.workspace.host.as_deref(), crate::paths::SIGN_IN),
    };
    mail::service::queue(db, cx, None, &it.address, &letter).await?;
    cx.announce(db, Topic::Invitations, None).await
}
