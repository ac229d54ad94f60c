//! Server functions of invitations.

use leptos::prelude::*;

use super::model::{AskForm, Detail, Invitation, InviteForm, Offered, ReviewForm, SetupForm, SeveralForm};
#[cfg(feature = "ssr")]
use crate::{
    accounts::model::local_path,
    ui::toast::{Deed, Notice, Thing},
};
use crate::{
    error::AppError,
    listing::{Chosen, ListQuery, Page},
    ui::toast::Outcome,
};

/// One page of the list.
#[server(endpoint = "list-invitations")]
pub async fn list_invitations(query: ListQuery) -> Result<Page<Invitation>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::list_invitations(&cx, &query).await)
}

/// Invites an address.
#[server(endpoint = "invite-user")]
pub async fn invite_user(form: InviteForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let back = local_path(&form.back).to_owned();
    let sent = cx.answer(super::service::invite_user(&cx, form).await)?;
    Ok(Outcome::to(back, Notice::InvitationSent { email: sent.email }))
}

/// Sends a new invitation in the place of an older one.
#[server(endpoint = "resend-invitation")]
pub async fn resend_invitation(form: Chosen) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let sent = cx.answer(super::service::resend_invitation(&cx, form.id).await)?;
    Ok(Outcome::to(local_path(&form.back), Notice::InvitationSent { email: sent.email }))
}

/// Takes an invitation from the list.
#[server(endpoint = "delete-invitation")]
pub async fn delete_invitation(form: Chosen) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let email = cx.answer(super::service::delete_invitation(&cx, form.id).await)?;
    Ok(Outcome::to(local_path(&form.back), Notice::InvitationDeleted { email }))
}

/// One invitation.
#[server(endpoint = "find-invitation")]
pub async fn find_invitation(id: uuid::Uuid) -> Result<Detail, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::find_invitation(&cx, id).await)
}

/// Sends several again.
#[server(endpoint = "resend-invitations")]
pub async fn resend_invitations(#[server(default)] form: SeveralForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let done = cx.answer(super::service::resend_invitations(&cx, &form.ids).await)?;
    let notice = Notice::several(Deed::Sent, done.done.len(), done.left);
    Ok(Outcome::to(local_path(&form.back), notice))
}

/// Takes several from the list.
#[server(endpoint = "delete-invitations")]
pub async fn delete_invitations(#[server(default)] form: SeveralForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let done = cx.answer(super::service::delete_invitations(&cx, &form.ids).await)?;
    let notice = Notice::several(Deed::Deleted, done.done.len(), done.left);
    Ok(Outcome::to(local_path(&form.back), notice))
}

/// Accepts or denies a registration that waits.
#[server(endpoint = "review-invitation")]
pub async fn review_invitation(form: ReviewForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let name = cx.answer(super::service::review_invitation(&cx, form.id, form.verdict).await)?;
    let deed = match form.verdict {
        super::model::Verdict::Accept => Deed::Approved,
        super::model::Verdict::Deny => Deed::Denied,
    };
    Ok(Outcome::to(local_path(&form.back), Notice::Done { thing: Thing::Registration, deed, name }))
}

/// What the invitee is shown.
#[server(endpoint = "open-invitation")]
pub async fn open_invitation(token: String) -> Result<Offered, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::open_invitation(&cx, &token).await)
}

/// The invitee completes the registration.
#[server(endpoint = "complete-setup")]
pub async fn complete_setup(form: SetupForm) -> Result<Outcome, AppError> {
    use crate::platform::{context::Context, forms};
    let cx = Context::current()?;
    let notice = match cx.answer(super::service::complete_setup(&cx, form).await)? {
        super::service::Completion::Ready => Notice::AccountReady,
        super::service::Completion::Waiting => Notice::RegistrationWaits,
    };
    Ok(forms::say_on_next_page(&cx, Outcome { reload: true, ..Outcome::to(crate::paths::SIGN_IN, notice) }))
}

/// A person is at the set-up page.
#[server(endpoint = "note-opened")]
pub async fn note_opened(token: String) -> Result<(), AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::note_opened(&cx, &token).await)
}

/// Whoever holds a link that does not work any more asks for a new one.
#[server(endpoint = "ask-for-link")]
pub async fn ask_for_link(form: AskForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::ask_for_link(&cx, &form.token).await)?;
    Ok(Outcome::to(crate::paths::setup(&form.token), Notice::LinkAsked))
}
