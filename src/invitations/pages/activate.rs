//! Accounts that wait for their person: Notify User where they are made, and Resend Activation Email in their row (seed 001).

use leptos::prelude::*;
use uuid::Uuid;

use crate::{
    invitations::api::ActivateUser,
    text::text,
    ui::{
        choices::CheckField,
        form::{Hidden, ServerForm, Submission},
        icon::Icon,
        menu::Menu,
        page::Banner,
        shell::plan,
    },
};

/// Notify User, in the form that makes an account; where the plan has no invitations, what becomes of the account instead.
#[component]
pub fn NotifyField() -> impl IntoView {
    let t = &text().drawer;
    if plan().invites() {
        view! { <CheckField name="notify" label=t.notify help=t.notify_account checked=true/> }.into_any()
    } else {
        view! { <Banner title=t.pending>{t.pending_body}</Banner> }.into_any()
    }
}

/// The Actions menu of an account that waits for its person.
#[component]
pub fn ActivationMenu(
    id: Uuid,
    /// Whose it is.
    name: String,
    /// The page to go on at.
    back: String,
) -> impl IntoView {
    let t = &text().drawer;
    let activate = Submission::<ActivateUser>::new();
    let button = view! { <Icon name="more"/> }.into_any();
    plan().invites().then(|| {
        view! {
            <Menu id=format!("acts-{id}") label=(t.actions_of)(&name) button button_class="btn ghost icon sm">
                <ServerForm submission=activate class="">
                    <Hidden name="id" value=id.to_string()/>
                    <Hidden name="back" value=back/>
                    <button type="submit"><Icon name="mail"/>{t.resend_activation}</button>
                </ServerForm>
            </Menu>
        }
    })
}
