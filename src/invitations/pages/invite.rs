//! The drawer that invites: opened from Users with **Send**, from Invitations with **SUBMIT**.

use leptos::prelude::*;

use crate::{
    access::{BuiltIn, Category},
    billing::pages::no_invitations::NoInvitations,
    error::Problem,
    invitations::api::InviteUser,
    listing::encode,
    paths,
    roles::{api::list_role_choices, model::RoleChoice},
    text::{role_name, text},
    ui::{
        button::LinkButton,
        drawer::Drawer,
        form::{Hidden, SelectField, ServerForm, Submission, SubmitButton, TextField, form_scope},
        load::{Load, resource},
        shell::plan,
    },
};

/// The drawer; where the plan has no invitations, it says so. The plan may change while it is open.
#[component]
pub fn InviteDrawer(
    /// The list that it belongs to: closing leads there, and so does success.
    back: String,
    /// What the button says, and its name where a seed fixes it.
    submit: &'static str,
    submit_name: &'static str,
) -> impl IntoView {
    let invites = Memo::new(|_| plan().invites());
    move || {
        let back = back.clone();
        match invites.get() {
            true => view! { <Offer back submit submit_name/> }.into_any(),
            false => view! { <Withheld back/> }.into_any(),
        }
    }
}

#[component]
fn Withheld(back: String) -> impl IntoView {
    let t = text();
    let close = view! { <span class="btns push"><LinkButton href=back.clone() label=t.common.close/></span> };
    view! {
        <Drawer
            id="invite"
            title=t.users.invite_title
            close_href=back
            close_label=t.common.close
            footer=close.into_any()
        >
            <NoInvitations/>
        </Drawer>
    }
}

#[component]
fn Offer(back: String, submit: &'static str, submit_name: &'static str) -> impl IntoView {
    let t = text();
    let invite = Submission::<InviteUser>::new();
    let email = RwSignal::new(String::new());
    let choices = resource(|| (), |()| list_role_choices(Category::Teammate));
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
                    <Load from=choices show=role_field/>
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

/// The roles that may be given, and what each is for. Member is preselected (DESIGN.md section 1).
fn role_field(choices: Vec<RoleChoice>) -> impl IntoView {
    let t = text();
    let options = choices.iter().map(|it| (it.role.key(), role_name(&it.role))).collect::<Vec<_>>();
    let hints = choices
        .iter()
        .map(|it| {
            let hint = match it.role.built_in() {
                Some(role) => (t.access.role_hint)(role).to_owned(),
                None => (t.access.permits)(it.permits.0, it.permits.1),
            };
            view! { <li><b class="medium">{role_name(&it.role)}</b>" "<span class="faint">{hint}</span></li> }
        })
        .collect_view();
    view! {
        <SelectField name="role" label=t.common.role choices=options value=BuiltIn::Member.slug()/>
        <div class="stack tight small"><p class="muted">{t.users.role_help}</p><ul class="stack tight">{hints}</ul></div>
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
