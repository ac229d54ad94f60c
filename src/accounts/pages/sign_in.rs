//! Sign-in: LOGIN and CREATE AN ACCOUNT are tabs of one screen (seed 004).

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    accounts::api::SignIn,
    paths,
    text::text,
    ui::{
        button::ButtonSize,
        door::Door,
        form::{Hidden, ServerForm, Submission, SubmitButton, TextField},
        list::parameter,
        password::PasswordField,
        shell::workspace_name,
    },
};

/// The two tabs, as links: the address says which one is open.
#[component]
pub fn DoorTabs(
    /// Whether CREATE AN ACCOUNT is the open one.
    create: bool,
) -> impl IntoView {
    let t = &text().door;
    let current = |here: bool| here.then_some("page");
    view! {
        <nav class="tabs" aria-label=t.ways_in>
            <a href=paths::SIGN_IN aria-current=current(!create)>{t.login}</a>
            <a href=paths::CREATE_ACCOUNT aria-current=current(create)>{t.create_account}</a>
        </nav>
    }
}

/// The line at the foot of the front door.
#[component]
pub fn DoorFooter() -> impl IntoView {
    view! { <span>{move || (text().door.portal_of)(&workspace_name())}</span> }
}

/// The page.
#[component]
pub fn SignInPage() -> impl IntoView {
    let tab = parameter("tab");
    view! {
        <Title text=text().door.sign_in/>
        <Door brand=workspace_name() footer=view! { <DoorFooter/> }.into_any()>
            {move || if tab.get() == "create" {
                view! { <ByInvitation/> }.into_any()
            } else {
                view! { <Login/> }.into_any()
            }}
        </Door>
    }
}

#[component]
fn Login() -> impl IntoView {
    let t = text();
    let next = parameter("next");
    let sign_in = Submission::<SignIn>::new();
    view! {
        <div class="door-card">
            <h1 class="sr">{(t.door.sign_in_to)(&workspace_name())}</h1>
            <DoorTabs create=false/>
            <div class="body">
                <ServerForm submission=sign_in>
                    <TextField name="email" label=t.common.email kind="email" autocomplete="username" large=true/>
                    <PasswordField name="password" label=t.door.password autocomplete="current-password"/>
                    <Hidden name="next" value=next.get_untracked()/>
                    <SubmitButton label=text().door.sign_in size=ButtonSize::Full/>
                </ServerForm>
            </div>
        </div>
    }
}

/// CREATE AN ACCOUNT for who was not invited: says how to get an invitation.
#[component]
fn ByInvitation() -> impl IntoView {
    let t = &text().door;
    view! {
        <div class="door-card">
            <DoorTabs create=true/>
            <div class="body stack">
                <h1>{t.by_invitation}</h1>
                <p class="muted">{(t.by_invitation_body)(&workspace_name())}</p>
                <p class="muted">{t.invited_body}</p>
                <a class="btn lg full" href=paths::SIGN_IN>{t.to_sign_in}</a>
            </div>
        </div>
    }
}
