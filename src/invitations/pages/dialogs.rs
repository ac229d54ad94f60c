//! The dialogs of invitations: what is deleted, what is done with several, and the review of a registration.

use leptos::prelude::*;
use uuid::Uuid;

use super::{list::Shown, offered::OfferedList};
use crate::{
    error::AppError,
    invitations::{
        api::{DeleteInvitation, DeleteInvitations, ResendInvitations, ReviewInvitation, find_invitation},
        model::{Detail, Invitation, Waiting},
    },
    text::{role_name, text},
    ui::{
        button::{ButtonKind, LinkButton},
        dialog::{Dialog, Losses},
        form::{Hidden, ServerForm, Submission, SubmitButton, form_scope, input_name, list_name},
        load::{Loading, resource},
        page::{Banner, BannerKind, KeyValue, Pair},
        when::Exactly,
    },
};

/// What is done with several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Resend,
    Delete,
}

impl Act {
    /// Out of the address.
    pub fn read(word: &str) -> Option<Self> {
        match word {
            "resend" => Some(Self::Resend),
            "delete" => Some(Self::Delete),
            _ => None,
        }
    }

    fn allows(self, invitation: &Invitation) -> bool {
        match self {
            Self::Resend => invitation.may.resend,
            Self::Delete => invitation.may.delete,
        }
    }
}

/// Asks before an invitation of the list goes.
#[component]
pub fn DeleteDialog(id: Uuid, page: Loading<Result<Shown, AppError>>, back: String) -> impl IntoView {
    view! {
        <Suspense>
            {move || {
                let back = back.clone();
                Suspend::new(async move {
                    let (page, _) = page.await.ok()?;
                    let invitation = page.rows.into_iter().find(|row| row.id == id && row.may.delete)?;
                    Some(view! { <DeleteForm invitation stay=back.clone() back/> })
                })
            }}
        </Suspense>
    }
}

/// The dialog itself: names what is lost.
#[component]
pub fn DeleteForm(
    invitation: Invitation,
    /// Where closing it leads.
    stay: String,
    /// Where to go on when it is done.
    back: String,
) -> impl IntoView {
    let t = text();
    let delete = Submission::<DeleteInvitation>::new();
    let losses = vec![
        ("x", t.invitations.loses_link.to_owned()),
        ("x", (t.invitations.loses_offer)(&role_name(&invitation.role))),
    ];
    view! {
        <Dialog id="delete" title=(t.invitations.delete_title)(&invitation.email) close_href=stay.clone()>
            <ServerForm submission=delete class="">
                <div class="body"><p>{t.invitations.delete_body}</p><Losses items=losses/></div>
                <Hidden name="id" value=invitation.id.to_string()/>
                <Hidden name="back" value=back/>
                <footer>
                    <LinkButton href=stay label=t.invitations.keep autofocus=true/>
                    <SubmitButton label=t.invitations.delete_yes kind=ButtonKind::Danger/>
                </footer>
            </ServerForm>
        </Dialog>
    }
}

/// Says with which of those selected it is possible, and does it.
#[component]
pub fn SeveralDialog(
    act: Act,
    chosen: Vec<Uuid>,
    page: Loading<Result<Shown, AppError>>,
    back: String,
) -> impl IntoView {
    view! {
        <Suspense>
            {move || {
                let (back, chosen) = (back.clone(), chosen.clone());
                Suspend::new(async move {
                    let (page, _) = page.await.ok()?;
                    let rows: Vec<Invitation> = page.rows.into_iter().filter(|row| chosen.contains(&row.id)).collect();
                    let (good, left): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| act.allows(row));
                    Some(match (act, good.is_empty()) {
                        (_, true) => view! { <NothingDialog left back/> }.into_any(),
                        (Act::Resend, false) => view! { <ResendSeveral good left back/> }.into_any(),
                        (Act::Delete, false) => view! { <DeleteSeveral good left back/> }.into_any(),
                    })
                })
            }}
        </Suspense>
    }
}

/// Each by its address, those first with which something is done.
fn named(icon: &'static str, good: &[Invitation], left: &[Invitation]) -> Vec<(&'static str, String)> {
    let t = text();
    let stays = left.iter().map(|row| ("info", (t.invited.stays_because)(&row.email, (t.status)(row.status))));
    good.iter().map(|row| (icon, row.email.clone())).chain(stays).collect()
}

#[component]
fn Ids(rows: Vec<Invitation>) -> impl IntoView {
    rows.into_iter()
        .map(|row| view! { <input type="hidden" name=list_name("ids") value=row.id.to_string()/> })
        .collect_view()
}

#[component]
fn ResendSeveral(good: Vec<Invitation>, left: Vec<Invitation>, back: String) -> impl IntoView {
    let t = &text().invited;
    let resend = Submission::<ResendInvitations>::new();
    let (n, items) = (good.len(), named("mail", &good, &left));
    view! {
        <Dialog id="several" title=(t.resend_title)(n) close_href=back.clone()>
            <ServerForm submission=resend class="">
                <div class="body"><p>{t.resend_body}</p><Losses items/></div>
                <Ids rows=good/>
                <Hidden name="back" value=back.clone()/>
                <footer>
                    <LinkButton href=back label=text().common.cancel/>
                    <SubmitSeveral label=(t.resend_yes)(n) class="btn primary"/>
                </footer>
            </ServerForm>
        </Dialog>
    }
}

#[component]
fn DeleteSeveral(good: Vec<Invitation>, left: Vec<Invitation>, back: String) -> impl IntoView {
    let t = &text().invited;
    let delete = Submission::<DeleteInvitations>::new();
    let (n, items) = (good.len(), named("x", &good, &left));
    view! {
        <Dialog id="several" title=(t.delete_title)(n) close_href=back.clone()>
            <ServerForm submission=delete class="">
                <div class="body"><p>{t.delete_body}</p><Losses items/></div>
                <Ids rows=good/>
                <Hidden name="back" value=back.clone()/>
                <footer>
                    <LinkButton href=back label=text().invitations.keep autofocus=true/>
                    <SubmitSeveral label=(t.delete_yes)(n) class="btn danger"/>
                </footer>
            </ServerForm>
        </Dialog>
    }
}

/// The button of a form whose label says how many.
#[component]
fn SubmitSeveral(label: String, class: &'static str) -> impl IntoView {
    let pending = form_scope().pending;
    view! { <button type="submit" class=class aria-busy=move || pending.get().then_some("true")>{label}</button> }
}

#[component]
fn NothingDialog(left: Vec<Invitation>, back: String) -> impl IntoView {
    let t = &text().invited;
    let footer = view! { <LinkButton href=back.clone() label=t.close autofocus=true/> }.into_any();
    view! {
        <Dialog id="several" title=t.none_title close_href=back footer>
            <p>{t.none_body}</p>
            <Losses items=named("info", &[], &left)/>
        </Dialog>
    }
}

/// The review of a registration (seed 004). It does not follow changes: whoever decides second is told.
#[component]
pub fn ReviewDialog(id: Uuid, back: String) -> impl IntoView {
    let detail = resource(move || id, find_invitation);
    view! {
        <Suspense>
            {move || {
                let back = back.clone();
                Suspend::new(async move {
                    let detail = detail.await.ok().filter(|it| it.invitation.may.review());
                    match detail.and_then(|it| Some((it.waiting.clone()?, it))) {
                        Some((waiting, detail)) => view! { <ReviewForm waiting detail back/> }.into_any(),
                        None => view! { <TooLate back/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn TooLate(back: String) -> impl IntoView {
    let t = &text().invited;
    let footer = view! { <LinkButton href=back.clone() label=t.close autofocus=true/> }.into_any();
    view! { <Dialog id="review" title=t.too_late_title close_href=back footer><p>{t.too_late}</p></Dialog> }
}

#[component]
fn ReviewForm(waiting: Waiting, detail: Detail, back: String) -> impl IntoView {
    let t = &text().invited;
    let review = Submission::<ReviewInvitation>::new();
    let Detail { invitation, promise, .. } = detail;
    let (id, may, email, inviter) =
        (invitation.id, invitation.may, invitation.email.clone(), invitation.inviter_name.clone());
    let title = (t.review_title)(&email);
    view! {
        <Dialog id="review" title close_href=back.clone() wide=true>
            <ServerForm submission=review class="">
                <div class="body">
                    <p>{t.review_lead}</p>
                    {(!may.accept).then(|| view! { <Banner kind=BannerKind::Warning>{t.deny_only}</Banner> })}
                    <KeyValue>
                        <Pair label=t.registered><bdi class="medium">{waiting.full_name}</bdi></Pair>
                        <Pair label=text().common.email>{email}</Pair>
                        <Pair label=text().common.mobile>{waiting.mobile.unwrap_or_else(|| t.no_mobile.to_owned())}</Pair>
                        <Pair label=t.registered_at><Exactly at=waiting.at/></Pair>
                        <Pair label=t.invited_by><bdi>{inviter}</bdi></Pair>
                    </KeyValue>
                    <h3>{t.offered}</h3>
                    <OfferedList invitation promise/>
                </div>
                <Hidden name="id" value=id.to_string()/>
                <Hidden name="back" value=back.clone()/>
                <footer>
                    <LinkButton href=back label=text().common.cancel name=t.cancel_name autofocus=true/>
                    {may.deny.then(|| view! { <Verdict verdict="deny" label=t.deny name=t.deny_name class="btn danger-quiet"/> })}
                    {may.accept.then(|| view! { <Verdict verdict="accept" label=t.accept name=t.accept_name class="btn primary"/> })}
                </footer>
            </ServerForm>
        </Dialog>
    }
}

/// A button that sends the form with its own verdict.
#[component]
fn Verdict(verdict: &'static str, label: &'static str, name: &'static str, class: &'static str) -> impl IntoView {
    let pending = form_scope().pending;
    view! {
        <button
            type="submit"
            class=class
            name=input_name("verdict")
            value=verdict
            aria-label=name
            aria-busy=move || pending.get().then_some("true")
        >
            {label}
        </button>
    }
}
