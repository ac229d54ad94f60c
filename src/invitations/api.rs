//! Server functions of invitations.

use leptos::prelude::*;

use super::model::{
    ActivateForm, AskForm, Detail, Invitation, InviteChoices, InviteForm, Judged, Offered, ResendForm, ReviewForm,
    SetupForm, SeveralForm,
};
use crate::{
    access::Category,
    customers::model::GroupRef,
    error::AppError,
    listing::{Chosen, ListQuery, Page},
    ui::toast::Outcome,
};
#[cfg(feature = "ssr")]
use crate::{
    accounts::model::local_path,
    ui::toast::{Deed, Notice, Thing},
};

/// One page of the list.
#[server(endpoint = "list-invitations")]
pub async fn list_invitations(query: ListQuery) -> Result<Page<Invitation>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::list_invitations(&cx, &query).await)
}

/// What the invite drawer offers; of organization users for the organization of this slug.
#[server(endpoint = "read-invite-choices")]
pub async fn read_invite_choices(
    kind: Category,
    #[server(default)] organization: String,
) -> Result<InviteChoices, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::read_choices(&cx, kind, &organization).await)
}

/// The groups that hold this in their names.
#[server(endpoint = "search-invite-groups")]
pub async fn search_invite_groups(kind: Category, #[server(default)] part: String) -> Result<Vec<GroupRef>, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::search_groups(&cx, kind, &part))
}

/// The verdict on each address of a form that is not sent yet.
#[server(endpoint = "judge-invitations")]
pub async fn judge_invitations(form: InviteForm) -> Result<Judged, AppError> {
    let cx = crate::platform::context::Context::current()?;
    cx.answer(super::service::judge_form(&cx, &form).await)
}

/// Invites all that can be invited; what is left is told.
#[server(endpoint = "invite")]
pub async fn invite(form: InviteForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    if form.more || !form.drop.is_empty() {
        return Ok(Outcome::again());
    }
    let done = cx.answer(super::service::invite(&cx, &form).await)?;
    match done.notice(form.notify) {
        Some(notice) if done.left.left.is_empty() => Ok(Outcome::to(local_path(&form.back), notice)),
        _ => Err(AppError::Partly(Box::new(done.left))),
    }
}

/// Sends the open invitation of an address again.
#[server(endpoint = "resend-to")]
pub async fn resend_to(form: ResendForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let sent = cx.answer(super::service::resend_to(&cx, &form.email).await)?;
    Ok(Outcome { notice: Some(Notice::InvitationSent { email: sent.email }), ..Outcome::again() })
}

/// Sends the activation mail of an account that waits for its person (seed 001: Resend Activation Email).
#[server(endpoint = "activate-user")]
pub async fn activate_user(form: ActivateForm) -> Result<Outcome, AppError> {
    let cx = crate::platform::context::Context::current()?;
    let sent = cx.answer(super::service::activate(&cx, form.id).await)?;
    Ok(Outcome::to(local_path(&form.back), Notice::InvitationSent { email: sent.email }))
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
