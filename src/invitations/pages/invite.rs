//! The drawer that invites: opened from Users with **Send**, from Invitations with **SUBMIT**.

use leptos::prelude::*;

use crate::{
    access::Role,
    error::Problem,
    invitations::api::InviteUser,
    listing::encode,
    paths,
    text::text,
    ui::{
        button::LinkButton,
        drawer::Drawer,
        form::{Hidden, SelectField, ServerForm, Submission, SubmitButton, TextField, form_scope},
        shell::me,
    },
};

/// The drawer.
#[component]
pub fn InviteDrawer(
    /// The list that it belongs to: closing leads there, and so does success.
    back: String,
    /// What the button says, and its name where a seed fixes it.
    submit: &'static str,
    submit_name: &'static str,
) -> impl IntoView {
    let t = text();
    let invite = Submission::<InviteUser>::new();
    let email = RwSignal::new(String::new());
    let gives = me().map(|me| me.gives()).unwrap_or_default();
    let choices = gives.iter().map(|role| (role.slug().to_owned(), (t.role)(*role).to_owned())).collect::<Vec<_>>();
    let hints = gives
        .into_iter()
        .map(|role| view! { <li><b class="medium">{(t.role)(role)}</b>" "<span class="faint">{(t.role_hint)(role)}</span></li> })
        .collect_view();
    let unsaved = Signal::derive(move || {
        let typed = email.with(|email| !email.is_empty());
        (typed && !invite.done()).then(|| text().common.unsaved.to_owned())
    });
    let cancel = back.clone();
    let resend = ViewFn::from(move || view! { <ResendOffer email/> });
    view! {
        <Drawer
            id="invite"
            title=t.users.invite_title
            close_href=back.clone()
            close_label=t.common.close
            unsaved
        >
            <ServerForm submission=invite class="fill">
                <div class="body stack loose">
                    <Hidden name="back" value=back/>
                    <TextField
                        name="email"
                        label=t.common.email
                        inputmode="email"
                        autocomplete="off"
                        placeholder="name@company.test"
                        help=t.users.invite_help
                        typed=email
                        after_error=resend
                        autofocus=true
                    />
                    <SelectField name="role" label=t.common.role choices value=Role::Member.slug()/>
                    <div class="stack tight small"><p class="muted">{t.users.role_help}</p><ul class="stack tight">{hints}</ul></div>
                </div>
                <footer>
                    <span>{t.users.valid_for}</span>
                    <span class="btns push">
                        <LinkButton href=cancel label=t.common.cancel/>
                        <SubmitButton label=submit name=Some(submit_name)/>
                    </span>
                </footer>
            </ServerForm>
        </Drawer>
    }
}

/// An address that is invited already is refused; its row, with Resend on it, is one click away.
#[component]
fn ResendOffer(email: RwSignal<String>) -> impl IntoView {
    let scope = form_scope();
    move || {
        let invited = scope.error.get().and_then(|error| error.problem("email")) == Some(Problem::AlreadyInvited);
        invited.then(|| {
            let href = format!("{}?q={}", paths::INVITATIONS, encode(email.get_untracked().trim()));
            view! { <a href=href>{text().users.resend_offer}</a> }
        })
    }
}
