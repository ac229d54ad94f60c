//! Where a link of an invitation leads that does not work: each dead end somewhere helpful, without telling strangers anything.

use leptos::prelude::*;

use crate::{
    accounts::api::SignOut,
    error::{AppError, Refusal},
    invitations::api::AskForLink,
    paths,
    text::text,
    ui::{
        button::ButtonSize,
        form::{Hidden, ServerForm, Submission, SubmitButton},
        load::{ErrorView, set_status},
        page::{Banner, BannerKind},
        shell::me,
    },
};

/// In the place of the set-up page. A link that is expired, replaced, denied, deleted or was never issued has one page for all of these
/// (PITFALLS.md 1 and 10); the others are known to who holds a link that was mailed to them.
#[component]
pub fn DeadEnd(token: String, error: AppError) -> impl IntoView {
    let (d, w) = (&text().door, &text().welcome);
    let (title, body, asks) = match error {
        AppError::Refused(Refusal::DeadLink) => (d.dead_title, w.dead_body, true),
        AppError::Refused(Refusal::LinkUsed) => (w.used_title, w.used_body, false),
        AppError::Refused(Refusal::Waits) => (w.waits_title, w.waits_body, false),
        AppError::Refused(refusal @ (Refusal::InviterGone | Refusal::OfferGone)) => {
            (w.held_title, (text().refusal)(refusal), true)
        }
        error => return view! { <div class="door-card"><div class="body"><ErrorView error/></div></div> }.into_any(),
    };
    set_status(error.status());
    view! {
        <div class="door-card">
            <div class="body stack">
                <h1>{title}</h1>
                <p class="muted" role="alert">{body}</p>
                {asks.then(|| view! { <Ask token=token.clone()/> })}
                <Onwards here=paths::setup(&token) first=!asks/>
            </div>
        </div>
    }
    .into_any()
}

/// Asks for a new link. What comes of it is not told: the answer is the same for every link.
#[component]
fn Ask(token: String) -> impl IntoView {
    let t = &text().welcome;
    let ask = Submission::<AskForLink>::new();
    view! {
        <ServerForm submission=ask class="stack tight">
            <Hidden name="token" value=token/>
            <SubmitButton label=t.ask size=ButtonSize::Full/>
            <p class="help">{t.ask_help}</p>
        </ServerForm>
    }
}

/// To sign-in; for who is signed in, to the dashboard or out (PITFALLS.md 7).
#[component]
fn Onwards(
    here: String,
    /// Whether it is the first thing to do here.
    first: bool,
) -> impl IntoView {
    let (d, w) = (&text().door, &text().welcome);
    let class = if first { "btn primary lg full" } else { "btn lg full" };
    match me() {
        None => view! { <a class=class href=paths::SIGN_IN>{d.to_sign_in}</a> }.into_any(),
        Some(me) => {
            let sign_out = Submission::<SignOut>::new();
            let actions = view! {
                <ServerForm submission=sign_out class="">
                    <Hidden name="back" value=here/><button type="submit" class="btn sm">{text().shell.sign_out}</button></ServerForm>
            };
            view! {
                <Banner kind=BannerKind::Warning actions=actions.into_any()>{(w.signed_in_as)(&me.email)}</Banner>
                <a class=class href=paths::DASHBOARD>{w.to_dashboard}</a>
            }
            .into_any()
        }
    }
}
