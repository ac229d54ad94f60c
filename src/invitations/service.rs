//! Use cases of invitations.

mod accept;
mod invite;
mod issue;
mod review;

pub use accept::{Completion, complete_setup, open_invitation};
pub use invite::{Ask, Said, invite_all, invite_user};
pub use issue::{Sent, Wanted, issue, plan_invites};
use issue::{ask_about, ask_to_give, begin, release};
pub use review::{Verdict, review_invitation};
use uuid::Uuid;

use super::{
    model::{Event, Invitation},
    store::{self, Terms},
};
use crate::{
    access::{Action, Feature},
    audit,
    error::{AppError, Refusal},
    listing::{ListQuery, Page},
    mail,
    platform::{context::Context, fault::Fault},
    ui::live::Topic,
};

/// One page of the list.
///
/// # Errors
/// `Unauthorized` or `Denied`.
pub async fn list_invitations(cx: &Context, query: &ListQuery) -> Result<Page<Invitation>, Fault> {
    let actor = cx.authorize(Action::View, Feature::Team)?;
    let mut db = cx.app.pool.acquire().await?;
    let page = store::list(&mut db, cx.ws(), &query.clone().cleaned()).await?;
    Ok(page.map(|invitation| Invitation {
        yours: actor.gives_role(invitation.category, invitation.role.id),
        ..invitation
    }))
}

/// Sends a new invitation in the place of one that is pending, expired or rejected: the old link dies. One that nobody was told of
/// yet is sent as it is, with a link that works from now on.
///
/// # Errors
/// `NotFound`; `Refused(NotNow)` from any other status; `Refused(AboveYou)`; `Refused(OfferGone)`; `RateLimited`. `Refused`: the
/// plan has no invitations, or no seat left for one that had expired.
pub async fn resend_invitation(cx: &Context, id: Uuid) -> Result<Sent, Fault> {
    let (mut tx, actor) = begin(cx, Action::Create).await?;
    plan_invites(&mut tx, cx).await?;
    let earlier = store::lock(&mut tx, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    ask_about(cx, &actor, Action::Create, &earlier.offer)?;
    if earlier.status.after(Event::Resend).is_none() {
        return Err(Refusal::NotNow.into());
    }
    ask_to_give(&actor, &earlier.offer)?;
    cx.app.limits.mail(cx.ws(), actor.user_id.unwrap_or_default(), &earlier.address.key)?;
    let sent = if earlier.notified {
        let message = earlier.message.clone();
        let terms = Terms {
            inviter_id: actor.user_id.unwrap_or_default(),
            inviter_name: &actor.full_name,
            message: &message,
            language: &earlier.language.clone(),
            notify: true,
            valid_until: None,
        };
        let wanted = Wanted {
            address: earlier.address.clone(),
            full_name: earlier.full_name.clone(),
            offer: earlier.offer.clone(),
            role: earlier.role.clone(),
            user_id: earlier.user_id,
            link_id: earlier.link_id,
            earlier: Some((earlier.id, earlier.status)),
        };
        issue(&mut tx, cx, &actor, &terms, vec![wanted]).await?.pop().ok_or(AppError::NotFound)?
    } else {
        release(&mut tx, cx, &actor, earlier).await?
    };
    tx.commit().await?;
    cx.app.mail_queued.notify_one();
    Ok(sent)
}

/// Takes a pending or expired invitation from the list. Its link answers like an unknown one.
///
/// # Errors
/// `NotFound`; `Refused(NotNow)` from any other status.
pub async fn delete_invitation(cx: &Context, id: Uuid) -> Result<String, Fault> {
    let (mut tx, actor) = begin(cx, Action::Delete).await?;
    let gone = store::lock(&mut tx, cx.ws(), id).await?.ok_or(AppError::NotFound)?;
    ask_about(cx, &actor, Action::Delete, &gone.offer)?;
    if gone.status.after(Event::Delete).is_none() {
        return Err(Refusal::NotNow.into());
    }
    if !actor.stands_above(&gone.offer.facts()) {
        return Err(Refusal::AboveYou.into());
    }
    store::delete(&mut tx, cx.ws(), id).await?;
    mail::store::withdraw(&mut tx, cx.ws(), &[id]).await?;
    let entry = audit::Entry { action: "invitation.delete", kind: "invitation", id, label: &gone.address.shown };
    let before = serde_json::json!({ "role": gone.role, "status": gone.status, "inviter": gone.inviter_name });
    audit::record(&mut tx, cx, entry, Some(&before), None::<&()>).await?;
    cx.announce(&mut tx, Topic::Invitations, None).await?;
    tx.commit().await?;
    Ok(gone.address.shown)
}
